/** Whatever stands in the feed of another Tocsin: nothing that is no statement comes of it, and nothing without bounds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hear } from '../../../src/core/federation/hear.ts';
import { instanceOf, isInstance } from '../../../src/core/federation/tell.ts';
import { ACTIONS } from '../../../src/core/model/incident.ts';
import { MAX_STATEMENT_ID, MAX_STATEMENTS } from '../../../src/core/model/report.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const peer = (trusted: boolean) => ({ id: 'p', publisher: 'p', name: 'P', trusted });
const evidence = (over: object = {}) => ({
  id: 'r1',
  at: '2026-11-25T10:00:00.000Z',
  action: 'block',
  method: 'dns',
  region: null,
  kind: 'news',
  voice: 'dw',
  publisher: 'dw',
  name: 'DW',
  title: 'DW writes',
  url: 'https://dw.example/1',
  lang: 'en',
  reading: null,
  measured: null,
  ...over,
});
const now = (over: object = {}) => ({
  regions: [],
  liftConfidence: null,
  openedAt: '2026-11-25T10:00:00.000Z',
  closedAt: null,
  withdrawnBecause: null,
  evidence: [evidence()],
  ...over,
});
const told = (over: object = {}, nowOver: object | null = {}) => ({
  incident: 'RU-whatsapp-3f9k',
  seq: 1,
  change: 'opened',
  country: 'RU',
  service: 'whatsapp',
  family: 'access',
  action: 'block',
  state: 'active',
  confidence: 'reported',
  method: null,
  ...(nowOver === null ? {} : { now: now(nowOver) }),
  ...over,
});
const feed = (...items: unknown[]) => ({
  version: 'https://jsonfeed.org/version/1.1',
  _tocsin: { version: 1, instance: 'abcdefgh12345678' },
  items: items.map((one, i) => ({
    id: String(i),
    title: 'A headline',
    url: 'https://p.example/incident/1',
    _tocsin: one,
  })),
});
const said = (document: unknown, trusted = false) => hear(document, peer(trusted), NOW)!.statements;

describe('whose feed it is', () => {
  test.each<[string, unknown]>([
    ['a feed of anybody else', { version: 'https://jsonfeed.org/version/1.1', items: [] }],
    ['another version', { ...feed(), _tocsin: { version: 2, instance: 'abcdefgh12345678' } }],
    ['no instance', { ...feed(), _tocsin: { version: 1 } }],
    ['an instance of signs', { ...feed(), _tocsin: { version: 1, instance: '../../etc' } }],
    ['null', null],
    ['a list', []],
  ])('%s: none of ours', (_name, document) => expect(hear(document, peer(false), NOW)).toBeNull());

  test('its name is drawn once', async () => {
    const kept = new Map<string, unknown>();
    const state = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: unknown) => void kept.set(key, value),
      delete: async () => undefined,
    };
    let drawn = 0;
    const ids = { tail: (length: number) => `${++drawn}`.padEnd(length, 'a') };
    const first = await instanceOf(state, ids);
    expect(isInstance(first)).toBe(true);
    expect(await instanceOf(state, ids)).toBe(first);
    kept.set('id', 'spoilt!');
    expect(await instanceOf(state, ids)).not.toBe(first);
  });
});

describe('what it says', () => {
  test.each<[string, object, object | null, number]>([
    ['an incident', {}, {}, 1],
    ['no country', { country: null }, {}, 0],
    ['a country in words', { country: 'Russia' }, {}, 0],
    ['no service', { service: null }, {}, 0],
    ['a service with a path', { service: '../x' }, {}, 0],
    ['an action that is none', { action: 'explode' }, {}, 0],
    ['a state that is none', { state: 'on fire' }, {}, 0],
    ['a number that is none', { seq: 'one' }, {}, 0],
    ['nothing first-hand', {}, { evidence: [] }, 0],
    ['an older change', {}, null, 0],
    ['no time', {}, { openedAt: 'yesterday' }, 0],
    ['long ago', {}, { openedAt: '1970-01-01T00:00:00Z' }, 0],
    ['evidence of a wrong shape', {}, { evidence: [7, null, {}, evidence({ kind: 'rumour' })] }, 0],
    ['a measurement without facts', {}, { evidence: [evidence({ kind: 'measurement' })] }, 0],
    ['several regions, a word each', {}, { regions: ['RU-DA', 'RU-MOW'] }, 2],
  ])('%s: %#', (_name, over, nowOver, count) => expect(said(feed(told(over, nowOver)))).toHaveLength(count));

  test('the newest entry of an incident counts, wherever it stands', () => {
    const older = told({ seq: 1, action: 'throttle' });
    const newer = told({ seq: 2, action: 'block' });
    for (const document of [feed(older, newer), feed(newer, older)])
      expect(said(document)).toMatchObject([{ action: 'block' }]);
  });

  test('a time to come is now', () => {
    const later = { openedAt: '2027-01-01T00:00:00Z', evidence: [evidence({ at: '2027-01-01T00:00:00Z' })] };
    for (const trusted of [false, true]) expect(said(feed(told({}, later)), trusted)[0]!.at).toBe(NOW);
  });

  test('said again once a day while it goes on there; the same feed twice says the same', () => {
    const goesOn = (at: string) => feed(told({}, { openedAt: '2026-11-20T10:00:00Z', evidence: [evidence({ at })] }));
    const keys = (document: unknown) => said(document).map(({ id, revision }) => `${id} ${revision}`);
    expect(keys(goesOn('2026-11-25T01:00:00Z'))).toEqual(keys(goesOn('2026-11-25T09:00:00Z')));
    expect(keys(goesOn('2026-11-24T09:00:00Z'))).not.toEqual(keys(goesOn('2026-11-25T09:00:00Z')));
    expect(keys(goesOn('2026-11-25T01:00:00Z'))).toHaveLength(2);
  });

  test('its lift is told where it is one there, by whoever reports it', () => {
    const lift = evidence({ id: 'r2', action: 'unblock', at: '2026-11-25T11:00:00Z' });
    const actions = (state: string, liftConfidence: string | null) =>
      said(feed(told({ state }, { liftConfidence, evidence: [evidence(), lift] }))).map(({ action }) => action);
    expect(actions('lifted', 'corroborated')).toContain('unblock');
    expect(actions('easing', 'reported')).toContain('unblock');
    // One agent alone sees it: a sign there, and nothing here.
    expect(actions('easing', null)).not.toContain('unblock');
  });

  test('texts: one line, no signs that turn or hide, cut; addresses: of the web, without a name', () => {
    const nasty = evidence({
      title: `a\u202e\u0000\n${'x'.repeat(1_000)}\ud800`,
      url: 'javascript:alert(1)',
      name: '\u200f\u202e',
    });
    const [one] = said(feed(told({}, { evidence: [nasty] })), true);
    expect(one!.title).toMatch(/^a x{200,300}…$/);
    expect(one!.title.length).toBeLessThanOrEqual(301);
    expect(one!.url).toBe('https://p.example/incident/1');
    expect(one!.publisherName).toBe('P');
  });

  test.each([true, false])(
    'its own words in whatever field, trusted %s: in nothing but the title, by which copies are known',
    (trusted) => {
      const own = 'Everything works again';
      const words = { name: own, region: own };
      const measured = { strength: 'round-rule', networks: ['AS1'], verdict: own, component: own };
      const more = { licence: own, signals: [own], observatory: own };
      const all = [
        evidence({ ...words, url: 'https://www.dw.example/1' }),
        evidence({ ...words, id: 'r2', kind: 'measurement', measured: { ...measured, ...more } }),
      ];
      const now = { evidence: all, withdrawnBecause: own };
      const { statements, withdrawals } = hear(
        feed(told({}, now), told({ incident: 'RU-x-gone', state: 'withdrawn' }, now)),
        { ...peer(trusted), ownerOf: (url) => (url.startsWith('https://www.dw.example/') ? 'Deutsche Welle' : null) },
        NOW,
      )!;
      const shown = statements.map((one) => ({ ...one, title: '', region: null }));
      expect(shown.length).toBeGreaterThan(0);
      expect(withdrawals).toHaveLength(1);
      expect(JSON.stringify([shown, withdrawals])).not.toContain(own);
      if (trusted) expect(statements.map(({ publisherName }) => publisherName)).toContain('Deutsche Welle (P)');
    },
  );

  test('an agent that it measured with has the name of the source, whatever it says', () => {
    const measured = {
      strength: 'round-rule',
      networks: ['AS1', 'no network'],
      verdict: 'x',
      component: null,
      agent: 'mine',
    };
    const [one] = said(feed(told({}, { evidence: [evidence({ kind: 'measurement', measured })] })), true);
    expect(one!.relayed!.measured).toMatchObject({ agent: 'peer/p', networks: ['AS1'] });
  });
});

test('a thousand incidents with thirty pieces of evidence each: no more than one poll may state, the newest', () => {
  const many = Array.from({ length: 1_200 }, (_, i) =>
    told(
      { incident: `RU-x-${i}` },
      { evidence: Array.from({ length: 60 }, (__, j) => evidence({ id: `r${i}.${j}`, voice: `v${j}` })) },
    ),
  );
  const heard = hear(feed(...many), peer(true), NOW)!;
  expect(heard.statements).toHaveLength(MAX_STATEMENTS);
});

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.constantFrom(null, true, 'RU', 'whatsapp', 'block', 'active', 'news', 'AS1', '2026-11-25T10:00:00Z', 1),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;
const mangled = (fields: object) =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, anything),
      ]),
    ),
    {
      requiredKeys: [],
    },
  );

test('whatever is wrong with a feed: statements within their bounds, or none', () => {
  const items = fc.array(
    fc.tuple(mangled(told({}, null)), mangled(now()), mangled(evidence())).map(([one, its, piece]) => ({
      ...one,
      now: { ...its, evidence: [piece, evidence()] },
    })),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(items, fc.boolean(), (all, trusted) => {
      const heard = hear(feed(...all), peer(trusted), NOW)!;
      for (const one of heard.statements) {
        expect(one.id.length).toBeLessThanOrEqual(MAX_STATEMENT_ID);
        expect(one.country).toMatch(/^[A-Z]{2}$/);
        expect(ACTIONS).toContain(one.action);
        expect(one.at).toBeLessThanOrEqual(NOW);
        expect(one.title).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
        expect(`${one.title}${one.publisherName}`.isWellFormed()).toBe(true);
        if (!trusted) expect([one.kind, one.publisher, one.relayed!.measured]).toEqual(['outlet', 'p', null]);
      }
    }),
    { numRuns: 300 },
  );
});
