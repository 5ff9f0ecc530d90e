import { createHash } from 'node:crypto';
import type { BotCommandScope } from 'grammy/types';
import { head } from '../../core/answers.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import { type Texts, packs, sayIn } from '../../i18n/packs.ts';
import { type Bot, GrammyError, HttpError } from './grammy.ts';
import { oneLine } from './render.ts';

type Menus = ReturnType<AdapterDeps['commandMenu']>;
type Command = Menus[number]['commands'][number];

/** Members of a group are not offered what only its administrators may, nor anybody there what makes sense in a private chat alone. `scope` null: wherever no narrower list stands. */
const SCOPES: { scope: BotCommandScope | null; holds(command: Command): boolean }[] = [
  { scope: null, holds: () => true },
  { scope: { type: 'all_group_chats' }, holds: ({ inGroups }) => inGroups === undefined || inGroups === 'everyone' },
  { scope: { type: 'all_chat_administrators' }, holds: ({ inGroups }) => inGroups !== 'nobody' },
];

/**
 * The lists of every scope and language, ISO 639-1; null: for every language that has no list of its own. English, where there is such a catalogue, stands
 * for these.
 */
function commandLists(menus: Menus) {
  const known = menus.filter(({ lang }) => /^[a-z]{2}$/.test(lang));
  const fallback = known.find(({ lang }) => lang === 'en') ?? known[0];
  if (fallback === undefined) return [];
  const all = [{ lang: null, commands: fallback.commands }, ...known];
  return SCOPES.flatMap(({ scope, holds }) =>
    all.map(({ lang, commands }) => ({ lang, scope, commands: listed(commands.filter(holds)) })),
  ).filter(({ commands }) => commands.length > 0);
}

const listed = (commands: readonly Command[]) =>
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

/** `name`: what the call sets, and for whom: method, scope, language. */
type Call = ReturnType<typeof callOf>;

type ProfileDeps = Pick<AdapterDeps, 'clock' | 'state' | 'commandMenu'> & { log: Pick<AdapterDeps['log'], 'info'> };

/**
 * Sets what has changed since it was last set, one call after the other. Pauses that Telegram asks for are kept; what it refuses, or
 * has no method for, is one line in the log, and the next start tries again. Never throws.
 */
export async function setProfile(bot: Bot, deps: ProfileDeps, signal: AbortSignal): Promise<void> {
  const problems: string[] = [];
  try {
    const kept = keptOf(await deps.state.get(KEY));
    const pauses = { left: MAX_PAUSES };
    for (const call of callsOf(deps.commandMenu())) {
      const print = createHash('sha256')
        .update(JSON.stringify([bot.botInfo.id, call.payload]))
        .digest('base64url');
      if (kept[call.name] === print) continue;
      const problem = await attempt(bot, call, deps, pauses, signal);
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
  const said = 'Unable to set the whole profile of the bot; the next start tries again';
  deps.log.info(said, { failed: problems.length, detail: problems[0] });
}

/** An older version kept one fingerprint of all menus, a string: it says nothing of single calls. */
const keptOf = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null ? { ...(value as Record<string, string>) } : {};

/** Null = it is set. `stop`: the calls after it would fare no better. */
async function attempt(
  { api }: Bot,
  { method, payload }: Call,
  { clock }: Pick<AdapterDeps, 'clock'>,
  pauses: { left: number },
  signal: AbortSignal,
): Promise<{ detail: string; stop: boolean } | null> {
  for (;;) {
    try {
      // The payload is of that method, and the signal one of the library's own type of the same thing.
      await api.raw[method](payload as never, signal as never);
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

function callsOf(menus: Menus): Call[] {
  const lists = commandLists(menus).map(({ commands, lang, scope }) =>
    callOf('setMyCommands', lang, { commands, ...(scope ? { scope } : {}) }, ` ${scope?.type ?? 'default'}`),
  );
  // Languages are those that the chat commands are told in; English is what everybody else reads.
  const langs = menus.length === 0 ? [] : [null, ...menus.map(({ lang }) => lang).filter((lang) => lang !== 'en')];
  const texts = langs.flatMap((lang) => {
    // Read for this alone: a language that no chat speaks does not stay in memory.
    const said: Texts = lang === null ? {} : packs.read(lang);
    const textOf = (key: 'profile.description' | 'profile.short') => said[key] ?? sayIn(null, key);
    return [
      callOf('setMyDescription', lang, { description: textOf('profile.description') }),
      callOf('setMyShortDescription', lang, { short_description: textOf('profile.short') }),
    ];
  });
  // Menus first: they are used every day.
  return [...lists, ...texts];
}

const callOf = (
  method: 'setMyCommands' | 'setMyDescription' | 'setMyShortDescription',
  lang: string | null,
  fields: object,
  scope = '',
) => ({
  method,
  name: `${method}${scope}${lang === null ? '' : ` ${lang}`}`,
  payload: lang === null ? fields : { ...fields, language_code: lang },
});
