import type { DeliveryOp, DeliveryState, Priority } from '../../core/model/alert.ts';
import { LEVELS, type Level } from '../../core/model/incident.ts';

/** Numbers for the words of hot tables. They stand in databases: append, never reorder. */
export const PRIORITIES: readonly Priority[] = ['reply', 'critical', 'alert', 'digest'];
export const OPS: readonly DeliveryOp[] = ['send', 'edit', 'reply'];
const DELIVERY_STATES: readonly DeliveryState[] = ['queued', 'sending', 'sent', 'failed', 'gone', 'superseded', 'held'];

export const levelNo = (level: Level): number => LEVELS.indexOf(level);
export const levelOf = (no: number): Level => LEVELS[no]!;
export const priorityNo = (priority: Priority): number => PRIORITIES.indexOf(priority);
export const priorityOf = (no: number): Priority => PRIORITIES[no]!;
export const opOf = (no: number): DeliveryOp => OPS[no]!;
export const stateOf = (no: number): DeliveryState => DELIVERY_STATES[no]!;

export const OP = { send: 0, edit: 1, reply: 2 } as const;
export const STATE = { queued: 0, sending: 1, sent: 2, failed: 3, gone: 4, superseded: 5, held: 6 } as const;
export const isPending = ({ state }: { state: number }): boolean => state < STATE.sent;

/**
 * A delivery's id is `broadcast << 29 | chat << 2 | op`: unique by these three without a second index, in the order of
 * the walk, and within 2^53. Room for 16 million broadcasts and 134 million chats.
 */
export const CHAT_SPAN = 4;
export const BROADCAST_SPAN = 2 ** 29;
export const MAX_CHAT = BROADCAST_SPAN / CHAT_SPAN - 1;
export const MAX_BROADCAST = 2 ** 24 - 1;

export const deliveryId = (broadcastNo: number, chatId: number, op: number): number =>
  broadcastNo * BROADCAST_SPAN + chatId * CHAT_SPAN + op;

export const chatOfDelivery = (id: number): number => Math.floor((id % BROADCAST_SPAN) / CHAT_SPAN);
