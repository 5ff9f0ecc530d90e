import fs from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import TROUBLES from '../../../config/trouble-texts.json' with { type: 'json' };
import { type Data, type Edit, editConfig, makeFolders, writeWhole } from '../../config/edit.ts';
import { loadConfig } from '../../config/load.ts';
import { Problems } from '../../config/problems.ts';
import { above, displayName, readData } from '../../config/read.ts';
import { type Config, fileSchema } from '../../config/schema.ts';
import { type Env, PACKAGE_ROOT } from '../../config/secrets.ts';
import { TocsinError, messageOf, orNull } from '../../core/errors.ts';
import type { Identity } from '../../core/ports/chat-adapter.ts';
import type { Asker, MadeAccount, SetupDeps } from '../../core/ports/setup.ts';
import { within } from '../../core/wakeable.ts';
import { type CheckDeps, passingAdapter } from '../check.ts';
import { may } from '../runtime.ts';
import { type Answers, type BundledSource, planEdits } from './plan.ts';
import { OWN_NAME, settable, setupOf, type VantageAnswer } from './questions.ts';

/** Puts a setup on the disk: all of it, or nothing. */

const SECRETS_FOLDER = 'secrets';

const REMEDIES: Partial<Record<string, string>> = TROUBLES.setup;

/** As the configuration writes it, relative to itself. */
const referenceOf = (name: string): string => `file:${SECRETS_FOLDER}/${name}`;

/** What puts back what was done, the last first. */
type Undo = (() => Promise<void> | void)[];

const writeText = (file: string, text: string, mode: number): Promise<void> =>
  writeWhole(file, mode, (handle) => handle.writeFile(text));

/** Folders that are missing are made; they go again if nothing comes of it. `mode`: the folder is ours, and for its owner alone. */
function makeFolder(folder: string, undo: Undo, mode?: number): void {
  const first = makeFolders(folder, mode);
  if (first !== undefined) undo.push(() => fs.rmSync(first, { recursive: true, force: true }));
  if (mode !== undefined) fs.chmodSync(folder, mode);
}

/** The new secret takes the place of the old one, which comes back if what follows fails. */
function replace(file: string, undo: Undo): void {
  const old = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
  fs.renameSync(`${file}.new`, file);
  undo.push(() => (old === null ? fs.rmSync(file, { force: true }) : writeText(file, old, 0o600)));
}

/** A setup before it is written: what was answered, and the text that comes of it. */

export interface Draft {
  placed: readonly Placed[];
  answers: Pick<Answers, 'countries' | 'languages' | 'sources' | 'page'>;
  vantage: VantageAnswer;
  bundled: readonly BundledSource[];
}

const HEADER = `# The configuration of Tocsin, written by \`tocsin setup\`; run that again to change it, or edit it: what you write here stays. Every key is explained in
# config/tocsin.example.yaml. Secrets stand in files of their own (file:PATH, relative to this file), readable for their owner alone.
`;

/** What would change in this configuration. */
export function editsOf(before: Before, { placed, answers, vantage, bundled }: Draft, operators: readonly string[]) {
  const folder = dirname(before.file);
  const own = vantageName(vantage, folder);
  const all: Answers = {
    ...answers,
    ...(own === undefined ? {} : { vantage: own }),
    accounts: placed.map(({ account }) => account),
    operators,
  };
  return planEdits(before.data, all, { bundled, folder });
}

/** As the configuration names it; undefined = it stays. */
function vantageName(vantage: VantageAnswer, folder: string): string | null | undefined {
  if (vantage.do === 'keep') return undefined;
  if (vantage.do === 'none') return null;
  if (vantage.do === 'here') return OWN_NAME;
  const short = relative(folder, vantage.file);
  return short.startsWith('..') ? vantage.file : short.split(sep).join('/');
}

const isJson = (file: string): boolean => /\.json$/i.test(file);

/** Writes all of it, or throws `config_invalid` with what could not be written; then everything is as it was. A configuration that was sound has to stay so. */
export async function writeDraft(
  before: Before,
  edits: readonly Edit[],
  { placed, vantage }: Draft,
  { env, cwd }: { env: Env; cwd: string },
): Promise<void> {
  const { file } = before;
  const json = isJson(file);
  const text = editConfig(before.text ?? (json ? '' : HEADER), edits, { json, compact: true });
  const secrets = Object.assign({}, ...placed.map((one) => one.secrets)) as Record<string, string>;
  const names = Object.keys(secrets);
  const folder = dirname(file);
  const own = join(folder, OWN_NAME);
  const undo: Undo = [];
  // Refers to the new secrets, under another name: is it sound?
  const trial = join(folder, `.${basename(file)}.setup-${process.pid}${json ? '.json' : ''}`);
  try {
    makeFolder(folder, undo);
    if (vantage.do === 'here' && vantage.about && !fs.existsSync(own)) {
      undo.push(() => fs.rmSync(own, { force: true }));
      await writeText(own, vantageText(vantage.about), 0o644);
    }
    if (names.length > 0) makeFolder(join(folder, SECRETS_FOLDER), undo, 0o700);
    for (const name of names) {
      const fresh = join(folder, SECRETS_FOLDER, `${name}.new`);
      undo.push(() => fs.rmSync(fresh, { force: true }));
      await writeText(fresh, `${secrets[name]}\n`, 0o600);
    }
    const referring = names.reduce(
      (body, name) => body.replaceAll(referenceOf(name), `${referenceOf(name)}.new`),
      text,
    );
    undo.push(() => fs.rmSync(trial, { force: true }));
    await writeText(trial, referring, 0o600);
    if (before.fault === null)
      await loadConfig({ file: trial, env, cwd }).catch((error: unknown) => {
        if (!(error instanceof TocsinError)) throw error;
        const told = error.message.replaceAll(displayName(trial, cwd), before.name).replaceAll('.new', '');
        const sentence = `The configuration would not be sound, so nothing was written:\n${told}`;
        throw new TocsinError('config_invalid', sentence);
      });
    fs.rmSync(trial, { force: true });
    for (const name of names) replace(join(folder, SECRETS_FOLDER, name), undo);
    await writeText(file, text, fs.existsSync(file) ? fs.statSync(file).mode & 0o777 : 0o644);
  } catch (error) {
    // The rest is put back all the same where one cannot be.
    for (const step of undo.reverse()) await Promise.try(step).catch(() => {});
    if (error instanceof TocsinError) throw error;
    const { code, path, message } = error as NodeJS.ErrnoException;
    const remedy = REMEDIES[code ?? ''] ?? 'look at the disk';
    const wrong = `${path ?? file} cannot be written (${code ?? message})`;
    throw new TocsinError('config_invalid', `${wrong}: ${remedy}. Nothing was changed.`);
  }
}

/** The bundled vantage file with the line's own country and network. */
function vantageText({ country, asn }: { country: string | null; asn: string | null }): string {
  const text = fs.readFileSync(join(PACKAGE_ROOT, 'config/vantage.default.yaml'), 'utf8');
  const edits: Edit[] = [
    ...(country ? [{ do: 'set', path: ['country'], value: country, comment: 'Where the line is.' } as const] : []),
    ...(asn ? [{ do: 'set', path: ['asn'], value: asn, comment: 'The network that it belongs to.' } as const] : []),
  ];
  return editConfig(text, edits, { compact: true });
}

/** The configuration as it is before the setup: is the place for it free, ours, or taken. */

export type Before = Awaited<ReturnType<typeof readBefore>>;

/** Throws `config_invalid` with what is wrong with the place and what to do: a folder, a file of something else, no right to write. */
export async function readBefore(written: string, { env, cwd }: { env: Env; cwd: string }) {
  const asked = resolve(cwd, written);
  const name = displayName(asked, cwd);
  const taken = placeFault(asked);
  if (taken !== null) throw new TocsinError('config_invalid', `${name}: ${taken}`);
  const file = fs.lstatSync(asked, { throwIfNoEntry: false }) ? fs.realpathSync(asked) : asked;
  // `file`: absolute, and no link; `name`: as people know it. No text: there is none yet. `fault`: why it cannot be used as it is; null = it can.
  const none = { file, name, text: null as string | null, data: {} as Data, config: null as Config | null };
  if (!fs.lstatSync(file, { throwIfNoEntry: false })) return { ...none, fault: null };
  const problems = new Problems();
  const data = await readData(file, name, problems);
  problems.raise();
  const known = Object.keys(fileSchema.entries);
  const keys = data !== null && typeof data === 'object' && !Array.isArray(data) ? Object.keys(data) : null;
  const other = `${name}: holds something else than a configuration of Tocsin: name another file with --config, or move this one`;
  if (keys === null || (keys.length > 0 && !keys.some((key) => known.includes(key))))
    throw new TocsinError('config_invalid', other);
  const there = { ...none, text: fs.readFileSync(file, 'utf8'), data: data as Data };
  try {
    return { ...there, config: await loadConfig({ file, env, cwd }), fault: null };
  } catch (error) {
    return { ...there, fault: messageOf(error) };
  }
}

/** Why no configuration can lie there, and the remedy; null = it can. */
function placeFault(file: string): string | null {
  const there = fs.statSync(file, { throwIfNoEntry: false });
  if (!there && isLink(file)) return 'is a link that leads nowhere: remove it, or name another file with --config';
  if (there?.isDirectory()) return 'is a folder: name a file in it with --config';
  if (there && !there.isFile()) return 'is no ordinary file: name another with --config';
  if (there && !may(file, fs.constants.W_OK))
    return 'may not be written to: give your user the right, or name another file with --config';
  const place = above(file);
  if (!fs.statSync(place, { throwIfNoEntry: false })?.isDirectory())
    return `cannot lie in ${place}, which is no folder: name another file with --config`;
  return may(place, fs.constants.W_OK | fs.constants.X_OK)
    ? null
    : `cannot be written, since ${place} may not be: give your user the right, or name another file with --config`;
}

const isLink = (path: string): boolean => orNull(() => fs.lstatSync(path).isSymbolicLink()) ?? false;

/** The accounts of a setup: each platform asks its own questions; here it is decided which account of the configuration it is. */

const LOOK_MS = 10_000;

export type Placed = ReturnType<typeof withSecrets>;

interface Known {
  id: string;
  platform: string;
  /** Who it is; null = not to be found out now. */
  identity: Identity | null;
}

/** Which platforms to set up now. Accounts that are there already stay, whatever is chosen. `implied`: options speak of them. */
export async function askPlatforms(
  asker: Asker,
  known: readonly Known[],
  { implied, interactive }: { implied: readonly string[]; interactive: boolean },
): Promise<string[]> {
  if (!asker.given('accounts') && (implied.length > 0 || (known.length > 0 && !interactive))) return [...implied];
  const choices = settable.map(({ platform, label, hint }) => {
    const ids = known.filter((one) => one.platform === platform).map(({ id }) => id);
    const there = `there is: ${ids.join(', ')}; tick to change or add`;
    return { value: platform, label, hint: ids.length > 0 ? there : hint };
  });
  const first = choices.find(({ value }) => settable.some((one) => one.platform === value && one.flags.length > 0));
  return await asker.several({
    flag: 'accounts',
    says: known.length > 0 ? 'Which accounts do you want to set up or change?' : 'Where shall it ring?',
    choices,
    initial: known.length > 0 || !first ? [] : [first.value],
  });
}

/** The accounts of the configuration, without asking anybody. */
export function knownAccounts({ config, data }: Before): Known[] {
  if (config && data.accounts == null) return [];
  const blocks = config?.accounts ?? (Array.isArray(data.accounts) ? (data.accounts as unknown[]) : []);
  return blocks.flatMap((one): Known[] => {
    const { id, platform } = (one ?? {}) as { id?: unknown; platform?: unknown };
    return typeof platform === 'string'
      ? [{ id: typeof id === 'string' ? id : platform, platform, identity: null }]
      : [];
  });
}

/** Until there is an account, and a place for it in the configuration. */
export async function makeAccount(
  platform: string,
  before: readonly Known[],
  { asker, setup, check }: { asker: Asker; setup: SetupDeps; check: CheckDeps | null },
): Promise<Placed> {
  const { secrets: secretKeys } = settable.find((one) => one.platform === platform)!;
  const platformSetup = await setupOf(platform);
  for (;;) {
    const isThere = before.some((one) => one.platform === platform);
    const made = await platformSetup.ask(asker, setup, isThere);
    try {
      const known = check ? await identified(before, platform, check) : before;
      const placed = await place(made, known, asker);
      if (placed !== null) return withSecrets(placed, secretKeys);
    } catch (error) {
      await made.undo?.();
      throw error;
    }
    await made.undo?.();
  }
}

/** Asks the platform who each account of it is. */
async function identified(known: readonly Known[], platform: string, deps: CheckDeps): Promise<Known[]> {
  const look = async (one: Known): Promise<Known> => {
    const account = deps.config.accounts.find(({ id }) => id === one.id);
    if (one.platform !== platform || !account) return one;
    const adapter = await passingAdapter(account, deps);
    try {
      const found = await within(LOOK_MS, async (signal) => adapter.login?.check(signal), deps);
      return { ...one, identity: found?.identity ?? null };
    } catch {
      return one;
    } finally {
      await adapter.stop().catch(() => undefined);
    }
  };
  return await Promise.all(known.map(look));
}

/** Null = another is to be given. */
async function place(made: MadeAccount, known: readonly Known[], asker: Asker): Promise<MadeAccount | null> {
  const same = known.find(
    (one) => one.platform === made.platform && one.identity !== null && one.identity.id === made.identity?.id,
  );
  if (same) {
    asker.say(`That is the account "${same.id}" of the configuration: it gets the new login.`);
    return { ...made, id: same.id };
  }
  const others = known.filter(({ platform }) => platform === made.platform);
  const free = freeId(made.id, known);
  if (others.length === 0) return { ...made, id: free };
  if (made.identity === null) return { ...made, id: others[0]!.id };
  const { id, identity } = others[0]!;
  const whose = identity ? `is ${identity.name}` : 'is not known to its platform now';
  const answer = await asker.ask({
    kind: 'one',
    flag: 'other',
    says: `This is ${made.identity.name}, and the account "${id}" of the configuration ${whose}. The chats of "${id}" belong to that one. What now?`,
    choices: [
      { value: 'again', label: 'Give another', hint: 'nothing is changed' },
      { value: 'add', label: `Add it as "${free}"`, hint: 'both ring' },
      {
        value: 'replace',
        label: `Let "${id}" be this one from now on`,
        hint: 'its chats hear only if they know this one, too',
      },
    ],
  });
  if (answer === 'again') {
    asker.wrong('Nothing was changed.');
    return null;
  }
  if (answer === 'add') return { ...made, id: free };
  return { ...made, id, keys: { ...made.keys, identity: made.identity.id } };
}

function freeId(wanted: string, known: readonly Known[]): string {
  const taken = new Set(known.map(({ id }) => id));
  for (let n = 1; ; n++) {
    const id = n === 1 ? wanted : `${wanted}${n}`;
    if (!taken.has(id)) return id;
  }
}

function withSecrets(made: MadeAccount, secretKeys: readonly string[]) {
  const { id, platform, keys } = made;
  const named = secretKeys
    .filter((key) => made.secrets[key] !== undefined)
    .map((key) => ({ key, file: `${id}-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` }));
  const references = Object.fromEntries(named.map(({ key, file }) => [key, referenceOf(file)]));
  return {
    account: { id, platform, keys, references },
    made,
    /** By the name of the file in the folder of secrets. */
    secrets: Object.fromEntries(named.map(({ key, file }) => [file, made.secrets[key]!])),
  };
}
