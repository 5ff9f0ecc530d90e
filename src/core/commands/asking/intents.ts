import DATA from '../../../../config/intents.json' with { type: 'json' };
import type { Ranked } from '../../ports/encoder.ts';
import type { PhraseKey } from '../../ports/translate.ts';
import { onceForEach } from '../../recent.ts';
import { keyOf, type Vocabulary } from './vocabulary.ts';

/**
 * What people want whose sentence is no order. Which of them one wants is told by its letters and by the encoder (`Ranked`); a few short ones are listed
 * (`said.NAME` of `words.json`): they are all that is said.
 */

/**
 * How an intent is answered beside its text, and when it is meant (`config/intents.json`). `followed`: what the chat follows is named. `help`: where
 * independent people help. `example`, `first`: what can be asked, and what one begins with. `thing`: about one thing, which may be unknown. `weak`: it says
 * little by itself: where something is named, that is meant. `us`: a sentence that names a service asks about that, and not about us. `aside`: looked
 * for by itself. `named`: how it stands is told only of what is named. `tells`: its words are true whatever else was meant, and short enough
 * to be said with another's; `long`: but no short ones.
 */
type Trait = 'followed' | 'help' | 'example' | 'first' | 'thing' | 'weak' | 'us' | 'aside' | 'named' | 'tells' | 'long';
export interface Intent extends Partial<Record<Trait, true>> {
  /** How it stands with what is meant is told as well; these services with it where none is named. */
  shows?: readonly string[];
  /** Whatever is named, these are asked about. */
  also?: readonly string[];
  buttons?: readonly string[];
  /** Said as well where no service is named. */
  besides?: string;
  /** What is less likely beside it is answered by it. */
  holds?: readonly string[];
}

export const INTENTS = DATA.intents as Readonly<Record<string, Intent>>;
/** What the encoder tells apart. */
export const WANTED: ReadonlySet<string> = new Set(DATA.wanted);
/** In commands stand `{about}` and `{where}`: what is meant, with its services and without; such a button falls away where nothing is. */
export const BUTTONS = DATA.buttons as unknown as Readonly<
  Record<string, readonly [label: PhraseKey, command: string]>
>;

/** The longest of what is said whole. */
const MAX_WHOLE = 6;

const saidWhole = onceForEach(({ words }: Vocabulary) => {
  const all = [...words.under('said.')].flatMap(([name, list]) => list.map((one) => [keyOf(one), name] as const));
  return new Map(all);
});

/** What is said whole, but for words that say nothing: "no thank you dear". */
export function wholeOf(text: string, known: Vocabulary): string | null {
  const words = keyOf(text.replace(/['’ʼ`´]/gu, ' ')).split(' ');
  if (words.length > MAX_WHOLE) return null;
  const { noise, polite, greetings } = known;
  const isNothing = (word: string): boolean => [noise, polite, greetings].some((list) => list.has(word));
  for (let length = words.length; length > 0; length--)
    for (let at = 0; at + length <= words.length; at++) {
      const name = saidWhole(known).get(words.slice(at, at + length).join(' '));
      if (name !== undefined && words.every((word, i) => (i >= at && i < at + length) || isNothing(word))) return name;
    }
  const isGreeting = words.every((word) => greetings.has(word) || polite.has(word));
  return isGreeting && words.some((word) => greetings.has(word)) ? 'hello' : null;
}

/** How much each of the two has to say; measured where neither had learnt (`bench/intents/`). */
const [ENCODER, LETTERS] = [0.8, 0.5];
const LEAST = 1e-5;

/** What both say together: of sentences that neither had seen as often right as it says. */
export function together(letters: Ranked, encoder: Ranked): Ranked {
  const by = new Map(letters);
  const odds = encoder.map(
    ([kind, chance]) => [kind, (chance + LEAST) ** ENCODER * ((by.get(kind) ?? 0) + LEAST) ** LETTERS] as const,
  );
  const all = odds.reduce((sum, [, one]) => sum + one, 0);
  return odds.map(([kind, one]) => [kind, one / all] as const).sort(([, a], [, b]) => b - a);
}
