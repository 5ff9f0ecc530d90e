import type { Action } from '../../model/incident.ts';
import { functionOf, isDisclaimer, isPart, isPartly, limitsAccess, namesApp, type Objects } from '../about.ts';
import {
  actor,
  appealOf,
  governs,
  isBidden,
  isConditional,
  isDemand,
  isDenied,
  isFuture,
  isHeading,
  isImperative,
  isMust,
  isNegated,
  isOrderedFirst,
  isOwners,
  isPlanned,
  isRuled,
  isStatesDoing,
  namesSite,
  type Posed,
  sharesMust,
} from '../act-words.ts';
import { gapTo } from '../beside.ts';
import type { Fact, Ground, Mood, Reason, Setting, Standing } from '../fact.ts';
import {
  type Cue,
  clauseOf,
  cueAfter,
  cueBefore,
  cuesAround,
  type Field,
  hasCue,
  inSentence,
  negatedBehind,
  REACH,
} from '../field.ts';
import type { CueClass } from './classes.ts';
import { applyAll, firstOf, type Rule, table } from './table.ts';

/** Acts that tell nothing of access: one row a reason, asked before anything else is found out. */

/** An act in its text. */
export interface Acting {
  field: Field;
  act: Cue;
  /** The word that lifts it. */
  lift: Cue | undefined;
  setting: Setting;
}

/** Classes that speak of something else. */
type Aside = AsideOf<Reason> & CueClass;
type AsideOf<T> = T extends `aside-${infer C}` ? C : never;

/** Sentences that hold a word of the class speak of something else, unless `spared`. */
const aside = (
  cls: Aside,
  example: string,
  spared: (at: Acting, cue: Cue) => boolean = () => false,
): Rule<Acting, Reason> => ({
  id: `aside-${cls}`,
  needs: [cls],
  when: (at) => {
    const cue = inSentence(at.field, at.act.from, cls);
    return cue !== null && !spared(at, cue);
  },
  effect: `aside-${cls}`,
  example,
});

const ACT_RULES: Rule<Acting, Reason>[] = [
  // A site that leaves over an age check limits a place; any other leaves by its own choice.
  {
    id: 'leaves',
    needs: [],
    when: ({ act, setting }) => act.cls === 'leave' && !setting.aged,
    effect: 'leaves',
    example: 'Shopee pulls out of India',
  },
  // "remains open": nothing that comes back.
  {
    id: 'never-cut',
    needs: ['remain'],
    when: ({ field, act }) =>
      act.cls === 'unblock' &&
      cuesAround(field, act.from).some((c) => c.cls === 'remain' && c.from <= act.from && c.to >= act.to),
    effect: 'never-cut',
    example: 'en| Ghana blocks Signal; WhatsApp would be allowed to operate',
  },
  // A channel taken off the air is television; a messenger beside it is not.
  aside(
    'broadcast',
    'Kenya suspends Al Jazeera TV licence',
    ({ field, act }, cue) => namesApp(field, act) || namesSite(field, cue),
  ),
  aside('company', 'Hulu blocks VPN users', ({ field, setting }, cue) => setting.aged || isStatesDoing(field, cue)),
  {
    id: 'disclaimer',
    needs: ['disclaimer'],
    when: (at) => !isNews(at) && isDisclaimer(at.field, at.act),
    effect: 'disclaimer',
    example: 'Meta признали экстремистской организацией',
  },
];
export const ACT = table('act', ACT_RULES);

/** Named undesirable in the headline is the news itself. */
const isNews = ({ field, act }: Acting): boolean =>
  field.name === 'title' && act.cls === 'legal' && field.mentions.some((m) => m.to <= act.from && m.from <= 2);

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

/** How much of what an act cuts: which action it is, of the network or of services, of the whole or of a part. */

/** A fact while it is put together. */
interface Draft extends Standing {
  fact: Fact;
  /** Something is named. */
  named: boolean;
  /** Accounts, a function, posts: no more than that. */
  part: boolean;
}

/** What the act does, whenever it does it. */
export function draftOf(at: Standing, fact: Fact): Draft {
  const { field, act, objects } = at;
  const named = objects.mentions.length > 0;
  const part = objects.part || isPart(field, act, 'func') || functionOf(field, act, objects.mentions);
  const draft: Draft = { ...at, fact, named, part };
  fact.gradual = isPart(field, act, 'partial');
  fact.action = actionOf(draft);
  if (fact.action !== 'shutdown') fact.net = fact.action === 'throttle' && objects.net && !named;
  applyAll(EXTENT, draft, field, act);
  fact.weak =
    act.cls === 'fail' ||
    (isFelt(at) && inSentence(field, act.from, 'auth') === null && inSentence(field, act.from, 'monitor') === null);
  fact.down = act.cls === 'down' || fact.weak;
  return draft;
}

function actionOf({ field, act, objects, named, fact, mood }: Draft): Action {
  if (act.cls === 'throttle') return 'throttle';
  if (act.cls === 'shutdown') {
    if (!objects.net && isOfPlatforms({ field, act, objects, named, asserted: mood === 'asserted' })) return 'block';
    fact.bare = !objects.net && !hasCue(field, act.from, 'net');
    fact.net = true;
    fact.carried = false;
    // "no internet and no X": both.
    // "X and the mobile network offline": one list.
    if (!isInList(field, act, objects))
      fact.mentions = objects.mentions.filter(
        (m) => m.from - act.to === 1 && cueBefore(field, m.from, REACH.touching, 'and') !== null,
      );
    return 'shutdown';
  }
  if (objects.net && !named && act.cls !== 'delist') return 'shutdown';
  if (objects.net && named && nearer(field, act, objects)) {
    // "cuts internet and Twitter": both, where they stand side by side.
    if (!isInList(field, act, objects)) fact.mentions = [];
    return 'shutdown';
  }
  return act.cls === 'restrict' ? 'restrict' : 'block';
}

interface Dark {
  field: Field;
  act: Cue;
  objects: Objects;
  named: boolean;
  asserted: boolean;
}

/** The word of a shutdown, said of platforms. */
function isOfPlatforms({ field, act, objects, named, asserted }: Dark): boolean {
  if (objects.mentions.some((m) => gapTo(act, m) <= REACH.beside)) return true;
  // "a social media blackout": of platforms.
  if (
    objects.generic &&
    !named &&
    (cueBefore(field, act.from, REACH.touching, 'social') ?? cueAfter(field, act.to, REACH.near, 'social')) !== null
  )
    return true;
  // "platforms must register or face a shutdown": of what is named, where no network is.
  return (
    !asserted &&
    (named || inSentence(field, act.from, 'social') !== null) &&
    inSentence(field, act.from, 'net') === null
  );
}

const EXTENT_RULES: Rule<Draft, (draft: Draft) => void>[] = [
  // "restricts X" as a whole is what regulators call a block; a part or a step is named as such.
  {
    id: 'limits-access',
    needs: ['access'],
    when: (d) => isLimit(d) && limitsAccess(d.field, d.act),
    effect: (d) => become(d, 'block', 'limits-access'),
    example: 'en| Tehran restricts access to WhatsApp',
  },
  {
    id: 'limits-whole',
    needs: [],
    when: (d) => isLimit(d) && (d.named || d.objects.generic || d.objects.carried),
    effect: (d) => become(d, 'block', 'limits-whole'),
    example: 'Turkmenistan restricts IMO messenger',
  },
  // "partly blocked": a limit.
  {
    id: 'partly',
    needs: ['partly'],
    when: ({ fact, named, field, act }) =>
      fact.action === 'block' && named && act.cls === 'block' && isPartly(field, act),
    effect: (d) => {
      become(d, 'restrict', 'partly');
      d.fact.gradual = true;
    },
    example: 'ru| Signal частично заблокирован в Китае || Пользователи жалуются, что не отправляются фото.',
  },
  {
    id: 'age-gate',
    needs: [],
    when: (d) => d.fact.action === 'block' && !d.part && isAgeGate(d),
    effect: (d) => become(d, 'restrict', 'age-gate', true),
    example: 'Denmark plans social media ban for under 15s',
  },
  {
    id: 'one-function',
    needs: [],
    when: ({ fact, part }) => part && (fact.action === 'block' || fact.action === 'restrict'),
    effect: (d) => become(d, 'restrict', 'one-function', true),
    example: 'India orders X to block accounts',
  },
];
export const EXTENT = table('extent', EXTENT_RULES);

function become({ fact, rules }: Draft, action: Action, why: Ground, part = false): void {
  fact.action = action;
  if (part) fact.part = true;
  rules.push(why);
}

const isLimit = ({ fact, part }: Draft): boolean => fact.action === 'restrict' && !part && !fact.gradual;

const isAgeGate = ({ field, act, setting }: Draft): boolean =>
  (setting.aged && (act.cls === 'leave' || actor(field, act) !== null)) || inSentence(field, act.from, 'age') !== null;

/** "users say that the network is slow": trouble, not a measure. */
const isFelt = ({ field, act, objects }: Standing): boolean =>
  act.cls === 'throttle' &&
  objects.net &&
  field.name !== 'title' &&
  cuesAround(field, act.from).some((c) => c.cls === 'people');

/** The network and a service named in one list. */
function isInList(field: Field, act: Cue, { mentions }: Objects): boolean {
  const nets = cuesAround(field, act.from).filter((c) => c.cls === 'net');
  return mentions.some((m) =>
    nets.some((n) => gapTo(n, m) === 1 && cueBefore(field, Math.max(n.from, m.from), REACH.touching, 'and') !== null),
  );
}

function nearer(field: Field, act: Cue, objects: Objects): boolean {
  // "networks to block access to X": the network acts, the service is hit.
  if (act.cls !== 'cut' && objects.mentions.some((m) => m.from >= act.to && gapTo(act, m) <= REACH.phrase)) {
    const behind = cuesAround(field, act.from).some(
      (c) => c.cls === 'net' && c.from >= act.to && gapTo(act, c) <= REACH.phrase,
    );
    if (!behind) return false;
  }
  const net = Math.min(
    ...clauseOf(field, act.from)
      .cues.filter((c) => c.cls === 'net')
      .map((c) => gapTo(act, c)),
  );
  return net < Math.min(...objects.mentions.map((m) => gapTo(act, m)));
}

/** Whether an act is done, ahead, or only threatened: and by whom. */

/** The fact, or why it is none. */
export function tensed(draft: Draft): Fact | Reason {
  const { field, act, fact, rules } = draft;
  const rule = firstOf(TENSE, draft, field, act);
  if (rule !== null) return rule.effect(draft);
  rules.push(`asserted-${act.cls}`);
  return fact;
}

const TENSE_RULES: Rule<Draft, (draft: Draft) => Fact | Reason>[] = [
  // "Apple, on the order of Beijing, …" takes off its shelf what another orders.
  {
    id: 'owner-orders',
    needs: ['order'],
    when: ({ mood, act, field }) =>
      mood === 'ordered' && act.cls !== 'delist' && !isRuled(field, act) && isOwners(field, act, 'order'),
    effect: () => 'owner-orders',
    example: 'en| Musk ordered engineers to cut off Starlink near Crimea',
  },
  {
    id: 'owner-threatens',
    needs: ['threat'],
    when: ({ mood, field, act }) => mood === 'threatened' && isOwners(field, act, 'threat'),
    effect: () => 'owner-threatens',
    example: 'en| Musk threatens to switch off X in the EU',
  },
  {
    id: 'threat',
    needs: [],
    when: ({ mood }) => mood === 'threatened',
    effect: (d) => ahead(d, 'threat', true),
    example: 'Spotify faces ban in Turkey',
  },
  {
    id: 'ahead',
    needs: [],
    when: (d) =>
      (d.mood === 'planned' && !stays(d)) || d.mood === 'conditional' || (d.setting.pending && d.act.cls === 'block'),
    // "may make the block permanent": a threat beside what runs.
    effect: (d) => ahead(d, d.mood, isPart(d.field, d.act, 'forever')),
    example: 'Russia says it may block YouTube',
  },
  // "The state blocks X" || "A bill was submitted to parliament": told as done, and only proposed.
  {
    id: 'tabled',
    needs: [],
    when: ({ mood, field, act, setting, fact }) =>
      mood === 'asserted' &&
      field.name === 'title' &&
      setting.tabled &&
      fact.action !== 'shutdown' &&
      (act.cls === 'block' || act.cls === 'restrict' || act.cls === 'throttle'),
    effect: (d) => ahead(d, 'tabled', false),
    example: 'en| Kenya blocks Wikipedia for censoring history || A bill was submitted to parliament on Tuesday.',
  },
  // "Jordan to block X in two months": decided or not, it has not begun. A network is cut by the calendar, and that is news of the cut.
  {
    id: 'horizon',
    needs: ['soon'],
    when: (d) =>
      d.mood !== 'ordered' &&
      d.fact.action !== 'shutdown' &&
      isFuture(d.field, d.act, d.setting) &&
      clauseOf(d.field, d.act.from).cues.some((c) => c.cls === 'soon') &&
      !stays(d),
    effect: (d) => ahead(d, 'horizon', isPart(d.field, d.act, 'forever')),
    example: 'Jordan to block access to Telegram in two months || The ministry told providers to prepare the order.',
  },
  {
    id: 'future',
    needs: ['will', 'inf'],
    when: (d) =>
      d.mood !== 'ordered' &&
      !d.setting.ordered &&
      d.fact.action !== 'shutdown' &&
      isFuture(d.field, d.act, d.setting) &&
      !stays(d) &&
      !isJoined(d),
    effect: (d) => ahead(d, 'future', isPart(d.field, d.act, 'forever')),
    example: 'Philippines to block Grok',
  },
];
export const TENSE = table('tense', TENSE_RULES);

function ahead({ fact, rules }: Draft, why: Ground, threat: boolean): Fact {
  rules.push(why);
  return { ...fact, action: 'warn', state: 'warn', threat };
}

const stays = ({ mood, field, act }: Draft): boolean =>
  (mood === 'planned' || mood === 'asserted') && staysAhead(field, act);

/** "the network is cut during exams. X will also be blocked": one decision. */
const isJoined = ({ field, act }: Draft): boolean =>
  field.name !== 'title' && cueBefore(field, act.from, REACH.near, 'also') !== null;

/** "plans to extend the ban": what is planned is that it stays. Not "to extend limits to X". */
function staysAhead(field: Field, act: Cue): boolean {
  if (act.cls === 'restrict' || cueAfter(field, act.to, REACH.touching, 'inf') !== null) return false;
  const still =
    cueBefore(field, act.from, REACH.close, 'still') ??
    cuesAround(field, act.from).find((c) => c.cls === 'still' && c.from <= act.from && c.to >= act.to);
  if (still == null) return false;
  return (
    cueBefore(field, still.from, REACH.near, ['modal', 'will']) !== null && inSentence(field, act.from, 'ask') === null
  );
}
