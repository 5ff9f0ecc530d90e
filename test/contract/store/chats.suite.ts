import { expect, test } from 'vitest';
import { type ChatSettings, DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import type { AnswerNote, OwedAnswer } from '../../../src/core/ports/outbox.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { address, announced, broadcast, DAY, fillAll, follower, NOW, pairs, takeAll } from './samples.ts';

const INIT = { platform: 'telegram', kind: 'private', lang: 'ru', now: NOW } as const;

/** Who wants to hear what, and what becomes of it when a chat ends, moves or wants to be forgotten. */
export function chatsSuite(open: () => Store): void {
  test('chat: made once, with defaults, one for each account and thread', async () => {
    const store = open();
    const chat = await store.chats.ensure(address('1'), INIT);
    expect(chat).toEqual({
      id: chat.id,
      ...address('1'),
      platform: 'telegram',
      kind: 'private',
      lang: 'ru',
      timeZone: 'UTC',
      level: 'corroborated',
      settings: DEFAULT_SETTINGS,
      state: 'active',
      createdAt: NOW,
    });
    expect((await store.chats.ensure(address('1'), { ...INIT, lang: 'en' })).lang).toBe('ru');
    const thread = await store.chats.ensure(address('1', '7'), INIT);
    expect(thread.id).not.toBe(chat.id);
    expect(await store.chats.find(address('1', '7'))).toEqual(thread);
    expect(await store.chats.find(address('1', null, 'other'))).toBeNull();
    expect(await store.chats.get(chat.id)).toEqual(chat);
    expect(await store.chats.addresses('tg')).toEqual(expect.arrayContaining([address('1'), address('1', '7')]));
  });

  test('what a chat chose: kept, for its threads too, and in what is copied of it; set back, nothing is left', async () => {
    const store = open();
    const chat = await store.chats.ensure(address('1'), INIT);
    const thread = await store.chats.ensure(address('1', '7'), INIT);
    const settings: ChatSettings = {
      quiet: { from: 1_380, to: 480, critical: true },
      digest: { every: 'week', at: 570 },
      sound: false,
      pictures: false,
      reminders: 3,
      allQuiet: true,
    };
    await store.chats.update(thread.id, { settings });
    expect((await store.chats.get(chat.id))!.settings).toEqual(settings);
    const later = await store.chats.ensure(address('1', '8'), INIT);
    expect(later.settings).toEqual(settings);
    const copied = (await store.chats.copy(chat.id, 10)).chats.rows[0]!;
    expect(JSON.parse(String(copied.settings))).toEqual(settings);
    await store.chats.update(chat.id, { settings: DEFAULT_SETTINGS });
    expect((await store.chats.get(thread.id))!.settings).toEqual(DEFAULT_SETTINGS);
    expect((await store.chats.copy(chat.id, 10)).chats.rows[0]).not.toHaveProperty('settings');
  });

  test('settings changed: kept; a new level goes into the subscriptions', async () => {
    const store = open();
    const chat = await follower(store, '1', 'RU whatsapp');
    await store.chats.update(chat.id, { lang: 'en', timeZone: 'Europe/Moscow', level: 'early', kind: 'group' });
    expect(await store.chats.get(chat.id)).toMatchObject({
      lang: 'en',
      timeZone: 'Europe/Moscow',
      level: 'early',
      kind: 'group',
    });
    const id = await announced(store);
    expect(await fillAll(store, id, { level: 'corroborated' })).toEqual([0]);
    await announced(store, 'RU-whatsapp-3f9k', 2);
    expect(await fillAll(store, 'broadcast-2', { level: 'early' })).toEqual([1, 0]);
  });

  test('answers that are owed: kept until answered; they move, end and are forgotten with their chats', async () => {
    const store = open();
    const { chats, outbox } = store;
    const [a, , thread, c] = [address('a'), address('b'), address('b', '7'), address('c')];
    for (const one of [a, thread, c]) await chats.ensure(one, INIT);
    const places = [a, thread, address('b', '8'), c, address('nobody'), address('a', null, 'other')];
    const command = { text: 'status ru', from: 'telegram:1', lang: 'ru', messageRef: '7', forwarded: false };
    const waiting = places.map((place, n): OwedAnswer => ({
      id: `id${n}`,
      address: place,
      chatKind: 'private',
      kind: n === 4 ? 'question' : 'change',
      ref: n % 2 === 0 ? `ref${n}` : null,
      at: NOW,
      command: n === 4 ? command : null,
    }));
    const note = (over: Partial<AnswerNote>) =>
      outbox.noteAnswers({ waiting: [], answered: [], dropped: [], at: NOW + 5, ...over });
    await note({ waiting });
    await note({ waiting });
    expect((await outbox.owedAnswers('tg', 0)).waiting).toEqual(waiting.slice(0, 5));
    expect((await outbox.owedAnswers('other', 0)).waiting).toEqual(waiting.slice(5));
    const owed = async () =>
      (await outbox.owedAnswers('tg', 0)).waiting.map((one) => [one.id, one.address.chat, one.address.thread]);
    await note({ answered: ['id1', 'id2', 'unknown'], dropped: ['id4'] });
    const answered = async (since: number) => (await outbox.owedAnswers('tg', since)).answered;
    expect(await answered(NOW + 5)).toEqual([{ ref: 'ref2', at: NOW + 5 }]);
    expect(await answered(NOW + 6)).toEqual([]);
    await chats.move(a, address('d'));
    expect(await owed()).toEqual([
      ['id0', 'd', null],
      ['id3', 'c', null],
    ]);
    await chats.ensure(a, INIT);
    await chats.move(address('d'), a);
    expect(await owed()).toEqual([
      ['id0', 'a', null],
      ['id3', 'c', null],
    ]);
    const id = async (one: typeof a) => (await chats.find(one))!.id;
    await chats.end(await id(c));
    await chats.ensure(c, INIT);
    await chats.forget(await id(a));
    expect(await owed()).toEqual([]);
    expect(await answered(0)).toHaveLength(1);
    // One note, and what it begins is over by the end of it.
    await note({ waiting: waiting.slice(0, 1), dropped: ['id0'] });
    expect(await owed()).toEqual([]);
  });

  test('answers that wait in the threads of a chat: elsewhere there are no such threads, and they end with the chat', async () => {
    const { chats, outbox } = open();
    const { id } = await chats.ensure(address('a'), INIT);
    const waiting = ['7', null].map((thread): OwedAnswer => ({
      id: `${thread}`,
      address: address('a', thread),
      chatKind: 'group',
      kind: 'change',
      ref: null,
      at: NOW,
      command: null,
    }));
    await outbox.noteAnswers({ waiting, answered: [], dropped: [], at: NOW });
    await chats.move(address('a'), address('b'));
    const owed = async () => (await outbox.owedAnswers('tg', 0)).waiting.map((one) => one.address);
    expect(await owed()).toEqual([address('b'), address('b')]);
    await chats.end(id);
    expect(await owed()).toEqual([]);
  });

  test('subscriptions: added once, listed, removed, counted', async () => {
    const store = open();
    const a = await follower(store, 'a', 'RU whatsapp', '* signal');
    const b = await follower(store, 'b', 'RU whatsapp');
    expect(await store.subscriptions.add(a.id, pairs(['RU whatsapp', 'IR *', 'IR *']), NOW)).toBe(1);
    expect(await store.subscriptions.list(a.id)).toEqual([
      { chatId: a.id, country: '*', service: 'signal', createdAt: NOW - DAY },
      { chatId: a.id, country: 'IR', service: '*', createdAt: NOW },
      { chatId: a.id, country: 'RU', service: 'whatsapp', createdAt: NOW - DAY },
    ]);
    expect((await store.subscriptions.listMany([a.id, b.id, 999])).get(b.id)).toHaveLength(1);
    expect(await store.subscriptions.remove(a.id, pairs(['IR *', 'TR *']))).toBe(1);
    expect(await store.subscriptions.count()).toBe(3);
    expect(await store.subscriptions.followed(10)).toEqual(pairs(['* signal', 'RU whatsapp']));
    expect(await store.subscriptions.followed(1)).toEqual(pairs(['* signal']));
    expect(await store.subscriptions.places()).toEqual({ countries: ['RU'], services: ['signal'] });
    expect(await store.subscriptions.removeAll(a.id)).toBe(2);
    expect(await store.subscriptions.list(a.id)).toEqual([]);
  });

  test('silences: the later end stays, past ones are not listed, removed by target', async () => {
    const store = open();
    const { id } = await follower(store, 'a');
    const silence = { chatId: id, country: 'RU', service: null, incidentId: null };
    await store.silences.add({ ...silence, until: NOW + 100 });
    await store.silences.add({ ...silence, until: NOW + 50 });
    await store.silences.add({ ...silence, country: null, incidentId: 'i1', until: NOW + 10 });
    expect(await store.silences.list(id, NOW)).toEqual([
      { ...silence, country: null, incidentId: 'i1', until: NOW + 10 },
      { ...silence, until: NOW + 100 },
    ]);
    expect((await store.silences.listMany([id], NOW + 10)).get(id)).toHaveLength(1);
    expect(await store.silences.remove(id, { country: null, service: null, incidentId: null })).toBe(0);
    expect(await store.silences.remove(id, silence)).toBe(1);
    expect(await store.silences.removeAll(id)).toBe(1);
  });

  test('chat ended: no subscriptions, silences or queued deliveries; back again when it speaks', async () => {
    const store = open();
    const chat = await follower(store, '1', 'RU *');
    const other = await follower(store, '2', 'RU *');
    await store.silences.add({ chatId: chat.id, country: 'IR', service: null, incidentId: null, until: NOW + 1 });
    await fillAll(store, await announced(store));
    await store.chats.end(chat.id);
    expect(await store.subscriptions.list(chat.id)).toEqual([]);
    expect(await store.silences.list(chat.id, NOW)).toEqual([]);
    expect(await store.chats.counts()).toEqual({ active: 1, gone: 1 });
    expect(await store.chats.addresses('tg')).toEqual([address('2')]);
    expect(await store.outbox.depth()).toMatchObject([{ queued: 1, sending: 0 }]);
    expect(await takeAll(store)).toEqual(['2 send']);
    expect(await store.outbox.depth()).toEqual([]);
    const again = await store.chats.ensure(address('1'), INIT);
    expect(again).toMatchObject({ id: chat.id, state: 'active' });
    expect(other.id).not.toBe(chat.id);
  });

  test('ended chat, back before a loud change: it hears of it afresh, for nothing was sent', async () => {
    const store = open();
    const chat = await follower(store, '1', 'RU *');
    await fillAll(store, await announced(store));
    await store.chats.end(chat.id);
    await follower(store, '1', 'RU *');
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await takeAll(store)).toEqual(['1 send']);
  });

  test('moved to a new address: goes on there, message references dropped', async () => {
    const store = open();
    const chat = await follower(store, '1', 'RU *');
    await fillAll(store, await announced(store));
    await takeAll(store);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'update', loud: false, phase: 'holders' }));
    await fillAll(store, 'b2');
    expect(await store.chats.move(address('1'), address('-1001'))).toBe(chat.id);
    expect(await store.chats.find(address('1'))).toBeNull();
    expect(await store.chats.get(chat.id)).toMatchObject({ chat: '-1001', state: 'active' });
    expect(await store.subscriptions.list(chat.id)).toHaveLength(1);
    const [claim] = await store.outbox.peek('tg', 10, NOW, []);
    expect(claim).toMatchObject({ op: 'edit', messageRef: null, chat: { chat: '-1001' } });
    expect(await store.chats.move(address('nobody'), address('x'))).toBeNull();
  });

  test('moved where a chat is already: joined, wishes of both, nothing queued twice', async () => {
    const store = open();
    const from = await follower(store, 'from', 'RU *', 'IR *');
    const to = await follower(store, 'to', 'RU *');
    const third = await follower(store, 'third', 'RU *');
    await store.silences.add({ chatId: from.id, country: 'TR', service: null, incidentId: null, until: NOW + 9 });
    await fillAll(store, await announced(store));
    await announced(store, 'IR-whatsapp-1', 2);
    await fillAll(store, 'broadcast-2', {
      matchers: [{ incidentId: 'IR-whatsapp-1', country: 'IR', service: 'whatsapp', onlyEarlier: false }],
    });
    expect(await store.chats.move(address('from'), address('to'))).toBe(to.id);
    expect(await store.chats.get(from.id)).toBeNull();
    expect(await store.subscriptions.list(to.id)).toHaveLength(2);
    expect(await store.silences.list(to.id, NOW)).toHaveLength(1);
    expect(await store.outbox.depth()).toMatchObject([{ queued: 3, sending: 0 }]);
    expect((await takeAll(store)).toSorted()).toEqual(['third send', 'to send', 'to send']);
    expect(await store.outbox.depth()).toEqual([]);
    expect(third.id).not.toBe(to.id);
  });

  test('moved while its message is under way: the answer settles it at the new place', async () => {
    const store = open();
    await follower(store, 'from', 'RU *');
    const to = await follower(store, 'to', 'IR *');
    await fillAll(store, await announced(store));
    const [claim] = await store.outbox.peek('tg', 10, NOW, []);
    await store.outbox.advance([], [{ id: claim!.id, payload: 'text' }], NOW);
    await store.chats.move(address('from'), address('to'));
    await store.outbox.advance([{ id: claim!.id, outcome: 'retry', nextAt: NOW }], [], NOW);
    const [again] = await store.outbox.peek('tg', 10, NOW, []);
    expect(again).toMatchObject({ id: claim!.id, chatId: to.id, payload: 'text', chat: { chat: 'to' } });
  });

  test('a copy: of the whole chat, threads too, of nobody else; at most so many rows of a table', async () => {
    const store = open();
    const chat = await follower(store, '1', 'RU *', 'IR *');
    await follower(store, '2', 'TR *');
    const thread = await store.chats.ensure(address('1', '7'), INIT);
    await store.subscriptions.add(thread.id, pairs(['BY *']), NOW);
    const copy = await store.chats.copy(chat.id, 2);
    expect(copy.chats.rows).toMatchObject([
      { chat: '1', level: 'corroborated' },
      { chat: '1', thread: '7' },
    ]);
    expect(copy.subscriptions).toEqual({
      rows: [
        { country: 'IR', service: '*', created_at: NOW - DAY },
        { country: 'RU', service: '*', created_at: NOW - DAY },
      ],
      total: 3,
    });
    expect(await store.chats.copy(999, 2)).toMatchObject({ chats: { rows: [], total: 0 } });
  });

  test('forgotten: no row about it is left, whatever it was notified of', async () => {
    const store = open();
    const chat = await follower(store, 'secret-chat', 'RU *');
    const other = await store.chats.ensure(address('other', null, 'mx'), {
      platform: 'matrix',
      kind: 'private',
      lang: 'en',
      now: NOW,
    });
    expect(await store.links.join(chat.id, other.id, NOW)).toBe(true);
    await store.silences.add({ chatId: chat.id, country: 'IR', service: null, incidentId: null, until: NOW + 1 });
    await fillAll(store, await announced(store));
    await takeAll(store);
    await store.broadcasts.insert(broadcast({ id: 'b2', kind: 'lifted', phase: 'holders' }));
    await fillAll(store, 'b2');
    const before = new Map((await store.digest()).map(({ table, rows }) => [table, rows]));
    const copy = await store.chats.copy(chat.id, 100);
    await store.chats.forget(chat.id);
    expect(await store.chats.get(chat.id)).toBeNull();
    const rows = new Map((await store.digest()).map(({ table, rows }) => [table, rows]));
    // What it can have exported is what is deleted; a count of what waits (`backlog`) is about no chat.
    const deleted = [...before].map(([table, count]) => [table, count - rows.get(table)!] as const);
    const exported = Object.entries(copy).flatMap(([table, { total }]) => (total > 0 ? [[table, total]] : []));
    expect(Object.fromEntries(exported)).toEqual(
      Object.fromEntries(deleted.filter(([table, count]) => count > 0 && table !== 'backlog')),
    );
    expect(copy.deliveries.rows.at(-1)).toMatchObject({
      incidents: 'RU-whatsapp-3f9k',
      op: 'send',
      state: 'sent',
      kind: 'new',
      done_at: NOW,
    });
    expect(copy.messages.rows).toEqual([
      { alert: 'alert-1', alert_created_at: NOW, message: expect.any(String), came_by: null },
    ]);
    for (const table of ['subscriptions', 'silences', 'links', 'deliveries', 'messages', 'backlog'])
      expect([table, rows.get(table)]).toEqual([table, 0]);
    const next = await follower(store, 'secret-chat');
    expect(next.id).toBeGreaterThan(chat.id);
  });
}
