import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { type Node, tocsin } from './world.ts';

let clock: FakeClock;
let a: Node;
let b: Node;
beforeEach(async () => {
  clock = new FakeClock();
  a = await tocsin('a', clock);
  b = await tocsin('b', clock);
});
afterEach(async () => {
  await a.close();
  await b.close();
});
const UNBLOCK = { action: 'unblock' } as const;
const stateOf = async (node: Node) => {
  const [one] = await node.incidents();
  return one && [one.country, one.service, one.action, one.state, one.confidence];
};

describe('one that is not trusted is one outlet', () => {
  test('whatever stands behind it: reported, and no more', async () => {
    for (const outlet of ['dw', 'bbc', 'meduza']) await a.writes(outlet);
    await a.measures('AS64500');
    expect(await stateOf(a)).toEqual(['RU', 'whatsapp', 'block', 'active', 'confirmed']);
    await b.reads(a);
    expect(await stateOf(b)).toEqual(['RU', 'whatsapp', 'block', 'active', 'reported']);
    for (let time = 0; time < 5; time++) {
      await a.writes(`other-${time}`);
      await b.reads(a);
    }
    expect((await stateOf(b))?.at(-1)).toBe('reported');
  });

  test('with an outlet that is read here: two voices, once several stand behind it', async () => {
    await a.writes('dw');
    await a.writes('bbc');
    await b.reads(a);
    await b.writes('meduza');
    expect((await stateOf(b))?.at(-1)).toBe('corroborated');
  });

  test('what both read at the same outlet is one voice, whichever of the two comes first', async () => {
    await a.writes('dw', { url: 'https://dw.example/a' });
    await b.writes('dw', { url: 'https://dw.example/b' });
    await b.reads(a);
    expect((await stateOf(b))?.at(-1)).toBe('reported');
    const c = await tocsin('c', clock);
    await c.reads(a);
    await c.writes('dw');
    expect(await c.incidents()).toMatchObject([{ confidence: 'reported' }]);
    await c.close();
  });

  test('the same article under another name of its outlet: one voice', async () => {
    await a.writes('dw', { url: 'https://dw.example/story', title: 'A title' });
    await b.writes('deutschewelle', { url: 'https://dw.example/story', title: 'Quite other words' });
    await b.reads(a);
    expect((await stateOf(b))?.at(-1)).toBe('reported');
  });

  test('it had it from one outlet that is read here too, and has it from several now: it is a second voice', async () => {
    await a.writes('dw');
    await b.reads(a);
    await b.writes('dw');
    expect((await stateOf(b))?.at(-1)).toBe('reported');
    await a.writes('bbc');
    await b.reads(a);
    expect((await stateOf(b))?.at(-1)).toBe('corroborated');
  });

  test('the word of what one agent measured, and the same agent here: not confirmed', async () => {
    await a.measures('AS64500');
    await b.measures('AS64500');
    await b.reads(a);
    expect((await stateOf(b))?.at(-1)).toBe('corroborated');
  });

  test('it is lifted there: easing here, and no second incident', async () => {
    await a.writes('dw');
    await a.writes('bbc');
    await b.reads(a);
    await clock.pass(3_600_000);
    await a.writes('dw', UNBLOCK);
    await a.writes('bbc', UNBLOCK);
    await b.reads(a);
    expect(await b.incidents()).toMatchObject([{ state: 'easing', liftConfidence: 'reported' }]);
  });
});

describe('one that is trusted: its evidence counts as if it had been found here', () => {
  test('outlets, a measurement, an authority: the same incident at the same level', async () => {
    await a.writes('dw');
    await b.reads(a, true);
    expect(await stateOf(b)).toEqual(await stateOf(a));
    await a.writes('bbc');
    await b.reads(a, true);
    expect((await stateOf(b))?.at(-1)).toBe('corroborated');
    await a.measures('AS64500');
    await b.reads(a, true);
    expect(await stateOf(b)).toEqual(['RU', 'whatsapp', 'block', 'active', 'confirmed']);
  });

  test('measured in two networks there: confirmed there; here all that it measured is one agent', async () => {
    await a.measures('AS64500');
    await a.measures('AS64501');
    expect((await stateOf(a))?.at(-1)).toBe('confirmed');
    await b.reads(a, true);
    expect((await stateOf(b))?.at(-1)).toBe('corroborated');
    await b.measures('AS64502');
    expect((await stateOf(b))?.at(-1)).toBe('confirmed');
  });

  test('the same outlet, the same agent, the same observatory on both: each counts once', async () => {
    const ooni = { observatory: 'ooni', strength: 'window-rule' } as const;
    await a.writes('dw');
    await b.writes('dw');
    await b.reads(a, true);
    expect((await stateOf(b))?.at(-1)).toBe('reported');
    const c = await tocsin('c', clock);
    const d = await tocsin('d', clock);
    await c.measures('AS1', {}, ooni);
    await d.measures('AS2', {}, ooni);
    await d.reads(c, true);
    expect(await d.incidents()).toMatchObject([{ confidence: 'corroborated' }]);
    await c.close();
    await d.close();
  });

  test('lifted alike, by measurement and by words', async () => {
    await a.measures('AS64500');
    await a.writes('dw');
    await b.reads(a, true);
    await clock.pass(3_600_000);
    await a.writes('dw', UNBLOCK);
    await a.measures('AS64500', UNBLOCK);
    await b.reads(a, true);
    expect((await a.incidents())[0]).toMatchObject({ state: 'lifted' });
    expect((await b.incidents())[0]).toMatchObject({ state: 'lifted', country: 'RU', service: 'whatsapp' });
    expect(await b.incidents()).toHaveLength(1);
  });

  test('regions, methods, escalation: as there', async () => {
    await a.writes('dw', { action: 'throttle', region: 'RU-DA' });
    await a.writes('bbc', { action: 'throttle', region: 'RU-MOW' });
    await b.reads(a, true);
    await a.writes('dw', { method: 'dns' });
    await a.writes('bbc', { method: 'dns' });
    await b.reads(a, true);
    const [there] = await a.incidents();
    expect((await b.incidents())[0]).toMatchObject({
      action: there!.action,
      method: there!.method,
      regions: there!.regions,
    });
    expect(there).toMatchObject({ action: 'block', method: 'dns' });
  });
});

describe('what its readers say', () => {
  const ALL = ['suspected', 'reported', 'corroborated', 'confirmed'];
  /** The feed of one whose readers spoke, with this in the place of what it says of them. */
  const lying = async (over: object, facts: object) => {
    const feed = await a.feed();
    const items = feed.items as { _tocsin: { now?: { evidence: { measured: object }[] } } }[];
    for (const one of items.flatMap((item) => item._tocsin.now?.evidence ?? []))
      Object.assign(one, over, { measured: { ...one.measured, ...facts } });
    return feed;
  };

  test('told with the number of those whom it fails, and none of the few whom it works for', async () => {
    await a.feels(45);
    const told = JSON.stringify((await a.feed()).items);
    expect(told).toContain('"measurements":45');
    expect(told).toContain('does not work for 45 readers');
    expect(told).not.toMatch(/works for 3/u);
  });

  test('5,000 readers of one that is trusted: suspected, which the default level does not hear', async () => {
    await a.feels(5_000);
    await b.reads(a, true);
    expect((await stateOf(b))?.at(-1)).toBe('suspected');
    await b.writes('meduza');
    expect((await stateOf(b))?.at(-1), 'an outlet beside them').toBe('suspected');
    await b.writes('bbc');
    expect((await stateOf(b))?.at(-1)).toBe('corroborated');
  });

  test('5,000 readers of one that is not trusted: nothing, and an outlet beside them stays one', async () => {
    await a.feels(5_000);
    await b.reads(a);
    expect(await b.incidents()).toEqual([]);
    await b.writes('meduza');
    await b.reads(a);
    expect((await stateOf(b))?.at(-1)).toBe('reported');
  });

  test('readers of two peers and of its own: suspected, by one voice', async () => {
    const c = await tocsin('c', clock);
    for (const one of [a, b, c]) await one.feels(50);
    await b.reads(a, true);
    await b.reads(c, true);
    expect((await stateOf(b))?.at(-1)).toBe('suspected');
    await c.close();
  });

  test.each(['fingerprint', 'round-rule', 'window-rule'])(
    'one that calls them a %s, trusted or not: suspected at most',
    async (strength) => {
      await a.feels(5_000);
      for (const trusted of [true, false]) {
        await b.readsAs(await lying({}, { strength, networks: ['AS1', 'AS2'] }), 'liar', trusted);
        const sure = (await stateOf(b))?.at(-1);
        expect(ALL.indexOf(String(sure ?? 'suspected'))).toBe(0);
      }
    },
  );

  test.each([
    ['fewer than ten', {}, { measurements: 9 }],
    ['a number that is none', {}, { measurements: '5000' }],
    ['that the network is off', { action: 'shutdown' }, {}],
    ['that it is over', { action: 'unblock' }, {}],
  ])('one that lets them say %s: nothing is taken', async (_, over, facts) => {
    await a.feels(5_000);
    await b.readsAs(await lying(over, facts), 'liar', true);
    expect(await b.incidents()).toEqual([]);
  });

  test('what measurements confirm is not lifted, raised or opened anew by them', async () => {
    await a.feels(5_000);
    await b.measures('AS64500');
    await b.measures('AS64501');
    const before = await b.incidents();
    await b.readsAs(await lying({ action: 'unblock' }, { strength: 'fingerprint' }), 'liar', true);
    await b.readsAs(await lying({ action: 'block' }, { strength: 'fingerprint' }), 'liar', true);
    const after = await b.incidents();
    expect(after.map(({ id, state, confidence, action }) => [id, state, confidence, action])).toEqual(
      before.map(({ id, state, confidence, action }) => [id, state, confidence, action]),
    );
  });
});

describe('taken back', () => {
  test.each([false, true])(
    'trusted %s: what rests on its word alone is withdrawn, once, and its reason, which is its own text, stays there',
    async (trusted) => {
      await a.writes('dw');
      await b.reads(a, trusted);
      await a.retracts('it was a parody');
      await b.reads(a, trusted);
      const [one] = await b.incidents();
      expect(one).toMatchObject({ state: 'withdrawn', withdrawnBecause: '' });
      await b.reads(a, trusted);
      expect((await b.incidents())[0]!.version).toBe(one!.version);
    },
  );

  test('what others report here as well stays', async () => {
    await a.writes('dw');
    await b.reads(a, true);
    await b.writes('bbc');
    await a.retracts('wrong');
    await b.reads(a, true);
    expect((await b.incidents())[0]).toMatchObject({ state: 'active' });
  });

  test('a peer cannot take back what it never stated', async () => {
    await b.writes('bbc');
    const feed = await b.feed();
    (feed._tocsin as { instance: string }).instance = 'a'.repeat(16);
    for (const item of feed.items as { _tocsin: Record<string, unknown> }[]) item._tocsin.state = 'withdrawn';
    await b.readsAs(feed, 'liar', true);
    expect((await b.incidents())[0]).toMatchObject({ state: 'active' });
  });
});

describe('no echo', () => {
  test.each([false, true])(
    'two that read each other (trusted %s), for twelve rounds: what one outlet said stays one voice',
    async (trusted) => {
      await a.writes('dw');
      for (let round = 0; round < 12; round++) {
        await b.reads(a, trusted);
        await a.reads(b, trusted);
        await clock.pass(300_000);
      }
      for (const node of [a, b]) {
        expect(await node.incidents()).toMatchObject([{ confidence: 'reported', state: 'active' }]);
        const reports = await node.site.store.reports.byIncident((await node.incidents())[0]!.id, 100);
        expect(new Set(reports.map(({ voice }) => voice)).size).toBe(1);
      }
      expect(await a.site.store.reports.byIncident((await a.incidents())[0]!.id, 100)).toHaveLength(1);
    },
  );

  test.each([false, true])('a ring of three (trusted %s): the same', async (trusted) => {
    const c = await tocsin('c', clock);
    await a.writes('dw');
    for (let round = 0; round < 5; round++) {
      await b.reads(a, trusted);
      await c.reads(b, trusted);
      await a.reads(c, trusted);
    }
    expect(await a.incidents()).toMatchObject([{ confidence: 'reported' }]);
    expect(await b.incidents()).toMatchObject([{ confidence: 'reported' }]);
    // What is hearsay to b is nothing to c: it reads a by itself, or not at all.
    expect(await c.incidents()).toEqual([]);
    await c.close();
  });

  test('each has an outlet of its own, and they read each other: corroborated on both, by two voices', async () => {
    await a.writes('dw');
    await b.writes('bbc');
    for (let round = 0; round < 4; round++) {
      await a.reads(b);
      await b.reads(a);
    }
    for (const node of [a, b]) {
      expect((await stateOf(node))?.at(-1)).toBe('corroborated');
      const reports = await node.site.store.reports.byIncident((await node.incidents())[0]!.id, 100);
      expect(new Set(reports.map(({ voice }) => voice))).toEqual(new Set(['dw', 'bbc']));
    }
  });

  test('its own feed: nothing', async () => {
    await a.writes('dw');
    expect(await a.reads(a)).toBe(0);
  });
});

test('what is told to other programs: no name of a machine that measured, and hours where the log tells no more', async () => {
  await a.measures('AS64500');
  await clock.pass(2 * 3_600_000 + 61_000);
  await a.measures('AS64500');
  const text = JSON.stringify(await a.feed());
  expect(text).not.toContain('secret-name');
  const [item] = (await a.feed()).items as { _tocsin: { now: { evidence: { at: string }[] } } }[];
  expect(item!._tocsin.now.evidence[0]!.at).toMatch(/:00:00\.000Z$/);
});
