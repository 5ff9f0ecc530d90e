import { createHash } from 'node:crypto';
import { decoded } from '../../core/model/connection-address.ts';
import type { Button, MessageDocument } from '../../core/model/message.ts';
import { UNREAD } from '../../core/ports/chat-adapter.ts';
import { isReadersWord } from '../../core/ports/readers.ts';
import type { Forgettable } from '../../core/ports/runtime.ts';
import { keepNewest } from '../../core/recent.ts';
import type { MatrixPort } from './port.ts';
import { isEventId, json, type RoomEvent, readMessages } from './untrusted.ts';

/** Names by which this bot may be addressed. */
export interface Names {
  userId: string;
  displayName: string | null;
}

/** Addressed to us, with what follows the name; to somebody else, by a pill; or to nobody in particular. */
type Address = { to: 'us'; rest: string } | { to: 'other' } | { to: 'nobody' };

/** After a name that is surely meant as one. Commas and colons of other scripts count. */
const AFTER_MENTION = /^(?:!*[\s:,;،、，：–—-]+|!*$)/u;
/** After "@name" typed by hand: not the start of a longer name, nor of somebody's id at another server. */
const AFTER_HANDLE = /^(?:[,،、，：;!][\s:,]*|:+(?=\s|$)\s*|\s+|$)/u;
/** After a bare name: an address ("Tocsin: …"), not the start of a sentence about the bot. */
const AFTER_NAME = /^\s*[:,،、，：]\s*/u;

const MAX_HTML = 8_000;

/**
 * Whom the start of a message addresses. Clients write a mention in several ways: Element Web and iOS as a display name with a pill in
 * the HTML, Element X for Android as a Markdown link, people by hand as "@name". `body` is without quotes. Pure.
 */
function addressOf(body: string, content: RoomEvent['content'], names: Names): Address {
  const start = body.replace(/^[\s\u200b-\u200f\u2060-\u2069\ufeff]+/u, '');
  const link = markdownLink(start);
  if (link) return link.userId === names.userId ? us(start.slice(link.length), AFTER_MENTION) : { to: 'other' };
  const pill = leadingPill(content);
  if (pill && pill.userId !== names.userId) return { to: 'other' };
  const typed = byName(start, content, names, pill?.text ?? null);
  if (typed) return typed;
  return pill && start !== '' ? us(pill.rest, AFTER_MENTION) : { to: 'nobody' };
}

function byName(body: string, content: RoomEvent['content'], names: Names, pill: string | null): Address | null {
  const users = json(content['m.mentions']).user_ids;
  const mentioned = pill !== null || (Array.isArray(users) && users.includes(names.userId));
  const localpart = names.userId.slice(1, names.userId.indexOf(':'));
  const shown = names.displayName;
  const attempts: [string | null, RegExp][] = [
    [names.userId, AFTER_MENTION],
    ...(mentioned ? [pill, pill && `@${pill}`, shown, shown && `@${shown}`, localpart] : []).map(
      (name): [string | null, RegExp] => [name, AFTER_MENTION],
    ),
    [`@${localpart}`, AFTER_HANDLE],
    [shown && `@${shown}`, AFTER_HANDLE],
    [shown, AFTER_NAME],
    [localpart, AFTER_NAME],
  ];
  for (const [name, separator] of attempts) {
    if (!name || body.slice(0, name.length).toLowerCase() !== name.toLowerCase()) continue;
    const rest = body.slice(name.length);
    if (separator.test(rest)) return us(rest, separator);
  }
  return null;
}

const us = (rest: string, separator: RegExp): Address => ({ to: 'us', rest: rest.replace(separator, '') });

/** "[Tocsin](https://matrix.to/#/@tocsin:example.org)" at the start; null when it is no link to a person. */
function markdownLink(body: string): { userId: string; length: number } | null {
  const match = /^\[[^\n]{0,300}?\]\(<?([^\s()<>]{1,700})>?\)/u.exec(body.slice(0, 1_100));
  const userId = match && userOf(match[1]!);
  return match && userId ? { userId, length: match[0].length } : null;
}

/** The mention that the HTML form begins with, and the text after it; null when it begins otherwise. */
function leadingPill(content: RoomEvent['content']): { userId: string; text: string; rest: string } | null {
  const html = content.formatted_body;
  if (content.format !== undefined && content.format !== 'org.matrix.custom.html') return null;
  if (typeof html !== 'string') return null;
  const shown = withoutReply(html.slice(0, MAX_HTML));
  const match = /^(?:\s|&nbsp;|<(?:p|span|div)(?:\s[^<>]{0,200})?>)*@?<a\s([^<>]{1,1000})>([^<>]{0,255})<\/a>/iu.exec(
    shown,
  );
  const href = match && /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)')/iu.exec(match[1]!);
  const userId = href && userOf(unescaped(href[1] ?? href[2] ?? ''));
  if (!match || !userId) return null;
  return { userId, text: unescaped(match[2]!), rest: textOf(shown.slice(match[0].length)) };
}

/** What older clients put in front: the message that is replied to. */
function withoutReply(html: string): string {
  if (!/^\s*<mx-reply>/iu.test(html)) return html;
  const end = html.toLowerCase().lastIndexOf('</mx-reply>');
  return end < 0 ? '' : html.slice(end + '</mx-reply>'.length);
}

/** The person that a link names: `https://matrix.to/#/@ann:example.org?via=…` or `matrix:u/ann:example.org`. */
function userOf(href: string): string | null {
  const match = /^(?:https?:\/\/matrix\.to\/#\/|matrix:u(?:ser)?\/)([^?/]{1,600})/iu.exec(href);
  if (!match) return null;
  const id = decoded(match[1]!) ?? match[1]!;
  const userId = /^matrix:/iu.test(href) ? `@${id}` : id;
  return /^@[^:\s]*:\S+$/u.test(userId) ? userId : null;
}

const textOf = (html: string): string =>
  unescaped(html.replace(/<(?:br|\/p|\/div|\/li)\b[^<>]*>/giu, ' ').replace(/<[^<>]*>/gu, ''));

/** The few that clients write; a package for all of them would cost the running bot 7 MB. */
const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  nbsp: ' ',
};

const unescaped = (text: string): string =>
  text.replace(/&(#?\w{1,8});/gu, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole);

const MAX_COMMAND = 1_000;

/**
 * The command in an `m.room.message`, without prefix and name, or null when it is not for us: "!tocsin status ru", a mention in any form
 * that clients write, and in a direct chat anything. Notices (other bots), edits and our own messages are never commands.
 * Being addressed with nothing more gives "start". Pure.
 */
export function commandIn(event: RoomEvent, names: Names, direct: boolean): string | null {
  const { content } = event;
  if (event.type === 'm.sticker' && direct && event.sender !== names.userId) return UNREAD;
  if (event.type !== 'm.room.message' || event.stateKey !== null || event.sender === names.userId) return null;
  if (typeof content.body !== 'string') return null;
  const isFile = ['m.image', 'm.file', 'm.audio', 'm.video'].includes(String(content.msgtype));
  if (content.msgtype !== 'm.text' && !isFile) return null;
  // What is below a file is its body where its name stands apart; else the name is, which nobody wrote to us.
  if (isFile && (typeof content.filename !== 'string' || content.filename === content.body))
    return direct ? UNREAD : null;
  const relation = json(content['m.relates_to']);
  if (relation.rel_type === 'm.replace' || 'm.new_content' in content) return null;
  const body = withoutQuote(content.body.slice(0, 8 * MAX_COMMAND)).trim();
  const command = afterPrefix(body) ?? addressed(body, content, names, direct);
  if (command === null) return null;
  const text = command.replace(/\s+/g, ' ').trim().slice(0, MAX_COMMAND).toWellFormed();
  return text === '' ? (direct && body === '' ? null : 'start') : text;
}

/** Behind "!tocsin", "/" or "!": a command, whatever it says. Pure. */
export const isSigned = ({ content }: RoomEvent): boolean =>
  typeof content.body === 'string' &&
  /^\s*(?:!tocsin(?=[\s:,]|$)|[/!]\p{L})/iu.test(withoutQuote(content.body.slice(0, 8 * MAX_COMMAND)));

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

/** Null: it does not begin with our prefix. */
const afterPrefix = (body: string): string | null => /^!tocsin(?:[\s:,]+|$)([\s\S]*)/i.exec(body)?.[1] ?? null;

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

export const MAX_OFFERS = 6;
/** In the content of our own messages: their commands, in the order of the keys. So nothing has to be kept about them. */
export const OFFERS = 'dev.tocsin.offers';

/**
 * What a reaction to one of our messages may ask for: the commands of its buttons, numbered by keycaps ("1️⃣", as clients show and send it). At most six,
 * from the top. Links are no offers, nor is a command that would be too long to be taken back. Pure.
 */
export const offersOf = ({ buttons }: Pick<MessageDocument, 'buttons'>) =>
  buttons
    .flat()
    .flatMap(({ label, press }: Button) =>
      'command' in press && press.command.length <= MAX_COMMAND ? [{ label, command: press.command }] : [],
    )
    .slice(0, MAX_OFFERS)
    .map((one, index) => ({ key: `${index + 1}\ufe0f\u20e3`, ...one }));

/** Which offer a reaction's key stands for, from 0; null = it is some other reaction. Clients write keycaps with or without the sign that asks for colours. */
export function offerAt(key: unknown): number | null {
  if (typeof key !== 'string' || key.length > 8) return null;
  const digit = /^([1-9])\ufe0f?\u20e3?\ufe0f?$/u.exec(key)?.[1];
  return digit === undefined || Number(digit) > MAX_OFFERS ? null : Number(digit) - 1;
}

/** The commands that a message of ours offers, from its content; what is not ours by its shape is none. Pure. */
export function commandsIn(content: Record<string, unknown>): string[] {
  const offers = content[OFFERS];
  if (!Array.isArray(offers)) return [];
  return offers
    .slice(0, MAX_OFFERS)
    .filter((one): one is string => typeof one === 'string' && one.length <= MAX_COMMAND && one !== '');
}

/** What somebody's reaction to a message of ours asks for, as if they had typed it. */
export interface Reacted {
  command: string;
  /** The message that they reacted to. */
  messageRef: string;
  thread: string | null;
}

export type Reactions = ReturnType<typeof createReactions>;

/** A person's reaction counts once, for so long, ms: taking it back and giving it again is no second wish. */
const ONCE_MS = 30 * 86_400_000;
/** Messages without offers that are remembered: a crowd that numbers its own polls must not make us ask each time. */
const MAX_KNOWN = 500;
const NOTHING = { commands: [] as string[], thread: null as string | null };

interface ReactionParts {
  port: Pick<MatrixPort, 'event'>;
  names: Names;
  cache: Forgettable;
  signal: AbortSignal;
}

export function createReactions({ port, names, cache, signal }: ReactionParts) {
  const known = new Map<string, typeof NOTHING>();

  async function offersOn(roomId: string, eventId: string): Promise<typeof NOTHING> {
    const before = known.get(eventId);
    if (before) return before;
    const answer = await port.event(roomId, eventId, { signal, timeoutMs: 10_000 });
    const [event] = readMessages(answer ? [answer] : []);
    const found =
      event && event.sender === names.userId
        ? { commands: commandsIn(newest(event, json(answer).unsigned)), thread: threadOf(event) }
        : NOTHING;
    // Our own may be edited.
    if (found.commands.length === 0) keepNewest(known, eventId, found, MAX_KNOWN);
    return found;
  }

  /** After an edit the message says other things, and its numbers mean those. */
  function newest(event: RoomEvent, unsigned: unknown): RoomEvent['content'] {
    const edit = json(json(json(json(unsigned)['m.relations'])['m.replace']).content);
    const content = json(edit['m.new_content']);
    return Object.keys(content).length > 0 ? content : event.content;
  }

  /** By a digest: nobody's name is written down for having tapped. */
  async function isFirst(parts: readonly string[], reaction: string): Promise<boolean> {
    const key = `reacted/${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
    const before = await cache.get(key);
    // The same one, read again after a kill: whether it was carried out is told by the list of handled events.
    if (before !== undefined) return before === reaction;
    await cache.set(key, reaction, ONCE_MS);
    return true;
  }

  return {
    /** May it be one of those that ask for something? Costs nothing: most reactions are none. */
    isLikely: (event: RoomEvent) => targetOf(event) !== null && event.sender !== names.userId,
    /** Looks the message up. Null: not ours, no such offer, or this person asked for the same there before. Throws when the server cannot be asked. */
    async read(roomId: string, event: RoomEvent): Promise<Reacted | null> {
      const target = targetOf(event);
      if (!target || event.sender === names.userId) return null;
      const { commands, thread } = await offersOn(roomId, target.eventId);
      const command = commands[target.index];
      if (command === undefined) return null;
      // Who says what works for them is written down nowhere; such a word counts once by itself.
      if (isReadersWord(command)) return { command, messageRef: target.eventId, thread };
      if (!(await isFirst([roomId, target.eventId, event.sender, String(target.index)], event.eventId))) return null;
      return { command, messageRef: target.eventId, thread };
    },
  };
}

/** The message that a reaction is to, and which of its offers it names; null = it is none of those. Pure. */
export function targetOf(event: RoomEvent): { eventId: string; index: number } | null {
  if (event.type !== 'm.reaction' || event.stateKey !== null) return null;
  const { rel_type: type, event_id: eventId, key } = json(event.content['m.relates_to']);
  const index = offerAt(key);
  return type === 'm.annotation' && isEventId(eventId) && index !== null ? { eventId, index } : null;
}
