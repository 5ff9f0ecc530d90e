import { beside, besideNames } from '../beside.ts';
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
  'said-on-kind': ({ field, m }) => {
    const kind = field.cueBefore(m.from, ['kind', 'social']);
    return kind !== null && field.hasBefore(kind.from, 'on', REACH.beside);
  },
  'channel-of': (at) => after(at, 'channel') && !isHit(at.field, at.m.from) && !isHiddenPart(at),
  // "फेसबुक ने": the case of the one who acts.
  agent: (at) => after(at, 'agent'),
  'channel-before': (at) => before(at, 'channel'),
  // "Cloudflare Radar": who measures.
  monitor: ({ field, m }) =>
    field.sentenceHas(m.from, 'monitor', (c) => c.from <= m.from && c.to >= m.to && c.to - c.from > m.to - m.from),
  // "legal action against X over Grok's images, threatens to cut Grok": the reason is what is hit, and named as such.
  'owner-of-reason': isOwnerOfReason,
  'parent-behind': (at) => {
    const s = possessive(at);
    const parent = at.field.cueAfter(at.m.to + s, s === 1 ? ['parent', 'appstore'] : 'parent');
    // "YouTube, owned by Google": the owner follows.
    return parent !== null && !at.field.hasCue(parent.from, 'parentof');
  },
  'owner-of': (at) => before(at, 'parentof', REACH.beside),
  // "X's chatbot Grok": the first name is the owner.
  possessive: (at) => possessive(at) === 1 && ownsNext(at),
  // "If Google opens no office, Google Meet will be limited": whose it is.
  'owner-of-longer': hasLonger,
  // "a 4chan-like forum", "Facebook-free internet".
  hyphened: isHyphened,
  // "a Twitter clone", "the Telegram rival".
  likened: (at) => at.field.hasAfter(at.m.to + possessive(at), 'likened'),
  // "Ethiopia without X: …": it lacks it.
  except: ({ field, m }) => {
    const except = field.cueBefore(m.from, 'except');
    return except !== null && !tellsOfLack(field, except);
  },
  // "After X, Turkey blocks Y": the one before.
  'came-first': cameFirst,
  // "nine BitTorrent sites"
  'kind-of-sites': (at) => at.m.category === 'infrastructure' && isCounted(at) && after(at, 'social'),
  store: ({ field, m }) =>
    m.category === 'search' && field.sentenceHas(m.from, 'appstore', (c) => c.to > m.to && c.from <= m.to + 1),
  'shown-there': (at) => !isPress(at.m) && isShownThere(at),
  'acts-on-another': actsOnAnother,
  'acts-on-many': actsOnMany,
  'carries-out': carriesOut,
  host: isHost,
  // "push for ban on X", "block access to the alternative X": what the act hits.
  'turned-to': isTurnedTo,
  // "Instagram'ın ardından Roblox": languages that say "after" behind the name.
  'like-behind': (at) => after(at, 'likeafter', REACH.beside),
  like: isLike,
  remains: staysOpen,
};
export const ROLE = table('role', ROLE_ROWS);

/** Newspapers, agencies and those who measure: who says it is no target of it. */

/** Categories of services that are sources, too. */
const SOURCES = new Set(['media', 'infrastructure', 'ngo', 'news']);
const SOURCE_ROWS: Conditions<'source', Named> = {
  says: (at) => after(at, 'say', REACH.beside) && !after(at, ACTS, REACH.beside),
  'according-to': (at) => before(at, 'acc', REACH.near),
  // "bans Al Jazeera reporters", "Бюро Deutsche Welle": people and rooms, no site.
  staff: (at) => after(at, 'staff') || before(at, 'staff'),
  'before-colon': ({ field, m }) => m.from === 0 && field.gapAt(m.to, GAP.colon),
  signature: signs,
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

/** "the addresses of Google that X uses": X is meant. */
function isHost({ field, m }: Named): boolean {
  return (
    field.hasBefore(m.from, 'ip', REACH.beside) &&
    field.sentenceHas(m.from, 'uses') &&
    field.mentionsAround(m.from).some((o) => o.id !== m.id && !o.everyday)
  );
}

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

/** "X accounts are no longer visible": the act begins with the word behind the name. */
const isHiddenPart = ({ field, m }: Named): boolean => field.hasCue(m.to, 'restrict', (c) => c.to - c.from > 1);

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

/** "Google has to block the sites", "blames Facebook for the ban on social media": sites or platforms right behind the act, a name far before it. */
function actsOnMany({ field, m }: Named): boolean {
  for (
    let i = m.to;
    i < Math.min(m.to + MANY_REACH, field.tokens.length) && field.prop[i] === field.prop[m.from];
    i++
  ) {
    // "puts X on the list of banned sites": a quality.
    if (!field.hasCue(i, 'many') || field.hasBefore(i, 'attr')) continue;
    const act = field.cueBefore(i, ACTS, HIT_REACH) ?? actOver(field, i);
    if (act === null || act.cls === 'delist' || act.from < m.to) continue;
    return !field.hasBefore(m.from, ACTS, act.from - m.to);
  }
  return false;
}

const MANY_REACH = 18;

/** "to block piracy domains", where the whole is one phrase. */
const actOver = (field: Field, i: number): Cue | null =>
  field.cuesAround(i).find((c) => ACTS.has(c.cls) && c.from < i && c.to > i) ?? null;

/** "block access to a hundred of the sites" */
const HIT_REACH = 5;

/** "Starlink will comply with the order to block X", "with help from Cloudflare, restores the block of X": who carries out what hits another. */
function carriesOut({ field, m }: Named): boolean {
  const obeys = field.cueAfter(m.to, 'complies', OBEYS_REACH);
  const helps = field.cueBefore(m.from, 'helpedby', REACH.beside);
  if (obeys === null && helps === null) return false;
  const from = obeys?.to ?? m.to;
  const act = field.cuesAround(m.from).find((c) => ACTS.has(c.cls) && c.from >= from);
  const hit = (x: { from: number; to: number }): boolean =>
    act !== undefined && x.from >= act.from && x.from - act.to <= HIT_REACH;
  return (
    field.mentionsAround(m.from).some((o) => o.id !== m.id && hit(o)) ||
    field.sentenceHas(m.from, ['net', 'social'], (c) => hit(c))
  );
}
const OBEYS_REACH = 2;

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
  if (next === undefined) return !isOfUnknown(field, m, remain);
  const prop = field.prop[m.from];
  return !field.cuesAround(m.from).some((c) => isAct(c) && c.to <= next.from && field.prop[c.from] === prop);
}

/** "bans Viber, Bale remains open": behind the comma something that the catalogue lacks, and something happens to the name. */
function isOfUnknown(field: Field, { from, to }: Mention, remain: Cue): boolean {
  const prop = field.prop[from];
  if (!field.sentenceHas(from, ACTS, (c) => c.to <= remain.from && field.prop[c.from] === prop)) return false;
  for (let i = to; i < remain.from; i++)
    if (field.gapAt(i, GAP.comma) && (field.tokens[i]!.cap || !isCased(field.tokens[i]!.w))) return true;
  return false;
}

const isCased = (word: string): boolean => word.toUpperCase() !== word.toLowerCase();

function ownsNext({ field, m }: Named): boolean {
  return field
    .mentionsAround(m.from)
    .some(
      (o) =>
        o.from > m.to &&
        o.from - m.to <= REACH.close &&
        o.id !== m.id &&
        m.category !== 'media' &&
        (o.from === m.to + 1 || field.hasCue(m.to + 1, ['kind', 'ownable'])),
    );
}

/** "without", "but no" as an act of its own (text/read-field.ts). */
const tellsOfLack = (field: Field, { from, to }: Cue): boolean =>
  field.cuesAround(from).some((c) => c.to === to && ((c.cls === 'down' && c.from === from) || c.cls === 'still'));

/** Behind the name "over" and another name, which the sentence names again. */
function isOwnerOfReason({ field, m }: Named): boolean {
  const over = field.cueAfter(m.to, 'about');
  const all = field.mentionsAround(m.from);
  const reason = over === null ? undefined : all.find((o) => o.from === over.to && o.id !== m.id);
  return reason !== undefined && all.some((o) => o.id === reason.id && o.from > reason.from);
}

/** Another name of the sentence begins with this one, and does not stand beside it in a list. */
function hasLonger({ field, m }: Named): boolean {
  return field.mentionsAround(m.from).some((o) => o.id.startsWith(`${m.id}-`) && !besideNames(field, m, o));
}

function isHyphened({ field, m }: Named): boolean {
  const joint = field.tokens[m.to];
  return joint !== undefined && joint.gap === GAP.none && /^(?:like|style|free|first)$/u.test(joint.w);
}

function cameFirst({ field, m: { from, to } }: Named): boolean {
  const after = field.cueBefore(from, 'after');
  return (
    after !== null &&
    after.from === field.sentenceOf(from).from &&
    field.gapAt(to, GAP.comma) &&
    field.hasAfter(to, ACTS, REACH.phrase)
  );
}

function isCounted({ field, m: { from } }: Named): boolean {
  return from > 0 && (/^\d+$/u.test(field.tokens[from - 1]!.w) || field.hasBefore(from, 'number'));
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
  // "Trois ans après, X reste bloqué": the end of a time.
  if (field.cuesAt[like.from - 1]?.some((c) => c.cls === 'retro' && c.to >= like.to)) return false;
  const aside = like.from === 0 && like.to < from && field.gapAt(from, GAP.comma);
  return !aside && !field.hasBefore(like.from, ['social', 'kind', 'ownable']);
}

/** "blocks Al Jazeera on TV and YouTube": the place, not the target. */
function isShownThere({ field, m }: Named): boolean {
  const { cues } = field.clauseOf(m.from);
  const acts = field.cuesAround(m.from).filter(isAct);
  return cues.some((on) => {
    if (on.cls !== 'platformed' || on.to > m.from || m.from - on.to > 8) return false;
    // What is shown there is named before it, behind the act.
    const act = cues.find((c) => isAct(c) && c.to <= on.from);
    if (act === undefined || acts.some((c) => c.from >= on.to && c.to <= m.from)) return false;
    return field.mentions.some((o) => isPress(o) && o.from >= act.to && o.to <= on.from);
  });
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
  // "X'i": what takes an apostrophe and an ending is a name, however far its verb is.
  declined: (at) => isDeclined(at) && at.field.clauseOf(at.m.from).cues.some(isAct),
  // "Max Verstappen", "Signal Iduna": a capital that no one knows follows, and it is another name.
  'longer-name': isLongerName,
  // "takes X offline": the act stands around the name.
  'act-around': ({ field, m }) =>
    field.cuesAround(m.from).some((c) => c.from < m.from && c.to > m.to && (ACTS.has(c.cls) || c.cls === 'legal')),
  // "Signal, the app that was blocked": what it is, behind a comma.
  apposed: ({ field, m }) => field.gapAt(m.to, GAP.comma) && field.hasAfter(m.to, 'kind', APPOSED),
  // "X in Pakistan for a month blocked": at the head of a title, before a scene.
  'heads-title': headsTitle,
  'behind-act': ({ field, m }) => field.hasBefore(m.from, NAMING, REACH.near),
  // "X access restored"
  'before-access': ({ field, m }) => field.hasAfter(m.to, 'access'),
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

function isDeclined({ field, m }: EverydayName): boolean {
  const ending = field.tokens[m.to];
  return (
    ending?.gap === GAP.none &&
    !ending.cap &&
    ending.w !== 's' &&
    ending.w.length <= LONGEST_ENDING &&
    field.tokens[m.from]!.cap
  );
}
const LONGEST_ENDING = 4;

function isLongerName({ field, m }: EverydayName): boolean {
  const next = field.tokens[m.to];
  return (
    next?.cap === true &&
    next.gap === GAP.space &&
    field.cuesAt[m.to]!.length === 0 &&
    !field.places.some((p) => p.from === m.to)
  );
}

function headsTitle({ field, m }: EverydayName): boolean {
  return (
    field.name === 'title' &&
    m.from === 0 &&
    field.places.some((p) => p.from === m.to + 1) &&
    field.hasAfter(m.to, ['block', 'restrict', 'throttle', 'unblock', 'down'], HEADED)
  );
}

function isBeforeAct({ field, m }: EverydayName): boolean {
  let reach = 0;
  while (reach < MOST_LITTLE && isLittle(field, m.to + reach)) reach++;
  return field.hasAfter(m.to, ACTS, reach);
}
const MOST_LITTLE = 4;

/** Words between a name and what it is called. */
const APPOSED = 3;

const HEADED = 8;

function isLittle(field: Field, i: number): boolean {
  const token = field.tokens[i];
  if (token === undefined) return false;
  // "X in Brazil blocked": a place may stand between, too.
  if (field.places.some((p) => p.from <= i && i < p.to)) return true;
  return !token.cap && (token.w.length <= 3 || field.hasCue(i, LITTLE));
}
