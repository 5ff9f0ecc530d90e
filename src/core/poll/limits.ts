export interface Limited {
  /** Null: talks to nobody, bounded by the whole only. */
  readonly host: string | null;
  /** Its last poll took long: it may well hold its place for long again. */
  readonly slow: boolean;
}

/** Every so many starts at a contended place, a slow one goes first: it must be able to show that it has recovered. */
const SLOW_TURN = 4;

/**
 * Polls at a time: so many in all, so many to one host; first come, first served. Slow ones never hold all places while the limit is two or
 * more: one place of each host and half of the whole stay for the others, so that ten black-holed feeds do not silence a hundred good ones.
 */
export class PollLimits<T extends Limited> {
  readonly #whole: Semaphore<T>;
  readonly #perHost: number;
  readonly #hosts = new Map<string, Semaphore<T>>();
  /** Who holds a place, and whether it was taken as a slow one. */
  readonly #held = new Map<T, boolean>();

  constructor(all: number, perHost: number) {
    this.#whole = new Semaphore(all, Math.max(1, all >> 1));
    this.#perHost = perHost;
  }

  get active(): number {
    return this.#held.size;
  }

  /** Takes a place for `thing` and says true, or queues it and says false; `release` hands out what was queued. */
  enter(thing: T): boolean {
    const { slow } = thing;
    if (thing.host !== null && !this.#semaphoreOf(thing.host).enter(thing, slow)) return false;
    if (!this.#whole.enter(thing, slow)) return false;
    this.#held.set(thing, slow);
    return true;
  }

  /** Gives a place back; yields those that may start now. Their places are taken. */
  release(thing: T): T[] {
    const slow = this.#held.get(thing);
    if (slow === undefined) return [];
    this.#held.delete(thing);
    this.#whole.leave(slow);
    if (thing.host !== null) {
      const semaphore = this.#semaphoreOf(thing.host);
      semaphore.leave(slow);
      const next = semaphore.next();
      // It has its place at the host; whether there is one in the whole shows below, where it comes last.
      if (next) this.#whole.queue(next, next.slow);
      else if (semaphore.idle) this.#hosts.delete(thing.host);
    }
    const starting: T[] = [];
    for (let next = this.#whole.next(); next; next = this.#whole.next()) {
      this.#held.set(next, next.slow);
      starting.push(next);
    }
    return starting;
  }

  #semaphoreOf(host: string): Semaphore<T> {
    let semaphore = this.#hosts.get(host);
    if (!semaphore) {
      semaphore = new Semaphore(this.#perHost, Math.max(1, this.#perHost - 1));
      this.#hosts.set(host, semaphore);
    }
    return semaphore;
  }
}

/** One limit with its two queues. */
class Semaphore<T> {
  readonly #limit: number;
  readonly #slowLimit: number;
  #active = 0;
  #slowActive = 0;
  #turn = 0;
  readonly #waiting: T[] = [];
  readonly #slowWaiting: T[] = [];

  constructor(limit: number, slowLimit: number) {
    this.#limit = limit;
    this.#slowLimit = slowLimit;
  }

  get idle(): boolean {
    return this.#active === 0 && this.#waiting.length === 0 && this.#slowWaiting.length === 0;
  }

  enter(thing: T, slow: boolean): boolean {
    if (this.#has(slow)) {
      this.#take(slow);
      return true;
    }
    this.queue(thing, slow);
    return false;
  }

  queue(thing: T, slow: boolean): void {
    (slow ? this.#slowWaiting : this.#waiting).push(thing);
  }

  leave(slow: boolean): void {
    this.#active--;
    if (slow) this.#slowActive--;
  }

  /** The next that fits, with its place taken. */
  next(): T | undefined {
    const slowFirst = ++this.#turn % SLOW_TURN === 0;
    return slowFirst ? (this.#from(true) ?? this.#from(false)) : (this.#from(false) ?? this.#from(true));
  }

  #from(slow: boolean): T | undefined {
    const queue = slow ? this.#slowWaiting : this.#waiting;
    if (queue.length === 0 || !this.#has(slow)) return undefined;
    this.#take(slow);
    return queue.shift();
  }

  #has(slow: boolean): boolean {
    return this.#active < this.#limit && (!slow || this.#slowActive < this.#slowLimit);
  }

  #take(slow: boolean): void {
    this.#active++;
    if (slow) this.#slowActive++;
  }
}
