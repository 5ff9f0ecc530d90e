import { expect, test } from 'vitest';
import type { ChatEvent } from '../../../src/adapters/telegram/events.ts';
import { createInbox } from '../../../src/adapters/telegram/inbox.ts';

const event = (chat: string, text: string, person = chat): ChatEvent => ({
  type: 'command',
  chat,
  chatKind: 'private',
  thread: null,
  messageId: 1,
  text,
  from: { id: person, name: '', lang: null, admin: true },
});
const textOf = (e: ChatEvent): string => (e.type === 'command' ? e.text : e.type);

test('one chat in order, chats beside each other', async () => {
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const inbox = createInbox(async (e) => {
    if (textOf(e) === 'a1') await gate.promise;
    seen.push(textOf(e));
  });
  void inbox.accept({ id: 1, event: event('a', 'a1') });
  void inbox.accept({ id: 2, event: event('a', 'a2') });
  await inbox.accept({ id: 3, event: event('b', 'b1') });
  expect(seen).toEqual(['b1']);
  expect(inbox.journal()).toMatchObject({ unfinished: [{ id: 1 }, { id: 2 }], handled: [3] });
  gate.resolve();
  await inbox.idle(1000);
  expect(seen).toEqual(['b1', 'a1', 'a2']);
});

test('the same id twice: handled once, also after it is done, also across a restart', async () => {
  let count = 0;
  const inbox = createInbox(async () => void count++, [9]);
  await Promise.all([inbox.accept({ id: 1, event: event('a', 'x') }), inbox.accept({ id: 1, event: event('a', 'x') })]);
  await inbox.accept({ id: 1, event: event('a', 'x') });
  await inbox.accept({ id: 9, event: event('a', 'x') });
  expect(count).toBe(1);
});

test('a flood from one person: past 100 dropped; a removal still comes', async () => {
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const inbox = createInbox(async (e) => {
    await gate.promise;
    seen.push(textOf(e));
  });
  for (let i = 0; i < 5000; i++) void inbox.accept({ id: i, event: event('a', `n${i}`) });
  void inbox.accept({ id: 5000, event: { type: 'left', chat: 'a', chatKind: 'private', thread: null, from: null } });
  expect(inbox.journal().unfinished.length).toBe(101);
  gate.resolve();
  await inbox.idle(1000);
  expect(seen.length).toBe(101);
  expect(seen.at(-1)).toBe('left');
});

test('three hundred people in one group, one command each, and one who floods: nobody else loses any', async () => {
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const inbox = createInbox(async (e) => {
    await gate.promise;
    seen.push(textOf(e));
  });
  for (let i = 0; i < 500; i++) void inbox.accept({ id: i, event: event('group', 'flood', 'mallory') });
  for (let i = 0; i < 300; i++) void inbox.accept({ id: 1000 + i, event: event('group', 'mute', `p${i}`) });
  gate.resolve();
  await inbox.idle(5000);
  expect(seen.filter((text) => text === 'mute')).toHaveLength(300);
  expect(seen.filter((text) => text === 'flood')).toHaveLength(100);
});

test('at most 64 handlers at a time; room comes back', async () => {
  let now = 0;
  let most = 0;
  const inbox = createInbox(async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    now--;
  });
  for (let i = 0; i < 1500; i++) void inbox.accept({ id: i, event: event(`c${i}`, 'x') });
  await inbox.room();
  expect(inbox.journal().unfinished.length).toBeLessThan(1000);
  await inbox.idle(5000);
  expect(most).toBe(64);
});

test('idle: gives up after its time', async () => {
  const inbox = createInbox(() => new Promise(() => {}));
  void inbox.accept({ id: 1, event: event('a', 'x') });
  const begun = performance.now();
  await inbox.idle(50);
  expect(performance.now() - begun).toBeLessThan(500);
});
