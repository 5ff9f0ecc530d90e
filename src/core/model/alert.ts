import type { ChangeKind, Level } from './incident.ts';

/**
 * What subscribers of one level are notified of: one or more incidents of one country. It is one message a chat: later changes edit it
 * in place. A chat sees those of its incidents that it follows.
 */
export interface Alert {
  /** Unique; never shown to people, who quote incidents. */
  id: string;
  /** All its incidents are of this country; null = none is named. */
  country: string | null;
  /** Chats of this level have it; the same change makes an alert of its own for each level. */
  level: Level;
  /** Ms since the epoch, as all times here. */
  createdAt: number;
  /** Last time a service was added or it was notified anew; bounds widening. */
  notifiedAt: number;
  /** Last reply about added services; they ring at most once an hour. */
  widenRepliedAt: number | null;
  /** In the order in which they were added. */
  incidents: { incidentId: string; addedAt: number }[];
}

/** One that tells of nothing yet. */
export const newAlert = (id: string, country: string | null, level: Level, now: number): Alert => ({
  id,
  country,
  level,
  createdAt: now,
  notifiedAt: now,
  widenRepliedAt: null,
  incidents: [],
});

/** What comes at its time to a single chat: the summary of its quiet hours, a digest, a reminder, the report of a quiet week. */
export const REGULAR = ['summary', 'digest', 'reminder', 'report'] as const;
export type Regular = (typeof REGULAR)[number];
/**
 * `new`: the first message. `update`, `lifted`, `correction`: what became of it. `announce`: an operator's own words. Regular ones are
 * not about an alert: they have an empty one of their own, which names them in the queue.
 */
export type BroadcastKind = 'new' | 'update' | 'lifted' | 'correction' | 'announce' | Regular;
/** Order in which an account sends; the first comes before all others. `critical`: a country-wide shutdown. */
export type Priority = 'reply' | 'critical' | 'alert' | 'digest';

/** A durable piece of work: tell everyone concerned about these changes of one alert. */
export interface Broadcast {
  id: string;
  alertId: string;
  kind: BroadcastKind;
  /** True: also a short reply, so that the phone rings (escalation, services added, lift, correction). A `new` always rings. */
  loud: boolean;
  /** What changed, for the reply's words. */
  reason: ChangeKind;
  /** The incidents that changed; recipients are chosen by these. */
  incidentIds: string[];
  priority: Priority;
  createdAt: number;
  /** Not filled before: the group wait of a new alert, the hour between two replies about added services. */
  dueAt: number;
  /**
   * Recipients are filled in in two walks by chat id: `holders` (chats that have a message of this alert: edit, and reply if loud),
   * then `others` (a loud broadcast reaches matching chats without one by a fresh message; a `new` has only these).
   */
  phase: 'holders' | 'others';
  /** Last chat id that was filled in within the phase; 0 = none yet. */
  cursor: number;
  /**
   * `waiting` for `dueAt` (and may still be changed), `filling` along its cursor, `done`. `withheld`: it is never filled; a larger incident speaks for
   * its incidents, and from `dueAt` on they are to be told where that is over (`core/route.ts`).
   */
  state: 'waiting' | 'withheld' | 'filling' | 'done';
}

/** `send`: a fresh message. `edit`: of the chat's message of this alert. `reply`: to that message. */
export type DeliveryOp = 'send' | 'edit' | 'reply';
/**
 * `queued` → `sending` (marked before the attempt) → `sent`; or `failed` (refused, or its outcome of long ago unknown), `gone` (the chat is), `superseded`
 * (needless now). `held`: the chat's quiet hours; it left the queue, and their summary tells of it. `sending` rows at a start were in
 * flight at a crash.
 */
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'failed' | 'gone' | 'superseded' | 'held';

/** One piece of a broadcast for one chat; the outbox is the queue of these. */
export interface Delivery {
  id: number;
  broadcastId: string;
  alertId: string;
  chatId: number;
  accountId: string;
  op: DeliveryOp;
  priority: Priority;
  state: DeliveryState;
  /** Attempts begun. */
  attempts: number;
  /** Not tried before, ms since the epoch. */
  nextAt: number;
  createdAt: number;
  /** Rendered document, fixed by the first attempt; null before. */
  payload: string | null;
}

/** Stable name of a delivery: the Matrix transaction id. */
export const deliveryKey = (d: Pick<Delivery, 'broadcastId' | 'chatId' | 'op'>): string =>
  `tocsin.${d.broadcastId}.${d.chatId}.${d.op}`;

/** What such a name says; throws for any other text. */
export function partsOfKey(key: string): { broadcastId: string; chatId: number; op: DeliveryOp } {
  const [, broadcastId, chatId, op] = /^tocsin\.(.+)\.(\d+)\.(send|edit|reply)$/.exec(key) ?? [];
  if (broadcastId === undefined) throw new Error(`not the key of a delivery: ${key}`);
  return { broadcastId, chatId: Number(chatId), op: op as DeliveryOp };
}

/** The operator's policy; durations in milliseconds. Defaults in `config/schema.ts`. */
export interface Policy {
  /** How long a new alert waits for others of its country. 0 for confirmed ones, whatever it says. */
  groupWait: number;
  /** Level of a chat that did not choose. */
  level: Level;
  /** Without a report for so long, an incident takes no more: the next report opens a new one. */
  quietAfter: number;
  /** On the first poll of a source, nothing older alerts. */
  firstPollWindow: number;
  /** An incident that comes through an item about one that was notified is added to that alert for so long. */
  widenWithin: number;
  /** Do alerts say what their readers can do? `except`: countries (ISO 3166-1 alpha-2) for which the opposite holds. */
  advice: { on: boolean; except: readonly string[] };
}

/** Of alerts about this country; null = no country is named. */
export const advisesOn = ({ advice }: Pick<Policy, 'advice'>, country: string | null): boolean =>
  advice.on !== (country !== null && advice.except.includes(country));

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What holds where the configuration says nothing; the reasons stand in docs/domain.md. */
export const DEFAULT_POLICY: Policy = {
  groupWait: MINUTE,
  level: 'corroborated',
  quietAfter: 45 * DAY,
  firstPollWindow: 6 * 60 * MINUTE,
  widenWithin: 7 * DAY,
  advice: { on: true, except: [] },
};
