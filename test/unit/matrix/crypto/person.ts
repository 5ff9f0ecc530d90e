import { createSharing, type Sharing } from '../../../../src/adapters/matrix/crypto/encryption.ts';
import { createCryptoRooms } from '../../../../src/adapters/matrix/crypto/kept.ts';
import { type Crypto, openCrypto } from '../../../../src/adapters/matrix/crypto/machine.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import type { FakeEvent, FakeHomeserver } from '../../../fakes/matrix-homeserver.ts';
import { memoryRows } from './support.ts';

type Json = Record<string, unknown>;

/** Somebody with an app that encrypts, on a device of their own. */
export class Person {
  readonly userId: string;
  readonly device: string;
  readonly #fake: FakeHomeserver;
  readonly #crypto: Crypto;
  readonly #sharing: Sharing;
  #since = 0;

  private constructor(fake: FakeHomeserver, crypto: Crypto) {
    this.userId = crypto.identity.userId;
    this.device = crypto.identity.deviceId;
    this.#fake = fake;
    this.#crypto = crypto;
    const rooms = createCryptoRooms({
      roomMembers: async (roomId) =>
        [...fake.rooms.get(roomId)!.state.values()].flatMap((event): [string, string][] =>
          event.type === 'm.room.member' ? [[event.state_key!, String(event.content.membership)]] : [],
        ),
      stateContent: async (roomId, type) => fake.rooms.get(roomId)!.state.get(`${type} `)?.content ?? null,
    });
    // Members may change between two messages, and nothing tells this app so.
    const of: typeof rooms.of = (roomId, options) => {
      rooms.gap(roomId);
      return rooms.of(roomId, options);
    };
    this.#sharing = createSharing(crypto, { ...rooms, of });
  }

  static async on(fake: FakeHomeserver, userId: string, device = 'PHONE'): Promise<Person> {
    const crypto = await openCrypto({
      identity: { userId, deviceId: device },
      rows: memoryRows(),
      ask: async ({ method, path, body }) => {
        const parts = path.split('/').slice(4).map(decodeURIComponent);
        const answer = fake.keys.answer(userId, device, method, parts, JSON.parse(body ?? '{}') as Json);
        return structuredClone((answer?.[1] ?? {}) as Json);
      },
      count: async () => {},
      clock: systemClock,
      log: quietLog,
      signal: new AbortController().signal,
      broken: (error) => {
        throw error;
      },
    });
    const person = new Person(fake, crypto);
    await crypto.flush();
    return person;
  }

  /** Takes in what came for this device. */
  async sync(): Promise<void> {
    const { part } = this.#fake.keys.since(this.userId, this.device, this.#since);
    this.#since = Number(this.#fake.position);
    await this.#crypto.receive(part);
    await this.#crypto.flush();
  }

  async say(roomId: string, body: string, more: Json = {}): Promise<FakeEvent> {
    return this.#fake.encrypted(roomId, this.userId, await this.seal(roomId, { msgtype: 'm.text', body, ...more }));
  }

  /** Encrypted and not sent yet. */
  async seal(roomId: string, content: Json, type = 'm.room.message'): Promise<Json> {
    await this.sync();
    return JSON.parse(await this.#sharing.encrypt(roomId, type, content, {})) as Json;
  }

  /** The content of an event, or why it cannot be read. */
  async read(roomId: string, event: FakeEvent): Promise<Json> {
    await this.sync();
    const found = await this.#crypto.decrypt(roomId, { ...event, room_id: roomId } as unknown as Json);
    return found.ok ? (found.event.content as Json) : { unreadable: found.reason };
  }

  close(): void {
    this.#crypto.close();
  }
}
