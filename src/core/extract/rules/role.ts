import { beside } from '../beside.ts';
import {
  ACT_SET,
  ACTS,
  clauseOf,
  cueAfter,
  cueBefore,
  cuesAround,
  type Field,
  hasCue,
  isAct,
  type Mention,
  mentionsAround,
  REACH,
} from '../field.ts';
import {
  actsOnAnother,
  actsOnMany,
  after,
  before,
  cameFirst,
  carriesOut,
  hasLonger,
  isCounted,
  isHiddenPart,
  isHit,
  isHost,
  isHyphened,
  isLike,
  isLimitOn,
  isMeans,
  isOnlyWay,
  isOwnerOfReason,
  isReachedOver,
  isShownThere,
  isTurnedTo,
  type Named,
  ownsNext,
  possessive,
  signs,
  staysOpen,
  tellsOfLack,
} from '../role-words.ts';
import { GAP } from '../text/tokens.ts';
import { firstOf, type Rule, table } from './table.ts';

/** Newspapers, agencies and those who measure: who says it is no target of it. */

/** Categories of services that are sources, too. */
const SOURCES = new Set(['media', 'infrastructure', 'ngo', 'news']);
const SOURCE_RULES: Rule<Named, string>[] = [
  {
    id: 'says',
    needs: ['say'],
    when: (at) => after(at, REACH.beside, 'say') && !after(at, REACH.beside, ACTS),
    effect: 'source',
    example: 'en| Brazil bans X; Starlink says it will comply',
  },
  {
    id: 'according-to',
    needs: ['acc'],
    when: (at) => before(at, REACH.near, 'acc'),
    effect: 'source',
    example:
      'en| Taliban block Snapchat || A source at the ministry told the BBC that filters are in place in Afghanistan.',
  },
  // "bans Al Jazeera reporters", "Бюро Deutsche Welle": people and rooms, no site.
  {
    id: 'staff',
    needs: ['staff'],
    when: (at) => after(at, REACH.touching, 'staff') || before(at, REACH.touching, 'staff'),
    effect: 'its staff',
    example: 'en| Latvia bans TV Rain broadcasts',
  },
  {
    id: 'before-colon',
    needs: [],
    when: ({ field, m }) => m.from === 0 && ((field.tokens[m.to]?.gap ?? 0) & GAP.colon) !== 0,
    effect: 'source',
    example: 'BBC: Kenya blocks Telegram',
  },
  {
    id: 'signature',
    needs: [],
    when: ({ field, m }) => signs(field, m),
    effect: 'source',
    example: 'Kenya blocks Telegram – BBC News',
  },
];
export const SOURCE = table('role', SOURCE_RULES);

/** Why a named service is no target of what happens: one row a reason. */

type RoleRule = Rule<Named, string>;

/** The role of a mention, or null: it can be what the news is about. */
export function roleOf(field: Field, m: Mention): string | null {
  const at: Named = { field, m };
  const rule = firstOf(ROLE, at, field, m) ?? (SOURCES.has(m.category) ? firstOf(SOURCE, at, field, m) : null);
  return rule?.effect ?? null;
}

const OWNER_RULES: RoleRule[] = [
  {
    id: 'parent-behind',
    needs: ['parent', 'appstore'],
    when: (at) => {
      const s = possessive(at);
      const parent = cueAfter(at.field, at.m.to + s, REACH.touching, s === 1 ? ['parent', 'appstore'] : 'parent');
      // "YouTube, owned by Google": the owner follows.
      return parent !== null && !hasCue(at.field, parent.from, 'parentof');
    },
    effect: 'owner',
    example: 'en| Pornhub owner sold',
  },
  {
    id: 'owner-of',
    needs: ['parentof'],
    when: (at) => before(at, REACH.beside, 'parentof'),
    effect: 'owner',
    example: 'Минюст внес основателя Telegram в список',
  },
  // "X's chatbot Grok": the first name is the owner.
  {
    id: 'possessive',
    needs: [],
    when: (at) => possessive(at) === 1 && ownsNext(at),
    effect: 'owner',
    example: "Russia slows down Google's YouTube",
  },
  // "If Google opens no office, Google Meet will be limited": whose it is.
  {
    id: 'owner-of-longer',
    needs: [],
    when: ({ field, m }) => hasLonger(field, m),
    effect: 'owner',
    example: 'Unless Google opens an office, Google Meet will be limited in Vietnam',
  },
];

/** "legal action against X over Grok's images, threatens to cut Grok": the reason is what is hit, and named as such. */
const ACCUSED_RULES: RoleRule[] = [
  {
    id: 'owner-of-reason',
    needs: ['about'],
    when: isOwnerOfReason,
    effect: 'owner',
    example: "Indonesia takes legal action against X over Grok's images, threatens to cut access to Grok",
  },
];

/** "Cloudflare Radar": who measures. */
const MONITOR_RULES: RoleRule[] = [
  {
    id: 'monitor',
    needs: ['monitor'],
    when: ({ field, m }) =>
      cuesAround(field, m.from).some(
        (c) => c.cls === 'monitor' && c.from <= m.from && c.to >= m.to && c.to - c.from > m.to - m.from,
      ),
    effect: 'source',
    example: 'Kenya blocks X, says Cloudflare Radar',
  },
];

const LIKENED_RULES: RoleRule[] = [
  // "a 4chan-like forum", "Facebook-free internet".
  {
    id: 'hyphened',
    needs: [],
    when: isHyphened,
    effect: 'comparison',
    example: 'en| Myanmar restores Facebook-free internet for six hours',
  },
  // "a Twitter clone", "the Telegram rival".
  {
    id: 'likened',
    needs: ['likened'],
    when: (at) => cueAfter(at.field, at.m.to + possessive(at), REACH.touching, 'likened') !== null,
    effect: 'likened',
    example: 'The Twitter clone for people who left Twitter is blocked.',
  },
  {
    id: 'except',
    needs: ['except'],
    // "Ethiopia without X: …": it lacks it.
    when: ({ field, m }) => {
      const except = cueBefore(field, m.from, REACH.touching, 'except');
      return except !== null && !tellsOfLack(field, except);
    },
    effect: 'left out',
    example:
      'es| Nicolás Maduro firma el bloqueo de X y Venezuela se queda también sin Signal || Las dos plataformas dejaron de funcionar en CANTV y en operadoras privadas. WhatsApp, que el presidente pidió desinstalar, sigue disponible.',
  },
  // "After X, Turkey blocks Y": the one before.
  {
    id: 'came-first',
    needs: ['after'],
    when: cameFirst,
    effect: 'comparison',
    example: 'fr| Après Viber, Signal et Discord sont inaccessibles en Russie || Roskomnadzor a ordonné leur blocage.',
  },
  // "nine BitTorrent sites"
  {
    id: 'kind-of-sites',
    needs: ['social'],
    when: (at) => at.m.category === 'infrastructure' && isCounted(at) && after(at, REACH.touching, 'social'),
    effect: 'only says what kind',
    example: 'Court in Kenya orders providers to block nine BitTorrent websites',
  },
];

const DOER_RULES: RoleRule[] = [
  {
    id: 'store',
    needs: ['appstore'],
    when: ({ field, m }) =>
      m.category === 'search' &&
      cuesAround(field, m.from).some((c) => c.cls === 'appstore' && c.to > m.to && c.from <= m.to + 1),
    effect: 'a store',
    example:
      'en| TikTok goes dark in the US hours before ban takes effect || Users opening the app were met with a message saying a law banning TikTok has been enacted. It also vanished from the Apple and Google stores.',
  },
  {
    id: 'shown-there',
    needs: ['platformed'],
    when: ({ field, m }) => m.category !== 'media' && m.category !== 'news' && isShownThere(field, m),
    effect: 'where it is shown',
    example: 'Kenya blocks Al Jazeera on television and YouTube',
  },
  {
    id: 'acts-on-another',
    needs: [],
    when: ({ field, m }) => actsOnAnother(field, m),
    effect: 'who does it',
    example: 'Netflix blocks VPN users',
  },
  {
    id: 'acts-on-many',
    needs: ['many'],
    when: ({ field, m }) => actsOnMany(field, m),
    effect: 'who does it',
    example: 'en| Google Play to remove loan apps in Kenya',
  },
  {
    id: 'carries-out',
    needs: ['complies', 'helpedby'],
    when: ({ field, m }) => carriesOut(field, m),
    effect: 'who does it',
    example: 'en| Starlink will comply with order to block Signal in Ghana',
  },
  {
    id: 'host',
    needs: ['ip'],
    when: ({ field, m }) => isHost(field, m),
    effect: 'whose addresses',
    example: 'ru| Роскомнадзор заблокировал IP-адреса Google, которые использует Telegram',
  },
];

const ROLE_RULES: RoleRule[] = [
  {
    id: 'with-vpn',
    needs: ['means', 'down'],
    when: ({ field, m }) =>
      (m.id === 'vpn' && isOnlyWay(field, m)) ||
      (m.id === 'vpn' && isMeans(field, m.from, 3)) ||
      (m.category === 'vpn' && isMeans(field, m.from, 2)),
    effect: 'means',
    example: 'en| Russia blocks Telegram, users turn to VPNs',
  },
  // "calls on WhatsApp" are a part of it, "restrictions on X" hit it: neither is a way to say something.
  {
    id: 'said-on',
    needs: ['on'],
    when: ({ field, m }) => {
      const on = cueBefore(field, m.from, REACH.touching, 'on');
      return (
        on !== null &&
        cueBefore(field, on.from, REACH.touching, ['func', 'noun']) === null &&
        !isReachedOver(field, m) &&
        !isLimitOn(field, on)
      );
    },
    effect: 'channel',
    example: 'Meta blocks news on Facebook and Instagram in Canada',
  },
  {
    id: 'said-on-kind',
    needs: ['on'],
    when: ({ field, m }) => {
      const kind = cueBefore(field, m.from, REACH.touching, ['kind', 'social']);
      return kind !== null && cueBefore(field, kind.from, REACH.beside, 'on') !== null;
    },
    effect: 'channel',
    example: 'Kenya blocks Signal, minister writes on messenger Telegram',
  },
  {
    id: 'channel-of',
    needs: ['channel'],
    when: (at) => after(at, REACH.touching, 'channel') && !isHit(at.field, at.m.from) && !isHiddenPart(at),
    effect: 'channel',
    example: 'en| Pope launches Twitter account',
  },
  // "फेसबुक ने": the case of the one who acts.
  {
    id: 'agent',
    needs: ['agent'],
    when: (at) => after(at, REACH.touching, 'agent'),
    effect: 'doer',
    example: 'hi| फेसबुक ने 500 अकाउंट बंद किए',
  },
  {
    id: 'channel-before',
    needs: ['channel'],
    when: (at) => before(at, REACH.touching, 'channel'),
    effect: 'channel',
    example: 'pl| YouTube usunął kanał RT',
  },
  ...MONITOR_RULES,
  ...ACCUSED_RULES,
  ...OWNER_RULES,
  ...LIKENED_RULES,
  ...DOER_RULES,
  // "push for ban on X", "block access to the alternative X": what the act hits.
  {
    id: 'turned-to',
    needs: ['toward'],
    when: isTurnedTo,
    effect: 'rival',
    example: 'en| Russia launches Rutube as rival to YouTube',
  },
  // "Instagram'ın ardından Roblox": languages that say "after" behind the name.
  {
    id: 'like-behind',
    needs: ['likeafter'],
    when: (at) => after(at, REACH.beside, 'likeafter'),
    effect: 'comparison',
    example: "Instagram'ın ardından Roblox da engellendi",
  },
  { id: 'like', needs: ['like'], when: isLike, effect: 'comparison', example: '如何翻墙：2026最佳VPN' },
  {
    id: 'remains',
    needs: ['remain'],
    when: staysOpen,
    effect: 'remains',
    example: 'en| Tanzania blocks X; YouTube remains available',
  },
];
export const ROLE = table('role', ROLE_RULES);

/** Names that are ordinary words ("X", "Signal", "Max"): which of them mean the service. */

/** Words that may stand between a name and its verb. */
const LITTLE = new Set([
  'adv',
  'modal',
  'maybe',
  'threat',
  'neg',
  'will',
  'begin',
  'partial',
  'past',
  'remain',
  'still',
]);

/** "messenger" is what others are called: alone it is no name, in a list of names it is. */
const isKind = (field: Field, m: Mention): boolean =>
  field.cuesAt[m.from]!.some((c) => c.to === m.to && (c.cls === 'kind' || c.cls === 'social'));

interface EverydayName {
  field: Field;
  m: Mention;
  /** Services that are named for sure. */
  sure: ReadonlySet<string>;
}

export const inContext = (field: Field, m: Mention, sure: ReadonlySet<string>): boolean =>
  firstOf(EVERYDAY, { field, m, sure }, field, m)?.effect ?? false;

const EVERYDAY_RULES: Rule<EverydayName, boolean>[] = [
  {
    id: 'called-app',
    needs: ['kind'],
    when: ({ field, m }) =>
      !isKind(field, m) &&
      (cueBefore(field, m.from, REACH.beside, 'kind') !== null || cueAfter(field, m.to, REACH.beside, 'kind') !== null),
    effect: true,
    example: 'X accessible again in Tanzania',
  },
  // Two of a kind side by side ("RT and Sputnik") vouch for each other.
  { id: 'in-list', needs: [], when: isVouchedFor, effect: true, example: 'en| EU imposes ban on RT, Sputnik' },
  {
    id: 'only-a-kind',
    needs: [],
    when: ({ field, m }) => isKind(field, m),
    effect: false,
    example: 'en| Saudi Arabia blocks BlackBerry Messenger',
  },
  // "X'i": what takes an apostrophe and an ending is a name, however far its verb is.
  {
    id: 'declined',
    needs: [],
    when: (at) => isDeclined(at) && clauseOf(at.field, at.m.from).cues.some(isAct),
    effect: true,
    example: 'zh| X在多国当机 台湾用户也受影响',
  },
  // "Max Verstappen", "Signal Iduna": a capital that no one knows follows, and it is another name.
  { id: 'longer-name', needs: [], when: isLongerName, effect: false, example: 'Signal Iduna reports record profit' },
  // "takes X offline": the act stands around the name.
  {
    id: 'act-around',
    needs: [],
    when: ({ field, m }) =>
      cuesAround(field, m.from).some(
        (c) => c.from < m.from && c.to > m.to && (ACT_SET.has(c.cls) || c.cls === 'legal'),
      ),
    effect: true,
    example: 'en| Maduro takes X out of circulation in Venezuela',
  },
  // "Signal, the app that was blocked": what it is, behind a comma.
  {
    id: 'apposed',
    needs: ['kind'],
    when: ({ field, m }) =>
      ((field.tokens[m.to]?.gap ?? 0) & GAP.comma) !== 0 && cueAfter(field, m.to, APPOSED, 'kind') !== null,
    effect: true,
    example:
      'es| Signal, la nueva aplicación bloqueada en Venezuela || La ONG VE Sin Filtro constató que la app de mensajería no funciona en las principales operadoras. El jueves el gobierno había ordenado bloquear X.',
  },
  // "X in Pakistan for a month blocked": at the head of a title, before a scene.
  {
    id: 'heads-title',
    needs: ['block', 'restrict', 'throttle', 'unblock', 'down'],
    when: headsTitle,
    effect: true,
    example:
      'de| Signal in Russland gesperrt || Die Medienaufsicht begründete dies mit Verstößen gegen Anti-Terror-Gesetze. Bei Youtube klagen Nutzer seit Wochen über Probleme.',
  },
  {
    id: 'behind-act',
    needs: [...ACTS, 'access', 'legal', 'threat'],
    when: ({ field, m }) => cueBefore(field, m.from, REACH.near, [...ACTS, 'access', 'legal', 'threat']) !== null,
    effect: true,
    example: 'en| EU fines X €120m',
  },
  // "X access restored"
  {
    id: 'before-access',
    needs: ['access'],
    when: ({ field, m }) => cueAfter(field, m.to, REACH.touching, 'access') !== null,
    effect: true,
    example: 'Calls on Signal restricted in Oman',
  },
  // "Signal appears to be blocked": little words may stand between, a noun may not ("Signal failure blocks trains").
  { id: 'before-act', needs: [...ACTS], when: isBeforeAct, effect: true, example: 'Elon Musk says X will block bots' },
];
export const EVERYDAY = table('everyday', EVERYDAY_RULES);

/** Letters from here on have no capitals, or are not Latin. */
const _FIRST_UNCASED = 0x500;

function isVouchedFor({ field, m, sure }: EverydayName): boolean {
  return mentionsAround(field, m.from).some(
    (other) =>
      other !== m &&
      other.role === null &&
      other.id !== m.id &&
      (!other.everyday || sure.has(other.id) || other.category === m.category) &&
      beside(field, m, other),
  );
}

function isDeclined({ field, m }: EverydayName): boolean {
  const ending = field.tokens[m.to];
  return (
    ending?.gap === GAP.none &&
    !ending.cap &&
    ending.w !== 's' &&
    ending.w.length <= LONGEST_ENDING &&
    field.tokens[m.from]!.cap
  );
}
const LONGEST_ENDING = 4;

function isLongerName({ field, m }: EverydayName): boolean {
  const next = field.tokens[m.to];
  return (
    next?.cap === true &&
    next.gap === GAP.space &&
    field.cuesAt[m.to]!.length === 0 &&
    !field.places.some((p) => p.from === m.to)
  );
}

function headsTitle({ field, m }: EverydayName): boolean {
  return (
    field.name === 'title' &&
    m.from === 0 &&
    field.places.some((p) => p.from === m.to + 1) &&
    cueAfter(field, m.to, HEADED, ['block', 'restrict', 'throttle', 'unblock', 'down']) !== null
  );
}

function isBeforeAct({ field, m }: EverydayName): boolean {
  let reach = 0;
  while (reach < MOST_LITTLE && isLittle(field, m.to + reach)) reach++;
  return cueAfter(field, m.to, reach, ACTS) !== null;
}
const MOST_LITTLE = 4;

/** Words between a name and what it is called. */
const APPOSED = 3;

const HEADED = 8;

function isLittle(field: Field, i: number): boolean {
  const token = field.tokens[i];
  if (token === undefined) return false;
  // "X in Brazil blocked": a place may stand between, too.
  if (field.places.some((p) => p.from <= i && i < p.to)) return true;
  return !token.cap && (token.w.length <= 3 || field.cuesAt[i]!.some((c) => LITTLE.has(c.cls)));
}
