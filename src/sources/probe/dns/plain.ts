import dgram from 'node:dgram';
import type { DnsAnswer, DnsPair } from '../../../core/judge/observations.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { LIMITS, splitHostPort } from '../config.ts';
import { directDialer } from '../net/dial.ts';
import { framedExchange } from './framed.ts';
import { noAnswer, question, type Reading, type RecordType, readAnswer } from './message.ts';

export interface PlainOptions {
  tries?: number;
  timeoutMs?: number;
  /** How long to listen for a second answer after the first. */
  lateMs?: number;
}

/** What is asked for. */
interface DnsRecord {
  name: string;
  type: RecordType;
}

interface Query extends DnsRecord {
  /** As it is sent. */
  bytes: Buffer;
  id: number;
}

interface Place {
  address: string;
  port: number;
}

/**
 * Asks one resolver over UDP (over TCP where the answer was cut), with our own socket: the system's resolver library would hide RCODEs,
 * second answers and silence. Kinds other than an address are asked again, up to `tries`. Never throws.
 */
export async function askPlain(
  server: string,
  record: DnsRecord,
  clock: Clock,
  signal: AbortSignal,
  options: PlainOptions = {},
): Promise<DnsAnswer> {
  const at = splitHostPort(server, 53);
  const tries = options.tries ?? LIMITS.dnsTries;
  const begin = clock.monotonic();
  let last = noAnswer('error', 0, 0);
  if (!at) return last;
  for (let n = 1; n <= tries && !signal.aborted; n++) {
    if (n > 1) await clock.sleep(last.kind === 'timeout' ? LIMITS.dnsRetryGap : 200, signal).catch(() => undefined);
    const got = await once(at, record, clock, signal, options);
    last = { ...got, tries: n, ms: Math.round(clock.monotonic() - begin) };
    if (last.kind === 'address') break;
  }
  return last;
}

/** A and AAAA side by side. */
export async function askPlainPair(
  server: string,
  name: string,
  clock: Clock,
  signal: AbortSignal,
  options: PlainOptions = {},
): Promise<DnsPair> {
  const [a, aaaa] = await Promise.all([
    askPlain(server, { name, type: 'A' }, clock, signal, options),
    askPlain(server, { name, type: 'AAAA' }, clock, signal, options),
  ]);
  return { a, aaaa };
}

function once(
  at: Place,
  record: DnsRecord,
  clock: Clock,
  signal: AbortSignal,
  options: PlainOptions,
): Promise<DnsAnswer> {
  return new Promise((resolve) => {
    const begin = clock.monotonic();
    const bytes = question(record.name, record.type);
    const query: Query = { ...record, bytes, id: bytes.readUInt16BE(0) };
    const socket = dgram.createSocket(at.address.includes(':') ? 'udp6' : 'udp4');
    let first: Reading | null = null;
    let late: string[] | null = null;
    let packets = 0;
    const close = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onDone);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
    };
    const onDone = (): void => {
      close();
      const ms = Math.round(clock.monotonic() - begin);
      if (!first) {
        resolve(noAnswer('timeout', ms, 1));
        return;
      }
      if (first.truncated) {
        void overTcp(at, query, clock, signal).then((r) =>
          resolve({ ...(r ?? first!), ms, late, tries: 1 } as DnsAnswer),
        );
        return;
      }
      resolve({ kind: first.kind, addresses: first.addresses, ms, late, tries: 1 });
    };
    let timer = setTimeout(onDone, options.timeoutMs ?? LIMITS.dnsTimeout);
    socket.on('message', (packet) => {
      if (++packets > 16) return;
      const reading = readAnswer(packet, query.name, query.type, query.id);
      if (!reading) return;
      if (!first) {
        first = reading;
        clearTimeout(timer);
        timer = setTimeout(onDone, options.lateMs ?? LIMITS.lateAnswer);
      } else if (reading.kind !== first.kind || reading.addresses.join() !== first.addresses.join()) {
        // Resolvers rotate pools: only an answer without a common address is another's.
        if (!reading.addresses.some((a) => first!.addresses.includes(a))) late = reading.addresses;
      }
    });
    // An ICMP "port unreachable" is no answer either; wait for what may still come.
    socket.on('error', () => undefined);
    socket.connect(at.port, at.address, () => {
      try {
        socket.send(bytes, () => undefined);
      } catch {
        // A closed or unroutable socket: the timer tells.
      }
    });
    if (signal.aborted) onDone();
    else signal.addEventListener('abort', onDone, { once: true });
  });
}

async function overTcp(at: Place, query: Query, clock: Clock, signal: AbortSignal): Promise<Reading | null> {
  const dialed = await directDialer(clock).dial(at.address, at.port, LIMITS.dnsTimeout, signal);
  if (dialed.tcp !== 'ok') return null;
  const bytes = await framedExchange(dialed.socket, query.bytes, LIMITS.dnsTimeout, signal);
  dialed.socket.destroy();
  return bytes ? readAnswer(bytes, query.name, query.type, query.id) : null;
}
