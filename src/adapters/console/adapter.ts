import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ChatAddress } from '../../core/model/chat.ts';
import type { Button, MessageDocument } from '../../core/model/message.ts';
import { type AdapterDeps, type ChatAdapter, PLAIN_TALK, type Sender } from '../../core/ports/chat-adapter.ts';
import type { AccountSetup } from '../../core/ports/setup.ts';
import { inOrderByKey, within } from '../../core/wakeable.ts';
import { langOf, sayIn } from '../../i18n/packs.ts';
import { type Markup, PLAIN, blockText, oneLine, typedForm } from '../markup.ts';
import type { ConsoleAccount } from './config.ts';

/** Splits a byte stream into lines. A line longer than `max` characters is dropped: a stranger's endless line must not fill the memory. */
export function lineSplitter(max: number, onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let dropping = false;
  const take = (text: string): void => {
    const lines = text.split('\n');
    for (const [i, part] of lines.entries()) {
      const last = i === lines.length - 1;
      if (!dropping) rest += part;
      if (rest.length > max) {
        rest = '';
        dropping = true;
      }
      if (last) return;
      if (!dropping) onLine(rest);
      rest = '';
      dropping = false;
    }
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => take(`${decoder.end()}\n`),
  };
}

/** Bidi isolates, which `clean` leaves, turn text around in a terminal. */
const flat = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

function table(rows: string[][]): string {
  const lines = rows.map((row) => row.map(flat));
  const widths: number[] = [];
  for (const line of lines)
    for (const [i, cell] of line.entries()) widths[i] = Math.min(40, Math.max(widths[i] ?? 0, cell.length));
  const padded = lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i]!)).join('  '));
  return padded.map((line) => line.trimEnd()).join('\n');
}

function button({ label, press }: Button): string {
  const what = oneLine('command' in press ? typedForm(press.command) : press.url);
  return what.toLowerCase() === oneLine(label).toLowerCase() ? `  > ${what}` : `  > ${what}  (${oneLine(label)})`;
}

const MARKUP: Markup = { ...PLAIN, link: (url, text) => PLAIN.link(url.replace(/^mailto:/, ''), text), table };

/** A document as plain text, without a line break at its end. Buttons are shown in their typed form. */
export function plainText(document: MessageDocument): string {
  const buttons = document.buttons.flat().map(button).join('\n');
  const blocks = document.blocks.map((block) => blockText(block, MARKUP));
  return flat([...blocks, buttons].filter((text) => text !== '').join('\n'));
}

/** Does a person read this, and may there be colour? Null = a pipe or a file. */
export function terminalOf(output: object, env: Record<string, string | undefined>): { colour: boolean } | null {
  if ((output as { isTTY?: boolean }).isTTY !== true) return null;
  return { colour: !env.NO_COLOR && env.TERM !== 'dumb' };
}

/** At a terminal a message has a bar at its side, so that it is not lost among the lines of the log; elsewhere it is as it is. */
export function framed(text: string, terminal: { colour: boolean } | null): string {
  if (terminal === null) return text;
  const bar = terminal.colour ? '\u001b[36m┃\u001b[0m' : '┃';
  return text
    .split('\n')
    .map((line) => `${bar} ${line}`)
    .join('\n');
}

/**
 * The smallest chat platform, and the one to copy: one chat, its person writes commands to stdin and reads messages on stdout.
 * stdout holds messages and nothing else; logs go elsewhere. The end of stdin does not stop the bot: alerts still come.
 */

const MAX_LINE = 1000;
/** Lines that may wait for their handler; more are dropped (`yes | tocsin start`). */
const MAX_WAITING = 1000;

/** Streams and environment, so that a test can bring its own. */
export interface ConsoleIo {
  input: Readable;
  output: Writable;
  env: Record<string, string | undefined>;
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
  const queue = inOrderByKey({ perKey: MAX_WAITING, total: MAX_WAITING });
  let stopped = false;
  let broken: string | null = null;
  let detach = (): void => {};

  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      io.output.write(text, (error) => (error ? reject(error) : resolve()));
    });

  return {
    accountId: account.id,
    platform: 'console',
    talk: PLAIN_TALK,
    onlyChat: { chat: address.chat, operator: sender.id },
    pace: { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 16 },

    async start(handlers) {
      // One after the other: the answers stand in the order of the commands.
      const enqueue = (work: () => Promise<void>): void => {
        if (!stopped && !queue.isFull(address.chat)) void queue(address.chat, work);
      };
      enqueue(() => handlers.incoming({ kind: 'joined', address, chatKind: 'private', sender }));
      const lines = lineSplitter(MAX_LINE, (line) => {
        const text = line.trim().replace(/^\//, '');
        if (text === '') return;
        const signed = line.trim().startsWith('/') ? { signed: true as const } : {};
        const given = { kind: 'command', address, chatKind: 'private', sender, text, ...signed } as const;
        enqueue(() => handlers.incoming({ ...given, button: null, messageRef: null }));
      });
      io.input.on('data', lines.push).on('end', lines.end).on('error', lines.end);
      io.output.on('error', (error: Error) => {
        if (broken === null) deps.log.warn('Unable to write to the console', { detail: error.message });
        broken = error.message;
      });
      detach = () => {
        io.input.off('data', lines.push).off('end', lines.end).pause();
        // The error listener stays: a closed pipe may still complain, and an unheard `error` would end the process.
      };
    },

    async send(message, signal) {
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

    health: () => ({ ok: broken === null, problem: broken === null ? null : `stdout is closed: ${broken}` }),

    async stop() {
      stopped = true;
      detach();
      await within(1500, queue.idle, deps).catch(() => {});
    },
  };
}

export const setup: AccountSetup = {
  ask: async () => ({ id: 'console', platform: 'console', keys: {}, secrets: {}, identity: null }),
  // Whoever sits at the terminal is its operator.
  meet: async () => null,
};
