import type { Outgoing, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Pictures } from '../../core/ports/pictures.ts';
import { sayIn } from '../../i18n/packs.ts';
import { contentOf, transactionId } from './content.ts';
import { deliverSealed } from './deliver-sealed.ts';
import { uploadFile } from './file.ts';
import type { Images } from './image.ts';
import { verdictOf } from './outcome.ts';
import type { Session } from './session.ts';
import { isEventId, isRoomId } from './sync-answer.ts';

export const COMMAND_PREFIX = '!tocsin ';
const SEND_TIMEOUT_MS = 30_000;

export interface Delivering {
  open(): Promise<Session>;
  images: Images;
  pictures?: Pictures | undefined;
  /** Are encrypted rooms served by this account, but not from here? */
  keysElsewhere?(): Promise<boolean>;
}

async function attempt(
  message: Outgoing,
  signal: AbortSignal,
  { open, images, pictures, keysElsewhere }: Delivering,
): Promise<SendOutcome> {
  const room = message.address.chat;
  if (!isRoomId(room)) return { kind: 'gone', reason: 'client', detail: 'not the id of a Matrix room' };
  if (message.op === 'edit' && !isEventId(message.messageRef))
    return { kind: 'rejected', reason: 'client', detail: 'not the id of a Matrix event' };
  const { port, guard, cipher, spoke } = await open();
  const limits = { signal, timeoutMs: SEND_TIMEOUT_MS };
  let eventId: string;
  if (await guard.isEncrypted(room, limits)) {
    if (!cipher) return withoutKeys((await keysElsewhere?.()) === true);
    const encryption = await cipher.open(limits);
    const sent = await deliverSealed(message, { encryption, pictures, prefix: COMMAND_PREFIX, limits });
    if ('kind' in sent) return sent;
    eventId = sent.eventId;
  } else {
    const { picture, file } = message.document;
    const uploaded = picture ? await images.upload(picture, port, signal) : null;
    if (uploaded && 'outcome' in uploaded) return uploaded.outcome;
    const kept = file && message.op === 'send' ? await uploadFile(file, port, signal) : null;
    if (kept && 'outcome' in kept) return kept.outcome;
    const txnId = await transactionId(message.key);
    // It may have become encrypted while a file went up.
    const late = uploaded || kept ? await guard.isEncrypted(room, limits) : guard.wasSeen(room);
    if (late) return TURNED;
    const content = contentOf(message, COMMAND_PREFIX, kept ?? uploaded);
    eventId = await port.sendEvent(room, 'm.room.message', txnId, content, limits);
  }
  spoke(room);
  // An edit is always of the first version.
  return { kind: 'delivered', messageRef: message.op === 'edit' ? message.messageRef : eventId };
}

/** Whoever sends in passing has no keys of the account that serves encrypted rooms; that is no word about the room. */
const withoutKeys = (keysElsewhere: boolean): SendOutcome =>
  keysElsewhere
    ? { kind: 'rejected', reason: 'client', detail: 'an encrypted room: only the bot that runs with e2ee has its keys' }
    : { kind: 'gone', reason: 'client', detail: `encrypted room: ${sayIn('en', 'english.leave.encrypted')}` };

const TURNED: SendOutcome = {
  kind: 'retry',
  afterMs: 0,
  scope: 'chat',
  reason: 'client',
  detail: 'the room has become encrypted just now',
};

/** One attempt to send, and what came of it. Never throws. */
export async function deliver(message: Outgoing, signal: AbortSignal, delivering: Delivering): Promise<SendOutcome> {
  let error: unknown;
  try {
    return await attempt(message, signal, delivering);
  } catch (thrown) {
    error = thrown;
  }
  const verdict = verdictOf(error, signal);
  if (verdict.kind !== 'refused') return verdict;
  try {
    const { refusal } = await delivering.open();
    return await refusal(message.address.chat, (error as Error).message, signal);
  } catch (again) {
    const second = verdictOf(again, signal);
    if (second.kind === 'retry') return second;
    return {
      kind: 'retry',
      afterMs: null,
      scope: 'chat',
      reason: 'server',
      detail: 'the room refuses, and it is not known why',
    };
  }
}
