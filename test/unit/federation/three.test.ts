/** Three Tocsins: in a row, in a ring, and each reading both others. What outlets said stays as many voices as there are outlets, however long they listen. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { type Node, tocsin } from './world.ts';

type Name = 'a' | 'b' | 'c';
/** Who reads whom. */
const SHAPES: Record<string, [reader: Name, told: Name][]> = {
  'in a row': [
    ['b', 'a'],
    ['c', 'b'],
  ],
  'in a ring': [
    ['b', 'a'],
    ['c', 'b'],
    ['a', 'c'],
  ],
  'each reading both others': [
    ['a', 'b'],
    ['a', 'c'],
    ['b', 'a'],
    ['b', 'c'],
    ['c', 'a'],
    ['c', 'b'],
  ],
};
const CASES = Object.keys(SHAPES).flatMap((shape) => [false, true].map((trusted) => [shape, trusted] as const));
const NAMES: readonly Name[] = ['a', 'b', 'c'];

let clock: FakeClock;
let nodes: Record<Name, Node>;
beforeEach(async () => {
  clock = new FakeClock();
  const [a, b, c] = await Promise.all(NAMES.map((name) => tocsin(name, clock)));
  nodes = { a: a!, b: b!, c: c! };
});
afterEach(async () => {
  await Promise.all(NAMES.map((name) => nodes[name].close()));
});

/** Everybody polls everybody they read, in another order each round. */
async function listen(shape: string, trusted: boolean, rounds = 4): Promise<void> {
  const pairs = SHAPES[shape]!;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < pairs.length; i++) {
      const [reader, told] = pairs[(i * (round % 2 === 0 ? 1 : pairs.length - 1) + round) % pairs.length]!;
      await nodes[reader].reads(nodes[told], trusted);
    }
    await clock.pass(300_000);
  }
}

/** Of each: how sure, or its state once it eases; with the voices that it heard. */
async function known(): Promise<Record<Name, [string, ...string[]] | null>> {
  const each = await Promise.all(
    NAMES.map(async (name) => {
      const { site } = nodes[name];
      const all = await nodes[name].incidents();
      expect(all.length, `incidents of ${name}`).toBeLessThan(2);
      const [one] = all;
      if (!one) return [name, null] as const;
      const reports = await site.store.reports.byIncident(one.id, 500);
      const voices = [...new Set(reports.map(({ voice }) => voice))].sort();
      return [name, [one.state === 'active' ? one.confidence : one.state, ...voices]] as const;
    }),
  );
  return Object.fromEntries(each) as Record<Name, [string, ...string[]] | null>;
}

async function counts(): Promise<number[]> {
  return await Promise.all(
    NAMES.map(async (name) => {
      const [one] = await nodes[name].incidents();
      return one ? (await nodes[name].site.store.reports.byIncident(one.id, 500)).length : 0;
    }),
  );
}

describe.each(CASES)('%s, trusted %s', (shape, trusted) => {
  const whole = shape === 'each reading both others';

  test('one outlet, at one of them: one voice wherever it is heard, and no report more for listening on', async () => {
    await nodes.a.writes('dw');
    await listen(shape, trusted);
    const heard = await known();
    // What is hearsay to b is told on by nobody: in a row and in a ring c would have to read a by itself.
    expect(heard).toEqual({ a: ['reported', 'dw'], b: ['reported', 'dw'], c: whole ? ['reported', 'dw'] : null });
    const before = await counts();
    await listen(shape, trusted, 8);
    expect(await counts()).toEqual(before);
    expect(await known()).toEqual(heard);
  });

  test('an outlet of its own at two of them: two voices for whoever hears of both', async () => {
    // Alike, they would be copies of one text, and one voice.
    await nodes.a.writes('dw', { title: 'Moscow cuts the messenger off' });
    await nodes.b.writes('bbc', { title: 'Users in Russia report that WhatsApp is gone' });
    await listen(shape, trusted);
    const both = ['corroborated', 'bbc', 'dw'];
    expect(await known()).toEqual({
      a: whole ? both : ['reported', 'dw'],
      b: both,
      c: whole ? both : ['reported', 'bbc'],
    });
    const before = await counts();
    await listen(shape, trusted, 8);
    expect(await counts()).toEqual(before);
  });

  test('it is over at its outlets: lifted or easing for all that had heard, and nobody opens it anew', async () => {
    await nodes.a.writes('dw');
    await nodes.a.writes('bbc');
    await listen(shape, trusted);
    await clock.pass(3_600_000);
    for (const outlet of ['dw', 'bbc']) await nodes.a.writes(outlet, { action: 'unblock' });
    await listen(shape, trusted, 8);
    const { a, b, c } = await known();
    const there = trusted ? 'lifted' : 'easing';
    expect([a?.[0], b?.[0], c?.[0]]).toEqual(['lifted', there, whole ? there : undefined]);
  });

  test('taken back where it was first told: withdrawn for all that rested on it', async () => {
    await nodes.a.writes('dw');
    await listen(shape, trusted);
    await nodes.a.retracts('it was a parody');
    await listen(shape, trusted, 6);
    const { a, b, c } = await known();
    expect([a?.[0], b?.[0], c?.[0]]).toEqual(['withdrawn', 'withdrawn', whole ? 'withdrawn' : undefined]);
  });
});
