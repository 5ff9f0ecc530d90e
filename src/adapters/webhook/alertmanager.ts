import type { Change } from './changes.ts';
import { type Form, newest, onePost, type Telling } from './form.ts';
import { PLAIN, textOf } from './text.ts';

const PATH = '/api/v2/alerts';
/**
 * Prometheus says every minute that an alert still fires; we say it when it changes. An alert with an end of its own is kept until then, whatever
 * `resolve_timeout` is; so long, ms, an incident of which nothing is heard counts as open by default (docs/domain.md).
 */
const FIRES_FOR = 45 * 86_400_000;
const MAX_TEXT = 4_000;

/** Alertmanager's API, version 2: an incident is an alert whose labels never change, so that each change is one of the same alert. */
export const alertmanager: Form = (telling, url) => {
  const alerts = newest(telling.changes).map((one) => alertOf(one, telling));
  if (alerts.length === 0) return [];
  const base = url.replace(/\/+$/, '');
  return onePost(telling, base.endsWith(PATH) ? base : `${base}${PATH}`, alerts);
};

function alertOf({ incident, type, change }: Change, { document, pageOf, now }: Telling) {
  const over = type === 'incident.lifted' || type === 'incident.withdrawn';
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
    endsAt: over ? [startsAt, ended].sort().at(-1) : new Date(now + FIRES_FOR).toISOString(),
    ...(page === null ? {} : { generatorURL: page }),
  };
}

const firstLine = (document: Telling['document']): string => textOf(document, PLAIN, MAX_TEXT).split('\n', 1)[0] ?? '';
