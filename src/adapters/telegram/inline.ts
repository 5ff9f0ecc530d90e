import type { InlineQueryResultArticle } from 'grammy/types';
import type { MessageDocument } from '../../core/model/message.ts';
import type { AdapterHandlers } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ApiClient } from './client.ts';
import type { InlineEvent } from './events.ts';
import { render } from './render.ts';
import { head, oneLine } from './text.ts';

/** Answers what is typed behind our name in other people's chats. Telegram's own cache keeps each answer for its asker for some seconds. */
export interface Inline {
  answer(event: InlineEvent): Promise<void>;
}

export interface InlineParts {
  client: ApiClient;
  clock: Clock;
  handlers: Pick<AdapterHandlers, 'asked'>;
  accountId: string;
  /** Of people whose Telegram tells no language. */
  lang: string | null;
  /** Aborts at a stop. */
  signal: AbortSignal;
}

const CACHE_SECONDS = 10;
const DEADLINE_MS = 10_000;
/** At a time: fewer than the sockets that they share with the poll and with questions about administrators. What is past it is left: the next letter asks anew. */
const AT_A_TIME = 4;
const MAX_PAUSE = 60_000;
/** Telegram's bound of a message, in UTF-16 units; and what its lists show of a result. */
const MAX_TEXT = 4096;
const MAX_TITLE = 120;
const MAX_DESCRIPTION = 240;

export function createInline({ client, clock, handlers, accountId, lang, signal }: InlineParts): Inline {
  let running = 0;
  let pausedUntil = 0;

  async function send(queryId: string, document: MessageDocument | null): Promise<void> {
    const body = JSON.stringify({
      inline_query_id: queryId,
      results: document ? [resultOf(document)] : [],
      cache_time: CACHE_SECONDS,
      // In the asker's language.
      is_personal: true,
    });
    const answer = await client.call('answerInlineQuery', body, { deadlineMs: DEADLINE_MS, signal });
    if (answer.kind !== 'answer' || (answer.body.error_code ?? answer.status) !== 429) return;
    const seconds = Number(answer.body.parameters?.retry_after ?? 1) || 1;
    pausedUntil = Math.max(pausedUntil, clock.monotonic() + Math.min(MAX_PAUSE, seconds * 1000));
  }

  return {
    async answer({ from, queryId, text }) {
      if (!handlers.asked || running >= AT_A_TIME || clock.monotonic() < pausedUntil) return;
      running++;
      try {
        const sender = { id: `telegram:${from.id}`, lang: from.lang ?? lang };
        await send(queryId, await handlers.asked({ accountId, text, sender }));
      } finally {
        running--;
      }
    },
  };
}

/** The first line is what the list shows; what is chosen is the whole. */
export function resultOf(document: MessageDocument): InlineQueryResultArticle {
  const { text, entities } = render(document, MAX_TEXT);
  const [title = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '');
  const description = head(oneLine(rest.join(' · ')), MAX_DESCRIPTION);
  return {
    type: 'article',
    id: 'status',
    title: head(oneLine(title), MAX_TITLE),
    ...(description === '' ? {} : { description }),
    input_message_content: {
      message_text: text,
      ...(entities.length > 0 ? { entities } : {}),
      link_preview_options: { is_disabled: true },
    },
  } as InlineQueryResultArticle;
}
