import { codeOf, messageOf, TocsinError } from '../../../core/errors.ts';
import { factsOf } from '../failure.ts';
import type { CallOptions, MatrixPort } from '../port.ts';
import { json } from '../sync-answer.ts';
import { type Encryption, type EncryptionParts, openEncryption } from './encryption.ts';
import { beginGeneration, type Generation } from './generation.ts';
import { type Crypto, type CryptoParts, openCrypto } from './open.ts';

export interface StartParts
  extends Omit<EncryptionParts, 'crypto' | 'self' | 'port' | 'generation'>,
    Pick<CryptoParts, 'identity' | 'broken'> {
  port: MatrixPort;
}

/** Opens the keys of this device and what is done with them. Throws as `openDevice`. */
export async function startEncryption(parts: StartParts, options: CallOptions): Promise<Encryption> {
  const { crypto, generation } = await openDevice(parts, options);
  try {
    await crypto.flush();
    return await openEncryption({ ...parts, crypto, self: parts.identity.userId, generation });
  } catch (error) {
    crypto.close();
    throw error;
  }
}

export type DeviceParts = Omit<CryptoParts, 'ask'> & {
  port: Pick<MatrixPort, 'ask' | 'accountData' | 'setAccountData'>;
};

/** Throws `config_invalid` for what an operator must mend: keys that are elsewhere, or an old copy; nothing was written then. */
export async function openDevice(
  parts: DeviceParts,
  options: CallOptions,
): Promise<{ crypto: Crypto; generation: Generation }> {
  const { rows, port, identity, clock } = parts;
  const published = await publishedKey(port, identity, options);
  const isOurs = (await rows.of('device')).some(
    ({ key }) => key === JSON.stringify([identity.userId, identity.deviceId]),
  );
  if (published !== null && !isOurs) throw keysElsewhere(identity);
  const crypto = await openCrypto({
    ...parts,
    ask: (request, within) =>
      port.ask(request, { signal: within, timeoutMs: 30_000 }).catch((error: unknown) => outage(error, request.path)),
  });
  try {
    if (published !== null && published !== (await ownKey(crypto))) throw keysElsewhere(identity);
    return { crypto, generation: await beginGeneration({ rows, port, clock, identity }, options) };
  } catch (error) {
    crypto.close();
    throw error;
  }
}

/** What a server has against a request about keys is no word about a message or its room: it is tried again (`isRefusal`). */
function outage(error: unknown, path: string): never {
  if (codeOf(error) !== 'client') throw error;
  throw new TocsinError('server', messageOf(error), { ...factsOf(error), status: 500, refused: path }, error);
}

const ownKey = (crypto: Crypto): Promise<string> =>
  crypto.run('identityKeys', (machine) => machine.identityKeys.ed25519.toBase64());

/** The key that the homeserver has of our device, or null. */
export async function publishedKey(
  port: Pick<MatrixPort, 'ask'>,
  { userId, deviceId }: CryptoParts['identity'],
  options: CallOptions,
): Promise<string | null> {
  const body = JSON.stringify({ device_keys: { [userId]: [deviceId] } });
  const answer = await port.ask({ method: 'POST', path: '/_matrix/client/v3/keys/query', body }, options);
  const key = json(json(json(json(answer.device_keys)[userId])[deviceId]).keys)[`ed25519:${deviceId}`];
  return typeof key === 'string' ? key : null;
}

const keysElsewhere = ({ userId, deviceId }: CryptoParts['identity']): TocsinError =>
  new TocsinError(
    'config_invalid',
    `The session ${deviceId} of ${userId} has encryption keys that are not in this database: it was used with another one, or by another program. Such keys are never copied: log in anew for a new session (docs/matrix.md, "Encrypted rooms")`,
    { user: userId, device: deviceId },
  );
