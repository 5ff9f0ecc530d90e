import { afterScope, bareYear, isDated, isDay, isHistory, isReported, type Time } from '../dates.ts';
import {
  type Cue,
  cueAfter,
  cueBefore,
  cuesAround,
  type Field,
  inSentence,
  isAct,
  otherActBetween,
  REACH,
} from '../field.ts';
import { GAP } from '../text/tokens.ts';
import { asCalled, type Conditions, firstOf, table } from './table.ts';

/** When an act took place: one row a way to say that it is not now. */

interface Timed {
  field: Field;
  act: Cue;
  /** The word that lifts it, or the act itself. */
  verb: Cue;
}

export const timeOf = (field: Field, act: Cue, lift?: Cue): Time =>
  firstOf(TIME, { field, act, verb: lift ?? act }, field, act)?.effect ?? 'now';

const TIME_ROWS: Conditions<'time', Timed> = {
  // "on blocked sites": a quality of the thing, no event.
  quality: isQuality,
  'past-beside': isPastBeside,
  'past-before': (at) =>
    pasts(at).some(
      (c) =>
        at.field.prop[c.from] === at.field.prop[at.act.from] &&
        c.to <= at.act.from &&
        !otherActBetween(at.field, c.to, at.act.from),
    ),
  'past-opens': (at) => at.field.name !== 'title' && pasts(at).some((c) => c.from - opening(at) <= REACH.near),
  'background-opens': (at) =>
    at.field.name !== 'title' &&
    cuesAround(at.field, at.act.from).some(
      (c) => c.cls === 'lead' && c.from - opening(at) <= REACH.beside && !isDay(at.field, c.to),
    ),
  outrun: ({ field, act }) => isOutrun(field, act),
  'goes-on': ({ field, act }) => goesOn(field, act),
  year: (at) => yearOf(at) === 'past',
  'year-and-month': (at) => yearOf(at) === 'soft',
  month: ({ field, act }) => field.name !== 'title' && isDated(field, act),
  // "Blocking X: can it be done?": a topic, no assertion.
  'topic-asked': isTopicAsked,
  // "अमल के बाद": languages that say "after" behind what came first.
  'after-behind': isAfterBehind,
  // "Sources on the blocking of X", too.
  topic: isTopic,
  after: ({ field, act, verb }) => afterScope(field, act, verb),
};
export const TIME = table('time', TIME_ROWS, asCalled<Time>(['soft', 'past']));

const opening = ({ field, act }: Timed): number => field.sentences[field.sentence[act.from]!]!.from;

const pasts = ({ field, act }: Timed): Cue[] =>
  cuesAround(field, act.from).filter((c) => c.cls === 'past' || (c.cls === 'pluperfect' && !isReported(field, c)));

function isQuality({ field, act }: Timed): boolean {
  return cuesAround(field, act.from).some(
    (c) =>
      c.cls === 'attr' &&
      c.from <= act.from &&
      c.to >= act.to &&
      cueBefore(field, c.from, REACH.near, 'still') === null,
  );
}

function isPastBeside(at: Timed): boolean {
  const { field, act } = at;
  return pasts(at).some(
    (c) =>
      (c.to <= act.from && act.from - c.to <= REACH.near) ||
      (c.from >= act.to &&
        c.from - act.to <= REACH.beside &&
        field.prop[c.from] === field.prop[act.from] &&
        (field.tokens[c.from]!.gap & GAP.comma) === 0) ||
      (c.from <= act.from && c.to >= act.to),
  );
}

const yearOf = ({ field, act }: Timed): Time | null => (field.name === 'title' ? null : bareYear(field, act));

function isTopicAsked({ field, act }: Timed): boolean {
  const ask = field.name === 'title' ? inSentence(field, act.from, 'ask') : null;
  return ask !== null && ask.from > act.to && field.prop[ask.from] !== field.prop[act.from];
}

function isAfterBehind({ field, act }: Timed): boolean {
  const behind = cueAfter(field, act.to, REACH.phrase, 'afterpost');
  return (
    behind !== null && field.prop[behind.from] === field.prop[act.from] && !otherActBetween(field, act.to, behind.from)
  );
}

function isTopic({ field, act }: Timed): boolean {
  const topic = cueBefore(field, act.from, REACH.beside, 'about');
  return topic !== null && cueBefore(field, topic.from, REACH.near, ['say', 'begin']) === null;
}

const NEXT_STEP = 8;

const isBack = (cue: Cue): boolean => cue.cls === 'unblock' || cue.cls === 'lift';

const isCut = (cue: Cue): boolean => isAct(cue) && !isBack(cue) && !['legal', 'fail', 'leave'].includes(cue.cls);

/** "was back for two hours before authorities cut it again", "unblocked, only to be blocked": the later step is the news. */
function isOutrun(field: Field, act: Cue): boolean {
  for (const cue of cuesAround(field, act.from)) {
    if (cue.cls !== 'before' || cue.from < act.to || !(isBack(act) || isCut(act))) continue;
    for (let i = cue.from; i < Math.min(cue.to + NEXT_STEP, field.tokens.length); i++)
      if (field.sentence[i] === field.sentence[act.from] && field.cuesAt[i]!.some(isBack(act) ? isCut : isBack))
        return true;
  }
  return false;
}

/** "Earlier it blocked X. Y was out of reach, too": the sentence behind one of history goes on with it. */
function goesOn(field: Field, act: Cue): boolean {
  const before = field.sentence[act.from]! - 1;
  if (field.name === 'title' || before < 0 || inSentence(field, act.from, 'also') === null) return false;
  return isHistory(field, field.sentences[before]!.from) && inSentence(field, act.from, 'still') === null;
}
