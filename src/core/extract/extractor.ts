/**
 * From a text to its events, room by room; words come from `config/lexicon`, here are only rules.
 *
 * 1. text → tokens: `normalise` `traditional` `tokens` `language`; phrases found in them: `lexicon` `trie` `read`
 * 2. what each name is: places (`places`), services (`roles`, with `everyday` `lists` `role-cues`), sources (`credit`)
 * 3. what each act says: how it stands (`mood`), when (`when`), who does it (`agent` `account` `power`), about what (`about` `objects` `unknown`),
 *    and so which action (`acts` `verdict`); `scope` holds what all of these ask of a sentence
 * 4. what is news: texts that are none (`noise`), facts that are none (`unusable`); the rest becomes claims with a country each (`events` `scenes`),
 *    of which the latest state stands (`settle`), with method and region (`detail`). So far `analysis`: what the rules make of it
 * 5. what is reported: every candidate is weighed on the evidence of all that (`score/`); without weights the rules' events stand
 */
import type { Catalogue } from '../model/catalogue.ts';
import type { Explanation, Extraction } from '../model/extraction.ts';
import type { NewsText } from '../model/item.ts';
import type { Rejected } from './acts.ts';
import { createAnalyser } from './analysis.ts';
import { creditOf } from './credit.ts';
import type { Lexicon } from './lexicon.ts';
import { createScorer, logistic, type Verdict } from './score/scorer.ts';

export interface SyncExtractor {
  extract(text: NewsText, options?: { explain?: boolean }): Extraction;
}

export function createExtractor(lexicon: Lexicon, catalogue: Catalogue): SyncExtractor {
  const analyse = createAnalyser(lexicon, catalogue);
  const score = lexicon.weights === undefined ? null : createScorer(lexicon.weights);
  return {
    extract(input, options = {}) {
      const analysis = analyse(input);
      const { lang, fields, rejected, noise } = analysis;
      const ruled = noise.silent === null ? analysis.found.events : [];
      const verdict = score?.(analysis);
      const events = verdict?.events ?? ruled;
      const out: Extraction = {
        relevant: events.length > 0,
        events,
        lang,
        credit: creditOf(fields),
        ...(verdict === undefined ? {} : { probability: Math.round(verdict.relevant * 1000) / 1000 }),
      };
      if (options.explain === true) {
        const { rules, spans } = analysis.found;
        const heading = noise.silent === null ? [] : [`noise: ${noise.silent}`];
        out.why = {
          ...explain(lang, [...heading, ...(noise.silent === null || score !== null ? rules : [])], spans, rejected),
          ...(verdict === undefined ? {} : { candidates: runnersUp(verdict) }),
        };
      }
      return out;
    },
  };
}

/** The likeliest candidates, whether they became events or not. */
const runnersUp = ({ candidates }: Verdict): Explanation['candidates'] =>
  candidates.slice(0, SHOWN).map(({ service, country, action, score }) => ({
    triple: `${country}/${service === '' ? '-' : service}/${action}`,
    probability: Math.round(logistic(score) * 1000) / 1000,
  }));
const SHOWN = 6;

function explain(lang: string, rules: string[], spans: Explanation['spans'], rejected: Rejected[]): Explanation {
  return {
    lang,
    rules,
    spans,
    rejected: rejected.map((r) => ({
      text: r.field.text.slice(r.field.tokens[r.from]!.start, r.field.tokens[r.to - 1]!.end),
      as: r.as,
      why: r.why,
    })),
  };
}
