import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { atEnd } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { inOrder } from '../../core/wakeable.ts';

/** Something to be answered, as it was made. */
export interface Made {
  /** Default 200. What is none is made anew for each who asks. */
  status?: number;
  type: string;
  /** A function: with how old what it tells is, in seconds. */
  body: string | Uint8Array<ArrayBuffer> | ((age: number) => string);
  headers?: Record<string, string>;
  /** When that was read, by the clock that nobody sets; absent = when it was made. */
  readAt?: number;
}

/** As it stands on the shelf. */
export interface Shelved extends Required<Omit<Made, 'readAt'>> {
  body: Uint8Array<ArrayBuffer>;
  /** How old what it tells is, in seconds. */
  age: number;
  /** The same compressed; null where that gains nothing. */
  gzipped: Uint8Array<ArrayBuffer> | null;
  /** Of the bytes, in quotes. */
  etag: string;
}

export type Shelf = ReturnType<typeof createShelf>;

/** Too much is being made: try again in a moment. */
export class Busy extends Error {}
/** Whoever asks has nothing left of their budget. */
export class TooDear extends Error {}

/** `atOnce`: made at a time; `waiting`: of those that wait. */
export const SHELF = { keepMs: 5_000, entries: 1_000, bytes: 24_000_000, atOnce: 2, waiting: 200 };
/** Less is not worth it. */
const MIN_GZIP = 1_000;
const COMPRESSIBLE = /^(text\/|application\/(json|atom\+xml|feed\+json|xml)|image\/svg)/;
const compress = promisify(gzip);

interface Entry {
  /** When what it tells was read, or, until it is made, when it was asked for. */
  at: number;
  made: Promise<Made>;
  /** As it was last shown, and at which age. */
  shown: { age: number; value: Promise<Shelved> } | null;
  bytes: number;
}

export function createShelf(clock: Pick<Clock, 'monotonic'>, bounds = SHELF) {
  const kept = new Map<string, Entry>();
  let bytes = 0;
  const queue = createQueue(bounds.atOnce, bounds.waiting);

  const drop = (key: string, entry: Entry): void => {
    if (kept.get(key) !== entry) return;
    kept.delete(key);
    bytes -= entry.bytes;
  };
  const settle = (key: string, entry: Entry, made: Shelved): void => {
    if (kept.get(key) !== entry) return;
    if (made.status !== 200) {
      drop(key, entry);
      return;
    }
    entry.bytes = made.body.byteLength + (made.gzipped?.byteLength ?? 0);
    bytes += entry.bytes;
    // The oldest go first, and what nobody is given any more; what is still being made weighs nothing yet.
    const past = clock.monotonic() - bounds.keepMs;
    for (const [other, old] of kept) {
      const isOver = old.bytes > 0 && old.at <= past;
      if (!isOver && kept.size <= bounds.entries && bytes <= bounds.bytes) break;
      if (other !== key) drop(other, old);
    }
  };

  /** At its age, the same for all who ask within a second. */
  async function show(entry: Entry): Promise<Shelved> {
    const made = await entry.made;
    entry.at = made.readAt ?? entry.at;
    const age = Math.max(0, Math.floor((clock.monotonic() - entry.at) / 1_000));
    if (entry.shown?.age !== age) entry.shown = { age, value: shelved(made, age, entry.shown?.value) };
    return await entry.shown!.value;
  }

  return {
    /**
     * What stands under this key, or is made now: once, however many ask, and a few at a time, whatever they are. Throws `Busy` where too many wait already,
     * and what `make` throws, which is not kept. `onMake` is called where something is to be made; false refuses with `TooDear`.
     */
    get(key: string, make: () => Promise<Made>, onMake?: () => boolean): Promise<Shelved> {
      const known = kept.get(key);
      if (known && clock.monotonic() - known.at < bounds.keepMs) return show(known);
      if (onMake?.() === false) return Promise.reject(new TooDear());
      if (known) drop(key, known);
      const entry: Entry = { at: clock.monotonic(), made: queue(make), shown: null, bytes: 0 };
      kept.set(key, entry);
      const value = show(entry);
      value.then(
        (made) => settle(key, entry, made),
        () => drop(key, entry),
      );
      return value;
    },
    size: () => kept.size,
  };
}

/** So many at a time; of those that wait beyond `most`, none. */
function createQueue(atOnce: number, most: number) {
  const inTurn = inOrder(atOnce);
  let all = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (all >= atOnce + most) throw new Busy();
    all++;
    using _ = atEnd(() => all--);
    return await inTurn(work);
  };
}

/** `before`: as it was a moment ago, which is all the same where its bytes do not tell its age. */
async function shelved(made: Made, age: number, before?: Promise<Shelved>): Promise<Shelved> {
  const { status = 200, type, headers = {} } = made;
  if (before && typeof made.body !== 'function') return { ...(await before), age };
  const told = typeof made.body === 'function' ? made.body(age) : made.body;
  const body = typeof told === 'string' ? new TextEncoder().encode(told) : told;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const worthIt = body.byteLength >= MIN_GZIP && COMPRESSIBLE.test(type);
  const gzipped = worthIt ? new Uint8Array(await compress(body)) : null;
  return { status, type, body, headers, gzipped, etag, age };
}
