/** Chats that say they are gone: people leaving, or an account that is wrong? */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DECIDE_AFTER,
  FLOOR,
  type GoneState,
  afterVerdict,
  carefulFrom,
  decideGone,
  noteAnswer,
  trusting,
  tryIn,
} from '../../../src/core/outbox/flights.ts';

/** The chats of one broadcast answer one after another, 37 ms apart; true = gone. What was ended, and whether it was paused. */
function broadcast(answers: readonly boolean[], from: GoneState = trusting, start = 0) {
  let state = from;
  let now = start;
  const ended: number[] = [];
  let paused = false;
  const decide = (idle: boolean) => {
    const verdict = decideGone(state, idle, now);
    state = afterVerdict(state, verdict, now);
    if (verdict.verdict === 'end') ended.push(...verdict.suspects.map((one) => one.deliveryId));
    paused ||= verdict.verdict === 'pause';
  };
  for (const [deliveryId, gone] of answers.entries()) {
    if (state.careful !== null) break;
    now += 37;
    state = noteAnswer(state, gone ? { deliveryId, detail: 'blocked', since: now } : null, now);
    decide(false);
  }
  decide(true);
  return { state, ended, paused, now };
}
const chats = (gone: number, reached: number): boolean[] => [
  ...Array<boolean>(gone).fill(true),
  ...Array<boolean>(reached).fill(false),
];

describe('who is ended', () => {
  test.each<[string, boolean[], number, boolean]>([
    ['all of 500 (another bot’s token)', chats(500, 0), 0, true],
    ['499 of 500, the one reached comes first', [false, ...chats(499, 0)], 0, true],
    ['all of 8', chats(8, 0), 0, true],
    ['2 of 3', [true, true, false], 2, false],
    ['4 of 4, below the floor', chats(4, 0), 4, false],
    ['25 of 500, those that subscribed first', chats(25, 475), 25, false],
    ['25 of 500, those that subscribed last', chats(25, 475).toReversed(), 25, false],
    ['one of ten of 500', Array.from({ length: 500 }, (_, i) => i % 10 === 3), 50, false],
    ['nobody', chats(0, 500), 0, false],
  ])('%s are gone: %#', (_, answers, ended, paused) => {
    const found = broadcast(answers);
    expect([found.ended.length, found.paused]).toEqual([ended, paused]);
  });

  test('any broadcast in which one of four or fewer are gone, evenly: all of these end, nobody else', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 200 }), (order) => {
        const answers = order.flatMap((at) => Array.from({ length: 4 }, (_, i) => i === at && at !== 3));
        const { ended, paused } = broadcast(answers);
        expect(paused).toBe(false);
        expect(ended.toSorted((a, b) => a - b)).toEqual(answers.flatMap((gone, i) => (gone ? [i] : [])));
      }),
    );
  });

  test('any broadcast in which nine of ten or more are gone: nobody ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 9 }), (tens, at) => {
        const answers = Array.from({ length: tens * 10 }, (_, i) => i % 10 !== at);
        const { ended } = broadcast(answers);
        expect(ended).toEqual([]);
      }),
    );
  });

  test('any answers: every suspicion is decided within four seconds', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }), (answers) => {
        const { state, now } = broadcast(answers);
        if (state.careful === null) expect(decideGone(state, false, now + DECIDE_AFTER).verdict).not.toBe('wait');
      }),
    );
  });
});

describe('a paused account', () => {
  test('single tries that arrive: three in a row and it goes on', () => {
    let state = carefulFrom(0);
    for (let i = 0; i < 3; i++) {
      expect(state.careful).not.toBeNull();
      state = noteAnswer(state, null, i * 500);
    }
    expect([state.careful, state.proven, tryIn(state, 2_000)]).toEqual([null, true, null]);
  });

  test('tries that do not arrive: ever longer apart, at most a minute, and nobody ends', () => {
    let state = carefulFrom(0);
    let now = 0;
    const gaps: number[] = [];
    for (let i = 0; i < 12; i++) {
      state = noteAnswer(state, { deliveryId: i, detail: '', since: now }, now);
      expect(decideGone(state, true, now).verdict).toBe('nothing');
      gaps.push(tryIn(state, now)!);
      now += gaps.at(-1)!;
    }
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps.at(-1)).toBe(60_000);
  });

  test('it was proven by tries: six of ten that are gone now end, nine of ten do not', () => {
    const proven = { ...trusting, proven: true };
    expect(
      broadcast(
        Array.from({ length: 50 }, (_, i) => i % 10 < 6),
        proven,
      ),
    ).toMatchObject({ paused: false });
    expect(broadcast(chats(50, 0), proven)).toMatchObject({ paused: true, ended: [] });
  });

  test(`answers of long ago: fewer than ${FLOOR} of the last ten minutes do not pause`, () => {
    const first = broadcast(chats(4, 0));
    const second = broadcast(chats(4, 0), first.state, first.now + 11 * 60_000);
    expect([second.paused, second.ended.length]).toEqual([false, 4]);
  });
});
