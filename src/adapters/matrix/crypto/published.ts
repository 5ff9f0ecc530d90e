/** What a homeserver shows others of our device, checked as they check it: without keys of our own, and beside a running bot. */
import { verify } from 'node:crypto';
import type { CallOptions, Json, MatrixPort } from '../port.ts';
import { standingText } from '../standing-kept.ts';
import { json } from '../sync-answer.ts';

export interface Published {
  /** Ed25519 of the device, base64. */
  fingerprint: string;
  /** Master key → self-signing key → device: others accept what it sends. */
  signed: boolean;
}

/** How others see us, for people: one line. */
export async function publishedLine(
  port: Pick<MatrixPort, 'ask'>,
  userId: string,
  deviceId: string | null,
  options: CallOptions,
): Promise<string> {
  if (deviceId === null) return 'encrypted rooms: the access token belongs to no session; log in anew';
  const body = JSON.stringify({ device_keys: { [userId]: [deviceId] } });
  const answer = await port.ask({ method: 'POST', path: '/_matrix/client/v3/keys/query', body }, options);
  const found = publishedOf(answer, userId, deviceId);
  return found ? standingText({ deviceId, ...found }) : `encrypted rooms on; device ${deviceId} has no keys yet`;
}

/** `answer`: of `keys/query` for this user. Null = the homeserver shows no such device. */
export function publishedOf(answer: Json, userId: string, deviceId: string): Published | null {
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
  try {
    return verify(
      null,
      Buffer.from(canonical(plain)),
      { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' },
      Buffer.from(signature, 'base64'),
    );
  } catch {
    return false;
  }
}

/** "Canonical JSON" of the specification: keys sorted, nothing between. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
