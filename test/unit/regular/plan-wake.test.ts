import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChatSettings, DEFAULT_SETTINGS, REMINDERS } from '../../../src/core/model/chat.ts';
import type { DueChat } from '../../../src/core/ports/outbox.ts';
import { planWake } from '../../../src/core/regular.ts';
import { quietUntil } from '../../../src/core/wall-clock.ts';
import { chat } from '../outbox/samples.ts';

const DAY = 86_400_000;
const at = (text: string): number => Date.parse(`2026-${text.replace(' ', 'T')}+03:00`);
const due = (
  settings: Partial<ChatSettings>,
  over: Partial<Omit<DueChat, 'chat'>> = {},
  timeZone = 'Europe/Moscow',
): DueChat => ({
  chat: chat({ settings: { ...DEFAULT_SETTINGS, ...settings }, timeZone }),
  wakeAt: 0,
  held: false,
  follows: true,
  ...over,
});
const night = { from: 23 * 60, to: 8 * 60, critical: false };
const daily = { every: 'day', at: 9 * 60 } as const;

describe('what is due for a chat', () => {
  const CASES: [string, DueChat, string, string[], string | null][] = [
    ['nothing chosen, nothing waits: never again', due({}, { wakeAt: at('02-06 12:00') }), '02-06 12:00', [], null],
    [
      'something waits in the night: in the morning',
      due({ quiet: night }, { wakeAt: at('02-07 01:00'), held: true }),
      '02-07 01:00',
      [],
      '02-07 08:00',
    ],
    [
      'something waits, it is morning: the summary',
      due({ quiet: night }, { wakeAt: at('02-07 08:00'), held: true }),
      '02-07 08:00',
      ['summary'],
      null,
    ],
    [
      'something waits, quiet hours are off now: the summary',
      due({}, { wakeAt: at('02-07 03:00'), held: true }),
      '02-07 03:00',
      ['summary'],
      null,
    ],
    [
      'its digest, and the next tomorrow',
      due({ digest: daily }, { wakeAt: at('02-07 09:00') }),
      '02-07 09:00',
      ['digest'],
      '02-08 09:00',
    ],
    [
      'the digest was just chosen, for later today',
      due({ digest: daily }, { wakeAt: at('02-07 08:00') }),
      '02-07 08:00',
      [],
      '02-07 09:00',
    ],
    [
      'away for three days: one digest',
      due({ digest: daily }, { wakeAt: at('02-07 09:00') }),
      '02-10 09:30',
      ['digest'],
      '02-11 09:00',
    ],
    [
      'a weekly digest: on Monday',
      due({ digest: { every: 'week', at: 540 } }, { wakeAt: at('02-06 12:00') }),
      '02-06 12:00',
      [],
      '02-09 09:00',
    ],
    [
      'reminders: at noon',
      due({ reminders: 1 }, { wakeAt: at('02-07 12:00') }),
      '02-07 12:00',
      ['reminder'],
      '02-08 12:00',
    ],
    [
      'reminders each third day',
      due({ reminders: 3 }, { wakeAt: at('02-07 13:00') }),
      '02-07 13:00',
      [],
      '02-09 12:00',
    ],
    [
      'the report of a quiet week: on Monday at ten',
      due({ allQuiet: true }, { wakeAt: at('02-09 10:00') }),
      '02-09 10:00',
      ['report'],
      '02-16 10:00',
    ],
    [
      'a row that follows nothing: nothing, and a look tomorrow',
      due({ digest: daily }, { wakeAt: at('02-07 09:00'), follows: false }),
      '02-07 09:00',
      [],
      '02-08 09:00',
    ],
    [
      'all at once',
      due({ quiet: night, digest: { every: 'day', at: 480 } }, { wakeAt: at('02-07 08:00'), held: true }),
      '02-07 08:00',
      ['summary', 'digest'],
      '02-08 08:00',
    ],
  ];
  test.each(CASES)('%s', (_name, one, now, what, next) => {
    const plan = planWake(one, at(now));
    expect(plan.now).toEqual(what);
    expect(plan.next).toBe(next === null ? null : at(next));
  });

  const settings = fc.record({
    quiet: fc.option(
      fc.constantFrom(night, { from: 0, to: 540, critical: false }, { from: 780, to: 900, critical: true }),
    ),
    digest: fc.option(fc.constantFrom(daily, { every: 'week' as const, at: 150 })),
    reminders: fc.constantFrom(...REMINDERS),
    allQuiet: fc.boolean(),
  });
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Tehran', 'UTC');
  const begins = fc
    .integer({ min: at('01-01 00:00') / 60_000, max: at('12-31 00:00') / 60_000 })
    .map((m) => m * 60_000);

  test('any chat over two weeks, a change of clocks or not: the promised number of each, a summary never in quiet hours, and each step gets on', () => {
    fc.assert(
      fc.property(settings, zones, begins, (chosen, zone, begin) => {
        let wakeAt = begin;
        const counts: Record<string, number> = {};
        for (let steps = 0; wakeAt < begin + 14 * DAY; steps++) {
          expect(steps).toBeLessThan(100);
          const one = due(chosen, { wakeAt, held: true }, zone);
          const plan = planWake(one, wakeAt);
          for (const kind of plan.now) counts[kind] = (counts[kind] ?? 0) + 1;
          if (plan.now.includes('summary')) expect(quietUntil(one.chat.settings.quiet, zone, wakeAt)).toBeNull();
          if (plan.next === null) break;
          expect(plan.next).toBeGreaterThan(wakeAt);
          wakeAt = plan.next;
        }
        const near = (kind: string, expected: number) => {
          expect(counts[kind] ?? 0).toBeGreaterThanOrEqual(expected - 1);
          expect(counts[kind] ?? 0).toBeLessThanOrEqual(expected + 1);
        };
        near('digest', chosen.digest ? (chosen.digest.every === 'day' ? 14 : 2) : 0);
        near('reminder', chosen.reminders > 0 ? 14 / chosen.reminders : 0);
        near('report', chosen.allQuiet ? 2 : 0);
      }),
      { numRuns: 60 },
    );
  });
});
