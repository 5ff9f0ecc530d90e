import type { Cue, Field, Mention } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue, mentionsAround } from './read.ts';
import { isAct } from './scope.ts';
import { GAP, isEnding } from './tokens.ts';

export const ACTS = [
  'block',
  'restrict',
  'throttle',
  'shutdown',
  'cut',
  'down',
  'fail',
  'unblock',
  'lift',
  'delist',
] as const;

const ACT_SET: ReadonlySet<string> = new Set(ACTS);

/** Words that may stand between a name and its verb. */
const LITTLE = new Set([
  'adv',
  'modal',
  'maybe',
  'threat',
  'neg',
  'will',
  'begin',
  'partial',
  'past',
  'remain',
  'still',
]);

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

/** "messenger" is what others are called: alone it is no name, in a list of names it is. */
const isKind = (field: Field, m: Mention): boolean =>
  field.cuesAt[m.from]!.some((c) => c.to === m.to && (c.cls === 'kind' || c.cls === 'social'));

function inContext(field: Field, m: Mention, sure: Set<string>): boolean {
  const generic = isKind(field, m);
  if (!generic && (cueBefore(field, m.from, 1, 'kind') !== null || cueAfter(field, m.to, 1, 'kind') !== null))
    return true;
  for (const other of mentionsAround(field, m.from)) {
    if (other === m || other.role !== null || other.id === m.id) continue;
    // Two of a kind side by side ("RT and Sputnik") vouch for each other.
    const vouches = !other.everyday || sure.has(other.id) || other.category === m.category;
    if (vouches && beside(field, m, other)) return true;
  }
  if (generic) return false;
  // "X'i": what takes an apostrophe and an ending is a name, however far its verb is.
  const ending = field.tokens[m.to];
  if (ending?.gap === GAP.none && !ending.cap && ending.w !== 's' && ending.w.length <= 4 && field.tokens[m.from]!.cap)
    return field.cues.some((c) => isAct(c) && field.prop[c.from] === field.prop[m.from]);
  // "Max Verstappen", "Signal Iduna": a capital that no one knows follows, and it is another name.
  const next = field.tokens[m.to];
  if (
    next?.cap === true &&
    next.gap === GAP.space &&
    field.cuesAt[m.to]!.length === 0 &&
    !field.places.some((p) => p.from === m.to)
  )
    return false;
  if (!field.tokens[m.from]!.cap && field.tokens[m.from]!.w.charCodeAt(0) < 0x500) return false;
  // "takes X offline": the act stands around the name.
  if (
    cuesAround(field, m.from).some((c) => c.from < m.from && c.to > m.to && (ACT_SET.has(c.cls) || c.cls === 'legal'))
  )
    return true;
  // "Signal, the app that was blocked": what it is, behind a comma.
  const comma = ((next?.gap ?? 0) & GAP.comma) !== 0;
  if (!generic && comma && cueAfter(field, m.to, APPOSED, 'kind') !== null) return true;
  // "X in Pakistan for a month blocked": at the head of a title, before a scene.
  const heads = field.name === 'title' && m.from === 0 && field.places.some((p) => p.from === m.to + 1);
  if (heads && cueAfter(field, m.to, HEADED, ['block', 'restrict', 'throttle', 'unblock', 'down']) !== null)
    return true;
  // "Signal appears to be blocked": little words may stand between, a noun may not ("Signal failure blocks trains").
  let reach = 0;
  while (reach < 4 && isLittle(field, m.to + reach)) reach++;
  return (
    cueBefore(field, m.from, 2, [...ACTS, 'access', 'legal', 'threat']) !== null ||
    // "X access restored"
    cueAfter(field, m.to, 0, 'access') !== null ||
    cueAfter(field, m.to, reach, [...ACTS]) !== null
  );
}

/** Words between a name and what it is called. */
const APPOSED = 3;
const HEADED = 8;

function isLittle(field: Field, i: number): boolean {
  const token = field.tokens[i];
  if (token === undefined) return false;
  // "X in Brazil blocked": a place may stand between, too.
  if (field.places.some((p) => p.from <= i && i < p.to)) return true;
  return !token.cap && (token.w.length <= 3 || field.cuesAt[i]!.some((c) => LITTLE.has(c.cls)));
}

/** "RT-a i Sputnika": an ending behind a hyphen belongs to the name. */
function endOf(field: Field, { to }: Mention): number {
  const next = field.tokens[to];
  return next !== undefined && isEnding(next) ? to + 1 : to;
}

const LONGEST_AND = 4;

/** Two mentions in one list: nothing but a comma or "and" between them. */
export function beside(field: Field, a: Mention, b: Mention): boolean {
  const [left, right] = a.from < b.from ? [a, b] : [b, a];
  const end = endOf(field, left);
  const between = right.from - end;
  // Where every letter is a token, "and" is several.
  if (between < 0 || between > LONGEST_AND) return false;
  const and = cueBefore(field, right.from, 0, 'and');
  if (and !== null && and.from === end) return true;
  if (between > 1) return false;
  const { gap, w, also } = field.tokens[right.from]!;
  // The "and" of Arabic and Hebrew is a letter of the word that follows.
  if (between === 0)
    return (gap & (GAP.comma | GAP.clause)) !== 0 || gap === GAP.none || (also !== null && /^[وו]/u.test(w));
  return and !== null;
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
  if (actsOnAnother(field, m) || actsOnMany(field, m)) return 'who does it';
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

/** Access to it is what an act cuts. */
function isReached(field: Field, { from }: Cue): boolean {
  const access = cueBefore(field, from, 3, 'access');
  return access !== null && cueBefore(field, access.from, 1, ['block', 'restrict', 'cut']) !== null;
}

/** "with a VPN"; but "fines for using a VPN": the use is what the act hits. */
function isMeans(field: Field, at: number, reach: number): boolean {
  const by = cueBefore(field, at, reach, 'means');
  const hit = (c: Cue): boolean =>
    (c.cls === 'legal' || c.cls === 'block') && c.from < by!.from && c.to >= by!.to && c.to <= at;
  return by !== null && !cuesAround(field, at).some(hit);
}

/** "… – DW – 12.03.2022", "… — BBC News Русская служба": what a page puts behind its title. */
function signs(field: Field, { from, to }: Mention): boolean {
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
const isHost = (field: Field, m: Mention): boolean =>
  cueBefore(field, m.from, 1, 'ip') !== null &&
  cuesAround(field, m.from).some((c) => c.cls === 'uses') &&
  mentionsAround(field, m.from).some((o) => o.id !== m.id && !o.everyday);

/** "blocks dozens of Telegram channels": an act before it, and nothing that parts them. */
const isHit = (field: Field, from: number): boolean => {
  const act = cueBefore(field, from, 4, ['block', 'restrict', 'unblock']);
  return act !== null && (from - act.to <= 1 || isPlainRun(field, act.to, from));
};

/** "launched by U.S.-funded Radio …": an adjective between. */
const hasOwned = (field: Field, i: number): boolean =>
  i >= 0 && field.cuesAt[i]!.some((c) => c.cls === 'owned' || c.cls === 'ownable');

/** "Starlink refused to block X": a name, a verb, another name. */
function actsOnAnother(field: Field, m: Mention): boolean {
  if (m.category === 'media' || m.category === 'news') return false;
  for (let i = m.to; i < Math.min(m.to + 4, field.tokens.length); i++) {
    const { gap, cap } = field.tokens[i]!;
    if ((gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0 || (cap && field.name !== 'title')) return false;
    if (field.cuesAt[i]!.some((c) => c.cls === 'and' || c.cls === 'auth')) return false;
    const act = field.cuesAt[i]!.find((c) => ACT_SET.has(c.cls));
    if (act === undefined) continue;
    const to = cueBefore(field, i, 0, 'inf');
    // "orders Cloudflare to block pirate sites", "orders TikTok to shut its offices"
    const many = to !== null && to.from === m.to ? cueAfter(field, act.to, TOOL_REACH, ['social', 'other']) : null;
    if (many !== null && !mentionsAround(field, i).some((o) => o.from >= act.to && o.from < many.from)) return true;
    return mentionsAround(field, i).some(
      (o) =>
        o.id !== m.id &&
        o.category !== 'app-store' &&
        o.category !== 'search' &&
        // "X became accessible without a VPN"
        !(o.category === 'vpn' && cueBefore(field, o.from, 2, 'means') !== null) &&
        o.from >= act.to &&
        o.from - act.to <= 2 &&
        isPlainRun(field, act.to, o.from),
    );
  }
  return false;
}

const TOOL_REACH = 5;

/** "kann nicht mehr auf X zugreifen": the verb encloses its object. */
const isReachedOver = (field: Field, m: Mention): boolean =>
  cuesAround(field, m.from).some((c) => ACT_SET.has(c.cls) && c.from < m.from && c.to > m.to);

/** "Google has to block the sites", "blames Facebook for the ban on social media": sites or platforms right behind the act, a name far before it. */
function actsOnMany(field: Field, m: Mention): boolean {
  for (
    let i = m.to;
    i < Math.min(m.to + MANY_REACH, field.tokens.length) && field.prop[i] === field.prop[m.from];
    i++
  ) {
    // "puts X on the list of banned sites": a quality.
    if (!hasCue(field, i, 'many') || cueBefore(field, i, 0, 'attr') !== null) continue;
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

/** No comma and no "and" between. */
function isPlainRun(field: Field, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) {
    if ((field.tokens[i]!.gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0) return false;
    if (i < to && field.cuesAt[i]!.some((c) => c.cls === 'and' || c.cls === 'after' || c.cls === 'platformed'))
      return false;
  }
  return true;
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

function sameProp(field: Field, a: number, b: number): boolean {
  const last = Math.min(b, field.tokens.length - 1);
  return field.prop[a] === field.prop[last];
}

const SPREADS = new Set(['comparison', 'rival', 'means', 'channel']);

/** "After X, Y: a second one is blocked": two names parted by a comma are no list. */
function endsOpening(field: Field, i: number): boolean {
  const m = field.mentions[i]!;
  const before = field.mentions[i - 1]!;
  let last = i;
  while (last + 1 < field.mentions.length && beside(field, field.mentions[last]!, field.mentions[last + 1]!)) last++;
  const closed = ((field.tokens[field.mentions[last]!.to]?.gap ?? 0) & GAP.comma) !== 0;
  return (
    !closed &&
    m.from === before.to &&
    field.tokens[m.from]!.gap !== GAP.space &&
    before.from <= 1 &&
    cueBefore(field, before.from, 0, ['after', 'like']) !== null
  );
}

/** What holds of the first of a list holds of the rest: "by analogy with Instagram and Facebook". */
function spreadLists(field: Field): void {
  for (let i = 1; i < field.mentions.length; i++) {
    const m = field.mentions[i]!;
    const before = field.mentions[i - 1]!;
    const role = before.role;
    if (
      m.role === null &&
      role !== null &&
      SPREADS.has(role) &&
      beside(field, before, m) &&
      !(role === 'comparison' && endsOpening(field, i))
    )
      m.role = role;
  }
}
