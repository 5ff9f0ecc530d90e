import type { Plain } from './plain.ts';

/** For those who run the bot. */
export interface OperatorPhrases {
  'sources.head': { n: number };
  'sources.ok': { age: string };
  'sources.failing': { age: string; problem: string };
  'sources.waiting': Plain;
  /** It has no token, and asks nothing without one. */
  'sources.off': Plain;
  /** `what`: countries and services, counted by the next two. */
  'sources.leftOut': { what: string };
  /** The same where not all could be counted. */
  'sources.leftOutMore': { what: string };
  'sources.leftOutCountries': { n: number };
  'sources.leftOutServices': { n: number };

  'agents.head': { n: number };
  'agents.at': { country: string; asn: string; state: string };
  'agents.heard': { age: string };
  'agents.missing': { age: string };
  'agents.never': Plain;
  /** Asked to stop; `state` is how long ago it was heard of. */
  'agents.stopping': { state: string };

  'sources.held': Plain;
  'sources.heldSince': { n: number; age: string };
  'sources.heldDropped': { state: string; n: number };
  'sources.heldUsage': { command: string };
  'sources.released': { n: number; id: string };
  'sources.notHeld': { id: string; command: string };

  'agents.dropped': { state: string; n: number };
  'agents.refused': { state: string; n: number };
  'agents.usage': { stop: string; start: string };
  'agents.none': { id: string; command: string };
  'agents.stopped': { id: string; command: string };
  'agents.started': { id: string };

  'retract.usage': { command: string };
  'retract.done': { id: string };
}
