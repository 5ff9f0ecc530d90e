/** A text about a time as words, and the words of lists in it. Pure; bounded. */
import { keyOf } from './target-names.ts';
import { PARTS, TOMORROW, UNTIL_PREFIXES, weekdays } from './time-words.ts';

/** A word of a text, or one sign of Chinese; where it stands. */
export interface Token {
  key: string;
  han: boolean;
  from: number;
  to: number;
}

/** Texts with a time in them are short. */
const MAX_TEXT = 400;
const MAX_TOKENS = 60;
const MAX_SIGNS = 4;
const MAX_WORDS = 3;
const PIECE = /\d+(?:[.,:：]\d+)*|\p{Nd}+|\p{Script=Han}|[\p{L}\p{M}\u200c]+|[^\s.,!?؟。，！'’-]|(?<!\p{L})-/gu;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.slice(0, MAX_TEXT).matchAll(PIECE)) {
    if (tokens.length >= MAX_TOKENS) break;
    const [raw] = match;
    const key = /^\d/u.test(raw) ? raw.replace('：', ':') : keyOf(raw) || raw;
    const [head, rest] = joined(key);
    if (head !== '') tokens.push({ key: head, han: false, from: match.index, to: match.index + 1 });
    if (head !== '') {
      tokens.push({ key: rest, han: false, from: match.index, to: match.index + raw.length });
      continue;
    }
    tokens.push({ key, han: /\p{Script=Han}/u.test(raw), from: match.index, to: match.index + raw.length });
  }
  return tokens;
}

/** "للصبح": until and the morning in one word. */
function joined(key: string): readonly [head: string, rest: string] {
  for (const [prefix, until, article] of UNTIL_PREFIXES) {
    const rest = article + key.slice(prefix.length);
    if (key.startsWith(prefix) && (PARTS.has(rest) || TOMORROW.has(rest) || weekdays().has(rest))) return [until, rest];
  }
  return ['', key];
}

export type Longest<T> = { value: T; length: number } | null;

/** The longest word or phrase of a list that begins at a token; null = none. */
export function longestOf<T>(
  tokens: readonly Token[],
  at: number,
  meaning: (key: string) => T | undefined,
): Longest<T> {
  const most = tokens[at]?.han ? MAX_SIGNS : MAX_WORDS;
  for (let length = Math.min(most, tokens.length - at); length > 0; length--) {
    const part = tokens.slice(at, at + length);
    const key = part.map((token) => token.key).join(part.every((token) => token.han) ? '' : ' ');
    const value = meaning(key);
    if (value !== undefined) return { value, length };
  }
  return null;
}
export const inSet =
  (set: ReadonlySet<string>) =>
  (key: string): true | undefined =>
    set.has(key) || undefined;

/** Words of letters end where they end: "3d9k" is no three days. */
export function isEdge(text: string, at: number, towards: 1 | -1): boolean {
  const beside = text.slice(...(towards === 1 ? [at, at + 1] : [at - 1, at])) || ' ';
  const own = text.slice(...(towards === 1 ? [at - 1, at] : [at, at + 1]));
  return !/[\p{L}\p{N}_-]/u.test(beside) || /\p{Script=Han}/u.test(beside) || /\p{Script=Han}/u.test(own);
}
