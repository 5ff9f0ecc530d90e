/** Why a named service is no target of what happens: one row a reason. */
import { REACH } from './distances.ts';
import type { Field, Mention } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
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
  staysOpen,
  tellsOfLack,
} from './role-cues.ts';
import { firstOf, type Rule, table } from './rules.ts';
import { SOURCE, SOURCES } from './source-rules.ts';

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
