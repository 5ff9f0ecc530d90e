import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import packet from 'dns-packet';
import { orNull } from '../../../core/errors.ts';
import type { ControlAnswer, DnsAnswer, DnsKind } from '../../../core/judge/observations.ts';
import type { Clock } from '../../../core/ports/runtime.ts';
import { Client, request } from '../../../platform/undici.ts';
import { type ControlResolver, LIMITS, splitHostPort } from '../config.ts';
import { type Dialer, directDialer, handshake, type Timing, type Trust, untilSettled } from './connection.ts';

/** One DNS message there and one back, with the two bytes of length of TCP and TLS. Null = no whole answer in time. */
export function framedExchange(stream: Duplex, query: Buffer, ms: number, signal: AbortSignal): Promise<Buffer | null> {
  let got = Buffer.alloc(0);
  const answer = untilSettled<Buffer | null>(stream, { ms, signal, late: null, stopped: null }, (settle) => {
    const onEnd = (): void => settle(null);
    const data = (chunk: Buffer): void => {
      got = Buffer.concat([got, chunk]);
      if (got.length < 2) return;
      const length = got.readUInt16BE(0);
      if (got.length >= length + 2) settle(got.subarray(2, length + 2));
    };
    return { data, end: onEnd, close: onEnd, error: onEnd };
  });
  if (signal.aborted) return answer;
  const head = Buffer.alloc(2);
  head.writeUInt16BE(query.length);
  stream.write(Buffer.concat([head, query]));
  return answer;
}

export type RecordType = 'A' | 'AAAA';

type Reading = NonNullable<ReturnType<typeof readAnswer>>;

export const question = (name: string, type: RecordType, id = randomInt(65_536)): Buffer =>
  packet.encode({ id, type: 'query', flags: packet.RECURSION_DESIRED, questions: [{ type, name }] });

/** What one message says in answer to that question; `truncated` asks for TCP. Null for anything else (another id, another name, garbage). Never throws. */
export function readAnswer(bytes: Uint8Array, name: string, type: RecordType, id: number) {
  const message = bytes.length < 12 || bytes.length > 65_535 ? null : orNull(() => packet.decode(bytes));
  if (message === null) return null;
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

export const noAnswer = (kind: DnsKind, ms = 0, tries = 0) => ({ kind, addresses: [], ms, late: null, tries });

/** One open way to one operator. */
interface Way {
  transport: ControlAnswer['transport'];
  ask(query: Buffer, signal: AbortSignal): Promise<Buffer | null>;
  alive(): boolean;
  close(): void;
}

interface ControlDeps {
  direct: Dialer;
  helper: Dialer | null;
  trust: Trust;
  clock: Clock;
}

/**
 * One trusted resolver outside: DoH at a pinned address (HTTP/2, else HTTP/1.1), else DoT, else DoH by way of the helper. The way that
 * worked is kept open; a failed one is not tried again for a minute. The certificate must be good for the operator's name.
 */
export function createControl(resolver: ControlResolver, deps: ControlDeps) {
  let way: Promise<Way | null> | null = null;
  let retryAt = Number.NEGATIVE_INFINITY;

  async function open(signal: AbortSignal): Promise<Way | null> {
    const url = resolver.doh ? URL.parse(resolver.doh) : null;
    const dot = resolver.dot ? splitHostPort(resolver.dot, 853) : null;
    const doh = (dialer: Dialer | null, transport: DohServer['transport']) =>
      url && resolver.doh_ip && dialer
        ? openDoh({ dialer, address: resolver.doh_ip, url, transport }, { ...deps, signal })
        : null;
    return (
      (await doh(deps.direct, 'doh')) ??
      (dot && (await dotWay(dot, resolver.name, deps, signal))) ??
      doh(deps.helper, 'doh-helper')
    );
  }

  async function current(signal: AbortSignal): Promise<Way | null> {
    const existing = await way;
    if (existing?.alive()) return existing;
    if (way !== null && existing === null && deps.clock.monotonic() < retryAt) return null;
    const opening = open(signal);
    way = opening;
    const found = await opening;
    if (!found) retryAt = deps.clock.monotonic() + 60_000;
    return found;
  }

  async function askOne(found: Way, name: string, type: RecordType, signal: AbortSignal): Promise<DnsAnswer> {
    const begin = deps.clock.monotonic();
    for (let n = 1; n <= 2; n++) {
      const query = question(name, type, found.transport === 'dot' ? undefined : 0);
      const bytes = await found.ask(query, signal);
      const reading = bytes ? readAnswer(bytes, name, type, query.readUInt16BE(0)) : null;
      const ms = Math.round(deps.clock.monotonic() - begin);
      if (reading) return { kind: reading.kind, addresses: reading.addresses, ms, late: null, tries: n };
      if (!found.alive()) break;
    }
    return noAnswer('timeout', Math.round(deps.clock.monotonic() - begin), 2);
  }

  return {
    operator: resolver.name,
    /** Null when no trusted way answers. Never throws. */
    async ask(name: string, signal: AbortSignal): Promise<ControlAnswer | null> {
      for (let attempt = 0; attempt < 2; attempt++) {
        const found = await current(signal);
        if (!found) return null;
        const [a, aaaa] = await Promise.all([askOne(found, name, 'A', signal), askOne(found, name, 'AAAA', signal)]);
        if (a.kind !== 'timeout' || aaaa.kind !== 'timeout')
          return { operator: resolver.name, transport: found.transport, a, aaaa };
        found.close();
      }
      return null;
    },
    close(): void {
      void way?.then((w) => w?.close());
      way = null;
    },
  };
}
export type Control = ReturnType<typeof createControl>;

/** What the controls say that answer. */
export const askControls = async ({ controls, signal }: { controls: Control[]; signal: AbortSignal }, name: string) =>
  (await Promise.all(controls.map((c) => c.ask(name, signal)))).filter((answer) => answer !== null);

const waits = { tcpMs: 5_000, tlsMs: 6_000 };

interface DohServer {
  dialer: Dialer;
  address: string;
  url: URL;
  transport: 'doh' | 'doh-helper';
}

async function openDoh({ dialer, address, url, transport }: DohServer, deps: ControlDeps & Timing) {
  for (let n = 0; n < 2; n++) {
    const request = { address, port: Number(url.port || 443), sni: url.hostname, alpn: ['h2', 'http/1.1'], ...waits };
    const { flow, socket } = await handshake(dialer, deps.trust, request, deps);
    if (socket && flow.certificate?.valid) return dohWay(socket, url, transport);
    socket?.destroy();
    // A refusal or a foreign certificate will not mend in a second; silence may.
    if (flow.tcp !== 'timeout' && flow.tls !== 'timeout') return null;
  }
  return null;
}

const MEDIA = 'application/dns-message';
/** Longer than rounds are apart. */
const KEPT_MS = 600_000;

/** Over this one connection: by HTTP/2 where the server speaks it, else by HTTP/1.1, one question after the other. */
function dohWay(socket: TLSSocket, url: URL, transport: 'doh' | 'doh-helper'): Way {
  const dispatcher = new Client(url.origin, {
    allowH2: true,
    keepAliveTimeout: KEPT_MS,
    connect: (_, done) => (socket.destroyed ? done(new Error('closed'), null) : done(null, socket)),
  });
  // Kept open between rounds, it must not keep the process from ending.
  socket.unref();
  let failures = 0;
  return {
    transport,
    alive: () => !socket.destroyed && failures < 4,
    close: () => void dispatcher.destroy(),
    async ask(query, signal) {
      const headers = { 'content-type': MEDIA, accept: MEDIA };
      const within = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.dnsTimeout)]);
      try {
        const answer = await request(url, { dispatcher, method: 'POST', headers, body: query, signal: within });
        const pieces: Buffer[] = [];
        let bytes = 0;
        for await (const piece of answer.body as AsyncIterable<Buffer>) {
          bytes += piece.length;
          if (bytes > 65_535) throw new Error('too large');
          pieces.push(piece);
        }
        if (answer.statusCode !== 200) throw new Error('no answer');
        failures = 0;
        return Buffer.concat(pieces);
      } catch {
        failures++;
        return null;
      }
    },
  };
}

/** DNS over TLS: a connection for each question keeps this spare way simple. */
async function dotWay(at: Place, name: string, deps: ControlDeps, signal: AbortSignal): Promise<Way | null> {
  const connect = async (s: AbortSignal): Promise<TLSSocket | null> => {
    const request = { ...at, sni: name, alpn: ['dot'], ...waits };
    const { flow, socket } = await handshake(deps.direct, deps.trust, request, { clock: deps.clock, signal: s });
    if (socket && flow.certificate?.valid) return socket;
    socket?.destroy();
    return null;
  };
  const test = await connect(signal);
  if (!test) return null;
  test.destroy();
  let failures = 0;
  return {
    transport: 'dot',
    alive: () => failures < 3,
    close: () => undefined,
    async ask(query, s) {
      const socket = await connect(s);
      const answer = socket ? await framedExchange(socket, query, LIMITS.dnsTimeout, s) : null;
      socket?.destroy();
      failures = answer ? 0 : failures + 1;
      return answer;
    },
  };
}

interface PlainOptions {
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

type Place = NonNullable<ReturnType<typeof splitHostPort>>;

/**
 * Asks one resolver over UDP (over TCP where the answer was cut), with our own socket: the system's resolver library would hide RCODEs,
 * second answers and silence. Kinds other than an address are asked again, up to `tries`. Never throws.
 */
export async function askPlain(server: string, record: DnsRecord, timing: Timing, options: PlainOptions = {}) {
  const { clock, signal } = timing;
  const at = splitHostPort(server, 53);
  const tries = options.tries ?? LIMITS.dnsTries;
  const begin = clock.monotonic();
  let last: DnsAnswer = noAnswer('error');
  if (!at) return last;
  for (let n = 1; n <= tries && !signal.aborted; n++) {
    if (n > 1) await clock.sleep(last.kind === 'timeout' ? LIMITS.dnsRetryGap : 200, signal).catch(() => undefined);
    const got = await once(at, record, timing, options);
    last = { ...got, tries: n, ms: Math.round(clock.monotonic() - begin) };
    if (last.kind === 'address') break;
  }
  return last;
}

/** A and AAAA side by side. */
export async function askPlainPair(server: string, name: string, timing: Timing, options?: PlainOptions) {
  const [a, aaaa] = await Promise.all([
    askPlain(server, { name, type: 'A' }, timing, options),
    askPlain(server, { name, type: 'AAAA' }, timing, options),
  ]);
  return { a, aaaa };
}

async function once(at: Place, { name, type }: DnsRecord, timing: Timing, options: PlainOptions) {
  const { timeoutMs = LIMITS.dnsTimeout, lateMs = LIMITS.lateAnswer } = options;
  const query = question(name, type);
  const read = (bytes: Uint8Array) => readAnswer(bytes, name, type, query.readUInt16BE(0));
  const socket = dgram.createSocket(at.address.includes(':') ? 'udp6' : 'udp4');
  let packets = 0;
  const listen = (ms: number, take: (reading: Reading, settle: (reading: Reading) => void) => void) =>
    untilSettled<Reading | null>(socket, { ms, signal: timing.signal, late: null, stopped: null }, (settle) => ({
      message(packet: Buffer) {
        const reading = ++packets > 16 ? null : read(packet);
        if (reading) take(reading, settle);
      },
    }));
  // An ICMP "port unreachable" is no answer either; wait for what may still come.
  socket.on('error', () => undefined);
  socket.connect(at.port, at.address, () => {
    try {
      socket.send(query, () => undefined);
    } catch {
      // A closed or unroutable socket: the timer tells.
    }
  });
  const first = await listen(timeoutMs, (reading, settle) => settle(reading));
  let late: string[] | null = null;
  if (first)
    await listen(lateMs, ({ kind, addresses }) => {
      // Resolvers rotate pools: only an answer without a common address is another's.
      const isOther = kind !== first.kind || addresses.join() !== first.addresses.join();
      if (isOther && !addresses.some((a) => first.addresses.includes(a))) late = addresses;
    });
  socket.close();
  if (!first) return { kind: 'timeout' as const, addresses: [], late };
  const whole = first.truncated ? await overTcp(at, query, timing) : null;
  const { kind, addresses } = (whole && read(whole)) ?? first;
  return { kind, addresses, late };
}

async function overTcp(at: Place, query: Buffer, { clock, signal }: Timing): Promise<Buffer | null> {
  const dialed = await directDialer(clock).dial(at.address, at.port, LIMITS.dnsTimeout, signal);
  if (dialed.tcp !== 'ok') return null;
  const bytes = await framedExchange(dialed.socket, query, LIMITS.dnsTimeout, signal);
  dialed.socket.destroy();
  return bytes;
}
