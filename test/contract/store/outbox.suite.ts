import { expect, test } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { address, announced, broadcast, fillAll, follower, NOW, pairs, takeAll } from './samples.ts';

/** The queue between filled in and sent. */
export function outboxSuite(open: () => Store): void {
  const queued = async (store: Store, ...names: string[]) => {
    for (const name of names) await follower(store, name, 'RU *');
    await fillAll(store, await announced(store));
  };
  const claims = (store: Store, now = NOW, busy: number[] = []) => store.outbox.peek('tg', 100, now, busy);

  test('peek: what an attempt needs, nothing of another account, nothing not yet due', async () => {
    const store = open();
    await queued(store, 'a');
    const other = await store.chats.ensure(address('x', null, 'mx'), {
      platform: 'matrix',
      kind: 'group',
      lang: 'en',
      now: NOW,
    });
    await store.subscriptions.add(other.id, pairs(['RU *']), NOW - 1);
    await announced(store, 'i2', 2);
    await fillAll(store, 'broadcast-2', {
      matchers: [{ incidentId: 'i2', country: 'RU', service: 'x', onlyEarlier: false }],
      now: NOW + 5,
    });
    const [claim, ...more] = await claims(store);
    expect(more).toEqual([]);
    expect(claim).toMatchObject({
      broadcastId: 'broadcast-1',
      alertId: 'alert-1',
      accountId: 'tg',
      op: 'send',
      priority: 'alert',
      state: 'queued',
      attempts: 0,
      nextAt: NOW,
      createdAt: NOW,
      payload: null,
      messageRef: null,
      waitsForEarlier: false,
      chat: { chat: 'a', level: 'corroborated' },
    });
    expect(await store.outbox.peek('mx', 10, NOW + 4, [])).toEqual([]);
    expect(await store.outbox.peek('mx', 10, NOW + 5, [])).toHaveLength(1);
    expect(await store.outbox.nextDueAt('mx')).toBe(NOW + 5);
    expect(await store.outbox.nextDueAt('none')).toBeNull();
  });

  test('peek: by priority, then oldest; never two of one chat; busy chats left out', async () => {
    const store = open();
    await queued(store, 'a', 'b');
    await announced(store, 'i2', 2);
    await store.broadcasts.insert(broadcast({ id: 'urgent', alertId: 'alert-2', priority: 'critical' }));
    await follower(store, 'c', 'TR *');
    await fillAll(store, 'urgent', {
      matchers: [
        { incidentId: 'i2', country: 'RU', service: 'x', onlyEarlier: false },
        { incidentId: 'i2', country: 'TR', service: 'x', onlyEarlier: false },
      ],
      now: NOW + 1,
    });
    const names = (await claims(store, NOW + 1)).map(({ chat, priority }) => `${chat.chat} ${priority}`);
    expect(names).toEqual(['a critical', 'b critical', 'c critical']);
    const a = (await store.chats.find(address('a')))!;
    expect((await claims(store, NOW + 1, [a.id])).map(({ chat }) => chat.chat)).toEqual(['b', 'c']);
    expect(await store.outbox.peek('tg', 2, NOW + 1, [])).toHaveLength(2);
  });

  test('one chat with a long queue in front: others are reached all the same', async () => {
    const store = open();
    await follower(store, 'long', 'RU *');
    for (let no = 1; no <= 12; no++) {
      await announced(store, `i${no}`, no);
      await fillAll(store, `broadcast-${no}`, {
        matchers: [{ incidentId: `i${no}`, country: 'RU', service: 'x', onlyEarlier: false }],
      });
    }
    await follower(store, 'b', 'IR *');
    await follower(store, 'c', 'IR *');
    await announced(store, 'last', 13);
    await fillAll(store, 'broadcast-13', {
      matchers: [{ incidentId: 'last', country: 'IR', service: 'x', onlyEarlier: false }],
      now: NOW + 1,
    });
    expect((await store.outbox.peek('tg', 3, NOW + 1, [])).map(({ chat }) => chat.chat)).toEqual(['long', 'b', 'c']);
  });

  test('begun: sending with its payload, not offered again; what is not queued any more does not begin', async () => {
    const store = open();
    await queued(store, 'a', 'b');
    const [a, b] = await claims(store);
    await store.chats.end(b!.chatId);
    const begun = await store.outbox.advance(
      [],
      [
        { id: a!.id, payload: 'text' },
        { id: b!.id, payload: 'text' },
        { id: 12345, payload: 'x' },
      ],
      NOW,
    );
    expect(begun).toEqual([a!.id]);
    expect(await claims(store)).toEqual([]);
    expect(await store.outbox.depth()).toEqual([{ accountId: 'tg', queued: 0, sending: 1, oldestCreatedAt: null }]);
    expect(await store.outbox.advance([], [], NOW)).toEqual([]);
  });

  test('sent: its reference serves the edits; settled twice counts once', async () => {
    const store = open();
    await queued(store, 'a');
    const [send] = await claims(store);
    await store.outbox.advance([], [{ id: send!.id, payload: 'text' }], NOW);
    for (let i = 0; i < 2; i++)
      await store.outbox.advance([{ id: send!.id, outcome: 'sent', messageRef: '$event:hs' }], [], NOW + 1);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    const [edit] = await claims(store);
    expect(edit).toMatchObject({ op: 'edit', messageRef: '$event:hs' });
    await store.outbox.advance([], [{ id: edit!.id, payload: 'new' }], NOW);
    await store.outbox.advance([{ id: edit!.id, outcome: 'sent', messageRef: '$edit:hs' }], [], NOW);
    expect((await claims(store))[0]).toMatchObject({ op: 'reply', messageRef: '$event:hs' });
    expect(await store.outbox.depth()).toMatchObject([{ queued: 1, sending: 0 }]);
  });

  test('retry: again at its time, with its payload and one attempt more; later pieces wait behind it', async () => {
    const store = open();
    await queued(store, 'a', 'b');
    await takeAll(store);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    const edits = await claims(store);
    expect(edits.map(({ op }) => op)).toEqual(['edit', 'edit']);
    const [a] = edits;
    await store.outbox.advance([], [{ id: a!.id, payload: 'v1' }], NOW);
    await store.outbox.advance([{ id: a!.id, outcome: 'retry', nextAt: NOW + 50 }], [], NOW);
    expect((await claims(store)).map(({ chat, op }) => `${chat.chat} ${op}`)).toEqual(['b edit']);
    const [again] = await claims(store, NOW + 50, [edits[1]!.chatId]);
    expect(again).toMatchObject({ id: a!.id, op: 'edit', attempts: 1, payload: 'v1', nextAt: NOW + 50 });
  });

  test('earlier piece under way: the later one is marked as waiting', async () => {
    const store = open();
    await queued(store, 'a');
    const [send] = await claims(store);
    await store.outbox.advance([], [{ id: send!.id, payload: 'v1' }], NOW);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'update', loud: false, phase: 'holders' }));
    await fillAll(store, 'b2');
    expect((await claims(store))[0]).toMatchObject({ op: 'edit', waitsForEarlier: true, messageRef: null });
    await store.outbox.advance([{ id: send!.id, outcome: 'sent', messageRef: 'm' }], [], NOW);
    expect((await claims(store))[0]).toMatchObject({ op: 'edit', waitsForEarlier: false, messageRef: 'm' });
  });

  test('an older broadcast that was filled in later, and a critical piece behind a plain one: the earlier piece is offered, and all go', async () => {
    const store = open();
    await queued(store, 'a', 'b');
    await takeAll(store);
    const piece = (id: string, more: object) =>
      store.broadcasts.insert(broadcast({ id, kind: 'update', reason: 'escalated', phase: 'holders', ...more }));
    // It waited for its hour while the next ones came, and nobody could send.
    await piece('older', { reason: 'widened' });
    await piece('newer', { loud: false });
    await piece('urgent', { priority: 'critical' });
    await fillAll(store, 'newer', { now: NOW + 1 });
    await fillAll(store, 'urgent', { now: NOW + 2 });
    const offered = (now: number) =>
      claims(store, now).then((list) =>
        list.map((one) => `${one.chat.chat} ${one.broadcastId} ${one.op} ${one.waitsForEarlier}`),
      );
    expect(await offered(NOW + 2)).toEqual(['a newer edit false', 'b newer edit false']);
    await fillAll(store, 'older', { now: NOW + 3 });
    expect(await offered(NOW + 3)).toEqual(['a older reply false', 'b older reply false']);
    const [first] = await claims(store, NOW + 3);
    await store.outbox.advance([], [{ id: first!.id, payload: 'text' }], NOW + 3);
    await store.outbox.advance([{ id: first!.id, outcome: 'retry', nextAt: NOW + 9 }], [], NOW + 3);
    expect(await offered(NOW + 3)).toEqual(['b older reply false']);
    const taken = await takeAll(store, undefined, NOW + 9);
    expect(taken.filter((one) => one.startsWith('a'))).toEqual(['a reply', 'a edit', 'a reply']);
    expect(taken.filter((one) => one.startsWith('b'))).toEqual(['b reply', 'b edit', 'b reply']);
  });

  test('gone: the chat ends with it', async () => {
    const store = open();
    await queued(store, 'a', 'b');
    await takeAll(store, (id, chat) =>
      chat === 'a' ? { id, outcome: 'gone', reason: 'blocked' } : { id, outcome: 'sent', messageRef: 'm' },
    );
    expect(await store.chats.counts()).toEqual({ active: 1, gone: 1 });
    expect(await store.outbox.depth()).toEqual([]);
  });

  test('superseded without a try: settled from the queue', async () => {
    const store = open();
    await queued(store, 'a');
    const [claim] = await claims(store);
    await store.outbox.advance([{ id: claim!.id, outcome: 'superseded', reason: 'nothing to say' }], [], NOW);
    expect(await claims(store)).toEqual([]);
    expect(await store.outbox.depth()).toEqual([]);
  });

  test('advance that fails halfway: neither settled nor begun', async () => {
    const store = open();
    await queued(store, 'a', 'b');
    const [a, b] = await claims(store);
    await store.outbox.advance([], [{ id: a!.id, payload: 'text' }], NOW);
    const failed = store.transaction(async (tables) => {
      await tables.outbox.advance(
        [{ id: a!.id, outcome: 'sent', messageRef: 'm' }],
        [{ id: b!.id, payload: 'text' }],
        NOW,
      );
      throw new Error('crash');
    });
    await expect(failed).rejects.toThrow('crash');
    expect(await store.outbox.depth()).toEqual([{ accountId: 'tg', queued: 1, sending: 1, oldestCreatedAt: NOW }]);
  });

  test('start after a crash: what was sending is due again with its payload; begun too long ago is given up', async () => {
    const store = open();
    await queued(store, 'a', 'b', 'c');
    const [a, b] = await claims(store);
    await store.outbox.advance([], [{ id: a!.id, payload: 'old' }], NOW - 100);
    await store.outbox.advance([], [{ id: b!.id, payload: 'young' }], NOW);
    expect(await store.outbox.recover('other', null)).toEqual({ requeued: 0, unknown: 0 });
    expect(await store.outbox.recover('tg', NOW - 50)).toEqual({ requeued: 1, unknown: 1 });
    expect((await claims(store)).map(({ chat, payload, attempts }) => [chat.chat, payload, attempts])).toEqual([
      ['b', 'young', 1],
      ['c', null, 0],
    ]);
    expect(await store.outbox.depth()).toMatchObject([{ queued: 2, sending: 0 }]);
  });

  test('recent sends: what is under way, then what was sent since, newest first', async () => {
    const store = open();
    await queued(store, 'a', 'b', 'c');
    let at = NOW;
    const [under, ...others] = await claims(store);
    await store.outbox.advance([], [{ id: under!.id, payload: 'text' }], at);
    for (const claim of others) {
      await store.outbox.advance([], [{ id: claim.id, payload: 'text' }], at);
      await store.outbox.advance([{ id: claim.id, outcome: 'sent', messageRef: 'm' }], [], at++);
    }
    const sends = await store.outbox.recentSends('tg', NOW);
    expect(sends).toEqual([
      { chat: 'a', kind: 'private', at: null },
      { chat: 'c', kind: 'private', at: NOW + 1 },
      { chat: 'b', kind: 'private', at: NOW },
    ]);
    expect(await store.outbox.recentSends('tg', NOW + 1)).toHaveLength(2);
    expect(await store.outbox.recentSends('other', NOW)).toEqual([]);
  });

  test('same text for many: kept once', async () => {
    const store = open();
    await queued(store, ...Array.from({ length: 20 }, (_, i) => `c${i}`));
    await takeAll(store);
    const rows = new Map((await store.digest()).map(({ table, rows }) => [table, rows]));
    expect(rows.get('deliveries')).toBe(20);
    expect(rows.get('payloads')).toBe(1);
  });
}
