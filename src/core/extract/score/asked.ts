import { ACTIONS, type Action } from '../../model/incident.ts';
import type { Asked, Encoded, Stretch } from '../../ports/encoder.ts';
import type { Analysis } from '../analysis.ts';
import { type Candidates, candidatesOf, leading, namingsOf, placesOf } from './cells.ts';

/** What the encoder is asked about a text: its candidates, and where title and lead name them; null where it has none. */
export function askedOf(analysis: Analysis): Asked | null {
  const fields = leading(analysis.fields);
  const { services, countries } = candidatesOf(analysis);
  if (services.length === 0 || countries.length === 0) return null;
  return {
    title: fields.find((f) => f.name === 'title')?.text ?? '',
    summary: fields.find((f) => f.name === 'summary')?.text ?? '',
    services: services.map((id) => ({
      id,
      at: namingsOf(fields, id).flatMap(({ field, spans }) => spans.map(({ span }): Stretch => stretchOf(field, span))),
    })),
    countries: countries.map((id) => ({
      id,
      at: placesOf(fields, id).flatMap(({ field, spans }) => spans.map((span): Stretch => stretchOf(field, span))),
    })),
  };
}

const stretchOf = (
  { name, tokens }: Analysis['fields'][number],
  { from, to }: { from: number; to: number },
): Stretch => [name === 'title' ? 0 : 1, tokens[from]!.start, tokens[to - 1]!.end];

/** What it answered of one candidate. */
export const encodedOf = (
  { candidates }: Encoded,
  { services, countries }: Candidates,
  { service, country, action }: { service: string; country: string; action: Action },
): number =>
  candidates[
    (services.indexOf(service) * countries.length + countries.indexOf(country)) * ACTIONS.length +
      ACTIONS.indexOf(action)
  ]!;
