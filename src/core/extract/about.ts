import type { Cue, Field, Mention, Span } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue, mentionsAround } from './read.ts';
import { isAct } from './scope.ts';
import { GAP, perWord } from './tokens.ts';

/** How far from the act platforms that nobody names may stand: "returns the items … get our app" is no return of an app. */
const MAX_REACH = 6;

/** "bans all children under 16 from using social media"; and scripts without spaces, where every letter is a token. */
const FAR_REACH = 14;

const reachOf = (field: Field, act: Cue): number =>
  (cuesAround(field, act.from).some((c) => c.cls === 'age') ? FAR_REACH : MAX_REACH) * perWord(field.tokens[act.from]!);

export interface Objects {
  mentions: Mention[];
  net: boolean;
  generic: boolean;
  carried: boolean;
  /** It has a name, which the catalogue lacks (unknown.ts). */
  unknown: boolean;
  /** Accounts or the like: a part of the service. */
  part: boolean;
  nearest: number;
}

const joined = (field: Field, a: Cue, b: Cue): boolean => {
  const [left, right] = a.from < b.from ? [a, b] : [b, a];
  return right.from - left.to === 1 && cueBefore(field, right.from, 0, 'and') !== null;
};

const joinedNames = (field: Field, a: Span, b: Span): boolean =>
  b.from - a.to === 1 && cueBefore(field, b.from, 0, 'and') !== null;

/** "puts X on the list of banned sites": what is banned there is a quality, no act of its own. */
const isQuality = (field: Field, act: Cue): boolean =>
  [act.from, act.from - 1].some((i) => field.cuesAt[i]?.some((c) => c.cls === 'attr' && c.to >= act.to) === true);

/** "lifts limits on X, blocked since May": what is said of X behind the comma leaves it to the act right before it. */
const isApposed = (field: Field, act: Cue, thing: { from: number; to: number }, rival: Cue): boolean =>
  rival.from === thing.to &&
  (field.tokens[thing.to]!.gap & GAP.comma) !== 0 &&
  act.to <= thing.from &&
  gapTo(act, thing) <= APPOSED &&
  !field.cuesAt[rival.from]!.some((c) => c.cls === 'active');

const APPOSED = 3;

/** "X nach Sperre wieder online": the noun behind "after" takes no name from what is said of it. */
const isOccasion = (field: Field, act: Cue, thing: { from: number; to: number }, rival: Cue): boolean =>
  act.cls === 'unblock' && act.from >= rival.to && cueBefore(field, rival.from, 1, 'after')?.from === thing.to;

export const gapTo = (a: Cue, b: { from: number; to: number }): number =>
  b.from >= a.to ? b.from - a.to : a.from >= b.to ? a.from - b.to : 0;

export function objectsOf(field: Field, act: Cue): Objects {
  const prop = field.prop[act.from];
  // "slowing and blocking of X": acts joined by "and" share their object.
  const rivals = cuesAround(field, act.from).filter(
    (c) =>
      c !== act &&
      isAct(c) &&
      c.cls !== 'lift' &&
      c.cls !== 'fail' &&
      field.prop[c.from] === prop &&
      !isQuality(field, c) &&
      !joined(field, act, c),
  );
  const mentions: Mention[] = [];
  let nearest = 99;
  let named = false;
  for (const m of mentionsAround(field, act.from)) {
    if (field.prop[m.from] !== prop) continue;
    if (m.role !== null || (m.id === 'vpn' && !isDirect(field, act, m)) || isAside(field, act, m)) continue;
    named = true;
    const mine = gapTo(act, m);
    if (rivals.some((r) => gapTo(r, m) < mine && !isApposed(field, act, m, r) && !isOccasion(field, act, m, r)))
      continue;
    mentions.push(m);
    nearest = Math.min(nearest, mine);
  }
  // "the network cut, X and Y blocked": the nearer act is another's, but X stands in the list of Y.
  const all = mentionsAround(field, act.from);
  for (const m of all) {
    const at = mentions.indexOf(m);
    const before = at > 0 ? null : all[all.indexOf(m) - 1];
    if (
      at === 0 &&
      before != null &&
      before.role === null &&
      field.prop[before.from] === prop &&
      joinedNames(field, before, m)
    )
      mentions.unshift(before);
  }
  let net = false;
  let generic = false;
  let nearestNet = 99;
  let netFirst = false;
  let nearestGeneric = 99;
  const reach = reachOf(field, act);
  for (const cue of cuesAround(field, act.from)) {
    if (field.prop[cue.from] !== prop) continue;
    const mine = gapTo(act, cue);
    if (cue.cls === 'net' && cueAfter(field, cue.to, 1, 'remain') !== null) continue;
    if (cue.cls === 'net' && !rivals.some((r) => gapTo(r, cue) < mine)) {
      net = true;
      nearestNet = Math.min(nearestNet, mine);
      if (mentions.length === 0 || mine <= 3) nearest = Math.min(nearest, mine);
      if (mentions.length > 0 && mine > nearest + 2) net = false;
    } else if (
      cue.cls === 'social' &&
      mine <= reach &&
      !rivals.some((r) => gapTo(r, cue) < mine && !isApposed(field, act, cue, r))
    ) {
      generic = true;
      nearestGeneric = Math.min(nearestGeneric, mine);
      // "internet and social media": two things; "networks and internet services": one.
      if (net && cueBefore(field, cue.from, 0, 'and') !== null && cueBefore(field, cue.from - 1, 0, 'net') !== null)
        netFirst = true;
      nearest = Math.min(nearest, mine);
    }
  }
  // "blocks of IP addresses" hit sites, whatever collapses with them.
  if (cuesAround(field, act.from).some((c) => c.cls === 'ip' && field.prop[c.from] === prop && gapTo(act, c) <= 3)) {
    generic = true;
    net = false;
  }
  // A ban on "networks and internet services" is about platforms.
  if (generic && net && !netFirst && nearestGeneric <= nearestNet && (act.cls === 'block' || act.cls === 'restrict'))
    net = false;
  // "Iran is back online": a country that is back has its network back.
  if (act.cls === 'unblock' && !named && !generic && !net) {
    const is = cueBefore(field, act.from, 0, 'adv')?.from ?? act.from;
    net =
      field.places.some((p) => p.to === is || p.to === act.from || p.to === act.from - 1) &&
      hasCue(field, act.from, 'online');
  }
  // "X was blocked for hours before access was restored": both acts are about X.
  const shared =
    named &&
    mentions.length === 0 &&
    (act.cls === 'unblock'
      ? cueBefore(field, act.from, 3, 'access') !== null
      : // "slows X and prepares to block it": the harder step, ahead.
        act.cls === 'block' &&
        rivals.some((r) => r.to <= act.from && (r.cls === 'throttle' || r.cls === 'restrict')) &&
        cueBefore(field, act.from, 5, ['modal', 'will']) !== null);
  // "Sites porno menacés : l'Arcom pourra les bloquer": the heading names them.
  if (!named && !net && !generic && field.name === 'title') generic = headed(field, act);
  const carried = (!named || shared) && !net && !generic;
  return { mentions, net, generic, carried, unknown: false, part: false, nearest };
}

function headed(field: Field, act: Cue): boolean {
  const many = cuesAround(field, act.from).find((c) => c.cls === 'many' && c.to <= act.from);
  if (many === undefined || cueBefore(field, many.from, 1, 'on') !== null) return false;
  if (mentionsAround(field, act.from).some((m) => m.role === null)) return false;
  for (let i = many.to; i <= act.from; i++) if ((field.tokens[i]!.gap & GAP.colon) !== 0) return true;
  return false;
}

/** VPNs are what people turn to; they are the target only when the act names them and nothing else. */
function isDirect(field: Field, act: Cue, vpn: Mention): boolean {
  const reach = act.cls === 'down' || act.cls === 'fail' ? 2 : 5;
  if (act.cls === 'unblock' || act.cls === 'cut' || gapTo(act, vpn) > reach) return false;
  const platforms = cuesAround(field, act.from).some(
    (c) =>
      c.cls === 'social' &&
      gapTo(c, vpn) > 0 &&
      !besideNames(field, c, vpn) &&
      !isStore(field, c) &&
      field.prop[c.from] === field.prop[act.from] &&
      gapTo(act, c) <= gapTo(act, vpn),
  );
  if (platforms) return false;
  return !mentionsAround(field, act.from).some(
    (m) =>
      m !== vpn &&
      m.role === null &&
      m.category !== 'vpn' &&
      !besideNames(field, m, vpn) &&
      !isAside(field, act, m) &&
      field.prop[m.from] === field.prop[act.from] &&
      gapTo(act, m) <= gapTo(act, vpn),
  );
}

/** "from the store of applications": no applications. */
const isStore = (field: Field, { from, to }: Cue): boolean =>
  cuesAround(field, from).some((c) => c.cls === 'appstore' && c.from <= from && c.to >= to);

/** The store that something is taken from, and what is only named behind "after": no objects of this act. */
export function isAside(field: Field, act: Cue, m: Mention): boolean {
  // "Apple, Google restore TikTok to app stores": who owns the store.
  if (act.cls === 'unblock' && m.category === 'search' && cuesAround(field, act.from).some((c) => c.cls === 'appstore'))
    return true;
  if (
    act.cls === 'delist' &&
    (m.category === 'app-store' ||
      (m.category === 'search' && (m.from <= act.from || m.from >= act.to || hasCue(field, m.to, 'inf'))))
  )
    return true;
  if (act.cls === 'unblock' && m.category === 'app-store' && isShelf(field, act, m)) return true;
  if (m.from < act.to) return m.to <= act.from && isBefore(field, act, m);
  // "blocks X and possibly Y": the second is a guess.
  const guess = cueBefore(field, m.from, 0, 'maybe');
  if (guess !== null && cueBefore(field, guess.from, 0, 'and') !== null) return true;
  // "to unblock X if Y returns": the condition is about another.
  if (
    cuesAround(field, act.from).some(
      (c) => c.cls === 'cond' && c.from >= act.to && c.to <= m.from && hasObjectBefore(field, act, c),
    )
  )
    return true;
  // "ban X over Grok images": the reason comes after the target.
  if (
    cueBefore(field, m.from, 0, 'about') !== null &&
    mentionsAround(field, act.from).some(
      (o) => o !== m && o.role === null && o.to < m.from && gapTo(act, o) < gapTo(act, m),
    )
  )
    return true;
  return cuesAround(field, act.from).some(
    (c) =>
      (c.cls === 'after' || (c.cls === 'amid' && hasObjectBefore(field, act, c))) &&
      c.from >= act.to &&
      c.to <= m.from &&
      field.prop[c.from] === field.prop[act.from] &&
      // "las llamadas por WhatsApp"
      cueBefore(field, c.from, 0, 'func') === null,
  );
}

/** "After banning X and Y, the state banned Z", "X'in engellenmesinin ardından bir platform daha engellendi": the step before has its own objects. */
function isBefore(field: Field, act: Cue, m: Mention): boolean {
  const { from } = field.sentences[field.sentence[act.from]!]!;
  const cues = cuesAround(field, act.from);
  const steps = (a: number, b: number): boolean =>
    cues.some((c) => isAct(c) && c.cls !== 'fail' && c.from >= a && c.to <= b);
  const named = (at: number): boolean =>
    mentionsAround(field, act.from).some((o) => o.role === null && o.id !== m.id && o.from >= at) ||
    cues.some((c) => c.cls === 'social' && c.from >= at);
  return cues.some((c) => {
    if (c.cls === 'afterpost') return c.from >= m.to && c.to <= act.from && steps(m.to, c.from) && named(c.to);
    if (c.cls !== 'after' || c.from - from > 1 || c.to > m.from) return false;
    for (let i = m.to; i <= act.from; i++)
      if ((field.tokens[i]!.gap & GAP.comma) !== 0 && !mentionsAround(field, i).some((o) => o.from === i))
        return steps(c.to, i) && named(i);
    return false;
  });
}

/** "unblocks social media amid talks with X": the act has its object already. */
const hasObjectBefore = (field: Field, act: Cue, amid: Cue): boolean =>
  cuesAround(field, act.from).some(
    (c) => (c.cls === 'social' || c.cls === 'net') && c.from >= act.to && c.to <= amid.from,
  ) || mentionsAround(field, act.from).some((m) => m.role === null && m.from >= act.to && m.to <= amid.from);

/** "X is available again in the App Store and Google Play": where, unless the stores are listed with what is back. */
function isShelf(field: Field, act: Cue, store: Mention): boolean {
  const all = mentionsAround(field, act.from);
  const listed = all.some(
    (o) =>
      o.category !== 'app-store' && Math.abs(all.indexOf(o) - all.indexOf(store)) === 1 && besideNames(field, o, store),
  );
  return (
    !listed &&
    all.some((o) => o.category !== 'app-store' && o.role === null && field.prop[o.from] === field.prop[act.from])
  );
}

export const besideNames = (field: Field, a: Span, b: Span): boolean => {
  const [left, right] = a.from < b.from ? [a, b] : [b, a];
  return (
    joinedNames(field, left, right) || (right.from === left.to && (field.tokens[right.from]!.gap & GAP.comma) !== 0)
  );
};

export const namesApp = (field: Field, act: Cue): boolean =>
  mentionsAround(field, act.from).some(
    (m) => m.role === null && m.category !== 'media' && field.prop[m.from] === field.prop[act.from],
  );

export function isDisclaimer(field: Field, act: Cue): boolean {
  for (const cue of cuesAround(field, act.from))
    if (
      cue.cls === 'disclaimer' &&
      field.prop[cue.from] === field.prop[act.from] &&
      // "a court found it extremist and banned X": that is the news.
      !cuesAround(field, act.from).some(
        (c) => c.cls === 'court' && c.to <= cue.from && field.prop[c.from] === field.prop[cue.from],
      )
    )
      return true;
  return false;
}
