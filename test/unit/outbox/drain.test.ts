import { afterEach, describe, expect, test } from 'vitest';
import { createRecordingAdapter } from '../../../src/cli/replay.ts';
import { deliveryKey, partsOfKey } from '../../../src/core/model/alert.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import { createOutage, createSender } from '../../../src/core/outbox/sender.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { alert, broadcast, fillAll, follower, NOW } from '../../contract/store/samples.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';

const DOCUMENT: MessageDocument = { blocks: [], buttons: [], lang: 'en', tone: 'alert' };
let store: Store;
afterEach(() => store.close());

/** Chats that follow, a first message, a loud change after it, and a quiet one that changes nothing. */
async function world(chats: number, everyEdit: boolean, cleared = () => true) {
  const clock = new FakeClock();
  const ids = createIds(clock);
  store = await openStore(':memory:', { clock, log, ids });
  for (let i = 0; i < chats; i++) await follower(store, `c${i}`, 'RU *');
  await store.alerts.insert(alert());
  const adapter = createRecordingAdapter('tg');
  const compose = async (claims: unknown[]) => claims.map(() => ({ document: DOCUMENT }));
  const outage = createOutage();
  const deps = { store, adapter, clock, ids, log, compose, outage, recallFor: null, everyEdit, cleared };
  const sender = createSender(deps);
  const { signal } = new AbortController();
  const sendAll = async (over: Parameters<typeof broadcast>[0]): Promise<string[]> => {
    await store.broadcasts.insert(broadcast(over));
    await fillAll(store, over!.id!, { now: clock.now() });
    await sender.drain(signal);
    return adapter.take().map((one) => `${one.broadcastId} ${one.op}`);
  };
  return { sendAll, sender, signal, clock, adapter };
}

describe('a sender that somebody else drives', () => {
  test('drained: everything that is due is sent and settled, in order; then nothing', async () => {
    const { sendAll, sender, signal, adapter } = await world(3, true);
    expect(await sendAll({ id: 'b1' })).toEqual(['b1 send', 'b1 send', 'b1 send']);
    const loud = await sendAll({ id: 'b2', kind: 'update', phase: 'holders' });
    expect(loud.toSorted()).toEqual(['b2 edit', 'b2 edit', 'b2 edit', 'b2 reply', 'b2 reply', 'b2 reply']);
    expect(loud.indexOf('b2 edit')).toBeLessThan(loud.indexOf('b2 reply'));
    await sender.drain(signal);
    expect(adapter.take()).toEqual([]);
    expect(await store.outbox.depth()).toEqual([]);
    expect(sender.inFlight()).toBe(0);
  });

  test.each([
    [true, ['b2 edit']],
    [false, []],
  ])('an edit that changes nothing, everyEdit %s: %j', async (everyEdit, expected) => {
    const { sendAll } = await world(1, everyEdit);
    await sendAll({ id: 'b1' });
    expect(await sendAll({ id: 'b2', kind: 'update', loud: false, phase: 'holders' })).toEqual(expected);
  });

  test('nothing is due, or only later: returns at once', async () => {
    const { sender, signal } = await world(0, false);
    await sender.drain(signal);
    expect(sender.inFlight()).toBe(0);
  });
});

describe('an account that may not send', () => {
  test('drained: returns at once, and what is due waits; once it may, that goes', async () => {
    let may = false;
    const { sendAll, sender, signal, adapter } = await world(2, true, () => may);
    expect(await sendAll({ id: 'b1' })).toEqual([]);
    expect(await store.outbox.depth()).toMatchObject([{ queued: 2, sending: 0 }]);
    may = true;
    await sender.drain(signal);
    expect(adapter.take().map(({ op }) => op)).toEqual(['send', 'send']);
    expect(await store.outbox.depth()).toEqual([]);
  });
});

describe('an account that is wrong, while people ask it things', () => {
  const gone = { kind: 'gone', reason: 'client', detail: 'chat not found' } as const;
  const answerTo = (chat: string) =>
    ({
      address: { accountId: 'tg', chat, thread: null },
      group: false,
      document: DOCUMENT,
      replyTo: null,
      edit: null,
      kind: 'change',
    }) as never;

  test('their answers come back as gone: no chat ends by that, and all hear the next alert', async () => {
    const { sendAll, sender, signal, clock, adapter } = await world(4, true);
    const send = adapter.send;
    adapter.send = async () => gone;
    for (let i = 0; i < 4; i++) sender.reply(answerTo(`c${i}`));
    for (let turns = 0; turns < 20 && sender.inFlight() + sender.waiting() > 0; turns++) {
      await sender.drain(signal);
      await clock.pass(1_000);
    }
    expect(sender.waiting()).toBe(0);
    expect(await store.chats.counts()).toMatchObject({ active: 4 });
    adapter.send = send;
    expect(await sendAll({ id: 'b1' })).toEqual(['b1 send', 'b1 send', 'b1 send', 'b1 send']);
  });
});

test('key of a delivery: says its broadcast, chat and op again; any other text is refused', async () => {
  store = await openStore(':memory:', { clock: new FakeClock(), log, ids: createIds(new FakeClock()) });
  for (const op of ['send', 'edit', 'reply'] as const) {
    const parts = { broadcastId: `0mk${NOW}`, chatId: 12, op };
    expect(partsOfKey(deliveryKey(parts))).toEqual(parts);
  }
  for (const text of ['', 'tocsin.a.b.send', 'tocsin.a.1.shout', 'x.a.1.send'])
    expect(() => partsOfKey(text)).toThrow('not the key');
});
