import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore } from './read.ts';
import { isAct, isPrevented } from './scope.ts';
import { GAP } from './tokens.ts';
import { isDatedYear, isHistory } from './when.ts';

/** What tells that a text is no news of access, whatever words it holds. Class of the lexicon → where it must stand to silence the text. */
const SILENCING: Record<string, 'title' | 'lead' | 'anywhere'> = {
  howto: 'title',
  hindsight: 'title',
  list: 'lead',
  retro: 'lead',
  opinion: 'title',
  device: 'title',
  parental: 'lead',
  adblock: 'title',
  competition: 'title',
  lawblock: 'title',
  vpnad: 'title',
  feature: 'title',
  rumour: 'lead',
  broadcast: 'title',
  company: 'title',
};

/** Classes that a lead may hold in passing, under a title that tells an event. */
const BY_THE_WAY = new Set(['list', 'retro']);

export interface Noise {
  /** Class that silences the whole text, or null. */
  silent: string | null;
  /** A failure of the service or of the line, and nobody who sees a state's hand in it: what only "is down" is no event. */
  outage: boolean;
  /** Someone measures. */
  monitored: boolean;
  /** Someone suspects or measures a measure. */
  suspected: boolean;
}

export function noiseOf(fields: Field[]): Noise {
  let silent: string | null = null;
  let outage = false;
  let suspected = false;
  let monitored = false;
  let blamed = false;
  const title = fields[0]!;
  const told = tells(title);
  for (const field of fields) {
    if (field.name === 'body') continue;
    for (const cue of field.cues) {
      if (cue.cls === 'outage' || cue.cls === 'tech') outage = true;
      if (cue.cls === 'suspect' || cue.cls === 'monitor') suspected = true;
      if (cue.cls === 'monitor') monitored = true;
      if (cue.cls === 'blame' && !isHistory(field, cue.from)) blamed = true;
      if (silent === null && silences(field, cue, told)) silent = cue.cls;
    }
  }
  if (silent === null && isTally(title)) silent = 'retro';
  if (silent === null && (isEntry(title) || spansYears(title, fields[1]))) silent = 'retro';
  if (silent === null && isForecast(title)) silent = 'opinion';
  if (silent === null && isDefinition(title, fields[1])) silent = 'definition';
  // Somebody's account, and no country: the platform's own business.
  const account = title.cues.find((c) => c.cls === 'account');
  if (
    silent === null &&
    account !== undefined &&
    !title.cues.some((c) => c.cls === 'threat' && c.from < account.from) &&
    !title.places.some((p) => p.kind === 'country')
  )
    silent = 'account';
  return { silent, outage: outage && !blamed, monitored, suspected: suspected || blamed };
}

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

/** "Internet censorship in Chad": a topic and a place, and no verb. */
function isEntry(title: Field): boolean {
  const topic = title.cues.find((c) => c.cls === 'entry' && c.from === 0);
  const place = title.places.at(-1);
  if (topic === undefined || place === undefined || place.to !== title.tokens.length) return false;
  const loc = cueBefore(title, place.from, 1, 'loc');
  return loc !== null && loc.from === topic.to;
}

/** "From 2017 to 2020 the site was blocked", under a title that tells no lift: history. */
function spansYears(title: Field, lead: Field | undefined): boolean {
  if (lead?.name !== 'summary' || title.cues.some((c) => c.cls === 'unblock' || c.cls === 'lift')) return false;
  const years = lead.tokens.flatMap(({ w }, i) => (lead.sentence[i] === 0 && /^(?:19|20)\d\d$/u.test(w) ? [i] : []));
  return years.some((i, n) => {
    const next = years[n + 1];
    if (next === undefined || next - i > SPAN || lead.tokens[next]!.w <= lead.tokens[i]!.w) return false;
    return lead.cues.some((c) => c.cls === 'rangeto' && c.from > i && c.to <= next);
  });
}
const SPAN = 6;

/** "Expert: a ban may come": one voice of no authority, and what may be. */
function isForecast(title: Field): boolean {
  const voice = title.cues.find((c) => c.cls === 'voice' && c.from <= 1);
  if (voice === undefined || title.places.some((p) => p.kind === 'authority')) return false;
  return !title.cues.some((c) => c.cls === 'auth') && title.cues.some((c) => AHEAD.has(c.cls));
}
const AHEAD = new Set(['modal', 'maybe', 'cond', 'will', 'threat']);

/** "In 2025 the agency blocked more than 34 thousand sites": a year and a count in the title are statistics. */
function isTally(field: Field): boolean {
  const inYear = (i: number): boolean =>
    /^(?:19|20)\d\d$/u.test(field.tokens[i]!.w) && isDatedYear(field, i) && cueBefore(field, i, 1, 'month') === null;
  if (!field.tokens.some((_, i) => inYear(i))) return false;
  return field.tokens.some(({ w }) => TALLY.has(w) || (/^\d{2,}$/u.test(w) && !/^(?:19|20)\d\d$/u.test(w)));
}
const TALLY = new Set(
  'тыс млн тысяч тысячи thousand thousands million hundreds milliers miles mil millionen tausend ribu bin milyon'.split(
    ' ',
  ),
);

/** "blocks Wikipedia under a law": a service, and no judge, within the phrase. */
export const hitsService = (field: Field, cue: Cue): boolean =>
  // "Pornhub blocks Utah over an ID law": a site that goes over an age check.
  (field.mentions.some((m) => m.to === cue.from && m.category === 'adult') &&
    field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'age')) ||
  (field.mentions.some((m) => m.from > cue.from && m.to < cue.to && !m.everyday) &&
    cueAfter(field, cue.from, 0, 'noun') === null &&
    !field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'court'));

/** "access to the site of the radio station", "the internet and the radio are cut": not only its programmes. */
export const namesSite = (field: Field, cue: Cue): boolean =>
  field.cuesIn[field.sentence[cue.from]!]!.some(
    (c) =>
      c.cls === 'access' ||
      c.cls === 'net' ||
      (c.cls === 'social' && field.cuesAt[c.from]!.some((k) => k.cls === 'kind' && k.to === c.to)),
  );

/** "orders X to cease its operations": a state's doing, though the words are those of one that leaves. */
export const isBidden = (field: Field, cue: Cue): boolean =>
  field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'order' && c.to <= cue.from) ||
  (opensAct(field, cue) && (stateBefore(field, cue.from) || isSecondVerb(field, cue)));

/** "Peru blocks X and closes its offices" */
const isSecondVerb = (field: Field, cue: Cue): boolean =>
  cueBefore(field, cue.from, 0, 'and') !== null &&
  field.cues.some(
    (c) => isAct(c) && c.to <= cue.from && field.prop[c.from] === field.prop[cue.from] && stateBefore(field, c.from),
  );

const opensAct = (field: Field, cue: Cue): boolean =>
  field.cuesAt[cue.from]!.some((c) => isAct(c) && c.cls !== 'leave');

/** "Nigeria suspends …", "Peru's regulator halts …": a state right before the verb. */
export const stateBefore = (field: Field, at: number): boolean =>
  field.places.some((p) => p.to === at && (p.kind === 'country' || p.kind === 'authority')) ||
  cueBefore(field, at, 0, 'auth') !== null;

/** "X blocks Y": an act and what it hits. What such a title tells stays news, though its lead speaks of "a growing list of countries". */
const tells = (title: Field): boolean =>
  title.cues.some((c) => isAct(c) && c.cls !== 'legal') &&
  (title.mentions.some((m) => m.role === null) ||
    (title.places.length > 0 && title.cues.some((c) => c.cls === 'net' || c.cls === 'social')));

/** "… banned X on the computers of ministries", says the first sentence: the ban of the title is no more than that. */
const onlyThere = (field: Field, cue: Cue): boolean =>
  field.sentence[cue.from] === 0 &&
  field.cuesIn[0]!.some(
    (c) =>
      (c.cls === 'block' || c.cls === 'restrict') &&
      field.prop[c.from] === field.prop[cue.from] &&
      // The verb may come last, as in India.
      (cue.from >= c.to ? cue.from - c.to <= DEVICE_REACH : c.from - cue.to <= VERB_REACH && !isHistory(field, c.from)),
  );
const DEVICE_REACH = 10;
const VERB_REACH = 6;

/** "denies that X will be unblocked" tells that it is blocked. */
const deniesLift = (field: Field, cue: Cue): boolean =>
  field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'unblock' || c.cls === 'lift');

/** "blocks X, joining a list of countries that …": behind an act and a comma. */
function isJoined(field: Field, list: Cue): boolean {
  const act = field.cues.find((c) => isAct(c) && c.to <= list.from);
  if (act === undefined || !field.mentions.some((m) => m.role === null && m.to <= list.from)) return false;
  for (let i = act.to; i <= list.from; i++) if ((field.tokens[i]!.gap & GAP.comma) !== 0) return true;
  return false;
}

/** "X is blocked, how to open it": the question behind takes nothing from what the first part tells. */
function isTail(field: Field, howto: Cue): boolean {
  const act = field.cues.find((c) => (c.cls === 'block' || c.cls === 'throttle') && c.to <= howto.from);
  if (act === undefined || !field.mentions.some((m) => m.role === null && m.to <= act.from)) return false;
  for (let i = act.to; i <= howto.from; i++)
    if (field.sentence[i] !== field.sentence[act.from] || (field.tokens[i]!.gap & (GAP.comma | GAP.clause)) !== 0)
      return true;
  return false;
}

function silences(field: Field, cue: Cue, told: boolean): boolean {
  const where = SILENCING[cue.cls];
  if (where === undefined || (cue.cls === 'rumour' && (isPrevented(field, cue) || deniesLift(field, cue))))
    return false;
  // "under the fake news law"
  if (cue.cls === 'rumour' && cueAfter(field, cue.to, 0, ['other', 'bill']) !== null) return false;
  // "This is no rumour".
  if (cue.cls === 'rumour' && cueBefore(field, cue.from, 2, 'neg') !== null) return false;
  if (cue.cls === 'lawblock' && hitsService(field, cue)) return false;
  // "Two years on, X is still blocked": what holds today is no look back.
  if (cue.cls === 'retro' && told && field.cues.some((c) => c.cls === 'still')) return false;
  if (cue.cls === 'broadcast' && namesSite(field, cue)) return false;
  if (cue.cls === 'company' && (isBidden(field, cue) || field.cues.some((c) => c.cls === 'age'))) return false;
  if (cue.cls === 'list' && told && isJoined(field, cue)) return false;
  if (cue.cls === 'howto' && isTail(field, cue)) return false;
  // "blocks X ahead of an anniversary"
  if (cue.cls === 'retro' && told && cueBefore(field, cue.from, 4, ['circumstance', 'amid']) !== null) return false;
  if (where === 'anywhere' || field.name === 'title') return true;
  if (cue.cls === 'device') return field.name === 'summary' && onlyThere(field, cue);
  // "Column: …" opens a column, whatever field it stands in.
  if (cue.cls === 'opinion') return cue.from === 0;
  return where === 'lead' && field.sentence[cue.from] === 0 && !(told && BY_THE_WAY.has(cue.cls));
}
