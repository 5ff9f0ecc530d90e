import { readFileSync } from 'node:fs';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import { onceWhileFailing } from '../core/errors.ts';
import { compileServices } from '../core/extract/text/lexicon.ts';
import { PLAIN_WRITING, tokenise, type Writing } from '../core/extract/text/tokens.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import { ACTIONS, type Action, METHODS, type Method } from '../core/model/incident.ts';
import { type ExtractedEvent, type Extraction, MAX_EVENTS, type NewsText } from '../core/model/item.ts';
import { FIRM_READING } from '../core/model/report.ts';
import type { ExtractOptions, Extractor, Said } from '../core/ports/reading.ts';
import type { Clock, Http, Log } from '../core/ports/runtime.ts';

/** What a language model is asked and how its answer is held against the built-in extractor's: pure, no network. */

const MAX_TEXT = 4_000;
/** Both extractors say so. */
const AGREED = 0.95;
/** One of the two says so: it waits for another outlet, whatever either thought of itself. */
const DISPUTED = 0.4;

const instructions = (): string =>
  readFileSync(new URL('../../config/model-instructions.txt', import.meta.url), 'utf8')
    .trimEnd()
    .replace('{methods}', METHODS.join(', '));

/** The item as the model gets it: the text, its language, whose it is, and what the built-in extractor thinks possible. */
export function questionOf(text: NewsText, own: Extraction): string {
  const candidates = (own.why?.candidates ?? []).map(({ triple, probability }) => `${triple} ${probability}`);
  return [
    `Language: ${own.lang}`,
    `Outlet: ${outletOf(text)}`,
    `Candidates (country/service/action, probability): ${candidates.length > 0 ? candidates.join('; ') : 'none'}`,
    `Title: ${text.title}`,
    `Text: ${text.summary}`,
  ]
    .join('\n')
    .slice(0, MAX_TEXT);
}

/** Endings of the net that are codes of countries and say nothing of where whoever took one is. */
const SOLD_ANYWHERE = new Set(
  'AC AD AI AS BZ CC CD CO CX DJ FM GG GL IM IO IS LA LI LY ME MS NU PW SC SH SO ST TK TO TV VC VG WS'.split(' '),
);
const MAX_NAME = 80;

/** Name and host of the outlet, and its country where the host tells: where a text names no place, its own is likely meant. */
function outletOf({ url, publisherName }: NewsText): string {
  const host = url && URL.canParse(url) ? new URL(url).hostname : '';
  const ending = host.slice(host.lastIndexOf('.') + 1).toUpperCase();
  const code = ending === 'UK' ? 'GB' : ending;
  const country = host.includes('.') && CODES.has(code) && !SOLD_ANYWHERE.has(code) ? `country ${code}` : '';
  const name = (publisherName ?? '').replace(/\s+/gu, ' ').slice(0, MAX_NAME);
  return [name, host.slice(0, MAX_NAME), country].filter((part) => part !== '').join(', ') || 'unknown';
}

/** Triples that are asked about: a text with more of them is a list. */
const MAX_SAID = 6;

/** What a reading says in title and lead, triple by triple. */
export const saidIn = ({ events }: Extraction): Said[] =>
  events
    .filter(({ secondary }) => secondary !== true)
    .flatMap(triplesOf)
    .slice(0, MAX_SAID);

const orNone = (list: string[]): readonly (string | null)[] => (list.length > 0 ? list : [null]);

function triplesOf({ countries, services, action }: ExtractedEvent): Said[] {
  return orNone(countries).flatMap((country) => orNone(services).map((service) => ({ country, service, action })));
}

/** How much a second opinion is worth, 0 to 1: most where the built-in extractor is torn, nothing where it is sure. */
export function worthOf({ relevant, probability, events }: Extraction): number {
  // Without weights the rules say nothing of how sure they are.
  if (probability === undefined) return 1;
  const torn = (p: number): number => 1 - Math.abs(2 * p - 1);
  const unsure = events.flatMap(({ confidence }) =>
    confidence === undefined || confidence >= FIRM_READING ? [] : [torn(confidence)],
  );
  return Math.max(torn(probability), relevant ? Math.max(0, ...unsure) : 0);
}

/** Ids of the services that a text names. `writing`: how the languages of the lexicon write, asked for with each text. */
function createNamed(catalogue: Catalogue, writing: () => Writing): (text: NewsText) => Set<string> {
  const trie = compileServices(catalogue, true);
  return ({ title, summary, body }) => {
    const all = `${title}\n${summary}\n${body ?? ''}`.slice(0, 2 * MAX_TEXT);
    const ids = new Set<string>(['internet']);
    for (const { value } of trie.match(tokenise(all, writing()).tokens, all))
      if (value.kind === 'service') ids.add(value.id);
    return ids;
  };
}

const CODES: ReadonlySet<string> = new Set([...COUNTRIES, 'EU']);

/**
 * The answer, checked as a stranger's: anything that is not of the form throws; services that the text does not name and codes of no country
 * are left out, and so is an event that named only such services: it would be about something else.
 */
export function readAnswer(content: unknown, named: ReadonlySet<string>): Pick<Extraction, 'relevant' | 'events'> {
  if (typeof content !== 'string') throw new Error('no content');
  const json = JSON.parse(content) as { relevant?: unknown; events?: unknown };
  if (typeof json?.relevant !== 'boolean' || !Array.isArray(json.events)) throw new Error('not of the form');
  if (!json.relevant) return { relevant: false, events: [] };
  const events = json.events.slice(0, MAX_EVENTS).flatMap((event) => readEvent(event, named) ?? []);
  return { relevant: events.length > 0, events };
}

function readEvent(value: unknown, named: ReadonlySet<string>): ExtractedEvent | null {
  const event = (value ?? {}) as Record<string, unknown>;
  if (!ACTIONS.includes(event.action as Action)) throw new Error('unknown action');
  const texts = (list: unknown): string[] =>
    Array.isArray(list) ? [...new Set(list.filter((one): one is string => typeof one === 'string'))].slice(0, 30) : [];
  const method = METHODS.find((one) => one === (event.method as Method));
  const said = texts(event.services);
  const services = said.filter((id) => named.has(id));
  const countries = texts(event.countries).filter((code) => CODES.has(code));
  if (said.length > 0 && services.length === 0) return null;
  if (services.length === 0 && countries.length === 0) return null;
  return { action: event.action as Action, countries, services, ...(method === undefined ? {} : { method }) };
}

const keysOf = (event: ExtractedEvent): string[] =>
  triplesOf(event).map(({ country, service, action }) => `${country} ${service} ${action}`);

/**
 * Both readings as one. What both say is firm and keeps the built-in extractor's region, method and rank; what only one says stays, but as a
 * doubtful reading: it waits for another outlet. Of a text that the built-in extractor surely finds no news in, the model's word is not taken.
 */
export function agree(own: Extraction, other: Pick<Extraction, 'relevant' | 'events'>): Extraction {
  const theirs = new Set(other.events.flatMap(keysOf));
  const mine = new Set(own.events.flatMap(keysOf));
  const kept = own.events.map((event): ExtractedEvent => {
    if (event.secondary === true) return event;
    const { confidence } = event;
    const both = keysOf(event).every((key) => theirs.has(key));
    return { ...event, confidence: both ? Math.max(AGREED, confidence ?? 0) : Math.min(DISPUTED, confidence ?? 1) };
  });
  const added = other.events
    .filter((event) => !keysOf(event).every((key) => mine.has(key)))
    .map((event): ExtractedEvent => ({ ...event, confidence: DISPUTED }));
  const events = [...kept, ...added].slice(0, MAX_EVENTS);
  return { ...own, relevant: events.length > 0, events };
}

/** An OpenAI-compatible endpoint of the operator's (`extract.model` in the config). */
export interface ModelOptions {
  /** Up to and with `/v1`: `http://127.0.0.1:11434/v1`. */
  url: string;
  name: string;
  key: string | null;
  timeoutMs: number;
  /** Texts asked about in one hour; the built-in extractor takes the rest. */
  perHour: number;
}

interface ModelExtractorDeps {
  http: Http;
  clock: Clock;
  log: Log;
  catalogue: Catalogue;
  builtIn: Extractor;
  /** How the lexicon's languages write, known once the built-in extractor has read its first text. */
  writing?: () => Writing;
}

const HOUR = 3_600_000;
const MAX_ANSWER = 64_000;
/** After a failure the model is left alone for so long: a dead endpoint must not add its timeout to every text. */
const REST = 60_000;
/** Worth less than this, nothing is asked: the built-in extractor is sure. */
const LEAST_WORTH = 0.2;

/**
 * Asks a language model about texts that the built-in extractor is torn on, or that would corroborate what another outlet reported, bounded in
 * time, size and number; the answer is held against the built-in reading (`agree`). Falls back to that whenever the answer is late, missing or not of the form. Off unless configured. Never throws.
 */
export function createModelExtractor(options: ModelOptions, deps: ModelExtractorDeps): Extractor {
  const { http, clock, log, builtIn } = deps;
  const namedIn = createNamed(deps.catalogue, deps.writing ?? (() => PLAIN_WRITING));
  const system = `${instructions()}\nServices: internet ${deps.catalogue.services.map(({ id }) => id).join(' ')}`;
  const budget = createBudget(options.perHour);
  let restUntil = Number.NEGATIVE_INFINITY;
  const trouble = onceWhileFailing(log, {
    begins: 'The language model gave no usable answer; the built-in extractor goes on',
    ends: 'The language model answers again',
  });

  async function ask(text: NewsText, own: Extraction): Promise<Pick<Extraction, 'relevant' | 'events'>> {
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: questionOf(text, own) },
    ];
    const form = { temperature: 0, max_tokens: 600, response_format: { type: 'json_object' } };
    const response = await http({
      url: `${options.url}/chat/completions`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.key === null ? {} : { authorization: `Bearer ${options.key}` }),
      },
      body: JSON.stringify({ model: options.name, ...form, messages }),
      timeoutMs: options.timeoutMs,
      maxBytes: MAX_ANSWER,
      maxRedirects: 0,
    });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    type Envelope = { choices?: { message?: { content?: unknown } }[] };
    const { choices } = JSON.parse(new TextDecoder().decode(response.body)) as Envelope;
    return readAnswer(choices?.[0]?.message?.content, namedIn(text));
  }

  /** What a second word would settle is worth most, however sure the built-in extractor is of it. */
  async function worthHere(own: Extraction, { corroborates }: ExtractOptions = {}): Promise<number> {
    if (corroborates !== undefined) for (const said of saidIn(own)) if (await corroborates(said)) return 1;
    return worthOf(own);
  }

  return {
    async extract(text, more) {
      const { why, ...plain } = await builtIn.extract(text, { explain: true });
      const own: Extraction = more?.explain === true && why !== undefined ? { ...plain, why } : plain;
      const now = clock.monotonic();
      if (now < restUntil || !budget.take(await worthHere(plain, more), now)) return own;
      try {
        const found = await ask(text, why === undefined ? plain : { ...plain, why });
        trouble.working();
        return agree(own, found);
      } catch (error) {
        restUntil = clock.monotonic() + REST;
        trouble.failing(error);
        return own;
      }
    },
  };
}

/** So many questions an hour. The faster they go, the more one must be worth: who comes first gets no more than who needs it. */
export function createBudget(perHour: number) {
  let since = Number.NEGATIVE_INFINITY;
  let asked = 0;
  return {
    /** May a question of this worth be asked now? If so, it is counted. */
    take(worth: number, now: number): boolean {
      if (now - since >= HOUR) {
        since = now;
        asked = 0;
      }
      const ahead = perHour > 0 ? asked / perHour - (now - since) / HOUR : 1;
      if (asked >= perHour || worth < LEAST_WORTH || worth < Math.min(ahead, 1)) return false;
      asked++;
      return true;
    },
  };
}
