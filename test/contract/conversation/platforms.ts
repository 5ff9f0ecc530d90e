/** A person with a chat of their own on each platform: what they write goes in by the platform's own way, what they read comes from its screen. */
import { PassThrough } from 'node:stream';
import * as v from 'valibot';
import { vi } from 'vitest';
import { createAdapter as createConsole } from '../../../src/adapters/console/adapter.ts';
import { consoleKind } from '../../../src/adapters/console/config.ts';
import { createAdapter as createMatrix } from '../../../src/adapters/matrix/adapter.ts';
import { createAdapter as createTelegram } from '../../../src/adapters/telegram/adapter.ts';
import type { ChatAdapter, Incoming } from '../../../src/core/ports/chat-adapter.ts';
import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { FakeHomeserver } from '../../fakes/matrix-homeserver.ts';
import { testDeps } from '../adapter-deps.ts';
import { telegramAccount } from '../telegram-bench.ts';
import { type ConversationBot, conversationBot } from './bot.ts';
import type { Answer } from './facts.ts';

type Read = Omit<Answer, 'platform'>;

export interface Person {
  platform: 'telegram' | 'matrix' | 'console';
  bot: ConversationBot;
  /** Writes, and waits until it is carried out. */
  write(text: string): Promise<void>;
  /** Presses a button, or does what stands for it here: a reaction with its number, the typed form. */
  press(label: string): Promise<void>;
  /** What has come since the last time, oldest first, as a reader sees it. */
  read(): Promise<Read>;
  leave(): Promise<void>;
}

const linksIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((found) => found[1]!).sort();

/** A console's lines that stand for buttons, apart from the rest. */
function parted(messages: string[]): Read {
  const forms: string[] = [];
  const texts = messages.map((text) =>
    text
      .split('\n')
      .filter((line) => {
        const form = /^ {2}> (?<what>.*?)(?: {2}\((?<label>.*)\))?$/.exec(line)?.groups;
        if (form) forms.push(`${form.label ?? form.what}: ${form.what}`);
        return !form;
      })
      .join('\n'),
  );
  return { texts, forms, links: linksIn(texts.join('\n'), / \((https?:\/\/[^\s)]+)\)/g) };
}

async function startedBot(adapter: ChatAdapter) {
  const bot = await conversationBot(adapter);
  await adapter.start({ incoming: (event: Incoming) => bot.incoming(event) });
  const leave = async (): Promise<void> => {
    await adapter.stop();
    await bot.store.close();
  };
  return { bot, leave };
}

/** Writes by `send`, and waits until the bot has handled one thing more. */
const awaited = (bot: ConversationBot, send: (text: string) => unknown) => async (text: string) => {
  const before = bot.handled();
  await send(text);
  await vi.waitFor(
    () => {
      if (bot.handled() <= before) throw new Error(`nobody heard: ${text}`);
    },
    { timeout: 10_000, interval: 1 },
  );
};

async function onTelegram(): Promise<Person> {
  const tg = await FakeTelegram.start({ limits: 'off', pollGuard: false } as never);
  const ann = await tg.user({ first_name: 'Ann', started: true, language_code: 'en' });
  const { bot, leave } = await startedBot(createTelegram(telegramAccount(tg), testDeps()));
  /** By message: an edit shows under the message that it changes. */
  const seen = new Map<number, string>();
  return {
    platform: 'telegram',
    bot,
    leave: () => leave().then(() => tg.stop()),
    write: awaited(bot, (text) => ann.send(text)),
    press: awaited(bot, (button) => ann.click({ button }, { wait_ms: 0 })),
    async read() {
      const all = await ann.chat.transcript({ from: 'bot', include_deleted: false });
      const fresh = all.filter(({ message_id: id, text }) => seen.get(id) !== text);
      for (const { message_id: id, text } of fresh) seen.set(id, text);
      const entities = fresh.flatMap((one) => (one.entities ?? []) as { type: string; url?: string }[]);
      const links = entities.flatMap(({ type, url }) => (type === 'text_link' && url ? [url] : [])).sort();
      return { texts: fresh.map(({ text }) => String(text)), forms: [], links };
    },
  };
}

async function onMatrix(): Promise<Person> {
  const fake = await FakeHomeserver.start();
  const account = { id: 'mx', platform: 'matrix' as const, homeserver: fake.baseUrl, accessToken: fake.token };
  const room = fake.room('@ann:fake.test', { direct: true });
  const { bot, leave } = await startedBot(createMatrix({ ...account, inviteFrom: ['*'] }, testDeps()));
  let seen = 0;
  return {
    platform: 'matrix',
    bot,
    leave: () => leave().then(() => fake.stop()),
    write: awaited(bot, (text) => fake.say(room, '@ann:fake.test', `!tocsin ${text}`)),
    press: awaited(bot, (label) => {
      const numbered = new RegExp(`^([1-6]\\ufe0f\\u20e3) ${label.replace(/[?]/gu, '\\?')}(?::| !)`, 'mu');
      const holder = fake.said(room).findLast(({ content }) => numbered.test(String(content.body)))!;
      fake.react(room, '@ann:fake.test', holder.event_id, numbered.exec(String(holder.content.body))![1]!);
    }),
    async read() {
      const all = fake.said(room);
      const fresh = all.slice(seen).map(({ content }) => (content['m.new_content'] ?? content) as typeof content);
      seen = all.length;
      const html = fresh.map((content) => String(content.formatted_body ?? '')).join('');
      return {
        texts: fresh.map(({ body }) => String(body)),
        forms: [],
        links: linksIn(html, /href="(https?:[^"]+)"/g),
      };
    },
  };
}

async function onConsole(): Promise<Person> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (chunk) => {
    shown += chunk;
  });
  const account = v.parse(consoleKind.schema, { platform: 'console' });
  const { bot, leave } = await startedBot(
    createConsole(account, testDeps(), { input, output, env: { LANG: 'en_GB.UTF-8' } }),
  );
  let seen = 0;
  let forms: string[] = [];
  return {
    platform: 'console',
    bot,
    leave,
    write: awaited(bot, (text) => input.write(`${text}\n`)),
    press: awaited(bot, (label) => {
      const form = forms.find((one) => one.startsWith(`${label}: `))!;
      input.write(`${form.slice(label.length + 2)}\n`);
    }),
    async read() {
      await new Promise((done) => setImmediate(done));
      const fresh = shown.slice(seen);
      seen = shown.length;
      const read = parted(fresh.split('\n\n').filter((one) => one !== ''));
      forms = read.forms;
      return read;
    },
  };
}

export const PLATFORMS = { telegram: onTelegram, matrix: onMatrix, console: onConsole };
