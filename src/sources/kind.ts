import { createHash, timingSafeEqual } from 'node:crypto';
import type { GenericSchema } from 'valibot';
import type { FeedLists } from '../core/ports/feed-lists.ts';
import type {
  AgentConfig,
  AgentIntake,
  AgentIntakeDeps,
  ReportIntake,
  ReportIntakeDeps,
} from '../core/ports/intakes.ts';
import type { BeginProgress, Clock, Ids, Log } from '../core/ports/runtime.ts';
import type { Credit, PollResult, Source, SourceDeps } from '../core/ports/source.ts';

/** What a source that asks one host says of itself. */
export const ofHost = ({ id, kind, cron }: { id: string; kind: string; cron: string }, host: string) => ({
  id,
  kind,
  label: `${id} (${host})`,
  cron,
  host,
});

/** A command of the command line that belongs to a kind of source. */
export interface SourceCommand {
  help: { usage: string; summary: string; example: string };
  /** Gets the arguments after its name; resolves with the exit code. Throws `TocsinError` for what a person must mend. */
  run(args: string[], deps: CommandDeps): Promise<number>;
}

/** What such a command may do; the real ones are made in `cli/`. */
export interface CommandDeps {
  clock: Clock;
  ids: Ids;
  env: Record<string, string | undefined>;
  /** A log on stderr that shows none of these secrets. */
  logFor(secrets: readonly string[]): Log;
  /** Reads a YAML or JSON file and checks it; throws one `config_invalid` that names every fault. */
  readChecked<T>(file: string, schema: GenericSchema<unknown, T>): Promise<T>;
  /** Answers go here. */
  out(text: string): void;
  /** All else that is for people. */
  err(text: string): void;
  /** How far long work is, on the way of `err`. */
  progress: BeginProgress;
  /** Colours for `out`, where they are wanted; else the text as it is. */
  paint(tone: 'good' | 'doubtful' | 'bad' | 'aside', text: string): string;
  /** Asks at the terminal; null = nobody sits there. */
  ask(question: string): Promise<string | null>;
  /** Aborts at SIGINT and SIGTERM. */
  interrupted: AbortSignal;
}

export interface VantageCheckDeps {
  clock: Clock;
  ids: Ids;
  signal: AbortSignal;
}

/** One line of the register. `Config` is what the schema yields; it always has `id` and `kind`. */
export interface SourceKind<Config extends { id: string; kind: string }> {
  kind: string;
  /** Its hosts are public services: requests go with manners (`core/poll/etiquette.ts`). */
  polite?: boolean;
  /** A strict object schema: unknown keys are errors. */
  schema: GenericSchema<unknown, Config>;
  secrets: readonly string[];
  /** Secrets that it also does without: a variable that is not set leaves such a key out, and is no fault. Absent = none. */
  optional?: readonly string[];
  /** Why it asks nobody, as it is configured; null = it works. One that is off is never made: it is said once, and shown as off. */
  off?(config: Config): 'no-token' | null;
  /** Where it is not told for what, it asks for what chats follow. */
  follows?: true;
  /** Named where the bot says what it is. */
  credit?: Credit;
  /** The operator's own vantage point; one kind at most measures from one. */
  vantage?: {
    /** Of its file. */
    schema: GenericSchema<unknown, { id: string }>;
    /** Keys that name other files, relative to it. */
    paths: readonly string[];
    /** The source that it makes, in the form that the kind's schema yields. `folder`: that of its file. */
    source(vantage: unknown, folder: string): Config;
    /** For `tocsin check`: is its line fit to judge anything? Touches no target. Rejects where that cannot be found out. */
    load(): Promise<{
      checkVantage(vantage: unknown, folder: string, deps: VantageCheckDeps): Promise<{ ok: boolean; detail: string }>;
    }>;
  };
  /** Commands of the command line that are this kind's own, by name; loaded when called for. */
  commands?: Readonly<Record<string, () => Promise<SourceCommand>>>;
  /** How machines elsewhere hand in what they measured; one kind at most has such agents. The schema is that of a line under `agents`. */
  agents?: {
    schema: GenericSchema<unknown, AgentConfig>;
    secrets: readonly string[];
    load(): Promise<{ createAgentIntake(deps: AgentIntakeDeps): Promise<AgentIntake> }>;
  };
  /** Its sources are feeds, which other readers list as well; one kind at most. */
  lists?: { load(): Promise<{ createLists(): FeedLists }> };
  /** It looks from other countries when it is nudged (`probe --from`); one kind at most. */
  elsewhere?: true;
  /** What `tocsin check` says of one that yields nothing at a first poll, by its nature. */
  idle?: string;
  /** How long a check may take, ms; absent = 30 s. */
  checkMs?: number;
  /** How others post what they state (`/reports` of the web listener); one kind at most. Each of its sources has a `token` of its own. */
  posts?: { load(): Promise<{ createReportIntake(deps: ReportIntakeDeps): ReportIntake }> };
  load(): Promise<{ createSource(config: Config, deps: SourceDeps): Source }>;
}

/** What a poll found; the rest is as where nothing special is to be said. */
export const found = (what: Partial<PollResult>): PollResult => ({
  items: [],
  measurements: [],
  unchanged: false,
  notBefore: null,
  ...what,
});

/** A poll in which it was not the time to ask, or nobody wants to know. */
export const nobodyAsked = (): PollResult => found({ unchanged: true, asked: false });

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Who of these posts, by the token behind `Bearer` that the configuration gave out; null = nobody that we know. */
export function createDoor<Place extends { config: { token: string } }>(places: readonly Place[]) {
  const known = places.map((place) => ({ place, hash: hashOf(place.config.token) }));
  return (authorization: string | null): Place | null => {
    const token = /^Bearer +([\x21-\x7e]{1,500}) *$/i.exec(authorization ?? '')?.[1];
    if (!token) return null;
    const given = hashOf(token);
    // All are compared, as hashes: the time taken tells nothing about which one, nor how much of it was right.
    return known.filter(({ hash }) => timingSafeEqual(hash, given))[0]?.place ?? null;
  };
}
