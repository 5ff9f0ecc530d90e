import { type Action, severityOf } from '../model/action.ts';
import type { Explanation, ExtractedEvent } from '../model/extraction.ts';
import { MAX_EVENTS } from '../model/extraction.ts';
import type { Fact, Rejected } from './acts.ts';
import { methodOf, regionOf } from './detail.ts';
import type { Noise } from './noise.ts';
import { countriesOf, HINT, PLAIN, WEAK } from './places.ts';
import type { Field } from './read.ts';
import { beside } from './roles.ts';

/** One (service, countries, action) that the text tells, before they are put together again. */
interface Claim {
  /** Service id, `internet`, or '' for platforms that nobody names. */
  id: string;
  action: Action;
  countries: string[];
  fact: Fact;
  rank: number;
}

export interface Found {
  events: ExtractedEvent[];
  rules: string[];
  spans: Explanation['spans'];
}

const NOTHING: Found = { events: [], rules: [], spans: [] };

export function eventsOf(
  fields: Field[],
  facts: Fact[],
  noise: Noise,
  home: string | null,
  rejected: Rejected[],
): Found {
  const turnDown = (fact: Fact, why: string): void => {
    rejected.push({ field: fact.field, from: fact.act.from, to: fact.act.to, as: fact.act.cls, why });
  };
  const usable = facts.filter((fact) => {
    const why = unusable(fact, facts, fields, noise);
    if (why !== null) turnDown(fact, why);
    return why === null;
  });
  const firm = usable.filter((f) => f.time === 'now');
  const chosen = firm.some((f) => f.field.name !== 'body')
    ? firm
    : usable.filter((f) => f.time === 'now' || f.field.name !== 'body');
  for (const fact of usable) if (!chosen.includes(fact)) turnDown(fact, 'background');
  const claims: Claim[] = [];
  let last: Fact | null = null;
  for (const fact of chosen) {
    claims.push(...claimsOf(fact, last, fields, chosen, home));
    if (fact.mentions.length > 0 || fact.net || fact.generic) last = fact;
  }
  const settled = settle(claims);
  if (settled.length === 0) return NOTHING;
  if (!hasState(fields, settled, home)) {
    for (const claim of settled) turnDown(claim.fact, 'no country and no authority');
    return NOTHING;
  }
  return assemble(settled, fields);
}

function unusable(fact: Fact, facts: Fact[], fields: Field[], noise: Noise): string | null {
  if (fact.time === 'past') return 'background';
  if (noise.outage) {
    if (fact.down || fact.action === 'shutdown') return 'an outage';
    if (fact.act.cls === 'cut' || fact.action === 'throttle') return 'an outage';
    if (fact.act.cls === 'unblock' && !facts.some((f) => f.act.cls === 'block' || f.act.cls === 'restrict'))
      return 'an outage is over';
  }
  if (fact.down && !noise.suspected) {
    const backed = facts.some((f) => f !== fact && !f.down && f.state === 'now' && f.action !== 'unblock');
    const around = fields.some((f) => f.mentions.some((m) => m.role === 'means'));
    if (!backed && !around) return 'only down: nobody speaks of a measure';
  }
  if (fact.carried && fact.act.cls === 'legal') return 'a label without a service';
  return null;
}

/** The objects of a fact; where it names none, those of the text before (or, for a title, of what follows). */
function objectsFor(
  fact: Fact,
  last: Fact | null,
  fields: Field[],
  all: Fact[],
): { ids: string[]; net: boolean; generic: boolean } {
  if (!fact.carried && (fact.mentions.length > 0 || fact.net)) {
    return { ids: fact.mentions.map((m) => m.id).concat(listed(fact)), net: fact.net, generic: fact.generic };
  }
  const neighbour = fact.carried ? sentenceObjects(fact) : [];
  if (neighbour.length > 0) return { ids: neighbour, net: false, generic: false };
  if (fact.carried && last !== null && (last.mentions.length > 0 || last.net)) {
    return { ids: last.mentions.map((m) => m.id), net: last.net, generic: last.generic };
  }
  if (fact.carried) {
    const free = fields.find((f) => f.name === 'title')?.mentions.filter((m) => m.role === null) ?? [];
    if (free.length > 0 && fact.field.name !== 'title')
      return { ids: free.map((m) => m.id), net: false, generic: false };
  }
  if (fact.field.name === 'title') {
    const later = all.find((f) => f.field.name === 'summary' && f.mentions.length > 0);
    if (later !== undefined)
      return { ids: later.mentions.map((m) => m.id).concat(listed(later)), net: false, generic: false };
  }
  return { ids: [], net: fact.net, generic: fact.generic };
}

/** Mentions in another proposition of the same sentence when the act's own has none: "Facebook, Instagram — all blocked". */
function sentenceObjects(fact: Fact): string[] {
  const { field, act } = fact;
  const sentence = field.sentence[act.from];
  return field.mentions.filter((m) => m.role === null && field.sentence[m.from] === sentence).map((m) => m.id);
}

/** What a list goes on with across a colon, a dash or brackets: "platforms — Facebook, Twitter and WhatsApp". */
function listed(fact: Fact): string[] {
  const out: string[] = [];
  let tail = fact.mentions.at(-1);
  if (tail === undefined) return out;
  for (const m of fact.field.mentions) {
    if (m.from <= tail.from || m.role !== null) continue;
    if (!beside(fact.field, tail, m)) break;
    out.push(m.id);
    tail = m;
  }
  return out;
}

function claimsOf(fact: Fact, last: Fact | null, fields: Field[], all: Fact[], home: string | null): Claim[] {
  const { ids, net, generic } = objectsFor(fact, last, fields, all);
  const countries = countriesFor(fact, fields, home);
  const rank = fact.field.name === 'title' ? 0 : fact.field.name === 'summary' ? 1 : 2;
  const one = (id: string): Claim => ({ id, action: actionFor(fact, id), countries, fact, rank });
  const out = [...new Set(ids)].map(one);
  if (net || (fact.action === 'shutdown' && ids.length === 0)) out.push(one('internet'));
  else if (ids.length === 0 && generic) out.push(one(''));
  return out;
}

function actionFor(fact: Fact, id: string): Action {
  if (fact.action === 'warn' || fact.action === 'unblock') return fact.action;
  if (id === 'internet') return fact.action === 'throttle' ? 'throttle' : 'shutdown';
  return fact.action === 'shutdown' ? 'block' : fact.action;
}

function countriesFor(fact: Fact, fields: Field[], home: string | null): string[] {
  const { field, act } = fact;
  const prop = field.places.filter((p) => field.prop[p.from] === field.prop[act.from]);
  const sentence = field.places.filter((p) => field.sentence[p.from] === field.sentence[act.from]);
  const title = fields[0]!.places;
  const before = field.places.filter((p) => p.from < act.from);
  const everything = fields.filter((f) => f.name !== 'body' || field.name === 'body').flatMap((f) => f.places);
  for (const [places, least] of [
    [prop, PLAIN],
    [sentence, PLAIN],
    [title, PLAIN],
    [prop, HINT],
    [sentence, HINT],
    [title, HINT],
    [before, HINT],
    [everything, HINT],
    [everything, WEAK],
  ] as const) {
    const found = countriesOf([...places], least);
    if (found.length > 0) return found;
  }
  return home === null ? [] : [home];
}

/** For each service the state that the text leaves it in. */
function settle(claims: Claim[]): Claim[] {
  const byId = new Map<string, Claim[]>();
  for (const claim of claims) byId.set(claim.id, [...(byId.get(claim.id) ?? []), claim]);
  const out: Claim[] = [];
  const titled = new Set(claims.filter((c) => c.rank === 0 && c.id !== '').map((c) => c.id));
  for (const [id, all] of byId) {
    if (id === '' && claims.some((c) => c.id !== '' && c.id !== 'internet' && family(c) === family(all[0]!))) continue;
    out.push(...settleOne(all, titled));
  }
  return out;
}

const family = (claim: Claim): string =>
  claim.action === 'warn' ? 'warn' : claim.action === 'unblock' ? 'unblock' : 'access';

function settleOne(all: Claim[], titled: Set<string>): Claim[] {
  const done = all.filter((c) => c.fact.state === 'now' && c.action !== 'warn');
  const held = all.filter((c) => c.fact.state === 'held');
  const warned = all.filter((c) => c.action === 'warn');
  const out: Claim[] = [];
  const lead = Math.min(...done.map((c) => c.rank), 9);
  const open = done.filter((c) => c.action === 'unblock');
  const cut = done.filter((c) => c.action !== 'unblock');
  if (open.length > 0 && (open[0]!.rank <= lead || open.at(-1) === done.at(-1))) out.push(open[0]!);
  else if (cut.length > 0) out.push(strongest(cut));
  else if (held.length > 0 && warned.length === 0) out.push(held[0]!);
  const threat = warned.find((c) => c.fact.threat);
  if (out.length === 0 && warned.length > 0) out.push(warned[0]!);
  else if (threat !== undefined && cut.length > 0 && titled.has(threat.id)) out.push(threat);
  return out;
}

/** The state that the first rank tells; a slow-down stated beside a limit says how, a part named says that it is no more than that. */
function strongest(cut: Claim[]): Claim {
  const lead = Math.min(...cut.map((c) => c.rank));
  const first = cut.filter((c) => c.rank === lead);
  const part = first.find((c) => c.fact.part);
  if (part !== undefined) return part;
  const slow = cut.find((c) => c.action === 'throttle' && c.rank <= 1);
  const full = first.find((c) => c.action === 'block' || c.action === 'shutdown');
  if (slow !== undefined && (slow.rank === lead || full === undefined || full.fact.down)) return slow;
  return cut
    .filter((c) => c.rank <= 1 || c.rank === lead)
    .reduce((a, b) => (severityOf(b.action) > severityOf(a.action) ? b : a));
}

/** Some state, regulator, court or monitor stands in the text: else it is a company's own doing. */
function hasState(fields: Field[], claims: Claim[], home: string | null): boolean {
  if (claims.some((c) => c.countries.length > 0 && (home === null || c.countries[0] !== home))) return true;
  if (home !== null) return true;
  return fields.some((f) => f.cues.some((c) => c.cls === 'auth' || c.cls === 'monitor' || c.cls === 'order'));
}

function assemble(claims: Claim[], fields: Field[]): Found {
  const events = new Map<string, { event: ExtractedEvent; rank: number }>();
  const rules: string[] = [];
  const spans: Explanation['spans'] = [];
  for (const claim of claims) {
    const key = `${claim.action} ${[...claim.countries].sort().join(',')} ${claim.id === 'internet' || claim.id === '' ? claim.id : '+'} ${claim.rank === 2 ? 2 : 1}`;
    const known = events.get(key);
    if (known !== undefined) {
      if (claim.id !== '' && !known.event.services.includes(claim.id)) known.event.services.push(claim.id);
    } else if (events.size < MAX_EVENTS) {
      const event: ExtractedEvent = {
        action: claim.action,
        countries: claim.countries,
        services: claim.id === '' ? [] : [claim.id],
      };
      const method = methodOf(claim.fact, fields);
      if (method !== null) event.method = method;
      const region = regionOf(claim.fact, fields);
      if (region !== null) event.region = region;
      if (claim.rank === 2 && claims.some((c) => c.rank < 2)) event.secondary = true;
      events.set(key, { event, rank: claim.rank });
    }
    for (const rule of claim.fact.rules) if (!rules.includes(rule)) rules.push(rule);
    const { field, act } = claim.fact;
    spans.push(spanOf(field, act.from, act.to, act.cls));
    for (const m of claim.fact.mentions) spans.push(spanOf(field, m.from, m.to, m.id));
  }
  return { events: [...events.values()].sort((a, b) => a.rank - b.rank).map((e) => e.event), rules, spans };
}

function spanOf(field: Field, from: number, to: number, as: string): Explanation['spans'][number] {
  const start = field.tokens[from]!.start;
  const end = field.tokens[to - 1]!.end;
  return { field: field.name, start, end, text: field.text.slice(start, end), as };
}
