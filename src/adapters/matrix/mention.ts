import type { RoomEvent } from './sync-answer.ts';
import { json } from './sync-answer.ts';

/** Names by which this bot may be addressed. */
export interface Names {
  userId: string;
  displayName: string | null;
}

/** Addressed to us, with what follows the name; to somebody else, by a pill; or to nobody in particular. */
export type Address = { to: 'us'; rest: string } | { to: 'other' } | { to: 'nobody' };

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
export function addressOf(body: string, content: RoomEvent['content'], names: Names): Address {
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
  const id = decoded(match[1]!);
  const userId = /^matrix:/iu.test(href) ? `@${id}` : id;
  return /^@[^:\s]*:\S+$/u.test(userId) ? userId : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const textOf = (html: string): string =>
  unescaped(html.replace(/<(?:br|\/p|\/div|\/li)\b[^<>]*>/giu, ' ').replace(/<[^<>]*>/gu, ''));

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
