import type { Catalogue } from '../model/catalogue.ts';
import type { ExplainedWord, Explanation, Extraction, NewsText } from '../model/item.ts';
import type { Asked, Encoded } from '../ports/encoder.ts';
import { type Analysis, createAnalyser } from './analysis.ts';
import { type Clause, type Cue, type Field, isAct, type Span } from './field.ts';
import { creditOf } from './names.ts';
import { askedOf } from './score/asked.ts';
import { createScorer, type Verdict } from './score/scorer.ts';
import { logistic } from './score/weights.ts';
import type { Lexicon } from './text/lexicon.ts';

/** What an explanation shows of a reading: clauses, the rules that fired, what was turned down, the likeliest candidates. */

/** More than this nobody reads. */
const MAX_CANDIDATES = 6;
const MAX_CLAUSES = 60;
const MAX_FIRED = 300;

function explain(analysis: Analysis, verdict: Verdict | undefined): Explanation {
  const { lang, fields, rejected, found } = analysis;
  return {
    lang,
    rules: found.rules,
    spans: found.spans,
    rejected: rejected.map((r) => ({
      text: r.field.textOf(r),
      as: r.as,
      why: r.why,
      ...(r.by === undefined ? {} : { by: r.by }),
    })),
    clauses: fields.flatMap((f) => (f.name === 'body' ? [] : clausesOf(f))).slice(0, MAX_CLAUSES),
    fired: firedIn(fields),
    ...(verdict === undefined ? {} : { candidates: runnersUp(verdict) }),
  };
}

const wordOf = (field: Field, cue: Cue): ExplainedWord => ({
  text: field.textOf(cue),
  class: cue.cls,
  phrase: cue.phrase,
});

/** Clauses in which something is known, from their first word to their last. */
function clausesOf(field: Field): NonNullable<Explanation['clauses']> {
  const ends = new Map<Clause, Span>();
  for (let i = 0; i < field.tokens.length; i++) {
    const clause = field.clauses[field.prop[i]!]!;
    const known = ends.get(clause);
    if (known === undefined) ends.set(clause, { from: i, to: i + 1 });
    else known.to = i + 1;
  }
  return [...ends].flatMap(([{ cues, mentions, places }, span]) =>
    cues.length + mentions.length + places.length === 0
      ? []
      : [
          {
            field: field.name,
            text: field.textOf(span),
            acts: cues.filter(isAct).map((c) => wordOf(field, c)),
            words: cues.filter((c) => !isAct(c)).map((c) => wordOf(field, c)),
            names: mentions.map((m) => (m.role === null ? m.id : `${m.id} (${m.role})`)),
            places: places.map((p) => `${p.code} (${p.score})`),
          },
        ],
  );
}

/** Each rule once for each stretch that it fired on. */
function firedIn(fields: readonly Field[]): NonNullable<Explanation['fired']> {
  const out = new Map<string, { rule: string; text: string }>();
  for (const field of fields)
    for (const { rule, from, to } of field.fired ?? []) {
      const text = field.textOf({ from, to });
      if (out.size < MAX_FIRED) out.set(`${rule} ${text}`, { rule, text });
    }
  return [...out.values()];
}

/** The likeliest candidates, whether they became events or not. */
const runnersUp = ({ candidates }: Verdict): Explanation['candidates'] =>
  candidates.slice(0, MAX_CANDIDATES).map(({ service, country, action, score }) => ({
    triple: `${country}/${service === '' ? '-' : service}/${action}`,
    probability: Math.round(logistic(score) * 1000) / 1000,
  }));

/**
 * From a text to its events, room by room; words come from `config/lexicon`. Most rules are rows of tables (`config/rules`); when a row
 * holds is told by a function of its name.
 *
 * 1. text → tokens (`text/`): `normalise` `tokens` `language`; phrases found in them: `lexicon` `trie`; together a `field`, divided into clauses:
 *    `read-field`
 * 2. what each name is (`names`): places (`rules/scene`), services (`rules/role`, with lists of them: `beside`), sources
 * 3. what each act says (`acts`): whether it is one of access (`rules/act`), how it stands and who does it (`rules/mood`), when (`rules/when`),
 *    about what (`about`), and so which action (`rules/act`)
 * 4. what is news: facts that are none by themselves (`rules/unusable`) fall; the rest becomes claims (`objects`) with a country
 *    each (`events`), of which the latest state stands (`settle`). So far `analysis`: what the rules make of it
 * 5. what is reported: every candidate is weighed on the evidence of all that (`score/`); without weights the rules' events stand. `explain` shows
 *    all of it
 */

export interface SyncExtractor {
  extract(text: NewsText, options?: { explain?: boolean }): Extraction;
  /** The same in two steps, so that the encoder can be asked in between. */
  read(text: NewsText, options?: { explain?: boolean }): Reading;
}

interface Reading {
  /** What the encoder may be asked; null = its answer would change nothing. */
  asked: Asked | null;
  /** `encoded`: its answer; null = there is none. */
  finish(encoded: Encoded | null): Extraction;
}

/** `held` as of `createAnalyser`. */
export function createExtractor(lexicon: Lexicon, catalogue: Catalogue, held?: number): SyncExtractor {
  const analyse = createAnalyser(lexicon, catalogue, held);
  const score = lexicon.weights === undefined ? null : createScorer(lexicon.weights);
  const listens = (lexicon.weights?.encoder ?? null) !== null;
  function finish(analysis: Analysis, encoded: Encoded | null, explained: boolean): Extraction {
    const { lang, fields, found } = analysis;
    const verdict = score?.(analysis, encoded);
    const events = verdict?.events ?? found.events;
    const out: Extraction = {
      relevant: events.length > 0,
      events,
      lang,
      credit: creditOf(fields),
      ...(verdict === undefined ? {} : { probability: Math.round(verdict.relevant * 1000) / 1000 }),
    };
    if (explained) out.why = explain(analysis, verdict);
    return out;
  }
  return {
    extract: (input, { explain: explained = false } = {}) => finish(analyse(input, explained), null, explained),
    read(input, { explain: explained = false } = {}) {
      const analysis = analyse(input, explained);
      return {
        asked: listens ? askedOf(analysis) : null,
        finish: (encoded) => finish(analysis, encoded, explained),
      };
    },
  };
}
