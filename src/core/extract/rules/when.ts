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
import { firstOf, type Rule, table } from './table.ts';

/** When an act took place: one row a way to say that it is not now. */

interface Timed {
  field: Field;
  act: Cue;
  /** The word that lifts it, or the act itself. */
  verb: Cue;
}

export const timeOf = (field: Field, act: Cue, lift?: Cue): Time =>
  firstOf(TIME, { field, act, verb: lift ?? act }, field, act)?.effect ?? 'now';

const TIME_RULES: Rule<Timed, Time>[] = [
  // "on blocked sites": a quality of the thing, no event.
  {
    id: 'quality',
    needs: ['attr'],
    when: isQuality,
    effect: 'past',
    example: 'en| How to access blocked sites in Turkey',
  },
  {
    id: 'past-beside',
    needs: ['past', 'pluperfect'],
    when: isPastBeside,
    effect: 'past',
    example: 'Ten years ago Egypt cut the internet',
  },
  {
    id: 'past-before',
    needs: ['past', 'pluperfect'],
    when: (at) =>
      pasts(at).some(
        (c) =>
          at.field.prop[c.from] === at.field.prop[at.act.from] &&
          c.to <= at.act.from &&
          !otherActBetween(at.field, c.to, at.act.from),
      ),
    effect: 'past',
    example: 'TikTok goes dark in Nepal || The government had ordered providers to cut access.',
  },
  {
    id: 'past-opens',
    needs: ['past', 'pluperfect'],
    when: (at) => at.field.name !== 'title' && pasts(at).some((c) => c.from - opening(at) <= REACH.near),
    effect: 'past',
    example: 'en| X opens without a VPN in Pakistan || Users had no access for a year, because of a ban.',
  },
  {
    id: 'background-opens',
    needs: ['lead'],
    when: (at) =>
      at.field.name !== 'title' &&
      cuesAround(at.field, at.act.from).some(
        (c) => c.cls === 'lead' && c.from - opening(at) <= REACH.beside && !isDay(at.field, c.to),
      ),
    effect: 'past',
    example:
      "en| Remembering Nigeria's Twitter ban, four years on || In June 2021 the government suspended the platform for seven months.",
  },
  {
    id: 'outrun',
    needs: ['before'],
    when: ({ field, act }) => isOutrun(field, act),
    effect: 'past',
    example: 'en| Iran briefly restores internet before cutting it again',
  },
  {
    id: 'goes-on',
    needs: ['also'],
    when: ({ field, act }) => goesOn(field, act),
    effect: 'past',
    example: 'Kenya blocks TikTok || Earlier Kenya blocked Facebook. Telegram was also blocked.',
  },
  {
    id: 'year',
    needs: [],
    when: (at) => yearOf(at) === 'past',
    effect: 'past',
    example:
      'en| TikTok still unavailable in Uzbekistan three years on || The state inspectorate restricted the app in 2021 for breaking the personal data law.',
  },
  {
    id: 'year-and-month',
    needs: ['month'],
    when: (at) => yearOf(at) === 'soft',
    effect: 'soft',
    example: "Five years on: India's TikTok ban || The app was banned in June 2020 along with 58 others.",
  },
  {
    id: 'month',
    needs: ['month', 'past'],
    when: ({ field, act }) => field.name !== 'title' && isDated(field, act),
    effect: 'soft',
    example:
      'en| Kremlin says Telegram may be unblocked if it obeys the law || The app has been slowed since February.',
  },
  // "Blocking X: can it be done?": a topic, no assertion.
  {
    id: 'topic-asked',
    needs: ['ask'],
    when: isTopicAsked,
    effect: 'soft',
    example: 'en| Twitter ban: Nigeria sets conditions for lifting suspension',
  },
  // "अमल के बाद": languages that say "after" behind what came first.
  {
    id: 'after-behind',
    needs: ['afterpost'],
    when: isAfterBehind,
    effect: 'soft',
    example: 'zh| X平台在巴西恢复访问 || 马斯克旗下公司缴清罚款后，法官解除禁令。',
  },
  // "Sources on the blocking of X", too.
  {
    id: 'topic',
    needs: ['about'],
    when: isTopic,
    effect: 'soft',
    example: 'Roblox warns Russian users about possible block',
  },
  {
    id: 'after',
    needs: ['after'],
    when: ({ field, act, verb }) => afterScope(field, act, verb),
    effect: 'soft',
    example: 'en| ChatGPT returns to Italy after ban',
  },
];
export const TIME = table('time', TIME_RULES);

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
