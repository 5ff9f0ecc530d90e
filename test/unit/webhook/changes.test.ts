/** What is new to a target. */
import { expect, test } from 'vitest';
import { untold } from '../../../src/adapters/webhook/changes.ts';
import type { ChangeFacts } from '../../../src/core/model/facts.ts';
import { change, facts } from './samples.ts';

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
