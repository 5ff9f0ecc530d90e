/** One region, said in the words of several languages and by an observatory: one place of one incident, shown in the chat's language. */
import { describe, expect, test } from 'vitest';
import type { Measurement } from '../../src/core/model/measurement.ts';
import { measurementOf } from '../../src/sources/ioda/index.ts';
import { DAY, MINUTE } from './harness.ts';
import { Town } from './town.ts';

const seenByIoda = (name: string, now: number): Measurement =>
  measurementOf(
    'ioda',
    'IR',
    { place: 'region/1906', name, says: 'cut', since: now - 20 * MINUTE, signals: ['bgp', 'ping-slash24'] },
    now,
  );

describe('a region by its id', () => {
  test.each([
    ['en', '⚫ Khuzestan, Iran: internet off\n', '⚫ Khuzestan, Kurdistan (Iran): internet off\n'],
    ['ru', '⚫ Хузестан, Иран: отключён интернет\n', '⚫ Хузестан, Курдистан (Иран): отключён интернет\n'],
  ])('%s: three outlets in three languages and IODA: one incident, one region', async (lang, one, two) => {
    const town = await Town.create({}, { lang });
    await town.chat('ann', ['IR']);
    await town.say('a', 'shutdown IR internet @Khuzestan');
    await town.say('b', 'shutdown IR internet @Хузестане');
    await town.say('c', 'shutdown IR internet @استان\u00a0خوزستان');
    await town.pass(MINUTE);
    await town.pipeline.measurements([seenByIoda('Khuzestan', town.clock.now())]);
    await town.drain();
    const stories = await town.incidents();
    expect(stories.map(({ regions, confidence }) => [regions, confidence])).toEqual([[['IR-10'], 'confirmed']]);
    expect(town.texts('ann').at(-1)).toContain(one);
    await town.say('d', 'shutdown IR internet @Kurdistan\u00a0Province');
    expect(town.texts('ann').at(-1)).toContain(one);
    await town.say('e', 'shutdown IR internet @Kurdistan');
    expect(town.texts('ann').at(-1)).toContain(two);
    await town.store.close();
  });

  test('told by texts and by IODA to be back, in other words than it was told to be off: lifted', async () => {
    const town = await Town.create();
    await town.say('a', 'shutdown RU internet @Москве');
    await town.say('b', 'shutdown RU internet @Moscow');
    expect((await town.incidents())[0]!.regions).toEqual(['RU-MOW']);
    await town.pass(DAY);
    await town.say('a', 'unblock RU internet @Moscow');
    await town.say('b', 'unblock RU internet @Москва');
    expect((await town.incidents())[0]!.state).toBe('lifted');
    await town.store.close();
  });

  test('the city is back and the region around it was off: not lifted', async () => {
    const town = await Town.create();
    for (const voice of ['a', 'b']) await town.say(voice, 'shutdown RU internet @Подмосковье');
    await town.say('c', 'shutdown RU internet @Moscow');
    await town.pass(DAY);
    for (const voice of ['a', 'b']) await town.say(voice, 'unblock RU internet @Москве');
    const [incident] = await town.incidents();
    expect([incident!.state, incident!.regions]).toEqual(['active', ['RU-MOS']]);
    await town.store.close();
  });

  test('stored by an older version in the words of the texts: joined, and kept by its id from then on', async () => {
    const town = await Town.create();
    await town.say('a', 'shutdown RU internet @Dagestan');
    const [old] = await town.incidents();
    await town.store.transaction((tables) =>
      tables.incidents.update({
        ...old!,
        regions: ['Дагестане', 'Махачкале', 'Тьмутаракани'],
        version: old!.version + 1,
      }),
    );
    await town.say('b', 'shutdown RU internet @Dagestan');
    const [after] = await town.incidents();
    // Of the other one there is no report.
    expect(after!.regions).toEqual(['RU-DA']);
    await town.store.close();
  });
});
