/**
 * From a text to its events, room by room; words come from `config/lexicon`, here are only rules. Most are rows of tables (`rules`), which
 * `register` lists; beside a table stand its words: what its rows ask.
 *
 * 1. text → tokens: `normalise` `traditional` `tokens` `language`; phrases found in them: `lexicon` `trie`; together a field: `read` `fields`
 *    (with `match-order`), divided into `clauses` (with `not-yet`)
 * 2. what each name is: places (`places`, rules: `scene-rules`; `scene-lists`), services (`roles`, rules: `role-rules` `everyday`; with `lists` `role-cues`),
 *    sources (`credit`)
 * 3. what each act says (`acts`): whether it is one of access (rules: `act-rules`; `lifts` `other-object` `account`), how it stands (rules: `mood`;
 *    `governs` `future`), when (rules: `when`; `dates` `after`), who does it (`agent` `power`), about what (rules: `about`; `aside` `objects`
 *    `unknown`), and so which action (`verdict`, rules: `extent` `tense`; `part`); `scope` holds what all of these ask of a sentence
 * 4. what is news: texts that are none (rules: `noise` `silence`; `state-words` `disproof` `history`), facts that are none (rules: `unusable`;
 *    `looking-back` `refusal`); the rest becomes claims with a country each (`events` `scenes`), of which the latest state stands (rules: `settle`; `turn`),
 *    with method and region (`detail`). So far `analysis`: what the rules make of it
 * 5. what is reported: every candidate is weighed on the evidence of all that (`score/`); without weights the rules' events stand. `explain` shows
 *    all of it
 */
import type { Catalogue } from '../model/catalogue.ts';
import type { Extraction } from '../model/extraction.ts';
import type { NewsText } from '../model/item.ts';
import { createAnalyser } from './analysis.ts';
import { creditOf } from './credit.ts';
import { explain } from './explain.ts';
import type { Lexicon } from './lexicon.ts';
import { createScorer } from './score/scorer.ts';

export interface SyncExtractor {
  extract(text: NewsText, options?: { explain?: boolean }): Extraction;
}

export function createExtractor(lexicon: Lexicon, catalogue: Catalogue): SyncExtractor {
  const analyse = createAnalyser(lexicon, catalogue);
  const score = lexicon.weights === undefined ? null : createScorer(lexicon.weights);
  return {
    extract(input, options = {}) {
      const analysis = analyse(input, options.explain);
      const { lang, fields, noise } = analysis;
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
      if (options.explain === true) out.why = explain(analysis, verdict);
      return out;
    },
  };
}
