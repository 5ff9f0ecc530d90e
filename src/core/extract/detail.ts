import type { Method } from '../model/action.ts';
import type { Fact } from './fact.ts';
import type { Field } from './read.ts';
import { SURE } from './scene-scores.ts';

const METHOD_CLASSES: [string, Method][] = [
  ['dns', 'dns'],
  ['appstore', 'app-store'],
  ['sni', 'sni'],
  ['ip', 'ip'],
  ['bgp', 'bgp'],
  ['http', 'http'],
];

/** How access is cut, where the act's own sentence tells, or the text as a whole. */
export function methodOf(fact: Fact, fields: Field[]): Method | null {
  if (fact.action === 'unblock') return null;
  if (fact.action === 'throttle') return 'throttle';
  if (fact.action === 'warn') return fact.act.cls === 'legal' ? 'legal' : null;
  const sentence = fact.field.sentence[fact.act.from];
  for (const [cls, method] of METHOD_CLASSES) {
    if (fact.field.cues.some((c) => c.cls === cls && fact.field.sentence[c.from] === sentence)) return method;
  }
  for (const [cls, method] of METHOD_CLASSES) {
    if (fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === cls))) return method;
  }
  return null;
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
