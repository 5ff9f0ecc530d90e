/** Endings as the files of the languages list them: `u` is hung on a name, `a-u` takes the place of its last letter "a". */

/** A name with each of the endings that it can take: "Quora" → "Quory" by `a-y`, "Imgur" → "Imguru" by `u`. */
export function declensions(name: string, endings: readonly string[]): string[] {
  return endings.flatMap((ending) => {
    const cut = ending.indexOf('-');
    if (cut < 0) return [name + ending];
    const from = ending.slice(0, cut);
    return name.endsWith(from) ? [name.slice(0, name.length - from.length) + ending.slice(cut + 1)] : [];
  });
}

export const replaces = (ending: string): boolean => ending.includes('-');

/** Each word with exactly these capitals. */
export const cased = (name: string): string =>
  name
    .split(/\s+/u)
    .map((word) => `=${word}`)
    .join(' ');

/** Marks that end a name of India and go before an ending: "இரான்", "இரானில்". */
export const VIRAMA: RegExp = /[\u094d\u09cd\u0acd\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]$/u;
