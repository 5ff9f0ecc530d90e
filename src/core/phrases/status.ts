import type { Plain } from './plain.ts';

/** What `status` can say of a service; `degraded` is stated by its action. */
export type StateWord = 'open' | 'throttle' | 'restrict' | 'block' | 'shutdown' | 'unknown' | 'warn';

type States = { [S in StateWord as `state.${S}`]: Plain };

/** What is cut off now, and whether the bot is well. */
export interface StatusPhrases extends States {
  'status.followed': Plain;
  'status.world': Plain;
  'status.since': { state: string; when: string };
  'status.was': { unknown: string; was: string };
  'status.network': { state: string };
  'status.part': { state: string; regions: string };
  'status.age': { age: string };
  'status.no': Plain;
  'status.reference': { url: string };
  'status.confirmed': { when: string };
  'status.nothing': { what: string };
  'status.worldNone': Plain;
  'status.rest': Plain;
  'status.unnamed': Plain;

  'sight.dim': { ok: number; n: number };
  'sight.blind': Plain;
  'sight.noSources': Plain;
  'sight.waiting': Plain;

  'health.head': Plain;
  'health.store': Plain;
  'health.polled': { age: string; ok: number; n: number };
  'health.never': { n: number };
  'health.none': Plain;
  'health.oldest': { name: string; age: string };
  'health.failing': { names: string };
  'health.held': { names: string };
  'health.stale': { names: string };
  'health.blind': { names: string };
  'health.agent': { id: string; country: string; asn: string; age: string };
  'health.agentMissing': { id: string; country: string; asn: string; age: string };
  'health.agentStopped': { id: string; country: string; asn: string };
  'health.agentNever': { id: string; country: string; asn: string };
  'health.vantages': { names: string };
  'health.idle': Plain;
  'health.queue': { n: number; age: string };
  'health.eta': { duration: string };
  'health.sending': Plain;
  'health.account': { account: string; problem: string };
}
