/** The encoder itself: weights of config/encoder/, and what it says of a text. Runs in the encoder's process alone. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Asked, Encoded, Named, Ranked } from '../core/ports/encoder.ts';
import { createPieces, type Pieces } from './pieces.ts';

const WIDTH = 384;
const WITHIN = 1_536;
const HEADS = 12;
const LAYERS = 12;
/** Of them those that learnt what sentences want. */
const UPPER = 4;
const MAX_PIECES = 512;
const MAX_SAID = 128;
const MAX_TITLE = 128;
const ACTIONS = 6;
const HIDDEN = 192;
const BEGIN = 0;
const END = 2;
/** What the source was taught to expect before a text. */
const PREFIX = 'query: ';
const PAGE = 65_536;

/** kernel.c. */
interface Kernel {
  /** `buffer` is another one after each `grow`. */
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  __heap_base: { readonly value: number };
  widen(from: number, to: number, scale: number, row: number, rows: number, width: number): void;
  sums(weights: number, out: number, rows: number, width: number): void;
  embed(ids: number, n: number, word: number, pos: number, x: number, width: number): void;
  norm(x: number, y: number, gain: number, bias: number, n: number, width: number): void;
  gelu(x: number, count: number): void;
  pack(x: number, q: number, scale: number, least: number, n: number, width: number): void;
  times(
    x: number,
    scale: number,
    least: number,
    weights: number,
    wscale: number,
    wsum: number,
    bias: number,
    y: number,
    n: number,
    rows: number,
    width: number,
  ): void;
  attend(qkv: number, out: number, p: number, n: number, heads: number): void;
}

/** One matrix, eight bits a weight; addresses. */
interface Matrix {
  weights: number;
  scale: number;
  sum: number;
  bias: number;
  rows: number;
  width: number;
}

interface Head {
  /** From here on in the file. */
  data: number;
  sections: Record<string, [offset: number, bytes: number]>;
  folded: [number, number[]][];
  /** What sentences may want, in the order of its numbers. */
  kinds?: readonly string[];
}

/** What we use of it: Node has it, and neither Node's types nor the language's declare it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

interface Model {
  (asked: Asked): Encoded;
  /** What sentences want, by upper layers of their own in another file; the lower ones and the vocabulary are the same. Throws as `createModel` does. */
  wants(file: URL, sha256: string): (text: string) => Ranked;
}

const MAGIC = 'TOCSENC1';
/** Read at a time, bytes: the file is never whole in memory beside what is made of it. */
const CHUNK = 1 << 20;
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Throws where the file is not the one that `sha256` names. */
export function createModel(file: URL, sha256: string): Model {
  return reading(file, sha256, modelIn);
}

function reading<T>(path: URL, sha256: string, use: (file: Weights) => T): T {
  const open = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const chunk = new Uint8Array(CHUNK);
    const size = fstatSync(open).size;
    for (let at = 0; at < size;) {
      const read = readSync(open, chunk, 0, CHUNK, at);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      at += read;
    }
    if (hash.digest('hex') !== sha256) throw new Error('it is not the file that came with this version');
    return use(weightsIn(open));
  } finally {
    closeSync(open);
  }
}

type Weights = ReturnType<typeof weightsIn>;

/** The sections of an open file. */
function weightsIn(file: number) {
  const bytesAt = (at: number, count: number): Uint8Array<ArrayBuffer> => {
    const out = new Uint8Array(count);
    readSync(file, out, 0, count, at);
    return out;
  };
  const start = bytesAt(0, MAGIC.length + 4);
  if (decode(start.subarray(0, MAGIC.length)) !== MAGIC) throw new Error('it is no file of weights');
  const headBytes = new DataView(start.buffer).getUint32(MAGIC.length, true);
  const head = JSON.parse(decode(bytesAt(start.length, headBytes))) as Head;
  const placeOf = (name: string): { at: number; size: number } => {
    const own = head.sections[name];
    if (own === undefined) throw new Error(`it has no ${name}`);
    return { at: head.data + own[0], size: own[1] };
  };
  const section = (name: string): Uint8Array<ArrayBuffer> => {
    const { at, size } = placeOf(name);
    return bytesAt(at, size);
  };
  return {
    head,
    has: (name: string): boolean => name in head.sections,
    sizeOf: (name: string): number => placeOf(name).size,
    section,
    /** Straight into the kernel's memory. */
    copy(name: string, { memory }: Kernel, to: number): void {
      const { at, size } = placeOf(name);
      readSync(file, new Uint8Array(memory.buffer, to, size), 0, size, at);
    },
    numbers: (name: string): Float32Array => new Float32Array(section(name).buffer),
    /** Halves as they are stored. */
    halves: (name: string): Float32Array => Float32Array.from(new Float16Array(section(name).buffer)),
  };
}

function modelIn(file: Weights): Model {
  const wasm = new WebAssembly.Module(readFileSync(new URL('kernel.wasm', import.meta.url)));
  const kernel = new WebAssembly.Instance(wasm).exports as unknown as Kernel;
  const { memory } = kernel;
  const { numbers, halves } = file;

  let top = kernel.__heap_base.value;
  /** Room in the kernel's memory, for good. */
  const room = (size: number): number => {
    const at = Math.ceil(top / 16) * 16;
    top = at + size;
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return at;
  };
  const put = (name: string, from = file): number => {
    const at = room(from.sizeOf(name));
    from.copy(name, kernel, at);
    return at;
  };
  const floats = (at: number, count: number): Float32Array => new Float32Array(memory.buffer, at, count);
  const putNumbers = (values: Float32Array): number => {
    const at = room(values.byteLength);
    floats(at, values.length).set(values);
    return at;
  };

  const row = room(WITHIN * 4);
  function matrix(own: Weights, name: string, rows: number, width: number): Matrix {
    const weights = room(rows * width);
    const scale = room(rows * 4);
    if (!own.has(`${name}.s`)) {
      // Four bits a weight: opened once, from a place that what comes next overwrites.
      const before = top;
      const from = put(`${name}.w`, own);
      kernel.widen(from, weights, scale, row, rows, width);
      top = before;
    } else {
      own.copy(`${name}.w`, kernel, weights);
      floats(scale, rows).set(own.numbers(`${name}.s`));
    }
    const sum = room(rows * 4);
    kernel.sums(weights, sum, rows, width);
    return { weights, scale, sum, bias: put(`${name}.b`, own), rows, width };
  }

  const word = put('word');
  const pos = putNumbers(halves('pos'));
  const first = { gain: put('norm.w'), bias: put('norm.b') };
  const layer = (own: Weights, l: number) => ({
    qkv: matrix(own, `${l}.qkv`, 3 * WIDTH, WIDTH),
    out: matrix(own, `${l}.ao`, WIDTH, WIDTH),
    up: matrix(own, `${l}.fi`, WITHIN, WIDTH),
    down: matrix(own, `${l}.fo`, WIDTH, WITHIN),
    aln: { gain: put(`${l}.aln.w`, own), bias: put(`${l}.aln.b`, own) },
    oln: { gain: put(`${l}.oln.w`, own), bias: put(`${l}.oln.b`, own) },
  });
  const layers = Array.from({ length: LAYERS }, (_, l) => layer(file, l));
  const ids = room(MAX_PIECES * 4);
  const x = room(MAX_PIECES * WIDTH * 4);
  const wide = room(MAX_PIECES * WITHIN * 4);
  const narrow = room(MAX_PIECES * WIDTH * 4);
  const packed = room(MAX_PIECES * WITHIN);
  const scale = room(MAX_PIECES * 4);
  const least = room(MAX_PIECES * 4);
  const chances = room(MAX_PIECES * 4);

  const divide = createPieces({
    pieces: decode(file.section('pieces')).split('\n'),
    scores: numbers('scores'),
    folded: new Map(file.head.folded),
  });
  const judge = createJudge(numbers, halves);

  function apply(
    { weights, scale: wscale, sum, bias, rows, width }: Matrix,
    from: number,
    to: number,
    n: number,
  ): void {
    kernel.pack(from, packed, scale, least, n, width);
    kernel.times(packed, scale, least, weights, wscale, sum, bias, to, n, rows, width);
  }

  /** What each piece means where it stands. */
  function meanings(all: readonly number[], by = layers): Float32Array {
    const n = all.length;
    new Int32Array(memory.buffer, ids, n).set(all);
    kernel.embed(ids, n, word, pos, x, WIDTH);
    kernel.norm(x, 0, first.gain, first.bias, n, WIDTH);
    for (const { qkv, out, up, down, aln, oln } of by) {
      apply(qkv, x, wide, n);
      kernel.attend(wide, narrow, chances, n, HEADS);
      apply(out, narrow, wide, n);
      kernel.norm(x, wide, aln.gain, aln.bias, n, WIDTH);
      apply(up, x, wide, n);
      kernel.gelu(wide, n * WITHIN);
      apply(down, wide, narrow, n);
      kernel.norm(x, narrow, oln.gain, oln.bias, n, WIDTH);
    }
    return floats(x, n * WIDTH);
  }

  function encode({ title, summary, services, countries }: Asked): Encoded {
    const heading = divide(PREFIX + title, MAX_TITLE);
    const lead = divide(summary, MAX_PIECES - heading.ids.length - 3);
    const all = [BEGIN, ...heading.ids, END, ...lead.ids, END];
    const placesOf = ({ at }: Named): number[] => {
      const hit = new Set<number>();
      for (const [field, from, to] of at) {
        if (field === 0) within(heading, from + PREFIX.length, to + PREFIX.length, 1, hit);
        else within(lead, from, to, 2 + heading.ids.length, hit);
      }
      return [...hit].sort((a, b) => a - b);
    };
    const served = services.map((one) => ({ id: one.id, at: placesOf(one) }));
    const placed = countries.map((one) => ({ at: placesOf(one) }));
    return judge(meanings(all), served, placed);
  }

  return Object.assign(encode, {
    wants: (path: URL, sha256: string) =>
      reading(path, sha256, (own) => {
        const kinds = own.head.kinds ?? [];
        const upper = Array.from({ length: UPPER }, (_, l) => layer(own, l));
        const by = [...layers.slice(0, LAYERS - UPPER), ...upper];
        const [weights, biases] = [own.numbers('kind.w'), own.numbers('kind.b')];
        return (said: string): Ranked => {
          const x = meanings([BEGIN, ...divide(PREFIX + said, MAX_SAID - 2).ids, END], by);
          const whole = meanOf(
            x,
            Array.from({ length: x.length / WIDTH }, (_, i) => i),
          );
          const odds = kinds.map((_, n) =>
            Math.exp(whole.reduce((sum, value, k) => sum + value * weights[n * WIDTH + k]!, biases[n]!)),
          );
          const all = odds.reduce((sum, one) => sum + one, 0);
          return kinds.map((kind, n) => [kind, odds[n]! / all] as const).sort(([, a], [, b]) => b - a);
        };
      }),
  });
}

/** Of the pieces at these places. */
function meanOf(x: Float32Array, at: readonly number[]): Float32Array {
  const out = new Float32Array(WIDTH);
  for (const i of at) for (let k = 0; k < WIDTH; k++) out[k]! += x[i * WIDTH + k]!;
  return out.map((value) => value / at.length);
}

/** Pieces that share a letter with a stretch; `first` is the place of the field's first. */
function within({ from, to }: Pieces, start: number, end: number, first: number, hit: Set<number>): void {
  for (let i = 0; i < from.length; i++) if (from[i]! < end && to[i]! > start) hit.add(first + i);
}

/** The heads: whether a text is news, and what becomes of each candidate in it. */
function createJudge(numbers: (name: string) => Float32Array, halves: (name: string) => Float32Array) {
  const news = numbers('news.w');
  const newsBias = numbers('news.b')[0]!;
  const kind = numbers('kind');
  const meant = numbers('meant');
  const one = halves('one.w');
  const oneBias = numbers('one.b');
  const two = numbers('two.w');
  const twoBias = numbers('two.b');

  /** What one quarter of the input adds to the hidden units. */
  function part(x: Float32Array, quarter: number): Float32Array {
    const out = new Float32Array(HIDDEN);
    for (let h = 0; h < HIDDEN; h++) {
      let sum = 0;
      const from = h * 4 * WIDTH + quarter * WIDTH;
      for (let k = 0; k < WIDTH; k++) sum += one[from + k]! * x[k]!;
      out[h] = sum;
    }
    return out;
  }

  return (
    x: Float32Array,
    services: readonly { id: string; at: readonly number[] }[],
    countries: readonly { at: readonly number[] }[],
  ): Encoded => {
    const whole = meanOf(
      x,
      Array.from({ length: x.length / WIDTH }, (_, i) => i),
    );
    const relevant = whole.reduce((sum, value, k) => sum + value * news[k]!, newsBias);
    const candidates: number[] = [];
    const ofText = part(whole, 0);
    const places = countries.map(({ at }) => {
      const own = at.length > 0 ? meanOf(x, at) : meant.subarray(WIDTH);
      return { own, part: part(own, 2) };
    });
    for (const { id, at } of services) {
      const which = (id === 'internet' ? 1 : id === '' ? 2 : 0) * WIDTH;
      const base = at.length > 0 ? meanOf(x, at) : meant.subarray(0, WIDTH);
      const own = base.map((value, k) => value + kind[which + k]!);
      const ofService = part(own, 1);
      for (const place of places) {
        const both = part(
          own.map((value, k) => value * place.own[k]!),
          3,
        );
        const hidden = both.map((v, h) => Math.max(0, v + ofText[h]! + ofService[h]! + place.part[h]! + oneBias[h]!));
        for (let a = 0; a < ACTIONS; a++)
          candidates.push(hidden.reduce((sum, value, h) => sum + value * two[a * HIDDEN + h]!, twoBias[a]!));
      }
    }
    return { relevant, candidates };
  };
}
