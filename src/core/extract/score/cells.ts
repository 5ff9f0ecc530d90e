/** Every candidate (service, country, action) with its features, part by part. */
import { ACTIONS, type Action } from '../../model/action.ts';
import type { Analysis } from '../analysis.ts';
import { agreementFeatures, saidOf } from './agreement.ts';
import { type Candidates, candidatesOf, leading, namingsOf, placesOf } from './candidates.ts';
import { clauseWords } from './clause-words.ts';
import { countryFeatures, tripleFeatures } from './country-evidence.ts';
import { clear, type Features } from './features.ts';
import { pairEvidence } from './pair-evidence.ts';
import { serviceEvidence } from './service-evidence.ts';
import { textEvidence } from './text-evidence.ts';

export interface Cell<T> {
  service: string;
  country: string;
  action: Action;
  /** What was made of its parts, in their order; cells share them. */
  parts: T[];
}

/** What parts come to: sums, or their buckets. The features are overwritten afterwards. */
export interface Take<T> {
  one(part: Features): T;
  /** Together with each action, in their order. */
  each(part: Features): T[];
}

/** Each part is made once, and taken once for every action that it is meant together with. */
export function cellsOf<T>(
  analysis: Analysis,
  { scratch, take, all = candidatesOf(analysis) }: { scratch: Features; take: Take<T>; all?: Candidates },
): Cell<T>[] {
  if (all.services.length === 0 || all.countries.length === 0) return [];
  const { claims } = analysis.found;
  const fields = leading(analysis.fields);
  textEvidence(analysis, clear(scratch));
  const byAction = take.each(scratch);
  const countries = all.countries.map((code) => {
    const places = placesOf(fields, code);
    countryFeatures(analysis, { code, places, all }, clear(scratch));
    return { code, places, part: take.one(scratch), claimed: claims.some((c) => c.countries.includes(code)) };
  });
  const cells: Cell<T>[] = [];
  for (const service of all.services) {
    const namings = namingsOf(fields, service);
    serviceEvidence(analysis, { id: service, namings, all }, clear(scratch));
    const alone = take.one(scratch);
    clauseWords(namings, scratch);
    const own = take.each(scratch);
    const said = saidOf(analysis, service, namings);
    const near = countries.map(({ code, places }) => {
      pairEvidence({ service, country: code, namings, places, claims }, clear(scratch));
      return take.one(scratch);
    });
    const ownClaims = claims.filter((c) => c.id === service);
    for (let a = 0; a < ACTIONS.length; a++) {
      const action = ACTIONS[a]!;
      agreementFeatures(said, action, clear(scratch));
      const agreed = take.one(scratch);
      for (let c = 0; c < countries.length; c++) {
        const { code: country, part, claimed } = countries[c]!;
        tripleFeatures(ownClaims, { country, action, claimed }, clear(scratch));
        const bound = take.one(scratch);
        cells.push({ service, country, action, parts: [byAction[a]!, part, alone, own[a]!, agreed, near[c]!, bound] });
      }
    }
  }
  return cells;
}
