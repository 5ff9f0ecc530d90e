import type { Update, UserFromGetMe } from 'grammy/types';
import { type Code, TocsinError, codeOf, logFailure, onceWhileFailing } from '../../core/errors.ts';
import type { AdapterDeps, AdapterHealth, Identity } from '../../core/ports/chat-adapter.ts';
import type { Clock, DurableState, Log } from '../../core/ports/runtime.ts';
import { inOrder, inOrderByKey } from '../../core/wakeable.ts';
import { type Answer, type ApiClient, resultOf } from './client.ts';
import type { TelegramAccount } from './config.ts';
import { ALLOWED_UPDATES, type Claim } from './events.ts';
import { NETWORK_WIDE } from './send.ts';

const POLL_SECONDS = 30;
/** Past the poll's own time: what a slow line may take. */
const DEADLINE_MS = POLL_SECONDS * 1000 + 10_000;
const BATCH = 100;
const MAX_BYTES = 32 << 20;
/** How long the next poll waits for the handlers of the last one, before their updates are written down instead. */
const GRACE_MS = 300;
const LEAST_POLL_MS = 1000;
/** As long as a poll may last. */
const TAKEOVER_MS = DEADLINE_MS;
const MAX_WAIT_MS = 3_600_000;
const MAX_BACKOFF_MS = 30_000;

export interface PollParts extends Connection {
  inbox: Inbox;
  /** Into the inbox, before it returns; resolves when the update is handled. Null = it is none of our business. */
  take(update: Update): Promise<void> | null;
  write(journal: Journal): Promise<boolean>;
  /** Updates are asked for from now on. */
  onListening?(): void;
}

/**
 * Long polling until the signal aborts (an open poll is hung up: nothing waits for it, and nothing is lost, since an offset is confirmed
 * only by the next poll). An update is acknowledged when it is handled or written down.
 */
export async function poll(parts: PollParts): Promise<void> {
  const { client, deps, health, inbox, signal } = parts;
  // Does this process still receive for the account? What came in while it was asleep is another's: it is neither taken nor confirmed.
  const { clock, ids, holds = () => true } = deps;
  // A webhook left over from another set-up would answer every poll with 409. Waiting updates stay.
  const unhook = () => client.call('deleteWebhook', '{}', { deadlineMs: ASK_MS });
  let next = 0;
  let first = 0;
  let failures = 0;
  let settled = true;
  await unhook();
  parts.onListening?.();
  const tidy = tidyWhenIdle(parts);
  // Another process received until just now: its last poll may still be open.
  const quietUntil = deps.tookOver ? clock.monotonic() + TAKEOVER_MS : 0;
  while (!signal.aborted && holds()) {
    const startedAt = clock.monotonic();
    const body = request(next, failures);
    const answer = await client.call('getUpdates', body, { deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES, signal });
    if (signal.aborted || !holds()) break;
    const result = resultOf(answer);
    const updates = Array.isArray(result)
      ? result.filter((u): u is Update => Number.isSafeInteger(u?.update_id))
      : null;
    if (updates === null) {
      const found = trouble(answer, ++failures, ids.random());
      // The poll that a process left behind ends when this one begins, or after its own half a minute.
      if (found.kind === 'conflict' && clock.monotonic() < quietUntil) {
        await clock.sleep(LEAST_POLL_MS, signal).catch(() => {});
        continue;
      }
      health.receiving(found);
      if (found.kind === 'webhook') await unhook();
      await clock.sleep(found.waitMs, signal).catch(() => {});
      continue;
    }
    failures = 0;
    health.receiving(null);
    // A server that does not wait, or that sends the same again, must not make us spin.
    const repeated = updates.length === 0 || updates[0]!.update_id === first;
    if (repeated && clock.monotonic() - startedAt < LEAST_POLL_MS)
      await clock.sleep(LEAST_POLL_MS, signal).catch(() => {});
    let taken = 0;
    for (const update of updates) {
      // The last one's, not the highest: after a quiet week Telegram counts from a new number.
      next = update.update_id + 1;
      if (parts.take(update) !== null) taken++;
    }
    if (updates.length > 0) first = updates[0]!.update_id;
    if (taken === 0 && settled) continue;
    await inbox.room();
    await inbox.idle(GRACE_MS);
    const journal = inbox.journal();
    // Nothing to be written down, and nothing that was: the next poll acknowledges by itself. Each write waits for the disk, which alerts
    // need while many people write.
    if (settled && journal.unfinished.length === 0) continue;
    // What could not be written down must be handled before the offset goes past it.
    if (!(await parts.write(journal))) await inbox.idle(Number.POSITIVE_INFINITY);
    settled = journal.unfinished.length === 0;
    if (!settled) void tidy();
  }
}

/**
 * Once all handlers are done, that is written down, too: the next poll may last for half a minute, and after a kill meanwhile what was handled would be
 * handled again.
 */
function tidyWhenIdle({ inbox, write, signal }: PollParts): () => Promise<void> {
  let waiting = false;
  return async () => {
    if (waiting) return;
    waiting = true;
    await inbox.idle(Number.POSITIVE_INFINITY);
    waiting = false;
    const journal = inbox.journal();
    // Else somebody wrote at this very moment: the poll that brought it writes.
    if (journal.unfinished.length === 0 && !signal.aborted) await write(journal);
  };
}

/** After a failure a short poll, so that it shows soon that all is well again. */
const request = (offset: number, failures: number): string =>
  JSON.stringify({
    ...(offset > 0 ? { offset } : {}),
    limit: BATCH,
    timeout: failures > 0 ? 3 : POLL_SECONDS,
    allowed_updates: ALLOWED_UPDATES,
  });

/** `line`: the network, the server, its limits: passes by itself. The others want an operator. */
export interface Trouble {
  kind: 'line' | 'token' | 'conflict' | 'webhook';
  problem: string;
  waitMs: number;
}

/** What a failed call means and how long to wait, with jitter: 1 s, 2 s, 4 s … 30 s. */
export function trouble(answer: Answer, failures: number, random: number): Trouble {
  const waitMs = Math.min(MAX_BACKOFF_MS, 1000 * 2 ** Math.min(10, failures - 1)) * (1 + random * 0.25);
  if (answer.kind === 'failure')
    return { kind: 'line', problem: `Telegram cannot be reached (${answer.detail})`, waitMs };
  const { body, status } = answer;
  const code = body.ok ? status : (body.error_code ?? status);
  const retryAfterMs = Math.min(MAX_WAIT_MS, Number(body.parameters?.retry_after ?? 1) * 1000) || 1000;
  if (code === 401 || code === 404) return { kind: 'token', problem: 'Telegram refuses the token', waitMs: 60_000 };
  if (code === 429)
    return { kind: 'line', problem: 'Telegram asks to poll less (429)', waitMs: Math.max(waitMs, retryAfterMs) };
  if (code !== 409) return { kind: 'line', problem: `Telegram answers ${code} to polls`, waitMs };
  if (/webhook/i.test(body.description ?? '')) return { kind: 'webhook', problem: 'a webhook is set (409)', waitMs };
  // The other one must notice too; two that poll as fast as they can throw each other out for ever.
  const problem = 'another process receives with this token (409)';
  return { kind: 'conflict', problem, waitMs: Math.max(waitMs, 4000 + random * 4000) };
}

const ASK_MS = 10_000;
/** What only an operator can mend is tried again once a minute. */
const OPERATOR_MS = 60_000;
const MEET_MAX_WAIT_MS = 30_000;

/** How one `getMe` ended. `failed`: we know who we are, but whether we may be that was not to be found out, or was refused. */
export type Met =
  | { type: 'me'; me: UserFromGetMe }
  | { type: 'refused' }
  | { type: 'trouble'; trouble: Trouble }
  | { type: 'failed'; code: Code };

/** What an answer to `getMe` says. Without a name we could not tell who is addressed: as good as no answer. */
export function metBy(answer: Answer, random: number): Met {
  const me = resultOf(answer) as Partial<UserFromGetMe> | null | undefined;
  if (typeof me?.id === 'number' && typeof me.username === 'string') return { type: 'me', me: me as UserFromGetMe };
  if (answer.kind === 'answer' && (answer.status === 401 || answer.status === 404)) return { type: 'refused' };
  return { type: 'trouble', trouble: trouble(answer, 1, random) };
}

/** What follows from a meeting in the background: how long to wait, and what `health` is given meanwhile. Null: another bot's token, nothing may be received. `failures` counts this one too. */
export function planMeeting(met: Exclude<Met, { type: 'me' }>, failures: number): { ms: number; report: Said } | null {
  if (met.type === 'trouble') {
    const ms = Math.min(MEET_MAX_WAIT_MS, met.trouble.waitMs * 2 ** Math.min(5, failures));
    return { ms, report: met.trouble };
  }
  if (met.type === 'refused')
    return { ms: OPERATOR_MS, report: { kind: 'token', problem: 'Telegram refuses the token' } };
  if (met.code === 'identity_changed') return null;
  const problem = 'whether this is the same bot as before cannot be found out';
  return { ms: OPERATOR_MS, report: { kind: 'line', problem } };
}

/** What whoever speaks to Telegram for an account has at hand. */
export interface Connection {
  account: TelegramAccount;
  deps: AdapterDeps;
  client: ApiClient;
  health: Health;
  /** Aborts at a stop. */
  signal: AbortSignal;
}

/** The first meeting, which the start waits for: throws `auth` when the token is refused, `identity_changed` when we were another bot. */
export async function meetFirst(parts: Connection, deadlineMs: number): Promise<UserFromGetMe | null> {
  const met = await introduce(parts, deadlineMs);
  const account = parts.account.id;
  const refused = `Telegram refuses the token of account "${account}" (accounts: token, or TELEGRAM_TOKEN); ask @BotFather for the present one`;
  if (met.type === 'refused') throw new TocsinError('auth', refused, { account, path: 'accounts.token' });
  if (met.type === 'me') {
    await confirm(parts.deps, met.me);
    return met.me;
  }
  if (met.type === 'trouble') parts.health.receiving(met.trouble);
  return null;
}

/** In the background until we are known, or null: stopped, or another bot. */
export async function meet(parts: Connection): Promise<UserFromGetMe | null> {
  const { deps, health, signal } = parts;
  for (let failures = 1; !signal.aborted; failures++) {
    let met = await introduce(parts, ASK_MS);
    try {
      if (met.type === 'me') await confirm(deps, met.me);
    } catch (error) {
      // A changed identity has been logged, with what to do about it.
      if (codeOf(error) !== 'identity_changed') logFailure(deps.log, 'Unable to meet Telegram', error);
      met = { type: 'failed', code: codeOf(error) };
    }
    if (signal.aborted) break;
    if (met.type === 'me') return met.me;
    const action = planMeeting(met, failures);
    if (action === null) break;
    health.receiving(action.report);
    await deps.clock.sleep(action.ms, signal).catch(() => {});
  }
  return null;
}

async function introduce({ client, deps, signal }: Connection, deadlineMs: number): Promise<Met> {
  return metBy(await client.call('getMe', '{}', { deadlineMs, signal }), deps.ids.random());
}

/** Who this bot is, whatever it is called. */
export const identityOf = ({ id, username }: UserFromGetMe): Identity => ({
  id: String(id),
  name: `@${username}`,
  link: `https://t.me/${username}`,
});

const confirm = async ({ identity }: AdapterDeps, me: UserFromGetMe): Promise<void> =>
  identity?.confirm(identityOf(me));

const CODES = { line: 'server', token: 'auth', conflict: 'client', webhook: 'client' } as const;

/** What people are told of a trouble. */
type Said = Pick<Trouble, 'kind' | 'problem'>;

type Health = ReturnType<typeof createHealth>;

/**
 * Warns once when receiving fails, again when the trouble is of another kind, and tells once when it is over. One failed poll is not
 * worth a line. Of sends it keeps only the state: whoever sends sees each outcome, and warns.
 */
export function createHealth({ log, outage }: Pick<AdapterDeps, 'log' | 'outage'>) {
  const problems: { receiving: string | null; sending: string | null } = { receiving: null, sending: null };
  const failing = onceWhileFailing(log, {
    begins: 'Unable to receive from Telegram; will go on trying',
    ends: 'Receiving from Telegram works again',
    kindOf: (error) => String((error as TocsinError).facts.kind),
    either: {
      says: 'Unable to receive from Telegram, either',
      when: (error) => (error as TocsinError).facts.kind === 'line' && !outage.begins('receiving'),
    },
  });
  let polls = 0;
  let failures = 0;

  return {
    /** Of the connection that receives; null = it works. */
    receiving(trouble: Said | null): void {
      problems.receiving = trouble?.problem ?? null;
      if (trouble === null) {
        polls = 0;
        failing.working();
        outage.ends('receiving');
      } else if (++polls > 1 || trouble.kind !== 'line') {
        const { kind, problem } = trouble;
        failing.failing(new TocsinError(CODES[kind], problem, { kind }));
      }
    },
    /** After each exchange of a send. */
    sent(answer: Answer): void {
      if (answer.kind === 'failure') {
        if (answer.reason === 'canceled') return;
        if (++failures >= NETWORK_WIDE) problems.sending = `Telegram does not take messages (${answer.detail})`;
        return;
      }
      const code = answer.body.ok ? 200 : (answer.body.error_code ?? answer.status);
      failures = code >= 500 ? failures + 1 : 0;
      if (code === 401 || code === 404) problems.sending = 'Telegram refuses the token';
      else if (code < 500) problems.sending = null;
      else if (failures >= NETWORK_WIDE) problems.sending = `Telegram answers ${code} to messages`;
    },
    /** Sends that failed in a row so far. */
    failures: () => failures,
    now(): AdapterHealth {
      const problem = problems.receiving ?? problems.sending;
      return { ok: problem === null, problem };
    },
  };
}

/** An update that waits for its handler, or is with it. */
export interface Waiting extends Claim {
  update: Update;
}

/** What must be known of the updates after a crash. */
export interface Journal {
  /** Ids handled lately: Telegram may send them once more. */
  handled: number[];
  /** Acknowledged to Telegram, but not handled. */
  unfinished: Update[];
}

export type Inbox = ReturnType<typeof createInbox>;

const MAX_WAITING = 1000;
/**
 * Of one person in one chat; what comes past it is dropped, or their flood would make all others wait. No crowd is turned away by it, and
 * it is several times what a person's budget carries out at once (`core/commands/router.ts`), so whoever meets it has been answered so.
 */
const MAX_WAITING_PERSON = 100;
/** Handlers at work at a time, each for another chat. */
const MAX_RUNNING = 64;
/** Ids kept to know an update that comes twice: in memory, and across a restart. */
const REMEMBERED = 2000;
const JOURNALLED = 200;

/** Chats run beside each other, the updates of one chat in order. `handle` must not throw. */
export function createInbox(handle: (update: Update) => Promise<void>, recent: Iterable<number> = []) {
  const entries = new Map<number, Waiting & { done: Promise<void> }>();
  const handled = new Set<number>(recent);
  const inChat = inOrderByKey();
  // One update a turn, then to the back of the line: a busy chat does not keep its place.
  const inLine = inOrder(MAX_RUNNING);
  let settled = Promise.withResolvers<void>();

  const isFlood = (person: string | null): boolean =>
    person !== null &&
    entries
      .values()
      .filter((one) => one.person === person)
      .take(MAX_WAITING_PERSON)
      .toArray().length === MAX_WAITING_PERSON;

  async function run({ chat, update }: Waiting): Promise<void> {
    await inChat(chat, () => inLine(() => handle(update)));
    entries.delete(update.update_id);
    handled.add(update.update_id);
    if (handled.size > REMEMBERED) handled.delete(handled.values().next().value!);
    settled.resolve();
    settled = Promise.withResolvers();
  }

  const until = async (met: () => boolean, ms: number): Promise<void> => {
    const late = Promise.withResolvers<'late'>();
    const timer = Number.isFinite(ms) ? setTimeout(() => late.resolve('late'), ms) : undefined;
    while (!met()) if ((await Promise.race([settled.promise, late.promise])) === 'late') break;
    clearTimeout(timer);
  };

  return {
    /** Takes an update; resolves when it is handled. One that is here already, or was handled lately, is not handled twice. */
    accept(waiting: Waiting): Promise<void> {
      const id = waiting.update.update_id;
      const known = entries.get(id);
      if (known) return known.done;
      if (handled.has(id) || isFlood(waiting.person)) return Promise.resolve();
      const done = run(waiting);
      entries.set(id, { ...waiting, done });
      return done;
    },
    /** What is not handled yet, oldest first, and the ids of what was handled last. */
    journal: (): Journal => ({
      unfinished: [...entries.values()].map(({ update }) => update),
      handled: [...handled].slice(-JOURNALLED),
    }),
    /** Resolves when nothing is left, or after `ms`. */
    idle: (ms: number) => until(() => entries.size === 0, ms),
    /** Resolves when there is room for `MAX_WAITING` again; Telegram keeps the rest for us meanwhile. */
    room: () => until(() => entries.size < MAX_WAITING, Number.POSITIVE_INFINITY),
  };
}

const KEY = 'updates';
/** Telegram keeps updates for 24 hours; after a week without any it starts to count from a new number. */
const VALID_MS = 86_400_000;

/**
 * Telegram forgets an update once a later offset is asked for, and takes only one offset. So that one slow handler does not keep
 * everybody waiting, updates that are still with their handlers are written down here before the offset goes past them.
 */
export async function readJournal(state: DurableState, clock: Clock): Promise<Journal> {
  const kept = (await state.get(KEY)) as (Journal & { at: number }) | null | undefined;
  if (!kept || !Array.isArray(kept.unfinished) || !Array.isArray(kept.handled)) return { handled: [], unfinished: [] };
  const recent = Math.abs(clock.now() - kept.at) < VALID_MS;
  return { handled: recent ? kept.handled : [], unfinished: kept.unfinished };
}

/** False = it could not be kept: do not acknowledge. Logged once, until it works again. */
export function journalWriter(state: DurableState, clock: Clock, log: Log): (journal: Journal) => Promise<boolean> {
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep the state of updates', ends: null });
  return async ({ handled, unfinished }) => {
    try {
      await state.set(KEY, { at: clock.now(), handled, unfinished });
      trouble.working();
      return true;
    } catch (error) {
      trouble.failing(error);
      return false;
    }
  };
}
