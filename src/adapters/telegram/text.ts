/** What may not stand in a text: control characters but line feed, bidi overrides and isolates, byte order marks. */
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Strangers' texts must not ring people: Telegram makes a mention of every `@name`, unless a word joiner stands in between. The name may be in the next piece. */
const MENTION = /(?<![\w.+-])@(?=[a-z]|$)/gi;
/** Telegram's own schemes are links wherever they stand; nothing of ours is one. */
const OWN_SCHEME = /\b(tg|ton|tonsite):(?=\/\/)/gi;
/** No text is read further: three times what a message can hold. */
const MAX_READ = 12_288;

/** Plain text for a message, line breaks kept. */
export const clean = (text: string): string =>
  bounded(text)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(UNSAFE, '')
    .toWellFormed();

/** As `clean`, and mentions and links into Telegram itself made harmless. For everything but code, where Telegram looks for neither. */
export const quiet = (text: string): string => clean(text).replace(MENTION, '@\u2060').replace(OWN_SCHEME, '$1:\u2060');

export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

const bounded = (text: string): string => (text.length > MAX_READ ? text.slice(0, MAX_READ) : text);

/** The first `max` UTF-16 units of a text, or one less where a surrogate pair would be split. */
export function head(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

/** An http or https address in the form that Telegram takes, or null: it refuses the whole message for one bad link. */
export function httpLink(link: string): string | null {
  if (link.length > 2048 || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.port === '0' || !(url.hostname.includes('.') || url.hostname.startsWith('['))) return null;
  return url.href;
}
