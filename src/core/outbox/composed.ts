import type { MessageDocument } from '../model/message.ts';

/**
 * What a claimed delivery says: a document; or nothing any more, and why (unsubscribed, muted, superseded); or nothing yet: it leaves the
 * queue for the summary of the chat's quiet hours (`hold`), or stays there until then (`wait`).
 */
export type Composed =
  | { document: MessageDocument }
  | { skip: string }
  | { later: 'hold' | 'wait'; until: number; why: string };
