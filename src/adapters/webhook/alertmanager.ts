import type { Change } from './changes.ts';
import { type Form, newest, onePost, type Telling } from './form.ts';
import { PLAIN, textOf } from './text.ts';

const PATH = '/api/v2/alerts';
/**
 * As Prometheus does, we say every minute what still fires (`standing.ts`): an Alertmanager keeps alerts in memory alone. An alert with an end of its own is
 * kept until then, whatever `resolve_timeout` is; so long, ms, an incident of which nothing is heard counts as open by default (docs/domain.md).
 */
const FIRES_FOR = 45 * 86_400_000;
/** Of a test alert: long enough to be sent on by a usual route. */
const TEST_FIRES_FOR = 5 * 60_000;
const MAX_TEXT = 4_000;

/** Alertmanager's API, version 2: an incident is an alert whose labels never change, so that each change is one of the same alert. */
export const alertmanager: Form = (telling, url) => {
  const changes = newest(telling.changes);
  const alerts = changes.map((one) => alertOf(one, telling));
  // An announcement is no alert; a test alert is one that ends soon.
  if (alerts.length === 0)
    return telling.document.tone === 'alert' ? onePost(telling, alertsAt(url), [testOf(telling)]) : [];
  const standing = changes.map((one, at) => ({ incident: one.incident.id, alert: isOver(one) ? null : alerts[at]! }));
  return onePost(telling, alertsAt(url), alerts).map((post) => ({ ...post, standing }));
};

/** Where alerts are put, of the address as it is configured. */
export function alertsAt(url: string): string {
  const base = url.replace(/\/+$/, '');
  return base.endsWith(PATH) ? base : `${base}${PATH}`;
}

const isOver = ({ type }: Change): boolean => type === 'incident.lifted' || type === 'incident.withdrawn';

const testOf = ({ document, now }: Telling) => ({
  labels: { alertname: 'TocsinTest' },
  annotations: { summary: firstLine(document), description: textOf(document, PLAIN, MAX_TEXT) },
  startsAt: new Date(now).toISOString(),
  endsAt: new Date(now + TEST_FIRES_FOR).toISOString(),
});

function alertOf(one: Change, { document, pageOf, now }: Telling) {
  const { incident, change } = one;
  const startsAt = incident.openedAt ?? change.at;
  const ended = incident.closedAt ?? change.at;
  const page = pageOf(incident.id);
  return {
    labels: {
      alertname: 'TocsinIncident',
      incident: incident.id,
      country: incident.country ?? 'none',
      service: incident.service ?? 'none',
    },
    annotations: {
      summary: firstLine(document),
      description: textOf(document, PLAIN, MAX_TEXT),
      action: incident.action,
      state: incident.state,
      confidence: incident.confidence,
      ...(incident.method === null ? {} : { method: incident.method }),
    },
    startsAt,
    // An end before the beginning is refused.
    endsAt: isOver(one) ? [startsAt, ended].sort().at(-1)! : new Date(now + FIRES_FOR).toISOString(),
    ...(page === null ? {} : { generatorURL: page }),
  };
}

const firstLine = (document: Telling['document']): string => textOf(document, PLAIN, MAX_TEXT).split('\n', 1)[0] ?? '';
