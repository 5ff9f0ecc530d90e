/** A binary heap of things by the time they are due. */
export class DueQueue<T> {
  #times: number[] = [];
  #things: T[] = [];

  get size(): number {
    return this.#times.length;
  }

  /** Earliest due time, or Infinity. */
  get nextAt(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  push(at: number, thing: T): void {
    const times = this.#times;
    const things = this.#things;
    let i = times.length;
    times.push(at);
    things.push(thing);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (times[parent]! <= at) break;
      times[i] = times[parent]!;
      things[i] = things[parent]!;
      i = parent;
    }
    times[i] = at;
    things[i] = thing;
  }

  /** The earliest thing that is due at `now`, or undefined. */
  popDue(now: number): T | undefined {
    if (this.nextAt > now) return undefined;
    const top = this.#things[0]!;
    const at = this.#times.pop()!;
    const thing = this.#things.pop()!;
    if (this.#times.length > 0) this.#sink(at, thing);
    return top;
  }

  /** Moves every due time by `ms` (the wall clock was set back); the order stays. */
  shift(ms: number): void {
    for (let i = 0; i < this.#times.length; i++) this.#times[i]! += ms;
  }

  #sink(at: number, thing: T): void {
    const times = this.#times;
    const things = this.#things;
    const end = times.length;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= end) break;
      if (child + 1 < end && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= at) break;
      times[i] = times[child]!;
      things[i] = things[child]!;
      i = child;
    }
    times[i] = at;
    things[i] = thing;
  }
}
