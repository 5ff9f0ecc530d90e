import { gapTo, isAside, isDirect, joinedNames } from './beside.ts';
import { type Cue, type Field, isAct, type Mention, REACH } from './field.ts';
import type { CueClass } from './rules/classes.ts';
import { GAP, perWord } from './text/tokens.ts';

/** What an act hits: services, the network, platforms that nobody names, or what was named before. */

/** How far from the act platforms that nobody names may stand: "returns the items … get our app" is no return of an app. */
const MAX_REACH = 6;

/** "bans all children under 16 from using social media"; and scripts without spaces, where every letter is a token. */
const FAR_REACH = 14;

const reachOf = (field: Field, act: Cue): number =>
  (field.sentenceHas(act.from, 'age') ? FAR_REACH : MAX_REACH) * perWord(field.tokens[act.from]!);

export interface Objects {
  mentions: Mention[];
  /** The network itself. */
  net: boolean;
  /** Platforms or sites that nobody names. */
  generic: boolean;
  /** Nothing was named here. */
  carried: boolean;
  /** It has a name, which the catalogue lacks (acts.ts). */
  unknown: boolean;
  /** Accounts, one function or the like: a part of the service. */
  part: boolean;
  nearest: number;
}

const joined = (field: Field, a: Cue, b: Cue): boolean =>
  a.from < b.from ? joinedNames(field, a, b) : joinedNames(field, b, a);

/** "puts X on the list of banned sites": what is banned there is a quality, no act of its own. */
const isQuality = (field: Field, act: Cue): boolean =>
  [act.from, act.from - 1].some((i) => field.cuesAt[i]?.some((c) => c.cls === 'attr' && c.to >= act.to) === true);

/** "X nach Sperre wieder online": the noun behind "after" takes no name from what is said of it. */
const isOccasion = (field: Field, act: Cue, thing: { from: number; to: number }, rival: Cue): boolean =>
  act.cls === 'unblock' &&
  act.from >= rival.to &&
  (thing.from >= rival.to
    ? (field.cueAfter(rival.to, 'afterpost')?.to ?? FAR) <= thing.from
    : (field.cueBefore(rival.from, 'after', REACH.near)?.from ?? -1) >= thing.to);

/** What is being looked for: the things that one act hits. */
interface Search {
  field: Field;
  act: Cue;
  /** Other acts of the clause, which may be nearer to a thing. */
  rivals: Cue[];
}

/** What was found so far. */
interface Found extends Search {
  mentions: Mention[];
  /** Something is named in the clause, be it another act's. */
  named: boolean;
  net: boolean;
  generic: boolean;
  nearest: number;
}

const FAR = 99;

export function objectsOf(field: Field, act: Cue): Objects {
  const search: Search = { field, act, rivals: rivalsOf(field, act) };
  const found: Found = { ...search, ...namesOf(search), ...NO_THINGS };
  for (const cue of field.clauseOf(act.from).cues) {
    if (cue.cls === 'net') takeNet(found, cue);
    else if (cue.cls === 'social') takePlatforms(found, cue);
  }
  const { mentions, net, generic, nearest } = found;
  const carried = (!found.named || isShared(found)) && !net && !generic;
  return { mentions, net, generic, carried, unknown: false, part: false, nearest };
}
const NO_THINGS = { net: false, generic: false };

/** "slowing and blocking of X": acts joined by "and" share their object. */
const rivalsOf = (field: Field, act: Cue): Cue[] =>
  field
    .clauseOf(act.from)
    .cues.filter(
      (c) =>
        c !== act && isAct(c) && c.cls !== 'lift' && c.cls !== 'fail' && !isQuality(field, c) && !joined(field, act, c),
    );

function namesOf({ field, act, rivals }: Search): Pick<Found, 'mentions' | 'named' | 'nearest'> {
  const mentions: Mention[] = [];
  let nearest = FAR;
  let named = false;
  for (const m of field.clauseOf(act.from).mentions) {
    if (m.role !== null || (m.id === 'vpn' && !isDirect(field, act, m)) || isAside(field, act, m)) continue;
    named = true;
    const mine = gapTo(act, m);
    if (rivals.some((r) => gapTo(r, m) < mine && !isOccasion(field, act, m, r))) continue;
    mentions.push(m);
    nearest = Math.min(nearest, mine);
  }
  addListed(field, act, mentions);
  return { mentions, named, nearest };
}

/** "the network cut, X and Y blocked": the nearer act is another's, but X stands in the list of Y. */
function addListed(field: Field, act: Cue, mentions: Mention[]): void {
  const all = field.mentionsAround(act.from);
  for (const m of all) {
    const at = mentions.indexOf(m);
    const before = at > 0 ? null : all[all.indexOf(m) - 1];
    if (
      at === 0 &&
      before != null &&
      before.role === null &&
      field.sameClause(before, act) &&
      joinedNames(field, before, m)
    )
      mentions.unshift(before);
  }
}

function takeNet(found: Found, cue: Cue): void {
  const { field, act, rivals, mentions } = found;
  const mine = gapTo(act, cue);
  if (field.hasAfter(cue.to, 'remain', REACH.beside) || rivals.some((r) => gapTo(r, cue) < mine)) return;
  found.net = true;
  if (mentions.length === 0 || mine <= 3) found.nearest = Math.min(found.nearest, mine);
  if (mentions.length > 0 && mine > found.nearest + 2) found.net = false;
}

function takePlatforms(found: Found, cue: Cue): void {
  const { field, act, rivals } = found;
  const mine = gapTo(act, cue);
  if (mine > reachOf(field, act) || rivals.some((r) => gapTo(r, cue) < mine)) return;
  found.generic = true;
  found.nearest = Math.min(found.nearest, mine);
}

/** "X was blocked for hours before access was restored": both acts are about X. */
function isShared({ field, act, rivals, named, mentions }: Found): boolean {
  if (!named || mentions.length > 0) return false;
  if (act.cls === 'unblock')
    return (
      field.hasBefore(act.from, 'access', REACH.close) ||
      field.sentenceHas(act.from, 'access', (c) => c.from >= act.from && c.to < act.to)
    );
  // "X came back for an hour and is blocked again": the same thing.
  if (act.cls !== 'lift' && isAgain(field, act) && rivals.some((r) => r.cls === 'unblock' && r.to <= act.from))
    return true;
  // "slows X and prepares to block it": the harder step, ahead.
  return (
    act.cls === 'block' &&
    rivals.some((r) => r.to <= act.from && (r.cls === 'throttle' || r.cls === 'restrict')) &&
    field.hasBefore(act.from, ['modal', 'will'], REACH.long)
  );
}

const isAgain = (field: Field, act: Cue): boolean =>
  field.sentenceHas(act.from, 'still', (c) => c.from <= act.to && c.to >= act.from);

/** Whether an act hits a whole service or a part of it, and what says so. */

export const isPart = (field: Field, act: Cue, cls: CueClass): boolean => {
  const reach = cls === 'func' ? 4 : 4 * perWord(field.tokens[act.from]!);
  return field.clauseOf(act.from).cues.some(
    (c) =>
      c.cls === cls &&
      gapTo(act, c) <= reach &&
      // "ne fonctionne toujours pas": in the midst of the words of the act it is none.
      !(cls === 'func' && c.from > act.from && c.to < act.to) &&
      !(cls === 'func' && (apart(field, act, c) || isReason(field, c) || isOfKind(field, c) || isNotice(field, c))),
  );
};

/** "with a block page": what stands in the place of the site. */
const isNotice = (field: Field, thing: Cue): boolean => field.covering(thing, 'blockpage') !== undefined;

/** "live-audio chat app X": what kind of app it is, no part of it. */
const isOfKind = (field: Field, thing: Cue): boolean => {
  let end = thing.to;
  while (field.hasCue(end, 'func') && !field.hasCue(end, 'kind')) end++;
  const kind = field.cuesAt[end]?.find((c) => c.cls === 'kind');
  if (kind === undefined) return false;
  // A name that no list knows is written with a capital.
  return field.mentions.some((m) => m.from === kind.to) || field.tokens[kind.to]?.cap === true;
};

/** "… fotoğrafları nedeniyle …": languages that say "because of" behind the reason. */
const isReason = (field: Field, thing: Cue): boolean => field.hasAfter(thing.to, 'afterpost');

/** "cuts off 26 platforms, not registered in time": what a comma or "because of" parts from the act is no object of it. */
function apart(field: Field, act: Cue, thing: Cue): boolean {
  if (thing.from < act.to) return false;
  if (field.hasAfter(act.to, 'after')) return true;
  for (let i = act.to; i <= thing.from; i++) {
    if (i > act.to && field.hasCue(i, ['after', 'about'])) return true;
    if (field.gapAt(i, GAP.comma) && !field.mentions.some((m) => m.from === i)) return true;
  }
  return false;
}

/** "Calls on X and Y still do not work": the function stands with the names, however far the act. */
export const functionOf = (field: Field, act: Cue, mentions: Mention[]): boolean =>
  field.clauseHas(
    act.from,
    'func',
    (c) =>
      c.to <= act.from && mentions.some((m) => m.to <= act.from && m.from - c.to >= 0 && m.from - c.to <= REACH.beside),
  );

export const limitsAccess = (field: Field, act: Cue): boolean =>
  field.clauseHas(act.from, 'access', (c) => gapTo(act, c) <= (c.to <= act.from ? 10 : 4));
