import { type DeliveryOp, partsOfKey } from '../../core/model/alert.ts';
import type { MessageDocument } from '../../core/model/message.ts';
import type { ChatAdapter } from '../../core/ports/chat-adapter.ts';

/** One message that a chat would have got. */
export interface RecordedSend {
  broadcastId: string;
  /** As the platform names it. */
  chat: string;
  op: DeliveryOp;
  document: MessageDocument;
}

export interface RecordingAdapter extends ChatAdapter {
  /** What was sent since the last call, in that order. */
  take(): RecordedSend[];
}

/** A platform that takes everything at once, and writes it down; nobody can write to it. */
export function createRecordingAdapter(accountId: string): RecordingAdapter {
  let sent: RecordedSend[] = [];
  let messages = 0;
  return {
    accountId,
    platform: 'replay',
    commandPrefix: '',
    hasButtons: false,
    pace: { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 1 },
    start: async () => undefined,
    stop: async () => undefined,
    health: () => ({ ok: true, problem: null, lastContactAt: null }),
    async send(message) {
      const { broadcastId, op } = partsOfKey(message.key);
      sent.push({ broadcastId, chat: message.address.chat, op, document: message.document });
      const messageRef = message.op === 'edit' ? message.messageRef : String(++messages);
      return { kind: 'delivered', messageRef };
    },
    take() {
      const taken = sent;
      sent = [];
      return taken;
    },
  };
}
