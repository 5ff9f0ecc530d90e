import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Statement } from '../../../src/core/model/report.ts';
import { createPipeline } from '../../../src/core/pipeline.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
let store: Store;
afterEach(() => store.close());

const POLLED = { firstPoll: false, pushed: false };
const FIRST = { firstPoll: true, pushed: false };
const PUSHED = { firstPoll: false, pushed: true };

async function world() {
  const clock = new FakeClock();
  const ids = createIds(clock);
  store = await openStore(':memory:', { clock, log, ids });
  const extractor = { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) };
  const make = () =>
    createPipeline({ store, extractor, policy: DEFAULT_POLICY, clock, ids, log, wake: () => undefined });
  const state = (id: string, over: Partial<Statement> = {}): Statement => ({
    id,
    revision: null,
    at: clock.now() - HOUR,
    country: 'RU',
    service: 'whatsapp',
    action: 'block',
    method: 'dns',
    region: null,
    title: `WhatsApp, as ${id} has it`,
    url: `https://example.org/${id}`,
    summary: '',
    kind: 'outlet',
    publisher: 'newsroom',
    publisherName: 'The Newsroom',
    lang: 'en',
    ...over,
  });
  const incidents = () => store.incidents.list({ limit: 100 });
  return { clock, make, state, incidents };
}

describe('statements', () => {
  test('one outlet: reported, with its method, and one voice whatever it says afterwards', async () => {
    const { make, state, incidents } = await world();
    const pipeline = make();
    expect(await pipeline.statements('a', [state('1')], POLLED)).toBe(1);
    expect(await incidents()).toMatchObject([{ confidence: 'reported', action: 'block', method: 'dns' }]);
    await pipeline.statements('a', [state('2'), state('3', { title: 'In other words altogether' })], POLLED);
    expect(await incidents()).toMatchObject([{ confidence: 'reported' }]);
    await pipeline.statements('b', [state('1', { publisher: 'other', title: 'Somebody else' })], POLLED);
    expect(await incidents()).toMatchObject([{ confidence: 'corroborated' }]);
  });

  test('two sources in the very same words: two voices, for there is no text to copy', async () => {
    const { make, state, incidents } = await world();
    const pipeline = make();
    const same = { title: 'WhatsApp no longer opens on all large networks of Russia' };
    await pipeline.statements('a', [state('1', same)], POLLED);
    await pipeline.statements('b', [state('1', { ...same, publisher: 'other' })], POLLED);
    expect(await incidents()).toMatchObject([{ confidence: 'corroborated' }]);
  });

  test.each([
    ['authority', 'corroborated'],
    ['monitor', 'reported'],
    ['outlet', 'reported'],
  ] as const)('the word of one %s alone: %s', async (kind, confidence) => {
    const { make, state, incidents } = await world();
    await make().statements('a', [state('1', { kind })], POLLED);
    expect(await incidents()).toMatchObject([{ confidence }]);
  });

  test('stated again, in the same batch, later, after a restart: taken once; a new revision is new', async () => {
    const { make, state, incidents } = await world();
    expect(await make().statements('a', [state('1'), state('1', { action: 'shutdown' })], POLLED)).toBe(1);
    expect(await make().statements('a', [state('1', { service: 'signal' })], POLLED)).toBe(0);
    expect(await make().statements('b', [state('1')], POLLED)).toBe(1);
    expect(await incidents()).toHaveLength(1);
    expect(await make().statements('a', [state('1', { revision: '2', action: 'unblock' })], POLLED)).toBe(1);
    expect((await incidents())[0]).toMatchObject({ state: 'easing' });
  });

  test('a post of many: others come between, and what was kept before the store failed is not taken twice', async () => {
    const { make, state, incidents } = await world();
    const pipeline = make();
    const many = Array.from({ length: 35 }, (_, n) => state(`${n}`, { service: `s${n}` }));
    const order: string[] = [];
    const posted = pipeline.statements('a', many, PUSHED).then(() => order.push('post'));
    await pipeline.statements('b', [state('x', { service: 'signal', publisher: 'other' })], POLLED);
    order.push('other');
    await posted;
    expect(order).toEqual(['other', 'post']);
    expect(await incidents()).toHaveLength(36);
    const { transaction } = store;
    let left = 2;
    store.transaction = (...args) => (left-- > 0 ? transaction(...args) : Promise.reject(new Error('killed')));
    const more = Array.from({ length: 35 }, (_, n) => state(`m${n}`, { service: `t${n}` }));
    await expect(pipeline.statements('a', more, PUSHED)).rejects.toThrow('killed');
    store.transaction = transaction;
    expect(await pipeline.statements('a', more, PUSHED)).toBe(27);
    expect(await incidents()).toHaveLength(71);
  });

  test('a post that tells of too many countries: held as a whole, though it is kept in parts', async () => {
    const { make, state, incidents } = await world();
    const pipeline = make();
    const lands = 'RU IR CN TR BY KZ UZ TM TJ AZ EG SD ET UG KE VE CU MM VN PK IN BR'.split(' ');
    expect(
      await pipeline.statements(
        'a',
        lands.map((country) => state(country, { country })),
        PUSHED,
      ),
    ).toBe(22);
    expect(await incidents()).toEqual([]);
    expect(await pipeline.held()).toMatchObject([{ sourceId: 'a', reports: 22 }]);
  });

  test('the store fails: nothing is known, and the same comes again', async () => {
    const { make, state, incidents } = await world();
    const pipeline = make();
    const { transaction } = store;
    store.transaction = () => Promise.reject(new Error('killed'));
    await expect(pipeline.statements('a', [state('1')], POLLED)).rejects.toThrow('killed');
    store.transaction = transaction;
    expect(await incidents()).toEqual([]);
    expect(await pipeline.statements('a', [state('1')], POLLED)).toBe(1);
    expect(await incidents()).toHaveLength(1);
  });

  test('what is old: remembered only, and not told by a later poll; who hands it in means it', async () => {
    const { make, state, clock, incidents } = await world();
    const old = (id: string) => state(id, { at: clock.now() - 15 * DAY });
    const pipeline = make();
    const window = DEFAULT_POLICY.firstPollWindow;
    expect(await pipeline.statements('a', [state('0', { at: clock.now() - window - 1 })], FIRST)).toBe(1);
    expect(await pipeline.statements('a', [state('0'), old('1')], POLLED)).toBe(1);
    expect(await incidents()).toEqual([]);
    expect(await pipeline.statements('a', [old('2')], PUSHED)).toBe(1);
    expect(await incidents()).toHaveLength(1);
  });

  test('a time in the future: counts as now', async () => {
    const { make, state, clock, incidents } = await world();
    await make().statements('a', [state('1', { at: clock.now() + DAY })], PUSHED);
    expect(await incidents()).toMatchObject([{ openedAt: clock.now() }]);
  });

  test('texts without end: cut', async () => {
    const { make, state, incidents } = await world();
    const long = 'Kenya '.repeat(50_000);
    await make().statements(
      'a',
      [state(long, { title: long, summary: long, publisherName: long, region: long })],
      POLLED,
    );
    const [report] = await store.reports.byIncident((await incidents())[0]!.id, 1);
    expect(JSON.stringify(report).length).toBeLessThan(5_000);
  });

  test('hundreds of services in one poll: held back, and known', async () => {
    const { make, state, incidents } = await world();
    const pipeline = make();
    const many = Array.from({ length: 150 }, (_, i) => state(`${i}`, { service: `service-${i}` }));
    expect(await pipeline.statements('a', many, POLLED)).toBe(150);
    expect(await incidents()).toEqual([]);
    expect(await pipeline.held()).toMatchObject([{ sourceId: 'a', reports: 150 }]);
    expect(await pipeline.statements('a', many, POLLED)).toBe(0);
  });
});
