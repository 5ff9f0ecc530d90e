import { cueAfter, cueBefore, type Field, type Place, REACH } from '../field.ts';
import {
  after,
  asideOf,
  before,
  cameBefore,
  HEADING,
  HINT,
  hasOwnAuthorityBefore,
  hasPossessive,
  isAsideOnly,
  isDateline,
  isFelt,
  isInitials,
  isNamedsake,
  MEASURES,
  type Naming,
  NOT,
  OF_CITY,
  ownsThing,
  PLAIN,
  SURE,
  titleInCapitals,
  WEAK,
} from '../scene-words.ts';
import { GAP } from '../text/tokens.ts';
import { firstOf, type Rule, table } from './table.ts';

/** Adjectives of countries: whose thing it is, or where it happens. */

const DEMONYM_RULES: Rule<Naming, number>[] = [
  {
    id: 'its-authority',
    needs: ['auth', 'court'],
    when: (at) => after(at, REACH.near, ['auth', 'court']) || hasOwnAuthorityBefore(at),
    effect: SURE,
    example: 'en| Brazilian police raid',
  },
  {
    id: 'its-store',
    needs: ['appstore'],
    when: (at) => after(at, REACH.touching, 'appstore'),
    effect: PLAIN,
    example: "en| Apple removes VPN apps from Russian App Store at Roskomnadzor's request",
  },
  {
    id: 'its-product',
    needs: ['ownable', 'outlet'],
    when: (at) => after(at, REACH.near, ['ownable', 'outlet']) || before(at, REACH.touching, ['ownable', 'outlet']),
    effect: NOT,
    example: 'en| Rome blocks Chinese AI app',
  },
];
export const DEMONYM = table('scene', DEMONYM_RULES);

/** How surely a named place is where access changes: one row a way to name it. */

type SceneRule = Rule<Naming, number>;

export function scoreOf(field: Field, place: Place): number {
  const at: Naming = { field, place };
  const plain = firstOf(SCENE, at, field, place);
  if (plain !== null) return plain.effect;
  return place.kind === 'demonym'
    ? (firstOf(DEMONYM, at, field, place)?.effect ?? HINT)
    : (firstOf(NAMED, at, field, place)?.effect ?? OF_CITY);
}

const SCENE_RULES: SceneRule[] = [
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
    when: (at) => at.place.kind === 'authority' && after(at, REACH.touching, 'notlocafter'),
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
    id: 'owner',
    needs: ['owned', 'ownedby'],
    when: (at) => after(at, REACH.touching, 'owned') || before(at, REACH.touching, 'ownedby'),
    effect: NOT,
    example: 'Zoom stops sales to Russian state-owned firms',
  },
  // "Blocked in Russia, users in Kazakhstan feel it, too": who only meets it.
  {
    id: 'felt',
    needs: ['felt'],
    when: isFelt,
    effect: WEAK,
    example: 'Telegram blocked in Russia, users in Kazakhstan feel it as well',
  },
  // "several Russian regions"
  {
    id: 'area',
    needs: ['area'],
    when: (at) => at.place.kind === 'demonym' && after(at, REACH.touching, 'area'),
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
    when: (at) => at.place.kind !== 'demonym' && (at.place.at || after(at, REACH.touching, 'locafter')),
    effect: SURE,
    example: '伊朗全国断网',
  },
  // "US criticises Turkey's ban": who only speaks of it.
  {
    id: 'reacts',
    needs: ['reacts'],
    when: (at) => at.field.name === 'title' && after(at, REACH.touching, 'reacts'),
    effect: WEAK,
    example: 'Meta blocks news in Canada; India watches',
  },
];
export const SCENE = table('scene', SCENE_RULES);

const NAMED_RULES: SceneRule[] = [
  // Without spaces between: "中国应用", an app from China.
  {
    id: 'glued-product',
    needs: ['ownable'],
    when: (at) =>
      at.place.kind === 'country' &&
      at.place.from > 0 &&
      at.field.tokens[at.place.to]?.gap === GAP.none &&
      after(at, REACH.touching, 'ownable'),
    effect: NOT,
    example: 'zh| 印度封禁微信等中国应用程序',
  },
  // "US – The Times" at the end of a title: the paper is no "US paper".
  {
    id: 'outlet',
    needs: ['outlet'],
    when: (at) => after(at, REACH.touching, 'outlet') && (at.field.tokens[at.place.to]!.gap & GAP.clause) === 0,
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
      after(at, REACH.beside, 'ownable') &&
      !after(at, REACH.close, MEASURES),
    effect: NOT,
    example: 'en| Russia blocks US messenger WhatsApp, pushes Max',
  },
  {
    id: 'possessive-authority',
    needs: ['ownable', 'outlet'],
    when: (at) => ownsThing(at) && cueAfter(at.field, at.place.to + 1, REACH.close, 'auth') !== null,
    effect: SURE,
    example: "en| Hackers knock Iran's state TV off air",
  },
  // "Australia's social media ban": the measure is the country's, not the platform.
  {
    id: 'possessive-measure',
    needs: ['ownable', 'outlet'],
    when: (at) =>
      ownsThing(at) &&
      cueAfter(at.field, at.place.to + 1, REACH.close, ['block', 'restrict', 'shutdown', 'age']) !== null,
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
      before(at, REACH.beside, ['block', 'restrict', 'cut', 'throttle', 'shutdown']),
    effect: NOT,
    example: "en| India bans China's TikTok",
  },
  // "el gobierno de Cuba", "le régulateur du Togo": whose authority it is.
  {
    id: 'authority-of',
    needs: ['notloc'],
    when: ({ field, place }) => {
      const aside = asideOf(field, place);
      return (
        aside !== null &&
        aside.to === place.from &&
        cueBefore(field, aside.from, REACH.touching, ['auth', 'court']) !== null
      );
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
  {
    id: 'in',
    needs: ['loc'],
    when: (at) => before(at, REACH.near, 'loc'),
    effect: SURE,
    example: 'Roblox banned in Iraq',
  },
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
