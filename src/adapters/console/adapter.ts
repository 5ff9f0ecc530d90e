/**
 * The smallest chat platform, and the one to copy: one chat, its person writes commands to stdin and reads messages on stdout.
 * stdout holds messages and nothing else; logs go elsewhere. The end of stdin does not stop the bot: alerts still come.
 */
import type { Readable, Writable } from 'node:stream';
import type { ChatAddress } from '../../core/model/chat.ts';
import type {
  AdapterDeps,
  AdapterHandlers,
  ChatAdapter,
  Outgoing,
  Sender,
  SendOutcome,
} from '../../core/ports/chat-adapter.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { ConsoleAccount } from './config.ts';
import { lineSplitter } from './lines.ts';
import { framed, plainText, terminalOf } from './plain.ts';

const MAX_LINE = 1000;
/** Lines that may wait for their handler; more are dropped (`yes | tocsin start`). */
const MAX_WAITING = 1000;

/** Streams and environment, so that a test can bring its own. */
export interface ConsoleIo {
  input: Readable;
  output: Writable;
  env: Record<string, string | undefined>;
}

/** `ru_RU.UTF-8` → `ru`; `C`, `POSIX` and nothing → null. */
export function langOf(env: ConsoleIo['env']): string | null {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^([a-z]{2})(?![a-z])/.exec(locale)?.[1] ?? null;
}

export function createAdapter(
  account: ConsoleAccount,
  deps: AdapterDeps,
  io: ConsoleIo = { input: process.stdin, output: process.stdout, env: process.env },
): ChatAdapter {
  const address: ChatAddress = { accountId: account.id, chat: 'console', thread: null };
  const lang = account.lang ?? langOf(io.env);
  // Whoever can write to our stdin is the operator's own shell, so they may change everything.
  const sender: Sender = { id: 'console:local', name: 'console', lang, isAdmin: () => Promise.resolve(true) };
  const terminal = terminalOf(io.output, io.env);
  let queue: Promise<void> = Promise.resolve();
  let waiting = 0;
  let stopped = false;
  let broken: string | null = null;
  let lastContactAt: number | null = null;
  let detach = (): void => {};

  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      io.output.write(text, (error) => (error ? reject(error) : resolve()));
    });

  return {
    accountId: account.id,
    platform: 'console',
    commandPrefix: '',
    hasButtons: false,
    operators: [sender.id],
    onlyChat: address.chat,
    pace: { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 16 },

    async start(handlers: AdapterHandlers) {
      // One after the other: the answers stand in the order of the commands.
      const enqueue = (work: () => Promise<void>): void => {
        if (stopped || waiting >= MAX_WAITING) return;
        waiting++;
        queue = queue.then(work).finally(() => {
          waiting--;
        });
      };
      enqueue(() => handlers.incoming({ kind: 'joined', address, chatKind: 'private', sender }));
      const lines = lineSplitter(MAX_LINE, (line) => {
        lastContactAt = deps.clock.now();
        const text = line.trim().replace(/^\//, '');
        if (text === '') return;
        enqueue(() =>
          handlers.incoming({
            kind: 'command',
            address,
            chatKind: 'private',
            sender,
            text,
            button: null,
            messageRef: null,
          }),
        );
      });
      const onError = (error: Error): void => {
        if (broken === null) deps.log.warn('Unable to write to the console', { detail: error.message });
        broken = error.message;
      };
      io.input.on('data', lines.push).on('end', lines.end).on('error', lines.end);
      io.output.on('error', onError);
      detach = () => {
        io.input.off('data', lines.push).off('end', lines.end).pause();
        // The error listener stays: a closed pipe may still complain, and an unheard `error` would end the process.
      };
    },

    async send(message: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
      if (signal.aborted)
        return { kind: 'retry', afterMs: null, scope: 'chat', reason: 'canceled', detail: 'stopping' };
      const text = plainText(message.document);
      // What is printed cannot be changed: an edit is printed anew, under a word that says so.
      const mark = message.op === 'edit' ? `[${sayIn(message.document.lang, 'message.update')}] ` : '';
      try {
        await write(`${framed(`${mark}${text}`, terminal)}\n\n`);
        return { kind: 'delivered', messageRef: message.op === 'edit' ? message.messageRef : message.key };
      } catch (error) {
        // A closed pipe does not open again.
        return { kind: 'rejected', reason: 'client', detail: `stdout: ${(error as Error).message}` };
      }
    },

    health: () => ({
      ok: broken === null,
      problem: broken === null ? null : `stdout is closed: ${broken}`,
      lastContactAt,
    }),

    async stop() {
      stopped = true;
      detach();
      const patience = new AbortController();
      await Promise.race([queue, deps.clock.sleep(1500, patience.signal).catch(() => {})]);
      patience.abort();
    },
  };
}
