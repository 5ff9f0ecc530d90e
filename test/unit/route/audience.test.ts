import { describe, expect, test } from 'vitest';
import { endsAt, inhibition, isToBeHeard, recipientsOf } from '../../../src/core/audience.ts';
import type { Alert, Broadcast } from '../../../src/core/model/alert.ts';
import { type Incident, isNationalShutdown, type Level, speaksForServices } from '../../../src/core/model/incident.ts';
import { alert, broadcast, incident, NOW } from '../../contract/store/samples.ts';

const DAY = 86_400_000;
const shutdown = incident({
  id: 'IR-internet-1',
  country: 'IR',
  service: 'internet',
  action: 'shutdown',
  confidence: 'corroborated',
  lastReportAt: NOW,
});
const blocked = incident({ id: 'IR-signal-1', country: 'IR', service: 'signal', openedAt: NOW + 1 });

describe('a shutdown that speaks for the services of a country', () => {
  test.each<[string, Partial<Incident>, boolean, boolean]>([
    ['in force', {}, true, true],
    ['easing', { state: 'easing', liftConfidence: 'reported' }, true, true],
    ['lifted: about the whole network still, and over', { state: 'lifted', open: false }, true, false],
    ['taken back', { state: 'withdrawn', open: false }, true, false],
    ['in a region', { regions: ['Khuzestan'] }, false, false],
    ['of a service', { service: 'signal' }, false, false],
    ['that names no service', { service: null }, false, false],
    ['that names no country', { country: null }, false, false],
    ['slowed down only', { action: 'throttle' }, false, false],
  ])('%s', (_, over, about, speaks) => {
    expect([isNationalShutdown({ ...shutdown, ...over }), speaksForServices({ ...shutdown, ...over })]).toEqual([
      about,
      speaks,
    ]);
  });

  test.each<[string, Partial<Incident>, Level, boolean]>([
    ['as sure as the level asks', {}, 'corroborated', true],
    ['less sure', {}, 'confirmed', false],
    ['lifted for this level', { state: 'easing', liftConfidence: 'corroborated' }, 'early', false],
    ['one outlet says that it is over', { state: 'easing', liftConfidence: 'reported' }, 'early', true],
    ['not lifted for this level', { state: 'easing', liftConfidence: 'reported' }, 'corroborated', true],
    ['quiet for too long', { open: false }, 'corroborated', false],
  ])('%s, for a level', (_, over, level, speaks) => {
    expect(inhibition(blocked, { ...shutdown, ...over }, level, NOW) !== null).toBe(speaks);
  });
});

describe('inhibition', () => {
  const covered = { by: shutdown.id, why: 'shutdown-covers' };
  const warned = incident({ family: 'warn', action: 'warn', state: 'threatened' });
  const inForce = incident({ id: 'in-force', confidence: 'corroborated' });
  test.each<[string, Incident, Incident | null, number, object | null]>([
    ['nothing larger', blocked, null, NOW, null],
    ['a block under a shutdown', blocked, shutdown, NOW, covered],
    ['a block that was there first', { ...blocked, openedAt: NOW - 1 }, shutdown, NOW, null],
    ['nothing heard of the shutdown for a week', blocked, shutdown, NOW + 7 * DAY, null],
    ['a shutdown in a region', blocked, { ...shutdown, regions: ['Khuzestan'] }, NOW, null],
    ['a threat under a measure', warned, inForce, NOW, { by: 'in-force', why: 'measure-in-force' }],
    ['a threat under a measure that is less sure', warned, { ...inForce, confidence: 'reported' }, NOW, null],
  ])('%s', (_, one, larger, now, expected) => {
    expect(inhibition(one, larger, 'corroborated', now)).toEqual(expected);
  });

  test('a measure that is over for this level: the threat is heard of', () => {
    const easing = { ...inForce, confidence: 'confirmed', state: 'easing', liftConfidence: 'corroborated' } as const;
    expect(inhibition(warned, easing, 'corroborated', NOW)).toBeNull();
    expect(inhibition(warned, easing, 'confirmed', NOW)).not.toBeNull();
  });

  test.each<[string, Partial<Incident>, boolean]>([
    ['sure enough', { confidence: 'corroborated' }, true],
    ['not sure enough', { confidence: 'reported' }, false],
    ['over', { confidence: 'corroborated', state: 'lifted', open: false }, false],
    ['over for this level', { confidence: 'corroborated', liftConfidence: 'corroborated' }, false],
    ['less sure than a milder one was', { confidence: 'reported', confirmedAt: NOW }, true],
  ])('withheld, and then nothing speaks for it: %s = %s', (_, over, expected) => {
    expect(isToBeHeard({ ...blocked, ...over }, 'corroborated')).toBe(expected);
  });

  test('a shutdown speaks for a week after its last report, and what is not heard of any more is asked about in a week', () => {
    expect(endsAt(shutdown, NOW + DAY)).toBe(NOW + 7 * DAY);
    expect(endsAt(shutdown, NOW + 8 * DAY)).toBe(NOW + 15 * DAY);
    expect(endsAt(inForce, NOW)).toBe(NOW + 7 * DAY);
  });
});

describe('whom a broadcast looks for', () => {
  const id = incident().id;
  const of = (over: Partial<Broadcast>, all: Broadcast[] = [], about: Alert = alert()) => {
    const one = broadcast({ id: 'b9', kind: 'update', ...over });
    return recipientsOf(one, about, [incident()], [one, ...all]);
  };

  test.each<[string, Partial<Broadcast>, boolean]>([
    ['loud', { loud: true, reason: 'escalated' }, true],
    ['quiet', { loud: false, reason: 'confidence-up' }, false],
    ['a correction', { kind: 'correction', loud: true, reason: 'withdrawn' }, false],
    ['a quiet lift', { kind: 'lifted', loud: false, reason: 'named' }, false],
    ['a story that got its name', { loud: false, reason: 'named' }, true],
    ['a service added before the hour is over', { loud: false, reason: 'widened' }, true],
  ])('%s: others too = %s', (_, over, othersToo) => expect(of(over).othersToo).toBe(othersToo));

  test.each([NOW - DAY, NOW, NOW + DAY])(
    'a quiet word about a service (%i): others too where nobody was to hear of it before, whatever the clock says',
    (createdAt) => {
      const quiet = { loud: false, reason: 'widened' as const, createdAt };
      const first = broadcast({ id: 'first', kind: 'new', loud: true, incidentIds: ['other'] });
      const ringsInAnHour = broadcast({ id: 'later', kind: 'update', loud: true, reason: 'widened' });
      expect(of(quiet, [first]).othersToo).toBe(true);
      expect(of(quiet, [ringsInAnHour, first]).othersToo).toBe(true);
      expect(of(quiet, [{ ...ringsInAnHour, state: 'done' }, first]).othersToo).toBe(false);
      expect(of(quiet, [broadcast({ id: 'edit', kind: 'update', ...quiet }), ringsInAnHour]).othersToo).toBe(false);
      expect(of(quiet, [{ ...first, incidentIds: [id] }]).othersToo).toBe(false);
    },
  );

  test('first message or added service: only who followed before it was added; any other change: all who follow', () => {
    const early = (over: Partial<Broadcast>) => of(over).matchers.map((one) => one.onlyEarlier);
    expect(early({ kind: 'new' })).toEqual([true]);
    expect(early({ reason: 'widened' })).toEqual([true]);
    expect(early({ reason: 'escalated' })).toEqual([false]);
  });

  test('what speaks for an incident: those who know of it are left out', () => {
    const about = { incidentId: shutdown.id, country: 'IR', service: 'internet' };
    const one = broadcast();
    const plan = recipientsOf(one, alert(), [incident(), blocked], [one], new Map([[blocked.id, shutdown]]));
    expect(plan.matchers.map(({ spokenFor }) => spokenFor)).toEqual([null, about]);
  });

  test('loud: makes older replies needless that say no more; quiet: none', () => {
    const older = [
      broadcast({ id: 'same', kind: 'update', loud: true }),
      broadcast({ id: 'more', kind: 'update', loud: true, incidentIds: [id, 'other'] }),
      broadcast({ id: 'quiet', kind: 'update', loud: false }),
      broadcast({ id: 'first', kind: 'new', loud: true }),
    ];
    expect(of({ loud: true }, older).supersedes).toEqual(['same']);
    expect(of({ loud: false }, older).supersedes).toEqual([]);
    const newer = broadcast({ id: 'newer', kind: 'update', loud: true });
    const one = broadcast({ id: 'b9', kind: 'update' });
    expect(recipientsOf(one, alert(), [incident()], [newer, one]).supersedes).toEqual([]);
  });
});
