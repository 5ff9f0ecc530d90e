import type { MessageDocument } from '../model/message.ts';

/** What a claimed delivery says: a document, or nothing any more, and why (unsubscribed, muted, superseded). */
export type Composed = { document: MessageDocument } | { skip: string };
