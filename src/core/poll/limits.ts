/** Polls at a time: so many in all, so many to one host. First come, first served within a host. */
export class PollLimits<T extends { host: string | null }> {
  readonly #all: number;
  readonly #perHost: number;
  #active = 0;
  readonly #byHost = new Map<string, { active: number; waiting: T[] }>();
  /** Those whose host has room while the whole has none. */
  #ready: T[] = [];
  #readyFrom = 0;

  constructor(all: number, perHost: number) {
    this.#all = all;
    this.#perHost = perHost;
  }

  get active(): number {
    return this.#active;
  }

  /** Takes a place for `thing` and says true, or queues it and says false; `release` hands out what was queued. */
  enter(thing: T): boolean {
    if (thing.host !== null) {
      const host = this.#hostOf(thing.host);
      if (host.active >= this.#perHost) {
        host.waiting.push(thing);
        return false;
      }
      host.active++;
    }
    if (this.#active >= this.#all) {
      this.#ready.push(thing);
      return false;
    }
    this.#active++;
    return true;
  }

  /** Gives a place back; yields the thing that may start now, if any. Its place is taken. */
  release(host: string | null): T | undefined {
    this.#active--;
    if (host !== null) {
      const state = this.#hostOf(host);
      const next = state.waiting.shift();
      if (next) this.#ready.push(next);
      else if (--state.active === 0) this.#byHost.delete(host);
    }
    if (this.#readyFrom >= this.#ready.length || this.#active >= this.#all) return undefined;
    const next = this.#ready[this.#readyFrom++]!;
    if (this.#readyFrom > 256 && this.#readyFrom * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#readyFrom);
      this.#readyFrom = 0;
    }
    this.#active++;
    return next;
  }

  #hostOf(name: string): { active: number; waiting: T[] } {
    let host = this.#byHost.get(name);
    if (!host) {
      host = { active: 0, waiting: [] };
      this.#byHost.set(name, host);
    }
    return host;
  }
}
