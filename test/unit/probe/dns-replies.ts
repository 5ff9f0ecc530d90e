/** DNS answers as a resolver, or somebody on the path, would send them. */
import packet from 'dns-packet';
import type { RecordType } from '../../../src/sources/probe/net/dns.ts';

const RCODES = { noerror: 0, formerr: 1, servfail: 2, nxdomain: 3, refused: 5, yxrrset: 9 } as const;
const RESPONSE = 0x8000 | 0x0100 | 0x0080;
const TRUNCATED = 0x0200;

export interface Reply {
  rcode?: keyof typeof RCODES;
  addresses?: readonly string[];
  truncated?: boolean;
}

/** The answer to a question about this name; `id` is the question's. */
export function replyTo(id: number, name: string, type: RecordType, { rcode, addresses = [], truncated }: Reply = {}) {
  const flags = RESPONSE | (truncated ? TRUNCATED : 0) | RCODES[rcode ?? 'noerror'];
  const answers = addresses.map((data) => ({ type, name, data }));
  return packet.encode({ id, type: 'response', flags, questions: [{ type, name }], answers });
}

/** The question that these bytes ask. */
export function askedIn(bytes: Uint8Array): { id: number; name: string; type: RecordType } {
  const { id = 0, questions } = packet.decode(bytes);
  const [one] = questions!;
  return { id, name: one!.name, type: one!.type as RecordType };
}
