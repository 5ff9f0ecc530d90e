import type { Method } from '../model/action.ts';
import type { Fact } from './fact.ts';
import { type Cue, cuesAround, type Field } from './read.ts';
import { SURE } from './scene-scores.ts';

/** What tells how access is cut; of several the first. */
const METHODS: readonly (readonly [string, Method])[] = [
  ['dns', 'dns'],
  ['appstore', 'app-store'],
  ['sni', 'sni'],
  ['ip', 'ip'],
  ['bgp', 'bgp'],
  ['http', 'http'],
];
const RANKS: ReadonlyMap<string, number> = new Map(METHODS.map(([cls], rank) => [cls, rank]));

/** The lowest rank that the cues have, and that is lower than `least`. */
function ranked(cues: readonly Cue[], least: number): number {
  let lowest = least;
  for (const { cls } of cues) lowest = Math.min(lowest, RANKS.get(cls) ?? lowest);
  return lowest;
}

/** How access is cut, where the act's own sentence tells, or the text as a whole. */
export function methodOf(fact: Fact, fields: Field[]): Method | null {
  if (fact.action === 'unblock') return null;
  if (fact.action === 'throttle') return 'throttle';
  if (fact.action === 'warn') return fact.act.cls === 'legal' ? 'legal' : null;
  const own = ranked(cuesAround(fact.field, fact.act.from), METHODS.length);
  if (own < METHODS.length) return METHODS[own]![1];
  let rank = METHODS.length;
  for (const field of fields) if (field.name !== 'body') rank = ranked(field.cues, rank);
  return METHODS[rank]?.[1] ?? null;
}

/** A part of the country, as the text names it, for networks and limits that are not nation-wide. */
export function regionOf(fact: Fact, fields: Field[]): string | null {
  if (fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'nationwide'))) return null;
  const own = fact.field.places.filter(
    (p) => p.kind === 'city' && p.score >= SURE && fact.field.prop[p.from] === fact.field.prop[fact.act.from],
  );
  const any =
    own.length > 0 || fact.action !== 'shutdown'
      ? own
      : fields
          .filter((f) => f.name !== 'body')
          .flatMap((f) => f.places.filter((p) => p.kind === 'city' && p.score > 0));
  const place = any[0];
  if (place === undefined) return null;
  const field = fields.find((f) => f.places.includes(place)) ?? fact.field;
  return field.text.slice(field.tokens[place.from]!.start, field.tokens[place.to - 1]!.end);
}
