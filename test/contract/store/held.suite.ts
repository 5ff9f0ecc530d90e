/** What waits for the end of quiet hours, and when a chat is looked at. Run against every store. */
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { address, alert, announced, broadcast, DAY, fillAll, follower, NOW } from './samples.ts';

const END = NOW + 8 * 3_600_000;

/** All that is due, put off until `END`. */
async function holdAll(store: Store, until = END): Promise<string[]> {
  const claims = await store.outbox.peek('tg', 100, NOW, []);
  await store.outbox.advance(
    claims.map(({ id }) => ({ id, outcome: 'held', until })),
    [],
    NOW,
  );
  return claims.map((claim) => `${claim.chat.chat} ${claim.op}`);
}

/** A summary for these chats, in the queue. */
async function summary(store: Store, chatIds: number[], id = 'summary-1', now = END): Promise<void> {
  await store.alerts.insert(alert({ id: `alert-of-${id}`, country: null, incidents: [] }));
  await store.broadcasts.insert(
    broadcast({
      id,
      alertId: `alert-of-${id}`,
      kind: 'summary',
      loud: false,
      incidentIds: [],
      priority: 'digest',
      state: 'done',
    }),
  );
  await store.outbox.put(id, chatIds, now);
}

const rowsOf = async (store: Store, table: string): Promise<number> =>
  (await store.digest()).find((one) => one.table === table)!.rows;

export function heldSuite(open: () => Store): void {
  test('held: out of the queue and its counts, told by nobody, and its chat is looked at then', async () => {
    const store = open();
    const ann = await follower(store, 'ann', 'RU *');
    await follower(store, 'bob', 'RU *');
    await fillAll(store, await announced(store));
    expect((await holdAll(store)).sort()).toEqual(['ann send', 'bob send']);
    expect(await store.outbox.depth()).toEqual([]);
    expect(await store.outbox.nextDueAt('tg')).toBeNull();
    expect(await store.chats.nextDueAt()).toBe(END);
    expect(await store.chats.due(END - 1, 10)).toEqual([]);
    const due = await store.chats.due(END, 10);
    expect(due.map(({ chat, wakeAt, held, follows }) => ({ name: chat.chat, wakeAt, held, follows }))).toEqual([
      { name: 'ann', wakeAt: END, held: true, follows: true },
      { name: 'bob', wakeAt: END, held: true, follows: true },
    ]);
    const held = await store.outbox.heldOf([ann.id], 10);
    expect(held.get(ann.id)).toEqual([
      {
        chatId: ann.id,
        alertId: 'alert-1',
        op: 'send',
        kind: 'new',
        reason: 'opened',
        incidentIds: ['RU-whatsapp-3f9k'],
        via: null,
      },
    ]);
    expect((await store.chats.copy(ann.id, 10)).deliveries.rows[0]).toMatchObject({ state: 'held' });
  });

  test('a later change of what waits: an edit and a reply are written, and both know that it waits', async () => {
    const store = open();
    await follower(store, 'ann', 'RU *');
    await fillAll(store, await announced(store));
    await holdAll(store);
    await store.broadcasts.insert(broadcast({ id: 'lift', kind: 'lifted', reason: 'lifted', phase: 'holders' }));
    await fillAll(store, 'lift');
    const [edit] = await store.outbox.peek('tg', 10, NOW, []);
    expect(edit).toMatchObject({
      op: 'edit',
      messageRef: null,
      heldBefore: true,
      inSummary: false,
      waitsForEarlier: false,
    });
  });

  test('a summary of one alert that was sent: its message, edited as any other; of several: answered, never edited', async () => {
    const store = open();
    const ann = await follower(store, 'ann', 'RU *');
    await fillAll(store, await announced(store));
    await holdAll(store);
    const bob = await follower(store, 'bob', 'RU *', 'KZ *');
    await fillAll(store, await announced(store, 'RU-signal-1111', 2), {
      matchers: [{ incidentId: 'RU-signal-1111', country: 'RU', service: 'signal', onlyEarlier: false }],
    });
    await holdAll(store);
    await summary(store, [ann.id, bob.id]);
    const claims = await store.outbox.peek('tg', 10, END, []);
    expect(claims.map((claim) => [claim.chat.chat, claim.kind])).toEqual([
      ['ann', 'summary'],
      ['bob', 'summary'],
    ]);
    await store.outbox.advance(
      [],
      claims.map(({ id }) => ({ id, payload: 'text' })),
      END,
    );
    // What begins is told: a second summary finds nothing.
    expect((await store.outbox.heldOf([ann.id, bob.id], 10)).size).toBe(0);
    await store.outbox.advance(
      claims.map(({ id }) => ({ id, outcome: 'sent', messageRef: `m${id}` })),
      [],
      END,
    );
    expect(await rowsOf(store, 'held')).toBe(0);
    await store.broadcasts.insert(
      broadcast({
        id: 'lift',
        alertId: 'alert-2',
        kind: 'lifted',
        reason: 'lifted',
        phase: 'holders',
        incidentIds: ['RU-signal-1111'],
      }),
    );
    await fillAll(store, 'lift', {
      matchers: [{ incidentId: 'RU-signal-1111', country: 'RU', service: 'signal', onlyEarlier: false }],
    });
    const edits = await store.outbox.peek('tg', 10, END, []);
    expect(edits.map((claim) => [claim.chat.chat, claim.op, claim.inSummary, claim.messageRef !== null])).toEqual([
      ['ann', 'edit', true, true],
      ['bob', 'edit', false, true],
    ]);
  });

  test('what is held after a summary began: the next one tells of it, also where the first is tried again', async () => {
    const store = open();
    const ann = await follower(store, 'ann', 'RU *');
    await fillAll(store, await announced(store));
    await holdAll(store);
    await summary(store, [ann.id]);
    const [first] = await store.outbox.peek('tg', 10, END, []);
    await store.outbox.advance([], [{ id: first!.id, payload: 'text' }], END);
    await store.outbox.advance([{ id: first!.id, outcome: 'retry', nextAt: END + 10 }], [], END);
    await fillAll(store, await announced(store, 'RU-signal-1111', 2), {
      matchers: [{ incidentId: 'RU-signal-1111', country: 'RU', service: 'signal', onlyEarlier: false }],
    });
    await holdAll(store);
    await store.outbox.advance([], [{ id: first!.id, payload: 'text' }], END + 10);
    expect((await store.outbox.heldOf([ann.id], 10)).get(ann.id)!.map((piece) => piece.alertId)).toEqual(['alert-2']);
    await store.outbox.advance([{ id: first!.id, outcome: 'sent', messageRef: 'm1' }], [], END + 10);
    expect(await rowsOf(store, 'held')).toBe(1);
  });

  test('a summary that was refused: what it told of is given up, and the next loud change is told afresh', async () => {
    const store = open();
    const ann = await follower(store, 'ann', 'RU *');
    await fillAll(store, await announced(store));
    await holdAll(store);
    await summary(store, [ann.id]);
    const [claim] = await store.outbox.peek('tg', 10, END, []);
    await store.outbox.advance([], [{ id: claim!.id, payload: 'text' }], END);
    await store.outbox.advance([{ id: claim!.id, outcome: 'failed', reason: 'too long' }], [], END);
    expect(await rowsOf(store, 'held')).toBe(0);
    await store.broadcasts.insert(broadcast({ id: 'again', kind: 'update', reason: 'escalated', phase: 'holders' }));
    await fillAll(store, 'again');
    expect((await store.outbox.peek('tg', 10, END, [])).map((one) => one.op)).toEqual(['send']);
  });

  test('the chat ends, or is forgotten: it waits for nothing; it moves: what waits goes along', async () => {
    const store = open();
    const [ann, bob, eve] = [
      await follower(store, 'ann', 'RU *'),
      await follower(store, 'bob', 'RU *'),
      await follower(store, 'eve', 'RU *'),
    ];
    await fillAll(store, await announced(store));
    await holdAll(store);
    await store.chats.end(ann.id);
    await store.chats.forget(bob.id);
    const target = await store.chats.ensure(address('new'), {
      platform: 'telegram',
      kind: 'group',
      lang: 'en',
      now: NOW - DAY,
    });
    expect(await store.chats.move(address('eve'), address('new'))).toBe(target.id);
    expect((await store.chats.due(END, 10)).map(({ chat, held }) => [chat.chat, held])).toEqual([['new', true]]);
    expect((await store.outbox.heldOf([target.id, eve.id], 10)).get(target.id)!.length).toBe(1);
    expect(await rowsOf(store, 'held')).toBe(1);
  });

  test('a change of settings or zone: looked at at once; a time that was set meanwhile is not lost', async () => {
    const store = open();
    const ann = await follower(store, 'ann', 'RU *');
    expect(await store.chats.nextDueAt()).toBeNull();
    await store.chats.update(ann.id, { lang: 'ru' });
    expect(await store.chats.nextDueAt()).toBeNull();
    await store.chats.update(ann.id, { settings: { ...DEFAULT_SETTINGS, sound: false } });
    expect(await store.chats.nextDueAt()).toBe(NOW);
    await store.chats.setDue([{ id: ann.id, from: NOW, at: END }]);
    await store.chats.setDue([{ id: ann.id, from: NOW, at: END + DAY }]);
    expect(await store.chats.nextDueAt()).toBe(END);
    await store.chats.update(ann.id, { timeZone: 'Asia/Omsk' });
    await store.chats.setDue([{ id: ann.id, from: NOW, at: null }]);
    expect(await store.chats.nextDueAt()).toBeNull();
  });

  test('the clock is set back: what is due in a far future is due now', async () => {
    const store = open();
    const ann = await follower(store, 'ann', 'RU *');
    await store.chats.update(ann.id, { timeZone: 'Asia/Omsk' });
    await store.chats.setDue([{ id: ann.id, from: NOW, at: NOW + 400 * DAY }]);
    await store.chats.rewind(NOW);
    expect(await store.chats.nextDueAt()).toBe(NOW);
  });

  test('put: once a chat, none where it is gone; counted in the queue', async () => {
    const store = open();
    const [ann, bob] = [await follower(store, 'ann', 'RU *'), await follower(store, 'bob', 'RU *')];
    await store.chats.end(bob.id);
    await summary(store, [ann.id, bob.id], 's', NOW);
    await store.outbox.put('s', [ann.id], NOW);
    expect(await store.outbox.depth()).toMatchObject([{ accountId: 'tg', queued: 1 }]);
    await expect(store.outbox.put('nope', [ann.id], NOW)).rejects.toMatchObject({ code: 'store_failed' });
  });
}
