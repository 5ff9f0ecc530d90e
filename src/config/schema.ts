import * as v from 'valibot';
import { DEFAULT_POLICY, type Policy } from '../core/model/alert.ts';
import type { BaselineEntry, Catalogue } from '../core/model/catalogue.ts';
import { LEVELS } from '../core/model/incident.ts';
import type { AgentConfig } from '../core/ports/intakes.ts';
import type { LogLevel } from '../platform/log.ts';
import type { ModelOptions } from '../platform/model-extractor.ts';
import { type Unset, isAddress, isAddressRange, isProxy, isSite, parseListen } from './secrets.ts';

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST = 3_650 * 86_400_000;

/** `10s`, `5m`, `6h`, `45d`, or a bare 0, as milliseconds; null for anything else and for more than ten years. */
export function parseDuration(text: string | number): number | null {
  if (text === 0 || text === '0') return 0;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([smhd])$/.exec(String(text).trim());
  if (!match) return null;
  const ms = Math.round(Number(match[1]) * UNITS[match[2]!]!);
  return ms <= LONGEST ? ms : null;
}

/** The whole configuration, checked, with every reference followed and every default filled in. Built by `loadConfig` alone. */
export interface Config {
  /** The file that it was read from, absolute; null = built-in defaults. */
  file: string | null;
  /** Every file that had a part in it, absolute: what a reload would watch. */
  files: string[];
  /** What sources do without, since its variable is not set. */
  unset: Unset[];
  /** `postgres://…`, an absolute path, or `:memory:`. */
  database: string;
  /** As the schema of their platform yields them (`adapters/<platform>/config.ts`). At least one. */
  accounts: AccountConfig[];
  /** As the schema of their kind yields them (`sources/<kind>/config.ts`). */
  sources: SourceConfig[];
  /** The press by country (`config/feeds/`): what is always read of it, and whether what chats follow is read too. */
  feeds: { countries: string[]; follow: boolean };
  /** Bundled or the operator's services, with the additions of `extract`. */
  catalogue: Catalogue;
  /** Long-standing blocks, for `/status`: bundled, the operator's, or none. */
  baseline: BaselineEntry[];
  /** What the operator adds to the words that the extractor knows: phrases by language and cue class. */
  phrases: Record<string, Record<string, string[]>>;
  /** Does the encoder weigh texts? */
  encoder: boolean;
  /** A language model that decides where the built-in extractor is torn, or null. */
  model: ModelOptions | null;
  policy: Policy;
  network: FileConfig['network'];
  vantage: VantageConfig | null;
  web: FileConfig['web'];
  /** The operator's own lines of `/about`, by language. */
  about: Readonly<Record<string, string>>;
  /** Machines elsewhere that measure for this bot; with one there is `web`. */
  agents: AgentConfig[];
  /** `platform:id` of those who may use the operators' commands. */
  operators: string[];
  remindOfBackups: boolean;
  logLevel: LogLevel;
  /** Values that no log, table or error may show. */
  redactions: string[];
}

export interface AccountConfig {
  id: string;
  platform: string;
  /** Whom the operator says the account is, whoever it was before. */
  identity?: string;
}

export interface SourceConfig {
  id: string;
  kind: string;
}

/** The operator's own vantage point. */
export interface VantageConfig {
  /** Where its file lies, absolute. */
  file: string;
  /** As the schema of the kind that probes yields it. */
  data: { id: string };
}

export const DEFAULT_DATABASE = 'data/tocsin.db';

const UNIT = 'write a number with its unit, such as 10s, 5m, 6h or 45d';
const duration = v.pipe(
  v.union([v.string(), v.number()], `should be a duration; ${UNIT}`),
  v.check((text) => parseDuration(text) !== null, `is no duration; ${UNIT}`),
  v.transform((text) => parseDuration(text) ?? 0),
);

const advice = v.strictObject({
  /** In each alert a line of what its readers can do. */
  on: v.optional(v.boolean(), DEFAULT_POLICY.advice.on),
  /** Countries for which the opposite holds. */
  except: v.optional(
    v.array(
      v.pipe(
        v.string('should be the code of a country; write it as BY'),
        v.regex(/^[A-Z]{2}$/, 'is no code of a country; write it in two capital letters, such as BY'),
      ),
    ),
    [],
  ),
});

const policy = v.pipe(
  v.strictObject({
    /** A new alert waits so long for others of its country; measured and confirmed ones do not wait. */
    groupWait: v.optional(duration),
    /** How sure a chat wants it that did not choose. */
    level: v.optional(v.picklist(LEVELS)),
    /** After so long without news an incident takes no more. */
    quietAfter: v.optional(duration),
    /** On the first look at a feed nothing older alerts. */
    firstPollWindow: v.optional(duration),
    /** Services that join a known wave within this time are added to its alert instead of ringing anew. */
    widenWithin: v.optional(duration),
    /** What readers can do; never a way around a block. */
    advice: v.optional(advice),
  }),
  v.transform((written): Policy => ({ ...DEFAULT_POLICY, ...written })),
);

const network = v.strictObject({
  /** May feeds lie on private and local addresses? A hostile feed could look into your network through it. */
  allowPrivateAddresses: v.optional(v.boolean(), false),
  /** For everything that goes out, chats included. */
  proxy: v.optional(
    v.nullable(
      v.pipe(v.string(), v.check(isProxy, 'is no proxy address; write it as http://host:port or socks5://host:port')),
    ),
    null,
  ),
  /** Requests at a time to one host. */
  perHost: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)), 2),
});

const LISTEN = 'write it as 127.0.0.1:8080 or [::1]:8080';
const address = v.pipe(
  v.string('should be an address to listen on; write it as 127.0.0.1:8080'),
  v.check((text) => parseListen(text) !== null, `is no address to listen on; ${LISTEN}`),
);
const web = v.pipe(
  v.strictObject({
    /** Keep it local, with a reverse proxy in front. */
    listen: address,
    /** Health and metrics listen here, and no more at `listen`: an address that no proxy passes on. Absent: at `listen`, too. */
    private: v.optional(v.nullable(address), null),
    /** Where people reach it, for links. */
    publicUrl: v.optional(
      v.nullable(
        v.pipe(
          v.string(),
          v.check(isAddress, 'is no web address; begin it with https:// or http://'),
          v.check(isSite, 'must be a plain address; leave out user, password, "?" and "#"'),
          v.transform((url) => url.replace(/\/+$/, '')),
        ),
      ),
      null,
    ),
    /** Absent: where `publicUrl` is stated. */
    pages: v.optional(
      v.union(
        [v.boolean(), v.strictObject({ measure: v.boolean() })],
        'should be true, false, or { measure: true } with the page that measures from a reader’s line',
      ),
    ),
    /** Proxies, by address or range, whose `X-Forwarded-For` is believed. */
    trustProxy: v.optional(
      v.array(
        v.pipe(
          v.string('should be an address; write it as 127.0.0.1 or 10.0.0.0/8'),
          v.check(isAddressRange, 'is no address; write it as 127.0.0.1 or 10.0.0.0/8'),
        ),
        'should be a list of addresses; write it as [127.0.0.1]',
      ),
      [],
    ),
  }),
  v.transform(({ listen, pages, private: own, ...rest }) => ({
    ...parseListen(listen)!,
    ...rest,
    private: own === null ? null : parseListen(own)!,
    // Who names an address for people wants them to find something there.
    pages: typeof pages === 'boolean' ? pages : pages !== undefined || rest.publicUrl !== null,
    /** The page that measures from a reader's line. */
    measure: typeof pages === 'object' && pages.measure,
  })),
);

export const serviceSchema = v.strictObject({
  /** Never changed afterwards. */
  id: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and "-"; such as whatsapp'),
  ),
  /** As it spells itself. */
  name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100)),
  /** Other names, in all scripts. */
  aliases: v.optional(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100))), []),
  /** Such as messenger, social, vpn. */
  category: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(40)), 'other'),
  /** Names that are ordinary words, too: they count in context only. */
  everyday: v.optional(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100)))),
  /** It has ended: nobody is sent there. */
  retired: v.optional(v.boolean()),
  /** A state controls it, which is said where it is named as a way out. */
  ofState: v.optional(v.boolean()),
});

const phrase = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200));
const model = v.strictObject({
  /** Any endpoint of the OpenAI form. */
  url: v.pipe(
    v.string('should be the address of an OpenAI-compatible endpoint; write it as http://127.0.0.1:11434/v1'),
    v.check(isAddress, 'is no web address; begin it with https:// or http://'),
    v.transform((url) => url.replace(/\/+$/, '')),
  ),
  /** The model, as the endpoint calls it. */
  name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  /** Sent as a bearer token. */
  key: v.optional(v.nullable(v.pipe(v.string(), v.nonEmpty())), null),
  /** After so long the built-in reader's answer counts. */
  timeout: v.optional(duration, '5s'),
  /** Of one answer; a model that thinks needs thousands, and a longer `timeout`. */
  maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(50), v.maxValue(100_000)), 600),
  /** Questions at most, a tenth of them about texts of one publisher. */
  perHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)), 200),
});

const extract = v.strictObject({
  /** The encoder that comes with Tocsin weighs every text that may be news and hears what people mean whose sentence is no order, in a process of its own (some 140 MB while it works); false: not so. */
  encoder: v.optional(v.boolean(), true),
  /** A language model of yours that decides where the built-in reader is torn. */
  model: v.optional(v.nullable(model), null),
  /** Services that the catalogue lacks. */
  services: v.optional(v.array(serviceSchema), []),
  /** More names for services of the catalogue, by id. */
  aliases: v.optional(v.record(v.string(), v.array(phrase)), {}),
  /** Phrases by language and meaning; the meanings are the keys under `cues` in config/lexicon/. */
  phrases: v.optional(v.record(v.string(), v.record(v.string(), v.array(phrase))), {}),
});

const feeds = v.strictObject({
  /** Countries whose press is always read, by their two letters. */
  countries: v.optional(
    v.array(
      v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'is no code of a country; write it in two capital letters, such as UG')),
      'should be a list of countries; write it as [TR, UG]',
    ),
    [],
  ),
  /** Is the press of a country read while a chat follows it? */
  follow: v.optional(v.boolean('should be true or false')),
});

/** The top level of a config file. Accounts and sources are checked one by one by the schema of their own folder. */
export const fileSchema = v.strictObject({
  /** Where everything durable lies: a file of SQLite, relative to where Tocsin is started, or `postgres://…`. `data/tocsin.db` where it is left out; TOCSIN_DATABASE stands before it. */
  database: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())),
  /** The chats that it is in, by platform, below. Left out: those of the environment, else the console. */
  accounts: v.optional(v.array(v.unknown())),
  /** What it reads, by kind, below. With neither this nor `include`: what comes with it. */
  sources: v.optional(v.array(v.unknown())),
  /** More files with `sources` and `include`, relative to this one; `bundled:feeds.yaml` and `bundled:observatories.yaml` come with it. */
  include: v.optional(v.array(v.pipe(v.string(), v.nonEmpty()))),
  /** The press by country that comes with it: read while chats follow the country, where the bundled feeds or a search are read or this key stands. */
  feeds: v.optional(v.nullable(feeds), null),
  /** A catalogue of services in place of the bundled one. */
  services: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Long-standing blocks that `/status` knows from the first day on, in place of the bundled ones; null = none. */
  baseline: v.optional(v.nullable(v.pipe(v.string(), v.nonEmpty()))),
  /** Words of your own, beside those that it knows. */
  extract: v.optional(extract, {}),
  /** What is told, and when. */
  policy: v.optional(policy, {}),
  /** How it reaches the world. */
  network: v.optional(network, {}),
  /** A file that tells how this machine may measure services itself; without it there are no probes. */
  vantage: v.optional(v.nullable(v.pipe(v.string(), v.nonEmpty())), null),
  /** The web server: health, metrics, pages, feeds, agents' and posted reports. Without it nothing listens. */
  web: v.optional(v.nullable(web), null),
  /**
   * What `/about` says of you, by language (`en`, `ru` …): who runs this bot, how to reach you, who helps. Whoever speaks another reads the English lines,
   * or else the first.
   */
  about: v.optional(
    v.record(
      v.string(),
      v.pipe(v.string('should be text'), v.nonEmpty(), v.maxLength(1_000, 'is too long; 1000 characters are the most')),
    ),
    {},
  ),
  /** Machines elsewhere that measure for this bot, below. */
  agents: v.optional(v.array(v.unknown()), []),
  /** Who may use the operators' commands, as `platform:id`: `telegram:12345`, `matrix:@you:example.org`. At the console it is whoever sits there. */
  operators: v.optional(v.array(v.unknown()), []),
  /** Operators hear of it when no `tocsin backup` was made for a month. false: backups are made otherwise. */
  remindOfBackups: v.optional(v.boolean('should be true or false'), true),
});
export type FileConfig = v.InferOutput<typeof fileSchema>;

/** What an included file may hold. */
export const includeSchema = v.strictObject({
  sources: v.optional(v.array(v.unknown())),
  include: v.optional(v.array(v.pipe(v.string(), v.nonEmpty()))),
});
