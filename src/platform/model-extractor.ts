import { readFileSync } from 'node:fs';
import { answered, ask as post } from '../core/answers.ts';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import { onceWhileFailing, orNull } from '../core/errors.ts';
import { compileServices } from '../core/extract/text/lexicon.ts';
import { PLAIN_WRITING, tokenise, type Writing } from '../core/extract/text/tokens.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import { ACTIONS, type Action, METHODS, type Method } from '../core/model/incident.ts';
import { type ExtractedEvent, type Extraction, MAX_EVENTS, type NewsText } from '../core/model/item.ts';
import type { ExtractOptions, Extractor, Said } from '../core/ports/reading.ts';
import type { Clock, Http, Log } from '../core/ports/runtime.ts';
import { createBuckets } from '../core/recent.ts';
import { oneLine } from '../core/render/plain.ts';

/** What a language model is asked and how its answer decides a text that the built-in extractor is torn on: pure, no network. */

const MAX_TITLE = 500;
const MAX_TEXT = 3_000;
/** The model and the built-in extractor say so. */
const AGREED = 0.95;
/** The model alone says so. */
const DECIDED = 0.8;

const instructions = (): string =>
  readFileSync(new URL('../../config/model-instructions.txt', import.meta.url), 'utf8')
    .trimEnd()
    .replace('{methods}', METHODS.join(', '));

/** What an answer may name: countries that the text or its outlet brings up, and services that it names. */
export interface Choice {
  countries: ReadonlySet<string>;
  services: ReadonlySet<string>;
}

/** Every country that the rules saw in title or lead or that some reading had, and the outlet's own. `named`: services that the text names. */
export function choiceOf(text: NewsText, { events, why }: Extraction, named: Iterable<string>): Choice {
  const triples = (why?.candidates ?? []).map(({ triple }) => triple.split('/'));
  const codes = [
    ...triples.map(([country]) => country!),
    ...events.flatMap(({ countries }) => countries),
    ...(why?.clauses ?? []).flatMap(({ places }) => places.map((place) => place.split(' ')[0]!)),
    text.home ?? '',
    countryOf(hostOf(text)) ?? '',
  ];
  return {
    countries: new Set(codes.filter((code) => CODES.has(code))),
    services: new Set([...triples.flatMap(([, service]) => (service === '-' ? [] : service!)), ...named]),
  };
}

/** A stranger's words, in one line and in quotes, without what servers or models take for marks of their own: fences, and tags of turns and thoughts. */
const quoted = (text: string, max: number): string =>
  JSON.stringify(oneLine(text, max).replaceAll('`', 'ʼ').replaceAll('<', '‹').replaceAll('>', '›'));

/** The item as the model gets it: the text, its language, whose it is, and what it may choose from. */
export function questionOf(text: NewsText, own: Extraction, { countries, services }: Choice): string {
  const readings = (own.why?.candidates ?? []).map(({ triple, probability }) => `${triple} ${probability}`);
  const host = hostOf(text);
  const outlet = [oneLine(text.publisherName ?? '', MAX_NAME), host.slice(0, MAX_NAME)].filter((part) => part !== '');
  return [
    `Language: ${own.lang}`,
    `Outlet: ${quoted(outlet.join(', ') || 'unknown', 2 * MAX_NAME)}, country ${text.home ?? countryOf(host) ?? 'unknown'}`,
    `Countries to choose from: ${[...countries].join(' ') || 'none'}`,
    `Services to choose from: ${[...services].join(' ')}`,
    `Built-in reading: ${own.probability ?? 'no'} that it is relevant; country/service/action: ${readings.join('; ') || 'none'}`,
    `Title: ${quoted(text.title, MAX_TITLE)}`,
    `Text: ${quoted(text.summary, MAX_TEXT)}`,
  ].join('\n');
}

/** Endings of the net that are codes of countries and say nothing of where whoever took one is. */
const SOLD_ANYWHERE = new Set(
  'AC AD AI AS BZ CC CD CO CX DJ FM GG GL IM IO IS LA LI LY ME MS NU PW SC SH SO ST TK TO TV VC VG WS'.split(' '),
);
const MAX_NAME = 80;
const CODES: ReadonlySet<string> = new Set([...COUNTRIES, 'EU']);

const hostOf = ({ url }: NewsText): string => (url && URL.canParse(url) ? new URL(url).hostname : '');

/** The country that a host tells: where a text names no place, its outlet's is likely meant. */
function countryOf(host: string): string | null {
  const ending = host.slice(host.lastIndexOf('.') + 1).toUpperCase();
  const code = ending === 'UK' ? 'GB' : ending;
  return host.includes('.') && CODES.has(code) && !SOLD_ANYWHERE.has(code) ? code : null;
}

/** Triples that are asked about: a text with more of them is a list. */
const MAX_SAID = 6;

/** What a reading says in title and lead, triple by triple. */
export const saidIn = ({ events }: Pick<Extraction, 'events'>): Said[] =>
  events
    .filter(({ secondary }) => secondary !== true)
    .flatMap(triplesOf)
    .slice(0, MAX_SAID);

const orNone = (list: string[]): readonly (string | null)[] => (list.length > 0 ? list : [null]);

function triplesOf({ countries, services, action }: ExtractedEvent): Said[] {
  return orNone(countries).flatMap((country) => orNone(services).map((service) => ({ country, service, action })));
}

/** From here on a reading is left alone. */
const SURE = 0.8;

/** How much a second opinion is worth, 0 to 1: most where the built-in extractor is torn, nothing where it is sure. */
export function worthOf({ relevant, probability, events }: Extraction): number {
  // Without weights the rules say nothing of how sure they are.
  if (probability === undefined) return 1;
  const torn = (p: number): number => 1 - Math.abs(2 * p - 1);
  const unsure = events.flatMap(({ confidence }) =>
    confidence === undefined || confidence >= SURE ? [] : [torn(confidence)],
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

/**
 * The events of an answer, checked as a stranger's: anything that is not of the form throws, but for what a model thought before and a fence around it.
 * Services and countries that were not to be chosen are left out, and so is an event that named only such: it would be about something else.
 */
export function readAnswer(content: unknown, choice: Choice): ExtractedEvent[] {
  if (typeof content !== 'string') throw new Error('no content');
  const said = content.slice(content.lastIndexOf('</think') + 1).trim();
  if (said.startsWith('<think')) throw new Error('only thoughts');
  const json = JSON.parse(said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1)) as { events?: unknown };
  if (!Array.isArray(json.events)) throw new Error('not of the form');
  return json.events.slice(0, MAX_EVENTS).flatMap((event) => readEvent(event, choice) ?? []);
}

function readEvent(value: unknown, choice: Choice): ExtractedEvent | null {
  const event = (value ?? {}) as Record<string, unknown>;
  if (!ACTIONS.includes(event.action as Action)) throw new Error('unknown action');
  const [countries, services] = (['countries', 'services'] as const).map((key) => {
    const texts = Array.isArray(event[key]) ? event[key].filter((one): one is string => typeof one === 'string') : [];
    const kept = [...new Set(texts)].filter((one) => choice[key].has(one)).slice(0, 30);
    return texts.length > 0 && kept.length === 0 ? null : kept;
  }) as [string[] | null, string[] | null];
  if (countries === null || services === null || countries.length + services.length === 0) return null;
  const method = METHODS.find((one) => one === (event.method as Method));
  return { action: event.action as Action, countries, services, ...(method === undefined ? {} : { method }) };
}

const keysOf = (event: ExtractedEvent): string[] =>
  triplesOf(event).map(({ country, service, action }) => `${country} ${service} ${action}`);

/**
 * What the model says is what title and lead report, or nothing where it says so. What the built-in extractor says as well keeps the region and
 * method that this one knows, and so does what it found in the article.
 */
export function decide(own: Extraction, said: readonly ExtractedEvent[]): Extraction {
  const first = own.events.filter(({ secondary }) => secondary !== true);
  const mine = new Set(first.flatMap(keysOf));
  const decided = said.map((event): ExtractedEvent => {
    const keys = keysOf(event);
    const known = first.find((one) => keysOf(one).some((key) => keys.includes(key)));
    const { countries, services } = event;
    if (!keys.every((key) => mine.has(key))) return { ...event, ...known, countries, services, confidence: DECIDED };
    return { ...event, ...known, countries, services, confidence: Math.max(AGREED, known?.confidence ?? 0) };
  });
  const events = [...decided, ...own.events.filter(({ secondary }) => secondary === true)].slice(0, MAX_EVENTS);
  return { ...own, relevant: events.length > 0, events };
}

/** An OpenAI-compatible endpoint of the operator's (`extract.model` in the config). */
export interface ModelOptions {
  /** Up to and with `/v1`: `http://127.0.0.1:11434/v1`. */
  url: string;
  name: string;
  key: string | null;
  timeoutMs: number;
  /** Of one answer, thoughts included. */
  maxTokens: number;
  /** Questions in one hour, a tenth of them about one publisher's texts; the built-in extractor takes the rest. */
  perHour: number;
}

type Choices = { message?: { content?: unknown } }[] | undefined;

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
const maxBytes = 1_000_000;
/** A publisher about whose text nothing came back is not asked about for so long. When so many rest, it is the endpoint: a dead one must not add its timeout to every text. */
const REST = 60_000;
const DEAD = 3;
/** Worth less than this, nothing is asked: the built-in extractor is sure. */
const LEAST_WORTH = 0.1;
/** Of the first question, and of the second where the answer was none: another one is wanted. */
const TEMPERATURES = [0, 0.6];

/**
 * Has a language model decide texts that the built-in extractor is torn on, or that would corroborate what another outlet reported, bounded in
 * time, size and number. Where the answer is late, missing or twice not of the form, that text is read as without it. Off unless configured. Never throws.
 */
export function createModelExtractor(options: ModelOptions, deps: ModelExtractorDeps): Extractor {
  const { clock, log, builtIn } = deps;
  const direct: Http = (request) => deps.http({ ...request, maxRedirects: 0 });
  const namedIn = createNamed(deps.catalogue, deps.writing ?? (() => PLAIN_WRITING));
  const system = instructions();
  const budget = createBudget(options.perHour);
  /** Publishers that rest, and until when. */
  const resting = new Map<string, number>();
  /** The endpoint wants neither temperature nor form: some models that think do not. */
  let isPlain = false;
  const trouble = onceWhileFailing(log, {
    begins: 'The language model gave no usable answer; the built-in extractor goes on',
    ends: 'The language model answers again',
  });

  async function ask(question: string, temperature: number, plainly = isPlain): Promise<unknown> {
    const { url, name: model, key, timeoutMs, maxTokens } = options;
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: question },
    ];
    const form = plainly
      ? { max_completion_tokens: maxTokens }
      : { max_tokens: maxTokens, temperature, response_format: { type: 'json_object' } };
    const body = { model, ...form, messages };
    const answer = await post(direct, { url: `${url}/chat/completions`, body, token: key, timeoutMs, maxBytes });
    if (answer.status === 400 && !plainly) {
      const said = await ask(question, temperature, true);
      isPlain = true;
      return said;
    }
    const { choices } = answered(answer, new URL(url).host, clock.now());
    return (choices as Choices)?.[0]?.message?.content;
  }

  /** What a second word would settle is worth most, however sure the built-in extractor is of it. */
  async function worthHere(own: Extraction, { corroborates }: ExtractOptions = {}): Promise<number> {
    if (corroborates !== undefined) for (const said of saidIn(own)) if (await corroborates(said)) return 1;
    return worthOf(own);
  }

  return {
    async extract(text, more) {
      const full = await builtIn.extract(text, { explain: true });
      const { why: _why, ...plain } = full;
      const own = more?.explain === true ? full : plain;
      const { publisher = '' } = text;
      for (const [one, until] of resting) if (until <= clock.monotonic()) resting.delete(one);
      if (resting.size >= DEAD || resting.has(publisher)) return own;
      const worth = await worthHere(plain, more);
      const choice = choiceOf(text, full, namedIn(text));
      for (const temperature of TEMPERATURES) {
        if (!budget.take(worth, publisher, clock.monotonic())) return own;
        try {
          const said = await ask(questionOf(text, full, choice), temperature);
          const events = orNull(() => readAnswer(said, choice));
          if (events === null) continue;
          trouble.working();
          return decide(own, events);
        } catch (error) {
          resting.set(publisher, clock.monotonic() + REST);
          trouble.failing(error);
          return own;
        }
      }
      trouble.failing(new Error('It answered in another form, twice.'));
      return own;
    },
  };
}

/** Of an hour's questions so many may be about one publisher's texts, and some few at least. */
const OF_PUBLISHER = 0.1;
const FEW = 5;

/** So many questions an hour. The faster they go, the more one must be worth: who comes first gets no more than who needs it. */
export function createBudget(perHour: number) {
  const most = Math.max(FEW, perHour * OF_PUBLISHER);
  let since = Number.NEGATIVE_INFINITY;
  let asked = 0;
  const publishers = createBuckets({ burst: most, perSecond: (most / HOUR) * 1_000, most: 1_000 });
  return {
    /** May a question of this worth about this publisher's text be asked now? If so, it is counted. */
    take(worth: number, publisher: string, now: number): boolean {
      if (now - since >= HOUR) {
        since = now;
        asked = 0;
      }
      const ahead = perHour > 0 ? asked / perHour - (now - since) / HOUR : 1;
      if (asked >= perHour || worth < LEAST_WORTH || worth < Math.min(ahead, 1)) return false;
      if (publishers.take(publisher, 1, now) > 0) return false;
      asked++;
      return true;
    },
  };
}
