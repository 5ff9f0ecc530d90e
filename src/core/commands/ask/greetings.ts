/** Greetings, thanks and small talk, and nothing else. */
import { keyOf } from '../target-names.ts';
import { NOISE_SIGNS } from './lists.ts';
import { noise } from './noise.ts';
import { GREETINGS } from './verbs.ts';

const greetings: ReadonlySet<string> = new Set(GREETINGS.split('|').map(keyOf));
const MAX_WORDS = 8;
const LONGEST = 4;

/** "Hi there", "привет, ты тут?": a greeting, and words that say nothing. */
export function isGreeting(words: readonly string[]): boolean {
  if (words.length > MAX_WORDS) return false;
  let greeted = false;
  for (let at = 0; at < words.length; ) {
    const length = greetingAt(words, at);
    if (length === 0 && !noise.has(words[at]!) && !NOISE_SIGNS.test(words[at]!)) return false;
    greeted ||= length > 0;
    at += Math.max(1, length);
  }
  return greeted;
}

function greetingAt(words: readonly string[], at: number): number {
  for (let length = Math.min(LONGEST, words.length - at); length > 0; length--)
    if (greetings.has(words.slice(at, at + length).join(' '))) return length;
  return 0;
}
