import { expect, test } from 'vitest';
import { globalpingEntry } from '../contract/source-globalping.ts';
import { openWorld } from '../contract/source-world.ts';
import { FAILED, FINE_DNS, FINE_HTTP, type Finds, fine, globalping } from '../unit/globalping/server.ts';
import { Town } from './town.ts';

const HOUR = 3_600_000;
const blocked: Finds = ({ type, country }) => (type === 'dns' ? FINE_DNS : country === 'RU' ? FAILED : FINE_HTTP);

/** A town, and probes in Russia that look when an incident turns, on the town's time. */
async function watched(finds: Finds) {
  const town = await Town.create();
  await town.chat('c', ['ru']);
  const world = await openWorld(globalpingEntry);
  world.clock.jump(town.clock.now() - world.clock.now());
  let now = globalping(finds);
  world.answer(now.listener);
  return {
    town,
    turn(to: Finds) {
      now = globalping(to);
      world.answer(now.listener);
    },
    async look() {
      world.source.nudge!(['whatsapp'], 'RU');
      const result = await world.poll();
      await town.pass(Math.max(0, world.clock.now() - town.clock.now()));
      await town.pipeline.measurements(result.measurements);
      await result.commit?.();
      await town.drain();
    },
    async pass(ms: number) {
      await world.clock.pass(ms);
      await town.pass(ms);
    },
  };
}

test('one outlet, and probes in the country that see it: confirmed, with Globalping, its networks and a link', async () => {
  const { town, look, pass } = await watched(blocked);
  await town.say('outlet', 'block RU whatsapp');
  expect(town.heard('c')).toEqual([]);
  await look();
  await pass(120_000);
  expect(await town.incidents()).toMatchObject([{ confidence: 'confirmed', action: 'block' }]);
  const text = town.texts('c').at(-1)!;
  expect(text).toContain('Globalping');
  expect(text).toContain('https://globalping.io/?measurement=');
});

test('the probes alone, of something that nobody speaks of: nothing, since it may have been so for years', async () => {
  const { town, look, pass } = await watched(blocked);
  await look();
  await pass(120_000);
  expect(town.heard('c')).toEqual([]);
});

test('they find it well although one outlet says blocked: one outlet it stays', async () => {
  const { town, look, pass } = await watched(fine);
  await town.say('outlet', 'block RU whatsapp');
  await look();
  await pass(120_000);
  expect(await town.incidents()).toMatchObject([{ confidence: 'reported' }]);
});

test('it answers again, and an hour later still: a lift that is measured, looked for without being asked', async () => {
  const { town, look, pass, turn } = await watched(fine);
  await look();
  turn(blocked);
  await pass(HOUR);
  await town.say('outlet', 'block RU whatsapp');
  await look();
  await pass(HOUR);
  expect(await town.incidents()).toMatchObject([{ confidence: 'confirmed', state: 'active' }]);
  turn(fine);
  await look();
  expect(await town.incidents()).toMatchObject([{ state: 'active' }]);
  await pass(66 * 60_000);
  await look();
  expect((await town.incidents())[0]!.state).not.toBe('active');
});
