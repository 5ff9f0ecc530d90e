/** What is new to a target. */
import { expect, test } from 'vitest';
import { alertmanager } from '../../../src/adapters/webhook/adapter.ts';
import { untold } from '../../../src/adapters/webhook/told.ts';
import type { ChangeFacts } from '../../../src/core/model/facts.ts';
import type { Transition } from '../../../src/core/model/incident.ts';
import { factsOf } from '../../../src/core/outbox/compose.ts';
import { incident, report } from '../render/support.ts';
import { change, facts, telling } from './samples.ts';

const log: ChangeFacts[] = [
  change(1, { kind: 'opened', action: 'throttle', confidence: 'reported' }),
  change(2, { kind: 'confidence-up', action: 'throttle' }),
  change(3, { kind: 'escalated' }),
  change(4, { kind: 'lifted', state: 'lifted' }),
];
const alert = { incidents: [facts(log, { state: 'lifted', action: 'block', closedAt: log[3]!.at })] };

test('never heard of it: where it stands now, once, as opened', () => {
  const open = { incidents: [facts(log.slice(0, 3))] };
  expect(untold(open, new Map())).toMatchObject([
    { type: 'incident.opened', from: null, change: { seq: 3, kind: 'opened', action: 'block' } },
  ]);
});

test('never heard of it, and it is over: lifted', () => {
  expect(untold(alert, new Map())).toMatchObject([{ type: 'incident.lifted', from: null, change: { seq: 4 } }]);
});

test('never heard of it, and could since it was corroborated: that as its beginning, then each change', () => {
  const since = { incidents: [{ ...alert.incidents[0]!, heardFrom: 2 }] };
  expect(untold(since, new Map())).toMatchObject([
    { type: 'incident.opened', from: null, change: { seq: 2, kind: 'opened' }, incident: { action: 'throttle' } },
    { type: 'incident.updated', from: { seq: 2 }, change: { seq: 3 } },
    { type: 'incident.lifted', from: { seq: 3 }, change: { seq: 4 } },
  ]);
});

test('knows the first: each after it, with what was before and the incident as it was then', () => {
  const [surer, worse, over, ...rest] = untold(alert, new Map([['RU-whatsapp-3f9k', 1]]));
  expect(rest).toEqual([]);
  expect(surer).toMatchObject({ type: 'incident.updated', from: { seq: 1 }, change: { seq: 2 } });
  expect(surer!.incident).toMatchObject({
    action: 'throttle',
    state: 'active',
    confidence: 'corroborated',
    closedAt: null,
  });
  expect(surer!.incident.phases).toHaveLength(2);
  expect(worse).toMatchObject({
    type: 'incident.updated',
    from: { seq: 2 },
    incident: { action: 'block', state: 'active' },
  });
  expect(over).toMatchObject({ type: 'incident.lifted', from: { seq: 3 }, incident: { state: 'lifted' } });
  expect(over!.incident.phases).toHaveLength(4);
});

test('knows all of it, or has no log at all: nothing', () => {
  expect(untold(alert, new Map([['RU-whatsapp-3f9k', 4]]))).toEqual([]);
  expect(untold({ incidents: [facts([])] }, new Map())).toEqual([]);
});

test('over for chats of its level, easing by the log: as its chats know it', () => {
  const easing = [...log.slice(0, 3), change(4, { kind: 'easing', state: 'easing' })];
  const seen = { incidents: [facts(easing, { state: 'lifted' })] };
  expect(untold(seen, new Map([['RU-whatsapp-3f9k', 3]]))).toMatchObject([
    { type: 'incident.lifted', incident: { state: 'lifted' }, change: { kind: 'easing' } },
  ]);
});

test('what stood before it was reported: heard from the change on top, and nothing of who repeated it; its day is that of the record', () => {
  const since = Date.UTC(2022, 2, 14);
  const standing = { by: 'record', action: 'block', method: null, since, monthOnly: false, reference: null } as const;
  const steps = ['stands', 'confidence-up', 'changed', 'confidence-up', 'easing'] as const;
  const log = steps.map((kind, i) => ({
    incidentId: 'RU-whatsapp-3f9k',
    seq: i + 1,
    at: i * 1_000,
    change: kind,
    action: 'block',
    state: 'active',
    confidence: 'corroborated',
    method: null,
    reportId: null,
  })) as Transition[];
  const one = incident({ standing });
  const told = factsOf([one], new Map([[one.id, log]]), { level: 'corroborated', since: () => 0 });
  const changes = untold(told, new Map());
  expect(changes.map(({ change: { seq, kind }, type }) => [seq, kind, type])).toEqual([
    [3, 'opened', 'incident.opened'],
  ]);
  expect(told.incidents[0]!.incident).toMatchObject({ since: new Date(since).toISOString(), sinceKind: 'standing' });
  const [post] = alertmanager(telling({ changes }), 'https://alerts.example/');
  expect(JSON.parse(post!.body)).toMatchObject([{ startsAt: new Date(since).toISOString() }]);
  expect(untold(told, new Map([[one.id, 3]]))).toEqual([]);
});

test('facts of an alert: heard from the first transition at its level since it follows; bounded', () => {
  const transition = (seq: number, over = {}) => ({
    incidentId: 'RU-whatsapp-3f9k',
    seq,
    at: seq * 1_000,
    change: 'confidence-up' as const,
    action: 'block' as const,
    state: 'active' as const,
    confidence: seq < 3 ? ('reported' as const) : ('corroborated' as const),
    method: null,
    reportId: `r${seq}`,
    ...over,
  });
  const reports = Array.from({ length: 30 }, (_, i) =>
    report({ id: `r${i}`, publisherName: `Outlet ${i}`, title: 'x'.repeat(900), itemId: `i${i}` }),
  );
  const heard = (level: 'early' | 'corroborated' | 'confirmed', since: number, n = 5) => {
    const log = new Map([['RU-whatsapp-3f9k', Array.from({ length: n }, (_, i) => transition(i + 1))]]);
    return factsOf([incident({ reports })], log, { level, since: () => since }).incidents[0]!;
  };
  expect(heard('early', 0).heardFrom).toBe(1);
  expect(heard('corroborated', 0).heardFrom).toBe(3);
  expect(heard('corroborated', 4_500).heardFrom).toBe(5);
  expect(heard('corroborated', 9_000).heardFrom).toBe(5);
  expect(heard('confirmed', 0).heardFrom).toBe(5);
  expect(heard('early', 0, 0).heardFrom).toBe(0);
  const much = heard('early', 0, 400);
  expect([much.changes.length, much.changes[0]!.seq, much.sources.length]).toEqual([100, 301, 20]);
  expect(much.sources[0]!.title.length).toBe(300);
  expect(heard('early', 0).changes[2]!.source).toMatchObject({ publisher: 'Outlet 3' });
  expect(much.changes.at(-1)!.source).toBeNull();
});
