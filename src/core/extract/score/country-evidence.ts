/** Evidence that it happens in a country, and that the rules claim just that. */

import type { Action } from '../../model/action.ts';
import type { Analysis } from '../analysis.ts';
import type { Field, Place } from '../read.ts';
import type { Claim } from '../settle.ts';
import { type Candidates, leading, MAX_SEEN, type Named } from './candidates.ts';
import { add, type Features, isNew, keyed, keyOf, mix, startRound, stemKey } from './features.ts';

const COUNTRY = keyOf('c:');
const TRIPLE = keyOf('t:');
/** Below every score of a place. */
const NO_SCORE = -9;

function put(to: Features, key: number, value: number): void {
  if (isNew(to, key)) add(to, mix(COUNTRY, key), value);
}

export function countryFeatures(
  { fields, found: { claims }, home }: Analysis,
  { code, places, all }: { code: string; places: readonly Named<Place>[]; all: Candidates },
  to: Features,
): void {
  startRound(to);
  const rivals = Math.min(all.countries.length, 4);
  put(to, keyed('n', rivals), 0.5);
  const claimed = claims.some((c) => c.countries.includes(code));
  put(to, keyed('claimed', claimed, claims.length > 0), 1);
  put(to, keyed('claimed', claimed, 'of', rivals), 0.5);
  if (code === home) put(to, keyOf('home'), 0.5);
  let best = NO_SCORE;
  let titled = false;
  let known = false;
  for (const { field, spans } of places) {
    for (const place of spans) {
      known = true;
      best = Math.max(best, place.score);
      if (field.name === 'title') titled = true;
      put(to, keyed('is', place.kind, field.name, place.score), 0.4);
      cuesBeside(field, place, to);
      wordsBeside(field, place, to);
    }
  }
  put(to, known ? keyed('best', best, titled) : keyOf('unnamed'), 0.6);
  besideOthers(fields, code, best, to);
}

function cuesBeside(field: Field, place: Place, to: Features): void {
  const cues = field.cuesIn[field.sentence[place.from]!]!;
  for (let i = 0; i < cues.length && i < MAX_SEEN; i++) {
    const cue = cues[i]!;
    const behind = cue.from >= place.to;
    const gap = behind ? cue.from - place.to : place.from - cue.to;
    if (gap <= 2) put(to, keyed('near', cue.cls, behind ? 'b' : 'a'), 0.3);
  }
}

/** Its best place against those of other countries, and how often it is named. */
function besideOthers(fields: readonly Field[], code: string, best: number, to: Features): void {
  let rival = NO_SCORE;
  let count = 0;
  for (const { places } of leading(fields))
    for (const place of places) {
      if (place.code === code) count++;
      else if (place.score > rival) rival = place.score;
    }
  const stands = rival === NO_SCORE ? 'alone' : best > rival ? 'ahead' : best === rival ? 'even' : 'behind';
  put(to, keyOf(stands), 0.6);
  put(to, keyed('named', Math.min(count, 3)), 0.3);
}

/** Whether the rules claim just that of the service: `own` are their claims of it. */
export function tripleFeatures(
  own: readonly Claim[],
  { country, action, claimed }: { country: string; action: Action; claimed: boolean },
  to: Features,
): void {
  let pair = false;
  let exact = false;
  for (const claim of own) {
    if (!claim.countries.includes(country)) continue;
    pair = true;
    if (claim.action === action) exact = true;
  }
  add(to, mix(TRIPLE, keyed('exact', exact)), 1);
  if (exact) add(to, mix(TRIPLE, keyed('exact', action)), 1);
  else if (pair) add(to, mix(TRIPLE, keyed('pair', action)), 0.7);
  else add(to, mix(TRIPLE, keyed('no pair', own.length > 0, claimed)), 0.7);
}

const NEXT = [keyOf('w-2'), keyOf('w-1'), keyOf('w+1'), keyOf('w+2')];

/** The words on both sides of a place. */
function wordsBeside({ tokens, sentence }: Field, place: Place, to: Features): void {
  const own = sentence[place.from];
  for (let i = 0; i < 4; i++) {
    const at = i < 2 ? place.from - 2 + i : place.to + i - 2;
    if (at < 0 || at >= tokens.length || sentence[at] !== own) continue;
    put(to, mix(NEXT[i]!, stemKey(tokens[at]!.w)), 0.25);
  }
}
