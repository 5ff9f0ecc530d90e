/** What an explanation shows of a reading: clauses, the rules that fired, what was turned down, the likeliest candidates. */
import type { ExplainedWord, Explanation } from '../model/extraction.ts';
import type { Analysis } from './analysis.ts';
import type { Clause, Cue, Field, Span } from './read.ts';
import { isAct } from './scope.ts';
import { logistic } from './score/logistic.ts';
import type { Verdict } from './score/scorer.ts';

/** More than this nobody reads. */
const MAX_CANDIDATES = 6;
const MAX_CLAUSES = 60;
const MAX_FIRED = 300;

export function explain(analysis: Analysis, verdict: Verdict | undefined): Explanation {
  const { lang, fields, rejected, noise, found } = analysis;
  const heading = noise.silent === null ? [] : [`noise-${noise.silent}`];
  const rules = noise.silent === null || verdict !== undefined ? found.rules : [];
  return {
    lang,
    rules: [...heading, ...rules],
    spans: found.spans,
    rejected: rejected.map((r) => ({
      text: textOf(r.field, r),
      as: r.as,
      why: r.why,
      ...(r.by === undefined ? {} : { by: r.by }),
    })),
    clauses: fields.flatMap((f) => (f.name === 'body' ? [] : clausesOf(f))).slice(0, MAX_CLAUSES),
    fired: firedIn(fields),
    ...(verdict === undefined ? {} : { candidates: runnersUp(verdict) }),
  };
}

const textOf = ({ text, tokens }: Field, { from, to }: Span): string =>
  to > from ? text.slice(tokens[from]!.start, tokens[to - 1]!.end) : '';

const wordOf = (field: Field, cue: Cue): ExplainedWord => ({
  text: textOf(field, cue),
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
            text: textOf(field, span),
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
      const text = textOf(field, { from, to });
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
