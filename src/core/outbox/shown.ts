import type { MessageDocument } from '../model/message.ts';
import type { Claim } from '../ports/store.ts';

/** A document as it is kept with the first attempt: written out once for all chats that share it. */
const written = new WeakMap<MessageDocument, string>();
export function payloadOf(document: MessageDocument): string {
  let payload = written.get(document);
  if (payload === undefined) {
    payload = JSON.stringify(document);
    written.set(document, payload);
  }
  return payload;
}

/** Chats of which it is remembered what their message of an alert shows. */
const SHOWN_KEPT = 5_000;

/** What a chat's message of an alert shows now: two changes of one moment need one edit. Forgotten, an edit is made once more. */
export interface Shown {
  note(claim: Claim, document: MessageDocument): void;
  /** Would this edit change nothing? */
  already(claim: Claim, document: MessageDocument): boolean;
}

export function createShown(): Shown {
  const shown = new Map<string, string>();
  const keyOf = (claim: Claim): string => `${claim.chatId} ${claim.alertId}`;
  return {
    note(claim, document) {
      if (claim.op === 'reply') return;
      const key = keyOf(claim);
      shown.delete(key);
      if (shown.size >= SHOWN_KEPT) shown.delete(shown.keys().next().value!);
      shown.set(key, payloadOf(document));
    },
    already: (claim, document) =>
      claim.op === 'edit' && claim.messageRef !== null && shown.get(keyOf(claim)) === payloadOf(document),
  };
}
