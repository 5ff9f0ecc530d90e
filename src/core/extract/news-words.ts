import { stateBefore } from './act-words.ts';
import { isDay, isYear } from './dates.ts';
import type { Fact, Rejected } from './fact.ts';
import { type Cue, cueBefore, cuesAround, type Field, hasCue, inSentence, isAct, REACH } from './field.ts';
import type { CueClass } from './rules/classes.ts';
import { GAP } from './text/tokens.ts';

/** What shows that a fact is no news by itself. */

/** "joining a list of countries that have blocked it" tells of others. */
export const isOthers = ({ field, act }: Fact): boolean => {
  const list = inSentence(field, act.from, 'list');
  if (list === null || list.to > act.from) return false;
  // "As platforms come under scrutiny in several countries, Zambia has blocked X": a subject of its own.
  const own = field.places.find((p) => p.from >= list.to && p.to <= act.from && p.kind !== 'demonym');
  return own === undefined || (field.tokens[own.from]!.gap & GAP.comma) === 0;
};

/** "VPNs no longer work in Turkmenistan": when all of a kind fail, somebody sees to it. */
export const isOfVpns = ({ mentions }: Fact): boolean => mentions.length > 0 && mentions.every((m) => m.id === 'vpn');

/** Taken from a store, or a channel from its platform, in a text that names no authority: they clear their own shelves. */
export const isStores = ({ act, field, state, part }: Fact, fields: Field[]): boolean =>
  act.cls === 'delist' &&
  state === 'now' &&
  !(field.name === 'title' && stateBefore(field, act.from)) &&
  (part || inSentence(field, act.from, 'appstore') !== null) &&
  !field.places.some((p) => p.to === act.from && p.kind !== 'demonym') &&
  !fields.some(
    (f) =>
      f.places.some((p) => p.kind === 'authority') ||
      f.cues.some((c) => c.cls === 'auth' || c.cls === 'court' || c.cls === 'order' || c.cls === 'threat'),
  );

/** "Fears of a block of X; ministry says that it will not be": what is feared, and behind it the answer. */
export const isDispelled = ({ field, act, state }: Fact, nots: readonly Rejected[]): boolean =>
  state === 'warn' &&
  act.cls !== 'legal' &&
  cueBefore(field, act.from, FEARED, 'maybe') !== null &&
  nots.some((r) => r.field === field && r.from >= act.to);
const FEARED = 4;

export const isOnline = (f: Field): boolean =>
  f.mentions.length > 0 || f.cues.some((c) => ['net', 'netother', 'social', 'monitor', 'access'].includes(c.cls));

export const hasWord = ({ cues }: Field, classes: readonly CueClass[]): boolean =>
  cues.some((c) => classes.includes(c.cls));

const isGoverned = (f: Field): boolean =>
  f.name !== 'body' &&
  (f.cues.some((c) => c.cls === 'auth' || c.cls === 'court' || c.cls === 'order') ||
    f.places.some((p) => p.kind === 'authority'));

/** No state, court or order stands in the text. */
export const isUngoverned = (fields: Field[]): boolean => !fields.some(isGoverned);

/** A site for adults that is out of reach in a text on age checks. */
export const isGated = ({ mentions }: Fact, fields: Field[]): boolean =>
  mentions.some((m) => m.category === 'adult') &&
  fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'age'));

export const tellsOfOrder = (fields: Field[]): boolean =>
  fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === 'order'));

/** "Social media ban: Sri Lanka restores access": before the colon stands what it is about. */
export function isTopic({ field, act, action }: Fact, facts: Fact[]): boolean {
  if (field.name !== 'title' || action === 'unblock') return false;
  return facts.some((f) => {
    const back = f.action === 'unblock';
    // "Internet-Sperre: Türkei blockiert Wikipedia": one word for a site and for the network.
    const site = act.cls === 'shutdown' && act.from === 0 && f.action === 'block' && f.mentions.length > 0;
    if (f.field !== field || !(back || site) || f.state !== 'now' || f.act.from < act.to) return false;
    for (let i = act.to; i <= f.act.from; i++) if ((field.tokens[i]!.gap & GAP.colon) !== 0) return true;
    return false;
  });
}

/** "Mali suspends RFI", "bans RT … from the airwaves": programmes are cut, unless the text speaks of a site or of access. */
export function isBroadcaster({ mentions, field, act, generic, action }: Fact, fields: Field[]): boolean {
  if (mentions.length === 0 || generic || action === 'unblock' || mentions.some((m) => m.category !== 'media'))
    return false;
  if (inSentence(field, act.from, 'access') !== null) return false;
  if (act.cls === 'cut') return true;
  const has = (cls: CueClass): boolean => fields.some((f) => f.name !== 'body' && f.cues.some((c) => c.cls === cls));
  return has('broadcast') && !has('access') && !has('social');
}

/** Texts whose only act is dated by a year: what they ask, head or are about is no news of it. */

interface Judged {
  fact: Fact;
  facts: Fact[];
  fields: Field[];
}

/** A year in the sentence, be it with its month; with its day it may be this very one. */
const isOfYear = ({ field, act, state, still }: Fact): boolean =>
  field.name === 'summary' &&
  state === 'now' &&
  !still &&
  inSentence(field, act.from, 'still') === null &&
  field.tokens.some(
    (_, i) =>
      isYear(field, i) &&
      field.sentence[i] === field.sentence[act.from] &&
      ![i - 1, i - 2, i - 3, i + 1].some((k) => isDay(field, k)),
  );

/**
 * "Why does X not open? The state restricted it in July 2021", "X in Uzbekistan || It was restricted in July 2021": under a question, or a title that
 * tells no act, what is told is as old as it says.
 */
export function isOldDecision({ fact, facts, fields }: Judged): boolean {
  if (!isOfYear(fact) || fact.action === 'unblock') return false;
  const title = fields[0]!;
  if (title.sentences.some((s) => s.question)) return !facts.some((f) => f.field === title && isFresh(f));
  return fact.time !== 'now' && !title.cues.some(isAct);
}

const isFresh = ({ time, state }: Fact): boolean => time === 'now' && state === 'now';

/** "The ban on X || The state banned it in June 2021": a title without a verb that acts heads what the lead dates, and nothing else is told. */
export function isTitledAnew({ fact, facts }: Judged): boolean {
  if (fact.field.name === 'title') return isAnew(fact, facts);
  return (
    isDated(fact) &&
    facts.some((f) => f.field.name === 'title' && f.time === 'now' && isAnew(f, facts) && isSame(f, fact))
  );
}

const isDated = (fact: Fact): boolean => fact.time !== 'now' && isOfYear(fact);

function isAnew(titled: Fact, facts: readonly Fact[]): boolean {
  const { field, act, action, state, still } = titled;
  if (action === 'unblock' || state !== 'now' || still || isDecided(field)) return false;
  if (cuesAround(field, act.from).some((c) => c.cls === 'active' && c.from <= act.from && c.to > act.from))
    return false;
  const led = facts.filter((f) => f.field.name === 'summary');
  return (
    led.length > 0 &&
    led.every((f) => f.time !== 'now') &&
    led.some((f) => isDated(f) && f.field.sentence[f.act.from] === 0 && isSame(titled, f))
  );
}

/** "The court upholds the ban": somebody decides anew. */
const isDecided = (title: Field): boolean =>
  title.cues.some((c) => c.cls === 'court' || c.cls === 'order' || c.cls === 'auth') ||
  title.places.some((p) => p.kind === 'authority');

/** It points back to the title, or names what the title names. */
const isSame = (titled: Fact, led: Fact): boolean =>
  inSentence(led.field, led.act.from, 'also') === null &&
  (led.carried ||
    (led.mentions.length === 0 && (led.generic || led.net)) ||
    led.mentions.some((m) => titled.mentions.some((t) => t.id === m.id)));

/** Acts that somebody asks for and nobody does: a request, motion or suit that is turned down, an order that has not come. */

/** Words between what is asked and the act that it asks for. */
const ASKED = 6;
/** Words between those two and what turns them down. */
const REFUSED = 8;
const PARTS = GAP.comma | GAP.clause | GAP.colon | GAP.sentence;

/** "rejects motion to ban X", "dismisses suit seeking a block": but what is brought against a ban and turned down leaves the ban. */
export function isRefused({ field, act, action, state }: Fact): boolean {
  if (action === 'unblock' || state === 'held') return false;
  const around = cuesAround(field, act.from);
  if (around.some((c) => c.cls === 'challenge')) return false;
  const refusals = around.filter((c) => c.cls === 'refuse' && cueBefore(field, c.from, REACH.touching, 'neg') === null);
  return around.some(
    (plea) => plea.cls === 'plea' && asksFor(field, plea, act) && refusals.some((c) => isOver(field, c, plea, act)),
  );
}

/** Before the two with nothing that parts it from them, or behind them; not between: "blocked X after it rejected a request". */
function isOver(field: Field, refusal: Cue, plea: Cue, act: Cue): boolean {
  const [first, second] = plea.from < act.from ? [plea, act] : [act, plea];
  if (refusal.from >= first.to)
    return refusal.to > second.from && refusal.from - second.to <= REFUSED && !hasComma(field, second.to, refusal.from);
  if (first.from - refusal.to > REFUSED) return false;
  for (let i = refusal.from + 1; i <= first.from; i++)
    if ((field.tokens[i]!.gap & PARTS) !== 0 || (i < first.from && field.cuesAt[i]!.some(parts))) return false;
  return true;
}

/** "files request to block X, its owner refuses": another who speaks. */
function hasComma(field: Field, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if ((field.tokens[i]!.gap & GAP.comma) !== 0) return true;
  return false;
}

/** Beside each other, and nothing joins or parts them. */
function asksFor(field: Field, plea: Cue, act: Cue): boolean {
  const [first, second] = plea.from < act.from ? [plea, act] : [act, plea];
  if (second.from - first.to > ASKED) return false;
  // "rejects suit while Kenya blocks X": a verb that acts may have a subject of its own.
  const own =
    act === second && hasCue(field, act.from, 'active') && cueBefore(field, act.from, REACH.touching, 'inf') === null;
  if (own && field.places.some((p) => p.from >= first.to && p.to <= second.from)) return false;
  for (let i = first.to; i <= second.from; i++) {
    // "keine Weisung, X zu sperren": a comma before what is asked for.
    if ((field.tokens[i]!.gap & (i === plea.to && !own ? PARTS & ~GAP.comma : PARTS)) !== 0) return false;
    if (
      i < second.from &&
      field.cuesAt[i]!.some(
        (c) => (parts(c) && !joinsNames(field, c)) || (own && OPENS.has(c.cls) && !isOfBill(field, c)),
      )
    )
      return false;
  }
  return true;
}

/** "to block X or Y" */
const joinsNames = (field: Field, c: Cue): boolean => c.cls === 'and' && field.mentions.some((m) => m.to === c.from);

/** "projeto que proíbe": the word belongs to the bill. */
const isOfBill = (field: Field, { from, to }: Cue): boolean =>
  cuesAround(field, from).some((c) => c.cls === 'bill' && c.from < from && c.to >= to);

const OPENS: ReadonlySet<CueClass> = new Set<CueClass>(['split', 'circumstance']);
const parts = (c: Cue): boolean => c.cls === 'and' || (isAct(c) && c.cls !== 'legal');

/** Titles and leads that by their form tell history: years in brackets, a span of years, a definition. */

/** "The blocking of X in Y — a process of …", under the same words as title: the page of an encyclopedia. */
export function isDefinition(title: Field, summary: Field | undefined): boolean {
  const words = title.tokens;
  if (words.length < 2 || summary?.name !== 'summary' || summary.tokens.length <= words.length) return false;
  if (!words.every((t, i) => t.w === summary.tokens[i]!.w)) return false;
  let i = words.length;
  const opens = (summary.tokens[i]!.gap & GAP.open) !== 0;
  if (opens) while (i < summary.tokens.length && (summary.tokens[i]!.gap & GAP.close) === 0) i++;
  const gap = summary.tokens[i]?.gap ?? 0;
  return (
    /[—–-]/u.test(summary.text.slice(summary.tokens[i - 1]!.end, summary.tokens[i]?.start)) && (gap & GAP.clause) !== 0
  );
}

/** "From 2017 to 2020 the site was blocked", under a title that tells no lift: history. */
export function spansYears(title: Field, lead: Field | undefined): boolean {
  if (lead?.name !== 'summary' || title.cues.some((c) => c.cls === 'unblock' || c.cls === 'lift')) return false;
  const years = lead.tokens.flatMap(({ w }, i) => (lead.sentence[i] === 0 && /^(?:19|20)\d\d$/u.test(w) ? [i] : []));
  return years.some((i, n) => {
    const next = years[n + 1];
    if (next === undefined || next - i > SPAN || lead.tokens[next]!.w <= lead.tokens[i]!.w) return false;
    return lead.cues.some((c) => c.cls === 'rangeto' && c.from > i && c.to <= next);
  });
}
const SPAN = 6;

/** Of our calendar, or of the Persian one. */
const YEAR = /^(?:1[34]|19|20)\d\d$/u;
const IN_BRACKETS = 3;

/**
 * "Internet shutdown in Kashmir (2019–2021)", "Blocking of X (since 2018)": the heading of a chronicle. A month or a day beside the year dates a
 * report, and a title with a verb that acts tells one.
 */
export function bracketsYears({ tokens, cues, cuesAt }: Field): boolean {
  if (cues.some((c) => c.cls === 'active')) return false;
  for (let i = 1; i < tokens.length; i++) {
    if ((tokens[i]!.gap & GAP.open) === 0) continue;
    let years = 0;
    let end = i;
    for (; end < tokens.length && end - i < IN_BRACKETS && (end === i || (tokens[end]!.gap & GAP.close) === 0); end++) {
      if (YEAR.test(tokens[end]!.w)) years++;
      else if (/\d/u.test(tokens[end]!.w) || cuesAt[end]!.some((c) => c.cls === 'month')) return false;
    }
    if (years > 0 && (end === tokens.length || (tokens[end]!.gap & GAP.close) !== 0)) return true;
  }
  return false;
}

/** "Blocking of X in Y, 2012 to 2016": two years beside each other head a chronicle, unless somebody acts or what holds is drawn out. */
export function rangesYears({ tokens, cues }: Field): boolean {
  if (cues.some((c) => c.cls === 'active' || c.cls === 'still' || c.cls === 'unblock')) return false;
  const years = tokens.flatMap(({ w }, i) => (YEAR.test(w) ? [i] : []));
  return years.some((i, n) => {
    const next = years[n + 1];
    return next !== undefined && next - i <= BESIDE && tokens[i]!.w < tokens[next]!.w;
  });
}
const BESIDE = 2;

/** "The blocking of X is the practice of …": told in the title, or at the head of the lead before anything is done. */
export function defines(title: Field, lead: Field | undefined): boolean {
  const told = (field: Field): boolean =>
    field.cues.some(
      (c) =>
        c.cls === 'define' &&
        field.sentence[c.from] === 0 &&
        c.from > 0 &&
        !field.cues.some((a) => a.cls === 'active' && a.from < c.from) &&
        field.cues.some((a) => isAct(a) && a.from < c.from),
    );
  return told(title) || (lead?.name === 'summary' && told(lead));
}
