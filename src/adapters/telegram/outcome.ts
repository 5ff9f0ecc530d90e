import type { ChatAddress } from '../../core/model/chat.ts';
import type { Outgoing, SendOutcome, SendReason } from '../../core/ports/chat-adapter.ts';
import type { Answer } from './client.ts';

/** Telegram's longest flood waits last hours; more is a broken server's word. */
const MAX_WAIT_MS = 86_400_000;
/** A refused token does not mend itself within seconds. */
const AUTH_RETRY_MS = 60_000;
/** From so many failed exchanges in a row on, the trouble is the network's or the server's, not one chat's. */
export const NETWORK_WIDE = 3;

const THREAD_GONE = /message thread not found|TOPIC_(CLOSED|DELETED|ID_INVALID)/i;
const CHAT_GONE =
  /chat not found|user not found|PEER_ID_INVALID|CHAT_ID_INVALID|USER_DEACTIVATED|bot was kicked|group chat was deactivated|chat was deleted|CHANNEL_PRIVATE/i;
const NOT_MODIFIED = /message is not modified/i;

/**
 * What Telegram's answer to one send or edit means, by `description` where the code alone does not tell. `failuresBefore` counts
 * the exchanges before this one that failed in a row.
 *
 * - A 429 may mean one chat or the whole bot, and Telegram does not say which: the account waits.
 * - A deleted or closed topic: the chat goes on without it (`moved` to the chat itself). An alarm in the wrong corner beats none.
 * - No right to write: `rejected`, and the subscriptions stay. Admins mute bots for an evening.
 */
export function classify(answer: Answer, message: Outgoing, failuresBefore: number): SendOutcome {
  const wide = failuresBefore + 1 >= NETWORK_WIDE;
  if (answer.kind === 'failure') {
    const account = answer.reason !== 'canceled' && (wide || !answer.reached);
    return {
      kind: 'retry',
      afterMs: null,
      scope: account ? 'account' : 'chat',
      reason: answer.reason,
      detail: answer.detail,
    };
  }
  const { status, body } = answer;
  if (body.ok) return delivered(body.result, message);

  const code = body.error_code ?? status;
  const description = typeof body.description === 'string' ? body.description.slice(0, 300) : `error ${code}`;
  const rejected = (reason: SendReason): SendOutcome => ({ kind: 'rejected', reason, detail: description });

  const migrated = body.parameters?.migrate_to_chat_id;
  if (typeof migrated === 'number')
    return { kind: 'moved', to: { ...message.address, chat: String(migrated), thread: null } };

  if (code === 429) {
    const seconds = body.parameters?.retry_after;
    const afterMs =
      typeof seconds === 'number' && seconds > 0 ? Math.min(MAX_WAIT_MS, Math.ceil(seconds * 1000)) : 1000;
    return { kind: 'retry', afterMs, scope: 'account', reason: 'rate_limited', detail: description };
  }
  // A malformed token is answered 404 "Not Found", without a method's name.
  if (code === 401 || (code === 404 && /^Not Found$/i.test(description))) {
    return { kind: 'retry', afterMs: AUTH_RETRY_MS, scope: 'account', reason: 'auth', detail: 'the token was refused' };
  }
  if (code >= 500 || status >= 500) {
    return { kind: 'retry', afterMs: null, scope: wide ? 'account' : 'chat', reason: 'server', detail: description };
  }
  if (code === 400 && message.op === 'edit' && NOT_MODIFIED.test(description))
    return { kind: 'delivered', messageRef: message.messageRef };
  if (code === 403 || CHAT_GONE.test(description)) return { kind: 'gone', reason: 'client', detail: description };
  if (THREAD_GONE.test(description)) {
    const to = withoutThread(message.address);
    return to === null || message.op === 'edit' ? rejected('client') : { kind: 'moved', to };
  }
  if (code === 409 || code === 408)
    return { kind: 'retry', afterMs: null, scope: 'chat', reason: 'server', detail: description };
  return rejected('client');
}

const withoutThread = (address: ChatAddress): ChatAddress | null =>
  address.thread === null ? null : { ...address, thread: null };

function delivered(result: unknown, message: Outgoing): SendOutcome {
  const id =
    typeof result === 'object' && result !== null ? (result as { message_id?: unknown }).message_id : undefined;
  if (typeof id === 'number') return { kind: 'delivered', messageRef: String(id) };
  if (message.op === 'edit') return { kind: 'delivered', messageRef: message.messageRef };
  return { kind: 'retry', afterMs: null, scope: 'chat', reason: 'server', detail: 'the answer names no message' };
}
