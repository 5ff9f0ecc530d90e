import type { Broadcast } from '../model/alert.ts';
import type { Subscription } from '../model/chat.ts';
import type { Incident, Transition } from '../model/incident.ts';
import type { Known } from '../model/known.ts';
import { viaText } from '../model/link.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Claim } from '../ports/outbox.ts';
import type { Store } from '../ports/store.ts';
import { createQuietClock } from '../quiet.ts';
import { breaksThrough, contentFor, follows } from '../route/audience.ts';
import { isRegular, whenFor } from '../route/when.ts';
import { factsOf, type Hearer } from './alert-facts.ts';
import { type ComposeView, createAlertViews, type NoticeView, type ViewedAlert } from './alert-views.ts';
import { createSummaries, type SummaryView } from './compose-summary.ts';
import type { Composed } from './composed.ts';

export interface ComposeDeps {
  store: Store;
  clock: Clock;
  /** What alerts may say of a country, from the incidents known there; null = none is named. */
  known(incidents: readonly Incident[], country: string | null, now: number): Known | Promise<Known>;
  renderAlert(view: ComposeView): MessageDocument;
  renderReply(
    view: ComposeView,
    change: { reason: Broadcast['reason']; incidentIds: readonly string[] },
  ): MessageDocument;
  renderNotice(view: NoticeView): MessageDocument | Promise<MessageDocument>;
  renderLate(view: ComposeView): MessageDocument;
  renderSummary(view: SummaryView): MessageDocument;
  /** Does this account want alerts for programs, too (`ChatAdapter.facts`)? Absent: none does. */
  wantsFacts?(accountId: string): boolean;
  /** Digests, reminders and reports, by the id of the delivery. */
  regular(claims: readonly Claim[]): Promise<Map<number, Composed>>;
}

const CACHED_DOCUMENTS = 2_000;

/** What is looked up once for all claims of a turn. */
interface LookedUp {
  views: Map<string, ViewedAlert>;
  wishes: Map<number, ChatWishes>;
  broadcasts: Map<string, Broadcast | null>;
  /** Summaries and other regular ones. */
  regular: Map<number, Composed>;
  /** What is about no incident, by the id of the delivery. */
  notices: Map<number, MessageDocument>;
  /** Of the incidents of alerts that are told to programs; a log that is not here was not asked for. */
  transitions: ReadonlyMap<string, readonly Transition[]>;
}

interface ChatWishes {
  subscriptions: Awaited<ReturnType<Store['subscriptions']['list']>>;
  silences: Awaited<ReturnType<Store['silences']['list']>>;
}

/**
 * Renders claimed deliveries with the newest state: each chat sees those incidents of the alert that it follows and did not silence.
 * Chats with the same view share one document object, so that adapters render it once. A delivery that was tried before says exactly
 * what it said then. In a chat's quiet hours what would ring comes later.
 */
export function createCompose(deps: ComposeDeps): (claims: Claim[]) => Promise<Composed[]> {
  const { store, clock } = deps;
  const views = createAlertViews({ store, known: (incidents, country) => deps.known(incidents, country, clock.now()) });
  const summaries = createSummaries({ ...deps, views, now: () => clock.now() });
  const quiet = createQuietClock();
  const silent = createSilencer();
  const documents = createKept();
  const fixed = createKept();

  /** When it goes, without a look at what it is about; what is critical only its content tells. */
  const whenOf = (claim: Claim, critical: boolean) => {
    const { settings, timeZone } = claim.chat;
    const now = clock.now();
    const until = quiet(settings.quiet, timeZone, now);
    return whenFor({ ...claim, begun: claim.payload !== null }, until, critical, now);
  };

  async function lookUp(open: readonly Claim[]): Promise<LookedUp> {
    const alerts = open.filter((claim) => !isRegular(claim.kind));
    const chatIds = [...new Set(open.map((claim) => claim.chatId))];
    const subscriptions = await followedBy(open, chatIds);
    const silences = await store.silences.listMany(chatIds, clock.now());
    const wishes = new Map(
      chatIds.map((id) => [id, { subscriptions: subscriptions.get(id) ?? [], silences: silences.get(id) ?? [] }]),
    );
    const broadcasts = new Map<string, Broadcast | null>();
    // Whom a new alert may wake is asked of its broadcast, too.
    const asked = alerts.filter((claim) => claim.op === 'reply' || claim.chat.settings.quiet?.critical === true);
    for (const id of new Set(asked.map((claim) => claim.broadcastId)))
      broadcasts.set(id, await store.broadcasts.get(id));
    const due = open.filter((claim) => isRegular(claim.kind) && whenOf(claim, false).do === 'send');
    const regular = new Map([
      ...(await summaries(
        due.filter((claim) => claim.kind === 'summary'),
        wishes,
      )),
      ...(await deps.regular(due.filter((claim) => claim.kind !== 'summary'))),
    ]);
    const viewed = await views([...new Set(alerts.map((claim) => claim.alertId))]);
    const notices = await noticesOf(alerts, viewed, subscriptions);
    const transitions = await transitionsFor(alerts, viewed);
    return { views: viewed, wishes, broadcasts, regular, notices, transitions };
  }

  const wantsFacts = (claim: Claim): boolean => deps.wantsFacts?.(claim.accountId) ?? false;

  async function transitionsFor(open: readonly Claim[], viewed: ReadonlyMap<string, ViewedAlert>) {
    const told = open.filter(wantsFacts).flatMap((claim) => viewed.get(claim.alertId)?.incidents ?? []);
    return await store.incidents.transitionsOf([...new Set(told.map(({ id }) => id))]);
  }

  /** Of a message that came by a pair, what the other chat follows counts as well; a summary may tell of some of those. */
  async function followedBy(open: readonly Claim[], chatIds: number[]): Promise<Map<number, Subscription[]>> {
    const byPair = open.filter((claim) => claim.via !== null || claim.kind === 'summary');
    const spares = [...new Set(byPair.map((claim) => claim.chatId))];
    const mains = await store.links.mains(spares);
    const followed = await store.subscriptions.listMany([...new Set([...chatIds, ...[...mains.values()].flat()])]);
    for (const [spare, ids] of mains)
      followed.set(
        spare,
        [spare, ...ids].flatMap((id) => followed.get(id) ?? []),
      );
    return followed;
  }

  async function noticesOf(
    open: readonly Claim[],
    viewed: ReadonlyMap<string, ViewedAlert>,
    subscriptions: ReadonlyMap<number, Subscription[]>,
  ): Promise<Map<number, MessageDocument>> {
    const about = open.filter((claim) => viewed.get(claim.alertId)?.incidents.length === 0);
    const notices = await store.notices.getMany([...new Set(about.map((claim) => claim.alertId))]);
    const rendered = new Map<number, MessageDocument>();
    for (const { id, alertId, chat } of about) {
      const notice = notices.get(alertId);
      if (!notice) continue;
      rendered.set(
        id,
        await deps.renderNotice({ notice, chat, followed: subscriptions.get(chat.id) ?? [], now: deps.clock.now() }),
      );
    }
    return rendered;
  }

  /** No summary tells of what is about no incident: it waits as it is. */
  function noticeOf(claim: Claim, notice: MessageDocument): Composed {
    // A board that changes wakes nobody.
    if (claim.op === 'edit') return { document: notice };
    const when = whenOf(claim, false);
    if (when.do === 'hold' || when.do === 'wait') return { later: 'wait', until: when.until, why: when.why };
    return { document: claim.chat.settings.sound ? notice : silent(notice) };
  }

  function alertOf(claim: Claim, known: LookedUp): Composed {
    const viewed = known.views.get(claim.alertId);
    const notice = known.notices.get(claim.id);
    if (notice) return noticeOf(claim, notice);
    if (!viewed || viewed.incidents.length === 0) return { skip: 'no-alert' };
    const broadcast = known.broadcasts.get(claim.broadcastId) ?? null;
    const reply = claim.op === 'reply' ? broadcast : null;
    if (claim.op === 'reply' && !reply) return { skip: 'no-broadcast' };
    const wishes = known.wishes.get(claim.chatId)!;
    const { show: incidents, skip } = contentFor(claim.op, reply, wishes, viewed.incidents);
    if (incidents === null) return { skip };
    const { lang, timeZone, settings, platform } = claim.chat;
    const isCritical = (): boolean =>
      broadcast !== null && breaksThrough(broadcast, { platform, ...wishes }, incidents) !== null;
    const when = whenOf(claim, settings.quiet?.critical === true && isCritical());
    if (when.do === 'drop') return { skip: when.why };
    if (when.do !== 'send') return { later: when.do, until: when.until, why: when.why };
    const { via } = claim;
    const facts = wantsFacts(claim);
    const key = `${facts ? `facts of ${claim.chatId} ` : ''}${via ? viaText(via) : ''} ${reply ? claim.broadcastId : claim.alertId} ${lang} ${timeZone} ${incidents.map((one) => `${one.id}:${one.version}`).join(' ')}`;
    const document = documents(key, () => {
      const view = { alert: viewed.alert, incidents, known: viewed.known, lang, timeZone, now: clock.now(), via };
      const told = reply
        ? deps.renderReply(view, { reason: reply.reason, incidentIds: reply.incidentIds })
        : deps.renderAlert(view);
      return facts ? { ...told, facts: factsOf(incidents, known.transitions, hearerOf(viewed, wishes)) } : told;
    });
    return { document: settings.sound ? document : silent(document) };
  }

  /** Tried before: what it said then, unless quiet hours have begun since. */
  function again(claim: Claim, payload: string): Composed {
    const when = whenOf(claim, false);
    if (when.do === 'wait') return { later: 'wait', until: when.until, why: when.why };
    return { document: fixed(payload, () => JSON.parse(payload) as MessageDocument) };
  }

  function regularOf(claim: Claim, known: LookedUp): Composed {
    const when = whenOf(claim, false);
    if (when.do !== 'send')
      return when.do === 'drop' ? { skip: when.why } : { later: 'wait', until: when.until, why: when.why };
    const composed = known.regular.get(claim.id) ?? { skip: 'nothing-to-say' };
    return 'document' in composed && !claim.chat.settings.sound ? { document: silent(composed.document) } : composed;
  }

  return async (claims) => {
    const known = await lookUp(claims.filter((claim) => claim.payload === null));
    return claims.map((claim): Composed => {
      if (claim.payload !== null) return again(claim, claim.payload);
      return isRegular(claim.kind) ? regularOf(claim, known) : alertOf(claim, known);
    });
  };
}

/** Follows it since its earliest subscription that matches. */
const hearerOf = ({ alert }: ViewedAlert, { subscriptions }: ChatWishes): Hearer => ({
  level: alert.level,
  since: (incident) =>
    Math.min(...subscriptions.filter((one) => follows(one, incident)).map(({ createdAt }) => createdAt)),
});

/** Documents by a key; bounded, the oldest go all at once. */
function createKept() {
  const kept = new Map<string, MessageDocument>();
  return (key: string, make: () => MessageDocument): MessageDocument => {
    let document = kept.get(key);
    if (!document) {
      document = make();
      if (kept.size >= CACHED_DOCUMENTS) kept.clear();
      kept.set(key, document);
    }
    return document;
  };
}

/** The same without a sound; one object for each, so that it is rendered once for all chats. */
function createSilencer() {
  const made = new WeakMap<MessageDocument, MessageDocument>();
  return (document: MessageDocument): MessageDocument => {
    const known = made.get(document) ?? { ...document, tone: 'notice' as const };
    made.set(document, known);
    return known;
  };
}
