/** What pairs of chats decide: whether the second chat is told instead, or as well, and when a test is due. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cutOffBy,
  FAILS_AFTER,
  isTestDue,
  longSince,
  planBoth,
  planDivert,
  TEST_EVERY,
} from '../../../src/core/link.ts';
import { CONFIDENCES, LEVELS, reaches } from '../../../src/core/model/incident.ts';
import { type Via, viaOf, viaText } from '../../../src/core/model/link.ts';
import type { Stuck } from '../../../src/core/ports/store.ts';
import { incident } from '../render/support.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;
const stuck = (over: Partial<Stuck> = {}): Stuck => ({
  id: 1,
  op: 'send',
  state: 'queued',
  attempts: 0,
  createdAt: NOW - MINUTE,
  accountId: 'tg',
  spareAccountId: 'mx',
  spareHas: false,
  ...over,
});
const troubles = (tg: number, mx = 0) =>
  new Map([...(tg > 0 ? [['tg', tg] as const] : []), ...(mx > 0 ? [['mx', mx] as const] : [])]);

describe('what a first chat cannot get', () => {
  test.each([
    ['the account is well, a moment ago', stuck(), troubles(0), 'wait', 'not-yet'],
    [
      'the account is well, and the queue is long',
      stuck({ createdAt: NOW - 60 * MINUTE }),
      troubles(0),
      'wait',
      'not-yet',
    ],
    ['failing for four minutes', stuck(), troubles(4 * MINUTE), 'wait', 'not-yet'],
    ['failing for five minutes', stuck(), troubles(5 * MINUTE), 'divert', 'account-fails'],
    [
      'failing for long, told a moment ago',
      stuck({ createdAt: NOW - 20_000 }),
      troubles(60 * MINUTE),
      'divert',
      'account-fails',
    ],
    [
      'failing for long, and this very moment it is tried: it may be back',
      stuck({ createdAt: NOW - 1_000, state: 'sending', attempts: 1 }),
      troubles(60 * MINUTE),
      'wait',
      'not-yet',
    ],
    [
      'waits for five minutes, a new process sees trouble',
      stuck({ createdAt: NOW - 5 * MINUTE }),
      troubles(30_000),
      'divert',
      'waits-too-long',
    ],
    [
      'waits for five minutes, trouble of a moment',
      stuck({ createdAt: NOW - 5 * MINUTE }),
      troubles(1_000),
      'wait',
      'not-yet',
    ],
    [
      'this chat alone is not taken, five minutes and tries',
      stuck({ createdAt: NOW - 5 * MINUTE, attempts: 2 }),
      troubles(0),
      'divert',
      'waits-too-long',
    ],
    ['the second has it', stuck({ spareHas: true }), troubles(5 * MINUTE), 'drop', 'spare-has-it'],
    ['the second has it, and the first works', stuck({ spareHas: true }), troubles(0), 'wait', 'not-yet'],
    ['both fail', stuck(), troubles(5 * MINUTE, 5 * MINUTE), 'wait', 'spare-fails-too'],
    ['the second fails for a moment', stuck(), troubles(5 * MINUTE, 1_000), 'divert', 'account-fails'],
    [
      'both fail, and the second has it',
      stuck({ spareHas: true }),
      troubles(5 * MINUTE, 5 * MINUTE),
      'drop',
      'spare-has-it',
    ],
  ] as const)('%s: %#', (_name, one, found, what, why) => {
    expect(planDivert(one, found, NOW)).toEqual({ id: 1, do: what, why });
  });

  const arbitrary = fc.record({
    attempts: fc.nat(20),
    age: fc.nat(20 * MINUTE),
    tg: fc.nat(20 * MINUTE),
    mx: fc.nat(20 * MINUTE),
    spareHas: fc.boolean(),
    op: fc.constantFrom('send' as const, 'reply' as const),
    state: fc.constantFrom('queued' as const, 'sending' as const),
  });

  test('whatever the state: within six minutes of trouble it is told somewhere, unless both platforms fail', () => {
    fc.assert(
      fc.property(arbitrary, ({ age, tg, mx, ...rest }) => {
        const plan = planDivert(stuck({ ...rest, createdAt: NOW - age }), troubles(tg, mx), NOW);
        if (tg >= 6 * MINUTE && age >= MINUTE && (mx < MINUTE || rest.spareHas)) expect(plan.do).not.toBe('wait');
      }),
    );
  });

  test('whatever the state: nothing leaves the first chat before five minutes, and never while all is well', () => {
    fc.assert(
      fc.property(arbitrary, ({ age, tg, mx, ...rest }) => {
        const plan = planDivert(stuck({ ...rest, createdAt: NOW - age }), troubles(tg, mx), NOW);
        if (tg < FAILS_AFTER && age < FAILS_AFTER) expect(plan.do).toBe('wait');
        if (tg === 0 && rest.attempts === 0) expect(plan.do).toBe('wait');
      }),
    );
  });

  test('longer trouble, longer waiting or more attempts: never less is done', () => {
    const rank = { wait: 0, drop: 1, divert: 1 };
    fc.assert(
      fc.property(arbitrary, fc.nat(20 * MINUTE), ({ age, tg, mx, ...rest }, more) => {
        const at = (tg2: number, age2: number) =>
          rank[planDivert(stuck({ ...rest, createdAt: NOW - age2 }), troubles(tg2, mx), NOW).do];
        expect(at(tg + more, age)).toBeGreaterThanOrEqual(at(tg, age));
        expect(at(tg, age + more)).toBeGreaterThanOrEqual(at(tg, age));
      }),
    );
  });

  test('what the second has is never told it again', () => {
    fc.assert(
      fc.property(arbitrary, ({ age, tg, mx, ...rest }) => {
        const plan = planDivert(stuck({ ...rest, spareHas: true, createdAt: NOW - age }), troubles(tg, mx), NOW);
        expect(plan.do).not.toBe('divert');
      }),
    );
  });
});

describe('a platform that is cut off', () => {
  const telegram = (over: Parameters<typeof incident>[0] = {}) =>
    incident({ id: 'RU-telegram-1', service: 'telegram', ...over });
  const ru = { level: 'corroborated' as const, countries: new Set(['RU']) };
  const DAY = 86_400_000;
  const joined = { both: 'new' as const, createdAt: incident().openedAt };
  const later = { ...joined, createdAt: joined.createdAt + 30 * DAY };

  test.each([
    ['blocked', telegram(), 'RU'],
    ['throttled', telegram({ action: 'throttle' }), 'RU'],
    ['only calls are restricted', telegram({ action: 'restrict' }), null],
    ['threatened', telegram({ family: 'warn', action: 'warn', state: 'threatened' }), null],
    ['signs that it is over', telegram({ state: 'easing' }), 'RU'],
    ['over', telegram({ state: 'lifted', liftConfidence: 'corroborated' }), null],
    ['withdrawn', telegram({ state: 'withdrawn' }), null],
    ['less sure than the chat wants it', telegram({ confidence: 'reported' }), null],
    ['over, as far as this level knows', telegram({ state: 'easing', liftConfidence: 'corroborated' }), null],
    ['in no country that is named', telegram({ country: null }), null],
    ['elsewhere', telegram({ country: 'IR' }), null],
  ])('%s: %s', (_name, one, country) => {
    expect(planBoth(ru, joined, cutOffBy([one]))?.country ?? null).toBe(country);
  });

  test('long since, by the public record: both only for whom wishes it, at every level; what is news comes first', () => {
    const record = [{ country: 'RU', action: 'throttle' as const }];
    const long = cutOffBy([], record);
    const sure = { ...ru, level: 'confirmed' as const };
    expect(planBoth(sure, joined, long)).toBeNull();
    expect(longSince(sure, joined, long)).toMatchObject({ country: 'RU', incident: null });
    expect(planBoth(sure, { ...joined, both: 'always' }, long)).toMatchObject({ country: 'RU', incident: null });
    expect(planBoth({ ...ru, countries: new Set(['IR']) }, { ...joined, both: 'always' }, long)).toBeNull();
    expect(planBoth(ru, joined, cutOffBy([telegram()], record))?.incident?.id).toBe('RU-telegram-1');
    expect(longSince(ru, joined, cutOffBy([], [{ country: 'RU', action: 'restrict' }]))).toBeNull();
  });

  test.each([
    ['told once more by an outlet, as bad as the record says', telegram({ action: 'throttle' }), joined, null],
    ['worse than the record says', telegram({ action: 'block' }), joined, 'RU'],
    ['the same, a month before they were joined', telegram({ action: 'block' }), later, null],
    ['the same, and all is wished for', telegram({ action: 'block' }), { ...later, both: 'always' as const }, 'RU'],
    ['worse, and neither is wished for', telegram({ action: 'block' }), { ...joined, both: 'never' as const }, null],
  ])('slowed down long since, %s: %s', (_name, one, link, country) => {
    expect(planBoth(ru, link, cutOffBy([one], [{ country: 'RU', action: 'throttle' }]))?.country ?? null).toBe(country);
  });

  test('began before the two were joined, and became worse since: both', () => {
    const worse = new Map([['RU-telegram-1', later.createdAt + DAY]]);
    expect(planBoth(ru, later, cutOffBy([telegram()]))).toBeNull();
    expect(planBoth(ru, later, cutOffBy([telegram()], [], worse))?.country).toBe('RU');
  });

  test('joined in the first days of it, and because of it: both', () => {
    expect(planBoth(ru, { ...joined, createdAt: joined.createdAt + 3 * DAY }, cutOffBy([telegram()]))?.country).toBe(
      'RU',
    );
  });

  test('whatever is cut off: only where the chat follows the country by name, at its level', () => {
    const countries = fc.subarray(['RU', 'IR', 'TR', '*']);
    const one = fc.record({
      country: fc.constantFrom('RU', 'IR', 'TR', 'DE'),
      confidence: fc.constantFrom(...CONFIDENCES),
      state: fc.constantFrom('active' as const, 'easing' as const),
    });
    fc.assert(
      fc.property(countries, fc.constantFrom(...LEVELS), fc.array(one, { maxLength: 5 }), (followed, level, all) => {
        const open = all.map((over, i) => telegram({ ...over, id: `i${i}` }));
        const found = planBoth({ level, countries: new Set(followed) }, joined, cutOffBy(open));
        const due = open.some((it) => followed.includes(it.country!) && reaches(it.confidence, level));
        expect(found !== null).toBe(due);
        if (found) expect(followed).toContain(found.country);
      }),
    );
  });
});

describe('a monthly test', () => {
  test.each([
    ['not wished for', { monthlyTest: false, testedAt: null, createdAt: 0 }, false],
    ['joined yesterday', { monthlyTest: true, testedAt: null, createdAt: NOW - 86_400_000 }, false],
    ['joined a month ago', { monthlyTest: true, testedAt: null, createdAt: NOW - TEST_EVERY }, true],
    ['tested since', { monthlyTest: true, testedAt: NOW - 1_000, createdAt: 0 }, false],
  ])('%s: %s', (_name, link, due) => {
    expect(isTestDue(link, NOW)).toBe(due);
  });
});

test('by which way a message came: read as it was written; what nobody knows is nothing', () => {
  const reason = fc.constantFrom<Via['reason']>('failing', 'gone', 'country');
  const country = fc.option(fc.constantFrom('RU', 'IR', 'EU'));
  fc.assert(
    fc.property(reason, fc.constantFrom('telegram', 'matrix'), country, (why, platform, where) => {
      const via = { reason: why, platform, country: where };
      expect(viaOf(viaText(via))).toEqual(via);
    }),
  );
  for (const text of ['', 'failing', 'other telegram']) expect(viaOf(text)).toBeNull();
});
