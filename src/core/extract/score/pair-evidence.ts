/** Evidence that a service and a country belong together: where they are named, how far apart, and whether another country is nearer. */
import type { Field, Place, Span } from '../read.ts';
import type { Claim } from '../settle.ts';
import { kindOf, MAX_SEEN, type Named, type Naming } from './candidates.ts';
import { add, addOnce, type Features, far, keyed, keyOf, mix, startRound } from './features.ts';

const TRIPLE = keyOf('t:');
const PAIR = keyOf('p:');

export interface Pair {
  service: string;
  country: string;
  namings: readonly Named<Naming>[];
  places: readonly Named<Place>[];
  claims: readonly Claim[];
}

export function pairEvidence(pair: Pair, to: Features): void {
  const { service, country, namings, places, claims } = pair;
  startRound(to);
  let near: keyof typeof NEARER = 'apart';
  let least = Number.POSITIVE_INFINITY;
  let behind = false;
  for (let n = 0; n < namings.length; n++) {
    const { field, spans } = namings[n]!;
    for (const { span } of spans) {
      againstOthers(field, span, country, to);
      for (const place of places[n]!.spans) {
        const how = nearness(field, span, place);
        if (NEARER[how] > NEARER[near]) near = how;
        if (how === 'apart') continue;
        const after = place.from >= span.to;
        const gap = after ? place.from - span.to : span.from - place.to;
        if (gap < least) {
          least = gap;
          behind = after;
        }
      }
    }
  }
  const kind = kindOf(service);
  const gap = least === Number.POSITIVE_INFINITY ? 'none' : far(least);
  add(to, mix(TRIPLE, keyOf(near)), 0.5);
  add(to, mix(PAIR, keyed('gap', gap, behind)), 0.5);
  add(to, mix(PAIR, keyed('gap', gap, kind)), 0.3);
  let claimed = 0;
  for (const claim of claims) if (claim.countries.includes(country)) claimed++;
  add(to, mix(PAIR, keyed('claims', Math.min(claimed, 3), kind)), 0.4);
}

const NEARER = { apart: 0, sentence: 1, prop: 2 };

const nearness = ({ prop, sentence }: Field, a: Span, b: Span): keyof typeof NEARER =>
  prop[a.from] === prop[b.from] ? 'prop' : sentence[a.from] === sentence[b.from] ? 'sentence' : 'apart';

/** Stands the country nearer to a naming than all others that may be meant? */
function againstOthers(field: Field, span: Span, country: string, to: Features): void {
  let here = 0;
  let rival = 0;
  for (let i = 0; i < field.places.length && i < MAX_SEEN; i++) {
    const place = field.places[i]!;
    const how = NEARER[nearness(field, span, place)];
    if (place.code === country) here = Math.max(here, how);
    else if (place.score >= 0) rival = Math.max(rival, how);
  }
  const stands = here > rival ? 'nearer' : here < rival ? 'farther' : 'even';
  addOnce(to, mix(PAIR, keyed(stands, here, field.name)), 0.5);
}
