import type { Chat, Silence, Subscription } from '../model/chat.ts';
import { heardAt, type Incident, isInForce, type Level, liftReaches, reaches } from '../model/incident.ts';
import type { Via } from '../model/link.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Claim } from '../ports/outbox.ts';
import type { Store } from '../ports/store.ts';
import { contentFor } from '../route/audience.ts';
import { type DateAhead, datesAhead } from './dates-ahead.ts';

/** As `core/outbox` takes it. */
type Composed = { document: MessageDocument } | { skip: string };

/** For whom, and by whose clock. */
export interface RegularFor {
  accountId: string;
  lang: string;
  timeZone: string;
  now: number;
  /** Another chat asked for it: why it comes here. */
  via: Via | null;
}

export interface RegularDeps {
  store: Pick<Store, 'incidents' | 'subscriptions' | 'silences' | 'links' | 'chats' | 'reports'>;
  clock: Clock;
  renderDigest(digest: DigestFacts & { every: 'day' | 'week' }, to: RegularFor): MessageDocument;
  renderReminder(lasting: readonly Incident[], to: RegularFor): MessageDocument;
  /** `followed`: what of this chat's is open; `dates`: days ahead that its reports name. */
  renderReport(followed: readonly Incident[], dates: readonly DateAhead[], to: RegularFor): Promise<MessageDocument>;
}

/** What changed within some time, and what has lasted since before; newest first. */
export interface DigestFacts {
  fresh: Incident[];
  over: Incident[];
  standing: Incident[];
}

const DAY = 86_400_000;
/** Known at a time: whatever changed within the week, and whatever is open. */
const MAX_INCIDENTS = 5_000;
/** What is looked up is good for so long, ms: many chats have their digest at the same minute. */
const GOOD_FOR = 60_000;
/** Reminded of is what has lasted for so long, ms. */
const LASTS = DAY;
/** Each is a question to the store, once a week and chat. */
const MAX_DATED = 20;
const MAX_REPORTS = 30;

/** What changed and what stands among these, for chats of this level. Pure. */
export function digestOf(incidents: readonly Incident[], level: Level, since: number): DigestFacts {
  const facts: DigestFacts = { fresh: [], over: [], standing: [] };
  for (const one of incidents.toSorted((a, b) => b.openedAt - a.openedAt)) {
    if (one.state === 'withdrawn' || !reaches(one.confidence, level)) continue;
    const isOver = liftReaches(one, level) && !one.open;
    if (isOver && (one.closedAt ?? one.lastReportAt) >= since) facts.over.push(one);
    else if (!isOver && one.open) (heardAt(one, level) >= since ? facts.fresh : facts.standing).push(one);
  }
  return facts;
}

/** Of which a chat is reminded: what holds, and has for a day. Pure. */
export const lastingOf = (incidents: readonly Incident[], level: Level, now: number): Incident[] =>
  incidents
    .filter((one) => one.open && isInForce(one) && reaches(one.confidence, level) && !liftReaches(one, level))
    .filter((one) => now - one.openedAt >= LASTS)
    .toSorted((a, b) => b.openedAt - a.openedAt);

/** Digests, reminders and reports, from what is known when they are sent. */
export function createRegular(deps: RegularDeps): (claims: readonly Claim[]) => Promise<Map<number, Composed>> {
  const { store, clock } = deps;
  let known: { at: number; incidents: Incident[] } | null = null;

  async function lately(): Promise<Incident[]> {
    const now = clock.monotonic();
    if (known !== null && now - known.at < GOOD_FOR) return known.incidents;
    const changed = await store.incidents.list({ since: clock.now() - 7 * DAY, limit: MAX_INCIDENTS });
    const open = await store.incidents.list({ open: true, limit: MAX_INCIDENTS });
    const incidents = [...new Map([...changed, ...open].map((one) => [one.id, one])).values()];
    known = { at: now, incidents };
    return incidents;
  }

  return async (claims) => {
    const composed = new Map<number, Composed>();
    if (claims.length === 0) return composed;
    const spares = claims.filter((claim) => claim.via !== null).map((claim) => claim.chatId);
    const mains = await store.links.mains([...new Set(spares)]);
    // What came by a pair is the other chat's, with its threads, whatever this one follows.
    const rowsOf = ({ via, chatId }: Claim): number[] => (via === null ? [chatId] : (mains.get(chatId) ?? []));
    const chatIds = [...new Set(claims.flatMap(rowsOf))];
    const subscriptions = await store.subscriptions.listMany(chatIds);
    const silences = await store.silences.listMany(chatIds, clock.now());
    const incidents = await lately();
    for (const claim of claims) {
      const rows = rowsOf(claim);
      const wishes = {
        subscriptions: rows.flatMap((id) => subscriptions.get(id) ?? []),
        silences: rows.flatMap((id) => silences.get(id) ?? []),
      };
      const asked = claim.via === null ? claim.chat : rows[0] === undefined ? null : await store.chats.get(rows[0]);
      const followed = followedOf(wishes, incidents);
      composed.set(claim.id, asked ? await oneOf(claim, asked, followed, deps) : { skip: 'no-chat' });
    }
    return composed;
  };
}

/** Those that the chat follows and did not silence, by the rule of alerts. */
const followedOf = (
  wishes: { subscriptions: readonly Subscription[]; silences: readonly Silence[] },
  incidents: readonly Incident[],
): readonly Incident[] => contentFor('send', null, wishes, incidents).show ?? [];

/** What the newest reports of these say of days to come. */
async function datesOf(
  incidents: readonly Incident[],
  now: number,
  { reports }: Pick<RegularDeps['store'], 'reports'>,
): Promise<DateAhead[]> {
  const told = [];
  for (const incident of incidents.slice(0, MAX_DATED))
    told.push({ incident, reports: await reports.byIncident(incident.id, MAX_REPORTS) });
  return datesAhead(told, now);
}

async function oneOf(
  claim: Claim,
  { level, settings }: Pick<Chat, 'level' | 'settings'>,
  followed: readonly Incident[],
  deps: RegularDeps,
): Promise<Composed> {
  const { lang, timeZone } = claim.chat;
  const now = deps.clock.now();
  const to: RegularFor = { accountId: claim.accountId, lang, timeZone, now, via: claim.via };
  if (claim.kind === 'digest') {
    const every = settings.digest?.every ?? 'day';
    const facts = digestOf(followed, level, now - (every === 'week' ? 7 : 1) * DAY);
    return { document: deps.renderDigest({ every, ...facts }, to) };
  }
  if (claim.kind === 'reminder') {
    const lasting = lastingOf(followed, level, now);
    return lasting.length === 0 ? { skip: 'nothing-lasts' } : { document: deps.renderReminder(lasting, to) };
  }
  const { fresh, over, standing } = digestOf(followed, level, now - 7 * DAY);
  if (fresh.length + over.length > 0) return { skip: 'no-quiet-week' };
  return { document: await deps.renderReport(standing, await datesOf(standing, now, deps.store), to) };
}
