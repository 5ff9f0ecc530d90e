import type { Alert, Broadcast } from '../model/alert.ts';
import type { Chat, Subscription } from '../model/chat.ts';
import { type Incident, type Level, liftReaches } from '../model/incident.ts';
import type { Known } from '../model/known.ts';
import { type Via, viaText } from '../model/link.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Notice } from '../model/notice.ts';
import type { Report } from '../model/report.ts';
import type { Clock } from '../ports/clock.ts';
import type { Claim, Store } from '../ports/store.ts';
import { contentFor } from '../route/audience.ts';
import type { Composed } from './composed.ts';

/** What a chat is to be notified of; the app binds it to `core/render` and the catalogues. */
export interface ComposeView {
  alert: Alert;
  incidents: (Incident & { reports: Report[] })[];
  /** What is known of the alert's country (`core/render/advice.ts`). */
  known: Known;
  lang: string;
  timeZone: string;
  now: number;
  /** Another chat follows it: why it is told here. */
  via?: Via | null;
}

/** What a chat is told that is about no incident. */
export interface NoticeView {
  notice: Notice;
  chat: Chat;
}

export interface ComposeDeps {
  store: Store;
  clock: Clock;
  /** What alerts may say of a country, from the incidents known there; null = none is named. */
  known(incidents: readonly Incident[], country: string | null, now: number): Known;
  renderAlert(view: ComposeView): MessageDocument;
  renderReply(
    view: ComposeView,
    change: { reason: Broadcast['reason']; incidentIds: readonly string[] },
  ): MessageDocument;
  renderNotice(view: NoticeView): MessageDocument;
}

/** Newest reports shown as evidence; the rest are counted by their voices in the confidence already. */
const REPORTS = 60;
const KNOWN_IN_COUNTRY = 200;
const CACHED_ALERTS = 64;
const CACHED_DOCUMENTS = 2_000;

/**
 * A lift as chats of this level know it: what one outlet tells is over for those who hear of one outlet's word, and not yet over for
 * those who want it measured.
 */
function asSeen<T extends Incident & { reports: Report[] }>(incident: T, level: Level): T {
  const { state, action, liftConfidence } = incident;
  if ((state !== 'easing' && state !== 'lifted') || action === 'unblock' || liftConfidence === null) return incident;
  if (!liftReaches(incident, level)) return { ...incident, state: 'easing' };
  const lifts = incident.reports.filter((one) => one.action === 'unblock').map((one) => one.at);
  const closedAt = incident.closedAt ?? Math.max(...lifts, incident.openedAt);
  return { ...incident, state: 'lifted', closedAt };
}

interface Cached {
  alert: Alert;
  incidents: (Incident & { reports: Report[] })[];
  known: Known;
  versions: string;
}

/**
 * Renders claimed deliveries with the newest state: each chat sees those incidents of the alert that it follows and did not silence.
 * Chats with the same view share one document object, so that adapters render it once. A delivery that was tried before says exactly
 * what it said then.
 */
export function createCompose(deps: ComposeDeps): (claims: Claim[]) => Promise<Composed[]> {
  const { store } = deps;
  const alerts = new Map<string, Cached>();
  const documents = new Map<string, MessageDocument>();
  const fixed = new Map<string, MessageDocument>();

  async function load(ids: string[]): Promise<Map<string, Cached>> {
    const found = await store.alerts.getMany(ids);
    const incidents = new Map(
      (await store.incidents.getMany([...new Set(found.flatMap((one) => one.incidents.map((i) => i.incidentId)))])).map(
        (one) => [one.id, one],
      ),
    );
    const loaded = new Map<string, Cached>();
    for (const alert of found) {
      const members = alert.incidents.flatMap((one) => incidents.get(one.incidentId) ?? []);
      const versions = members.map((one) => `${one.id}:${one.version}`).join(' ');
      let cached = alerts.get(alert.id);
      if (cached?.versions !== versions) {
        const shown = [];
        for (const incident of members) {
          const reports = await store.reports.byIncident(incident.id, REPORTS);
          shown.push(asSeen({ ...incident, reports }, alert.level));
        }
        cached = { alert, incidents: shown, known: await known(alert.country), versions };
        if (alerts.size >= CACHED_ALERTS) alerts.clear();
        alerts.set(alert.id, cached);
      }
      loaded.set(alert.id, cached);
    }
    return loaded;
  }

  async function known(country: string | null): Promise<Known> {
    const incidents = country === null ? [] : await store.incidents.list({ country, limit: KNOWN_IN_COUNTRY });
    return deps.known(incidents, country, deps.clock.now());
  }

  function again(payload: string): MessageDocument {
    let document = fixed.get(payload);
    if (!document) {
      document = JSON.parse(payload) as MessageDocument;
      if (fixed.size >= CACHED_DOCUMENTS) fixed.clear();
      fixed.set(payload, document);
    }
    return document;
  }

  /** Of a message that came by a pair, what the other chat follows counts as well. */
  async function followedBy(open: readonly Claim[], chatIds: number[]): Promise<Map<number, Subscription[]>> {
    const spares = [...new Set(open.filter((claim) => claim.via !== null).map((claim) => claim.chatId))];
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
    loaded: ReadonlyMap<string, Cached>,
  ): Promise<Map<number, MessageDocument>> {
    const about = open.filter((claim) => loaded.get(claim.alertId)?.incidents.length === 0);
    const notices = await store.notices.getMany([...new Set(about.map((claim) => claim.alertId))]);
    const rendered = new Map<number, MessageDocument>();
    for (const { id, alertId, chat } of about) {
      const notice = notices.get(alertId);
      if (!notice) continue;
      rendered.set(id, deps.renderNotice({ notice, chat }));
    }
    return rendered;
  }

  return async (claims) => {
    const open = claims.filter((claim) => claim.payload === null);
    const loaded = await load([...new Set(open.map((claim) => claim.alertId))]);
    const chatIds = [...new Set(open.map((claim) => claim.chatId))];
    const subscriptions = await followedBy(open, chatIds);
    const notices = await noticesOf(open, loaded);
    const silences = await store.silences.listMany(chatIds, deps.clock.now());
    const broadcasts = new Map<string, Broadcast | null>();
    for (const id of new Set(open.filter((claim) => claim.op === 'reply').map((claim) => claim.broadcastId)))
      broadcasts.set(id, await store.broadcasts.get(id));

    return claims.map((claim): Composed => {
      if (claim.payload !== null) return { document: again(claim.payload) };
      const notice = notices.get(claim.id);
      if (notice) return { document: notice };
      const cached = loaded.get(claim.alertId);
      if (!cached || cached.incidents.length === 0) return { skip: 'no-alert' };
      const broadcast = claim.op === 'reply' ? (broadcasts.get(claim.broadcastId) ?? null) : null;
      if (claim.op === 'reply' && !broadcast) return { skip: 'no-broadcast' };
      const chat = {
        subscriptions: subscriptions.get(claim.chatId) ?? [],
        silences: silences.get(claim.chatId) ?? [],
      };
      const { show: incidents, skip } = contentFor(claim.op, broadcast, chat, cached.incidents);
      if (incidents === null) return { skip };
      const {
        via,
        chat: { lang, timeZone },
      } = claim;
      const from = via ? viaText(via) : '';
      const key = `${from} ${claim.op === 'reply' ? claim.broadcastId : claim.alertId} ${lang} ${timeZone} ${incidents.map((one) => `${one.id}:${one.version}`).join(' ')}`;
      let document = documents.get(key);
      if (!document) {
        const view = {
          alert: cached.alert,
          incidents,
          known: cached.known,
          lang,
          timeZone,
          now: deps.clock.now(),
          via,
        };
        document = broadcast
          ? deps.renderReply(view, { reason: broadcast.reason, incidentIds: broadcast.incidentIds })
          : deps.renderAlert(view);
        if (documents.size >= CACHED_DOCUMENTS) documents.clear();
        documents.set(key, document);
      }
      return { document };
    });
  };
}
