/** An account that refuses or does not answer: it holds everybody once, and is one trouble in the log. */
import { describe, expect, test } from 'vitest';
import { createPacer } from '../../../src/core/outbox/pacer.ts';
import { createAccountWatch, createOutage } from '../../../src/core/outbox/sender.ts';
import type { SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { fixedIds } from './samples.ts';

function bench() {
  const clock = new FakeClock();
  const { log, lines, said } = recordingLog();
  const pacer = createPacer({ perSecond: 20, perChatMs: 0, perGroupMinute: 0, window: 16 }, 0);
  const outage = createOutage();
  const watch = createAccountWatch({ accountId: 'tg', pacer, clock, ids: fixedIds(), log, outage });
  const paused = () => Math.max(0, pacer.pausedUntil() - clock.monotonic());
  return { clock, lines, said, pacer, outage, paused, note: watch.note };
}
const fails = (over: object = {}): SendOutcome =>
  ({ kind: 'retry', scope: 'account', reason: 'server', detail: 'HTTP 502', afterMs: null, ...over }) as SendOutcome;
const limited = (afterMs: number | null) => fails({ reason: 'rate_limited', detail: 'Too Many Requests', afterMs });
const delivered: SendOutcome = { kind: 'delivered', messageRef: '1' };

describe('asked to wait', () => {
  test('for as long as asked, a tenth slower, with one line that says both', () => {
    const { note, paused, pacer, lines } = bench();
    note(limited(7_000));
    expect([paused(), pacer.rate()]).toEqual([7_000, 18]);
    expect(lines).toMatchObject([{ level: 'info', fields: { account: 'tg', ms: 7_000, rate: 18 } }]);
  });

  test('without a time: a second', () => {
    const { note, paused } = bench();
    note(limited(null));
    expect(paused()).toBe(1_000);
  });

  test('what was under way fails with it: the same refusal, not a second tenth and no second line', () => {
    const { note, paused, pacer, lines } = bench();
    for (let n = 0; n < 16; n++) note(limited(7_000));
    expect([paused(), pacer.rate(), lines.length]).toEqual([7_000, 18, 1]);
  });

  test('again after the pause: slower still', async () => {
    const { note, clock, pacer } = bench();
    note(limited(1_000));
    await clock.pass(1_000);
    note(limited(1_000));
    expect(pacer.rate()).toBeCloseTo(16.2);
  });
});

describe('a line or a server that is down', () => {
  test('tries ever further apart, up to a minute; one delivery, and it begins anew', async () => {
    const { note, clock, paused } = bench();
    const pauses: number[] = [];
    for (let n = 0; n < 10; n++) {
      note(fails());
      pauses.push(paused());
      await clock.pass(paused());
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    note(delivered);
    note(fails());
    expect(paused()).toBe(500);
  });

  test('sixteen sends that were under way fail together: one step', () => {
    const { note, paused } = bench();
    for (let n = 0; n < 16; n++) note(fails());
    expect(paused()).toBe(500);
  });

  test('the server names a time: not before it', () => {
    const { note, paused } = bench();
    note(fails({ afterMs: 90_000 }));
    expect(paused()).toBe(90_000);
  });

  test('one warning when it begins, one line when sending has gone well for ten seconds', async () => {
    const { note, clock, said } = bench();
    for (let n = 0; n < 5; n++) {
      note(fails());
      await clock.pass(2_000);
    }
    note(delivered);
    await clock.pass(9_000);
    expect(said()).toEqual(['warn Unable to send; will go on trying']);
    await clock.pass(2_000);
    expect(said().at(-1)).toBe('info Sending works again');
  });

  test('every third send breaks: one trouble, and no word of its end before ten quiet seconds', async () => {
    const { note, clock, said } = bench();
    for (let n = 0; n < 30; n++) {
      note(n % 3 === 0 ? fails() : delivered);
      await clock.pass(1_000);
    }
    expect(said()).toEqual(['warn Unable to send; will go on trying']);
  });

  test('receiving has warned of the line already: no second warning; a refused token is another matter', () => {
    const line = bench();
    line.outage.begins('receiving');
    line.note(fails());
    expect(line.said()).toEqual(['info Unable to send, either']);
    const token = bench();
    token.outage.begins('receiving');
    token.note(fails({ reason: 'auth', detail: 'the token was refused' }));
    expect(token.said()).toEqual(['warn Unable to send; will go on trying']);
  });
});

test('what is one chat’s own trouble: the account goes on', () => {
  const { note, paused, lines } = bench();
  for (const outcome of [
    fails({ scope: 'chat' }),
    { kind: 'gone', reason: 'client', detail: 'blocked' },
    { kind: 'rejected', reason: 'client', detail: 'x' },
    { kind: 'moved', to: { accountId: 'tg', chat: '2', thread: null } },
  ] as SendOutcome[])
    note(outcome);
  expect([paused(), lines]).toEqual([0, []]);
});
