import { breaksThrough, contentFor, follows, hasReached, isRegular, newsOf, whenFor } from '../audience.ts';
import type { Alert, Broadcast } from '../model/alert.ts';
import type { Known } from '../model/catalogue.ts';
import type { Chat, Subscription } from '../model/chat.ts';
import type { AlertFacts, IncidentFacts, SourceFacts } from '../model/facts.ts';
import { type Incident, type Level, liftReaches, reaches, type Transition } from '../model/incident.ts';
import { type Notice, type Via, viaText } from '../model/link.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Report } from '../model/report.ts';
import type { Claim, HeldPiece } from '../ports/outbox.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { createKept, onceFor, onceForEach } from '../recent.ts';
import { incidentLineOf } from '../state/line.ts';
import { createQuietClock } from '../wall-clock.ts';

const MAX_CHANGES = 100;
const MAX_SOURCES = 20;
const MAX_TITLE = 300;
const MAX_NAME = 100;

type Reported = Incident & { reports: readonly Report[] };

/** To whom it is told. */
interface Hearer {
  level: Level;
  /** Since when it follows the incident, ms since the epoch. */
  since(incident: Incident): number;
}

/** The alert for programs. Pure. `transitions`: the whole log of each incident, by its id. */
export const factsOf = (
  incidents: readonly Reported[],
  transitions: ReadonlyMap<string, readonly Transition[]>,
  hearer: Hearer,
): AlertFacts => ({
  incidents: incidents.map((one) => incidentFacts(one, (transitions.get(one.id) ?? []).slice(-MAX_CHANGES), hearer)),
});

function incidentFacts(incident: Reported, all: readonly Transition[], hearer: Hearer): IncidentFacts {
  const log = newsOf(incident, all);
  const since = hearer.since(incident);
  const first = log.find((one) => one.at >= since && reaches(one.confidence, hearer.level)) ?? log.at(-1);
  const { reports } = incident;
  const byId = new Map(reports.map((report) => [report.id, report]));
  const cause = ({ reportId }: Transition): SourceFacts | null => {
    const report = reportId === null ? undefined : byId.get(reportId);
    return report ? sourceOf(report) : null;
  };
  return {
    incident: incidentLineOf(incident, reports, log),
    changes: log.map((one) => ({
      seq: one.seq,
      at: new Date(one.at).toISOString(),
      kind: one.change,
      action: one.action,
      state: one.state,
      confidence: one.confidence,
      method: one.method,
      source: cause(one),
    })),
    heardFrom: first?.seq ?? 0,
    sources: sourcesOf(reports),
    withdrawnBecause: incident.withdrawnBecause?.slice(0, MAX_TITLE).toWellFormed() ?? null,
  };
}

function sourcesOf(reports: readonly Report[]): SourceFacts[] {
  const newest = new Map<string, Report>();
  for (const report of reports.toSorted((a, b) => b.at - a.at))
    if (!newest.has(report.publisherName)) newest.set(report.publisherName, report);
  return [...newest.values()].slice(0, MAX_SOURCES).map(sourceOf);
}

const sourceOf = ({ publisherName, title, url, at }: Report): SourceFacts => ({
  publisher: publisherName.slice(0, MAX_NAME).toWellFormed(),
  title: title.slice(0, MAX_TITLE).toWellFormed(),
  url,
  at: new Date(at).toISOString(),
});

/** Newest reports shown as evidence; the rest are counted by their voices in the confidence already. */
const REPORTS = 60;
const CACHED_ALERTS = 64;

/** What a chat is to be notified of; the app binds it to `core/render` and the catalogues. */
interface ComposeView {
  alert: Alert;
  incidents: (Incident & { reports: Report[] })[];
  /** What is known of the alert's country (`core/render/alert.ts`). */
  known: Known;
  lang: string;
  timeZone: string;
  now: number;
  /** Another chat follows it: why it is told here. */
  via?: Via | null;
}

/** What a chat is told that is about no incident. */
interface NoticeView {
  notice: Notice;
  chat: Chat;
  /** What it follows. */
  followed: readonly Subscription[];
  now: number;
}

/** An alert with its incidents as chats of its level know them. `versions` changes with each change of its incidents. */
type ViewedAlert = Pick<ComposeView, 'alert' | 'incidents' | 'known'> & { versions: string };

/**
 * A lift as chats of this level know it: what two outlets tell is over for most, and not yet over for those who want it measured.
 */
function asSeen<T extends Incident & { reports: Report[] }>(incident: T, level: Level): T {
  const { state, action, liftConfidence } = incident;
  // A source took back what made it as sure as that.
  if (!incident.standing && !hasReached(incident, level) && !liftReaches(incident, level))
    return { ...incident, state: 'withdrawn' };
  if ((state !== 'easing' && state !== 'lifted') || action === 'unblock' || liftConfidence === null) return incident;
  if (!liftReaches(incident, level)) return { ...incident, state: 'easing' };
  const lifts = incident.reports.filter((one) => one.action === 'unblock').map((one) => one.at);
  const closedAt = incident.closedAt ?? Math.max(...lifts, incident.openedAt);
  return { ...incident, state: 'lifted', closedAt };
}

/** Alerts in their newest state, by id; those that are not in the store are left out. What did not change is kept for the next call. */
function createAlertViews({ store, clock, known }: ComposeDeps): (ids: string[]) => Promise<Map<string, ViewedAlert>> {
  const kept = new Map<string, ViewedAlert>();

  return async (ids) => {
    const found = await store.alerts.getMany(ids);
    const incidents = new Map(
      (await store.incidents.getMany([...new Set(found.flatMap((one) => one.incidents.map((i) => i.incidentId)))])).map(
        (one) => [one.id, one],
      ),
    );
    const loaded = new Map<string, ViewedAlert>();
    for (const alert of found) {
      const members = alert.incidents.flatMap((one) => incidents.get(one.incidentId) ?? []);
      const versions = members.map((one) => `${one.id}:${one.version}`).join(' ');
      let viewed = kept.get(alert.id);
      if (viewed?.versions !== versions) {
        const shown = [];
        for (const incident of members) {
          const reports = await store.reports.byIncident(incident.id, REPORTS);
          shown.push(asSeen({ ...incident, reports }, alert.level));
        }
        viewed = { alert, incidents: shown, known: await known(alert.country, clock.now()), versions };
        if (kept.size >= CACHED_ALERTS) kept.clear();
        kept.set(alert.id, viewed);
      }
      loaded.set(alert.id, viewed);
    }
    return loaded;
  };
}

/** Pieces of one chat and night that one summary looks at. */
const MAX_PIECES = 200;

/** What waited for a chat, as it is now. */
interface SummaryView extends Omit<ComposeView, 'alert' | 'known'> {
  accountId: string;
  changes: number;
}

type Views = (ids: string[]) => Promise<Map<string, ViewedAlert>>;
type Wishes = ReadonlyMap<number, ChatWishes>;

/** Summaries of quiet hours: what their chats have waiting, in its newest state; by the id of the delivery. */
async function summariesOf(claims: readonly Claim[], wishes: Wishes, viewsOf: Views, deps: ComposeDeps) {
  if (claims.length === 0) return new Map();
  const chatIds = claims.map((claim) => claim.chatId);
  const held = await deps.store.outbox.heldOf(chatIds, MAX_PIECES);
  const views = await viewsOf([...new Set([...held.values()].flat().map((piece) => piece.alertId))]);
  return new Map(
    claims.map((claim) => [claim.id, summaryOf(claim, held.get(claim.chatId) ?? [], views, wishes, deps)]),
  );
}

function summaryOf(
  claim: Claim,
  pieces: readonly HeldPiece[],
  views: ReadonlyMap<string, ViewedAlert>,
  wishes: Wishes,
  deps: ComposeDeps,
): Composed {
  const { lang, timeZone } = claim.chat;
  // Some of it, or all, another chat follows.
  const via = pieces.find((piece) => piece.via !== null)?.via ?? null;
  const view = { lang, timeZone, now: deps.clock.now(), via };
  const chat = wishes.get(claim.chatId)!;
  const byAlert = Map.groupBy(pieces, (piece) => piece.alertId);
  const shown = new Map<string, ComposeView['incidents'][number]>();
  let changes = 0;
  let last: ViewedAlert | null = null;
  for (const [alertId, ofAlert] of byAlert) {
    const viewed = views.get(alertId);
    if (!viewed) continue;
    const isNew = ofAlert.some((piece) => piece.op === 'send');
    const visible = contentFor(isNew ? 'send' : 'reply', null, chat, viewed.incidents).show ?? [];
    const changed = isNew
      ? visible
      : visible.filter((one) => ofAlert.some((piece) => piece.incidentIds.includes(one.id)));
    if (changed.length === 0) continue;
    for (const one of changed) shown.set(one.id, one);
    changes += ofAlert.length;
    last = isNew ? viewed : null;
  }
  const incidents = [...shown.values()];
  if (incidents.length === 0) return { skip: 'nothing-waits' };
  // The store reckons the same way when it is sent (`store/sql/outbox/held.ts`): one alert, of which the chat has no message yet.
  if (byAlert.size === 1 && last) {
    return { document: deps.renderLate({ ...view, alert: last.alert, incidents, known: last.known }) };
  }
  return { document: deps.renderSummary({ ...view, accountId: claim.accountId, incidents, changes }) };
}

interface ComposeDeps {
  store: Store;
  clock: Clock;
  /** What alerts may say of a country; null = none is named. */
  known(country: string | null, now: number): Known | Promise<Known>;
  renderAlert(view: ComposeView): MessageDocument;
  renderReply(
    view: ComposeView,
    change: { reason: Broadcast['reason']; incidentIds: readonly string[] },
  ): MessageDocument;
  renderNotice(view: NoticeView): MessageDocument | Promise<MessageDocument>;
  renderLate(view: ComposeView): MessageDocument;
  renderSummary(view: SummaryView): MessageDocument;
  /** Does this account want alerts for programs, too (`isTarget`)? Absent: none does. */
  wantsFacts?(accountId: string): boolean;
  /** Digests, reminders and reports, by the id of the delivery. */
  regular(claims: readonly Claim[]): Promise<Map<number, Composed>>;
}

const CACHED_DOCUMENTS = 2_000;

interface ChatWishes {
  subscriptions: Awaited<ReturnType<Store['subscriptions']['list']>>;
  silences: Awaited<ReturnType<Store['silences']['list']>>;
  /** Incidents that it followed once. */
  once: ReadonlySet<string>;
}

/**
 * Renders claimed deliveries with the newest state: each chat sees those incidents of the alert that it follows and did not silence.
 * Chats with the same view share one document object, so that adapters render it once. A delivery that was tried before says exactly
 * what it said then. In a chat's quiet hours what would ring comes later.
 */
export function createCompose(deps: ComposeDeps): (claims: Claim[]) => Promise<Composed[]> {
  const { store, clock } = deps;
  const views = createAlertViews(deps);
  const quiet = createQuietClock();
  // One object for each, so that it is rendered once for all chats.
  const silent = onceForEach((document: MessageDocument): MessageDocument => ({ ...document, tone: 'notice' }));
  const documents = createKept<string, MessageDocument>(CACHED_DOCUMENTS);
  const fixed = onceFor((payload: string) => JSON.parse(payload) as MessageDocument, CACHED_DOCUMENTS);

  /** When it goes, without a look at what it is about; what is critical only its content tells. */
  const whenOf = (claim: Claim, critical: boolean) => {
    const { settings, timeZone } = claim.chat;
    const now = clock.now();
    const until = quiet(settings.quiet, timeZone, now);
    return whenFor({ ...claim, begun: claim.payload !== null }, until, critical, now);
  };

  type LookedUp = Awaited<ReturnType<typeof lookUp>>;

  /** What is looked up once for all claims of a turn. */
  async function lookUp(open: readonly Claim[]) {
    const alerts = open.filter((claim) => !isRegular(claim.kind));
    const chatIds = [...new Set(open.map((claim) => claim.chatId))];
    const mains = await mainsOf(open);
    const subscriptions = await followedBy(chatIds, mains);
    const once = await followedOnce(open, mains);
    const silences = await store.silences.listMany(chatIds, clock.now());
    const wishes = new Map(
      chatIds.map((id) => [
        id,
        {
          subscriptions: subscriptions.get(id) ?? [],
          silences: silences.get(id) ?? [],
          once: once.get(id) ?? new Set<string>(),
        },
      ]),
    );
    const broadcasts = new Map<string, Broadcast | null>();
    // Whom a new alert may wake is asked of its broadcast, too.
    const asked = alerts.filter((claim) => claim.op === 'reply' || claim.chat.settings.quiet?.critical === true);
    for (const id of new Set(asked.map((claim) => claim.broadcastId)))
      broadcasts.set(id, await store.broadcasts.get(id));
    const due = open.filter((claim) => isRegular(claim.kind) && whenOf(claim, false).do === 'send');
    const { summaries = [], others = [] } = Object.groupBy(due, ({ kind }) =>
      kind === 'summary' ? 'summaries' : 'others',
    );
    /** Summaries and other regular ones. */
    const regular = new Map([...(await summariesOf(summaries, wishes, views, deps)), ...(await deps.regular(others))]);
    const viewed = await views([...new Set(alerts.map((claim) => claim.alertId))]);
    /** What is about no incident, by the id of the delivery. */
    const notices = await noticesOf(alerts, viewed, subscriptions);
    /** Of the incidents of alerts that are told to programs; a log that is not here was not asked for. */
    const transitions = await transitionsFor(alerts, viewed);
    return { views: viewed, wishes, broadcasts, regular, notices, transitions };
  }

  const wantsFacts = (claim: Claim): boolean => deps.wantsFacts?.(claim.accountId) ?? false;

  async function transitionsFor(open: readonly Claim[], viewed: ReadonlyMap<string, ViewedAlert>) {
    const told = open.filter(wantsFacts).flatMap((claim) => viewed.get(claim.alertId)?.incidents ?? []);
    return await store.incidents.transitionsOf([...new Set(told.map(({ id }) => id))]);
  }

  /** Of a message that came by a pair, what the other chat follows counts as well; a summary may tell of some of those. */
  const mainsOf = (open: readonly Claim[]): Promise<Map<number, number[]>> => {
    const byPair = open.filter((claim) => claim.via !== null || claim.kind === 'summary');
    return store.links.mains([...new Set(byPair.map((claim) => claim.chatId))]);
  };

  async function followedBy(chatIds: number[], mains: Map<number, number[]>): Promise<Map<number, Subscription[]>> {
    const followed = await store.subscriptions.listMany([...new Set([...chatIds, ...[...mains.values()].flat()])]);
    for (const [spare, ids] of mains)
      followed.set(
        spare,
        [spare, ...ids].flatMap((id) => followed.get(id) ?? []),
      );
    return followed;
  }

  /** What edits show beside what is followed now. */
  async function followedOnce(open: readonly Claim[], mains: Map<number, number[]>): Promise<Map<number, Set<string>>> {
    const edits = open.filter((claim) => claim.op === 'edit');
    const ids = edits.flatMap(({ chatId }) => [chatId, ...(mains.get(chatId) ?? [])]);
    const once = await store.subscriptions.once([...new Set(ids)], [...new Set(edits.map(({ alertId }) => alertId))]);
    for (const [spare, own] of mains)
      once.set(spare, new Set([spare, ...own].flatMap((id) => [...(once.get(id) ?? [])])));
    return once;
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

  const told = (claim: Claim, document: MessageDocument): Composed => ({
    document: claim.chat.settings.sound ? document : silent(document),
  });

  /** What no summary tells of waits as it is. */
  function unlessQuiet(claim: Claim, say: () => Composed): Composed {
    const when = whenOf(claim, false);
    return when.do === 'hold' || when.do === 'wait' ? { later: 'wait', until: when.until, why: when.why } : say();
  }

  function alertOf(claim: Claim, known: LookedUp): Composed {
    const viewed = known.views.get(claim.alertId);
    if (!viewed || viewed.incidents.length === 0) return { skip: 'no-alert' };
    const broadcast = known.broadcasts.get(claim.broadcastId) ?? null;
    const reply = claim.op === 'reply' ? broadcast : null;
    if (claim.op === 'reply' && !reply) return { skip: 'no-broadcast' };
    const wishes = known.wishes.get(claim.chatId)!;
    const { show: incidents, skip } = contentFor(claim.op, reply, wishes, viewed.incidents);
    if (incidents === null) return { skip };
    const { lang, timeZone, settings, platform } = claim.chat;
    const isCritical = (): boolean =>
      broadcast !== null &&
      breaksThrough(broadcast, { platform, level: viewed.alert.level, ...wishes }, incidents) !== null;
    const when = whenOf(claim, settings.quiet?.critical === true && isCritical());
    if (when.do === 'drop') return { skip: when.why };
    if (when.do !== 'send') return { later: when.do, until: when.until, why: when.why };
    const { via } = claim;
    const facts = wantsFacts(claim);
    const key = `${facts ? `facts of ${claim.chatId} ` : ''}${via ? viaText(via) : ''} ${reply ? claim.broadcastId : claim.alertId} ${lang} ${timeZone} ${incidents.map((one) => `${one.id}:${one.version}`).join(' ')}`;
    const document = documents(key, () => {
      const view = { alert: viewed.alert, incidents, known: viewed.known, lang, timeZone, now: clock.now(), via };
      const said = reply
        ? deps.renderReply(view, { reason: reply.reason, incidentIds: reply.incidentIds })
        : deps.renderAlert(view);
      return facts ? { ...said, facts: factsOf(incidents, known.transitions, hearerOf(viewed, wishes)) } : said;
    });
    return told(claim, document);
  }

  function regularOf(claim: Claim, known: LookedUp): Composed {
    const composed = known.regular.get(claim.id) ?? { skip: 'nothing-to-say' };
    return 'document' in composed ? told(claim, composed.document) : composed;
  }

  return async (claims) => {
    const known = await lookUp(claims.filter((claim) => claim.payload === null));
    return claims.map((claim): Composed => {
      const { payload } = claim;
      // Tried before: what it said then.
      if (payload !== null) return unlessQuiet(claim, () => ({ document: fixed(payload) }));
      if (isRegular(claim.kind)) return unlessQuiet(claim, () => regularOf(claim, known));
      const notice = known.notices.get(claim.id);
      if (!notice) return alertOf(claim, known);
      // A board that changes wakes nobody.
      return claim.op === 'edit' ? { document: notice } : unlessQuiet(claim, () => told(claim, notice));
    });
  };
}

/** Follows it since its earliest subscription that matches. */
const hearerOf = ({ alert }: ViewedAlert, { subscriptions }: ChatWishes): Hearer => ({
  level: alert.level,
  since: (incident) =>
    Math.min(...subscriptions.filter((one) => follows(one, incident)).map(({ createdAt }) => createdAt)),
});

/**
 * What a claimed delivery says: a document; or nothing any more, and why (unsubscribed, muted, superseded); or nothing yet: it leaves the
 * queue for the summary of the chat's quiet hours (`hold`), or stays there until then (`wait`).
 */
export type Composed =
  | { document: MessageDocument }
  | { skip: string }
  | { later: 'hold' | 'wait'; until: number; why: string };
