/** Phrases that tell that a text is no news of access, and what takes that back: one row an exception. */

import type { CueClass } from './classes.ts';
import { isHistory } from './dates.ts';
import { isContradicted } from './disproof.ts';
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
import { firstOf, type Rule, table } from './rules.ts';
import { isAct, isPrevented } from './scope.ts';
import { hitsService, isBidden, namesSite } from './state-words.ts';
import { GAP } from './tokens.ts';

/** What tells that a text is no news of access, whatever words it holds. Class of the lexicon → where it must stand to silence the text. */
const SILENCING: Partial<Record<CueClass, 'title' | 'lead'>> = {
  howto: 'title',
  hindsight: 'title',
  list: 'lead',
  retro: 'lead',
  opinion: 'title',
  device: 'title',
  parental: 'lead',
  competition: 'title',
  lawblock: 'title',
  vpnad: 'title',
  feature: 'title',
  rumour: 'lead',
  broadcast: 'title',
  company: 'title',
};

/** Classes that a lead may hold in passing, under a title that tells an event. */
const BY_THE_WAY = new Set<CueClass>(['list', 'retro']);

interface Hushed {
  field: Field;
  cue: Cue;
  /** The title tells an event. */
  eventful: boolean;
}

/** A phrase that silences the whole text, where it stands. */
export function silences(at: Hushed): boolean {
  const where = SILENCING[at.cue.cls];
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
const spared = (cls: CueClass, id: string, when: (at: Hushed) => boolean, example: string): Rule<Hushed, true> => ({
  id,
  needs: [cls],
  when: (at) => at.cue.cls === cls && when(at),
  effect: true,
  example,
});

const SPARED_RULES: Rule<Hushed, true>[] = [
  spared(
    'rumour',
    'against-rumours',
    ({ field, cue }) => isPrevented(field, cue) || deniesLift(field, cue),
    'zh| 肯尼亚封锁Signal 指传播谣言',
  ),
  // "under the fake news law"
  spared(
    'rumour',
    'rumour-law',
    ({ field, cue }) => cueAfter(field, cue.to, REACH.touching, ['other', 'bill']) !== null,
    'en| Moscow blocks BBC site as Duma passes fake news law',
  ),
  // "citing fake news", "denies censorship": no word on the report.
  spared(
    'rumour',
    'no-denial',
    ({ field, cue }) =>
      cuesAround(field, cue.from).some((c) => c.cls === 'nodeny' && c.from <= cue.from && c.to >= cue.to),
    'Uganda blocks Facebook, citing fake news',
  ),
  spared(
    'rumour',
    'contradicted',
    ({ field, cue }) => isContradicted(field, cue),
    'ru| Власти Таджикистана опровергли блокировку YouTube, но NetBlocks подтверждает отключение',
  ),
  spared(
    'lawblock',
    'law-hits-service',
    ({ field, cue }) => hitsService(field, cue),
    'en| Pornhub blocks Kansas over ID law || The site goes rather than ask users for proof of age.',
  ),
  // "Two years on, X is still blocked": what holds today is no look back.
  spared(
    'retro',
    'holds-today',
    ({ field, eventful }) => eventful && field.cues.some((c) => c.cls === 'still'),
    'en| Facebook still off in Uganda four years on',
  ),
  spared(
    'broadcast',
    'site-of-station',
    ({ field, cue }) => namesSite(field, cue),
    'ru| ЕС запретил вещание и сайт RT на территории союза || Провайдеры обязаны закрыть доступ к ресурсу телеканала.',
  ),
  spared(
    'company',
    'company-bidden',
    ({ field, cue }) => isBidden(field, cue) || field.cues.some((c) => c.cls === 'age'),
    'Starlink stops taking orders in Lagos, says sold out',
  ),
  spared(
    'list',
    'joins-list',
    ({ field, cue, eventful }) => eventful && isJoined(field, cue),
    'Kenya blocks Telegram || Kenya has blocked Telegram, joining a list of countries that have banned it.',
  ),
  spared(
    'howto',
    'howto-tail',
    ({ field, cue }) => isTail(field, cue),
    'Signal blocked? Here is how to set up a proxy',
  ),
  // "A year after the ban Nepal restores X": what comes back after so long is news.
  spared(
    'retro',
    'comes-back',
    ({ field, cue, eventful }) => eventful && comesBack(field, cue),
    "fr| Un an après l'interdiction, le Népal rétablit TikTok",
  ),
  // "On the anniversary of the coup, Myanmar cuts …": a day on which something is done.
  spared(
    'retro',
    'on-the-day',
    ({ field, cue, eventful }) => eventful && isDayOf(field, cue),
    'en| On the anniversary of the coup, Myanmar cuts mobile internet',
  ),
  // "blocks X ahead of an anniversary"
  spared(
    'retro',
    'anniversary',
    ({ field, cue, eventful }) =>
      eventful && cueBefore(field, cue.from, REACH.phrase, ['circumstance', 'amid']) !== null,
    'Iran blocks WhatsApp amid fifth anniversary of protests',
  ),
];
export const SPARED = table('noise', SPARED_RULES);

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
  if (act === undefined) return false;
  const hit = field.mentions.find((m) => m.role === null && m.to <= howto.from);
  if (hit === undefined || !(hit.to <= act.from || isDone(field, act))) return false;
  for (let i = Math.max(act.to, hit.to); i <= howto.from; i++)
    if (field.sentence[i] !== field.sentence[act.from] || (field.tokens[i]!.gap & (GAP.comma | GAP.clause)) !== 0)
      return true;
  return false;
}

/** "Kenya blocks X: what to do": a place, and behind it the verb. */
const isDone = (field: Field, act: Cue): boolean =>
  hasCue(field, act.from, 'active') && field.places.some((p) => p.to <= act.from && act.from - p.to <= REACH.beside);

/** An act of return, told and not asked, behind the phrase, or before one that ends the title: "lifts its block on X four years later". */
const comesBack = (field: Field, { from, to }: Cue): boolean =>
  !field.sentences.some((s) => s.question) &&
  field.cues.some(
    (c) =>
      (c.cls === 'unblock' || c.cls === 'lift') &&
      (c.from >= to || (c.to <= from && to === field.tokens.length)) &&
      !hasCue(field, c.from, 'noun'),
  );

/** "on the anniversary of": a preposition before it; and behind it a place that does something, or in which it is done. */
function isDayOf(field: Field, { from, to }: Cue): boolean {
  if (cueBefore(field, from, REACH.beside, ['loc', 'inyear', 'on', 'platformed']) === null) return false;
  const act = field.cues.find((c) => isAct(c) && c.from > to && !hasCue(field, c.from, 'noun'));
  return act !== undefined && field.places.some((p) => p.from >= to && p.to <= act.from);
}
