import { dirname } from 'node:path';
import TEXTS from '../../config/terminal-texts.json' with { type: 'json' };
import { hasChat } from '../config/accounts.ts';
import type { Edit } from '../config/edit.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { menusIn } from '../core/commands/all.ts';
import { codeOf, messageOf, TocsinError } from '../core/errors.ts';
import type { SetupDeps } from '../core/ports/setup.ts';
import type { Store } from '../core/ports/store.ts';
import { createTranslators } from '../i18n/index.ts';
import { filled, languages } from '../i18n/packs.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { openStore } from '../store/open.ts';
import { withAccount } from './account-command.ts';
import { beatOf, type CheckDeps } from './check.ts';
import { isThere, runtimeOf, UNSAID } from './runtime.ts';
import {
  askPlatforms,
  type Before,
  type Draft,
  editsOf,
  knownAccounts,
  makeAccount,
  type Placed,
  readBefore,
  writeDraft,
} from './setup/draft.ts';
import { bundledSources, chosenCountries, chosenSources } from './setup/plan.ts';
import {
  askCountries,
  askLanguages,
  askPage,
  askSources,
  askVantage,
  languageNow,
  likelyFeeds,
  type Options,
  optionLines,
  platformsIn,
  readOptions,
  settable,
  setupOf,
  unanswered,
} from './setup/questions.ts';
import { canceled, isCanceled, openSession, type Session } from './setup/session.ts';

/** What `--help` adds. */
export { optionLines as options };

const DEFAULT_FILE = 'config/tocsin.yaml';
/** No option answers it: whoever named a file by one has just read that it will not do. */
const ANOTHER_FILE = { kind: 'text', flag: 'another-file' } as const;
/** The platform of which nothing has to be asked. */
const NEEDS_NOTHING = settable.find(({ flags }) => flags.length === 0)!.platform;

/** 0 it is set up (whatever `check` found), 1 ended by whoever sits there or a test alert was not delivered, 2 wrong usage or configuration. */
export async function run(args: string[]): Promise<number> {
  const options = readOptions(args);
  const session = await openSession(options, process.env);
  const setup = createSetup(options, session);
  try {
    return await setup.run();
  } catch (error) {
    if (!isCanceled(error) && !session.signal.aborted) throw error;
    await setup.giveBack();
    process.stderr.write(`\n${setup.whereItStands()}\n`);
    return 1;
  } finally {
    session.close();
  }
}

/** What a change will be, on one line. Secrets are references by then. */
function lineOf(edit: Edit): string {
  const at = edit.path.join('.');
  if (edit.do === 'remove' || (edit.do === 'set' && edit.value === undefined)) return `  ${at}: taken away`;
  const text = spelt(edit.do === 'set' ? edit.value : edit.values);
  return `  ${at}${edit.do === 'append' ? ' +' : ':'} ${text.length > 160 ? `${text.slice(0, 159)}…` : text}`;
}

/** A value of the configuration for people: its parts in a row. */
function spelt(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(spelt).join('; ');
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).filter(([, one]) => one !== undefined);
    return parts.map(([key, one]) => `${key} ${spelt(one)}`).join(', ');
  }
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/** By what it is started here, and kept running: an installation that is not npm's says so (.ci/release/deb/tocsin, Dockerfile). */
const STARTED_BY = process.env.TOCSIN_STARTS_BY;

export function homeOf(
  by = STARTED_BY,
  isSource = import.meta.filename.endsWith('.ts'),
): keyof typeof TEXTS.setup.next {
  if (by) return by.startsWith('systemctl') ? 'service' : 'container';
  return isSource ? 'source' : 'package';
}

/** What to type now, and where to look. */
export function nextSteps(
  { file, name, config }: Before,
  by = STARTED_BY ?? (file.startsWith('/etc/') ? 'systemctl enable --now tocsin' : undefined),
  home = homeOf(by),
): string[] {
  const { next, nextChat, nextPage } = TEXTS.setup;
  const named = name === DEFAULT_FILE ? '' : ` --config ${name}`;
  const web = config?.web;
  const url = web?.pages ? (web.publicUrl ?? `http://127.0.0.1:${web.port}`) : null;
  return [
    filled(next[home], { by: by ?? '', config: named, npm: named && ` --${named}` }),
    ...(url === null ? [] : [filled(nextPage, { url })]),
    nextChat,
  ];
}

/** One run, from the first question to the test alert. */
function createSetup(options: Options, session: Session) {
  const { values, yes } = options;
  const { asker, interactive } = session;
  const place = { env: process.env, cwd: process.cwd() };
  /** Accounts that nothing was written of yet. */
  let pending: Placed[] = [];
  let written: Before | null = null;

  function whereItStands(): string {
    return written === null
      ? 'Ended. Nothing was written.'
      : `Ended. ${written.name} is written; what was left: tocsin check, tocsin test-alert.`;
  }

  /** Logins that were made for accounts which are not kept. */
  async function giveBack(): Promise<void> {
    for (const { made } of pending.splice(0)) await made.undo?.();
  }

  async function run(): Promise<number> {
    let before = await read(values.get('config') || process.env.TOCSIN_CONFIG?.trim() || DEFAULT_FILE);
    const accounts = knownAccounts(before);
    if (!interactive) {
      const missing = unanswered(options, accounts.length > 0);
      const said = `nobody sits at this terminal to be asked; missing: ${missing.join(', ')} (--yes agrees to what is proposed)`;
      if (missing.length > 0) throw new TocsinError('usage', `${said}. tocsin setup --help lists all options.`);
    }
    greet(before);
    try {
      const draft = await askAll(before);
      const wantsProfile =
        draft.placed.length > 0 && (await wants('profile', "Set the bot's commands, descriptions and picture?"));
      before = await write(before, draft);
      return await finish(before, draft, wantsProfile);
    } catch (error) {
      await giveBack();
      throw error;
    }
  }

  function greet({ name, text, fault }: Before): void {
    const about = text === null ? `writes ${name}` : `changes ${name}, and only what you answer anew`;
    asker.say(`Tocsin: this ${about}. Nothing is written before the end; Ctrl-C ends it at any question.\n`);
    if (text === null && settable.some(({ fromEnv }) => fromEnv(place.env) !== null))
      asker.say('The environment names an account, too: it counts no more once there is one in the file.\n');
    if (fault !== null) asker.say(`It cannot be used as it is now:\n${fault}\n`);
  }

  /** The place for the configuration; asked for anew where it is taken. */
  async function read(named: string): Promise<Before> {
    for (let file = named; ;) {
      try {
        return await readBefore(file, place);
      } catch (error) {
        if (codeOf(error) !== 'config_invalid' || !interactive) throw error;
        asker.wrong(messageOf(error));
        file = await asker.ask({
          ...ANOTHER_FILE,
          says: 'Another file for the configuration',
          check: (text) => (text === '' ? 'Name a file.' : null),
        });
      }
    }
  }

  async function askAll(before: Before): Promise<Draft> {
    const known = knownAccounts(before);
    const check = before.config ? checkDepsOf(before.config) : null;
    const implied = platformsIn(values);
    const platforms = await askPlatforms(asker, known, { implied, interactive });
    if (platforms.length === 0 && known.length === 0) {
      asker.say('Without an account it stays in this terminal.');
      platforms.push(NEEDS_NOTHING);
    }
    const placed: Placed[] = [];
    for (const platform of platforms) {
      const ids = placed.map(({ account }) => ({ id: account.id, platform: account.platform, identity: null }));
      const one = await makeAccount(platform, [...known, ...ids], { asker, setup: depsOf(before.config), check });
      placed.push(one);
      pending.push(one);
    }
    const bundled = bundledSources();
    const around = { bundled, folder: dirname(before.file) };
    const countries = await askCountries(asker, chosenCountries(before.data, around));
    const codes = languages.map(({ code }) => code);
    const chosenLanguages = await askLanguages(asker, codes, languageNow(before.data, codes, process.env));
    const fresh = before.text === null;
    const chosen = fresh
      ? likelyFeeds(bundled, chosenLanguages, countries)
      : new Set(chosenSources(before.data, around));
    const sources = await askSources(asker, bundled, chosen);
    const now = typeof before.data.vantage === 'string' ? before.data.vantage : null;
    const vantage = await askVantage(asker, { file: before.file, now, cwd: place.cwd });
    const page = await askPage(asker, before.config?.web ?? null, homeOf() === 'container' ? '0.0.0.0' : '127.0.0.1');
    // Whom nobody writes to follows from the start what this is all about.
    for (const { account } of placed) {
      const isNew = !known.some(({ id }) => id === account.id);
      const follow = countries.length > 0 ? countries.map((one) => one.toLowerCase()) : ['all'];
      if (isNew && hasChat(account)) account.keys.follow = follow;
    }
    return { placed, answers: { countries, languages: chosenLanguages, sources, page }, vantage, bundled };
  }

  /** Where it cannot be written, another place is asked for: no answer is lost. */
  async function write(start: Before, draft: Draft): Promise<Before> {
    for (let before = start; ;) {
      const edits = editsOf(before, draft, []);
      const lines = edits.map(lineOf);
      asker.say(
        lines.length > 0 ? `To be written to ${before.name}:\n${lines.join('\n')}` : `${before.name} stays as it is.`,
      );
      if (interactive && !yes) {
        const says = `Write ${before.name}?`;
        const answer = await asker.ask({ kind: 'yes-no', flag: 'write', says, initial: true });
        if (answer === 'no') throw canceled();
      }
      session.signal.throwIfAborted();
      try {
        await writeDraft(before, edits, draft, place);
      } catch (error) {
        if (codeOf(error) !== 'config_invalid' || !interactive) throw error;
        asker.wrong(messageOf(error));
        const says = 'Another file for it';
        before = await read(await asker.ask({ ...ANOTHER_FILE, says, initial: before.name }));
        continue;
      }
      pending = [];
      written = await readBefore(before.file, place);
      const secret = draft.placed.some(({ secrets }) => Object.keys(secrets).length > 0);
      asker.say(`Written: ${before.name}${secret ? ', and what is secret in the folder secrets beside it' : ''}.\n`);
      return written;
    }
  }

  async function finish(before: Before, draft: Draft, wantsProfile: boolean): Promise<number> {
    const { config } = before;
    if (config === null) {
      asker.say(`It cannot be used yet:\n${before.fault}\nMend that, then: tocsin check`);
      return 1;
    }
    await completeAll(draft.placed, config);
    if (wantsProfile) await session.leavable((signal) => introduceAll(draft.placed, config, signal), undefined);
    if (values.get('check') !== 'no') {
      asker.say('Trying everything once (tocsin check) …');
      const { run } = await import('./check.ts');
      await session.leavable(() => run(['--config', before.file]), 0);
    }
    const code = await alertOperators(before, draft, config);
    for (const line of nextSteps(written!)) asker.say(`\n${line}`);
    return code;
  }

  /** What of the new accounts can only be done now that they are written. What does not work is told, with how to do it later. */
  async function completeAll(placed: readonly Placed[], config: Config): Promise<void> {
    const setup = depsOf(config);
    for (const { account, made } of placed) {
      const { complete } = made;
      if (!complete) continue;
      try {
        await withAccount(config, account.id, async (place) => complete(asker, { ...place, ...setup }));
      } catch (error) {
        if (setup.signal.aborted || codeOf(error) === 'canceled') throw error;
        const later = `Later: tocsin ${account.platform} verify --account ${account.id}`;
        asker.say(`${account.id}: ${messageOf(error)}\n${later}`);
      }
    }
  }

  /** Sets what people see of the new accounts. What does not work is told, and left to the first start. */
  async function introduceAll(placed: readonly Placed[], config: Config, signal: AbortSignal): Promise<void> {
    const check = checkDepsOf(config);
    let store: Store | null = null;
    try {
      for (const { account, made } of placed) {
        const { introduce } = await setupOf(account.platform);
        if (!introduce) continue;
        // Where the bot keeps what it has set, so that its start need not set it again.
        store ??= await openStore(config.database, check);
        asker.say(`${account.id}: setting commands, descriptions and picture …`);
        const state = store.state(`account/${account.id}`);
        const deps = { ...depsOf(config), signal, state, menus: menusIn(createTranslators(config.catalogue)) };
        const problems = await introduce(made, deps);
        const rest = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
        asker.say(
          problems.length === 0
            ? `${account.id}: done.`
            : `${account.id}: not all of it: ${problems[0]}${rest}. The next start tries again.`,
        );
      }
    } catch (error) {
      if (codeOf(error) === 'store_locked')
        asker.say('A Tocsin is running on this database: it sets them itself at its next start.');
      else asker.say(`Not set now: ${messageOf(error)}. The first start sets them.`);
    } finally {
      await store?.close();
    }
  }

  /** To the operators; who they are is found out first, and written down. */
  async function alertOperators(before: Before, draft: Draft, config: Config): Promise<number> {
    const isWanted = await wants('test-alert', 'Send a test alert to your own chat?');
    const found = await session.leavable((signal) => meetOperators(draft, config, isWanted, signal), []);
    const nothingElse: Draft = { ...draft, placed: [], answers: {}, vantage: { do: 'keep' } };
    if (found.length > 0) await writeDraft(before, editsOf(before, nothingElse, found), nothingElse, place);
    if (!isWanted) return 0;
    const fresh = await loadConfig({ file: before.file, ...place });
    const { testAlert } = await import('./test-alert.ts');
    return await testAlert(fresh, { account: null, chat: null, lang: null, lenient: true });
  }

  /**
   * Who runs this, as `platform:id`, of each new account whose platform has no operator yet. While a bot is running it takes what people write to it, so that
   * nobody can be met here. `ask`: else only those who are named count.
   */
  async function meetOperators(
    { placed, answers }: Draft,
    config: Config,
    ask: boolean,
    signal: AbortSignal,
  ): Promise<string[]> {
    const beat = isThere(config.database) ? await beatOf(checkDepsOf(config)).catch(() => null) : null;
    const running = beat?.running === true;
    const patient = interactive || values.get('test-alert') === 'yes';
    const found: string[] = [];
    for (const { account, made } of placed) {
      const { platform } = account;
      const named = asker.given(`${platform}-operator`);
      const known = [...config.operators, ...found].some((one) => one.startsWith(`${platform}:`));
      if (!named && (known || !ask)) continue;
      if (running && !named) {
        asker.say(
          `${account.id}: a Tocsin is running with this configuration, so it gets what you write to the bot. Stop it and run tocsin setup again, which then waits for you; or name a chat: tocsin test-alert --account ${account.id} --chat ID`,
        );
        continue;
      }
      if (!patient && !named) continue;
      const deps = { ...depsOf(config), signal, follow: answers.countries ?? [] };
      const person = await (await setupOf(platform)).meet(made, asker, deps);
      if (person !== null) found.push(`${platform}:${person}`);
    }
    return found;
  }

  /** A switch, or a question; yes where nobody sits there. */
  async function wants(flag: string, says: string): Promise<boolean> {
    if (!asker.given(flag) && !interactive) return true;
    return (await asker.ask({ kind: 'yes-no', flag, says, initial: true })) === 'yes';
  }

  function depsOf(config: Config | null): SetupDeps {
    const { signal } = session;
    const proxy = config?.network.proxy ?? null;
    return { clock: systemClock, ids: createIds(systemClock), env: process.env, proxy, signal };
  }

  function checkDepsOf(config: Config): CheckDeps {
    return { config, ...runtimeOf(config, 'error', UNSAID) };
  }

  return { run, giveBack, whereItStands };
}
