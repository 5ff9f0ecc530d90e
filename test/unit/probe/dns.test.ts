/** Questions to resolvers: what comes back, comes twice, comes cut, or never comes. */
import dgram from 'node:dgram';
import net from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { LIMITS } from '../../../src/sources/probe/config.ts';
import {
  askPlain,
  askPlainPair,
  framedExchange,
  question,
  type RecordType,
  readAnswer,
} from '../../../src/sources/probe/net/dns.ts';
import { askedIn, type Reply, replyTo } from './dns-replies.ts';

const never = new AbortController().signal;
const NAME = 'www.example.org';

describe('one message', () => {
  test.each<[string, Uint8Array, string | null]>([
    ['an address', replyTo(77, NAME, 'A', { addresses: ['192.0.2.1'] }), 'address'],
    ['no address', replyTo(77, NAME, 'A'), 'nodata'],
    ['no such name', replyTo(77, NAME, 'A', { rcode: 'nxdomain' }), 'nxdomain'],
    ['refused', replyTo(77, NAME, 'A', { rcode: 'refused' }), 'refused'],
    ['server failure', replyTo(77, NAME, 'A', { rcode: 'servfail' }), 'servfail'],
    ['odd code', replyTo(77, NAME, 'A', { rcode: 'yxrrset' }), 'error'],
    ['the name in other capitals', replyTo(77, 'WWW.Example.ORG', 'A', { addresses: ['192.0.2.1'] }), 'address'],
    ['about another name', replyTo(77, 'b.example', 'A', { addresses: ['192.0.2.1'] }), null],
    ['about another type', replyTo(77, NAME, 'AAAA'), null],
    ['another id', replyTo(78, NAME, 'A'), null],
    ['a question', question(NAME, 'A', 77), null],
    ['garbage', Buffer.from('garbage of more than twelve bytes'), null],
    ['too short', Buffer.from([0, 77]), null],
    ['nothing', Buffer.alloc(0), null],
  ])('%s', (_name, bytes, kind) => {
    expect(readAnswer(bytes, NAME, 'A', 77)?.kind ?? null).toBe(kind);
  });

  test('addresses: each once, in one order, no more than are kept', () => {
    const many = Array.from({ length: 60 }, (_, n) => `192.0.2.${60 - n}`);
    const bytes = replyTo(1, NAME, 'A', { addresses: ['192.0.2.9', '192.0.2.9', '192.0.2.1'] });
    expect(readAnswer(bytes, NAME, 'A', 1)?.addresses).toEqual(['192.0.2.1', '192.0.2.9']);
    const kept = readAnswer(replyTo(1, NAME, 'A', { addresses: many }), NAME, 'A', 1)!.addresses;
    expect(kept).toHaveLength(LIMITS.answerAddresses);
  });

  test('a name with its last dot: the same question', () => {
    expect(readAnswer(replyTo(1, NAME, 'A', { addresses: ['192.0.2.1'] }), `${NAME}.`, 'A', 1)?.kind).toBe('address');
  });

  test('any bytes changed anywhere: a reading of that question, or nothing; never a throw', () => {
    const good = replyTo(77, NAME, 'A', { addresses: ['192.0.2.1', '192.0.2.2'] });
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(changes, fc.nat(good.length), (list, length) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of list) bytes[at] = value;
        const reading = readAnswer(bytes.subarray(0, length), NAME, 'A', 77);
        if (reading) expect(reading.addresses.length).toBeLessThanOrEqual(LIMITS.answerAddresses);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Time stands still between tries; within one it is real, for the sockets are. */
const clock = { ...systemClock, sleep: async () => undefined };
const quick = { timeoutMs: 60, lateMs: 30 };
/** Where an answer comes: however busy the machine is. */
const patient = { timeoutMs: 5_000, lateMs: 30 };

type Heard = { id: number; name: string; type: RecordType; n: number };
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A resolver on loopback that answers the n-th question with these messages, in order. */
async function resolver(say: (heard: Heard) => readonly Uint8Array[], port = 0) {
  const socket = dgram.createSocket('udp4');
  const heard: Heard[] = [];
  socket.on('message', (bytes, from) => {
    const one = { ...askedIn(bytes), n: heard.length };
    heard.push(one);
    for (const message of say(one)) socket.send(message, from.port, from.address);
  });
  await new Promise<void>((ready) => socket.bind(port, '127.0.0.1', ready));
  closers.push(() => socket.close());
  return { at: `127.0.0.1:${socket.address().port}`, heard };
}

const says =
  (...replies: Reply[]) =>
  ({ id, name, type }: Heard) =>
    replies.map((one) => replyTo(id, name, type, one));
const askA = (at: string, options: object = patient) =>
  askPlain(at, { name: NAME, type: 'A' }, { clock, signal: never }, options);

describe('a plain question', () => {
  test('an address: asked once', async () => {
    const { at, heard } = await resolver(says({ addresses: ['192.0.2.1'] }));
    expect(await askA(at)).toMatchObject({ kind: 'address', addresses: ['192.0.2.1'], late: null, tries: 1 });
    expect(heard).toMatchObject([{ name: NAME, type: 'A' }]);
  });

  test.each<[string, Reply, string]>([
    ['no such name', { rcode: 'nxdomain' }, 'nxdomain'],
    ['refused', { rcode: 'refused' }, 'refused'],
    ['a failing server', { rcode: 'servfail' }, 'servfail'],
  ])('%s: asked three times before it is believed, each time under another id', async (_name, reply, kind) => {
    const { at, heard } = await resolver(says(reply));
    expect(await askA(at)).toMatchObject({ kind, addresses: [], tries: 3 });
    expect(heard).toHaveLength(3);
    expect(new Set(heard.map(({ id }) => id)).size).toBeGreaterThan(1);
  });

  test('silence, then an answer: the answer', async () => {
    const { at } = await resolver((one) => (one.n === 0 ? [] : says({ addresses: ['192.0.2.1'] })(one)));
    expect(await askA(at, { ...patient, timeoutMs: 400 })).toMatchObject({ kind: 'address', tries: 2 });
  });

  test('silence: timeout, after as many tries as asked for', async () => {
    const { at, heard } = await resolver(() => []);
    expect(await askA(at, { ...quick, tries: 2 })).toMatchObject({ kind: 'timeout', tries: 2 });
    expect(heard).toHaveLength(2);
  });

  test('nobody there: timeout, no throw', async () => {
    const { at } = await resolver(() => []);
    closers.pop()!();
    expect((await askA(at, { ...quick, tries: 1 })).kind).toBe('timeout');
  });

  test('something that is no address to ask at: an error at once', async () => {
    expect(await askA('resolver.example:53')).toMatchObject({ kind: 'error', tries: 0 });
  });

  test('stopped: no further try', async () => {
    const { at, heard } = await resolver(() => []);
    const stop = new AbortController();
    const answer = askPlain(at, { name: NAME, type: 'A' }, { clock, signal: stop.signal }, { timeoutMs: 60_000 });
    setTimeout(() => stop.abort(), 10);
    expect((await answer).kind).toBe('timeout');
    expect(heard.length).toBeLessThanOrEqual(1);
  });

  test('A and AAAA: each its own answer', async () => {
    const { at } = await resolver((one) =>
      says(one.type === 'A' ? { addresses: ['192.0.2.1'] } : { addresses: ['2001:db8::1'] })(one),
    );
    const pair = await askPlainPair(at, NAME, { clock, signal: never }, patient);
    expect([pair.a.addresses, pair.aaaa.addresses]).toEqual([['192.0.2.1'], ['2001:db8::1']]);
  });
});

describe('a second voice on the path', () => {
  const true_ = { addresses: ['192.0.2.1', '192.0.2.2'] };
  test.each<[string, Reply[], string[] | null]>([
    ['another address behind the first', [{ addresses: ['10.10.34.34'] }, true_], ['192.0.2.1', '192.0.2.2']],
    ['an address behind "no such name"', [{ rcode: 'nxdomain' }, true_], ['192.0.2.1', '192.0.2.2']],
    ['"no such name" behind an address', [true_, { rcode: 'nxdomain' }], []],
    ['the same twice', [true_, true_], null],
    ['a pool that rotates: one address in common', [true_, { addresses: ['192.0.2.2', '192.0.2.3'] }], null],
  ])('%s', async (_name, replies, late) => {
    const { at } = await resolver(says(...replies));
    const got = await askA(at, { ...patient, tries: 1 });
    expect(got.late).toEqual(late);
    expect(got.addresses).toEqual([...(replies[0]!.addresses ?? [])]);
  });

  test('answers to other questions come first: passed over', async () => {
    const { at } = await resolver(({ id, name, type }) => [
      replyTo((id + 1) % 65_536, name, type, { addresses: ['10.0.0.1'] }),
      replyTo(id, 'other.example', type, { addresses: ['10.0.0.2'] }),
      Buffer.from('no DNS message'),
      replyTo(id, name, type, { addresses: ['192.0.2.1'] }),
    ]);
    expect(await askA(at)).toMatchObject({ kind: 'address', addresses: ['192.0.2.1'], late: null });
  });

  test('a flood of forged ones: no more than a handful is read', async () => {
    const { at } = await resolver(({ id, name, type }) => [
      ...Array.from({ length: 20 }, () => replyTo((id + 7) % 65_536, name, type, { addresses: ['10.0.0.1'] })),
      replyTo(id, name, type, { addresses: ['192.0.2.1'] }),
    ]);
    expect((await askA(at, { ...quick, tries: 1 })).kind).toBe('timeout');
  });
});

describe('an answer that was cut', () => {
  const whole = Array.from({ length: 20 }, (_, n) => `192.0.2.${n + 1}`);

  /** A resolver over TCP, which answers with these bytes; its port. The one over UDP comes to the same port: few have those. */
  async function overTcp(answer: (query: Buffer) => Uint8Array | null): Promise<number> {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes: Buffer) => {
        const reply = answer(bytes.subarray(2));
        if (!reply) return void socket.destroy();
        const head = Buffer.alloc(2);
        head.writeUInt16BE(reply.length);
        // In two pieces, the length cut in half: TCP keeps no borders.
        const all = Buffer.concat([head, reply]);
        socket.write(all.subarray(0, 1));
        setImmediate(() => socket.write(all.subarray(1)));
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    closers.push(() => server.close());
    return (server.address() as net.AddressInfo).port;
  }

  test('asked again over TCP: the whole answer', async () => {
    const port = await overTcp((query) => {
      const { id, name, type } = askedIn(query);
      return replyTo(id, name, type, { addresses: whole });
    });
    const { at } = await resolver(says({ addresses: ['192.0.2.1'], truncated: true }), port);
    expect((await askA(at, { ...patient, tries: 1 })).addresses).toEqual([...whole].sort());
  });

  test.each<[string, 'closed' | 'nobody' | 'another']>([
    ['closed at once', 'closed'],
    ['nobody listens there', 'nobody'],
    ['an answer to another question', 'another'],
  ])('over TCP %s: what came before stands', async (_name, how) => {
    const answer = (query: Buffer): Uint8Array | null =>
      how === 'closed' ? null : replyTo(askedIn(query).id, 'b.example', 'A', { addresses: whole });
    const port = how === 'nobody' ? 0 : await overTcp(answer);
    const { at } = await resolver(says({ addresses: ['192.0.2.1'], truncated: true }), port);
    expect(await askA(at, { ...patient, tries: 1 })).toMatchObject({ kind: 'address', addresses: ['192.0.2.1'] });
  });
});

describe('a message behind its length (TCP, TLS)', () => {
  function stream() {
    const written: Buffer[] = [];
    const made = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk);
        done();
      },
    });
    return { made, written };
  }
  const framed = (message: Uint8Array): Buffer => {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(message.length);
    return Buffer.concat([head, message]);
  };

  test('any message, cut anywhere, with more behind it: just that message; ours went out behind its length', async () => {
    const messages = fc.uint8Array({ minLength: 1, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(messages, fc.array(fc.nat(120), { maxLength: 5 }), async (message, at) => {
        const { made, written } = stream();
        const answer = framedExchange(made, Buffer.from([1, 2, 3]), 5_000, never);
        const all = Buffer.concat([framed(message), Buffer.from('next')]);
        const places = [...new Set([0, ...at.map((one) => Math.min(one, all.length)), all.length])].sort(
          (a, b) => a - b,
        );
        for (const [i, end] of places.slice(1).entries()) made.push(all.subarray(places[i], end));
        expect(Buffer.compare((await answer)!, message)).toBe(0);
        expect(Buffer.concat(written)).toEqual(Buffer.from([0, 3, 1, 2, 3]));
        expect(made.listenerCount('data')).toBe(0);
        made.destroy();
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, (s: Duplex) => void]>([
    ['the end before the message is whole', (s) => [Buffer.from([0, 9, 1]), null].forEach((part) => void s.push(part))],
    ['a connection that breaks', (s) => void s.destroy(new Error('x'))],
    ['silence', () => undefined],
  ])('%s: nothing', async (_name, then) => {
    const { made } = stream();
    const answer = framedExchange(made, Buffer.from([1]), 40, never);
    then(made);
    expect(await answer).toBeNull();
  });

  test('stopped, before or meanwhile: nothing, and before nothing is written', async () => {
    const { made, written } = stream();
    expect(await framedExchange(made, Buffer.from([1]), 5_000, AbortSignal.abort())).toBeNull();
    expect(written).toEqual([]);
    const stop = new AbortController();
    const answer = framedExchange(made, Buffer.from([1]), 5_000, stop.signal);
    stop.abort();
    expect(await answer).toBeNull();
  });
});
