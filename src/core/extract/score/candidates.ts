/** Every (service, country, action) that a text could mean, and the evidence for each. */
import type { Action } from '../../model/action.ts';
import { besideNames } from '../about.ts';
import type { Analysis } from '../analysis.ts';
import type { Fact } from '../fact.ts';
import type { Cue, Field, Place, Span } from '../read.ts';
import { isAct } from '../scope.ts';
import type { Claim } from '../settle.ts';
import { add, asKey, createFeatures, type Features, hash, keyed, keyOf, mix, stemKey, together } from './features.ts';
import { symbolsOf } from './text-features.ts';

const MAX_SERVICES = 16;
const MAX_COUNTRIES = 6;
const MAX_SEEN = 40;
const NEAR = 6;
/** Namings of one service or country that are looked at, cues of a whole field, facts. */
const MAX_SPANS = 6;
const MAX_PLACES = 12;
const MAX_CUES = 200;
const MAX_WORDS = 40;
/** Namings whose clause is looked at cue by cue. */
const MAX_LOOKS = 2;
const MAX_FACTS = 40;

export interface Candidates {
  /** Service ids, `internet`, and '' for platforms that nobody names. */
  services: string[];
  countries: string[];
}

const told = (fields: Field[]): Field[] => fields.filter((f) => f.name !== 'body');

export function candidatesOf({ fields, found, home }: Analysis): Candidates {
  const services = new Set<string>(found.claims.filter((c) => c.rank < 2).map((c) => c.id));
  const countries = new Set<string>(found.claims.filter((c) => c.rank < 2).flatMap((c) => c.countries));
  for (const field of told(fields)) {
    for (const m of field.mentions) services.add(m.id);
    for (const p of field.places) countries.add(p.code);
    for (const { cls } of field.cues) {
      if (cls === 'net' || cls === 'shutdown') services.add('internet');
      if (cls === 'social') services.add('');
    }
  }
  if (countries.size === 0 && home !== null) countries.add(home);
  return { services: [...services].slice(0, MAX_SERVICES), countries: [...countries].slice(0, MAX_COUNTRIES) };
}

/** Evidence of the whole text about what happened; `withAction` multiplies it with each action. */
export function textEvidence({ fields, found, noise }: Analysis): Features {
  const out = createFeatures();
  const seen = new Set<number>();
  const put = (key: number, value: number): void => {
    if (seen.has(key)) return;
    seen.add(key);
    add(out, key, value);
  };
  put(keyOf('bias'), 1);
  const actions = new Set(found.claims.map((c) => c.action));
  for (const other of actions) put(keyed('told', other), 0.5);
  if (actions.size === 0) put(keyOf('told none'), 0.5);
  if (noise.suspected) put(keyOf('suspected'), 0.3);
  for (const field of told(fields)) {
    const where = keyOf(field.name);
    for (const cue of field.cues.slice(0, MAX_CUES)) {
      const cls = keyOf(cue.cls);
      put(mix(where, cls), 0.4);
      put(mix(ANY, cls), 0.2);
    }
    const share = 0.3 / Math.sqrt(1 + field.tokens.length / 8);
    if (field.name === 'title') {
      const symbols = symbolsOf(field, MAX_SEEN);
      for (let n = 1; n < symbols.length; n++) put(mix(symbols[n - 1]!, symbols[n]!), 0.25);
    }
    for (const { w } of field.tokens.slice(0, MAX_WORDS)) put(mix(where, stemKey(w)), share);
  }
  return out;
}

const placesOf = (field: Field, code: string): Place[] =>
  field.places.filter((p) => p.code === code).slice(0, MAX_PLACES);

/** Where a service is named, or the network, or platforms. */
function spansOf(field: Field, id: string): { span: Span; role: string }[] {
  if (id === 'internet')
    return field.cues.filter((c) => c.cls === 'net' || c.cls === 'shutdown').map((span) => ({ span, role: span.cls }));
  if (id === '') return field.cues.filter((c) => c.cls === 'social').map((span) => ({ span, role: 'social' }));
  return field.mentions.filter((m) => m.id === id).map((span) => ({ span, role: span.role ?? 'target' }));
}

const far = (gap: number): string => (gap <= 0 ? '0' : gap <= 1 ? '1' : gap <= 3 ? '3' : gap <= 6 ? '6' : 'far');

const isOf = (fact: Fact, id: string): boolean =>
  id === 'internet'
    ? fact.net || fact.action === 'shutdown'
    : id === ''
      ? fact.generic || fact.carried
      : fact.mentions.some((m) => m.id === id);

/** Evidence about one service, by itself and with each action: keys that `serviceFeatures` multiplies with the action. */
export function serviceEvidence({ fields, facts, rejected, found }: Analysis, id: string, all: Candidates): Features {
  const out = createFeatures();
  const seen = new Set<number>();
  const put = (name: string | number, value: number): void => {
    const key = asKey(name);
    if (seen.has(key) || seen.size > 400) return;
    seen.add(key);
    add(out, key, value);
  };
  const kind = id === 'internet' ? 'net' : id === '' ? 'many' : 'one';
  put(keyed('k:', kind), 0.6);
  put(mix(keyOf('id'), hash(id)), 0.3);
  put(keyed('n:', kind, Math.min(all.services.length, 4)), 0.4);
  const own = found.claims.filter((c) => c.id === id);
  for (const claim of own) {
    put(keyed('claim', claim.action), 1);
    put(keyed('claim', kind, claim.action, claim.rank), 0.5);
    put(keyed('claim', claim.action, claim.fact.state, claim.fact.act.cls), 0.4);
    for (const rule of claim.fact.rules) put(keyed('by', rule), 0.3);
    for (const flag of ['down', 'weak', 'part', 'carried', 'threat', 'still', 'gradual', 'unknown'] as const)
      if (claim.fact[flag]) put(keyed('flag', flag), 0.3);
  }
  if (own.length === 0) put(keyed('no claim', kind, found.claims.length > 0), 1);
  for (const claim of found.claims) if (claim.id !== id) put(keyed('other', claim.action, own.length > 0), 0.4);
  for (const fact of facts.slice(0, MAX_FACTS)) {
    if (!isOf(fact, id)) continue;
    put(keyed('fact', fact.action, fact.state, fact.field.name), 0.4);
    put(keyed('fact', fact.action, fact.state, fact.time), 0.3);
  }
  let first = 'none';
  let looked = 0;
  for (const field of told(fields)) {
    for (const { span, role } of spansOf(field, id).slice(0, MAX_SPANS)) {
      if (first === 'none') {
        first = field.name === 'title' ? 'title' : field.sentence[span.from] === 0 ? 'lead' : 'text';
        put(keyed('first', first, kind), 0.6);
      }
      put(keyed('role', role), 0.6);
      put(keyed('role', role, field.name), 0.4);
      if (looked++ < MAX_LOOKS) around(field, span, put);
      if (kind === 'one') inList(field, span, found.claims, id, put);
      for (const r of rejected.slice(0, MAX_SEEN))
        if (r.field === field && field.prop[r.from] === field.prop[span.from]) put(keyed('no', r.why), 0.4);
    }
  }
  if (first === 'none') put(keyed('unnamed', kind), 0.6);
  return out;
}

/** Names beside it in a list: what is claimed of one is mostly true of all. */
function inList(
  field: Field,
  span: Span,
  claims: Claim[],
  id: string,
  put: (name: string | number, value: number) => void,
): void {
  for (const m of field.mentionsIn[field.sentence[span.from]!]!) {
    if (m.id === id || !besideNames(field, m, span)) continue;
    const own = claims.filter((c) => c.id === m.id);
    put(keyed('beside', m.role ?? 'target'), 0.4);
    put(own.length > 0 ? 'beside claimed' : 'beside unclaimed', 0.5);
    for (const claim of own) put(keyed('beside', claim.action), 0.5);
  }
}

const WITH = keyOf('with');
const BEHIND = keyOf('behind');
const BEFORE = keyOf('before');

/** The cues of the proposition that a name stands in: which, on which side, how near. */
function around(field: Field, span: Span, put: (name: string | number, value: number) => void): void {
  const prop = field.prop[span.from];
  const cues = field.cuesIn[field.sentence[span.from]!]!;
  let nearest: { cue: Cue; gap: number } | null = null;
  for (const cue of cues.slice(0, MAX_SEEN)) {
    if (field.prop[cue.from] !== prop) continue;
    const gap = cue.from >= span.to ? cue.from - span.to : span.from - cue.to;
    if (isAct(cue) && (nearest === null || gap < nearest.gap)) nearest = { cue, gap };
    const cls = keyOf(cue.cls);
    put(mix(WITH, cls), 0.25);
    if (gap <= NEAR) put(mix(cue.from >= span.to ? BEHIND : BEFORE, mix(cls, keyOf(far(gap)))), 0.3);
  }
  if (nearest !== null)
    put(keyed('act', nearest.cue.cls, nearest.cue.from >= span.to ? 'behind' : 'before', far(nearest.gap)), 0.5);
}

/** The evidence of a text (`a`) or of a service (`s`) for one action. */
export const withAction = (evidence: Features, action: Action, of: 'a' | 's'): Features =>
  together(evidence, keyed(of, action));

/** The evidence of a service, whatever the action. */
export const withoutAction = (evidence: Features): Features => together(evidence, ALONE);

const ALONE = keyOf('s');
const COUNTRY = keyOf('c:');
const TRIPLE = keyOf('t:');
const ANY = keyOf('any');

/** Evidence that it happens in a country. */
export function countryFeatures({ fields, found, home }: Analysis, code: string, all: Candidates, to: Features): void {
  const seen = new Set<number>();
  const put = (name: string | number, value: number): void => {
    const key = asKey(name);
    if (seen.has(key)) return;
    seen.add(key);
    add(to, mix(COUNTRY, key), value);
  };
  put(keyed('n', Math.min(all.countries.length, 4)), 0.5);
  const claimed = found.claims.some((c) => c.countries.includes(code));
  put(keyed('claimed', claimed, found.claims.length > 0), 1);
  put(keyed('claimed', claimed, 'of', Math.min(all.countries.length, 4)), 0.5);
  if (code === home) put('home', 0.5);
  let best = -9;
  let titled = false;
  let known = false;
  for (const field of told(fields)) {
    for (const place of placesOf(field, code)) {
      known = true;
      best = Math.max(best, place.score);
      if (field.name === 'title') titled = true;
      put(keyed('is', place.kind, field.name, place.score), 0.4);
      for (const cue of field.cuesIn[field.sentence[place.from]!]!.slice(0, MAX_SEEN)) {
        const gap = cue.from >= place.to ? cue.from - place.to : place.from - cue.to;
        if (gap <= 2) put(keyed('near', cue.cls, cue.from >= place.to ? 'b' : 'a'), 0.3);
      }
    }
  }
  put(known ? keyed('best', best, titled) : 'unnamed', 0.6);
  const rival = Math.max(
    -9,
    ...told(fields).flatMap((f) => f.places.filter((p) => p.code !== code).map((p) => p.score)),
  );
  put(rival === -9 ? 'alone' : best > rival ? 'ahead' : best === rival ? 'even' : 'behind', 0.6);
  const count = told(fields).reduce((n, f) => n + f.places.filter((p) => p.code === code).length, 0);
  put(keyed('named', Math.min(count, 3)), 0.3);
}

/** Evidence that binds the three: whether the rules claim just that. */
export function tripleFeatures(
  { found }: Analysis,
  { service, country, action }: { service: string; country: string; action: Action },
  to: Features,
): void {
  const put = (name: string | number, value: number): void => add(to, mix(TRIPLE, asKey(name)), value);
  const pair = (c: Claim): boolean => c.id === service && c.countries.includes(country);
  const exact = found.claims.some((c) => pair(c) && c.action === action);
  put(keyed('exact', exact), 1);
  if (exact) put(keyed('exact', action), 1);
  else if (found.claims.some(pair)) put(keyed('pair', action), 0.7);
  else
    put(
      keyed(
        'no pair',
        found.claims.some((c) => c.id === service),
        found.claims.some((c) => c.countries.includes(country)),
      ),
      0.7,
    );
}

/** Whether a service and a country are named in one clause, in one sentence, or apart. */
export function nearnessFeatures({ fields }: Analysis, service: string, country: string, to: Features): void {
  let near = 'apart';
  for (const field of told(fields)) {
    const spans = spansOf(field, service).slice(0, MAX_SPANS);
    for (const place of placesOf(field, country)) {
      for (const { span } of spans) {
        if (field.prop[span.from] === field.prop[place.from]) near = 'prop';
        else if (near !== 'prop' && field.sentence[span.from] === field.sentence[place.from]) near = 'sentence';
      }
    }
  }
  add(to, mix(TRIPLE, keyOf(near)), 0.5);
}

/** What an act of each class says by itself. */
const PLAIN_ACTION: Record<string, Action> = {
  block: 'block',
  cut: 'block',
  down: 'block',
  fail: 'block',
  delist: 'block',
  ban: 'block',
  restrict: 'restrict',
  leave: 'restrict',
  throttle: 'throttle',
  shutdown: 'shutdown',
  unblock: 'unblock',
  lift: 'unblock',
  legal: 'warn',
};

/** Actions that something in the text says, each with the key of where it is said. */
export interface Said {
  keys: number[];
  actions: (Action | null)[];
}

/** What is told of the service, near it and elsewhere: whether it is the action in question, which is the same question for every action. */
export function saidOf({ fields, facts, found }: Analysis, service: string): Said {
  const said: Said = { keys: [], actions: [] };
  const put = (name: number, action: Action | null): void => {
    said.keys.push(name);
    said.actions.push(action);
  };
  for (const fact of facts.slice(0, MAX_FACTS)) {
    const own = isOf(fact, service);
    put(keyed(own ? 'own' : 'other', 'fact', fact.field.name), fact.action);
    if (own) put(keyed('own fact', fact.time, fact.state), fact.action);
  }
  for (const claim of found.claims)
    put(keyed(claim.id === service ? 'own' : 'other', 'claim', claim.rank), claim.action);
  for (const field of told(fields)) {
    for (const cue of field.cues.slice(0, MAX_CUES)) {
      const plain = PLAIN_ACTION[cue.cls];
      if (plain !== undefined) put(keyed('cue', field.name), plain);
    }
    for (const { span } of spansOf(field, service).slice(0, MAX_SPANS)) {
      const cue = nearestAct(field, span);
      put(keyed('near', cue === null ? 'none' : 'act', field.name), cue === null ? null : PLAIN_ACTION[cue.cls]!);
    }
  }
  return said;
}

function nearestAct(field: Field, span: Span): Cue | null {
  let nearest: Cue | null = null;
  let least = 99;
  for (const cue of field.cuesIn[field.sentence[span.from]!]!.slice(0, MAX_SEEN)) {
    if (PLAIN_ACTION[cue.cls] === undefined || field.prop[cue.from] !== field.prop[span.from]) continue;
    const gap = cue.from >= span.to ? cue.from - span.to : span.from - cue.to;
    if (gap < least) {
      nearest = cue;
      least = gap;
    }
  }
  return nearest;
}

const YES = keyOf('yes');
const NO = keyOf('no');

/** Does what is said agree with an action? Each place once. */
export function agreementFeatures({ keys, actions }: Said, action: Action, to: Features): void {
  const seen = new Set<number>();
  for (let i = 0; i < keys.length; i++) {
    const key = mix(actions[i] === action ? YES : NO, keys[i]!);
    if (seen.has(key)) continue;
    seen.add(key);
    add(to, key, 0.4);
  }
}
