import { beforeEach, expect, test } from 'vitest';
import type { Chat } from '../../../src/core/model/chat.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { address, follower, NOW } from './samples.ts';

/** Boards: one message of a chat, kept up to date through the outbox. */
export function boardsSuite(open: () => Store): void {
  let store: Store;
  let chat: Chat;
  beforeEach(async () => {
    store = open();
    chat = await follower(store, 'group', 'RU *');
    expect(await store.boards.add(chat.id)).toBe(true);
  });

  /** Takes what is queued, as "op alert", and settles it so. */
  async function take(outcome: 'sent' | 'failed' | null): Promise<string[]> {
    const claims = await store.outbox.peek('tg', 10, NOW + 60_000, []);
    await store.outbox.advance(
      [],
      claims.map(({ id }) => ({ id, payload: 'text' })),
      NOW,
    );
    for (const { id } of claims)
      if (outcome === 'sent') await store.outbox.advance([{ id, outcome, messageRef: `m${id}` }], [], NOW);
      else if (outcome === 'failed') await store.outbox.advance([{ id, outcome, reason: 'deleted' }], [], NOW);
    return claims.map(({ op, alertId }) => `${op} ${alertId}`);
  }
  const state = () => store.boards.of(chat.id);

  test('new: nothing was sent; once a chat', async () => {
    expect(await store.boards.add(chat.id)).toBe(false);
    expect(await state()).toEqual({
      chatId: chat.id,
      noticeId: null,
      messageRef: null,
      pending: false,
      failed: null,
      shown: '',
      changedAt: 0,
      pinned: false,
    });
  });

  test('sent, edited, pinned: each as it is, over the outbox', async () => {
    await store.boards.send(chat.id, 'n1', 'one', NOW);
    expect(await state()).toMatchObject({
      noticeId: 'n1',
      messageRef: null,
      pending: true,
      shown: 'one',
      changedAt: NOW,
    });
    expect(await take('sent')).toEqual(['send n1']);
    await store.boards.pinned(chat.id);
    expect(await state()).toMatchObject({ messageRef: expect.any(String), pending: false, failed: null, pinned: true });
    await store.boards.edit(chat.id, 'e1', 'two', NOW + 1);
    expect(await state()).toMatchObject({ pending: true, shown: 'two', changedAt: NOW + 1 });
    expect(await take('sent')).toEqual(['edit n1']);
    expect(await state()).toMatchObject({ pending: false, failed: null, pinned: true });
  });

  test('under way when the process was killed: pending', async () => {
    await store.boards.send(chat.id, 'n1', 'one', NOW);
    await take(null);
    expect(await state()).toMatchObject({ pending: true });
  });

  test('an edit that was refused, then another message in its place: to be pinned anew', async () => {
    await store.boards.send(chat.id, 'n1', 'one', NOW);
    await take('sent');
    await store.boards.pinned(chat.id);
    await store.boards.edit(chat.id, 'e1', 'two', NOW);
    await take('failed');
    expect(await state()).toMatchObject({ failed: 'edit' });
    await store.boards.send(chat.id, 'n2', 'two', NOW);
    expect(await take('sent')).toEqual(['send n2']);
    expect(await state()).toMatchObject({ noticeId: 'n2', failed: null, pinned: false });
  });

  test('a message that was refused: says so', async () => {
    await store.boards.send(chat.id, 'n1', 'one', NOW);
    await take('failed');
    expect(await state()).toMatchObject({ failed: 'send', messageRef: null });
  });

  test('without a message nothing is edited', async () => {
    await store.boards.edit(chat.id, 'e1', 'two', NOW);
    expect(await take('sent')).toEqual([]);
  });

  test('listed in the order of the chats; it goes when the chat ends or is forgotten, and is in its copy until then', async () => {
    const other = await follower(store, 'other');
    await store.boards.add(other.id);
    expect((await store.boards.list(0, 10)).map(({ chatId }) => chatId)).toEqual([chat.id, other.id]);
    expect((await store.boards.list(chat.id, 10)).map(({ chatId }) => chatId)).toEqual([other.id]);
    expect((await store.chats.copy(chat.id, 10)).boards.total).toBe(1);
    await store.chats.end(chat.id);
    await store.chats.forget(other.id);
    expect(await store.boards.list(0, 10)).toEqual([]);
    expect([await store.boards.remove(chat.id), await store.boards.remove(chat.id)]).toEqual([false, false]);
  });

  test('the chat moves: its message is lost, its board is not', async () => {
    await store.boards.send(chat.id, 'n1', 'one', NOW);
    await take('sent');
    await store.chats.move(address('group'), address('group-2'));
    expect(await state()).toMatchObject({ noticeId: 'n1', messageRef: null, pending: false });
  });
}
