import { verify } from 'node:crypto';
import { orNull } from '../../../core/errors.ts';
import type { MatrixPort } from '../port.ts';
import type { CallOptions } from '../request.ts';
import { type Json, json } from '../untrusted.ts';

/** What a homeserver shows others of our device, checked as they check it: without keys of our own, and beside a running bot. */
export type Published = NonNullable<ReturnType<typeof publishedOf>>;

/** As the homeserver has our device now; null = it has no keys of it. */
export async function publishedDevice(
  port: Pick<MatrixPort, 'ask'>,
  { userId, deviceId }: Record<'userId' | 'deviceId', string>,
  options: CallOptions,
): Promise<Published | null> {
  const body = JSON.stringify({ device_keys: { [userId]: [deviceId] } });
  const answer = await port.ask({ method: 'POST', path: '/_matrix/client/v3/keys/query', body }, options);
  return publishedOf(answer, userId, deviceId);
}

/**
 * `answer`: of `keys/query` for this user. Null = the homeserver shows no such device. The fingerprint is its Ed25519 in base64; `signed`: master key →
 * self-signing key → device, so that others accept what it sends.
 */
export function publishedOf(answer: Json, userId: string, deviceId: string) {
  const device = json(json(json(answer.device_keys)[userId])[deviceId]);
  const master = json(json(answer.master_keys)[userId]);
  const selfSigning = json(json(answer.self_signing_keys)[userId]);
  const fingerprint = json(device.keys)[`ed25519:${deviceId}`];
  if (typeof fingerprint !== 'string' || fingerprint.length > 100) return null;
  const [masterKey, selfSigningKey] = [keyOf(master), keyOf(selfSigning)];
  const signed =
    masterKey !== null &&
    selfSigningKey !== null &&
    isSigned(selfSigning, userId, masterKey) &&
    isSigned(device, userId, selfSigningKey);
  return { fingerprint, signed };
}

/** Of a key that stands alone, as identities have it. */
function keyOf({ keys }: Json): string | null {
  const [key] = Object.values(json(keys));
  return typeof key === 'string' && /^[A-Za-z0-9+/]{43}$/.test(key) ? key : null;
}

function isSigned(object: Json, userId: string, key: string): boolean {
  const signature = json(json(object.signatures)[userId])[`ed25519:${key}`];
  if (typeof signature !== 'string') return false;
  const { signatures: _, unsigned: __, ...plain } = object;
  const x = Buffer.from(key, 'base64').toString('base64url');
  const by = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const;
  return orNull(() => verify(null, Buffer.from(canonical(plain)), by, Buffer.from(signature, 'base64'))) ?? false;
}

/** "Canonical JSON" of the specification: keys sorted, nothing between. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
