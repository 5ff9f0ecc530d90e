import type { Fact, Reason, Rejected } from '../fact.ts';
import { type Field, inSentence } from '../field.ts';
import {
  hasWord,
  isBroadcaster,
  isDispelled,
  isGated,
  isOfVpns,
  isOldDecision,
  isOnline,
  isOthers,
  isRefused,
  isStores,
  isTitledAnew,
  isTopic,
  isUngoverned,
  tellsOfOrder,
} from '../news-words.ts';
import { turnsBack } from '../settle.ts';
import type { CueClass } from './classes.ts';
import type { Noise } from './noise.ts';
import { firstOf, type Rule, table } from './table.ts';

/** Why a fact is no news by itself: one row a reason. */

/** What was turned down before: it may take others with it. */
export interface Fallen {
  negated: boolean;
  titleFell: boolean;
  titleDenied: boolean;
  /** Services that the title says act themselves. */
  own: string[];
  /** Acts that the title says are not so, without naming of what. */
  nots: Rejected[];
}

const ELSEWHERE: ReadonlySet<Reason> = new Set<Reason>([
  'account',
  'appeal',
  'other-object',
  'own-doing',
  'owner-orders',
  'service-does',
]);
/** The text is about something else. */
export const isElsewhere = (why: Reason): boolean => ELSEWHERE.has(why) || why.startsWith('aside-');

interface Judged {
  fact: Fact;
  facts: Fact[];
  fields: Field[];
  noise: Noise;
  fallen: Fallen;
}
type NewsRule = Rule<Judged, Reason>;

/** Why a fact is no news by itself, or null. */
export const unusable = (at: Judged): Reason | null => firstOf(NEWS, at, at.fact.field, at.fact.act)?.effect ?? null;

const inTitle = ({ fact }: Judged): boolean => fact.field.name === 'title';

/** Where the text tells of a failure, and of nobody who is to blame for it. */
const OUTAGE_RULES: NewsRule[] = [
  {
    id: 'outage',
    needs: [],
    when: ({ fact, noise }) =>
      noise.outage && (fact.down || fact.action === 'shutdown' || (fact.net && fact.action === 'warn')),
    effect: 'outage',
    example: 'en| Skype outage hits millions',
  },
  {
    id: 'outage-cut',
    needs: [],
    when: ({ fact, noise }) =>
      noise.outage &&
      (fact.act.cls === 'cut' ||
        (fact.action === 'throttle' &&
          (fact.mentions.length === 0 || inSentence(fact.field, fact.act.from, 'outage') !== null))),
    effect: 'outage',
    example: 'Cable damage slows internet in Vietnam',
  },
  // "X down: messages blocked, users say": where nobody governs, what is stuck is stuck.
  {
    id: 'outage-stuck',
    needs: [],
    when: ({ fact, fields, noise }) =>
      noise.outage &&
      fact.act.cls === 'block' &&
      fact.state === 'now' &&
      !noise.monitored &&
      hasWord(fields[0]!, ['down', 'outage']) &&
      isUngoverned(fields),
    effect: 'outage',
    example: 'Hungarian opposition news sites blocked by DDoS',
  },
  {
    id: 'outage-over',
    needs: [],
    when: ({ fact, facts, noise }) =>
      noise.outage &&
      fact.act.cls === 'unblock' &&
      !facts.some((f) => (f.act.cls === 'block' || f.act.cls === 'restrict') && !f.net && !f.carried),
    effect: 'outage-over',
    example: 'Somalia back online after ship cut undersea cable',
  },
];

const NEWS_RULES: NewsRule[] = [
  {
    id: 'past',
    needs: [],
    when: ({ fact }) => fact.time === 'past',
    effect: 'background',
    example: 'Ten years ago Egypt cut the internet',
  },
  // What was cut stays cut where only its return is not so.
  {
    id: 'disproved',
    needs: [],
    when: ({ fact, noise }) => noise.voids === 'disproved' && fact.action !== 'unblock' && fact.state !== 'held',
    effect: 'disproved',
    example: 'Uganda has shut down WhatsApp: false',
  },
  {
    id: 'refused',
    needs: ['refuse'],
    when: ({ fact }) => isRefused(fact),
    effect: 'denied',
    example: 'pt| Tribunal da Índia rejeita ação para bloquear o Signal',
  },
  {
    id: 'looks-back',
    needs: [],
    when: ({ fact, noise }) => noise.voids === 'looks-back' && !fact.still,
    effect: 'looks-back',
    example: 'Internet shutdown in Kashmir (2019–2021)',
  },
  {
    id: 'old-decision',
    needs: [],
    when: isOldDecision,
    effect: 'looks-back',
    example: 'Why does TikTok not open in Tashkent? || Uzbekistan restricted the app in July 2021.',
  },
  {
    id: 'titled-anew',
    needs: [],
    when: isTitledAnew,
    effect: 'looks-back',
    example: 'The ban on Twitter in Nigeria || The government suspended the platform in June 2021.',
  },
  {
    id: 'others',
    needs: ['list'],
    when: ({ fact }) => isOthers(fact),
    effect: 'others',
    example: 'Countries that have banned TikTok',
  },
  ...OUTAGE_RULES,
  {
    id: 'only-down',
    needs: [],
    when: isOnlyDown,
    effect: 'only-down',
    example: 'en| Blackberry outage spreads to US',
  },
  // "no ban for now", but the slow-down is extended: that state holds, as the text says.
  {
    id: 'title-denies',
    needs: [],
    when: (at) => !inTitle(at) && at.fallen.titleDenied && at.fact.action !== 'unblock' && !at.fact.still,
    effect: 'title-denies',
    example: 'Kenya has not blocked Telegram || The regulator blocked the messenger on Monday.',
  },
  // "YouTube bans channels", says the title; "it will ban", the text: still its own doing.
  {
    id: 'own-doing',
    needs: [],
    when: (at) => !inTitle(at) && isOwnDoing(at),
    effect: 'own-doing-titled',
    example: 'zh| 脸书封锁澳洲新闻内容 || 脸书在其平台上自行限制了新闻分享。',
  },
  {
    id: 'heading-of-end',
    needs: [],
    when: ({ fact, facts }) => isTopic(fact, facts),
    effect: 'heading',
    example:
      'Social media ban: Sri Lanka restores access to Facebook, WhatsApp, Instagram, YouTube and Viber after 15 hours',
  },
  {
    id: 'points-back',
    needs: [],
    when: (at) => !inTitle(at) && at.fallen.titleFell && pointsBack(at.fact),
    effect: 'points-back',
    example: 'Facebook restores account of Myanmar activist || The company said the suspension was an error.',
  },
  // "Massive blackout leaves Cuba in the dark": lamps, where nobody speaks of networks.
  {
    id: 'lamps',
    needs: [],
    when: ({ fact, fields }) => fact.bare && fact.act.to - fact.act.from === 1 && !fields.some(isOnline),
    effect: 'no-network',
    example: 'en| Massive blackout leaves Cuba in the dark',
  },
  {
    id: 'broadcaster',
    needs: [],
    when: ({ fact, fields }) => isBroadcaster(fact, fields),
    effect: 'broadcaster',
    example: 'Niger suspends BBC for three months',
  },
  {
    id: 'store-itself',
    needs: [],
    when: ({ fact, fields }) => isStores(fact, fields),
    effect: 'store-itself',
    example: 'ko| 유튜브, 북한 선전 채널 삭제',
  },
  {
    id: 'label-alone',
    needs: [],
    when: (at) => at.fact.act.cls === 'legal' && at.fact.mentions.length === 0 && !(at.fact.generic && inTitle(at)),
    effect: 'label-alone',
    example: 'Brazil lifts ban on X after company pays fines',
  },
  {
    id: 'only-trouble',
    needs: [],
    when: isOnlyTrouble,
    effect: 'only-trouble',
    example: 'Cloudflare outage takes down X, ChatGPT',
  },
  // "the network is slow", tells the lead, and nobody who would have slowed it.
  {
    id: 'only-slow',
    needs: [],
    when: isOnlySlow,
    effect: 'only-slow',
    example: 'Trouble in Kenya || The internet is slow in Kenya since Monday.',
  },
  {
    id: 'said-not',
    needs: [],
    when: ({ fact, fallen }) => (fact.time === 'soft' && fallen.negated) || isDispelled(fact, fallen.nots),
    effect: 'said-not',
    example: 'en| Fears of a Viber block; ministry says it will not be restricted',
  },
];
export const NEWS = table('news', NEWS_RULES);

function isOnlyDown({ fact, facts, fields, noise }: Judged): boolean {
  if (!fact.down || noise.suspected || fact.part || !(fact.weak || !isOfVpns(fact))) return false;
  const backed = facts.some((f) => f !== fact && !f.down && f.state === 'now' && f.action !== 'unblock');
  const around = fields.some((f) => f.mentions.some((m) => m.role === 'means'));
  if (backed || around || tellsOfOrder(fields)) return false;
  // "X is back, Y stays out of reach": one measure.
  const beside = facts.some(
    (f) => turnsBack(fact, f) || (fact.still && f.field === fact.field && f.action === 'unblock' && f.state === 'now'),
  );
  return !beside && !isGated(fact, fields);
}

function isOwnDoing({ fact, fallen }: Judged): boolean {
  return (
    fact.mentions.length > 0 &&
    fact.mentions.every((m) => fallen.own.includes(m.id)) &&
    isNobodys(fact, ['auth', 'court', 'order'])
  );
}

const isNobodys = ({ field, act }: Fact, classes: readonly CueClass[]): boolean =>
  classes.every((cls) => inSentence(field, act.from, cls) === null);

const pointsBack = (fact: Fact): boolean =>
  fact.carried || (fact.generic && fact.mentions.length === 0 && isNobodys(fact, ['auth', 'monitor']));

function isOnlyTrouble({ fact, fields, noise }: Judged): boolean {
  if (!fact.weak) return false;
  return fact.net || isOfVpns(fact)
    ? !noise.suspected && !tellsOfOrder(fields)
    : inSentence(fact.field, fact.act.from, 'monitor') === null;
}

function isOnlySlow({ fact, facts, noise }: Judged): boolean {
  return (
    fact.action === 'throttle' &&
    !noise.suspected &&
    fact.net &&
    fact.mentions.length === 0 &&
    fact.field.name !== 'title' &&
    isNobodys(fact, ['auth', 'monitor', 'order', 'court']) &&
    !facts.some((f) => f.field.name === 'title' && (f.action === 'throttle' || f.action === 'shutdown') && !f.down)
  );
}
