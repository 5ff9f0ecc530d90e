import { createHash } from 'node:crypto';
import type { Clock } from '../../../core/ports/clock.ts';
import type { DurableRows } from '../../../core/ports/rows.ts';
import type { Json } from '../port.ts';
import { json } from '../sync-answer.ts';

/**
 * What was encrypted for a delivery, by its transaction id, kept before it is sent first: each attempt sends the same bytes, so that one delivery is one event,
 * and no index of a key is used for two texts.
 */
export interface Sealed {
  /** Null: it was never encrypted for this room. */
  find(roomId: string, txnId: string): Promise<Json | null>;
  keep(roomId: string, txnId: string, content: Json): Promise<void>;
  /** It arrived: after a while nobody will ask for it again. */
  delivered(txnId: string): void;
  /** Deletes what nobody will ask for. */
  tidy(): Promise<void>;
}

const BUCKET = 'sealed';
/** After it arrived: until then the outbox has written down that it did. */
const KEEP_DELIVERED_MS = 10 * 60_000;
/** Servers know a transaction id for a day; later it is not sent again. */
const KEEP_MS = 25 * 3_600_000;
const TIDY_EVERY_MS = 60_000;

export async function openSealed(rows: DurableRows, clock: Clock): Promise<Sealed> {
  let tidiedAt = clock.monotonic();
  /** When each may go, on the monotonic clock. */
  const leaving = new Map<string, number>();
  for (const { key, value } of await rows.of(BUCKET)) {
    const age = Math.max(0, clock.now() - read(value).at);
    leaving.set(key, tidiedAt + KEEP_MS - age);
  }

  return {
    async find(roomId, txnId) {
      const value = await rows.get(BUCKET, txnId);
      if (value === null) return null;
      const kept = read(value);
      return kept.roomId === roomId ? kept.content : null;
    },
    async keep(roomId, txnId, content) {
      const value = Buffer.from(JSON.stringify({ roomId, at: clock.now(), content }));
      await rows.write([{ bucket: BUCKET, key: txnId, value }]);
      // Whatever becomes of it: some are given up, and of notices nobody says that they arrived.
      leaving.set(txnId, clock.monotonic() + KEEP_MS);
    },
    delivered: (txnId) => void leaving.set(txnId, clock.monotonic() + KEEP_DELIVERED_MS),
    async tidy() {
      const now = clock.monotonic();
      if (now - tidiedAt < TIDY_EVERY_MS) return;
      tidiedAt = now;
      const gone = [...leaving].flatMap(([key, at]) => (at <= now ? [key] : []));
      await rows.write(gone.map((key) => ({ bucket: BUCKET, key, value: null })));
      for (const key of gone) leaving.delete(key);
    },
  };
}

const SIGNATURE_BYTES = 64;

/** The same for the same place of the same key, under whatever id and in whatever letters a server gives it again. */
export function sealOf(event: Json): string {
  const bytes = Buffer.from(String(json(event.content).ciphertext), 'base64');
  return `$sealed.${createHash('sha256').update(bytes.subarray(0, -SIGNATURE_BYTES)).digest('base64url')}`;
}

function read(value: Uint8Array): { roomId: unknown; at: number; content: Json } {
  const { roomId, at, content } = json(JSON.parse(Buffer.from(value).toString()));
  return { roomId, at: typeof at === 'number' ? at : 0, content: json(content) };
}
