import { beside } from '../beside.ts';
import { ACTS, type Classes, type Cue, type Field, isAct, type Mention, REACH } from '../field.ts';
import { GAP } from '../text/tokens.ts';
import { type CueClass, classSet } from './classes.ts';
import { type Conditions, firstOf, table } from './table.ts';

/** A service where it is named. */
interface Named {
  field: Field;
  m: Mention;
}

/** Why a named service is no target of what happens: one row a reason. */

/** The role of a mention, or null: it can be what the news is about. */
export function roleOf(field: Field, m: Mention): string | null {
  const at: Named = { field, m };
  const rule = firstOf(ROLE, at, field, m) ?? (SOURCES.has(m.category) ? firstOf(SOURCE, at, field, m) : null);
  return rule?.effect ?? null;
}

const ROLE_ROWS: Conditions<'role', Named> = {
  'with-vpn': ({ field, m }) =>
    (m.id === 'vpn' && (isOnlyWay(field, m) || isMeans(field, m.from, 3))) ||
    (m.category === 'vpn' && isMeans(field, m.from, 2)),
  // "calls on WhatsApp" are a part of it, "restrictions on X" hit it: neither is a way to say something.
  'said-on': ({ field, m }) => {
    const on = field.cueBefore(m.from, 'on');
    return (
      on !== null && !field.hasBefore(on.from, ['func', 'noun']) && !isReachedOver(field, m) && !isLimitOn(field, on)
    );
  },
  'channel-of': (at) => after(at, 'channel') && !isHit(at.field, at.m.from),
  'channel-before': (at) => before(at, 'channel'),
  // "Cloudflare Radar": who measures.
  monitor: ({ field, m }) =>
    field.sentenceHas(m.from, 'monitor', (c) => c.from <= m.from && c.to >= m.to && c.to - c.from > m.to - m.from),
  'parent-behind': (at) => {
    const s = possessive(at);
    const parent = at.field.cueAfter(at.m.to + s, s === 1 ? ['parent', 'appstore'] : 'parent');
    // "YouTube, owned by Google": the owner follows.
    return parent !== null && !at.field.hasCue(parent.from, 'parentof');
  },
  'acts-on-another': actsOnAnother,
  // "push for ban on X", "block access to the alternative X": what the act hits.
  'turned-to': isTurnedTo,
  like: isLike,
  remains: staysOpen,
};
export const ROLE = table('role', ROLE_ROWS);

/** Newspapers, agencies and those who measure: who says it is no target of it. */

/** Categories of services that are sources, too. */
const SOURCES = new Set(['media', 'infrastructure', 'ngo', 'news']);
const SOURCE_ROWS: Conditions<'source', Named> = {
  // "X reports", "according to X", "X: …", "… – X"
  credited: (at) =>
    signs(at) ||
    (after(at, 'say', REACH.beside) && !after(at, ACTS, REACH.beside)) ||
    before(at, 'acc', REACH.near) ||
    (at.m.from === 0 && at.field.gapAt(at.m.to, GAP.colon)),
};
export const SOURCE = table('source', SOURCE_ROWS);

/** What the rows ask of the words around a name. */

const isPress = ({ category }: Mention): boolean => category === 'media' || category === 'news';

/** Access to it is what an act cuts. */
function isReached(field: Field, { from }: Cue): boolean {
  const access = field.cueBefore(from, 'access', REACH.close);
  return access !== null && field.hasBefore(access.from, ['block', 'restrict', 'cut'], REACH.beside);
}

/** "with a VPN"; but "fines for using a VPN": the use is what the act hits. */
function isMeans(field: Field, at: number, reach: number): boolean {
  const by = field.cueBefore(at, 'means', reach);
  const hit = (c: Cue): boolean =>
    (c.cls === 'legal' || c.cls === 'block') && c.from < by!.from && c.to >= by!.to && c.to <= at;
  return by !== null && !field.cuesAround(at).some(hit);
}

/** "yalnızca VPN ile açılıyor": the phrase of what does not work has it inside. */
const isOnlyWay = (field: Field, { from, to }: Mention): boolean =>
  field.sentenceHas(from, 'down', (c) => c.from < from && c.to > to);

/** "… – DW – 12.03.2022", "… — BBC News Русская служба": what a page puts behind its title. */
function signs({ field, m: { from, to } }: Named): boolean {
  if (field.name !== 'title' || field.tokens.length - to > SIGNATURE) return false;
  const { gap, start } = field.tokens[from]!;
  if ((gap & GAP.clause) === 0 || (gap & GAP.open) !== 0 || /[«"“„]/u.test(field.text.charAt(start - 1))) return false;
  if (to === field.tokens.length) return true;
  if ((gap & GAP.colon) !== 0 || field.mentions.some((o) => o.from >= to)) return false;
  return !field.cues.some((c) => isAct(c) && c.from >= to) && field.cues.some((c) => isAct(c) && c.to <= from);
}

const SIGNATURE = 5;

/** "said restrictions on X", "blocked pages of a paper on X": the last word of the phrase belongs to what is cut. */
const isLimitOn = (field: Field, on: Cue): boolean =>
  (on.to - on.from > 1 && field.hasBefore(on.to - 1, ['restrict', 'block', 'noun'])) ||
  (field.hasCue(on.from, 'func') &&
    field.hasBefore(on.from, ['block', 'restrict'], REACH.beside) &&
    // The page of a paper that has a name of its own is that paper.
    !field.mentionsAround(on.from).some((m) => m.from > on.from && m.to < on.to));

/** "blocks dozens of Telegram channels": an act before it, and nothing that parts them. */
const isHit = (field: Field, from: number): boolean => {
  const act = field.cueBefore(from, ['block', 'restrict', 'unblock'], REACH.phrase);
  return act !== null && (from - act.to <= REACH.beside || isPlainRun(field, act.to, from));
};

/** "Starlink refused to block X": a name, a verb, another name. */
function actsOnAnother({ field, m }: Named): boolean {
  if (isPress(m)) return false;
  for (let i = m.to; i < Math.min(m.to + 4, field.tokens.length); i++) {
    const { gap, cap } = field.tokens[i]!;
    // "restores X while another country blocks Y": what happens in another clause.
    if (field.prop[i] !== field.prop[m.from]) return false;
    if ((gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0 || (cap && field.name !== 'title')) return false;
    if (field.hasCue(i, ['and', 'auth'])) return false;
    const act = field.cuesAt[i]!.find((c) => ACTS.has(c.cls));
    if (act === undefined) continue;
    const to = field.cueBefore(i, 'inf');
    // "orders Cloudflare to block pirate sites", "orders TikTok to shut its offices"
    const many = to !== null && to.from === m.to ? field.cueAfter(act.to, ['social', 'other'], TOOL_REACH) : null;
    if (many !== null && !field.mentionsAround(i).some((o) => o.from >= act.to && o.from < many.from)) return true;
    return field.mentionsAround(i).some(
      (o) =>
        o.id !== m.id &&
        o.category !== 'app-store' &&
        o.category !== 'search' &&
        // "X became accessible without a VPN"
        !(o.category === 'vpn' && field.hasBefore(o.from, 'means', REACH.near)) &&
        // "Telegram'ın engellenmesi Signal'e yaradı": who gains by it is not hit.
        !field.hasAfter(o.to, 'likeafter', REACH.beside) &&
        o.from >= act.to &&
        o.from - act.to <= REACH.near &&
        isPlainRun(field, act.to, o.from),
    );
  }
  return false;
}

const TOOL_REACH = 5;

/** "kann nicht mehr auf X zugreifen": the verb encloses its object. */
const isReachedOver = (field: Field, m: Mention): boolean =>
  field.sentenceHas(m.from, ACTS, (c) => c.from < m.from && c.to > m.to);

/** No comma and no "and" between. */
function isPlainRun(field: Field, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) {
    if (field.gapAt(i, GAP.comma | GAP.clause | GAP.sentence)) return false;
    if (i < to && field.hasCue(i, ['and', 'after', 'platformed'])) return false;
  }
  return true;
}

function sameProp(field: Field, a: number, b: number): boolean {
  const last = Math.min(b, field.tokens.length - 1);
  return field.prop[a] === field.prop[last];
}

/** "Viber and Signal remain open": both; "bans Viber, Signal remains open": the second, since something happens to the first. */
function staysOpen({ field, m }: Named): boolean {
  const remain = field.cueAfter(m.to, 'remain', REACH.phrase);
  if (remain === null || !sameProp(field, m.from, m.to + 3)) return false;
  // "works as usual again": it did not before.
  if (field.covering(remain, 'unblock') !== undefined) return false;
  const next = field.mentionsAround(m.from).findLast((o) => o.from >= m.to && o.to <= remain.from);
  if (next === undefined) return true;
  const prop = field.prop[m.from];
  return !field.cuesAround(m.from).some((c) => isAct(c) && c.to <= next.from && field.prop[c.from] === prop);
}

function isTurnedTo({ field, m: { from } }: Named): boolean {
  const toward = field.cueBefore(from, 'toward', REACH.close);
  return (
    toward !== null &&
    !isReached(field, toward) &&
    !field.cues.some((c) => (ACTS.has(c.cls) || c.cls === 'circumstance') && c.from >= toward.to && c.to <= from)
  );
}

/** "social networks like X" is a list, not a comparison. "After X, Y: …": the word is of the name before the comma. */
function isLike({ field, m: { from } }: Named): boolean {
  const like = field.cueBefore(from, 'like', REACH.beside);
  if (like === null) return false;
  // "After Russia, X is blocked in …" without a comma: the word is of the place.
  if (like.to < from && field.placeAt(like.to) !== undefined) return false;
  const aside = like.from === 0 && like.to < from && field.gapAt(from, GAP.comma);
  return !aside && !field.hasBefore(like.from, ['social', 'kind', 'ownable']);
}

/** A cue right behind the name, or at most `reach` words further. */
const after = ({ field, m }: Named, cls: Classes, reach?: number): boolean => field.hasAfter(m.to, cls, reach);
const before = ({ field, m }: Named, cls: Classes, reach?: number): boolean => field.hasBefore(m.from, cls, reach);
/** One token for the "s" of "X's". */
const possessive = ({ field, m: { to } }: Named): number =>
  field.tokens[to]?.w === 's' && field.tokens[to]!.gap === GAP.none ? 1 : 0;

/** Names that are ordinary words ("X", "Signal", "Max"): which of them mean the service. */

/** Words that may stand between a name and its verb. */
const LITTLE = classSet('little');

/** "messenger" is what others are called: alone it is no name, in a list of names it is. */
const isKind = (field: Field, m: Mention): boolean => field.hasCue(m.from, ['kind', 'social'], (c) => c.to === m.to);

interface EverydayName extends Named {
  /** Services that are named for sure. */
  sure: ReadonlySet<string>;
}

export const inContext = (field: Field, m: Mention, sure: ReadonlySet<string>): boolean =>
  firstOf(EVERYDAY, { field, m, sure }, field, m)?.effect ?? false;

/** What such a name may stand behind. */
const NAMING: ReadonlySet<CueClass> = new Set([...ACTS, 'access', 'legal', 'threat']);

const EVERYDAY_ROWS: Conditions<'everyday', EverydayName> = {
  'called-app': ({ field, m }) =>
    !isKind(field, m) && (field.hasBefore(m.from, 'kind', REACH.beside) || field.hasAfter(m.to, 'kind', REACH.beside)),
  // Two of a kind side by side ("RT and Sputnik") vouch for each other.
  'in-list': isVouchedFor,
  'only-a-kind': ({ field, m }) => isKind(field, m),
  'behind-act': ({ field, m }) => field.hasBefore(m.from, NAMING, REACH.near),
  // "Signal appears to be blocked": little words may stand between, a noun may not ("Signal failure blocks trains").
  'before-act': isBeforeAct,
};
export const EVERYDAY = table('everyday', EVERYDAY_ROWS, { service: true, word: false });

function isVouchedFor({ field, m, sure }: EverydayName): boolean {
  return field
    .mentionsAround(m.from)
    .some(
      (other) =>
        other !== m &&
        other.role === null &&
        other.id !== m.id &&
        (!other.everyday || sure.has(other.id) || other.category === m.category) &&
        beside(field, m, other),
    );
}

function isBeforeAct({ field, m }: EverydayName): boolean {
  let reach = 0;
  while (reach < MOST_LITTLE && isLittle(field, m.to + reach)) reach++;
  return field.hasAfter(m.to, ACTS, reach);
}
const MOST_LITTLE = 4;

function isLittle(field: Field, i: number): boolean {
  const token = field.tokens[i];
  if (token === undefined) return false;
  // "X in Brazil blocked": a place may stand between, too.
  if (field.places.some((p) => p.from <= i && i < p.to)) return true;
  return !token.cap && (token.w.length <= 3 || field.hasCue(i, LITTLE));
}
