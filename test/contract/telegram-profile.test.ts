/** What Telegram shows of the bot before anybody writes to it: descriptions and menus, against the stand-in server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAdapter } from '../../src/adapters/telegram/adapter.ts';
import type { AdapterDeps } from '../../src/core/ports/chat-adapter.ts';
import { sayIn } from '../../src/i18n/packs.ts';
import { recorder, type TestDeps, testDeps } from './adapter-deps.ts';
import { complaints, telegram, telegramAccount } from './telegram-bench.ts';

const menuOf =
  (description = 'What is blocked'): AdapterDeps['commandMenu'] =>
  () => [
    {
      lang: 'en',
      commands: [
        { name: 'status', description },
        { name: 'mute', description: 'No alerts', inGroups: 'admins' },
        { name: 'channel', description: 'Set up a channel', inGroups: 'nobody' },
        { name: 'Bad Name', description: 'x' },
      ],
    },
    { lang: 'ru', commands: [{ name: 'status', description: 'Что закрыто', inGroups: 'everyone' }] },
  ];

/** Three scopes, each for English, Russian and everybody else; two descriptions in two languages. */
const ALL = 3 * 3 + 2 * 2;

const settled = (deps: TestDeps, count = ALL) =>
  expect.poll(() => Object.keys((deps.kept.get('menu') as object | undefined) ?? {}).length).toBe(count);

async function startAgain(tg: Parameters<typeof telegramAccount>[0], deps: TestDeps, over: Partial<AdapterDeps>) {
  const next = testDeps({ state: deps.state, ...over });
  const adapter = createAdapter(telegramAccount(tg), next);
  await adapter.start(recorder());
  await sleep(100);
  await adapter.stop();
  return next;
}

test('first start: descriptions in two languages, menus by scope and language', async () => {
  const { tg, deps } = await telegram({ deps: { commandMenu: menuOf() } });
  await settled(deps);
  const bot = await tg.get('bot');
  expect(bot.descriptions).toEqual({ '': sayIn('en', 'profile.description'), ru: sayIn('ru', 'profile.description') });
  expect(bot.short_descriptions).toEqual({ '': sayIn('en', 'profile.short'), ru: sayIn('ru', 'profile.short') });
  const names = Object.fromEntries(
    Object.entries(bot.commands as Record<string, { command: string }[]>).map(([scope, list]) => [
      scope,
      list.map(({ command }) => command).join(' '),
    ]),
  );
  expect(names).toEqual({
    'default|': 'status mute channel',
    'default|en': 'status mute channel',
    'default|ru': 'status',
    'all_group_chats|': 'status',
    'all_group_chats|en': 'status',
    'all_group_chats|ru': 'status',
    'all_chat_administrators|': 'status mute',
    'all_chat_administrators|en': 'status mute',
    'all_chat_administrators|ru': 'status',
  });
  expect(await complaints(tg)).toEqual([]);
});

test('later starts: nothing is set that is set already, and only what has changed', async () => {
  const { tg, deps } = await telegram({ deps: { commandMenu: menuOf() } });
  await settled(deps);
  const count = async () => (await tg.calls({ method: 'setMy.*' })).length;
  await startAgain(tg, deps, { commandMenu: menuOf() });
  expect(await count()).toBe(ALL);
  await startAgain(tg, deps, { commandMenu: menuOf('What is closed') });
  // English and everybody else, in three scopes.
  expect(await count()).toBe(ALL + 6);
});

test('a server that lacks the descriptions: one line, the menus are set, the bot runs; the next start tries again', async () => {
  const { tg, deps, heard } = await telegram({
    deps: { commandMenu: menuOf() },
    before: (server) =>
      server.fault({ method: 'setMy.*Description', code: 404, description: 'Not Found: method not found', times: 4 }),
  });
  await settled(deps, 9);
  await expect.poll(() => deps.lines.filter((line) => line.includes('profile'))).toHaveLength(1);
  expect(deps.lines.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  const ann = await tg.user();
  await ann.send('/ping');
  await heard.waitFor((event) => event.kind === 'command' && event.text === 'ping');
  await startAgain(tg, deps, { commandMenu: menuOf() });
  await settled(deps);
});

test('"too many requests": the pause is kept, then it goes on', async () => {
  const pauses: number[] = [];
  const { clock } = testDeps();
  const { tg, deps } = await telegram({
    deps: {
      commandMenu: menuOf(),
      clock: {
        ...clock,
        sleep: async (ms, signal) => (ms === 30_000 ? void pauses.push(ms) : clock.sleep(ms, signal)),
      },
    },
    before: (server) => server.fault({ method: 'setMyCommands', fault: '429', retry_after: 30, times: 2 }),
  });
  await settled(deps);
  expect(pauses).toEqual([30_000, 30_000]);
  expect((await tg.calls({ method: 'setMy.*' })).length).toBe(ALL + 2);
});

test('a pause of hours: left to the next start, with one line', async () => {
  const { tg, deps } = await telegram({
    deps: { commandMenu: menuOf() },
    before: (server) => server.fault({ method: 'setMyDescription', fault: '429', retry_after: 7_200, times: 1 }),
  });
  await expect.poll(() => deps.lines.filter((line) => line.includes('profile'))).toHaveLength(1);
  expect((await tg.calls({ method: 'setMy.*' })).length).toBe(10);
});
