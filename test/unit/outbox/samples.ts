/** What the parts of the outbox are handed in their tests. */
import { type Chat, DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Claim } from '../../../src/core/ports/outbox.ts';
import type { Ids } from '../../../src/core/ports/runtime.ts';

export const DAY = 86_400_000;

/** Chance that always falls the same way; ids that count. */
export function fixedIds(random = 0): Ids {
  let n = 0;
  return { next: () => `id-${++n}`, tail: () => '3f9k', random: () => random };
}

export const says = (text: string): MessageDocument => ({
  blocks: [{ type: 'note', inline: [text] }],
  buttons: [],
  lang: 'en',
  tone: 'alert',
});
export const textOf = ({ blocks }: MessageDocument): string => String((blocks[0] as { inline: string[] }).inline[0]);

export const chat = (over: Partial<Chat> = {}): Chat => ({
  id: 1,
  accountId: 'tg',
  chat: '100',
  thread: null,
  platform: 'telegram',
  kind: 'private',
  lang: 'en',
  timeZone: 'UTC',
  settings: DEFAULT_SETTINGS,
  level: 'corroborated',
  state: 'active',
  createdAt: 0,
  ...over,
});

export const claim = (over: Partial<Claim> = {}): Claim => ({
  id: 1,
  broadcastId: 'b1',
  alertId: 'a1',
  chatId: 1,
  accountId: 'tg',
  op: 'send',
  priority: 'alert',
  state: 'queued',
  attempts: 0,
  nextAt: 0,
  createdAt: 0,
  payload: null,
  via: null,
  chat: chat(),
  messageRef: null,
  waitsForEarlier: false,
  kind: 'new',
  inSummary: false,
  heldBefore: false,
  ...over,
});
