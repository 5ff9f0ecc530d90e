/** A text in pieces of words, as the encoder's vocabulary has them: letters folded one by one, blanks as U+2581, then the likeliest division (unigram). */

const BLANK = 0x2581;
const UNKNOWN = 3;
/** The first four ids stand for begin, padding, end and unknown. */
const RESERVED = 4;

interface Vocabulary {
  /** Every piece; its id is its place in this list, from 4 on. */
  pieces: readonly string[];
  /** Log-probability of each. */
  scores: Float32Array;
  /** Code point → code points, where a letter is written otherwise. */
  folded: ReadonlyMap<number, readonly number[]>;
}

/** Of a text: ids, and from which letter to before which each goes (UTF-16). */
export interface Pieces {
  ids: number[];
  from: number[];
  to: number[];
}

type Divide = (text: string, most: number) => Pieces;

export function createPieces({ pieces, scores, folded }: Vocabulary): Divide {
  const ids = new Map(pieces.map((piece, i) => [piece, i]));
  const longest = pieces.reduce((most, piece) => Math.max(most, piece.length), 1);
  const unknown = scores.reduce((least, score) => Math.min(least, score), 0) - 10;

  /** The letters as the vocabulary writes them, and where each comes from. */
  function fold(text: string): { letters: string; starts: number[]; at: number[] } {
    let letters = String.fromCharCode(BLANK);
    let last = BLANK;
    const starts = [0];
    const at = [0];
    for (let i = 0; i < text.length;) {
      const code = text.codePointAt(i)!;
      for (const one of folded.get(code) ?? [code]) {
        const to = one === 0x20 ? BLANK : one;
        if (to === BLANK && last === BLANK) continue;
        starts.push(letters.length);
        at.push(i);
        letters += String.fromCodePoint(to);
        last = to;
      }
      i += code > 0xff_ff ? 2 : 1;
    }
    starts.push(letters.length);
    return { letters, starts, at };
  }

  return (text, most) => {
    const { letters, starts, at } = fold(text);
    const count = at.length;
    const best = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY);
    const by = new Int32Array(count + 1);
    const back = new Int32Array(count + 1);
    best[0] = 0;
    for (let i = 0; i < count; i++) {
      const here = best[i]!;
      const from = starts[i]!;
      for (let end = i + 1; end <= count && starts[end]! - from <= longest; end++) {
        const id = ids.get(letters.slice(from, starts[end]));
        if (id === undefined || here + scores[id]! <= best[end]!) continue;
        best[end] = here + scores[id]!;
        by[end] = id + RESERVED;
        back[end] = i;
      }
      if (here + unknown > best[i + 1]!) {
        best[i + 1] = here + unknown;
        by[i + 1] = UNKNOWN;
        back[i + 1] = i;
      }
    }
    const out: Pieces = { ids: [], from: [], to: [] };
    for (let i = count; i > 0; i = back[i]!) {
      out.ids.push(by[i]!);
      out.from.push(at[back[i]!]!);
      out.to.push(i < count ? at[i]! : text.length);
    }
    for (const list of [out.ids, out.from, out.to]) {
      list.reverse();
      list.length = Math.min(list.length, most);
    }
    return out;
  };
}
