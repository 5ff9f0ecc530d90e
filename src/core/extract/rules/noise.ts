import { type Classes, type Cue, type Field, isAct, REACH } from '../field.ts';
import { GAP } from '../text/tokens.ts';
import { CLASSES, type CueClass, classSet } from './classes.ts';
import { isContradicted, isStatesDoing, namesSite } from './mood.ts';
import { type Conditions, firstOf, table } from './table.ts';
import { isDatedYear, isHistory, isYear } from './when.ts';

/** Phrases that tell that a text is no news of access, and what takes that back: one row an exception. */

/** Classes that a lead may hold in passing, under a title that tells an event. */
const BY_THE_WAY = new Set<CueClass>(['list', 'retro']);

interface Hushed {
  field: Field;
  cue: Cue;
  /** The title tells an event. */
  eventful: boolean;
}

/** A phrase that silences the whole text, where it stands. */
function silences(at: Hushed): boolean {
  const where = CLASSES[at.cue.cls].silences;
  return where !== undefined && firstOf(SPARED, at, at.field, at.cue) === null && standsThere(at, where);
}

function standsThere({ field, cue, eventful }: Hushed, where: 'title' | 'lead'): boolean {
  if (field.name === 'title') return true;
  if (cue.cls === 'device') return field.name === 'summary' && onlyThere(field, cue);
  // "Column: …" opens a column, whatever field it stands in.
  if (cue.cls === 'opinion') return cue.from === 0;
  return where === 'lead' && field.sentence[cue.from] === 0 && !(eventful && BY_THE_WAY.has(cue.cls));
}

/** A row that speaks of one class only. */
const of =
  (cls: CueClass, when: (at: Hushed) => boolean) =>
  (at: Hushed): boolean =>
    at.cue.cls === cls && when(at);

const SPARED_ROWS: Conditions<'spared', Hushed> = {
  'against-rumours': of('rumour', ({ field, cue }) => field.isPrevented(cue) || deniesLift(field, cue)),
  // "citing fake news", "denies censorship": no word on the report.
  'no-denial': of('rumour', ({ field, cue }) => field.covering(cue, 'nodeny') !== undefined),
  contradicted: of('rumour', ({ field, cue }) => isContradicted(field, cue)),
  'law-hits-service': of('lawblock', ({ field, cue }) => hitsService(field, cue)),
  // "Two years on, X is still blocked": what holds today is no look back.
  'holds-today': of('retro', ({ field, eventful }) => eventful && field.hasWord('still')),
  'site-of-station': of('broadcast', ({ field, cue }) => namesSite(field, cue)),
  'company-bidden': of('company', ({ field, cue }) => isStatesDoing(field, cue) || field.hasWord('age')),
  'joins-list': of('list', ({ field, cue, eventful }) => eventful && isJoined(field, cue)),
  'howto-tail': of('howto', ({ field, cue }) => isTail(field, cue)),
  // "A year after the ban Nepal restores X": what comes back after so long is news.
  'comes-back': of('retro', ({ field, cue, eventful }) => eventful && comesBack(field, cue)),
  // "On the anniversary of the coup, Myanmar cuts …": a day on which something is done.
  'on-the-day': of('retro', ({ field, cue, eventful }) => eventful && isDayOf(field, cue)),
  // "blocks X ahead of an anniversary"
  anniversary: of(
    'retro',
    ({ field, cue, eventful }) => eventful && field.hasBefore(cue.from, ['circumstance', 'amid'], REACH.phrase),
  ),
};
export const SPARED = table('spared', SPARED_ROWS, { spared: true });

/** "… banned X on the computers of ministries", says the first sentence: the ban of the title is no more than that. */
const onlyThere = (field: Field, cue: Cue): boolean =>
  field.sentence[cue.from] === 0 &&
  field.cuesIn[0]!.some(
    (c) =>
      (c.cls === 'block' || c.cls === 'restrict') &&
      field.sameClause(c, cue) &&
      // The verb may come last, as in India.
      (cue.from >= c.to ? cue.from - c.to <= DEVICE_REACH : c.from - cue.to <= VERB_REACH && !isHistory(field, c.from)),
  );
const DEVICE_REACH = 10;
const VERB_REACH = 6;

/** "denies that X will be unblocked" tells that it is blocked. */
const deniesLift = (field: Field, cue: Cue): boolean => field.sentenceHas(cue.from, ['unblock', 'lift']);

/** "blocks X, joining a list of countries that …": behind an act and a comma. */
function isJoined(field: Field, list: Cue): boolean {
  const act = field.cues.find((c) => isAct(c) && c.to <= list.from);
  const hit = field.mentions.some((m) => m.role === null && m.to <= list.from);
  return act !== undefined && hit && field.isParted(act.to, list.from);
}

/** "X is blocked, how to open it": the question behind takes nothing from what the first part tells. */
function isTail(field: Field, howto: Cue): boolean {
  const act = field.cues.find((c) => (c.cls === 'block' || c.cls === 'throttle') && c.to <= howto.from);
  if (act === undefined) return false;
  const hit = field.mentions.find((m) => m.role === null && m.to <= howto.from);
  if (hit === undefined || !(hit.to <= act.from || isDone(field, act))) return false;
  for (let i = Math.max(act.to, hit.to); i <= howto.from; i++)
    if (field.sentence[i] !== field.sentence[act.from] || field.gapAt(i, GAP.comma | GAP.clause)) return true;
  return false;
}

/** "Kenya blocks X: what to do": a place, and behind it the verb. */
const isDone = (field: Field, act: Cue): boolean =>
  field.hasCue(act.from, 'active') && field.places.some((p) => p.to <= act.from && act.from - p.to <= REACH.beside);

/** An act of return, told and not asked, behind the phrase, or before one that ends the title: "lifts its block on X four years later". */
const comesBack = (field: Field, { from, to }: Cue): boolean =>
  !field.sentences.some((s) => s.question) &&
  field.hasWord(
    ['unblock', 'lift'],
    (c) => (c.from >= to || (c.to <= from && to === field.tokens.length)) && !field.hasCue(c.from, 'noun'),
  );

/** "on the anniversary of": a preposition before it; and behind it a place that does something, or in which it is done. */
function isDayOf(field: Field, { from, to }: Cue): boolean {
  if (!field.hasBefore(from, ['loc', 'inyear', 'on', 'platformed'], REACH.beside)) return false;
  const act = field.cues.find((c) => isAct(c) && c.from > to && !field.hasCue(c.from, 'noun'));
  return act !== undefined && field.places.some((p) => p.from >= to && p.to <= act.from);
}

/** What the text as a whole is: news of access or something else, a failure, a suspicion, a measurement. */

type Void = 'disproved' | 'looks-back';

export interface Noise {
  /** Class that silences the whole text, or null. */
  silent: string | null;
  /** What the text as a whole says of what it tells: not so, or long ago. Null = neither. */
  voids: Void | null;
  /** A failure of the service or of the line, and nobody who sees a state's hand in it: what only "is down" is no event. */
  outage: boolean;
  /** Someone measures. */
  monitored: boolean;
  /** Someone suspects or measures a measure. */
  suspected: boolean;
}

export function noiseOf(fields: Field[], tally: ReadonlySet<string>): Noise {
  const heard = fields.filter((f) => f.name !== 'body');
  const has = (classes: Classes): boolean => heard.some((f) => f.hasWord(classes));
  const monitored = has('monitor');
  const blamed = heard.some((f) => f.hasWord('blame', (c) => !isHistory(f, c.from)));
  const phrase = silentClass(heard);
  const form = silentTitle(heard, tally);
  return {
    silent: phrase ?? form?.as ?? null,
    voids: phrase === 'rumour' ? 'disproved' : phrase === 'hindsight' ? 'looks-back' : (form?.voids ?? null),
    outage: !blamed && has(['outage', 'tech']),
    monitored,
    suspected: monitored || blamed || has('suspect'),
  };
}

/** A phrase that silences the text. */
function silentClass(fields: Field[]): string | null {
  const eventful = tells(fields[0]!);
  for (const field of fields) for (const cue of field.cues) if (silences({ field, cue, eventful })) return cue.cls;
  return null;
}

interface Heading {
  title: Field;
  lead: Field | undefined;
  /** Words of number. */
  tally: ReadonlySet<string>;
}

/** What a title is by its form, and what becomes of the acts that the text tells. */
interface Form {
  as: string;
  voids?: Void;
}

/** A title that by its form is no news. */
function silentTitle([title, lead]: Field[], tally: ReadonlySet<string>): Form | null {
  return firstOf(TITLE, { title: title!, lead, tally }, title!, { from: 0, to: title!.tokens.length })?.effect ?? null;
}

const TITLE_ROWS: Conditions<'title', Heading> = {
  tally: ({ title, tally }) => isTally(title, tally),
  years: ({ title, lead }) => spansYears(title, lead),
  'years-in-brackets': ({ title }) => bracketsYears(title),
  'range-of-years': ({ title }) => rangesYears(title),
  verdict: ({ title, lead }) => judgesFalse(title, lead),
  forecast: ({ title }) => isForecast(title),
  definition: ({ title, lead }) => isDefinition(title, lead) || defines(title, lead),
  // Somebody's account, and no country: the platform's own business.
  account: ({ title }) => isOfAccount(title),
};
const FORMS: Readonly<Record<string, Form>> = {
  statistics: { as: 'retro' },
  chronicle: { as: 'retro', voids: 'looks-back' },
  false: { as: 'rumour', voids: 'disproved' },
  opinion: { as: 'opinion' },
  definition: { as: 'definition', voids: 'looks-back' },
  account: { as: 'account' },
};
export const TITLE = table('title', TITLE_ROWS, FORMS);

function isOfAccount(title: Field): boolean {
  const account = title.cues.find((c) => c.cls === 'account');
  return (
    account !== undefined &&
    !title.hasWord('threat', (c) => c.from < account.from) &&
    !title.places.some((p) => p.kind === 'country')
  );
}

/** "Expert: a ban may come": one voice of no authority, and what may be. */
function isForecast(title: Field): boolean {
  const voice = title.cues.find((c) => c.cls === 'voice' && c.from <= 1);
  if (voice === undefined || title.places.some((p) => p.kind === 'authority')) return false;
  return !title.hasWord('auth') && title.hasWord(AHEAD);
}
const AHEAD = classSet('ahead');

/** "In 2025 the agency blocked more than 34 thousand sites": a year and a count in the title are statistics. */
function isTally(field: Field, tally: ReadonlySet<string>): boolean {
  const inYear = (i: number): boolean =>
    isYear(field, i) && isDatedYear(field, i) && !field.hasBefore(i, 'month', REACH.beside);
  if (!field.tokens.some((_, i) => inYear(i))) return false;
  return field.tokens.some(({ w }) => tally.has(w) || (/^\d{2,}$/u.test(w) && !/^(?:19|20)\d\d$/u.test(w)));
}

/** "X blocks Y": an act and what it hits. What such a title tells stays news, though its lead speaks of "a growing list of countries". */
const tells = (title: Field): boolean =>
  title.cues.some((c) => isAct(c) && c.cls !== 'legal') &&
  (title.mentions.some((m) => m.role === null) || (title.places.length > 0 && title.hasWord(['net', 'social'])));

/** Texts that judge a report to be false, and what speaks against the judge. */

/** Words around a verdict that stands alone: "this is", "it is all". */
const WORDS_BEFORE = 3;
const WORDS_BEHIND = 1;
const PARTS = GAP.clause | GAP.sentence;

/** "X is blocked: false", "Fake: X is blocked", "X is blocked? || That is not true": the verdict at an end of the title, or at the head of the lead. */
function judgesFalse(title: Field, lead: Field | undefined): boolean {
  if (title.hasWord('verdict', (c) => closes(title, c) || opens(title, c))) return true;
  return lead?.name === 'summary' && lead.hasWord('verdict', (c) => c.from <= WORDS_BEFORE && stands(lead, c));
}

/** It is the last that is said, behind a colon, a dash or a full stop. */
const closes = (field: Field, { from, to }: Cue): boolean =>
  field.tokens.length - to <= WORDS_BEHIND && field.isParted(Math.max(1, from - WORDS_BEFORE), from, PARTS);

/** It heads what is said, with a colon, a dash or a bracket behind it. */
const opens = ({ tokens }: Field, { from, to }: Cue): boolean =>
  from <= 1 && to < tokens.length && (tokens[to]!.gap & PARTS) !== 0;

/** It ends what is said: "That is false." but not "false reports". */
const stands = ({ tokens }: Field, { to }: Cue): boolean =>
  to === tokens.length || (tokens[to]!.gap & (PARTS | GAP.comma)) !== 0;

/** Titles and leads that by their form tell history: years in brackets, a span of years, a definition. */

/** "The blocking of X in Y — a process of …", under the same words as title: the page of an encyclopedia. */
function isDefinition(title: Field, summary: Field | undefined): boolean {
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
function spansYears(title: Field, lead: Field | undefined): boolean {
  if (lead?.name !== 'summary' || title.hasWord(['unblock', 'lift'])) return false;
  const years = lead.tokens.flatMap((_, i) => (lead.sentence[i] === 0 && isYear(lead, i) ? [i] : []));
  return years.some((i, n) => {
    const next = years[n + 1];
    if (next === undefined || next - i > SPAN || lead.tokens[next]!.w <= lead.tokens[i]!.w) return false;
    return lead.hasWord('rangeto', (c) => c.from > i && c.to <= next);
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
function bracketsYears(title: Field): boolean {
  if (title.hasWord('active')) return false;
  const { tokens } = title;
  for (let i = 1; i < tokens.length; i++) {
    if ((tokens[i]!.gap & GAP.open) === 0) continue;
    let years = 0;
    let end = i;
    for (; end < tokens.length && end - i < IN_BRACKETS && (end === i || (tokens[end]!.gap & GAP.close) === 0); end++) {
      if (YEAR.test(tokens[end]!.w)) years++;
      else if (/\d/u.test(tokens[end]!.w) || title.hasCue(end, 'month')) return false;
    }
    if (years > 0 && (end === tokens.length || (tokens[end]!.gap & GAP.close) !== 0)) return true;
  }
  return false;
}

/** "Blocking of X in Y, 2012 to 2016": two years beside each other head a chronicle, unless somebody acts or what holds is drawn out. */
function rangesYears(title: Field): boolean {
  if (title.hasWord(['active', 'still', 'unblock'])) return false;
  const { tokens } = title;
  const years = tokens.flatMap(({ w }, i) => (YEAR.test(w) ? [i] : []));
  return years.some((i, n) => {
    const next = years[n + 1];
    return next !== undefined && next - i <= BESIDE && tokens[i]!.w < tokens[next]!.w;
  });
}
const BESIDE = 2;

/** "The blocking of X is the practice of …": told in the title, or at the head of the lead before anything is done. */
function defines(title: Field, lead: Field | undefined): boolean {
  const told = (field: Field): boolean =>
    field.hasWord(
      'define',
      (c) =>
        field.sentence[c.from] === 0 &&
        c.from > 0 &&
        !field.hasWord('active', (a) => a.from < c.from) &&
        field.cues.some((a) => isAct(a) && a.from < c.from),
    );
  return told(title) || (lead?.name === 'summary' && told(lead));
}

/** "blocks Wikipedia under a law": a service, and no judge, within the phrase. */
const hitsService = (field: Field, cue: Cue): boolean =>
  // "Pornhub blocks Utah over an ID law": a site that goes over an age check.
  (field.mentions.some((m) => m.to === cue.from && m.category === 'adult') && field.sentenceHas(cue.from, 'age')) ||
  (field.mentions.some((m) => m.from > cue.from && m.to < cue.to && !m.everyday) &&
    !field.hasAfter(cue.from, 'noun') &&
    !field.sentenceHas(cue.from, 'court'));
