import { addressOf, type Names } from './mention.ts';
import type { RoomEvent } from './sync-answer.ts';
import { isEventId, json } from './sync-answer.ts';

const MAX_COMMAND = 1_000;

/**
 * The command in an `m.room.message`, without prefix and name, or null when it is not for us: "!tocsin status ru", a mention in any form
 * that clients write ("mention.ts"), and in a direct chat anything. Notices (other bots), edits and our own messages are never commands.
 * Being addressed with nothing more gives "start". Pure.
 */
export function commandIn(event: RoomEvent, names: Names, direct: boolean): string | null {
  const { content } = event;
  if (event.type !== 'm.room.message' || event.stateKey !== null || event.sender === names.userId) return null;
  if (content.msgtype !== 'm.text' || typeof content.body !== 'string') return null;
  const relation = json(content['m.relates_to']);
  if (relation.rel_type === 'm.replace' || 'm.new_content' in content) return null;
  const body = withoutQuote(content.body.slice(0, 8 * MAX_COMMAND)).trim();
  const command = afterPrefix(body) ?? addressed(body, content, names, direct);
  if (command === null) return null;
  const text = command.replace(/\s+/g, ' ').trim().slice(0, MAX_COMMAND).toWellFormed();
  return text === '' ? (direct && body === '' ? null : 'start') : text;
}

/** Where somebody is, as they share it in a room of theirs and ours alone (`m.location`), degrees; null = it is no such message. Pure. */
export function placeIn({ type, stateKey, sender, content }: RoomEvent, names: Names): [number, number] | null {
  if (type !== 'm.room.message' || stateKey !== null || sender === names.userId) return null;
  if (content.msgtype !== 'm.location' || typeof content.geo_uri !== 'string') return null;
  if (json(content['m.relates_to']).rel_type === 'm.replace') return null;
  const found = /^geo:(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)(?=[,;]|$)/i.exec(
    content.geo_uri.slice(0, 200),
  );
  return found && [Number(found[1]), Number(found[2])];
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

/** In a direct chat everything is meant for us, but what begins with the name of somebody else. */
function addressed(body: string, content: RoomEvent['content'], names: Names, direct: boolean): string | null {
  const address = addressOf(body, content, names);
  if (address.to === 'us') return afterPrefix(address.rest.trim()) ?? withoutSign(address.rest);
  return direct && address.to === 'nobody' ? withoutSign(body) : null;
}

const withoutSign = (text: string): string => text.replace(/^[/!](?=\p{L})/u, '');

/** Quoted lines at the start: what somebody else said. Older clients put the message that is replied to there. */
function withoutQuote(body: string): string {
  if (!body.startsWith('>')) return body;
  const lines = body.split('\n');
  const first = lines.findIndex((line) => !line.startsWith('>'));
  return first < 0 ? '' : lines.slice(first).join('\n');
}
