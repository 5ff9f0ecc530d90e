import type { ChatAddress } from '../../core/model/chat.ts';
import type { Outgoing, SendOutcome, SendReason } from '../../core/ports/chat-adapter.ts';
import type { Answer, ApiBody } from './client.ts';

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
  if (answer.kind === 'failure') return unanswered(answer, wide);
  if (answer.body.ok) return delivered(answer.body.result, message);
  const refusal = refusalOf(answer);
  return migrated(answer.body, message) ?? ofAccount(refusal, wide) ?? ofChat(refusal, message) ?? rejected(refusal);
}

interface Refusal {
  code: number;
  status: number;
  description: string;
  /** What Telegram asks us to wait, s; not to be relied on. */
  retryAfter: unknown;
}

function refusalOf({ status, body }: Answer & { kind: 'answer' }): Refusal {
  const code = body.error_code ?? status;
  const description = typeof body.description === 'string' ? body.description.slice(0, 300) : `error ${code}`;
  return { code, status, description, retryAfter: body.parameters?.retry_after };
}

const rejected = ({ description }: Refusal): SendOutcome => ({
  kind: 'rejected',
  reason: 'client',
  detail: description,
});

const retry = (
  scope: 'account' | 'chat',
  reason: SendReason,
  detail: string,
  afterMs: number | null = null,
): SendOutcome => ({ kind: 'retry', afterMs, scope, reason, detail });

function unanswered({ reason, reached, detail }: Answer & { kind: 'failure' }, wide: boolean): SendOutcome {
  const account = reason !== 'canceled' && (wide || !reached);
  return retry(account ? 'account' : 'chat', reason, detail);
}

/** A group that became a supergroup. */
function migrated({ parameters }: ApiBody, { address }: Outgoing): SendOutcome | null {
  const to = parameters?.migrate_to_chat_id;
  return typeof to === 'number' ? { kind: 'moved', to: { ...address, chat: String(to), thread: null } } : null;
}

/** Refusals that are about us or the server, and say nothing about the chat. */
function ofAccount({ code, status, description, retryAfter }: Refusal, wide: boolean): SendOutcome | null {
  if (code === 429) {
    const known = typeof retryAfter === 'number' && retryAfter > 0;
    const afterMs = known ? Math.min(MAX_WAIT_MS, Math.ceil(retryAfter * 1000)) : 1000;
    return retry('account', 'rate_limited', description, afterMs);
  }
  // A malformed token is answered 404 "Not Found", without a method's name.
  if (code === 401 || (code === 404 && /^Not Found$/i.test(description)))
    return retry('account', 'auth', 'the token was refused', AUTH_RETRY_MS);
  if (code >= 500 || status >= 500) return retry(wide ? 'account' : 'chat', 'server', description);
  return null;
}

/** Refusals that are about this chat or this message; null = the message is wrong in some other way. */
function ofChat(refusal: Refusal, message: Outgoing): SendOutcome | null {
  const { code, description } = refusal;
  if (code === 400 && message.op === 'edit' && NOT_MODIFIED.test(description))
    return { kind: 'delivered', messageRef: message.messageRef };
  if (code === 403 || CHAT_GONE.test(description)) return { kind: 'gone', reason: 'client', detail: description };
  if (THREAD_GONE.test(description)) {
    const to = withoutThread(message.address);
    return to === null || message.op === 'edit' ? rejected(refusal) : { kind: 'moved', to };
  }
  return code === 409 || code === 408 ? retry('chat', 'server', description) : null;
}

const withoutThread = (address: ChatAddress): ChatAddress | null =>
  address.thread === null ? null : { ...address, thread: null };

function delivered(result: unknown, message: Outgoing): SendOutcome {
  const id =
    typeof result === 'object' && result !== null ? (result as { message_id?: unknown }).message_id : undefined;
  if (typeof id === 'number') return { kind: 'delivered', messageRef: String(id) };
  if (message.op === 'edit') return { kind: 'delivered', messageRef: message.messageRef };
  return retry('chat', 'server', 'the answer names no message');
}
