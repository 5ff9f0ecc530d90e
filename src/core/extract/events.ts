import type { Action, Method } from '../model/incident.ts';
import { type Explanation, type ExtractedEvent, MAX_EVENTS } from '../model/item.ts';
import { besideNames } from './beside.ts';
import type { Fact, Ground, Reason, Rejected } from './fact.ts';
import type { Cue, Field, Place } from './field.ts';
import { countriesOf } from './names.ts';
import { enumerations, type Objects, objectsOfAll } from './objects.ts';
import { CLASSES, type CueClass, classSet } from './rules/classes.ts';
import type { Noise } from './rules/noise.ts';
import { HEADING, HINT, PLAIN, SURE, WEAK } from './rules/scene.ts';
import { type Fallen, isElsewhere as isOther, unusable } from './rules/unusable.ts';
import { isHistory } from './rules/when.ts';
import { type Claim, settle } from './settle.ts';

/** What tells how access is cut; of several the first. */
const METHODS = [...classSet('methods')];
const methodIn = (cues: readonly Cue[]): CueClass | undefined =>
  METHODS.find((cls) => cues.some((cue) => cue.cls === cls));

/** How access is cut, where the act's own sentence tells, or the text as a whole. */
function methodOf(fact: Fact, fields: Field[]): Method | null {
  if (fact.action === 'unblock') return null;
  if (fact.action === 'throttle') return 'throttle';
  if (fact.action === 'warn') return fact.act.cls === 'legal' ? 'legal' : null;
  const cls =
    methodIn(fact.field.cuesAround(fact.act.from)) ??
    methodIn(fields.flatMap(({ name, cues }) => (name === 'body' ? [] : cues)));
  return cls === undefined ? null : CLASSES[cls].method!;
}

/** A part of the country, as the text names it, for networks and limits that are not nation-wide. */
function regionOf(fact: Fact, fields: Field[]): string | null {
  if (fields.some((f) => f.name !== 'body' && f.hasWord('nationwide'))) return null;
  const own = fact.field.places.filter(
    (p) => p.kind === 'city' && p.score >= SURE && fact.field.sameClause(p, fact.act),
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
  return field.textOf(place);
}

/** How and where in the country, as far as the text tells. */
export function mannerOf(fact: Fact, fields: Field[]): Pick<ExtractedEvent, 'method' | 'region'> {
  const method = methodOf(fact, fields);
  const region = regionOf(fact, fields);
  return { ...(method === null ? {} : { method }), ...(region === null ? {} : { region }) };
}

/** Where an event takes place: the countries of its clause, its sentence, the title, the text. */

/** "UK threatens to block X", says the title; "two others blocked Y", a later sentence: not this news. */
function isElsewhere({ rank, countries, fact }: Claim, claims: Claim[], title: Field): boolean {
  const { field, act } = fact;
  if (rank !== 1 || countries.length === 0 || field.sentence[act.from] === 0) return false;
  if (field.sentenceHas(act.from, 'also')) return false;
  const titled = claims.filter((c) => c.rank === 0 && c.fact.state !== 'held' && c.countries.length > 0);
  return (
    titled.length > 0 &&
    !countries.some(
      (code) => titled.some((c) => c.countries.includes(code)) || title.places.some((p) => p.code === code),
    )
  );
}

/** Where it happens: named beside the act, in its sentence, in the title, somewhere in the text; at last what the language means by "the country". */
function countriesFor(fact: Fact, fields: Field[], home: string | null): string[] {
  const { field, act } = fact;
  const here = (places: Place[]): Place[] => places.filter((p) => field.sameSentence(p, act));
  const near = here(field.places);
  // "Russia blocks 81 sites in response to the EU": what the reason names is no scene beside one that stands before it.
  const reason = field.cuesAround(act.from).find((c) => c.cls === 'after' && c.from >= act.to);
  const named = reason === undefined ? near : near.filter((p) => p.from < reason.from);
  const sentence = named.some((p) => p.score >= PLAIN) ? named : near;
  const prop = sentence.filter((p) => field.sameClause(p, act));
  const title = fields[0]!.places;
  // From near to far; what is far is looked for only when nothing near was named.
  const ways: (() => string[])[] = [
    () => (field.name === 'title' ? countriesOf(sentence, HEADING) : []),
    () => countriesOf(prop, PLAIN),
    () => countriesOf(sentence, PLAIN),
    () => (title.length === 0 ? [] : countriesOf(precedingPlaces(fact, title), SURE)),
    () => countriesOf(title, PLAIN),
    () => countriesOf(prop, HINT),
    () => countriesOf(sentence, HINT),
    () => countriesOf(title, HINT),
    () => countriesOf(before(fact), HINT),
    () => countriesOf(ruled(everything(fact, fields)), HINT),
    () => countriesOf(everything(fact, fields), WEAK),
  ];
  for (const way of ways) {
    const found = way();
    if (found.length > 0) return field.name === 'title' ? found : asTitled(found, fact, title);
  }
  return home === null ? [] : [home];
}

/** Of several countries named in the text, without being a list, the title tells which one is the scene. */
function asTitled(found: string[], { field, act }: Fact, title: Place[]): string[] {
  const scene = found.filter((code) => title.some((p) => p.code === code && p.score >= HINT));
  if (scene.length === 0 || scene.length === found.length) return found;
  const places = field.places.filter((p) => field.sameSentence(p, act));
  const listed = places.some(
    (p, i) => i > 0 && places[i - 1]!.code !== p.code && besideNames(field, places[i - 1]!, p),
  );
  return listed ? found : scene;
}

const everything = ({ field }: Fact, fields: Field[]): Place[] =>
  fields
    .filter((f) => f.name !== 'body' || field.name === 'body')
    .flatMap((f) => f.places.filter((p) => !isHistory(f, p.from)));

/** Somewhere in the text: who rules there says more than what is named in passing ("in China it is banned, too"). */
const ruled = (places: Place[]): Place[] => {
  const rulers = places.filter((p) => p.kind === 'authority' && p.score >= SURE);
  return rulers.length > 0 ? rulers : places;
};

/** The sentence before, where it picks one of the title's countries: "Algeria and Iraq …" – "Algeria's government …. Facebook, too, is blocked." */
function precedingPlaces({ field, act }: Fact, title: Place[]): Place[] {
  const sentence = field.sentence[act.from]! - 1;
  return field.places.filter((p) => field.sentence[p.from] === sentence && title.some((t) => t.code === p.code));
}

const before = ({ field, act }: Fact): Place[] => field.places.filter((p) => p.from < act.from);

export interface Found {
  events: ExtractedEvent[];
  /** What the events were put together from. */
  claims: Claim[];
  rules: Ground[];
  spans: Explanation['spans'];
}

interface Reading {
  fields: Field[];
  facts: Fact[];
  noise: Noise;
  /** The country that "the country" means in this language, or null. */
  home: string | null;
  rejected: Rejected[];
}

/** From what single acts say to the events that the text reports. */
export function eventsOf({ fields, facts, noise, home, rejected }: Reading): Found {
  const turnDown = (fact: Fact, why: Reason): void => {
    rejected.push({ field: fact.field, from: fact.act.from, to: fact.act.to, as: fact.act.cls, why });
  };
  const fallen = fallenOf(rejected, facts);
  const usable = facts.filter((fact) => {
    const why = unusable({ fact, facts, fields, noise, fallen });
    if (why !== null) turnDown(fact, why);
    return why === null;
  });
  const firm = usable.filter((f) => f.time === 'now');
  // "may be unblocked if", says the title; "slowed since May", the text: that is what is in force.
  const chosen = firm.some((f) => f.field.name !== 'body' && f.state !== 'held')
    ? firm
    : usable.filter((f) => f.time === 'now' || f.field.name !== 'body');
  for (const fact of usable) if (!chosen.includes(fact)) turnDown(fact, 'background');
  const objects = objectsOfAll(facts, chosen, fields);
  enumerations(chosen, objects, fields);
  const claims = chosen.flatMap((fact) => claimsOf(fact, objects.get(fact)!, fields, home));
  const spoken = claims.filter((claim) => !isSpared(claim, claims, fields) && !isElsewhere(claim, claims, fields[0]!));
  const settled = settle(spoken).filter((claim) => {
    const placed = claim.countries.length > 0;
    if (!placed) turnDown(claim.fact, 'no-country');
    return placed;
  });
  // "new limits, the company says, worldwide": where no country is named, what holds everywhere is no country's.
  if (noise.outage && home !== null && fields.every((f) => f.places.length === 0)) {
    for (const claim of settled) turnDown(claim.fact, 'worldwide');
    return assemble([], fields);
  }
  limit(settled, facts, fields);
  return assemble(settled, fields);
}

/** What of the text's acts fell, for whoever judges those that stand. */
function fallenOf(rejected: readonly Rejected[], facts: readonly Fact[]): Fallen {
  const inTitle = rejected.filter((r) => r.field.name === 'title');
  const titled = facts.some((f) => f.field.name === 'title');
  return {
    titleFell: !titled && inTitle.some((r) => isOther(r.why)),
    titleDenied: !titled && inTitle.some((r) => r.as !== 'unblock' && (r.why === 'negated' || r.why === 'denied')),
  };
}

/** Blocks that are limits by what else the text says. */
function limit(settled: readonly Claim[], facts: readonly Fact[], fields: Field[]): void {
  // "limits X and Y", says the title; "it is a partial limit", the text.
  const partial = facts.some((f) => f.gradual && f.act.cls === 'restrict' && f.field.name === 'summary');
  const aged = fields.some((f) => f.name !== 'body' && f.hasWord('age'));
  for (const claim of settled) {
    if (claim.action !== 'block') continue;
    const limits = claim.fact.act.cls === 'restrict';
    // "the restrictions remain", behind "calls on X fail": of the calls.
    const ofCalls = limits && claim.fact.carried && hasFunction(fields[0]!, claim);
    if ((limits && partial) || ofCalls || (aged && isAdult(fields, claim))) claim.action = 'restrict';
  }
}

const hasFunction = (title: Field, { id }: Claim): boolean =>
  title.mentions.some((m) => m.id === id) && title.hasWord('func');

/** A site for adults that goes dark over an age gate is limited, not banned. */
const isAdult = (fields: Field[], { id }: Claim): boolean =>
  fields.some((f) => f.mentions.some((m) => m.id === id && m.category === 'adult'));

/** "Grok is blocked, X asked to explain … X remains available": beside another target, what is said to work is none. */
const isSpared = ({ id, action, rank }: Claim, claims: Claim[], fields: Field[]): boolean =>
  action !== 'unblock' &&
  action !== 'warn' &&
  rank < 2 &&
  claims.some((c) => c.id !== id && c.id !== '' && c.action === action) &&
  fields.some((f) => f.name !== 'body' && f.mentions.some((m) => m.id === id && m.role === 'remains'));

function claimsOf(fact: Fact, { ids, net, generic }: Objects, fields: Field[], home: string | null): Claim[] {
  const countries = countriesFor(fact, fields, home);
  const rank = fact.field.name === 'title' ? 0 : fact.field.name === 'summary' ? 1 : 2;
  const one = (id: string): Claim => ({ id, action: actionFor(fact, id), countries, fact, rank });
  const out = [...new Set(ids)].map(one);
  if (net || (fact.action === 'shutdown' && ids.length === 0)) out.push(one('internet'));
  // Of a list of sites that stay when the network is cut, it is the network that the threat is about.
  if (
    (ids.length === 0 || isBesideVpn(fact, ids)) &&
    generic &&
    !(fact.act.cls === 'shutdown' && (net || fact.action === 'shutdown'))
  )
    out.push(one(''));
  return out;
}

/** "social networks and VPNs are blocked": both. */
const isBesideVpn = ({ field, act, mentions }: Fact, ids: string[]): boolean =>
  ids.every((id) => id === 'vpn') &&
  field.sentenceHas(act.from, 'social', (c) => mentions.some((m) => besideNames(field, c, m)));

function actionFor(fact: Fact, id: string): Action {
  if (fact.action === 'warn' || fact.action === 'unblock') return fact.action;
  if (id === 'internet') return fact.action === 'throttle' ? 'throttle' : 'shutdown';
  return fact.action === 'shutdown' ? 'block' : fact.action;
}

/** The network, platforms that nobody names, or services (`+`): what stands in one event. */
export const objectOf = (id: string): string => (id === 'internet' || id === '' ? id : '+');

/** Claims put together: one event for each action and set of countries. */
function assemble(claims: Claim[], fields: Field[]): Found {
  const events = new Map<string, { event: ExtractedEvent; rank: number }>();
  const rules: Ground[] = [];
  const spans: Explanation['spans'] = [];
  for (const claim of claims) {
    const key = `${claim.action} ${[...claim.countries].sort().join(',')} ${objectOf(claim.id)} ${claim.rank === 2 ? 2 : 1}`;
    const known = events.get(key);
    if (known !== undefined) {
      if (claim.id !== '' && !known.event.services.includes(claim.id)) known.event.services.push(claim.id);
      if (!isVague(claim)) delete known.event.vague;
    } else if (events.size < MAX_EVENTS) {
      events.set(key, { event: eventOf(claim, claims, fields), rank: claim.rank });
    }
    for (const rule of claim.fact.rules) if (!rules.includes(rule)) rules.push(rule);
    const { field, act } = claim.fact;
    spans.push(spanOf(field, act.from, act.to, act.cls));
    for (const m of claim.fact.mentions) if (m.id === claim.id) spans.push(spanOf(field, m.from, m.to, m.id));
  }
  return { events: [...events.values()].sort((a, b) => a.rank - b.rank).map((e) => e.event), claims, rules, spans };
}

/** A block only because "restricts X" names the whole: of a service that is slowed down it says no more. */
export const isVague = (claim: Claim): boolean => claim.action === 'block' && claim.fact.rules.includes('limits-whole');

function eventOf(claim: Claim, claims: Claim[], fields: Field[]): ExtractedEvent {
  const event: ExtractedEvent = {
    action: claim.action,
    countries: claim.countries,
    services: claim.id === '' ? [] : [claim.id],
    ...mannerOf(claim.fact, fields),
  };
  if (claim.rank === 2 && claims.some((c) => c.rank < 2)) event.secondary = true;
  if (isVague(claim)) event.vague = true;
  return event;
}

function spanOf(field: Field, from: number, to: number, as: string): Explanation['spans'][number] {
  const start = field.tokens[from]!.start;
  const end = field.tokens[to - 1]!.end;
  return { field: field.name, start, end, text: field.text.slice(start, end), as };
}
