/** Every (service, country) that a text could mean, and where it names them. */
import type { Analysis } from '../analysis.ts';
import type { Fact } from '../fact.ts';
import type { Field, Place, Span } from '../read.ts';
import { HINT } from '../scene-scores.ts';

const MAX_SERVICES = 16;
const MAX_COUNTRIES = 6;
/** Namings of one service or country that are looked at, cues of a whole field, cues or rejections near a naming, facts. */
const MAX_SPANS = 6;
const MAX_PLACES = 12;
export const MAX_CUES = 200;
export const MAX_SEEN = 40;
export const MAX_FACTS = 40;

export interface Candidates {
  /** Service ids, `internet`, and '' for platforms that nobody names. */
  services: string[];
  countries: string[];
}

/** Title and lead: the models have not seen articles. */
export const leading = (fields: readonly Field[]): Field[] => fields.filter((f) => f.name !== 'body');

export function candidatesOf({ fields, found, home }: Analysis): Candidates {
  const services = new Set<string>();
  const countries = new Set<string>();
  for (const { rank, id, countries: own } of found.claims) {
    if (rank >= 2) continue;
    services.add(id);
    for (const code of own) countries.add(code);
  }
  for (const field of leading(fields)) {
    for (const m of field.mentions) services.add(m.id);
    for (const p of field.places) countries.add(p.code);
    for (const { cls } of field.cues) {
      if (cls === 'net' || cls === 'shutdown') services.add('internet');
      if (cls === 'social') services.add('');
    }
  }
  if (home !== null && !leading(fields).some(namesScene)) countries.add(home);
  return { services: [...services].slice(0, MAX_SERVICES), countries: [...countries].slice(0, MAX_COUNTRIES) };
}

/** A place that may be the scene: an adjective that says whose a thing is and the Union of many countries leave room for the one that goes without saying. */
const namesScene = ({ places }: Field): boolean => places.some((p) => p.score > HINT && p.code !== 'EU');

export type Kind = 'net' | 'many' | 'one';
export const kindOf = (id: string): Kind => (id === 'internet' ? 'net' : id === '' ? 'many' : 'one');

/** Where one field names a service, the network or platforms, or a country. */
export interface Named<T> {
  field: Field;
  spans: T[];
}

export interface Naming {
  span: Span;
  role: string;
}

/** The first namings of a service in each leading field. */
export const namingsOf = (fields: readonly Field[], id: string): Named<Naming>[] =>
  fields.map((field) => ({ field, spans: spansOf(field, id) }));

function spansOf(field: Field, id: string): Naming[] {
  const out: Naming[] = [];
  if (id === 'internet' || id === '') {
    for (const cue of field.cues) {
      if (id === '' ? cue.cls !== 'social' : cue.cls !== 'net' && cue.cls !== 'shutdown') continue;
      if (out.push({ span: cue, role: cue.cls }) === MAX_SPANS) break;
    }
    return out;
  }
  for (const m of field.mentions)
    if (m.id === id && out.push({ span: m, role: m.role ?? 'target' }) === MAX_SPANS) break;
  return out;
}

/** The first namings of a country in each leading field. */
export const placesOf = (fields: readonly Field[], code: string): Named<Place>[] =>
  fields.map((field) => ({ field, spans: field.places.filter((p) => p.code === code).slice(0, MAX_PLACES) }));

/** Is a fact about the service? */
export const isOf = (fact: Fact, id: string): boolean =>
  id === 'internet'
    ? fact.net || fact.action === 'shutdown'
    : id === ''
      ? fact.generic || fact.carried
      : fact.mentions.some((m) => m.id === id);
