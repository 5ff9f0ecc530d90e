import { TocsinError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { DurableRows } from '../../../core/ports/rows.ts';
import type { CallOptions, MatrixPort } from '../port.ts';
import { json } from '../sync-answer.ts';
import type { CryptoParts } from './open.ts';

const TYPE = 'org.tocsin.encryption';
const BUCKET = 'generation';
const EVERY_MS = 3_600_000;

interface Parts {
  port: Pick<MatrixPort, 'accountData' | 'setAccountData'>;
  rows: DurableRows;
  clock: Clock;
  identity: CryptoParts['identity'];
}

/**
 * Tells keys that go on from those that come back. A number goes up at each start and each hour, in the database first and then at the homeserver (account data): where the
 * homeserver knows a higher one than the database, the database is an old copy, and going on from it would use keys a second time.
 */
export interface Generation {
  /** Where an hour has gone by. Throws when it could not be written. */
  goOn(options: CallOptions): Promise<void>;
}

/** Throws `config_invalid` for an old copy. */
export async function beginGeneration(parts: Parts, options: CallOptions): Promise<Generation> {
  const { rows, port, clock, identity } = parts;
  const { userId, deviceId } = identity;
  const read = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) ? value : 0);
  const kept = await rows.get(BUCKET, deviceId);
  let current = kept === null ? 0 : read(JSON.parse(Buffer.from(kept).toString()));
  const known = read(json(await port.accountData(userId, TYPE, options))[deviceId]);
  if (known > current)
    throw new TocsinError(
      'config_invalid',
      `The encryption keys in the database are an old copy: the session ${deviceId} of ${userId} went on since (${known} > ${current}). Nothing is sent with them. Log in anew for a new session (docs/matrix.md, "Encrypted rooms")`,
      { known, current },
    );
  let raisedAt = Number.NEGATIVE_INFINITY;

  async function raise(within: CallOptions): Promise<void> {
    current++;
    await rows.write([{ bucket: BUCKET, key: deviceId, value: Buffer.from(String(current)) }]);
    // Of other devices nothing is kept: they are never used again.
    await port.setAccountData(userId, TYPE, { [deviceId]: current }, within);
    raisedAt = clock.monotonic();
  }

  await raise(options);
  return {
    async goOn(later) {
      if (clock.monotonic() - raisedAt >= EVERY_MS) await raise(later);
    },
  };
}
