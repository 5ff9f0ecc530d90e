import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { adapterKinds } from '../adapters/index.ts';
import { loadServiceHosts } from '../config/catalogue.ts';
import { above, displayName } from '../config/read.ts';
import type { AccountConfig, Config, SourceConfig, VantageConfig } from '../config/schema.ts';
import { isPostgres, withoutPassword } from '../config/secrets.ts';
import { judgeIdentity, keptIdentity, named } from '../core/account-identity.ts';
import { afterwards, codeOf, messageOf, TocsinError } from '../core/errors.ts';
import { createOutage } from '../core/outbox/sender.ts';
import { createEtiquette, leftOutOf } from '../core/poll/etiquette.ts';
import type { ChatAdapter, Identity, Pictures } from '../core/ports/chat-adapter.ts';
import type { SharedStore } from '../core/ports/leases.ts';
import type { DurableState, Forgettable, Http } from '../core/ports/runtime.ts';
import { eachLimited, within } from '../core/wakeable.ts';
import { createPictureHost } from '../pictures/host.ts';
import { createHttp } from '../platform/http.ts';
import { type Paint, printable, paintFor } from '../platform/log.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { sourceKinds } from '../sources/index.ts';
import { lastBeat, reading } from './open-database.ts';
import { counted, isThere, may, type Runtime, configOf, optionsOf, runtimeOf, UNSAID } from './runtime.ts';

/** One line of `tocsin check`. */
export interface Row {
  part: 'config' | 'database' | 'account' | 'source' | 'vantage' | 'pictures' | 'web';
  name: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  detail: string;
}

export type CheckDeps = Runtime & { config: Config };

/** Columns as wide as they must be; the last one is left as it is. */
export function tableOf(rows: readonly Row[], paint: Paint = (_tone, text) => text): string {
  const width = (key: 'part' | 'name') => Math.min(40, Math.max(...rows.map((row) => row[key].length)));
  const [part, name] = [width('part'), width('name')];
  const line = (row: Row) =>
    `${row.ok ? paint('good', 'ok  ') : paint('bad', 'FAIL')}  ${row.part.padEnd(part)}  ${row.name.padEnd(name)}  ${oneLine(row.detail)}`.trimEnd();
  return rows.map(line).join('\n');
}

const oneLine = (text: string) => printable(text).slice(0, 300);
const MANY = 3;

/** What fails alike, whatever its host, in one row: without internet thirty feeds have one fault. */
export function together(rows: readonly Row[]): Row[] {
  const why = ({ detail }: Row) => detail.replace(/^(\w+: )[\w.:[\]-]+: /, '$1');
  return [...Map.groupBy(rows, (row) => (row.ok ? row : `${row.part} ${why(row)}`)).values()].flatMap((alike) => {
    const [first, second] = alike as [Row, Row?];
    if (!second || alike.length < MANY) return alike;
    const name = `${alike.length} ${first.part}s`;
    return [{ ...first, name, detail: `${why(first)} (${first.name}, ${second.name} and ${alike.length - 2} more)` }];
  });
}

export function failure(part: Row['part'], name: string, error: unknown): Row {
  const code = codeOf(error);
  const message = messageOf(error);
  return { part, name, ok: false, detail: code === 'internal' ? message : `${code}: ${message}` };
}

/** State and cache that are forgotten at the end: a check must not change what the running bot knows. */
export function throwaway(): { state: DurableState; cache: Forgettable } {
  const kept = new Map<string, unknown>();
  return {
    state: {
      get: async (key) => kept.get(key),
      set: async (key, value) => void kept.set(key, value),
      delete: async (key) => void kept.delete(key),
    },
    cache: { get: async () => undefined, set: async () => false, delete: async () => false },
  };
}

/** The adapter of an account for one look or one message: it receives nothing and keeps nothing, so a bot that runs with the same account misses nothing. */
export async function passingAdapter(
  account: AccountConfig,
  deps: Runtime & { config: Pick<Config, 'network'>; pictures?: Pictures },
) {
  const { createAdapter } = await adapterKinds.find((kind) => kind.platform === account.platform)!.load();
  const { config } = deps;
  // Never closed: a connection that waits for nothing keeps no command from its end.
  const { http, resolves } = createHttp(config.network);
  return createAdapter(account, {
    ...deps,
    outage: createOutage(),
    ...throwaway(),
    http,
    resolves,
    pageOf: () => null,
    proxy: config.network.proxy,
    knownChats: async () => [],
    commandMenu: () => [],
  });
}

const DEADLINE_MS = 10_000;

/** Opens the database for reading only; one that is not there yet is well if it could be made. */
export async function checkDatabase(deps: CheckDeps): Promise<Row[]> {
  const { database } = deps.config;
  const name = isPostgres(database) ? withoutPassword(database) : displayName(database, process.cwd());
  if (database === ':memory:') return [{ part: 'database', name, ok: true, detail: 'kept in memory, lost at the end' }];
  if (!isThere(database)) return [absent(database, name)];
  try {
    const { running } = await beatOf(deps);
    const left = await leftOut(deps);
    const detail = `readable${running ? '; a bot is running on it' : ''}`;
    return [{ part: 'database', name, ok: true, detail: left === null ? detail : `${detail}; ${left}` }];
  } catch (error) {
    const { reason, found } = error instanceof TocsinError ? error.facts : {};
    if (reason !== 'not migrated') return [failure('database', name, error)];
    const older = 'of an older version; the next start migrates it';
    return [{ part: 'database', name, ok: true, detail: found === 0 ? 'empty; the first start sets it up' : older }];
  }
}

function absent(database: string, name: string): Row {
  const folder = above(database);
  if (may(folder, constants.W_OK))
    return { part: 'database', name, ok: true, detail: 'not there yet; the first start makes it' };
  const detail = `not there, and ${folder} may not be written to: give the user that runs Tocsin the right`;
  return { part: 'database', name, ok: false, detail };
}

/** When the bot on this database beat last. */
export const beatOf = (deps: CheckDeps) => soon(deps, (store) => lastBeat(store, deps.clock));

/** Whom each account was known as so far, by account id. None where there is no database yet, or it cannot be read: its own row tells that. */
async function knownIdentities(deps: CheckDeps): Promise<ReadonlyMap<string, Identity>> {
  const { database, accounts } = deps.config;
  const known = new Map<string, Identity>();
  if (!isThere(database)) return known;
  const read = soon(deps, async (store) => {
    for (const { id } of accounts) {
      const kept = await keptIdentity(store.state(`account/${id}`));
      if (kept) known.set(id, kept);
    }
  });
  await read.catch(() => undefined);
  return known;
}

/** What chats follow beyond what observatories are asked for; null = nothing, or there is none that asks for what is followed. */
async function leftOut(deps: CheckDeps): Promise<string | null> {
  const kinds = sourceKinds.filter(({ follows }) => follows).map(({ kind }) => kind);
  if (!deps.config.sources.some((one) => kinds.includes(one.kind) && !('countries' in one && one.countries)))
    return null;
  const { countries, services, isMore } = await soon(deps, (store) => leftOutOf(store.subscriptions));
  if (countries + services === 0) return null;
  return `chats follow more than observatories are asked for: ${isMore ? 'at least ' : ''}${countries} countries and ${services} services are left out`;
}

const soon = <T>(deps: CheckDeps, read: (store: SharedStore) => Promise<T>): Promise<T> =>
  within(DEADLINE_MS, () => reading(deps.config.database, deps, read), deps);

const ACCOUNTS_DEADLINE_MS = 15_000;

/** Asks each platform once whether it knows the account; receives nothing, so a running bot misses nothing. */
export async function checkAccounts(deps: CheckDeps): Promise<Row[]> {
  const known = await knownIdentities(deps);
  return await Promise.all(
    deps.config.accounts.map((account) => checkAccount(account, known.get(account.id) ?? null, deps)),
  );
}

/** `kept`: whom its chats know; null = that is not known. */
async function checkAccount(account: AccountConfig, kept: Identity | null, deps: CheckDeps): Promise<Row> {
  const name = `${account.id} (${account.platform})`;
  let adapter: ChatAdapter | null = null;
  try {
    adapter = await passingAdapter(account, deps);
    const { login } = adapter;
    if (!login) return { part: 'account', name, ok: true, detail: 'needs no login' };
    const found = await within(ACCOUNTS_DEADLINE_MS, (signal) => login.check(signal), deps);
    const problem = found.problem ?? anotherThan(kept, account.identity ?? null, found.identity);
    const known = found.identity ? `logged in as ${found.identity.name}` : null;
    const well = [known, found.detail].filter(Boolean).join('; ') || 'logged in';
    const detail = problem ?? well;
    return { part: 'account', name, ok: found.ok && problem === null, detail };
  } catch (error) {
    return failure('account', name, error);
  } finally {
    await adapter?.stop().catch(() => undefined);
  }
}

/** Why the start would stop this account, with the remedy (a table's cell: short); null = it would not. */
function anotherThan(kept: Identity | null, configured: string | null, seen: Identity | undefined): string | null {
  if (!seen) return null;
  const { why } = judgeIdentity(kept, configured, seen);
  const token = `the token is that of ${named(seen)}`;
  if (why === 'another-than-in-config')
    return `${token}, and the config says identity: "${configured}": put in the token of that bot, or mend identity`;
  if (why === 'another-than-before')
    return `it was ${named(kept!)} until now, and ${token}: put the former token back, give the new one another id under accounts, or hand it these chats by identity: "${seen.id}"`;
  return null;
}

const SAMPLE = {
  svg: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="#c00"/></svg>',
  width: 8,
  height: 8,
  alt: '',
};

/** Makes one small picture. A system that can make none is no fault: answers are complete without. */
export async function checkPictures({ log }: Pick<CheckDeps, 'log'>): Promise<Row[]> {
  const pictures = createPictureHost(log);
  await using _ = afterwards(() => pictures.stop());
  const png = await pictures.png(SAMPLE);
  const none = `no pictures, answers are text alone: ${pictures.problem() ?? 'it failed'}`;
  return [{ part: 'pictures', name: 'timelines', ok: true, detail: png ? 'pictures can be made' : none }];
}

const AT_A_TIME = 8;
const SOURCES_DEADLINE_MS = 30_000;

type Polite = ReturnType<typeof createEtiquette>;

/** Polls each source once, as on a first poll, and keeps nothing. */
export async function checkSources(deps: CheckDeps): Promise<Row[]> {
  const polite = createEtiquette({ ...deps, state: throwaway().state });
  const told = { atATime: AT_A_TIME, what: 'trying', unit: 'sources' };
  return await askEach(deps.config.sources, told, deps, (source, http) => checkSource(source, http, polite, deps));
}

/** Asks about each, so many at a time, and shows how far it is. */
export async function askEach<T, R>(
  list: readonly T[],
  { atATime, what, unit }: { atATime: number; what: string; unit: string },
  { config, clock }: CheckDeps,
  ask: (one: T, http: Http) => Promise<R>,
): Promise<R[]> {
  await using client = createHttp({ ...config.network, contact: config.web?.publicUrl ?? null });
  using progress = progressOnStderr(clock)(what, unit);
  let done = 0;
  progress.tell(0, list.length);
  return await eachLimited(list, atATime, async (one) => {
    const found = await ask(one, client.http);
    progress.tell(++done, list.length);
    return found;
  });
}

async function checkSource(config: SourceConfig, http: Http, polite: Polite, deps: CheckDeps): Promise<Row> {
  const serviceHosts = () => loadServiceHosts(deps.config.catalogue);
  try {
    const kind = sourceKinds.find((one) => one.kind === config.kind)!;
    if (kind.off?.(config)) return { part: 'source', name: config.id, ok: true, detail: 'off: no token' };
    const { createSource } = await kind.load();
    const fetched = kind.polite ? polite(http) : http;
    const source = createSource(config, { ...deps, http: fetched, ...throwaway(), serviceHosts });
    const poll = (signal: AbortSignal) => source.poll({ now: deps.clock.now(), firstPoll: true, signal });
    const { items, measurements, statements = [] } = await within(kind.checkMs ?? SOURCES_DEADLINE_MS, poll, deps);
    const newest = Math.max(...items.filter((item) => item.dated).map((item) => item.publishedAt));
    const none = items.length + statements.length + measurements.length === 0;
    if (none && kind.idle) return { part: 'source', name: config.id, ok: true, detail: kind.idle };
    const found = items.length > 0 || statements.length === 0 ? [counted(items.length, 'item')] : [];
    if (statements.length > 0) found.push(counted(statements.length, 'statement'));
    if (measurements.length > 0) found.push(counted(measurements.length, 'measurement'));
    if (Number.isFinite(newest)) found.push(`newest ${new Date(newest).toISOString().slice(0, 16)}Z`);
    return { part: 'source', name: config.id, ok: true, detail: found.join(', ') };
  } catch (error) {
    return failure('source', config.id, error);
  }
}

const VANTAGE_DEADLINE_MS = 60_000;

/** Tries the operator's own vantage point by the kind of source that measures from it. */
export async function checkVantage({ file, data }: VantageConfig, deps: CheckDeps): Promise<Row[]> {
  const name = displayName(file, process.cwd());
  try {
    const kind = await sourceKinds.find((one) => one.vantage)!.vantage!.load();
    const check = (signal: AbortSignal) => kind.checkVantage(data, dirname(file), { ...deps, signal });
    return [{ part: 'vantage', name, ...(await within(VANTAGE_DEADLINE_MS, check, deps)) }];
  } catch (error) {
    return [failure('vantage', name, error)];
  }
}

/** Whether the addresses of the web server are free; a bot that runs on this database has them, and its health is its own matter. */
export async function checkWeb(
  { web }: Pick<Config, 'web'>,
  deps: Pick<CheckDeps, 'log'>,
  running: boolean,
): Promise<Row[]> {
  if (web === null) return [];
  const all = [['web: listen', web] as const, ...(web.private ? [['web: private', web.private] as const] : [])];
  const { openServer } = await import('../web/server.ts');
  return await Promise.all(
    all.map(async ([key, { host, port }]): Promise<Row> => {
      const name = `${host}:${port}`;
      if (running) return { part: 'web', name, ok: true, detail: 'a bot is running on this database' };
      try {
        await (await openServer({ host, port }, deps.log, key)).close();
        return { part: 'web', name, ok: true, detail: 'free' };
      } catch (error) {
        return failure('web', name, error);
      }
    }),
  );
}

/** 0 all well, 1 something is wrong, 2 the config is. Changes nothing: it may run beside a running bot. */
export async function run(args: string[]): Promise<number> {
  // `offline`: the config alone; `alive`: only whether a bot runs on this database, for a container's health check.
  const { values } = optionsOf(args, ['config'], ['json', 'offline', 'alive']);
  const config = await configOf(values.config);
  // What fails stands in the table; what the parts would log on top of it is noise here.
  const { secrets, ...runtime } = runtimeOf(config, 'error', UNSAID);
  const deps: CheckDeps = { config, ...runtime };
  if (values.alive) return alive(deps);

  const rows: Row[] = [configRow(config)];
  if (!values.offline) rows.push(...(await everything(deps)));
  const safe = rows.map((row) => ({ ...row, name: secrets.redact(row.name), detail: secrets.redact(row.detail) }));
  const failed = safe.filter((row) => !row.ok).length;
  if (values.json) for (const row of safe) process.stdout.write(`${JSON.stringify(row)}\n`);
  else {
    const sentence = failed === 0 ? 'All is well.' : `Of ${safe.length} parts, ${failed} failed.`;
    const paint = paintFor(process.stdout, process.env);
    process.stdout.write(`${tableOf(together(safe), paint)}\n${paint(failed === 0 ? 'good' : 'bad', sentence)}\n`);
  }
  return failed === 0 ? 0 : 1;
}

async function everything(deps: CheckDeps): Promise<Row[]> {
  const { config } = deps;
  const beat = isThere(config.database) ? await beatOf(deps).catch(() => null) : null;
  const rows = await Promise.all([
    checkDatabase(deps),
    checkAccounts(deps),
    checkSources(deps),
    checkPictures(deps),
    checkWeb(config, deps, beat?.running === true),
    config.vantage ? checkVantage(config.vantage, deps) : [],
  ]);
  return rows.flat();
}

function configRow(config: Config): Row {
  const { accounts, sources, catalogue } = config;
  const counts = [
    counted(accounts.length, 'account'),
    counted(sources.length, 'source'),
    counted(catalogue.services.length, 'service'),
  ].join(', ');
  const name = config.file ? displayName(config.file, process.cwd()) : 'built-in defaults';
  return { part: 'config', name, ok: true, detail: counts };
}

async function alive(deps: CheckDeps): Promise<number> {
  const { database } = deps.config;
  const beat = database === ':memory:' || isThere(database) ? await beatOf(deps) : null;
  const at = beat?.at ?? null;
  const said = at === null ? 'no heartbeat' : `last heartbeat ${Math.round((deps.clock.now() - at) / 1_000)} s ago`;
  process.stdout.write(`${beat?.running ? 'alive' : 'not alive'}: ${said}\n`);
  return beat?.running ? 0 : 1;
}
