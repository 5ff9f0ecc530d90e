/** A source that tells of hundreds of services at once; and events that are really large. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { FLOOD, NO_FLOOD, planFlood } from '../../../src/core/correlate/held-back.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { HOUR, MINUTE } from '../harness.ts';
import type { Entry } from './feeds.ts';
import { type AgentsTown, agentsTown } from './lab.ts';

let at: AgentsTown;
afterEach(() => at.town.store.close());

const services = (n: number, from = 0): string[] => Array.from({ length: n }, (_, i) => `s${from + i}`);
/** So many items, each with ten names. */
const listed = (names: string[], country: string, over: Partial<Entry> = {}): Entry[] => {
  const entries: Entry[] = [];
  for (let i = 0; i < names.length; i += 10)
    entries.push({ publisher: 'feed', says: `block ${country} ${names.slice(i, i + 10).join(',')}`, ...over });
  return entries;
};
const warnings = (): string[] => at.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

describe('a feed that floods', () => {
  test.each([
    ['three hundred services of one country', () => listed(services(300), 'RU')],
    ['forty countries', () => COUNTRIES.map((country) => ({ publisher: 'feed', says: `block ${country} telegram` }))],
  ])('%s, at an authority: nobody hears anything, all is kept, the operator is told once', async (_name, entries) => {
    at = await agentsTown();
    const flood = entries().map((one) => ({ ...one, authority: true }));
    await at.poll('feed', flood);
    await at.poll('feed', flood);
    await at.town.pass(HOUR);
    expect([at.heard('early'), at.heard('corroborated'), at.heard('confirmed')]).toEqual([[], [], []]);
    expect(await at.only()).toBe('');
    expect(warnings()).toEqual(['A source tells of more at once than any event brings; it is held back']);
    expect(at.lines.find(({ level }) => level === 'warn')!.facts.source).toBe('feed');
    const [held] = await at.town.pipeline.held();
    expect(held).toMatchObject({ sourceId: 'feed', dropped: 100 * Number(flood.length === 30) });
  });

  test('in small portions, a minute apart: held once it is too much, other feeds go on', async () => {
    at = await agentsTown();
    for (let i = 0; i < 50; i++) {
      await at.poll('feed', listed(services(10, 10 * i), 'RU'));
      await at.town.pass(MINUTE);
    }
    expect(await at.town.store.incidents.list({ limit: 1_000 })).toHaveLength(FLOOD.inAll.pairs);
    expect((await at.town.pipeline.held())[0]).toMatchObject({ sourceId: 'feed', reports: 200 });
    await at.poll('paper', [
      { publisher: 'paper', says: 'block IR signal', text: 'Users in Tehran report that the app fails' },
    ]);
    await at.poll('press', [
      { publisher: 'press', says: 'block IR signal', text: 'Providers cut another messenger overnight' },
    ]);
    await at.town.pass(HOUR);
    expect(at.heard('corroborated')).toEqual(['🔴 Iran: Signal blocked']);
  });

  test('an hour after the flood: what it tells counts again; what was held stays held', async () => {
    at = await agentsTown();
    await at.poll('feed', listed(services(300), 'RU'));
    await at.town.pass(HOUR + MINUTE);
    await at.poll('feed', [{ publisher: 'feed', says: 'block RU whatsapp', authority: true }]);
    await at.town.pass(HOUR);
    expect(at.heard('corroborated')).toEqual(['🔴 Russia: WhatsApp blocked']);
    expect((await at.town.pipeline.held()).map(({ reports }) => reports)).toEqual([300]);
  });

  test('an operator lets it count: incidents and alerts as if it had just come', async () => {
    at = await agentsTown();
    await at.poll('feed', listed(services(150), 'RU', { authority: true }));
    expect(await at.town.pipeline.release('nobody')).toBeNull();
    expect(await at.town.pipeline.release('feed')).toBe(150);
    await at.town.pass(HOUR);
    expect(await at.town.incidents()).toHaveLength(100);
    expect(at.heard('corroborated')).toEqual(['🔴 Russia: 150 services blocked']);
    expect(await at.town.pipeline.held()).toEqual([]);
  });

  test('an agent that sees everything blocked, hundreds of targets: held back and named', async () => {
    at = await agentsTown({ targets: services(300) });
    for (let round = 0; round < 4; round++) {
      await at.post(
        'liar',
        services(300).map((target) => at.measurement('sni_blocked:rst', { target })),
      );
      await at.town.pass(5 * MINUTE);
    }
    expect([at.heard('early'), at.heard('corroborated')]).toEqual([[], []]);
    expect((await at.town.pipeline.held())[0]).toMatchObject({ sourceId: 'liar' });
    await at.rounds('other', ['ok', 'sni_blocked:rst', 'sni_blocked:rst', 'sni_blocked:rst']);
    expect(at.heard('corroborated')).toEqual(['🔴 Russia: WhatsApp blocked']);
  });
});

describe('events that are really large', () => {
  test.each([
    ['thirteen names off the national DNS', 13],
    ['a ban of 26 services', 26],
    ['a ban of 80 apps', 80],
  ])('%s, in one poll of two feeds: told in one message', async (_name, n) => {
    at = await agentsTown();
    await at.poll('a', listed(services(n), 'NP', { publisher: 'a' }));
    await at.poll('b', listed(services(n), 'NP', { publisher: 'b' }));
    await at.town.pass(HOUR);
    expect(at.heard('corroborated')).toEqual([`🔴 Nepal: ${n} services blocked`]);
    expect(warnings()).toEqual([]);
    expect(await at.town.pipeline.held()).toEqual([]);
  });

  test('a busy day of a world desk: eighteen countries in an hour pass', async () => {
    at = await agentsTown();
    await at.poll(
      'world',
      COUNTRIES.slice(0, 18).map((country) => ({ publisher: 'world', says: `block ${country} telegram,whatsapp` })),
    );
    expect(await at.town.incidents()).toHaveLength(36);
  });
});

test('the plan: what is within bounds is never held, what is beyond is for an hour, and what is remembered is bounded', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ c: fc.integer({ min: 0, max: 30 }), s: fc.integer({ min: 0, max: 40 }) }), {
        maxLength: 600,
      }),
      (said) => {
        const reports = said.map(({ c, s }) => ({ country: `C${c}`, service: `s${s}`, kind: 'news' }) as Report);
        const pairs = new Set(said.map(({ c, s }) => `${c} ${s}`)).size;
        const countries = new Set(said.map(({ c }) => c)).size;
        const plan = planFlood(NO_FLOOD, reports, 0);
        const { atOnce, windowMs } = FLOOD;
        expect(plan.hold).toBe(pairs > atOnce.pairs || countries > atOnce.countries);
        expect(plan.memory.pairs.length).toBeLessThanOrEqual(1_000);
        expect(planFlood(plan.memory, [], 1).hold).toBe(plan.hold);
        expect(planFlood(plan.memory, [], windowMs)).toEqual({ hold: false, why: 'within-bounds', memory: NO_FLOOD });
      },
    ),
  );
});

const COUNTRIES =
  'RU IR CN TR PK IN NP BD VN ID MM KZ UZ BY AZ GE AE SA EG ET UG TZ KE NG SN ML TD GA CM CU VE BR ES FR DE GB US IQ SY JO'.split(
    ' ',
  );
