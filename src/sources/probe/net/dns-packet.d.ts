/** The part of dns-packet that we use; it ships no types. */
declare module 'dns-packet' {
  export interface Answer {
    type: string;
    name: string;
    data?: unknown;
  }
  export interface Packet {
    id?: number;
    type?: 'query' | 'response';
    flags?: number;
    rcode?: string;
    flag_tc?: boolean;
    questions?: { type: string; name: string }[];
    answers?: Answer[];
  }
  export const RECURSION_DESIRED: number;
  export function encode(packet: Packet): Buffer;
  export function decode(bytes: Uint8Array): Packet;
}
