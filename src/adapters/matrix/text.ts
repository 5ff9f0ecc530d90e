/** Text that strangers wrote, made safe to show. */
import { isRightToLeft } from '../../i18n/direction.ts';

// C0 and C1 controls but tab and newline; embeddings, overrides and isolates that would reorder the rest of the line.
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const ROOM_PING = /@(room)\b/gi;

/** Well-formed, without controls or direction overrides; "@room" is split by a zero-width space, so that no client pings everybody. */
export const tame = (text: string): string => text.toWellFormed().replace(UNWANTED, '').replace(ROOM_PING, '@\u200b$1');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For HTML text and attribute values alike. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** At most `length` UTF-16 units, never half a character, with "…" where something is missing. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, length - 1);
  const half = end > 0 && /[\ud800-\udbff]/.test(text[end - 1]!);
  return `${text.slice(0, half ? end - 1 : end)}…`;
}

const RIGHT_TO_LEFT_MARK = '\u200f';

/** Clients take the direction of a paragraph from its first strong character, and many a line starts with a Latin name. */
export const directionMark = (lang: string): string => (isRightToLeft(lang) ? RIGHT_TO_LEFT_MARK : '');

/** The link when it is one that Matrix clients may follow, else null. "@room" in it is written so that it opens the same and pings nobody. */
export function safeHref(link: string): string | null {
  if (link.length > 2_000) return null;
  const url = URL.parse(link);
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
  // Clients show a link to a person or a room as a pill with that one's name, whatever text it has.
  return url.hostname === 'matrix.to' ? null : url.href.replace(ROOM_PING, '%40$1');
}

/** An id that its owner has chosen, to be shown within a sentence: it cannot end it and begin another. */
export const shownId = (id: string): string =>
  clip(id.toWellFormed(), 100).replace(/[^\p{L}\p{N}\p{S}_.~:@/+=…-]/gu, '?');

/** Enough of a room's id to find it in logs. */
export const shortRoom = (roomId: string): string => `${roomId.slice(0, 7)}…`;
