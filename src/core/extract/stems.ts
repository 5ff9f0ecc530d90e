/**
 * Stems by the hash of their letters. A word is read once, letter by letter, no part of it is copied, and mostly it is given up after two or three
 * letters, since no stem begins so.
 */
export interface Stem {
  readonly stem: string;
  /** Letters that may follow it. */
  readonly extra: number;
}

/** With so many stems, what they begin with is kept as bits; fewer are looked for letter by letter. */
const MANY = 12;
/** 2^16 bits: some thousand stems fill a tenth of them. */
const FILTER_WORDS = 1 << 11;
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const NONE: readonly never[] = [];

const spread = (h: number): number => (h ^ (h >>> 15)) & (32 * FILTER_WORDS - 1);

export class Stems<S extends Stem> {
  /** By 30 bits of the hash: a whole number of any engine. */
  private readonly byHash = new Map<number, S[]>();
  private shortest = 99;
  private longest = 0;
  private count = 0;
  private filter: Uint32Array | null = null;

  /** The one with just these letters and this reach, if it was added. */
  get(stem: string, extra: number): S | undefined {
    return this.byHash.get(keyOf(stem))?.find((one) => one.extra === extra && one.stem === stem);
  }

  add(one: S): void {
    const key = keyOf(one.stem);
    const known = this.byHash.get(key);
    if (known === undefined) this.byHash.set(key, [one]);
    else known.push(one);
    this.shortest = Math.min(this.shortest, one.stem.length);
    this.longest = Math.max(this.longest, one.stem.length);
    this.count++;
    if (this.count === MANY) {
      this.filter = new Uint32Array(FILTER_WORDS);
      for (const list of this.byHash.values()) for (const { stem } of list) this.begin(stem);
    } else if (this.filter !== null) this.begin(one.stem);
  }

  /** All that a word begins with and that reach to its end, the shortest first. */
  of(w: string): readonly S[] {
    if (w.length < this.shortest) return NONE;
    const { filter, shortest, byHash } = this;
    const longest = Math.min(this.longest, w.length);
    let found: S[] | null = null;
    let h = BASIS;
    for (let n = 1; n <= longest; n++) {
      h = Math.imul(h ^ w.charCodeAt(n - 1), PRIME);
      if (filter !== null) {
        const bit = spread(h);
        if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) break;
      }
      if (n < shortest) continue;
      const list = byHash.get(h & 0x3fffffff);
      if (list === undefined) continue;
      for (const one of list)
        if (one.stem.length === n && w.length - n <= one.extra && w.startsWith(one.stem)) {
          if (found === null) found = [one];
          else found.push(one);
        }
    }
    return found ?? NONE;
  }

  /** Marks all beginnings of a stem. */
  private begin(stem: string): void {
    const filter = this.filter!;
    let h = BASIS;
    for (let i = 0; i < stem.length; i++) {
      h = Math.imul(h ^ stem.charCodeAt(i), PRIME);
      const bit = spread(h);
      filter[bit >>> 5]! |= 1 << (bit & 31);
    }
  }
}

function keyOf(stem: string): number {
  let h = BASIS;
  for (let i = 0; i < stem.length; i++) h = Math.imul(h ^ stem.charCodeAt(i), PRIME);
  return h & 0x3fffffff;
}
