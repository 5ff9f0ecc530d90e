import { inContext, isKind } from './everyday.ts';
import { beside, spreadLists } from './lists.ts';
import type { Field, Mention } from './read.ts';
import { cueAfter, cueBefore, cuesAround, mentionsAround } from './read.ts';
import {
  actsOnAnother,
  actsOnMany,
  carriesOut,
  hasOwned,
  isHit,
  isHost,
  isMeans,
  isReached,
  isReachedOver,
  sameProp,
  signs,
} from './role-cues.ts';
import { ACT_SET, ACTS, isAct } from './scope.ts';
import { GAP } from './tokens.ts';

/** Decides for each service named whether it can be what the news is about, or is a channel, a source, a rival, a means of circumvention … */
export function assignRoles(fields: Field[]): void {
  const sure = new Set<string>();
  for (const field of fields) for (const m of field.mentions) if (!m.everyday) sure.add(m.id);
  for (const field of fields) {
    for (const m of field.mentions) m.role = roleOf(field, m);
    // Called the source once in a sentence, or only compared with, the same name is no target in it.
    for (const m of field.mentions)
      if (m.role === null)
        m.role =
          mentionsAround(field, m.from).find(
            (o) => o.id === m.id && (o.role === 'source' || (o.role === 'likened' && o.from < m.from)),
          )?.role ?? null;
    // An everyday word is a service when it is named so elsewhere, stands beside sure ones in a list, or is called an app here.
    for (let pass = 0; pass < 2; pass++) {
      for (const m of field.mentions) {
        if (m.role === null && m.everyday && !sure.has(m.id) && inContext(field, m, sure)) sure.add(m.id);
      }
    }
    for (const m of field.mentions) if (m.everyday && m.role === null && !sure.has(m.id)) m.role = 'everyday word';
    spreadLists(field);
    // Google beside YouTube in the title is who owns it; in the title itself, where it stands apart from it.
    if (field.name === 'title') {
      for (const m of field.mentions)
        if (
          m.role === null &&
          m.category === 'search' &&
          field.mentions.some((o) => o.category === 'video' && o.role === null && o.to < m.from) &&
          !field.mentions.some((o) => o !== m && beside(field, o, m)) &&
          !field.cues.some(
            (c) => isAct(c) && field.prop[c.from] === field.prop[m.from] && Math.abs(c.from - m.from) <= 2,
          )
        )
          m.role = 'owner';
    } else
      for (const m of field.mentions)
        if (
          m.role === null &&
          m.category === 'search' &&
          cueBefore(field, m.from, 0, 'kind') === null &&
          fields[0]!.mentions.some((t) => t.category === 'video') &&
          !fields[0]!.mentions.some((t) => t.id === m.id)
        )
          m.role = 'owner';
  }
  // "After X, Turkey blocks Y", says the title: the text speaks of X as what came first, too.
  for (const field of fields.slice(1))
    for (const m of field.mentions) {
      const titled = fields[0]!.mentions.filter((t) => t.id === m.id);
      if (m.role === null && titled.length > 0 && titled.every((t) => t.role === 'comparison')) m.role = 'comparison';
    }
  // Named surely in a later field: the earlier everyday mention counts, too.
  for (const field of fields)
    for (const m of field.mentions) if (m.role === 'everyday word' && sure.has(m.id)) m.role = null;
}

function roleOf(field: Field, m: Mention): string | null {
  const { from, to } = m;
  if (
    m.everyday &&
    isKind(field, m) &&
    mentionsAround(field, from).some(
      (o) => (o.from === to || o.to === from) && field.tokens[Math.max(o.from, from)]!.gap === GAP.space,
    )
  ) {
    return 'only says what the next name is';
  }
  if (m.id === 'vpn' && isMeans(field, from, 3)) return 'means';
  if (m.category === 'vpn' && isMeans(field, from, 2)) return 'means';
  const said = cueBefore(field, from, 0, ['kind', 'social']);
  // "calls on WhatsApp" are a part of it, not a way to say something.
  const on = cueBefore(field, from, 0, 'on');
  if (
    (on !== null && cueBefore(field, on.from, 0, 'func') === null && !isReachedOver(field, m)) ||
    (said !== null && cueBefore(field, said.from, 1, 'on') !== null) ||
    (cueAfter(field, to, 0, 'channel') !== null && !isHit(field, from))
  )
    return 'channel';
  // "फेसबुक ने": the case of the one who acts.
  if (cueAfter(field, to, 0, 'agent') !== null) return 'doer';
  if (cueBefore(field, from, 0, 'channel') !== null) return 'channel';
  const possessive = field.tokens[to]?.w === 's' && field.tokens[to]!.gap === GAP.none ? 1 : 0;
  if (
    cueAfter(field, to + possessive, 0, possessive === 1 ? ['parent', 'appstore'] : 'parent') !== null ||
    cueBefore(field, from, 1, 'parentof') !== null ||
    (hasOwned(field, from - 1) && cueBefore(field, from, 4, 'parentof') !== null)
  )
    return 'owner';
  // "X's chatbot Grok": the first name is the owner.
  if (
    possessive === 1 &&
    mentionsAround(field, from).some(
      (o) =>
        o.from > to &&
        o.from - to <= 3 &&
        o.id !== m.id &&
        m.category !== 'media' &&
        (o.from === to + 1 || field.cuesAt[to + 1]!.some((c) => c.cls === 'kind' || c.cls === 'ownable')),
    )
  )
    return 'owner';
  // "a 4chan-like forum", "Facebook-free internet".
  const joint = field.tokens[to];
  if (joint !== undefined && joint.gap === GAP.none && /^(?:like|style|free|first)$/u.test(joint.w))
    return 'comparison';
  // "a Twitter clone", "the Telegram rival".
  if (cueAfter(field, to + possessive, 0, 'likened') !== null) return 'likened';
  if (cueBefore(field, from, 0, 'except') !== null) return 'left out';
  // "After X, Turkey blocks Y": the one before.
  const after = cueBefore(field, from, 0, 'after');
  if (
    after !== null &&
    after.from === field.sentences[field.sentence[from]!]!.from &&
    ((field.tokens[to]?.gap ?? 0) & GAP.comma) !== 0 &&
    cueAfter(field, to, 4, [...ACTS]) !== null
  )
    return 'comparison';
  // "nine BitTorrent sites"
  const counted =
    from > 0 && (/^\d+$/u.test(field.tokens[from - 1]!.w) || cueBefore(field, from, 0, 'number') !== null);
  if (counted && m.category === 'infrastructure' && cueAfter(field, to, 0, 'social') !== null)
    return 'only says what kind';
  const where = whereOf(field, m);
  if (where !== null) return where;
  if (actsOnAnother(field, m) || actsOnMany(field, m) || carriesOut(field, m)) return 'who does it';
  if (isHost(field, m)) return 'whose addresses';
  const toward = cueBefore(field, from, 3, 'toward');
  // "push for ban on X", "block access to the alternative X": what the act hits.
  if (
    toward !== null &&
    !isReached(field, toward) &&
    !field.cues.some((c) => (ACT_SET.has(c.cls) || c.cls === 'circumstance') && c.from >= toward.to && c.to <= from)
  )
    return 'rival';
  // "Instagram'ın ardından Roblox": languages that say "after" behind the name.
  if (cueAfter(field, to, 1, 'likeafter') !== null) return 'comparison';
  const like = cueBefore(field, from, 1, 'like');
  // "social networks like X" is a list, not a comparison.
  // "After X, Y: …": the word is of the name before the comma.
  const aside = like !== null && like.from === 0 && like.to < from && (field.tokens[from]!.gap & GAP.comma) !== 0;
  if (like !== null && !aside && cueBefore(field, like.from, 0, ['social', 'kind', 'ownable']) === null)
    return 'comparison';
  if (cueAfter(field, to, 4, 'remain') !== null && sameProp(field, from, to + 3)) return 'remains';
  const source =
    m.category === 'media' || m.category === 'infrastructure' || m.category === 'ngo' || m.category === 'news';
  if (source) {
    const saying = cueAfter(field, to, 1, 'say');
    if (saying !== null && cueAfter(field, to, 1, [...ACTS]) === null) return 'source';
    if (cueBefore(field, from, 2, 'acc') !== null) return 'source';
    // "bans Al Jazeera reporters", "Бюро Deutsche Welle": people and rooms, no site.
    if (cueAfter(field, to, 0, 'staff') !== null || cueBefore(field, from, 0, 'staff') !== null) return 'its staff';
    // "Deutsche Welle's edition (DW) reported": another name of the source in brackets.
    if (
      (field.tokens[from]!.gap & GAP.open) !== 0 &&
      ((field.tokens[to]?.gap ?? 0) & GAP.close) !== 0 &&
      cueAfter(field, to, 0, 'say') !== null
    )
      return 'source';
    const next = field.tokens[to];
    if (from === 0 && next !== undefined && (next.gap & GAP.colon) !== 0) return 'source';
    if (signs(field, m)) return 'source';
  }
  return null;
}

/** "blocked DeepSeek in Apple and Google stores", "blocks Al Jazeera on TV and YouTube": the place, not the target. */
function whereOf(field: Field, m: Mention): string | null {
  if (
    m.category === 'search' &&
    cuesAround(field, m.from).some((c) => c.cls === 'appstore' && c.to > m.to && c.from <= m.to + 1)
  )
    return 'a store';
  if (m.category === 'media' || m.category === 'news') return null;
  const prop = field.prop[m.from];
  for (const on of cuesAround(field, m.from)) {
    if (on.cls !== 'platformed' || on.to > m.from || m.from - on.to > 8 || field.prop[on.from] !== prop) continue;
    // What is shown there is named before it, behind the act.
    const act = cuesAround(field, m.from).find((c) => isAct(c) && c.to <= on.from && field.prop[c.from] === prop);
    if (act === undefined || cuesAround(field, m.from).some((c) => isAct(c) && c.from >= on.to && c.to <= m.from))
      continue;
    const shown = field.mentions.some(
      (o) => (o.category === 'media' || o.category === 'news') && o.from >= act.to && o.to <= on.from,
    );
    if (shown) return 'where it is shown';
  }
  return null;
}
