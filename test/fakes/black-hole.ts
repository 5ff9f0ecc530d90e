import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A proxy that can swallow what is sent through it, both ways, ends of connections included, and deliver it later: as a cut line does that heals.
 * Whoever connects meanwhile is accepted, and hears nothing.
 */
export class BlackHole {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #held: (() => void)[] | null = null;

  private constructor(port: number) {
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#join(near, port));
  }

  static async before(port: number): Promise<BlackHole> {
    const hole = new BlackHole(port);
    await new Promise<void>((resolve) => hole.#server.listen(0, '127.0.0.1', resolve));
    return hole;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#held ??= [];
  }

  /** Delivers what was held back, in order. */
  heal(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const deliver of held) deliver();
  }

  async close(): Promise<void> {
    this.#held = null;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(deliver: () => void): void {
    if (this.#held === null) deliver();
    else this.#held.push(deliver);
  }

  #join(near: Socket, port: number): void {
    const far = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => this.#pass(() => void (to.writable && to.write(bytes))));
      from.on('end', () => this.#pass(() => void to.end()));
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        this.#pass(() => void to.destroy());
      });
    }
  }
}
