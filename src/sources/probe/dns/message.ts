import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import packet from 'dns-packet';
import type { DnsAnswer, DnsKind } from '../../../core/judge/observations.ts';
import { LIMITS } from '../config.ts';

export type RecordType = 'A' | 'AAAA';

/** What one message says; `truncated` asks for TCP. */
export interface Reading {
  kind: DnsKind;
  addresses: string[];
  truncated: boolean;
}

export function question(name: string, type: RecordType, id = randomInt(65_536)): Buffer {
  return packet.encode({ id, type: 'query', flags: packet.RECURSION_DESIRED, questions: [{ type, name }] });
}

/** Reads an answer to that question; null for anything else (another id, another name, garbage). Never throws. */
export function readAnswer(bytes: Uint8Array, name: string, type: RecordType, id: number): Reading | null {
  let message: packet.Packet;
  try {
    if (bytes.length < 12 || bytes.length > 65_535) return null;
    message = packet.decode(bytes);
  } catch {
    return null;
  }
  const asked = message.questions?.[0];
  if (message.type !== 'response' || message.id !== id) return null;
  if (!asked || asked.type !== type || asked.name.toLowerCase() !== name.toLowerCase().replace(/\.$/, '')) return null;
  const addresses = (message.answers ?? [])
    .filter((a) => a.type === type && typeof a.data === 'string')
    .map((a) => String(a.data).toLowerCase())
    .slice(0, LIMITS.answerAddresses);
  // Of a record that breaks off the decoder makes "undefined.undefined…": neither an address nor a name without one.
  if (addresses.some((one) => isIP(one) === 0)) return null;
  return {
    kind: kindOf(message.rcode ?? '', addresses),
    addresses: [...new Set(addresses)].sort(),
    truncated: message.flag_tc === true,
  };
}

function kindOf(rcode: string, addresses: string[]): DnsKind {
  if (rcode === 'NOERROR') return addresses.length > 0 ? 'address' : 'nodata';
  if (rcode === 'NXDOMAIN') return 'nxdomain';
  if (rcode === 'REFUSED') return 'refused';
  if (rcode === 'SERVFAIL') return 'servfail';
  return 'error';
}

export const noAnswer = (kind: DnsKind, ms: number, tries: number): DnsAnswer => ({
  kind,
  addresses: [],
  ms,
  late: null,
  tries,
});
