import type { BroadcastKind, Priority } from '../model/alert.ts';
import type { SendOutcome } from './chat-adapter.ts';

/** What became of a poll: it yielded something, yielded nothing, was not changed since, or failed with a code of `core/errors.ts`. */
export type PollOutcome = 'items' | 'empty' | 'unchanged' | 'failed';

/** What became of a command. `slow`: the first refusal of a flood; `silent`: the rest of it. */
export type CommandOutcome = 'answered' | 'refused' | 'unknown' | 'slow' | 'silent' | 'failed';

/**
 * What the core counts. Calls are cheap, never throw and never wait; with no listener they do nothing. Every argument is of a closed
 * list or a name from the configuration: never an id of a chat or a person, never a text that somebody wrote.
 */
export interface Metrics {
  sent(account: string, outcome: SendOutcome['kind'] | 'superseded', priority: Priority): void;
  polled(kind: string, outcome: PollOutcome, code: string | null): void;
  /** `command` is the name of one that exists, or null. */
  command(command: string | null, outcome: CommandOutcome): void;
  /** A broadcast is filled: so many deliveries were written. */
  broadcast(kind: BroadcastKind, deliveries: number): void;
  /** After a kill or a takeover: so many sends that may have arrived are made again. */
  requeued(account: string, sends: number): void;
}

/** Nobody listens. */
export const noMetrics: Metrics = { sent() {}, polled() {}, command() {}, broadcast() {}, requeued() {} };
