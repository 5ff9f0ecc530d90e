/** The small books of the sender: who is held, what is shown, what a group's members may take, how far the clock went back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountBackoff, backoff, createPacer } from '../../../src/core/outbox/pacer.ts';
import { createHeldChats, createShown, nothingShown, payloadOf } from '../../../src/core/outbox/sender.ts';
import { createClockWatch } from '../../../src/core/wakeable.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { claim, says } from './samples.ts';

describe('chats that wait', () => {
  test('let go when their time has come, and not before; the soonest of the others is named', async () => {
    const clock = new FakeClock();
    const held = createHeldChats(clock);
    held.hold(1, 1_000);
    held.hold(2, 300);
    expect([held.release(), held.size]).toEqual([300, 2]);
    await clock.pass(300);
    expect([held.release(), [...held.ids()]]).toEqual([700, [1]]);
    await clock.pass(700);
    expect([held.release(), held.size]).toEqual([null, 0]);
  });

  test('held again: the later word counts, whichever way', () => {
    const held = createHeldChats(new FakeClock());
    held.hold(1, 9_000);
    held.hold(1, 50);
    expect(held.release()).toBe(50);
  });
});

describe('what a chat’s message shows', () => {
  const edit = claim({ op: 'edit', messageRef: '7' });

  test('the same again: nothing to edit; something else, or another chat or alert: an edit', () => {
    const shown = createShown();
    shown.note(claim(), says('blocked'));
    expect(shown.already(edit, says('blocked'))).toBe(true);
    expect(shown.already(edit, says('lifted'))).toBe(false);
    expect(shown.already({ ...edit, chatId: 2 }, says('blocked'))).toBe(false);
    expect(shown.already({ ...edit, alertId: 'a2' }, says('blocked'))).toBe(false);
  });

  test('a reply changes nothing of the message, and neither it nor a first message is ever needless', () => {
    const shown = createShown();
    shown.note(claim(), says('blocked'));
    shown.note(claim({ op: 'reply' }), says('it got worse'));
    expect(shown.already(edit, says('blocked'))).toBe(true);
    expect(shown.already(claim({ op: 'reply', messageRef: '7' }), says('blocked'))).toBe(false);
    expect(shown.already(claim(), says('blocked'))).toBe(false);
    expect(shown.already({ ...edit, messageRef: null }, says('blocked'))).toBe(false);
  });

  test('of a million chats: the last thousands are remembered, the first ones edited once more', () => {
    const shown = createShown();
    for (let chatId = 1; chatId <= 20_000; chatId++) shown.note(claim({ chatId }), says('x'));
    const knows = (chatId: number) => shown.already({ ...edit, chatId }, says('x'));
    expect([knows(20_000), knows(18_000), knows(1)]).toEqual([true, true, false]);
    expect(nothingShown.already(edit, says('x'))).toBe(false);
  });

  test('one document for many chats: written out once', () => {
    const document = says('x');
    expect(payloadOf(document)).toBe(payloadOf(document));
    expect(JSON.parse(payloadOf(document))).toEqual(document);
  });
});

describe('answers in a group', () => {
  const paceOf = (perGroupMinute: number) => ({ perSecond: 1_000, perChatMs: 0, perGroupMinute, window: 16 });
  const at = (key: string) => ({ key, group: true, answer: true });

  test('half of what the platform allows in a minute, then none until the first is a minute old; alerts have the rest', () => {
    const pacer = createPacer(paceOf(20), 0);
    for (let n = 0; n < 10; n++) expect(pacer.take(at('g'), n * 1_000)).toBe(0);
    expect(pacer.chatReadyAt(at('g'), 10_000)).toBe(60_000);
    expect(pacer.chatReadyAt(at('h'), 10_000)).toBe(10_000);
    expect(pacer.chatReadyAt({ key: 'g', group: true }, 10_000)).toBe(10_000);
    expect(pacer.take(at('g'), 60_000)).toBe(0);
    expect(pacer.chatReadyAt(at('g'), 60_500)).toBe(61_000);
  });

  test('a platform without such a limit: never waits; one that allows one: that one', () => {
    const free = createPacer(paceOf(0), 0);
    const one = createPacer(paceOf(1), 0);
    for (let n = 0; n < 5; n++) free.take(at('g'), n);
    one.take(at('g'), 0);
    expect([free.chatReadyAt(at('g'), 10), one.chatReadyAt(at('g'), 1)]).toEqual([10, 60_000]);
  });

  test('thousands of groups: those that spoke last are remembered', () => {
    const pacer = createPacer(paceOf(2), 0);
    for (let n = 0; n < 10_000; n++) pacer.take(at(`g${n}`), n);
    expect([pacer.chatReadyAt(at('g9999'), 10_000), pacer.chatReadyAt(at('g0'), 10_000)]).toEqual([69_999, 10_000]);
  });
});

test('tries again: ever later, bounded, never at once, spread by a fifth at most', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (n, random) => {
      for (const [wait, most] of [
        [backoff, 300_000],
        [accountBackoff, 60_000],
      ] as const) {
        expect(wait(n, random)).toBeGreaterThanOrEqual(wait(n, 0));
        expect(wait(n, random)).toBeLessThanOrEqual(wait(n, 0) * 1.2);
        expect(wait(n + 1, 0)).toBeGreaterThanOrEqual(wait(n, 0));
        expect(wait(n, 0)).toBeLessThanOrEqual(most);
        expect(wait(n, 0)).toBeGreaterThanOrEqual(500);
      }
    }),
  );
});

test('a clock that was set back: by how much, once; small corrections and steps forward are none', async () => {
  const clock = new FakeClock();
  const setBack = createClockWatch(clock);
  await clock.pass(60_000);
  expect(setBack()).toBe(0);
  clock.jump(-1_500);
  expect(setBack()).toBe(0);
  clock.jump(86_400_000);
  expect(setBack()).toBe(0);
  clock.jump(-3_600_000);
  await clock.pass(5_000);
  expect([setBack(), setBack()]).toEqual([3_600_000, 0]);
});
