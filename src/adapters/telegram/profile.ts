import { createHash } from 'node:crypto';
import type { BotCommandScope, LanguageCode } from 'grammy/types';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import { sayIn } from '../../i18n/packs.ts';
import { type Bot, GrammyError, HttpError } from './grammy.ts';
import { head, oneLine } from './render.ts';

type Menus = ReturnType<AdapterDeps['commandMenu']>;
type Command = Menus[number]['commands'][number];

/** One list of commands as Telegram takes it. */
interface CommandList {
  commands: { command: string; description: string }[];
  /** ISO 639-1; null: for every language that has no list of its own. */
  lang: string | null;
  /** Null: wherever no narrower list stands, which are private chats. */
  scope: BotCommandScope | null;
}

/** Members of a group are not offered what only its administrators may, nor anybody there what makes sense in a private chat alone. */
const SCOPES: { scope: BotCommandScope | null; holds(command: Command): boolean }[] = [
  { scope: null, holds: () => true },
  { scope: { type: 'all_group_chats' }, holds: ({ inGroups }) => inGroups === undefined || inGroups === 'everyone' },
  { scope: { type: 'all_chat_administrators' }, holds: ({ inGroups }) => inGroups !== 'nobody' },
];

/** The lists of every scope and language; English, where there is such a catalogue, stands for all other languages. */
function commandLists(menus: Menus): CommandList[] {
  const known = menus.filter(({ lang }) => /^[a-z]{2}$/.test(lang));
  const fallback = known.find(({ lang }) => lang === 'en') ?? known[0];
  if (fallback === undefined) return [];
  const all = [{ lang: null, commands: fallback.commands }, ...known];
  return SCOPES.flatMap(({ scope, holds }) =>
    all.map(({ lang, commands }) => ({ lang, scope, commands: listed(commands.filter(holds)) })),
  ).filter(({ commands }) => commands.length > 0);
}

const listed = (commands: readonly Command[]): CommandList['commands'] =>
  commands
    .map(({ name, description }) => ({ command: name, description: head(oneLine(description), 256) }))
    .filter(({ command, description }) => /^[a-z0-9_]{1,32}$/.test(command) && description !== '')
    .slice(0, 100);

/** What people see of the bot before they write to it: its two descriptions, and the menus of commands. */

/** Under this key: for each call the fingerprint of what it last set. */
const KEY = 'menu';
/** Telegram asks for pauses of hours where a profile changes often; that is left to the next start. */
const MAX_PAUSE_MS = 120_000;
const MAX_PAUSES = 5;

/** The library's own type of the same thing. */
type ApiSignal = Parameters<Bot['api']['raw']['getMe']>[0];

interface Call {
  /** Method, scope and language: what the call sets. */
  name: string;
  payload: object;
  send(signal: ApiSignal): Promise<unknown>;
}

type ProfileDeps = Pick<AdapterDeps, 'clock' | 'state' | 'commandMenu'> & {
  log: { info(text: string, facts: { failed: number; detail: string | undefined }): void };
};

/**
 * Sets what has changed since it was last set, one call after the other. Pauses that Telegram asks for are kept; what it refuses, or
 * has no method for, is one line in the log, and the next start tries again. Never throws.
 */
export async function setProfile(bot: Bot, deps: ProfileDeps, signal: AbortSignal): Promise<void> {
  const problems: string[] = [];
  try {
    const kept = keptOf(await deps.state.get(KEY));
    const pauses = { left: MAX_PAUSES };
    for (const call of callsOf(bot, deps.commandMenu())) {
      const print = createHash('sha256')
        .update(JSON.stringify([bot.botInfo.id, call.payload]))
        .digest('base64url');
      if (kept[call.name] === print) continue;
      const problem = await attempt(call, deps, pauses, signal);
      if (signal.aborted) return;
      if (problem !== null) problems.push(`${call.name}: ${problem.detail}`);
      if (problem?.stop) break;
      if (problem !== null) continue;
      kept[call.name] = print;
      // After each: a start that is cut short has not to begin anew.
      await deps.state.set(KEY, kept);
    }
  } catch (error) {
    problems.push((error as Error).message);
  }
  if (problems.length === 0 || signal.aborted) return;
  deps.log.info('Unable to set the whole profile of the bot; the next start tries again', {
    failed: problems.length,
    detail: problems[0],
  });
}

/** An older version kept one fingerprint of all menus, a string: it says nothing of single calls. */
const keptOf = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null ? { ...(value as Record<string, string>) } : {};

/** Null = it is set. `stop`: the calls after it would fare no better. */
async function attempt(
  call: Call,
  { clock }: Pick<AdapterDeps, 'clock'>,
  pauses: { left: number },
  signal: AbortSignal,
): Promise<{ detail: string; stop: boolean } | null> {
  for (;;) {
    try {
      await call.send(signal as ApiSignal);
      return null;
    } catch (error) {
      const pauseMs = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1000 : 0;
      const detail = (error as Error).message;
      if (pauseMs === 0) return { detail, stop: error instanceof HttpError };
      if (pauseMs > MAX_PAUSE_MS || pauses.left === 0) return { detail, stop: true };
      pauses.left--;
      await clock.sleep(pauseMs, signal).catch(() => {});
      if (signal.aborted) return { detail, stop: true };
    }
  }
}

function callsOf({ api }: Bot, menus: Menus): Call[] {
  // Languages are those that the chat commands are told in; English is what everybody else reads.
  const langs = menus.length === 0 ? [] : [null, ...menus.map(({ lang }) => lang).filter((lang) => lang !== 'en')];
  const calls: Call[] = [];
  for (const lang of langs) {
    const description = { description: sayIn(lang, 'profile.description'), ...codeOf(lang) };
    const short = { short_description: sayIn(lang, 'profile.short'), ...codeOf(lang) };
    calls.push(
      call('setMyDescription', lang, description, (signal) => api.raw.setMyDescription(description, signal)),
      call('setMyShortDescription', lang, short, (signal) => api.raw.setMyShortDescription(short, signal)),
    );
  }
  const lists = commandLists(menus).map(({ commands, lang, scope }) => {
    const payload = { commands, ...(scope ? { scope } : {}), ...codeOf(lang) };
    const name = `setMyCommands ${scope?.type ?? 'default'}`;
    return call(name, lang, payload, (signal) => api.raw.setMyCommands(payload, signal));
  });
  // Menus first: they are used every day.
  return [...lists, ...calls];
}

const call = (name: string, lang: string | null, payload: object, send: Call['send']): Call => ({
  name: lang === null ? name : `${name} ${lang}`,
  payload,
  send,
});

const codeOf = (lang: string | null): { language_code?: LanguageCode } =>
  lang === null ? {} : { language_code: lang as LanguageCode };
