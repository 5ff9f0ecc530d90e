/** So many at a time per host; the rest wait in order. */
export class HostSlots {
  readonly #perHost: number;
  readonly #hosts = new Map<string, { active: number; waiting: (() => void)[] }>();

  constructor(perHost: number) {
    this.#perHost = Math.max(1, perHost);
  }

  /** Null when a place was free: take it and go on at once. Else a promise that rejects with the signal's reason. */
  enter(host: string, signal: AbortSignal): Promise<void> | null {
    let state = this.#hosts.get(host);
    if (!state) {
      state = { active: 0, waiting: [] };
      this.#hosts.set(host, state);
    }
    if (state.active < this.#perHost) {
      state.active++;
      return null;
    }
    const { waiting } = state;
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        const at = waiting.indexOf(go);
        if (at >= 0) waiting.splice(at, 1);
        reject(signal.reason);
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      waiting.push(go);
    });
  }

  leave(host: string): void {
    const state = this.#hosts.get(host);
    if (!state) return;
    const next = state.waiting.shift();
    if (next) next();
    else if (--state.active <= 0) this.#hosts.delete(host);
  }
}
