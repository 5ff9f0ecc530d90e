/**
 * Telegram. What comes in is routed by grammY's bot behind a durable inbox (`receiver.ts` has the way). Sends go past it, straight over
 * undici (`client.ts`), one attempt each: the outbox paces and repeats, and a broadcast is rendered once.
 */
import type {
  AdapterDeps,
  AdapterHandlers,
  ChatAdapter,
  Outgoing,
  SendOutcome,
} from '../../core/ports/chat-adapter.ts';
import { createAdmins } from './admins.ts';
import { findChannel } from './channels.ts';
import { createChatNotes } from './chat-notes.ts';
import { type Answer, apiClient } from './client.ts';
import type { TelegramAccount } from './config.ts';
import { sendFile } from './file.ts';
import { createHealth } from './health.ts';
import { identityOf, metBy } from './meet.ts';
import { classify } from './outcome.ts';
import { type Payload, payloadOf, requestOf } from './payload.ts';
import { createPhotos } from './photo.ts';
import { trouble } from './poll.ts';
import { createReceiver, type Receiver } from './receiver.ts';

const SEND_DEADLINE_MS = 20_000;
const KEEP_BUTTON_MS = 30 * 86_400_000;
/** Sends under way: enough to fill 27/s over a line of half a second, few enough to be repeated after a crash. */
/** What Telegram takes of a bot for nothing, messages a second; whoever pays for more has more under way at a time. */
const FREE = 30;
const WINDOW_PACED = 16;
/** Unpaced: half of these are settled in one transaction while the sockets are busy with the others. */
const WINDOW_UNPACED = 128;
const SOCKETS = 64;

export function createAdapter(account: TelegramAccount, deps: AdapterDeps): ChatAdapter {
  const beyond = account.rate === 0 || (account.paidBroadcasts === true && account.rate > FREE);
  const window = beyond ? WINDOW_UNPACED : WINDOW_PACED;
  // Sockets of their own for the poll and for questions, so that neither waits behind a broadcast.
  const sender = apiClient(account, deps.proxy, Math.min(window, SOCKETS), deps.holds);
  const asker = apiClient(account, deps.proxy, 16, deps.holds);
  const health = createHealth(deps);
  const notes = createChatNotes(deps.clock);
  const admins = createAdmins(asker, deps.clock);
  const photos = createPhotos(sender, deps.cache, deps.pictures);
  let receiver: Receiver | null = null;

  const keep = async (payload: Payload): Promise<void> => {
    for (const [data, command] of payload.keep) {
      // A button whose command is not kept says "too old" when it is pressed; the message matters more.
      await deps.cache.set(data, command, KEEP_BUTTON_MS);
    }
  };

  return {
    accountId: account.id,
    platform: 'telegram',
    service: 'telegram',
    commandPrefix: '/',
    hasButtons: true,
    pictures: true,
    files: true,
    places: 'button',
    hasIdentity: true,
    pace: {
      perSecond: account.rate,
      perChatMs: account.rate > 0 ? 1000 : 0,
      perGroupMinute: account.rate > 0 ? 20 : 0,
      window,
    },

    async start(handlers: AdapterHandlers) {
      receiver = createReceiver({ account, deps, client: asker, admins, health, notes, handlers });
      await receiver.start();
    },

    async send(message: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
      try {
        const known = notes.known(message.address);
        if (known !== null) return known;
        const answer = await ask(flattened(message), signal);
        if (typeof answer === 'string') return { kind: 'rejected', reason: 'client', detail: answer };
        // Counted when it ended: sixteen that were under way and fail together are no trouble of sixteen chats.
        // An upload that does not get through says nothing about texts.
        const isUpload = message.document.picture !== undefined;
        const failuresBefore = isUpload ? 0 : health.failures();
        if (!isUpload || answer.kind === 'answer') health.sent(answer);
        const outcome = classify(answer, message, failuresBefore);
        notes.learn(message, outcome, answer.kind === 'answer' ? answer.body.result : null);
        return outcome;
      } catch (error) {
        return { kind: 'rejected', reason: 'client', detail: `cannot be written: ${(error as Error).message}` };
      }
    },

    async pin({ chat }, messageRef, signal) {
      if (!/^-?\d{1,16}$/.test(chat) || !/^\d{1,10}$/.test(messageRef)) return false;
      const body = `{"chat_id":${chat},"message_id":${messageRef},"disable_notification":true}`;
      const answer = await asker.call('pinChatMessage', body, { deadlineMs: SEND_DEADLINE_MS, signal });
      return answer.kind === 'answer' && answer.body.ok;
    },

    // A private chat has the number of its person; whether they have begun it shows when something is sent.
    privately: async (personId) => (/^\d{1,16}$/.test(personId) ? personId : null),
    health: () => health.now(),
    channel: (ref, senderId) => findChannel(asker, admins, ref, senderId),

    async check(signal) {
      const answer = await asker.call('getMe', '{}', { deadlineMs: SEND_DEADLINE_MS, signal });
      const known = answer.kind === 'answer' && answer.body.ok;
      const problem = known ? null : trouble(answer, 1, 0).problem;
      const met = metBy(answer, 0);
      const identity = met.type === 'me' ? { identity: identityOf(met.me) } : {};
      return { ok: known, problem, lastContactAt: answer.kind === 'answer' ? deps.clock.now() : null, ...identity };
    },

    async stop() {
      await receiver?.stop();
      await asker.close();
      // Sends may still be under way, and count; their sockets close by themselves, and hold nobody up meanwhile.
    },
  };

  /** One attempt; a text = nothing was asked of Telegram, and why. */
  async function ask(message: Outgoing, signal: AbortSignal): Promise<Answer | string> {
    const { picture, file } = message.document;
    const payload = payloadOf(message.document);
    const request = requestOf(message, payload, account.paidBroadcasts);
    if (request === null) return 'no address or message of Telegram';
    if (payload.keep.size > 0) {
      payload.kept ??= keep(payload);
      await payload.kept;
    }
    if (picture) return (await photos.show(message, picture, signal)) ?? 'no picture';
    if (file && message.op === 'send') return await sendFile(sender, message, file, signal);
    return await sender.call(request.method, request.body, { deadlineMs: SEND_DEADLINE_MS, signal });
  }

  /** Without its topic where the chat has none any more. */
  function flattened(message: Outgoing): Outgoing {
    if (message.address.thread === null || notes.isForum(message.address.chat)) return message;
    return { ...message, address: { ...message.address, thread: null } };
  }
}
