import type { Confidence, Method } from '../model/incident.ts';
import type { Plain } from './plain.ts';

type Words = { [M in Method as `method.${M}`]: Plain } & { [C in Confidence as `confidence.${C}`]: Plain } & {
  [C in Confidence as `sure.${C}`]: { why: string };
};

/** The lines of an alert and of the replies to it. */
export interface AlertPhrases extends Words {
  'why.outlets': { n: number };
  'why.authority': { name: string };
  'why.networks': { n: number };
  'why.anomalies': { n: number };
  'why.blockpage': Plain;
  /** An observatory takes it for likely; measurements from there have stopped. */
  'why.sign': { name: string };
  'why.silence': { name: string };

  /** What an observatory counted. */
  'count.measurements': { n: number };
  'count.networks': { n: number };
  'count.signals': { n: number; names: string };

  /** Weakest of a group whose members are not equally sure. */
  'why.each': { sure: string };

  'alert.since': { when: string };
  'alert.earlier': { label: string; when: string };
  'alert.sinceEarliest': { when: string };
  'alert.warnedAt': { when: string };
  'alert.lasted': { from: string; to: string; duration: string };
  'alert.backAt': { when: string };
  'alert.was': { what: string };
  'alert.how': { method: string };
  'alert.where': { regions: string };
  /** Of a measure on the whole country: where it is over. */
  'alert.backIn': { regions: string };
  'alert.part': { parts: string };
  'alert.sources': { sources: string };
  /** So many outlets say that it is worse than what is in force; not corroborated. */
  'alert.worse.throttle': { n: number };
  'alert.worse.block': { n: number };
  'alert.worse.shutdown': { n: number };
  /** An observatory sees it, from so many networks; our own probes in `ours` do not. */
  'alert.disagree': { name: string; n: number; ours: string };
  'alert.disagreeAll': { name: string; ours: string };
  'alert.easing': { n: number };
  'alert.easingMeasured': Plain;
  'alert.because': { why: string };
  'alert.withdrawn': Plain;
  'alert.linked': { id: string };
  'alert.cameTrue': { id: string };

  'reply.escalated': Plain;
  'reply.widened': Plain;
  'reply.resumed': Plain;
  'reply.surer': Plain;
  'reply.easing': Plain;
  'reply.partly': Plain;

  /** Said first in a test alert, which is about nothing: then its example, an alert about a service and a country that do not exist. */
  'test.head': Plain;
  'test.what': Plain;
  'test.country': Plain;
}
