import type { ChangeKind } from '../model/incident.ts';
import type { Plain } from './plain.ts';

type WithHeadline = 'opened' | 'escalated' | 'confidence-up' | 'method-revealed' | 'lift-confidence-up';

type Changes = { [K in WithHeadline as `change.${K}`]: { what: string } } & {
  [K in Exclude<ChangeKind, WithHeadline> as `change.${K}`]: Plain;
};

/** One incident, and those of the past. */
export interface IncidentPhrases extends Changes {
  'incident.none': { id: string };
  'incident.usage': { command: string };
  'incident.log': Plain;
  'incident.evidence': { n: number };
  'incident.report': { title: string; when: string };
  'incident.measured': { networks: string; verdict: string; when: string };
  'incident.anomaly': Plain;
  'incident.copies': Plain;
  'incident.open': Plain;

  'history.head': { what: string; n: number };
  'history.none': { n: number };
  'history.span': { from: string; to: string };
  'history.longer': { command: string };
}
