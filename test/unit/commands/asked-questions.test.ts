/** Questions that wait for an answer when the process that took them is killed. */
import { expect, onTestFinished, test } from 'vitest';
import { createOwedAnswers } from '../../../src/core/commands/intake.ts';
import type { ChatAddress } from '../../../src/core/model/chat.ts';
import type { Reply } from '../../../src/core/outbox/reply-queue.ts';
import type { IncomingCommand } from '../../../src/core/ports/chat-adapter.ts';
import type { OwedAnswer } from '../../../src/core/ports/outbox.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const address = (chat: string): ChatAddress => ({ accountId: 'tg', chat, thread: null });
const asks = (chat: string, text = 'status ru', ref?: string): IncomingCommand => ({
  ...(ref === undefined ? {} : { ref }),
  kind: 'command',
  address: address(chat),
  chatKind: 'private',
  sender: { id: `telegram:${chat}`, name: 'Ann', lang: 'ru', isAdmin: async () => true },
  text,
  button: null,
  messageRef: '7',
});

/** One database; `start()` is another process that takes over. */
async function world({ shared = true } = {}) {
  const clock = new FakeClock();
  const store = await openStore(':memory:', { ...deps, clock });
  onTestFinished(() => store.close());
  const { log, said } = recordingLog();
  const fails = { store: false, again: false };
  const outbox: Pick<typeof store.outbox, 'noteAnswers' | 'owedAnswers'> = {
    noteAnswers: async (note) => {
      if (fails.store) throw new Error('gone');
      await store.outbox.noteAnswers(note);
    },
    owedAnswers: store.outbox.owedAnswers,
  };
  const ids = deps.ids;
  let processes = 0;
  const start = async () => {
    const again: IncomingCommand[] = [];
    const replies: Reply[] = [];
    const mine = `${processes++}`;
    const owed = createOwedAnswers({
      accountId: 'tg',
      store: { chats: store.chats, outbox },
      clock,
      ids: { next: () => `${mine}${ids.next()}` },
      log,
      shared,
      router: {
        later: () => async () => null,
        read: () => ({ name: 'status', args: '', changes: false }),
        words: () => Promise.reject(new Error('not asked')),
      },
      reply: (reply) => void replies.push(reply),
      async incoming(event) {
        again.push(event);
        while (fails.again) await clock.sleep(100);
      },
    });
    await owed.restore();
    const ending = new AbortController();
    onTestFinished(() => ending.abort());
    void owed.loop(ending.signal);
    const ask = (event: IncomingCommand, kind: OwedAnswer['kind'] = 'question') => owed.keep(event, kind);
    return { ...owed, ask, replies, again, kill: () => ending.abort() };
  };
  const rows = async () => (await store.outbox.owedAnswers('tg', 0)).waiting;
  const kept = async () => (await rows()).map(({ command }) => command?.text ?? 'a change');
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      await clock.pass(Math.min(250, ms));
      for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, start, kept, rows, said, fails, pass };
}

test('killed while its answer waits: the successor answers it once, to the same chat in the same words, without a name or rights', async () => {
  const w = await world();
  const first = await w.start();
  await first.ask(asks('1'));
  await w.pass(5_000);
  expect(await w.kept()).toEqual(['status ru']);
  expect(JSON.stringify(await w.rows())).not.toContain('Ann');
  first.kill();
  const second = await w.start();
  await w.pass(1_500);
  expect(second.again).toEqual([]);
  await w.pass(5_000);
  expect(
    second.again.map(({ text, address, sender, messageRef }) => [text, address.chat, sender.id, messageRef]),
  ).toEqual([['status ru', '1', 'telegram:1', '7']]);
  expect(await second.again[0]!.sender.isAdmin()).toBe(false);
  expect(await w.kept()).toEqual([]);
});

test('typed behind the sign of commands: it is still that when a successor asks it again', async () => {
  const w = await world();
  const first = await w.start();
  await first.ask({ ...asks('1'), text: 'help telegram is down in Cuba', signed: true });
  await first.ask(asks('2'));
  await w.pass(5_000);
  first.kill();
  const second = await w.start();
  await w.pass(6_500);
  expect(second.again.map(({ text, signed }) => [text, signed])).toEqual([
    ['help telegram is down in Cuba', true],
    ['status ru', undefined],
  ]);
});

test('answered: forgotten within moments, and nobody answers it again', async () => {
  const w = await world();
  const first = await w.start();
  const waits = await first.ask(asks('1'));
  await w.pass(1_000);
  first.over(waits);
  await w.pass(300);
  expect(await w.kept()).toEqual([]);
  first.kill();
  const second = await w.start();
  await w.pass(10_000);
  expect(second.again).toEqual([]);
});

test('not answered yet, for however long that takes: kept', async () => {
  const w = await world();
  const first = await w.start();
  const waits = await first.ask(asks('1'));
  await w.pass(60_000);
  expect(await w.kept()).toEqual(['status ru']);
  first.over(waits);
  await w.pass(20);
  expect(await w.kept()).toEqual([]);
});

test('an answer that left: noted within moments, also where the chat waits for another', async () => {
  const w = await world();
  const first = await w.start();
  const waits = await first.ask(asks('1', 'status ru', 'u1'));
  await first.ask(asks('1', 'status tr', 'u2'));
  await w.pass(5_000);
  expect(await w.kept()).toHaveLength(2);
  first.over(waits);
  await w.pass(15);
  expect(await w.kept()).toEqual(['status tr']);
});

test('the platform gives it once more: one that was answered is known, by the successor too; one that waits is answered as that', async () => {
  const w = await world();
  const first = await w.start();
  first.over(await first.ask(asks('1', 'status ru', 'u1')));
  first.over(await first.ask(asks('3', 'subscribe ru', 'u3'), 'change'));
  await first.ask(asks('2', 'status ru', 'u2'));
  await w.pass(100);
  expect(['u1', 'u2', 'u3', 'u4'].map((ref) => first.answered(asks('1', 'x', ref)))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  first.kill();
  const second = await w.start();
  expect(['u1', 'u2', 'u3', 'u4'].map((ref) => second.answered(asks('1', 'x', ref)))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  await second.ask(asks('2', 'status ru', 'u2'));
  await w.pass(5_000);
  expect(second.again).toEqual([]);
  await w.pass(2 * 3_600_000);
  expect((await w.start()).answered(asks('1', 'x', 'u1'))).toBe(false);
});

test('the person asks on while it waits since before a kill: both are answered', async () => {
  const w = await world();
  const first = await w.start();
  await first.ask(asks('1', 'status ru', 'u1'));
  first.kill();
  const second = await w.start();
  await second.ask(asks('1', 'status tr', 'u2'));
  await w.pass(5_000);
  expect(second.again.map(({ text }) => text)).toEqual(['status ru']);
});

test('killed again while what waited is answered: it stays on record until it waits anew', async () => {
  const w = await world();
  const first = await w.start();
  await first.ask(asks('1', 'status ru', 'u1'));
  await first.ask(asks('2', 'status tr', 'u2'));
  first.kill();
  w.fails.again = true;
  const second = await w.start();
  await w.pass(2_500);
  await second.ask(asks('3', 'ping', 'u3'));
  expect((await w.kept()).sort()).toEqual(['ping', 'status ru', 'status tr']);
});

test('of a platform that does not number what it gives, the person asks on: answered as that, and the old one not', async () => {
  const w = await world();
  const first = await w.start();
  await Promise.all([first.ask(asks('1')), first.ask(asks('2'))]);
  first.kill();
  const second = await w.start();
  await second.ask(asks('1', 'status tr'));
  await w.pass(5_000);
  expect(second.again.map((one) => one.address.chat)).toEqual(['2']);
});

test('many of one chat: the newest three; older than a quarter of an hour: nobody waits any more', async () => {
  const w = await world();
  const first = await w.start();
  for (let i = 0; i < 10; i++) await first.ask(asks('1', `status ${i}`));
  expect(await w.kept()).toEqual(['status 7', 'status 8', 'status 9']);
  first.kill();
  await w.pass(20 * 60_000);
  const second = await w.start();
  await w.pass(5_000);
  expect(second.again).toEqual([]);
});

test('nobody else could answer: nothing is written', async () => {
  const w = await world({ shared: false });
  const first = await w.start();
  await first.ask(asks('1'));
  expect(await w.kept()).toEqual([]);
});

test('the database fails: answered all the same, and said once', async () => {
  const w = await world();
  const first = await w.start();
  w.fails.store = true;
  await first.ask(asks('1'));
  await first.ask(asks('1'));
  expect(w.said()).toEqual(['warn Unable to keep which chats wait for an answer']);
});

test('changes that waited when a process was killed: one answer a chat, under the key of the newest, unless the chat changes something meanwhile', async () => {
  const w = await world();
  const first = await w.start();
  await first.ask(asks('1', 'subscribe ru', 'e1'), 'change');
  await first.ask(asks('1', 'subscribe tr', 'e2'), 'change');
  await first.ask(asks('2', 'subscribe tr', 'e3'), 'change');
  expect(JSON.stringify(await w.rows())).not.toContain('subscribe');
  first.kill();
  const second = await w.start();
  await second.ask(asks('3', 'ping', 'e4'));
  second.kill();
  const third = await w.start();
  await third.ask(asks('2', 'subscribe kz', 'e5'), 'change');
  expect(await w.rows()).toHaveLength(4);
  await w.pass(5_000);
  expect(third.again.map(({ text }) => text)).toEqual(['ping']);
  expect(third.replies.map(({ address, key }) => [address.chat, key])).toEqual([['1', 'reply.e2.0']]);
  third.over(third.replies[0]!.owes!);
  await w.pass(500);
  expect((await w.rows()).map(({ ref }) => ref)).toEqual(['e5']);
  expect(['e1', 'e2', 'e3'].map((ref) => third.answered(asks('1', 'x', ref)))).toEqual([true, true, false]);
});
