export interface Limited {
  /** Null: talks to nobody, bounded by the whole only. */
  readonly host: string | null;
  /** Its last poll took long: it may well hold its place for long again. */
  readonly slow: boolean;
}

/** Every so many starts of what had to wait, a slow one goes first: it must be able to show that it has recovered. */
const SLOW_TURN = 4;
/** Beside the hosts: the place that everything takes. */
const WHOLE = '';
const NONE = { all: 0, slow: 0 };

/**
 * Polls at a time: so many in all, so many to one host; first come, first served. Slow ones never hold all places while the limit is two or
 * more: one place of each host and half of the whole stay for the others, so that ten black-holed feeds do not silence a hundred good ones.
 */
export class PollLimits<T extends Limited> {
  readonly #all: number;
  readonly #perHost: number;
  /** Who holds a place, and whether it was taken as a slow one. */
  readonly #held = new Map<T, boolean>();
  /** Places taken: of the whole, and of each host. */
  readonly #taken = new Map<string, { all: number; slow: number }>();
  readonly #waiting: T[] = [];
  #turn = 0;

  constructor(all: number, perHost: number) {
    this.#all = all;
    this.#perHost = perHost;
  }

  get active(): number {
    return this.#held.size;
  }

  /** Takes a place for `thing` and says true, or queues it and says false; `release` hands out what was queued. */
  enter(thing: T): boolean {
    const fits = this.#fits(thing);
    if (fits) this.#take(thing);
    else this.#waiting.push(thing);
    return fits;
  }

  /** Gives a place back; yields those that may start now. Their places are taken. */
  release(thing: T): T[] {
    const slow = this.#held.get(thing);
    if (slow === undefined) return [];
    this.#held.delete(thing);
    this.#count(thing, slow, -1);
    const starting: T[] = [];
    for (let at = this.#next(); at >= 0; at = this.#next()) {
      const [next] = this.#waiting.splice(at, 1);
      this.#take(next!);
      this.#turn++;
      starting.push(next!);
    }
    return starting;
  }

  /** Where in the queue the next stands that fits; -1 = none does. */
  #next(): number {
    if (this.#held.size >= this.#all) return -1;
    const slowFirst = this.#turn % SLOW_TURN === SLOW_TURN - 1;
    const first = this.#waiting.findIndex((one) => one.slow === slowFirst && this.#fits(one));
    return first >= 0 ? first : this.#waiting.findIndex((one) => this.#fits(one));
  }

  #fits({ host, slow }: T): boolean {
    const isFree = (place: string, limit: number, slowLimit: number): boolean => {
      const taken = this.#taken.get(place) ?? NONE;
      return taken.all < limit && (!slow || taken.slow < Math.max(1, slowLimit));
    };
    if (host !== null && !isFree(host, this.#perHost, this.#perHost - 1)) return false;
    return isFree(WHOLE, this.#all, this.#all >> 1);
  }

  #take(thing: T): void {
    this.#held.set(thing, thing.slow);
    this.#count(thing, thing.slow, 1);
  }

  #count({ host }: T, slow: boolean, by: 1 | -1): void {
    for (const place of host === null ? [WHOLE] : [WHOLE, host]) {
      const { all, slow: slowOnes } = this.#taken.get(place) ?? NONE;
      if (all + by === 0) this.#taken.delete(place);
      else this.#taken.set(place, { all: all + by, slow: slow ? slowOnes + by : slowOnes });
    }
  }
}
