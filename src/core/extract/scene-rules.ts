/** How surely a named place is where access changes: one row a way to name it. */
import type { Field, Place } from './read.ts';
import { cueAfter, cueBefore } from './read.ts';
import { firstOf, type Rule, table } from './rules.ts';
import {
  asideOf,
  belongsTo,
  cameBefore,
  hasOwnAuthorityBefore,
  hasPossessive,
  isAsideOnly,
  isDateline,
  isInitials,
  isNamedsake,
  isTwin,
  MEASURES,
  ownsThing,
  titleInCapitals,
} from './scene-words.ts';
import { GAP } from './tokens.ts';

export const HEADING = 4;
export const SURE = 3;
export const PLAIN = 2;
export const HINT = 1;
export const WEAK = 0;
export const NOT = -1;
/** A city tells more than an adjective and less than a country. */
const OF_CITY = HINT + 0.5;

interface Naming {
  field: Field;
  place: Place;
  /** Authorities of the field that are named by several words. */
  authorities: readonly Place[];
}
type SceneRule = Rule<Naming, number>;

export function scoreOf(field: Field, place: Place, authorities: readonly Place[]): number {
  const at: Naming = { field, place, authorities };
  const plain = firstOf(SCENE, at, field, place);
  if (plain !== null) return plain.effect;
  return place.kind === 'demonym'
    ? (firstOf(DEMONYM, at, field, place)?.effect ?? HINT)
    : (firstOf(NAMED, at, field, place)?.effect ?? OF_CITY);
}

const after = ({ field, place }: Naming, reach: number, cls: Parameters<typeof cueAfter>[3]): boolean =>
  cueAfter(field, place.to, reach, cls) !== null;
const before = ({ field, place }: Naming, reach: number, cls: Parameters<typeof cueBefore>[3]): boolean =>
  cueBefore(field, place.from, reach, cls) !== null;

const SCENE_RULES: SceneRule[] = [
  {
    id: 'dateline-country',
    needs: [],
    when: ({ field, place }) => place.kind === 'country' && isDateline(field, place),
    effect: HINT,
    example: 'Court orders a block || Kenya, January 10 2026 - The regulator has blocked Telegram.',
  },
  {
    id: 'dateline',
    needs: [],
    when: ({ field, place }) => isDateline(field, place),
    effect: NOT,
    example: 'ET/telegram/block || NAIROBI — Telegram was blocked on Monday.',
  },
  {
    id: 'namesake',
    needs: [],
    when: ({ field, place }) => place.kind === 'authority' && isNamedsake(field, place),
    effect: NOT,
    example: "en| Peru's national communications authority blocks Signal",
  },
  {
    id: 'authority-aside',
    needs: ['notlocafter'],
    when: (at) => at.place.kind === 'authority' && after(at, 0, 'notlocafter'),
    effect: WEAK,
    example:
      'ru| В Казахстане не открывается Telegram: Роскомнадзор ни при чём || Мининформ подтвердил, что доступ ограничен по решению суда.',
  },
  {
    id: 'authority',
    needs: [],
    when: ({ place }) => place.kind === 'authority',
    effect: SURE,
    example: 'en| Great Firewall',
  },
  {
    id: 'whose-authority',
    needs: [],
    when: ({ field, place, authorities }) =>
      authorities.some((p) => p.code !== place.code && belongsTo(field, p, place)),
    effect: SURE,
    example: "en| Peru's national communications authority blocks Signal",
  },
  {
    id: 'owner',
    needs: ['owned', 'ownedby'],
    when: (at) => after(at, 0, 'owned') || before(at, 0, 'ownedby'),
    effect: NOT,
    example: 'Zoom stops sales to Russian state-owned firms',
  },
  // "Israel-Iran war"
  {
    id: 'twin',
    needs: ['notlocafter'],
    when: ({ field, place }) => isTwin(field, place),
    effect: WEAK,
    example: 'en| Israel-Iran war: Tehran imposes internet blackout',
  },
  // "several Russian regions"
  {
    id: 'area',
    needs: ['area'],
    when: (at) => at.place.kind === 'demonym' && after(at, 0, 'area'),
    effect: SURE,
    example: 'en| Turkish users lose access to Wikipedia',
  },
  // "New Caledonia: France lifts …": the heading is the scene.
  {
    id: 'heading',
    needs: [],
    when: ({ field, place }) =>
      place.kind === 'country' &&
      field.name === 'title' &&
      place.from === 0 &&
      ((field.tokens[place.to]?.gap ?? 0) & GAP.colon) !== 0,
    effect: HEADING,
    example: 'UAE: WhatsApp calls working again?',
  },
  // "Türkiyədə", "भारत में": languages that say "in" behind the name.
  {
    id: 'in-behind',
    needs: [],
    when: (at) => at.place.kind !== 'demonym' && (at.place.at || after(at, 0, 'locafter')),
    effect: SURE,
    example: '伊朗全国断网',
  },
  {
    id: 'aside-behind',
    needs: ['notlocafter'],
    when: (at) => at.place.kind !== 'demonym' && after(at, 0, 'notlocafter'),
    effect: WEAK,
    example: 'en| Israel-Iran war: Tehran imposes internet blackout',
  },
  // "US criticises Turkey's ban": who only speaks of it.
  {
    id: 'reacts',
    needs: ['reacts'],
    when: (at) => at.field.name === 'title' && after(at, 0, 'reacts'),
    effect: WEAK,
    example: 'Meta blocks news in Canada; India watches',
  },
];
export const SCENE = table('scene', SCENE_RULES);

const DEMONYM_RULES: SceneRule[] = [
  // "Russian state media": the state there is no authority.
  {
    id: 'whose-outlet',
    needs: [],
    when: ({ field, place }) => {
      const whose = field.cuesAt[place.to]?.find((c) => c.cls === 'ownable' || c.cls === 'outlet');
      return (
        whose !== undefined && whose.to - whose.from > 1 && cueAfter(field, whose.to, 0, ['auth', 'court']) === null
      );
    },
    effect: NOT,
    example: 'en| Ofcom bans Chinese state broadcaster CGTN',
  },
  {
    id: 'its-authority',
    needs: ['auth', 'court'],
    when: (at) => after(at, 2, ['auth', 'court']) || hasOwnAuthorityBefore(at),
    effect: SURE,
    example: 'en| Brazilian police raid',
  },
  {
    id: 'its-store',
    needs: ['appstore'],
    when: (at) => after(at, 0, 'appstore'),
    effect: PLAIN,
    example: "en| Apple removes VPN apps from Russian App Store at Roskomnadzor's request",
  },
  {
    id: 'its-people',
    needs: ['people'],
    when: (at) => after(at, 1, 'people') || before(at, 0, 'people'),
    effect: PLAIN,
    example: 'Zoom ends service for Chinese individual users',
  },
  {
    id: 'its-product',
    needs: ['ownable', 'outlet'],
    when: (at) => after(at, 2, ['ownable', 'outlet']) || before(at, 0, ['ownable', 'outlet']),
    effect: NOT,
    example: 'en| Rome blocks Chinese AI app',
  },
  // "near the Syrian border": what stands beside the scene.
  {
    id: 'near-its',
    needs: ['notloc'],
    when: isAsideOnly,
    effect: WEAK,
    example: 'Gaza communications blackout: Paltel says services cut by Israeli strikes',
  },
];
export const DEMONYM = table('scene', DEMONYM_RULES);

const NAMED_RULES: SceneRule[] = [
  // Without spaces between: "中国应用", an app from China.
  {
    id: 'glued-product',
    needs: ['ownable'],
    when: (at) =>
      at.place.kind === 'country' &&
      at.place.from > 0 &&
      at.field.tokens[at.place.to]?.gap === GAP.none &&
      after(at, 0, 'ownable'),
    effect: NOT,
    example: 'zh| 印度封禁微信等中国应用程序',
  },
  // "US – The Times" at the end of a title: the paper is no "US paper".
  {
    id: 'outlet',
    needs: ['outlet'],
    when: (at) => after(at, 0, 'outlet') && (at.field.tokens[at.place.to]!.gap & GAP.clause) === 0,
    effect: NOT,
    example: 'zh| YouTube封锁俄罗斯官媒频道',
  },
  // "the US messaging platform": initials before a noun say whose it is, unless an authority or a measure follows.
  {
    id: 'initials',
    needs: ['ownable'],
    when: (at) =>
      at.place.kind === 'country' &&
      isInitials(at.field, at.place) &&
      !titleInCapitals(at.field) &&
      at.field.tokens[at.place.to]?.gap === GAP.space &&
      after(at, 1, 'ownable') &&
      !after(at, 3, MEASURES),
    effect: NOT,
    example: 'en| Russia blocks US messenger WhatsApp, pushes Max',
  },
  {
    id: 'possessive-authority',
    needs: ['ownable', 'outlet'],
    when: (at) => ownsThing(at) && cueAfter(at.field, at.place.to + 1, 3, 'auth') !== null,
    effect: SURE,
    example: "en| Hackers knock Iran's state TV off air",
  },
  // "Australia's social media ban": the measure is the country's, not the platform.
  {
    id: 'possessive-measure',
    needs: ['ownable', 'outlet'],
    when: (at) =>
      ownsThing(at) && cueAfter(at.field, at.place.to + 1, 3, ['block', 'restrict', 'shutdown', 'age']) !== null,
    effect: PLAIN,
    example: "Timeline of Turkey's social media bans",
  },
  {
    id: 'possessive',
    needs: ['ownable', 'outlet'],
    when: ownsThing,
    effect: NOT,
    example: "en| TikTok ban sparks protests in Albania's capital, the owner says",
  },
  // "bans China's TikTok": whose it is.
  {
    id: 'owner-of-target',
    needs: ['block', 'restrict', 'cut', 'throttle', 'shutdown'],
    when: (at) =>
      hasPossessive(at) &&
      at.field.mentions.some((m) => m.from === at.place.to + 1) &&
      before(at, 1, ['block', 'restrict', 'cut', 'throttle', 'shutdown']),
    effect: NOT,
    example: "en| India bans China's TikTok",
  },
  // "el gobierno de Cuba", "le régulateur du Togo": whose authority it is.
  {
    id: 'authority-of',
    needs: ['notloc'],
    when: ({ field, place }) => {
      const aside = asideOf(field, place);
      return aside !== null && aside.to === place.from && cueBefore(field, aside.from, 0, ['auth', 'court']) !== null;
    },
    effect: SURE,
    example: 'es| El Supremo de Brasil levanta el bloqueo a X',
  },
  // "blocks Discord after Russia": who came first.
  { id: 'came-first', needs: ['after'], when: cameBefore, effect: WEAK, example: 'en| After India, Nepal bans TikTok' },
  {
    id: 'aside',
    needs: ['notloc'],
    when: isAsideOnly,
    effect: WEAK,
    example: 'French farmers block highways near Paris',
  },
  { id: 'in', needs: ['loc'], when: (at) => before(at, 2, 'loc'), effect: SURE, example: 'Roblox banned in Iraq' },
  { id: 'named', needs: [], when: ({ place }) => place.kind !== 'city', effect: PLAIN, example: 'Qatar blocks Roblox' },
  // "Moscow labels …": at the head of a title a city acts for its country.
  {
    id: 'capital-acts',
    needs: [],
    when: ({ field, place }) =>
      field.name === 'title' && (place.from <= 1 || (field.tokens[place.from]!.gap & GAP.colon) !== 0),
    effect: PLAIN,
    example: 'Nauru lifts Facebook ban',
  },
];
export const NAMED = table('scene', NAMED_RULES);
