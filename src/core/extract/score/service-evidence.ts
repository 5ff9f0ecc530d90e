/** Evidence about one service: what the rules claim of it, where it stands and beside what. It counts by itself and together with each action. */

import type { Analysis } from '../analysis.ts';
import { besideNames } from '../aside.ts';
import type { Cue, Field, Span } from '../read.ts';
import { isAct } from '../scope.ts';
import type { Claim } from '../settle.ts';
import {
  type Candidates,
  isOf,
  type Kind,
  kindOf,
  MAX_FACTS,
  MAX_SEEN,
  type Named,
  type Naming,
} from './candidates.ts';
import { add, type Features, far, isNew, keyed, keyOf, mix, startRound, stemKey } from './features.ts';

const NEAR = 6;
/** Namings whose clause is looked at cue by cue. */
const MAX_LOOKS = 2;
/** Different features of one service. */
const MAX_FEATURES = 400;

const ID = keyOf('id');
const WITH = keyOf('with');
const BEHIND = keyOf('behind');
const BEFORE = keyOf('before');
const FLAGS = ['down', 'weak', 'part', 'carried', 'threat', 'still', 'gradual', 'unknown'] as const;

function put(to: Features, key: number, value: number): void {
  if (to.distinct <= MAX_FEATURES && isNew(to, key)) add(to, key, value);
}

export function serviceEvidence(
  analysis: Analysis,
  { id, namings, all }: { id: string; namings: readonly Named<Naming>[]; all: Candidates },
  to: Features,
): void {
  startRound(to);
  const kind = kindOf(id);
  put(to, keyed('k:', kind), 0.6);
  put(to, mix(ID, keyOf(id)), 0.3);
  put(to, keyed('n:', kind, Math.min(all.services.length, 4)), 0.4);
  ofClaims(analysis, id, kind, to);
  const { facts } = analysis;
  for (let i = 0; i < facts.length && i < MAX_FACTS; i++) {
    const fact = facts[i]!;
    if (!isOf(fact, id)) continue;
    put(to, keyed('fact', fact.action, fact.state, fact.field.name), 0.4);
    put(to, keyed('fact', fact.action, fact.state, fact.time), 0.3);
  }
  let named = false;
  let looked = 0;
  for (const { field, spans } of namings) {
    for (const { span, role } of spans) {
      if (!named) {
        const first = field.name === 'title' ? 'title' : field.sentence[span.from] === 0 ? 'lead' : 'text';
        put(to, keyed('first', first, kind), 0.6);
        named = true;
      }
      put(to, keyed('role', role), 0.6);
      put(to, keyed('role', role, field.name), 0.4);
      if (looked++ < MAX_LOOKS) {
        around(field, span, to);
        wordsBeside(field, span, to);
      }
      if (kind === 'one') inList(field, span, analysis.found.claims, id, to);
      besideRejected(analysis, field, span, to);
    }
  }
  if (!named) put(to, keyed('unnamed', kind), 0.6);
}

function ofClaims({ found: { claims } }: Analysis, id: string, kind: Kind, to: Features): void {
  let own = false;
  for (const { id: of, action, rank, fact } of claims) {
    if (of !== id) continue;
    own = true;
    put(to, keyed('claim', action), 1);
    put(to, keyed('claim', kind, action, rank), 0.5);
    put(to, keyed('claim', action, fact.state, fact.act.cls), 0.4);
    for (const rule of fact.rules) put(to, keyed('by', rule), 0.3);
    for (const flag of FLAGS) if (fact[flag]) put(to, keyed('flag', flag), 0.3);
  }
  if (!own) put(to, keyed('no claim', kind, claims.length > 0), 1);
  for (const claim of claims) if (claim.id !== id) put(to, keyed('other', claim.action, own), 0.4);
}

function besideRejected({ rejected }: Analysis, field: Field, span: Span, to: Features): void {
  const prop = field.prop[span.from];
  for (let i = 0; i < rejected.length && i < MAX_SEEN; i++) {
    const r = rejected[i]!;
    if (r.field === field && field.prop[r.from] === prop) put(to, keyed('no', r.why), 0.4);
  }
}

/** Names beside it in a list: what is claimed of one is mostly true of all. */
function inList(field: Field, span: Span, claims: readonly Claim[], id: string, to: Features): void {
  for (const m of field.mentionsIn[field.sentence[span.from]!]!) {
    if (m.id === id || !besideNames(field, m, span)) continue;
    put(to, keyed('beside', m.role ?? 'target'), 0.4);
    put(to, keyOf(claims.some((c) => c.id === m.id) ? 'beside claimed' : 'beside unclaimed'), 0.5);
    for (const claim of claims) if (claim.id === m.id) put(to, keyed('beside', claim.action), 0.5);
  }
}

/** The cues of the proposition that a name stands in: which, on which side, how near. */
function around(field: Field, span: Span, to: Features): void {
  const prop = field.prop[span.from];
  const cues = field.cuesIn[field.sentence[span.from]!]!;
  let nearest: Cue | null = null;
  let least = 0;
  for (let i = 0; i < cues.length && i < MAX_SEEN; i++) {
    const cue = cues[i]!;
    if (field.prop[cue.from] !== prop) continue;
    const gap = cue.from >= span.to ? cue.from - span.to : span.from - cue.to;
    if (isAct(cue) && (nearest === null || gap < least)) {
      nearest = cue;
      least = gap;
    }
    const cls = keyOf(cue.cls);
    put(to, mix(WITH, cls), 0.25);
    if (gap <= NEAR) put(to, mix(cue.from >= span.to ? BEHIND : BEFORE, mix(cls, keyOf(far(gap)))), 0.3);
  }
  if (nearest !== null)
    put(to, keyed('act', nearest.cls, nearest.from >= span.to ? 'behind' : 'before', far(least)), 0.5);
}

const NEXT = [keyOf('w-3'), keyOf('w-2'), keyOf('w-1'), keyOf('w+1'), keyOf('w+2'), keyOf('w+3')];

/** The words on both sides of a name. */
function wordsBeside({ tokens, sentence }: Field, span: Span, to: Features): void {
  const own = sentence[span.from];
  for (let i = 0; i < 6; i++) {
    const at = i < 3 ? span.from - 3 + i : span.to + i - 3;
    if (at < 0 || at >= tokens.length || sentence[at] !== own) continue;
    const stem = stemKey(tokens[at]!.w);
    put(to, mix(NEXT[i]!, stem), 0.25);
    put(to, mix(i < 3 ? BEFORE : BEHIND, stem), 0.25);
  }
}
