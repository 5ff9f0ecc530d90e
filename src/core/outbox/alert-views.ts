import type { Alert } from '../model/alert.ts';
import type { Chat, Subscription } from '../model/chat.ts';
import { type Incident, type Level, liftReaches } from '../model/incident.ts';
import type { Known } from '../model/known.ts';
import type { Via } from '../model/link.ts';
import type { Notice } from '../model/notice.ts';
import type { Report } from '../model/report.ts';
import type { Store } from '../ports/store.ts';

/** Newest reports shown as evidence; the rest are counted by their voices in the confidence already. */
const REPORTS = 60;
const KNOWN_IN_COUNTRY = 200;
const CACHED_ALERTS = 64;

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
  /** What it follows. */
  followed: readonly Subscription[];
  now: number;
}

/** An alert with its incidents as chats of its level know them. */
export interface ViewedAlert {
  alert: Alert;
  incidents: (Incident & { reports: Report[] })[];
  known: Known;
  /** Changes with each change of its incidents. */
  versions: string;
}

export interface AlertViewsDeps {
  store: Pick<Store, 'alerts' | 'incidents' | 'reports'>;
  /** What alerts may say of a country, from the incidents known there; null = none is named. */
  known(incidents: readonly Incident[], country: string | null): Known | Promise<Known>;
}

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

/** Alerts in their newest state, by id; those that are not in the store are left out. What did not change is kept for the next call. */
export function createAlertViews({
  store,
  known,
}: AlertViewsDeps): (ids: string[]) => Promise<Map<string, ViewedAlert>> {
  const kept = new Map<string, ViewedAlert>();

  async function knownIn(country: string | null): Promise<Known> {
    return await known(
      country === null ? [] : await store.incidents.list({ country, limit: KNOWN_IN_COUNTRY }),
      country,
    );
  }

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
        viewed = { alert, incidents: shown, known: await knownIn(alert.country), versions };
        if (kept.size >= CACHED_ALERTS) kept.clear();
        kept.set(alert.id, viewed);
      }
      loaded.set(alert.id, viewed);
    }
    return loaded;
  };
}
