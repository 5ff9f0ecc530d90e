import type { MessageDocument } from '../model/message.ts';
import type { Claim } from '../ports/outbox.ts';

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

/** Messages remembered at least; twice as many at most. */
const SHOWN_KEPT = 2_500;

/** What a chat's message of an alert shows now: two changes of one moment need one edit. Forgotten, an edit is made once more. */
export interface Shown {
  note(claim: Claim, document: MessageDocument): void;
  /** Would this edit change nothing? */
  already(claim: Claim, document: MessageDocument): boolean;
}

/** What remembers nothing: every edit is made. */
export const nothingShown: Shown = { note: () => undefined, already: () => false };

export function createShown(): Shown {
  // Two generations: dropping the older one whole costs nothing, dropping one entry for each send does.
  let young = new Map<string, string>();
  let old = young;
  const keyOf = (claim: Claim): string => `${claim.chatId} ${claim.alertId}`;
  return {
    note(claim, document) {
      if (claim.op === 'reply') return;
      if (young.size >= SHOWN_KEPT) {
        old = young;
        young = new Map();
      }
      young.set(keyOf(claim), payloadOf(document));
    },
    already(claim, document) {
      if (claim.op !== 'edit' || claim.messageRef === null) return false;
      const key = keyOf(claim);
      return (young.get(key) ?? old.get(key)) === payloadOf(document);
    },
  };
}
