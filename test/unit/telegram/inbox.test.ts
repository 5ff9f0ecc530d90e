import fc from 'fast-check';
import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { createInbox, type Waiting } from '../../../src/adapters/telegram/connection.ts';
import { expectAtMost } from '../../fakes/pace.ts';

const waiting = (id: number, chat: string, text: string, person: string | null = chat): Waiting => ({
  chat,
  person: person && `${chat} ${person}`,
  update: { update_id: id, message: { text } } as Update,
});
const textOf = (update: Update): string => update.message!.text!;

test('one chat in order, chats beside each other', async () => {
  const seen: string[] = [];
  const released = Promise.withResolvers<void>();
  const inbox = createInbox(async (e) => {
    if (textOf(e) === 'a1') await released.promise;
    seen.push(textOf(e));
  });
  void inbox.accept(waiting(1, 'a', 'a1'));
  void inbox.accept(waiting(2, 'a', 'a2'));
  await inbox.accept(waiting(3, 'b', 'b1'));
  expect(seen).toEqual(['b1']);
  expect(inbox.journal()).toMatchObject({ unfinished: [{ update_id: 1 }, { update_id: 2 }], handled: [3] });
  released.resolve();
  await inbox.idle(1000);
  expect(seen).toEqual(['b1', 'a1', 'a2']);
});

test('the same id twice: handled once, also after it is done, also across a restart', async () => {
  let count = 0;
  const inbox = createInbox(async () => void count++, [9]);
  await Promise.all([inbox.accept(waiting(1, 'a', 'x')), inbox.accept(waiting(1, 'a', 'x'))]);
  await inbox.accept(waiting(1, 'a', 'x'));
  await inbox.accept(waiting(9, 'a', 'x'));
  expect(count).toBe(1);
});

test('a flood from one person: past 100 dropped; a removal still comes', async () => {
  const seen: string[] = [];
  const released = Promise.withResolvers<void>();
  const inbox = createInbox(async (e) => {
    await released.promise;
    seen.push(textOf(e));
  });
  for (let i = 0; i < 5000; i++) void inbox.accept(waiting(i, 'a', `n${i}`));
  void inbox.accept(waiting(5000, 'a', 'left', null));
  expect(inbox.journal().unfinished.length).toBe(101);
  released.resolve();
  await inbox.idle(1000);
  expect(seen.length).toBe(101);
  expect(seen.at(-1)).toBe('left');
});

test('three hundred people in one group, one command each, and one who floods: nobody else loses any', async () => {
  const seen: string[] = [];
  const released = Promise.withResolvers<void>();
  const inbox = createInbox(async (e) => {
    await released.promise;
    seen.push(textOf(e));
  });
  for (let i = 0; i < 500; i++) void inbox.accept(waiting(i, 'group', 'flood', 'mallory'));
  for (let i = 0; i < 300; i++) void inbox.accept(waiting(1000 + i, 'group', 'mute', `p${i}`));
  released.resolve();
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
  for (let i = 0; i < 1500; i++) void inbox.accept(waiting(i, `c${i}`, 'x'));
  await inbox.room();
  expect(inbox.journal().unfinished.length).toBeLessThan(1000);
  await inbox.idle(5000);
  expect(most).toBe(64);
});

test('idle: gives up after its time', async () => {
  const inbox = createInbox(() => new Promise(() => {}));
  void inbox.accept(waiting(1, 'a', 'x'));
  const begun = performance.now();
  await inbox.idle(50);
  expectAtMost(performance.now() - begun, 500);
});

type Step =
  | { type: 'comes'; chat: number; person: number }
  | { type: 'ends'; which: number }
  | { type: 'again'; which: number };

test('whatever comes, ends or comes again, in whatever order: each update once, a chat in order, at most 64 at work, nobody dropped but a flood; all of it drains', async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant('comes'), chat: fc.nat(90), person: fc.nat(2) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('ends'), which: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('again'), which: fc.nat(400) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 400 }), async (steps) => {
      const begun: Update[] = [];
      const working: { chat: string; end(): void }[] = [];
      const sent: Waiting[] = [];
      const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
      const inbox = createInbox((update) => {
        begun.push(update);
        const { promise, resolve } = Promise.withResolvers<void>();
        const chat = sent.find((one) => one.update.update_id === update.update_id)!.chat;
        expect(working.some((one) => one.chat === chat)).toBe(false);
        working.push({ chat, end: resolve });
        expect(working.length).toBeLessThanOrEqual(64);
        return promise;
      });
      const end = async (which: number): Promise<void> => {
        const [done] = working.splice(which % Math.max(1, working.length), 1);
        done?.end();
        await turn();
      };
      for (const one of steps) {
        if (one.type === 'comes') {
          sent.push(waiting(sent.length + 1, `c${one.chat}`, 'x', `p${one.person}`));
          void inbox.accept(sent.at(-1)!);
        } else if (one.type === 'again') {
          if (sent.length > 0) void inbox.accept(sent[one.which % sent.length]!);
        } else await end(one.which);
        const { unfinished, handled } = inbox.journal();
        expect(unfinished.length + new Set([...handled, ...begun.map((u) => u.update_id)]).size).toBeGreaterThanOrEqual(
          sent.length,
        );
      }
      await turn();
      while (working.length > 0) await end(0);
      expect(inbox.journal().unfinished).toEqual([]);
      const ids = begun.map((update) => update.update_id);
      expect([...ids].sort((a, b) => a - b)).toEqual(sent.map((one) => one.update.update_id));
      for (const chat of new Set(sent.map((one) => one.chat))) {
        const own = sent.filter((one) => one.chat === chat).map((one) => one.update.update_id);
        expect(ids.filter((id) => own.includes(id))).toEqual(own);
      }
    }),
    { numRuns: 60 },
  );
});
