import { negatedBehind, REACH } from './distances.ts';
import { governs } from './governs.ts';
import {
  appealOf,
  isBidden,
  isConditional,
  isDemand,
  isDenied,
  isHeading,
  isImperative,
  isMust,
  isNegated,
  isOrderedFirst,
  isPlanned,
  type Posed,
  sharesMust,
} from './mood-words.ts';
import { cueAfter, cueBefore, cuesAround } from './read.ts';
import type { Mood } from './reasons.ts';
import { firstOf, type Rule, table } from './rules.ts';
import { inSentence } from './scope.ts';

/** How an act stands in its sentence: one row a way to say that it is not simply so. */
type MoodRule = Rule<Posed, Mood>;

export const moodOf = (at: Posed): Mood => firstOf(MOOD, at, at.field, at.act)?.effect ?? 'asserted';

const ofLifts = (rules: MoodRule[]): MoodRule[] =>
  rules.map((rule) => ({ ...rule, when: (at) => at.lifting && rule.when(at) }));

/** Of lifts only: what asks for one, or orders it, has not lifted anything. */
const LIFT_RULES: MoodRule[] = ofLifts([
  { id: 'imperative', needs: ['imperative'], when: isImperative, effect: 'appeal', example: 'a lift: unblock' },
  // "attempted to overturn the order"
  {
    id: 'attempt',
    needs: ['attempt'],
    when: ({ field, act }) => cueBefore(field, act.from, REACH.touching, 'attempt') !== null,
    effect: 'planned',
    example: 'Lawyers attempted to lift the ban on Telegram in Kenya',
  },
  {
    id: 'must-lift',
    needs: ['must', 'demand'],
    when: (at) => isMust(at) || sharesMust(at),
    effect: 'ordered',
    example: "uk| Суд у Туреччині зобов'язав розблокувати Wikipedia",
  },
  {
    id: 'demanded',
    needs: ['demand'],
    when: ({ field, act, habits }) =>
      governs(field, act, 'demand', habits) && inSentence(field, act.from, 'court') === null,
    effect: 'appeal',
    example: 'Journalists demand the unblocking of Telegram in Kenya',
  },
  // A court's order to restore is no restoration; the power that blocked lifts by ordering it.
  {
    id: 'lift-ordered',
    needs: ['order'],
    when: (at) => at.habits.judged && isBidden(at),
    effect: 'ordered',
    example: 'en| Pakistan court orders government to restore X',
  },
]);

const MOOD_RULES: MoodRule[] = [
  {
    id: 'negated',
    needs: ['neg', 'negverb'],
    when: isNegated,
    effect: 'negated',
    example: 'Let us not ban social media in Nigeria',
  },
  {
    id: 'negated-behind',
    needs: ['negpost'],
    when: ({ field, act, habits }) => cueAfter(field, act.to, negatedBehind(habits), 'negpost') !== null,
    effect: 'negated',
    example: 'fa| رفع فیلتر اینستاگرام منتفی شد',
  },
  {
    id: 'denied',
    needs: ['deny'],
    when: isDenied,
    effect: 'denied',
    example: 'en| Taliban deny plan to shut internet nationwide',
  },
  // "the police urge the ministry to block X": asked by those who rule, it is more than an opinion.
  {
    id: 'demand-of-rulers',
    needs: ['appeal'],
    when: (at) => {
      const appeal = at.lifting || at.act.cls === 'shutdown' ? null : appealOf(at);
      return appeal !== null && isDemand(at.field, appeal);
    },
    effect: 'planned',
    example: 'ar| ليبيا: مطالبات بحجب تيك توك والحكومة تدرس القرار',
  },
  {
    id: 'appeal',
    needs: ['appeal'],
    when: (at) => appealOf(at) !== null,
    effect: 'appeal',
    example: 'en| UN calls on Iran to restore internet',
  },
  // "rally against the ban on X"
  {
    id: 'against',
    needs: ['against'],
    when: ({ field, act }) =>
      cuesAround(field, act.from).some((c) => c.cls === 'against' && c.from < act.from && c.to > act.from),
    effect: 'appeal',
    example: 'en| Protesters in Kathmandu rally against social media ban',
  },
  {
    id: 'threatened',
    needs: ['threat'],
    when: ({ field, act, habits }) => governs(field, act, 'threat', habits),
    effect: 'threatened',
    example: 'Spotify faces ban in Turkey',
  },
  {
    id: 'condition',
    needs: ['cond'],
    when: isConditional,
    effect: 'conditional',
    example: 'Pakistan: VPNs to be blocked from next week unless registered',
  },
  ...LIFT_RULES,
  {
    id: 'asked',
    needs: ['ask'],
    when: ({ field, act, habits }) => governs(field, act, 'ask', habits),
    effect: 'asked',
    example: 'Why did Brazil ban X? A timeline',
  },
  {
    id: 'ordered-first',
    needs: ['order'],
    when: (at) => isOrderedFirst(at) && isPlanned(at),
    effect: 'ordered',
    example: 'pt| Vietname ordena às operadoras que bloqueiem o Telegram',
  },
  {
    id: 'planned',
    needs: ['bill', 'modal', 'maybe'],
    when: isPlanned,
    effect: 'planned',
    example: 'Russia says it may block YouTube',
  },
  // "'Block X again', says a deputy": asked for by one who cannot.
  {
    id: 'imperative-asked',
    needs: ['imperative'],
    when: (at) => !at.lifting && isImperative(at),
    effect: 'planned',
    example: '"Block Telegram again", Iranian lawmaker says',
  },
  {
    id: 'heading-only',
    needs: ['bill', 'threat'],
    when: (at) => !at.lifting && isHeading(at),
    effect: 'planned',
    example: 'fr| Interdiction des réseaux sociaux : la proposition de loi divise les députés français',
  },
  {
    id: 'ordered',
    needs: ['must', 'order'],
    when: (at) => !at.lifting && (isMust(at) || governs(at.field, at.act, 'order', at.habits)),
    effect: 'ordered',
    example: 'Should Ghana ban TikTok?',
  },
];
export const MOOD = table('mood', MOOD_RULES);
