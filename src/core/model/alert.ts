import type { ChangeKind, Level } from './incident.ts';

/**
 * What subscribers of one level are told about one or more incidents of one country. It is one message a chat: later changes edit it
 * in place. A chat sees those of its incidents that it follows.
 */
export interface Alert {
  id: string;
  country: string | null;
  level: Level;
  createdAt: number;
  /** Last time a service was added or it was told anew; bounds widening. */
  toldAt: number;
  /** Last reply about added services; they ring at most once an hour. */
  widenRepliedAt: number | null;
  /** In the order in which they were added. */
  incidents: { incidentId: string; addedAt: number }[];
}

export type BroadcastKind = 'new' | 'update' | 'lifted' | 'correction' | 'announce';
export type Lane = 'reply' | 'critical' | 'alert' | 'digest';

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
  lane: Lane;
  createdAt: number;
  dueAt: number;
  /**
   * Recipients are filled in in two walks by chat id: `holders` (chats that have a message of this alert: edit, and reply if loud),
   * then `others` (a loud broadcast reaches matching chats without one by a fresh message; a `new` has only these).
   */
  phase: 'holders' | 'others';
  /** Last chat id that was filled in within the phase; 0 = none yet. */
  cursor: number;
  state: 'waiting' | 'filling' | 'done';
}

/** `send`: a fresh message. `edit`: of the chat's message of this alert. `reply`: to that message. */
export type DeliveryOp = 'send' | 'edit' | 'reply';
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'failed' | 'gone' | 'superseded';

/** One piece of a broadcast for one chat; the outbox is the queue of these. */
export interface Delivery {
  id: number;
  broadcastId: string;
  alertId: string;
  chatId: number;
  accountId: string;
  op: DeliveryOp;
  lane: Lane;
  state: DeliveryState;
  attempts: number;
  nextAt: number;
  createdAt: number;
  /** Rendered document, fixed by the first attempt; null before. */
  payload: string | null;
}

/** Stable name of a delivery: the Matrix transaction id. */
export const deliveryKey = (d: Pick<Delivery, 'broadcastId' | 'chatId' | 'op'>): string =>
  `tocsin.${d.broadcastId}.${d.chatId}.${d.op}`;
