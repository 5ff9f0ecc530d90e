import { expect, test } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { address, announced, fillAll, NOW, pairs, takeAll } from './samples.ts';

const INIT = { platform: 'matrix', kind: 'group', lang: 'en', now: NOW } as const;

/** A chat and its threads: each may follow things of its own; settings and silences belong to the whole. */
export function threadsSuite(open: () => Store): void {
  async function withThread(store: Store) {
    const thread = await store.chats.ensure(address('room', 't1'), INIT);
    const room = (await store.chats.find(address('room')))!;
    await store.subscriptions.add(thread.id, pairs(['IR *']), NOW);
    await store.subscriptions.add(room.id, pairs(['RU *']), NOW);
    return { thread, room };
  }

  test('a thread made first: its chat has a row too, and both are active', async () => {
    const store = open();
    const { thread, room } = await withThread(store);
    expect(room).toMatchObject({ thread: null, kind: 'group', state: 'active' });
    expect(thread).toMatchObject({ thread: 't1', state: 'active' });
  });

  test('settings and silences of the chat: those of its threads, also of one that is new', async () => {
    const store = open();
    const { thread, room } = await withThread(store);
    await store.chats.update(room.id, { lang: 'ru', timeZone: 'Asia/Tehran', level: 'early' });
    const silence = { chatId: room.id, country: 'IR', service: null, incidentId: null, until: NOW + 9 };
    await store.silences.add(silence);
    const later = await store.chats.ensure(address('room', 't2'), INIT);
    for (const id of [thread.id, later.id]) {
      expect(await store.chats.get(id)).toMatchObject({ lang: 'ru', timeZone: 'Asia/Tehran', level: 'early' });
      expect(await store.silences.list(id, NOW)).toMatchObject([{ country: 'IR', until: NOW + 9 }]);
    }
    expect(await store.silences.remove(room.id, silence)).toBe(1);
    expect(await store.silences.list(thread.id, NOW)).toEqual([]);
    const elsewhere = await store.chats.ensure(address('another room', 't1'), INIT);
    expect(elsewhere).toMatchObject({ lang: 'en', level: 'corroborated' });
  });

  test('a silence of the chat holds for what a thread follows', async () => {
    const store = open();
    const { room } = await withThread(store);
    await store.silences.add({ chatId: room.id, country: 'RU', service: null, incidentId: null, until: NOW + 9 });
    const thread = (await store.chats.find(address('room', 't1')))!;
    await store.subscriptions.add(thread.id, pairs(['RU *']), NOW);
    await fillAll(store, await announced(store));
    expect(await takeAll(store)).toEqual([]);
  });

  test.each(['the chat', 'a thread'])('%s cannot be reached any more: the whole chat ends', async (which) => {
    const store = open();
    const { thread, room } = await withThread(store);
    await store.chats.end(which === 'the chat' ? room.id : thread.id);
    expect(await store.chats.addresses('tg')).toEqual([]);
    for (const id of [thread.id, room.id]) expect(await store.subscriptions.list(id)).toEqual([]);
    expect(await takeAll(store)).toEqual([]);
  });

  test('forgotten: the threads too', async () => {
    const store = open();
    const { room } = await withThread(store);
    const other = await store.chats.ensure(address('other'), INIT);
    await store.chats.forget(room.id);
    expect(await store.chats.addresses('tg')).toEqual([address('other')]);
    expect(await store.chats.get(other.id)).not.toBeNull();
  });

  test('the chat moves elsewhere: there it follows what its threads followed', async () => {
    const store = open();
    const { room } = await withThread(store);
    expect(await store.chats.move(address('room'), address('new room'))).toBe(room.id);
    expect(await store.chats.addresses('tg')).toEqual([address('new room')]);
    const followed = await store.subscriptions.list(room.id);
    expect(followed.map(({ country }) => country)).toEqual(['IR', 'RU']);
  });

  test('only a thread ends: the chat itself takes its place', async () => {
    const store = open();
    const { room } = await withThread(store);
    expect(await store.chats.move(address('room', 't1'), address('room'))).toBe(room.id);
    expect(await store.chats.addresses('tg')).toEqual([address('room')]);
    expect(await store.subscriptions.list(room.id)).toHaveLength(2);
  });
}
