import type { RoomEvent } from './sync-answer.ts';
import { isEventId, json } from './sync-answer.ts';

/** Names by which this bot may be addressed. */
export interface Names {
  userId: string;
  displayName: string | null;
}

export const MAX_COMMAND = 1_000;

/**
 * The command in an `m.room.message`, without prefix and name, or null when it is not for us: "!tocsin status ru", "@tocsin:x status
 * ru", "Tocsin: status ru", and in a direct chat anything. Notices (other bots), edits and our own messages are never commands.
 * Being addressed with nothing more gives "start". Pure.
 */
export function commandIn(event: RoomEvent, names: Names, direct: boolean): string | null {
  const { content } = event;
  if (event.type !== 'm.room.message' || event.stateKey !== null || event.sender === names.userId) return null;
  if (content.msgtype !== 'm.text' || typeof content.body !== 'string') return null;
  const relation = json(content['m.relates_to']);
  if (relation.rel_type === 'm.replace' || 'm.new_content' in content) return null;
  const body = withoutQuote(content.body.slice(0, 8 * MAX_COMMAND), 'm.in_reply_to' in relation).trim();
  const command =
    afterPrefix(body) ?? afterName(body, content, names) ?? (direct ? body.replace(/^[/!](?=\p{L})/u, '') : null);
  if (command === null) return null;
  const text = command.replace(/\s+/g, ' ').trim().slice(0, MAX_COMMAND).toWellFormed();
  return text === '' ? (direct && body === '' ? null : 'start') : text;
}

/** Root of the thread that the event is in, or null. */
export function threadOf(event: RoomEvent): string | null {
  const relation = json(event.content['m.relates_to']);
  return relation.rel_type === 'm.thread' && isEventId(relation.event_id) ? relation.event_id : null;
}

function afterPrefix(body: string): string | null {
  const match = /^!tocsin(?:[\s:,]+|$)/i.exec(body);
  return match ? body.slice(match[0].length) : null;
}

function afterName(body: string, content: RoomEvent['content'], names: Names): string | null {
  const users = json(content['m.mentions']).user_ids;
  const mentioned = Array.isArray(users) && users.includes(names.userId);
  const localpart = names.userId.slice(1, names.userId.indexOf(':'));
  const sure = [
    names.userId,
    ...(mentioned ? [pillText(content, names.userId), names.displayName, `@${localpart}`, localpart] : []),
  ];
  for (const name of sure) {
    const rest = name ? after(body, name, /^(?:[\s:,]+|$)/) : null;
    if (rest !== null) return rest;
  }
  // Without a mention the bare name must be an address ("Tocsin: …"), not the start of a sentence about the bot.
  for (const name of [names.displayName, localpart]) {
    const rest = name ? after(body, name, /^\s*[:,]\s*/) : null;
    if (rest !== null) return rest;
  }
  return null;
}

function after(body: string, name: string, separator: RegExp): string | null {
  if (body.slice(0, name.length).toLowerCase() !== name.toLowerCase()) return null;
  const rest = body.slice(name.length);
  const match = separator.exec(rest);
  return match ? rest.slice(match[0].length) : null;
}

/** What a client wrote as our name in a mention at the start of the message (people have other names in some rooms). */
function pillText(content: RoomEvent['content'], userId: string): string | null {
  const html = content.formatted_body;
  if (typeof html !== 'string') return null;
  const match = /^\s*(?:<p>)?<a href="https:\/\/matrix\.to\/#\/([^"]{1,600})"[^>]{0,200}>([^<]{1,255})<\/a>/.exec(
    html.slice(0, 1_500),
  );
  if (!match) return null;
  return match[1] === userId || match[1] === encodeURIComponent(userId) ? match[2]! : null;
}

/** Older clients put the message that is replied to in front, each line with "> ". */
function withoutQuote(body: string, isReply: boolean): string {
  if (!isReply || !body.startsWith('> ')) return body;
  const lines = body.split('\n');
  const first = lines.findIndex((line) => !line.startsWith('>'));
  return first < 0 ? '' : lines.slice(first).join('\n');
}
