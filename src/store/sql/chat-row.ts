import type { Selectable } from 'kysely';
import type { Chat, ChatKind, ChatState } from '../../core/model/chat.ts';
import { readSettings } from './chat-settings.ts';
import { levelOf } from './codes.ts';
import type { ChatRow } from './schema.ts';

export const chatOf = (row: Omit<Selectable<ChatRow>, 'owed' | 'wake_at'>): Chat => ({
  id: row.id,
  accountId: row.account_id,
  chat: row.chat,
  thread: row.thread || null,
  platform: row.platform,
  kind: row.kind as ChatKind,
  lang: row.lang,
  timeZone: row.time_zone,
  level: levelOf(row.level),
  settings: readSettings(row.settings),
  state: row.state as ChatState,
  createdAt: row.created_at,
});
