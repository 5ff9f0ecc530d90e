/** A source takes back what it said: its word counts for nothing, and whoever was told of what does not hold hears so. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Item } from '../../src/core/model/item.ts';
import type { Report, Statement } from '../../src/core/model/report.ts';
import { bundledExtractor } from '../fakes/bundled.ts';
import { DAY, HOUR, MINUTE } from './harness.ts';
import { type LiarsTown, liarsTown } from './liars/feeds.ts';
import { Town } from './town.ts';

let at: LiarsTown;
afterEach(() => at.town.store.close());

const HOW = { firstPoll: false, pushed: true };
async function state(source: string, id: string, over: Partial<Statement> = {}): Promise<void> {
  const one: Statement = {
    id,
    revision: null,
    at: at.town.clock.now(),
    country: 'RU',
    service: 'whatsapp',
    action: 'block',
    method: null,
    region: null,
    title: `${source} says ${id}`,
    url: null,
    summary: '',
    kind: 'outlet',
    publisher: source,
    publisherName: source,
    lang: 'en',
    ...over,
  };
  await at.town.pipeline.statements(source, [one], HOW);
  await at.town.pass(2 * MINUTE);
}
async function takeBack(source: string, ...ids: string[]): Promise<void> {
  const statements = ids.map((id) => ({ id, revision: null }));
  await at.town.pipeline.withdrawals(source, [{ statements, because: 'it was a mistake' }]);
  await at.town.pass(2 * MINUTE);
}
const voices = async (): Promise<string[]> => {
  const [incident] = await at.town.incidents();
  return (await at.town.store.reports.byIncident(incident!.id, 99)).map((one: Report) => one.voice).sort();
};
const wrong = 'We were wrong: WhatsApp in Russia was not blocked.';

describe('a source takes back its word', () => {
  test('the only one: withdrawn, and whoever was told is told', async () => {
    at = await liarsTown();
    await state('a', '1');
    await takeBack('a', '1');
    expect(await at.only()).toBe('block reported withdrawn');
    expect(at.heard('early').at(-1)).toContain(wrong);
    expect(at.heard('corroborated')).toEqual([]);
  });

  test('one of two: one outlet’s word is left; the default level is told that it was wrong, level early sees one outlet', async () => {
    at = await liarsTown();
    await state('a', '1');
    await state('b', '1');
    expect(at.heard('corroborated')).toEqual(['🔴 Russia: WhatsApp blocked']);
    await takeBack('a', '1');
    expect(await at.only()).toBe('block reported active');
    expect(await voices()).toEqual(['b']);
    expect(at.heard('corroborated').slice(1)).toEqual([`⚪ ${wrong}`, expect.stringContaining(`⚪ ${wrong}`)]);
    expect(at.heard('early').some((one) => one.includes(wrong))).toBe(false);
    expect(at.newest('early')).toContain('1 outlet');
  });

  test('one of two, and later a third says it: told again where it was corrected', async () => {
    at = await liarsTown();
    await state('a', '1');
    await state('b', '1');
    await takeBack('a', '1');
    await state('c', '1');
    expect(await at.only()).toBe('block corroborated active');
    expect(at.newest('corroborated')).toContain('🔴 Russia: WhatsApp blocked');
  });

  test('one of three: two are left, and carry it; nobody’s phone rings', async () => {
    at = await liarsTown();
    for (const source of ['a', 'b', 'c']) await state(source, '1');
    const rung = at.heard('corroborated').length;
    await takeBack('a', '1');
    expect(await at.only()).toBe('block corroborated active');
    expect(
      at
        .heard('corroborated')
        .slice(rung)
        .every((one) => one.startsWith('🔴 Russia: WhatsApp blocked')),
    ).toBe(true);
    expect(at.newest('corroborated')).toContain('2 outlets');
  });

  test('who said "blocked" takes it back, others said "slowed": slowed is what is left', async () => {
    at = await liarsTown();
    await state('a', '1', { action: 'block' });
    await state('b', '1', { action: 'throttle' });
    await state('c', '1', { action: 'throttle' });
    await state('d', '1', { action: 'block' });
    await takeBack('a', '1');
    await takeBack('d', '1');
    expect(await at.only()).toBe('throttle corroborated active');
    expect(at.newest('corroborated')).toContain('🟠');
  });

  test('one of its statements, of several: the others still count', async () => {
    at = await liarsTown();
    await state('a', '1');
    await state('a', '2');
    await takeBack('a', '1');
    expect(await at.only()).toBe('block reported active');
  });

  test('one of two who said that it is over: it is not over, and those who heard so hear that', async () => {
    at = await liarsTown();
    await state('a', '1');
    await state('b', '1');
    await at.town.pass(DAY);
    await state('a', '2', { action: 'unblock' });
    await state('b', '2', { action: 'unblock' });
    expect(await at.only()).toBe('block corroborated lifted');
    await takeBack('b', '2');
    expect(await at.only()).toBe('block corroborated easing');
    expect(at.newest('corroborated')).toContain('🔴 Russia: WhatsApp blocked');
    await state('c', '2', { action: 'unblock' });
    expect(await at.only()).toBe('block corroborated lifted');
  });

  test('a shutdown is taken back by one of two: the app that it spoke for is told', async () => {
    at = await liarsTown();
    const off = { service: 'internet', action: 'shutdown' } as const;
    await state('a', 'off', off);
    await state('b', 'off', off);
    await state('a', 'app');
    await state('b', 'app');
    expect(at.heard('corroborated')).toEqual(['⚫ Russia: internet off']);
    await takeBack('a', 'off');
    expect(at.heard('corroborated').at(-1)).toBe('🔴 Russia: WhatsApp blocked');
    expect(at.heard('corroborated').join('\n')).toContain('We were wrong: the internet in Russia was not shut down.');
  });

  test('a liar takes back what others said: nothing happens', async () => {
    at = await liarsTown();
    await state('a', '1');
    await state('b', '1');
    for (const source of ['liar', 'c']) await takeBack(source, '1');
    await state('liar', '9');
    await takeBack('liar', '1', '9');
    expect(await at.only()).toBe('block corroborated active');
    expect(await voices()).toEqual(['a', 'b']);
    expect(at.heard('corroborated').some((one) => one.includes('We were wrong'))).toBe(false);
  });

  test('the same taken back twice, and stated anew with another id', async () => {
    at = await liarsTown();
    await state('a', '1');
    await state('b', '1');
    await takeBack('a', '1');
    await takeBack('a', '1');
    await at.town.pass(HOUR);
    await state('a', '2');
    expect(await at.only()).toBe('block corroborated active');
  });
});

describe('an outlet writes that it was wrong', () => {
  let town: Town;
  let n = 0;
  const filler = (i: number): Partial<Item> => ({
    title: `Weather of the week, part ${i}`,
    guid: `w${i}`,
    url: `https://w.example/${i}`,
  });
  const item = (source: string, over: Partial<Item>): Item => ({
    sourceId: source,
    guid: null,
    url: `https://${source}.example/${n++}`,
    title: '',
    summary: '',
    lang: 'en',
    publishedAt: town.clock.now(),
    dated: true,
    publisher: source,
    publisherName: source,
    authority: false,
    ...over,
  });
  async function poll(source: string, ...items: Partial<Item>[]): Promise<void> {
    await town.pipeline.items(
      source,
      items.map((one) => item(source, one)),
      false,
    );
    await town.pass(2 * MINUTE);
  }
  const blocked = { title: 'Russia blocks WhatsApp', url: 'https://a.example/story', guid: 'story' };
  async function twoWrote(): Promise<void> {
    town = await Town.create({}, { extractor: bundledExtractor() });
    await town.chat('ann', ['RU']);
    await poll('a', blocked, ...[1, 2, 3].map(filler));
    await poll('b', { title: 'WhatsApp has been blocked in Russia, users say it stopped working this morning' });
    expect(town.heard('ann')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
    at = { town } as LiarsTown;
  }
  const confidence = async (): Promise<string> =>
    (await town.incidents()).map((one) => `${one.action} ${one.confidence} ${one.state}`).join('; ');

  test.each<[string, Partial<Item>]>([
    ['at the same address', { ...blocked, title: 'Correction: WhatsApp has not been blocked in Russia' }],
    [
      'at the same address, in its lead',
      {
        ...blocked,
        title: 'WhatsApp works in Russia',
        summary: 'Correction: an earlier version of this story said otherwise.',
      },
    ],
    ['in an item of its own', { title: 'Correction: WhatsApp was not blocked in Russia' }],
    ['in an item of its own, with what it wrote', { title: 'We wrongly reported that Russia blocked WhatsApp' }],
    ['in Russian', { lang: 'ru', title: 'Исправление: WhatsApp в России не заблокирован' }],
    ['in Russian, with what it wrote', { lang: 'ru', title: 'Мы ошибочно сообщили о блокировке WhatsApp в России' }],
  ])('%s: its voice is gone, and those who were told are told', async (_, corrected) => {
    await twoWrote();
    await poll('a', corrected, ...[1, 2, 3].map(filler));
    expect(await confidence()).toBe('block reported active');
    expect(town.heard('ann').at(-1)).toContain('⚪ We were wrong: WhatsApp in Russia was not blocked.');
    await poll('a', corrected, ...[1, 2, 3].map(filler));
    expect(town.heard('ann')).toEqual([]);
  });

  test.each<[string, string, Partial<Item>]>([
    ['of another outlet', 'c', { title: 'Correction: WhatsApp was not blocked in Russia' }],
    [
      'of another outlet, that names this one',
      'liar',
      { title: 'Retraction: WhatsApp was not blocked in Russia', publisher: 'a' },
    ],
    ['of another outlet, with the address of this one', 'liar', { ...blocked, title: 'Retraction', publisher: 'a' }],
    ['about something else', 'a', { title: 'Correction: Signal was not blocked in Iran' }],
    [
      'of a detail: it still reports it',
      'a',
      { ...blocked, title: 'Corrected: Russia blocks WhatsApp, from Tuesday on' },
    ],
    ['that is none: others deny it', 'a', { title: 'WhatsApp is not blocked in Russia, regulator says' }],
  ])('a correction %s: nothing changes', async (_, source, corrected) => {
    await twoWrote();
    await poll(source, corrected);
    expect(await confidence()).toContain('block corroborated active');
    expect(town.heard('ann').some((one) => one.includes('We were wrong'))).toBe(false);
  });

  test('both outlets write so: nothing is left, withdrawn', async () => {
    await twoWrote();
    await poll('a', { title: 'Retraction: Russia has not blocked WhatsApp' });
    await poll('b', { title: 'Correction: WhatsApp is not blocked in Russia, as we reported' });
    expect(await confidence()).toBe('block reported withdrawn');
  });
});
