import { ACTIONS, type Action } from '../../model/incident.ts';
import type { Analysis } from '../analysis.ts';
import { besideNames } from '../beside.ts';
import type { Fact } from '../fact.ts';
import { type Cue, type Field, isAct, type Place, type Span } from '../field.ts';
import { HINT } from '../rules/scene.ts';
import type { Claim } from '../settle.ts';
import {
  add,
  addOnce,
  clear,
  type Features,
  far,
  isNew,
  keyed,
  keyOf,
  mix,
  startRound,
  stemKey,
  symbolsOf,
} from './features.ts';

/** Every (service, country) that a text could mean, and where it names them. */

const MAX_SERVICES = 16;
const MAX_COUNTRIES = 6;
/** Namings of one service or country that are looked at, cues of a whole field, cues or rejections near a naming, facts. */
const MAX_SPANS = 6;
const MAX_PLACES = 12;
const MAX_CUES = 200;
const MAX_SEEN = 40;
const MAX_FACTS = 40;

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

type Kind = 'net' | 'many' | 'one';
const kindOf = (id: string): Kind => (id === 'internet' ? 'net' : id === '' ? 'many' : 'one');

/** Where one field names a service, the network or platforms, or a country. */
interface Named<T> {
  field: Field;
  spans: T[];
}

interface Naming {
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

/** Words between a naming and something; below zero where they share some. */
const distance = (span: Span, { from, to }: Span): number => (from >= span.to ? from - span.to : span.from - to);

/** Is a fact about the service? */
const isOf = (fact: Fact, id: string): boolean =>
  id === 'internet'
    ? fact.net || fact.action === 'shutdown'
    : id === ''
      ? fact.generic || fact.carried
      : fact.mentions.some((m) => m.id === id);

/** What is said of a service, near it and elsewhere, against an action in question: it is the same question for every action. */

/** Actions that something in the text says, each with the key of where it is said; each pair once. */
interface Said {
  keys: number[];
  actions: (Action | null)[];
}

const CUE = keyOf('cue');
const YES = keyOf('yes');
const NO = keyOf('no');

function saidOf({ facts, found }: Analysis, id: string, namings: readonly Named<Naming>[]): Said {
  const said: Said = { keys: [], actions: [] };
  const put = (key: number, action: Action | null): void => {
    for (let i = 0; i < said.keys.length; i++) if (said.keys[i] === key && said.actions[i] === action) return;
    said.keys.push(key);
    said.actions.push(action);
  };
  for (const fact of facts.slice(0, MAX_FACTS)) {
    const own = isOf(fact, id);
    put(keyed(own ? 'own' : 'other', 'fact', fact.field.name), fact.action);
    if (own) put(keyed('own fact', fact.time, fact.state), fact.action);
  }
  for (const claim of found.claims) put(keyed(claim.id === id ? 'own' : 'other', 'claim', claim.rank), claim.action);
  for (const { field, spans } of namings) {
    const where = mix(CUE, keyOf(field.name));
    for (let i = 0; i < field.cues.length && i < MAX_CUES; i++) {
      const { says } = field.cues[i]!;
      if (says !== undefined) put(where, says);
    }
    for (const { span } of spans) {
      const cue = nearestAct(field, span);
      put(keyed('near', cue === null ? 'none' : 'act', field.name), cue === null ? null : cue.says!);
    }
  }
  return said;
}

function nearestAct(field: Field, span: Span): Cue | null {
  let nearest: Cue | null = null;
  let least = 99;
  const cues = field.cuesAround(span.from);
  for (const cue of cues.slice(0, MAX_SEEN)) {
    if (cue.says === undefined || !field.sameClause(cue, span)) continue;
    const gap = distance(span, cue);
    if (gap < least) {
      nearest = cue;
      least = gap;
    }
  }
  return nearest;
}

/** Does what is said agree with an action? Each place once. */
function agreementFeatures({ keys, actions }: Said, action: Action, to: Features): void {
  startRound(to);
  for (let i = 0; i < keys.length; i++) addOnce(to, mix(actions[i] === action ? YES : NO, keys[i]!), 0.4);
}

/** The words of the clause that names a service, and which follows which: they tell what happens where no phrase of the lexicon does. */

/** Words on each side, and namings that are looked at. */
const REACH = 14;
const MAX_LOOKS = 2;
const CLAUSE = keyOf('clause');
const START = keyOf('<');
/** All words of a clause together count as much as some few cues. */
const WORD = 0.5;
const PAIR = 0.35;

export function clauseWords(namings: readonly Named<Naming>[], to: Features): void {
  startRound(to);
  let looked = 0;
  for (const { field, spans } of namings)
    for (const { span } of spans) {
      if (looked++ === MAX_LOOKS) return;
      ofClause(field, span, to);
    }
}

function ofClause({ tokens, prop }: Field, span: Span, to: Features): void {
  const own = prop[span.from];
  const first = Math.max(0, span.from - REACH);
  const end = Math.min(tokens.length, span.to + REACH);
  let count = 0;
  for (let i = first; i < end; i++) if (prop[i] === own && (i < span.from || i >= span.to)) count++;
  const share = 1 / Math.sqrt(1 + count / 4);
  let before = START;
  for (let i = first; i < end; i++) {
    if (prop[i] !== own || (i >= span.from && i < span.to)) continue;
    const stem = stemKey(tokens[i]!.w);
    addOnce(to, mix(CLAUSE, stem), WORD * share);
    addOnce(to, mix(CLAUSE, mix(before, stem)), PAIR * share);
    before = stem;
  }
}

/** Evidence that it happens in a country, and that the rules claim just that. */

const COUNTRY = keyOf('c:');
const TRIPLE = keyOf('t:');
/** Below every score of a place. */
const NO_SCORE = -9;

function put(to: Features, key: number, value: number): void {
  if (isNew(to, key)) add(to, mix(COUNTRY, key), value);
}

function countryFeatures(
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
      wordsBeside(field, place, BESIDE_PLACE, (spot, stem) => put(to, mix(spot, stem), 0.25));
    }
  }
  put(to, known ? keyed('best', best, titled) : keyOf('unnamed'), 0.6);
  besideOthers(fields, code, best, to);
}

function cuesBeside(field: Field, place: Place, to: Features): void {
  const cues = field.cuesAround(place.from);
  for (const cue of cues.slice(0, MAX_SEEN)) {
    if (distance(place, cue) <= 2) put(to, keyed('near', cue.cls, cue.from >= place.to ? 'b' : 'a'), 0.3);
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
function tripleFeatures(
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

const BESIDE_PLACE = ['w-2', 'w-1', 'w+1', 'w+2'].map(keyOf);
const BESIDE_NAME = ['w-3', 'w-2', 'w-1', 'w+1', 'w+2', 'w+3'].map(keyOf);

/** The words of the sentence on both sides of a place or name, half of `spots` on each. */
function wordsBeside(
  { tokens, sentence }: Field,
  span: Span,
  spots: readonly number[],
  take: (spot: number, stem: number, before: boolean) => void,
): void {
  const half = spots.length / 2;
  for (let i = 0; i < spots.length; i++) {
    const at = i < half ? span.from - half + i : span.to + i - half;
    if (at < 0 || at >= tokens.length || sentence[at] !== sentence[span.from]) continue;
    take(spots[i]!, stemKey(tokens[at]!.w), i < half);
  }
}

/** Evidence that a service and a country belong together: where they are named, how far apart, and whether another country is nearer. */

const OF_PAIR = keyOf('p:');

interface Pair {
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
        const gap = distance(span, place);
        if (gap < least) {
          least = gap;
          behind = place.from >= span.to;
        }
      }
    }
  }
  const kind = kindOf(service);
  const gap = least === Number.POSITIVE_INFINITY ? 'none' : far(least);
  add(to, mix(TRIPLE, keyOf(near)), 0.5);
  add(to, mix(OF_PAIR, keyed('gap', gap, behind)), 0.5);
  add(to, mix(OF_PAIR, keyed('gap', gap, kind)), 0.3);
  let claimed = 0;
  for (const claim of claims) if (claim.countries.includes(country)) claimed++;
  add(to, mix(OF_PAIR, keyed('claims', Math.min(claimed, 3), kind)), 0.4);
}

const NEARER = { apart: 0, sentence: 1, prop: 2 };

const nearness = ({ prop, sentence }: Field, a: Span, b: Span): keyof typeof NEARER =>
  prop[a.from] === prop[b.from] ? 'prop' : sentence[a.from] === sentence[b.from] ? 'sentence' : 'apart';

/** Stands the country nearer to a naming than all others that may be meant? */
function againstOthers(field: Field, span: Span, country: string, to: Features): void {
  let here = 0;
  let rival = 0;
  for (const place of field.places.slice(0, MAX_SEEN)) {
    const how = NEARER[nearness(field, span, place)];
    if (place.code === country) here = Math.max(here, how);
    else if (place.score >= 0) rival = Math.max(rival, how);
  }
  const stands = here > rival ? 'nearer' : here < rival ? 'farther' : 'even';
  addOnce(to, mix(OF_PAIR, keyed(stands, here, field.name)), 0.5);
}

/** Evidence about one service: what the rules claim of it, where it stands and beside what. It counts by itself and together with each action. */

const NEAR = 6;
/** Different features of one service. */
const MAX_FEATURES = 400;

const ID = keyOf('id');
const WITH = keyOf('with');
const BEHIND = keyOf('behind');
const BEFORE = keyOf('before');
const FLAGS = ['down', 'weak', 'part', 'carried', 'threat', 'still', 'gradual', 'unknown'] as const;

function putService(to: Features, key: number, value: number): void {
  if (to.distinct <= MAX_FEATURES && isNew(to, key)) add(to, key, value);
}

function serviceEvidence(
  analysis: Analysis,
  { id, namings, all }: { id: string; namings: readonly Named<Naming>[]; all: Candidates },
  to: Features,
): void {
  startRound(to);
  const kind = kindOf(id);
  putService(to, keyed('k:', kind), 0.6);
  putService(to, mix(ID, keyOf(id)), 0.3);
  putService(to, keyed('n:', kind, Math.min(all.services.length, 4)), 0.4);
  ofClaims(analysis, id, kind, to);
  const { facts } = analysis;
  for (const fact of facts.slice(0, MAX_FACTS)) {
    if (!isOf(fact, id)) continue;
    putService(to, keyed('fact', fact.action, fact.state, fact.field.name), 0.4);
    putService(to, keyed('fact', fact.action, fact.state, fact.time), 0.3);
  }
  let named = false;
  let looked = 0;
  for (const { field, spans } of namings) {
    for (const { span, role } of spans) {
      if (!named) {
        const first = field.name === 'title' ? 'title' : field.sentence[span.from] === 0 ? 'lead' : 'text';
        putService(to, keyed('first', first, kind), 0.6);
        named = true;
      }
      putService(to, keyed('role', role), 0.6);
      putService(to, keyed('role', role, field.name), 0.4);
      if (looked++ < MAX_LOOKS) {
        around(field, span, to);
        wordsBeside(field, span, BESIDE_NAME, (spot, stem, before) => {
          putService(to, mix(spot, stem), 0.25);
          putService(to, mix(before ? BEFORE : BEHIND, stem), 0.25);
        });
      }
      if (kind === 'one') inList(field, span, analysis.found.claims, id, to);
      besideRejected(analysis, field, span, to);
    }
  }
  if (!named) putService(to, keyed('unnamed', kind), 0.6);
}

function ofClaims({ found: { claims } }: Analysis, id: string, kind: Kind, to: Features): void {
  let own = false;
  for (const { id: of, action, rank, fact } of claims) {
    if (of !== id) continue;
    own = true;
    putService(to, keyed('claim', action), 1);
    putService(to, keyed('claim', kind, action, rank), 0.5);
    putService(to, keyed('claim', action, fact.state, fact.act.cls), 0.4);
    for (const rule of fact.rules) putService(to, keyed('by', rule), 0.3);
    for (const flag of FLAGS) if (fact[flag]) putService(to, keyed('flag', flag), 0.3);
  }
  if (!own) putService(to, keyed('no claim', kind, claims.length > 0), 1);
  for (const claim of claims) if (claim.id !== id) putService(to, keyed('other', claim.action, own), 0.4);
}

function besideRejected({ rejected }: Analysis, field: Field, span: Span, to: Features): void {
  const prop = field.prop[span.from];
  for (const r of rejected.slice(0, MAX_SEEN)) {
    if (r.field === field && field.prop[r.from] === prop) putService(to, keyed('no', r.why), 0.4);
  }
}

/** Names beside it in a list: what is claimed of one is mostly true of all. */
function inList(field: Field, span: Span, claims: readonly Claim[], id: string, to: Features): void {
  for (const m of field.mentionsIn[field.sentence[span.from]!]!) {
    if (m.id === id || !besideNames(field, m, span)) continue;
    putService(to, keyed('beside', m.role ?? 'target'), 0.4);
    putService(to, keyOf(claims.some((c) => c.id === m.id) ? 'beside claimed' : 'beside unclaimed'), 0.5);
    for (const claim of claims) if (claim.id === m.id) putService(to, keyed('beside', claim.action), 0.5);
  }
}

/** The cues of the proposition that a name stands in: which, on which side, how near. */
function around(field: Field, span: Span, to: Features): void {
  const prop = field.prop[span.from];
  const cues = field.cuesAround(span.from);
  let nearest: Cue | null = null;
  let least = 0;
  for (const cue of cues.slice(0, MAX_SEEN)) {
    if (field.prop[cue.from] !== prop) continue;
    const gap = distance(span, cue);
    if (isAct(cue) && (nearest === null || gap < least)) {
      nearest = cue;
      least = gap;
    }
    const cls = cue.key;
    putService(to, mix(WITH, cls), 0.25);
    if (gap <= NEAR) putService(to, mix(cue.from >= span.to ? BEHIND : BEFORE, mix(cls, keyOf(far(gap)))), 0.3);
  }
  if (nearest !== null)
    putService(to, keyed('act', nearest.cls, nearest.from >= span.to ? 'behind' : 'before', far(least)), 0.5);
}

/** Evidence of the whole text about what happened; it counts together with each action. */

const MAX_WORDS = 40;
const ANY = keyOf('any');

function textEvidence({ fields, found, noise }: Analysis, to: Features): void {
  startRound(to);
  addOnce(to, keyOf('bias'), 1);
  for (const { action } of found.claims) addOnce(to, keyed('claims', action), 0.5);
  if (found.claims.length === 0) addOnce(to, keyOf('claims none'), 0.5);
  if (noise.suspected) addOnce(to, keyOf('suspected'), 0.3);
  for (const field of leading(fields)) {
    const { cues, tokens } = field;
    const where = keyOf(field.name);
    for (let i = 0; i < cues.length && i < MAX_CUES; i++) {
      const cls = cues[i]!.key;
      addOnce(to, mix(where, cls), 0.4);
      addOnce(to, mix(ANY, cls), 0.2);
    }
    const share = 0.3 / Math.sqrt(1 + tokens.length / 8);
    if (field.name === 'title') {
      const symbols = symbolsOf(field, MAX_SEEN);
      for (let n = 1; n < symbols.length; n++) addOnce(to, mix(symbols[n - 1]!, symbols[n]!), 0.25);
    }
    for (let i = 0; i < tokens.length && i < MAX_WORDS; i++) addOnce(to, mix(where, stemKey(tokens[i]!.w)), share);
  }
}

/** Every candidate (service, country, action) with its features, part by part. */

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
