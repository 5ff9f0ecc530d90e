import type { Seen } from './chat-adapter.suite.ts';

interface Message {
  eventId: string;
  content: Record<string, unknown>;
}

/** The message that holds `text` as a reader sees it: edits applied. */
export function seenIn(events: Message[], text: string): Seen | undefined {
  for (const event of events) {
    const relation = event.content['m.relates_to'] as Record<string, unknown> | undefined;
    if (relation?.rel_type === 'm.replace') continue;
    const edits = events.filter((other) => {
      const to = other.content['m.relates_to'] as Record<string, unknown> | undefined;
      return to?.rel_type === 'm.replace' && to.event_id === event.eventId;
    });
    const shown = (edits.at(-1)?.content['m.new_content'] as Record<string, unknown> | undefined) ?? event.content;
    if (!String(shown.body).includes(text)) continue;
    const replyTo = (relation?.['m.in_reply_to'] as { event_id?: string } | undefined)?.event_id ?? null;
    return { text: String(shown.body), edited: edits.length > 0, replyTo };
  }
  return undefined;
}

/** Where a file is kept: in an encrypted room its address stands beside its key. */
function isKept({ url, file }: Record<string, unknown>): boolean {
  return String(url ?? (file as { url?: unknown } | undefined)?.url).startsWith('mxc://');
}

/** Names of the files that were given in a room. */
export const filesIn = (events: Message[]): string[] =>
  events
    .filter(({ content }) => content.msgtype === 'm.file' && isKept(content))
    .map(({ content }) => String(content.filename));

/** What the pictures of a room say of themselves, as a reader sees them: edits applied. */
export function picturesIn(events: Message[]): string[] {
  const relationOf = ({ content }: Message) => content['m.relates_to'] as Record<string, unknown> | undefined;
  return events
    .filter((event) => relationOf(event)?.rel_type !== 'm.replace')
    .map((event) => {
      const edit = events.findLast(
        (other) => relationOf(other)?.rel_type === 'm.replace' && relationOf(other)?.event_id === event.eventId,
      );
      return (edit?.content['m.new_content'] as Record<string, unknown> | undefined) ?? event.content;
    })
    .filter((content) => content.msgtype === 'm.image' && isKept(content))
    .map(({ body }) => String(body));
}
