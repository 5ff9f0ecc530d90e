/** But for what parts the letters of a Persian word. */
const UNSEEN = /(?!(?<=\p{Script=Arabic})\u200c\p{Script=Arabic})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A stranger's words, fit for a line of ours: no control or bidi characters, no line breaks, at most `max` characters.
 * Adapters escape markup; this only keeps the shape.
 */
export function oneLine(text: string, max: number): string {
  const clean = text
    .slice(0, max * 4)
    .replace(UNSEEN, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const chars = [...clean];
  return chars.length <= max
    ? clean
    : `${chars
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Links that may be shown: http and https, nothing that hides a user name. */
export function safeLink(url: string | null): string | null {
  if (url === null || url.length > 2_000) return null;
  try {
    const parsed = new URL(url);
    return (parsed.protocol === 'https:' || parsed.protocol === 'http:') && parsed.username === '' ? parsed.href : null;
  } catch {
    return null;
  }
}
