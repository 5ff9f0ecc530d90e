import { PLAIN_WRITING, type Writing } from '../core/extract/tokens.ts';
import { onceWhileFailing } from '../core/failures.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import type { Extraction } from '../core/model/extraction.ts';
import type { NewsText } from '../core/model/item.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ExtractOptions, Extractor } from '../core/ports/extractor.ts';
import type { Http } from '../core/ports/http.ts';
import type { Log } from '../core/ports/log.ts';
import { agree, createNamed, INSTRUCTIONS, questionOf, readAnswer, saidIn, worthOf } from './model-reading.ts';

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

export interface ModelExtractorDeps {
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
  const system = `${INSTRUCTIONS}\nServices: internet ${deps.catalogue.services.map(({ id }) => id).join(' ')}`;
  const budget = createBudget(options.perHour);
  let restUntil = Number.NEGATIVE_INFINITY;
  const trouble = onceWhileFailing(log, {
    begins: 'The language model gave no usable answer; the built-in extractor goes on',
    ends: 'The language model answers again',
  });

  async function ask(text: NewsText, own: Extraction): Promise<Pick<Extraction, 'relevant' | 'events'>> {
    const response = await http({
      url: `${options.url}/chat/completions`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.key === null ? {} : { authorization: `Bearer ${options.key}` }),
      },
      body: JSON.stringify({
        model: options.name,
        temperature: 0,
        max_tokens: 600,
        response_format: { type: 'json_object' },
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: questionOf(text, own) },
        ],
      }),
      timeoutMs: options.timeoutMs,
      maxBytes: MAX_ANSWER,
      maxRedirects: 0,
    });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const envelope = JSON.parse(new TextDecoder().decode(response.body)) as {
      choices?: { message?: { content?: unknown } }[];
    };
    return readAnswer(envelope.choices?.[0]?.message?.content, namedIn(text));
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

interface Budget {
  /** May a question of this worth be asked now? If so, it is counted. */
  take(worth: number, now: number): boolean;
}

/** So many questions an hour. The faster they go, the more one must be worth: who comes first gets no more than who needs it. */
export function createBudget(perHour: number): Budget {
  let since = Number.NEGATIVE_INFINITY;
  let asked = 0;
  return {
    take(worth, now) {
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
