import type { ChatAddress } from '../../core/model/chat.ts';
import type { MessageDocument } from '../../core/model/message.ts';
import type { ChatAdapter, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** A platform that asks for more patience than this is not waited for, ms. */
const MAX_WAIT_MS = 60_000;
const PAUSE_MS = 2_000;
const TRIES = 3;

export type Sent = { ok: true } | { ok: false; why: string };

/**
 * Sends one message to one chat, and again where the platform says that it may be tried again: three times at most, the pauses that it asks for kept. The same
 * `key` each time, so that a platform that knows keys shows it once.
 */
export async function sendOnce(
  adapter: ChatAdapter,
  message: { address: ChatAddress; document: MessageDocument; key: string },
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Sent> {
  let { address } = message;
  for (let tries = 1; ; tries++) {
    const outcome = await adapter.send({ op: 'send', ...message, address, replyTo: null }, signal);
    if (outcome.kind === 'delivered') return { ok: true };
    if (outcome.kind === 'moved') address = outcome.to;
    const pause = outcome.kind === 'retry' ? (outcome.afterMs ?? PAUSE_MS) : 0;
    const again = outcome.kind === 'moved' || outcome.kind === 'retry';
    if (!again || tries === TRIES || pause > MAX_WAIT_MS || signal.aborted) return { ok: false, why: whyOf(outcome) };
    await clock.sleep(pause, signal).catch(() => {});
  }
}

function whyOf(outcome: SendOutcome): string {
  if (outcome.kind === 'delivered') return '';
  if (outcome.kind === 'moved') return 'the chat goes on under another number, again and again';
  const what = { gone: 'the chat cannot be reached', rejected: 'the message was refused', retry: 'not delivered' };
  return `${what[outcome.kind]}: ${outcome.detail}`;
}
