import type { HeldSource } from '../../correlate/held-back.ts';
import { ANY } from '../../model/chat.ts';
import type { LeftOut } from '../../model/measurement.ts';
import type { Block } from '../../model/message.ts';
import type { Heard } from '../../poll/press.ts';
import type { SourceHealth } from '../../poll/source-state.ts';
import type { AgentStatus } from '../../ports/intakes.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { Aside } from '../../ports/source.ts';
import type { StoreFault } from '../../ports/store.ts';
import type { PhraseKey, Translator } from '../../ports/translate.ts';
import { boundedList } from '../../render/evidence.ts';
import { oneLine } from '../../render/plain.ts';
import { answer, code, head, line, list, note } from '../answer.ts';
import type { Command } from '../command.ts';

/** How the bot itself is, so that "nothing happened" differs from "nothing was delivered". Holds no secrets. */
export interface BotHealth {
  sources: SourceHealth[];
  /** Configured, and asking nobody: not among `sources`. Absent = none. */
  off?: readonly OffSource[];
  /** Feeds of the press by country that are read at present; absent = no process that is asked reads any. */
  press?: readonly SourceHealth[];
  /** What chats follow, and observatories are not asked for; null or absent = nothing. */
  leftOut?: LeftOut | null;
  accounts: AccountHealth[];
  queue: Awaited<ReturnType<Outbox['depth']>>;
  /** Machines elsewhere that measure for this bot. */
  agents: AgentHealth[];
  /** Vantage points that should measure, and have long not done so. */
  missingVantages: readonly string[];
  /** Sources that reported more at once than any event brings; absent = none. */
  held?: readonly HeldSource[];
  /** The database file was deleted or replaced under the running bot, or its lock is lost; null or absent = all is well. */
  storeFault?: StoreFault['reason'] | null;
}

/** How well the countries are heard that chats follow. */
export interface PressHealth {
  /** Those whose press is read now, the worst heard first. */
  countries: readonly Heard[];
  /** By country: how many owners the catalogue names there. */
  owners: Readonly<Record<string, number>>;
  /** What all of it may cost. */
  pollsAMinute: number;
  megabytesAnHour: number;
  /** How often the first two owners of each country are asked, and the others, ms. */
  firstMs: number;
  othersMs: number;
}

export interface OffSource {
  id: string;
  kind: string;
  why: 'no-token';
}

export interface AgentHealth extends AgentStatus {
  /** It was heard of once, and has not been for too long. */
  missing: boolean;
}

export interface AccountHealth {
  id: string;
  platform: string;
  ok: boolean;
  /** One short sentence in English; null when ok. */
  problem: string | null;
  /** A single place outside, which is nobody's way to the bot: the bot is ready without it. */
  target?: true;
  /** Messages a second that leave at present; 0 = unpaced or unknown. */
  rate: number;
}

/** How much the bot sees of the world: what "nothing is blocked" is worth. */
export type Sight =
  | { kind: 'clear' }
  /** Fewer than half of the sources were read at their last poll. */
  | { kind: 'dim'; ok: number; n: number }
  /** No source answers, and no agent measures. */
  | { kind: 'blind' }
  /** There is nothing to see by: no source and no agent. */
  | { kind: 'no-sources' }
  /** Just started: not all sources were asked yet, and none has answered. */
  | { kind: 'waiting' };

/** It was read at its last poll, and what it showed was the world. */
export const isSeeing = ({ lastOkAt, failingSince, stale, blind }: SourceHealth): boolean =>
  lastOkAt !== null && failingSince === null && !stale && blind !== true;

/** It had nobody to ask so far: it tells nothing of how well the bot sees. */
export const isIdle = ({ lastPollAt, lastOkAt, failingSince }: SourceHealth): boolean =>
  lastPollAt !== null && lastOkAt === null && failingSince === null;

export function sightOf({ sources, agents }: Pick<BotHealth, 'sources' | 'agents'>): Sight {
  const measuring = agents.filter(
    (one) => one.lastSeenAt !== null && !one.missing && !one.stopped && !one.blind,
  ).length;
  const n = sources.filter((one) => !isIdle(one)).length;
  const ok = sources.filter(isSeeing).length;
  if (sources.length + agents.length === 0) return { kind: 'no-sources' };
  if (ok === 0 && measuring === 0 && (n > 0 || sources.length === 0))
    return sources.some((one) => one.lastPollAt === null) ? { kind: 'waiting' } : { kind: 'blind' };
  return ok * 2 < n ? { kind: 'dim', ok, n } : { kind: 'clear' };
}

/** What must be read before anything that the bot says it knows; null where it sees well. */
export function sightText(sight: Sight, words: Translator): string | null {
  if (sight.kind === 'clear') return null;
  if (sight.kind === 'dim') return words.say('sight.dim', { ok: sight.ok, n: sight.n });
  return words.say(sight.kind === 'no-sources' ? 'sight.noSources' : `sight.${sight.kind}`);
}

/** The same for a chat; nothing where it sees well. */
export function sightBlocks(health: BotHealth, words: Translator): Block[] {
  const sight = sightOf(health);
  const text = sightText(sight, words);
  return text === null ? [] : [head(`${sight.kind === 'waiting' ? '⏳' : '⚠️'} ${text}`)];
}

/** Fewer owners than this cannot bear each other out. */
const WELL_HEARD = 2;

/**
 * "From Uganda I hear one outlet at present", of each of these countries that is hardly heard; of one that nobody asked yet, by what the catalogue has.
 * Nothing where no press is read, and of what is everywhere.
 */
export async function hardlyHeard(
  can: { press?(): Promise<PressHealth | null> },
  wanted: readonly { country: string }[],
  words: Translator,
): Promise<Block[]> {
  const countries = [...new Set(wanted.map(({ country }) => country))].filter((one) => one !== ANY);
  const press = countries.length > 0 ? await can.press?.() : null;
  if (!press) return [];
  const lines = countries.flatMap((country) => {
    const known = press.countries.find((one) => one.country === country);
    const n = known && !known.waiting ? known.heard : (press.owners[country] ?? 0);
    const text = words.say(n === 0 ? 'press.none' : 'press.one', { country: words.country(country) });
    return n < WELL_HEARD ? [note(text)] : [];
  });
  return lines.slice(0, MAX_NAMES);
}

const MAX_NAMES = 5;
const HOUR = 3_600_000;
/** A look that is older than the newest by so much is named. */
const OLDER_BY = 10 * 60_000;
/** A message that has waited for so long is late, ms. */
const LATE = 5 * 60_000;

/** Of ten sources so many may fail before that is told to whoever asks for something else; all of it is told by `ping`. */
const FAILING_OF_TEN = 1;

/** The bot's own health where something is wrong with it, in a few lines: are the sources read, does anything wait, does sending work. */
export function healthBlocks(health: BotHealth, words: Translator, now: number): Block[] {
  const failing = health.sources.filter((one) => !isSeeing(one)).length;
  const isWell =
    !health.storeFault &&
    sightOf(health).kind === 'clear' &&
    failing * 10 <= health.sources.length * FAILING_OF_TEN &&
    health.accounts.every(({ ok }) => ok) &&
    health.agents.every(({ missing, blind }) => !missing && !blind) &&
    health.missingVantages.length === 0 &&
    (health.held ?? []).length === 0 &&
    health.queue.every(({ oldestCreatedAt }) => oldestCreatedAt === null || now - oldestCreatedAt < LATE);
  return isWell ? [] : [head(words.say('health.head')), list(healthLines(health, words, now).map((text) => [text]))];
}

function healthLines(health: BotHealth, words: Translator, now: number): string[] {
  return [
    ...(health.storeFault ? [words.say('health.store')] : []),
    ...sourceLines(health, words, now),
    ...named('health.held', health.held?.map(({ sourceId }) => sourceId) ?? [], words),
    ...agentLines(health, words, now),
    ...queueLines(health, words, now),
    ...accountLines(health, words),
  ];
}

/** By the hour: agents were promised that no more than country, network and hour is published. */
function agentLines({ agents, missingVantages }: BotHealth, words: Translator, now: number): string[] {
  const lines = agents.slice(0, MAX_NAMES).map((agent) => {
    const at = { id: agent.id, country: words.country(agent.country), asn: agent.asn };
    if (agent.stopped) return words.say('health.agentStopped', at);
    if (agent.lastSeenAt === null) return words.say('health.agentNever', at);
    const age = words.age(Math.max(1, Math.ceil((now - agent.lastSeenAt) / HOUR)) * HOUR);
    if (agent.blind && !agent.missing) return words.say('health.blind', { names: agent.id });
    return words.say(agent.missing ? 'health.agentMissing' : 'health.agent', { ...at, age });
  });
  if (agents.length > MAX_NAMES) lines.push(words.say('list.more', { n: agents.length - MAX_NAMES }));
  return [...lines, ...named('health.vantages', missingVantages, words)];
}

function sourceLines({ sources }: BotHealth, words: Translator, now: number): string[] {
  if (sources.length === 0) return [words.say('health.none')];
  const read = sources.flatMap((source) => source.lastPollAt ?? []);
  const n = sources.filter((source) => !isIdle(source)).length;
  if (read.length === 0 || n === 0) return [words.say('health.never', { n: sources.length })];
  const which = Map.groupBy(sources, ({ failingSince, stale, blind }) =>
    failingSince !== null ? 'failing' : stale ? 'stale' : blind ? 'blind' : 'well',
  );
  const ok = sources.filter(isSeeing).length;
  const lines = [words.say('health.polled', { age: words.age(now - Math.max(...read)), ok, n })];
  lines.push(...oldestLook(sources, words, now));
  for (const how of ['failing', 'stale', 'blind'] as const)
    lines.push(...named(`health.${how}`, which.get(how)?.map(({ label }) => label) ?? [], words));
  for (const { label, aside } of sources)
    if (aside?.is === 'gap') lines.push(`${oneLine(label, 40)}: ${asideText(aside, words, now)}`);
  return lines;
}

/** What is to be said of a source beside when it was read. */
export function asideText(aside: Aside, words: Translator, now: number): string {
  if (aside.is === 'ambiguous') return words.say('sources.ambiguous');
  if (aside.is === 'spent')
    return words.say('sources.spent', { duration: words.duration(Math.max(0, aside.until - now)) });
  const age = words.age(Math.max(0, now - aside.to));
  return words.say('sources.gap', { duration: words.duration(aside.to - aside.from), age });
}

/** Of those that are well: a schedule of hours, or a server that asks for patience, is known by its age only. */
function oldestLook(sources: BotHealth['sources'], words: Translator, now: number): string[] {
  const well = sources.filter((source) => source.failingSince === null && source.lastOkAt !== null);
  const [oldest, ...others] = well.sort((a, b) => a.lastOkAt! - b.lastOkAt!);
  if (!oldest || (others.at(-1) ?? oldest).lastOkAt! - oldest.lastOkAt! < OLDER_BY) return [];
  const age = words.age(Math.max(0, now - oldest.lastOkAt!));
  return [words.say('health.oldest', { name: oneLine(oldest.label, 40), age })];
}

function queueLines({ queue, accounts }: BotHealth, words: Translator, now: number): string[] {
  const n = queue.reduce((sum, one) => sum + one.queued + one.sending, 0);
  if (n === 0) return [words.say('health.idle')];
  const oldest = Math.min(...queue.flatMap((one) => one.oldestCreatedAt ?? []), now);
  const text = words.say('health.queue', { n, age: words.age(now - oldest) });
  // Accounts send beside each other: the slowest decides.
  const waits = queue.map((one) => {
    const rate = accounts.find((account) => account.id === one.accountId)?.rate ?? 0;
    return rate > 0 ? (one.queued + one.sending) / rate : 0;
  });
  const seconds = Math.max(0, ...waits);
  return [seconds >= 30 ? `${text}; ${words.say('health.eta', { duration: words.duration(seconds * 1_000) })}` : text];
}

function accountLines({ accounts }: BotHealth, words: Translator): string[] {
  const troubled = accounts.filter((account) => !account.ok);
  if (troubled.length === 0) return [words.say('health.sending')];
  return troubled
    .slice(0, MAX_NAMES)
    .map(({ id, problem }) => words.say('health.account', { account: id, problem: oneLine(problem ?? '?', 120) }));
}

/** What is to be said of these; nothing where there are none. */
function named(key: PhraseKey, labels: readonly string[], words: Translator): string[] {
  const shown = labels.map((one) => oneLine(one, 40));
  return shown.length === 0 ? [] : [words.say(key, { names: boundedList(shown, MAX_NAMES, words) })];
}

export const pingCommand = (can: { health(): Promise<BotHealth> }): Command => ({
  name: 'ping',
  examples: ['ping'],
  who: 'anyone',
  async run({ words, chat, now, senderId }) {
    const time = words.dateTime(now, chat.timeZone, now);
    return [
      answer(words, [
        line(`${words.say('ping.pong')} ${words.say('ping.chat', { time, zone: chat.timeZone })}`),
        list(healthLines(await can.health(), words, now).map((text) => [text])),
        ...(chat.kind === 'private' ? [line(...words.rich('ping.you', { id: code(senderId) }))] : []),
      ]),
    ];
  },
});
