import { besideNames } from './beside.ts';
import {
  ACT_SET,
  ACTS,
  type Cue,
  clauseOf,
  cueAfter,
  cueBefore,
  cuesAround,
  type Field,
  hasCue,
  isAct,
  type Mention,
  mentionsAround,
  placeAt,
  REACH,
} from './field.ts';
import type { CueClass } from './rules/classes.ts';
import { GAP } from './text/tokens.ts';

/** Mentions of a service that acts, obeys, hosts or signs, and is not what an act hits. */

/** A service where it is named. */
export interface Named {
  field: Field;
  m: Mention;
}

/** Access to it is what an act cuts. */
function isReached(field: Field, { from }: Cue): boolean {
  const access = cueBefore(field, from, REACH.close, 'access');
  return access !== null && cueBefore(field, access.from, REACH.beside, ['block', 'restrict', 'cut']) !== null;
}

/** "with a VPN"; but "fines for using a VPN": the use is what the act hits. */
export function isMeans(field: Field, at: number, reach: number): boolean {
  const by = cueBefore(field, at, reach, 'means');
  const hit = (c: Cue): boolean =>
    (c.cls === 'legal' || c.cls === 'block') && c.from < by!.from && c.to >= by!.to && c.to <= at;
  return by !== null && !cuesAround(field, at).some(hit);
}

/** "yalnızca VPN ile açılıyor": the phrase of what does not work has it inside. */
export const isOnlyWay = (field: Field, { from, to }: Mention): boolean =>
  cuesAround(field, from).some((c) => c.cls === 'down' && c.from < from && c.to > to);

/** "… – DW – 12.03.2022", "… — BBC News Русская служба": what a page puts behind its title. */
export function signs(field: Field, { from, to }: Mention): boolean {
  if (field.name !== 'title' || field.tokens.length - to > SIGNATURE) return false;
  const { gap, start } = field.tokens[from]!;
  if ((gap & GAP.clause) === 0 || (gap & GAP.open) !== 0 || /[«"“„]/u.test(field.text.charAt(start - 1))) return false;
  if (to === field.tokens.length) return true;
  if ((gap & GAP.colon) !== 0 || field.mentions.some((o) => o.from >= to)) return false;
  for (let i = to; i < field.tokens.length; i++) if (field.cuesAt[i]!.some((c) => isAct(c))) return false;
  return field.cues.some((c) => isAct(c) && c.to <= from);
}

const SIGNATURE = 5;

/** "the addresses of Google that X uses": X is meant. */
export const isHost = (field: Field, m: Mention): boolean =>
  cueBefore(field, m.from, REACH.beside, 'ip') !== null &&
  cuesAround(field, m.from).some((c) => c.cls === 'uses') &&
  mentionsAround(field, m.from).some((o) => o.id !== m.id && !o.everyday);

/** "said restrictions on X", "blocked pages of a paper on X": the last word of the phrase belongs to what is cut. */
export const isLimitOn = (field: Field, on: Cue): boolean =>
  (on.to - on.from > 1 && cueBefore(field, on.to - 1, REACH.touching, ['restrict', 'block', 'noun']) !== null) ||
  (hasCue(field, on.from, 'func') &&
    cueBefore(field, on.from, REACH.beside, ['block', 'restrict']) !== null &&
    // The page of a paper that has a name of its own is that paper.
    !mentionsAround(field, on.from).some((m) => m.from > on.from && m.to < on.to));

/** "blocks dozens of Telegram channels": an act before it, and nothing that parts them. */
export const isHit = (field: Field, from: number): boolean => {
  const act = cueBefore(field, from, REACH.phrase, ['block', 'restrict', 'unblock']);
  return act !== null && (from - act.to <= REACH.beside || isPlainRun(field, act.to, from));
};

/** "X accounts are no longer visible": the act begins with the word behind the name. */
export const isHiddenPart = ({ field, m }: Named): boolean =>
  field.cuesAt[m.to]!.some((c) => c.cls === 'restrict' && c.to - c.from > 1);

/** "Starlink refused to block X": a name, a verb, another name. */
export function actsOnAnother(field: Field, m: Mention): boolean {
  if (m.category === 'media' || m.category === 'news') return false;
  for (let i = m.to; i < Math.min(m.to + 4, field.tokens.length); i++) {
    const { gap, cap } = field.tokens[i]!;
    // "restores X while another country blocks Y": what happens in another clause.
    if (field.prop[i] !== field.prop[m.from]) return false;
    if ((gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0 || (cap && field.name !== 'title')) return false;
    if (field.cuesAt[i]!.some((c) => c.cls === 'and' || c.cls === 'auth')) return false;
    const act = field.cuesAt[i]!.find((c) => ACT_SET.has(c.cls));
    if (act === undefined) continue;
    const to = cueBefore(field, i, REACH.touching, 'inf');
    // "orders Cloudflare to block pirate sites", "orders TikTok to shut its offices"
    const many = to !== null && to.from === m.to ? cueAfter(field, act.to, TOOL_REACH, ['social', 'other']) : null;
    if (many !== null && !mentionsAround(field, i).some((o) => o.from >= act.to && o.from < many.from)) return true;
    return mentionsAround(field, i).some(
      (o) =>
        o.id !== m.id &&
        o.category !== 'app-store' &&
        o.category !== 'search' &&
        // "X became accessible without a VPN"
        !(o.category === 'vpn' && cueBefore(field, o.from, REACH.near, 'means') !== null) &&
        // "Telegram'ın engellenmesi Signal'e yaradı": who gains by it is not hit.
        cueAfter(field, o.to, REACH.beside, 'likeafter') === null &&
        o.from >= act.to &&
        o.from - act.to <= REACH.near &&
        isPlainRun(field, act.to, o.from),
    );
  }
  return false;
}

const TOOL_REACH = 5;

/** "kann nicht mehr auf X zugreifen": the verb encloses its object. */
export const isReachedOver = (field: Field, m: Mention): boolean =>
  cuesAround(field, m.from).some((c) => ACT_SET.has(c.cls) && c.from < m.from && c.to > m.to);

/** "Google has to block the sites", "blames Facebook for the ban on social media": sites or platforms right behind the act, a name far before it. */
export function actsOnMany(field: Field, m: Mention): boolean {
  for (
    let i = m.to;
    i < Math.min(m.to + MANY_REACH, field.tokens.length) && field.prop[i] === field.prop[m.from];
    i++
  ) {
    // "puts X on the list of banned sites": a quality.
    if (!hasCue(field, i, 'many') || cueBefore(field, i, REACH.touching, 'attr') !== null) continue;
    const act = cueBefore(field, i, HIT_REACH, ACTS) ?? actOver(field, i);
    if (act === null || act.cls === 'delist' || act.from < m.to) continue;
    // "on the register of banned sites": a quality.
    if (field.cuesAt[act.from]!.some((c) => c.cls === 'attr' && c.to >= act.to)) continue;
    return cueBefore(field, m.from, act.from - m.to, ACTS) === null;
  }
  return false;
}

const MANY_REACH = 18;

/** "to block piracy domains", where the whole is one phrase. */
const actOver = (field: Field, i: number): Cue | null =>
  cuesAround(field, i).find((c) => ACT_SET.has(c.cls) && c.from < i && c.to > i) ?? null;

/** "block access to a hundred of the sites" */
const HIT_REACH = 5;

/** "Starlink will comply with the order to block X", "with help from Cloudflare, restores the block of X": who carries out what hits another. */
export function carriesOut(field: Field, m: Mention): boolean {
  const obeys = cueAfter(field, m.to, OBEYS_REACH, 'complies');
  const helps = cueBefore(field, m.from, REACH.beside, 'helpedby');
  if (obeys === null && helps === null) return false;
  const from = obeys?.to ?? m.to;
  const act = field.cuesIn[field.sentence[m.from]!]!.find((c) => ACT_SET.has(c.cls) && c.from >= from);
  const hit = (x: { from: number; to: number }): boolean =>
    act !== undefined && x.from >= act.from && x.from - act.to <= HIT_REACH;
  return (
    mentionsAround(field, m.from).some((o) => o.id !== m.id && hit(o)) ||
    cuesAround(field, m.from).some((c) => (c.cls === 'net' || c.cls === 'social') && hit(c)) ||
    (helps !== null && mentionsAround(field, m.from).some((o) => o.id !== m.id && o.from < m.from))
  );
}
const OBEYS_REACH = 2;

/** No comma and no "and" between. */
function isPlainRun(field: Field, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) {
    if ((field.tokens[i]!.gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0) return false;
    if (i < to && field.cuesAt[i]!.some((c) => c.cls === 'and' || c.cls === 'after' || c.cls === 'platformed'))
      return false;
  }
  return true;
}

function sameProp(field: Field, a: number, b: number): boolean {
  const last = Math.min(b, field.tokens.length - 1);
  return field.prop[a] === field.prop[last];
}

/** "Viber and Signal remain open": both; "bans Viber, Signal remains open": the second, since something happens to the first. */
export function staysOpen({ field, m }: Named): boolean {
  const remain = cueAfter(field, m.to, REACH.phrase, 'remain');
  if (remain === null || !sameProp(field, m.from, m.to + 3)) return false;
  // "works as usual again": it did not before.
  if (cuesAround(field, m.from).some((c) => c.cls === 'unblock' && c.from <= remain.from && c.to >= remain.to))
    return false;
  const next = mentionsAround(field, m.from).findLast((o) => o.from >= m.to && o.to <= remain.from);
  if (next === undefined) return !isOfUnknown(field, m, remain);
  const prop = field.prop[m.from];
  return !cuesAround(field, m.from).some((c) => isAct(c) && c.to <= next.from && field.prop[c.from] === prop);
}

/** "bans Viber, Bale remains open": behind the comma something that the catalogue lacks, and something happens to the name. */
function isOfUnknown(field: Field, { from, to }: Mention, remain: Cue): boolean {
  const prop = field.prop[from];
  if (!cuesAround(field, from).some((c) => ACT_SET.has(c.cls) && c.to <= remain.from && field.prop[c.from] === prop))
    return false;
  for (let i = to; i < remain.from; i++)
    if ((field.tokens[i]!.gap & GAP.comma) !== 0 && (field.tokens[i]!.cap || !isCased(field.tokens[i]!.w))) return true;
  return false;
}

const isCased = (word: string): boolean => word.toUpperCase() !== word.toLowerCase();

export function ownsNext({ field, m }: Named): boolean {
  return mentionsAround(field, m.from).some(
    (o) =>
      o.from > m.to &&
      o.from - m.to <= REACH.close &&
      o.id !== m.id &&
      m.category !== 'media' &&
      (o.from === m.to + 1 || field.cuesAt[m.to + 1]!.some((c) => c.cls === 'kind' || c.cls === 'ownable')),
  );
}

/** "without", "but no" as an act of its own (not-yet.ts). */
export const tellsOfLack = (field: Field, { from, to }: Cue): boolean =>
  cuesAround(field, from).some((c) => c.to === to && ((c.cls === 'down' && c.from === from) || c.cls === 'still'));

/** Behind the name "over" and another name, which the sentence names again. */
export function isOwnerOfReason({ field, m }: Named): boolean {
  const over = cueAfter(field, m.to, REACH.touching, 'about');
  const all = mentionsAround(field, m.from);
  const reason = over === null ? undefined : all.find((o) => o.from === over.to && o.id !== m.id);
  return reason !== undefined && all.some((o) => o.id === reason.id && o.from > reason.from);
}

/** Another name of the sentence begins with this one, and does not stand beside it in a list. */
export const hasLonger = (field: Field, m: Mention): boolean =>
  mentionsAround(field, m.from).some((o) => o.id.startsWith(`${m.id}-`) && !besideNames(field, m, o));

export function isHyphened({ field, m }: Named): boolean {
  const joint = field.tokens[m.to];
  return joint !== undefined && joint.gap === GAP.none && /^(?:like|style|free|first)$/u.test(joint.w);
}

export function cameFirst({ field, m: { from, to } }: Named): boolean {
  const after = cueBefore(field, from, REACH.touching, 'after');
  return (
    after !== null &&
    after.from === field.sentences[field.sentence[from]!]!.from &&
    ((field.tokens[to]?.gap ?? 0) & GAP.comma) !== 0 &&
    cueAfter(field, to, REACH.phrase, ACTS) !== null
  );
}

export function isCounted({ field, m: { from } }: Named): boolean {
  return (
    from > 0 && (/^\d+$/u.test(field.tokens[from - 1]!.w) || cueBefore(field, from, REACH.touching, 'number') !== null)
  );
}

export function isTurnedTo({ field, m: { from } }: Named): boolean {
  const toward = cueBefore(field, from, REACH.close, 'toward');
  return (
    toward !== null &&
    !isReached(field, toward) &&
    !field.cues.some((c) => (ACT_SET.has(c.cls) || c.cls === 'circumstance') && c.from >= toward.to && c.to <= from)
  );
}

/** "social networks like X" is a list, not a comparison. "After X, Y: …": the word is of the name before the comma. */
export function isLike({ field, m: { from } }: Named): boolean {
  const like = cueBefore(field, from, REACH.beside, 'like');
  if (like === null) return false;
  // "After Russia, X is blocked in …" without a comma: the word is of the place.
  if (like.to < from && placeAt(field, like.to) !== undefined) return false;
  // "Trois ans après, X reste bloqué": the end of a time.
  if (field.cuesAt[like.from - 1]?.some((c) => c.cls === 'retro' && c.to >= like.to)) return false;
  const aside = like.from === 0 && like.to < from && (field.tokens[from]!.gap & GAP.comma) !== 0;
  return !aside && cueBefore(field, like.from, REACH.touching, ['social', 'kind', 'ownable']) === null;
}

/** "blocks Al Jazeera on TV and YouTube": the place, not the target. */
export function isShownThere(field: Field, m: Mention): boolean {
  const { cues } = clauseOf(field, m.from);
  const acts = cuesAround(field, m.from).filter(isAct);
  return cues.some((on) => {
    if (on.cls !== 'platformed' || on.to > m.from || m.from - on.to > 8) return false;
    // What is shown there is named before it, behind the act.
    const act = cues.find((c) => isAct(c) && c.to <= on.from);
    if (act === undefined || acts.some((c) => c.from >= on.to && c.to <= m.from)) return false;
    return field.mentions.some(
      (o) => (o.category === 'media' || o.category === 'news') && o.from >= act.to && o.to <= on.from,
    );
  });
}

/** A cue right behind the name, or at most `reach` words further. */
export const after = ({ field, m }: Named, reach: number, cls: CueClass | readonly CueClass[]): boolean =>
  cueAfter(field, m.to, reach, cls) !== null;
export const before = ({ field, m }: Named, reach: number, cls: CueClass | readonly CueClass[]): boolean =>
  cueBefore(field, m.from, reach, cls) !== null;
/** One token for the "s" of "X's". */
export const possessive = ({ field, m: { to } }: Named): number =>
  field.tokens[to]?.w === 's' && field.tokens[to]!.gap === GAP.none ? 1 : 0;
