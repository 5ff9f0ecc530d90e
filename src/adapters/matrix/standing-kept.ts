/** How our device stood when it was looked at last: what `tocsin status` shows without asking anybody. */
import type { DurableState } from '../../core/ports/state.ts';
import type { Standing } from './crypto/cross-signing.ts';
import type { Link } from './crypto/link.ts';
import { json } from './sync-answer.ts';

const KEY = 'encryption';

export const keepStanding = (
  state: DurableState,
  { identity }: Pick<Link, 'identity'>,
  { fingerprint, signed }: Pick<Standing, 'fingerprint' | 'signed'>,
): Promise<void> => state.set(KEY, { deviceId: identity.deviceId, fingerprint, signed });

/** As people compare it: in groups of four. */
export const fingerprintOf = (base64: string): string => (base64.match(/.{1,4}/g) ?? []).join(' ');

/** One line for people; null = nothing is known yet. */
export async function standingLine(state: Pick<DurableState, 'get'>): Promise<string | null> {
  const { deviceId, fingerprint, signed } = json(await state.get(KEY));
  if (typeof deviceId !== 'string' || typeof fingerprint !== 'string') return null;
  return standingText({ deviceId, fingerprint, signed: signed === true });
}

export function standingText({
  deviceId,
  fingerprint,
  signed,
}: Pick<Standing, 'fingerprint' | 'signed'> & { deviceId: string }): string {
  const how = signed ? 'cross-signed' : 'NOT cross-signed: tocsin matrix verify';
  return `encrypted rooms on; device ${deviceId}, fingerprint ${fingerprintOf(fingerprint)}, ${how}`;
}
