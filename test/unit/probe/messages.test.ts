import { Duplex } from 'node:stream';
import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Due, mendTimes, publicName } from '../../../src/sources/probe/index.ts';
import { framedExchange, noAnswer, question, readAnswer } from '../../../src/sources/probe/net/dns.ts';

const ID = 4_711;
interface Said {
  id?: number;
  name?: string;
  type?: 'A' | 'AAAA';
  rcode?: number;
  truncated?: boolean;
  kind?: 'query' | 'response';
  answers?: { type: 'A' | 'AAAA' | 'CNAME'; data: string }[];
}
const message = ({
  id = ID,
  name = 'www.example.org',
  type = 'A',
  rcode = 0,
  truncated = false,
  kind = 'response',
  answers = [],
}: Said = {}): Buffer =>
  packet.encode({
    id,
    type: kind,
    flags: rcode | (truncated ? 0x200 : 0),
    questions: [{ type, name }],
    answers: answers.map((one) => ({ ...one, name, ttl: 60 })),
  } as Parameters<typeof packet.encode>[0]);
const read = (said: Said, type: 'A' | 'AAAA' = 'A', name = 'www.example.org') =>
  readAnswer(message(said), name, type, ID);

describe('an answer about a name', () => {
  test.each<[string, Said, string, string[]]>([
    [
      'addresses, in order, each once',
      { answers: ['192.0.2.9', '192.0.2.1', '192.0.2.9'].map((data) => ({ type: 'A', data })) },
      'address',
      ['192.0.2.1', '192.0.2.9'],
    ],
    [
      'by way of another name',
      {
        answers: [
          { type: 'CNAME', data: 'cdn.example' },
          { type: 'A', data: '192.0.2.1' },
        ],
      },
      'address',
      ['192.0.2.1'],
    ],
    ['another name alone', { answers: [{ type: 'CNAME', data: 'cdn.example' }] }, 'nodata', []],
    ['addresses of the other kind', { answers: [{ type: 'AAAA', data: '2001:db8::1' }] }, 'nodata', []],
    ['nothing', {}, 'nodata', []],
    ['no such name', { rcode: 3 }, 'nxdomain', []],
    ['refused', { rcode: 5 }, 'refused', []],
    ['in trouble', { rcode: 2 }, 'servfail', []],
    ['a word that we do not use', { rcode: 1 }, 'error', []],
  ])('%s: %3$s', (_name, said, kind, addresses) => expect(read(said)).toEqual({ kind, addresses, truncated: false }));

  test('cut off: asks for another way', () => expect(read({ truncated: true })).toMatchObject({ truncated: true }));
  test('the name in other letters, and with a dot at its end', () => {
    expect(read({ name: 'WWW.Example.ORG' }, 'A', 'www.example.org.')).not.toBeNull();
  });
  test.each<[string, Said]>([
    ['another id', { id: ID + 1 }],
    ['another name', { name: 'www.example.com' }],
    ['another kind of record', { type: 'AAAA' }],
    ['a question', { kind: 'query' }],
  ])('%s: none', (_name, said) => expect(read(said)).toBeNull());
  test('it breaks off within an address: garbage, and neither a wrong address nor a name without one', () => {
    const honest = message({ answers: [{ type: 'A', data: '192.0.2.1' }] });
    for (let cut = 1; cut <= 4; cut++)
      expect(readAnswer(honest.subarray(0, honest.length - cut), 'www.example.org', 'A', ID)).toBeNull();
  });
  test('addresses without end: bounded', () => {
    const answers = Array.from({ length: 200 }, (_, i) => ({ type: 'A' as const, data: `192.0.2.${i}` }));
    expect(read({ answers })!.addresses.length).toBeLessThanOrEqual(64);
  });
  test('any bytes, and any damage to an honest answer: read or not, and nothing breaks', () => {
    const honest = message({ answers: [{ type: 'A', data: '192.0.2.1' }] });
    const damaged = fc
      .tuple(fc.nat(honest.length - 1), fc.nat(255), fc.nat(honest.length))
      .map(([at, byte, length]) => {
        const copy = Buffer.from(honest);
        copy[at] = byte;
        return copy.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 80 })), (bytes) => {
        const reading = readAnswer(bytes, 'www.example.org', 'A', ID);
        if (reading?.kind === 'address')
          for (const one of reading.addresses) expect(one).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      }),
      { numRuns: 400 },
    );
  });
  test('what we ask is answered by its own id and name', () => {
    const asked = packet.decode(question('www.example.org', 'AAAA', ID));
    expect([asked.id, asked.type, asked.questions![0]]).toMatchObject([
      ID,
      'query',
      { name: 'www.example.org', type: 'AAAA' },
    ]);
    expect(noAnswer('timeout', 5_000, 3)).toEqual({ kind: 'timeout', addresses: [], ms: 5_000, late: null, tries: 3 });
  });
});

describe('one message there and one back', () => {
  /** A stream that answers with these pieces as soon as it was asked; null = it ends. */
  function stream(pieces: (Buffer | null | Error)[]) {
    const asked: Buffer[] = [];
    const duplex = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        asked.push(chunk);
        for (const piece of pieces) {
          if (piece instanceof Error) this.destroy(piece);
          else this.push(piece);
        }
        done();
      },
    });
    return { duplex, asked };
  }
  const framed = (text: string, length = text.length) =>
    Buffer.concat([Buffer.from([length >> 8, length & 255]), Buffer.from(text)]);
  const exchange = async (pieces: (Buffer | null | Error)[], signal = new AbortController().signal) => {
    const { duplex, asked } = stream(pieces);
    const answer = await framedExchange(duplex, Buffer.from('ask'), 10_000, signal);
    return { answer: answer?.toString() ?? null, asked: Buffer.concat(asked).toString('latin1') };
  };

  test.each<[string, (Buffer | null | Error)[], string | null]>([
    ['at once', [framed('hello')], 'hello'],
    ['byte by byte', [...framed('hello')].map((byte) => Buffer.from([byte])), 'hello'],
    ['with more behind it', [Buffer.concat([framed('hello'), framed('more')])], 'hello'],
    ['of no length', [framed('')], ''],
    ['cut off', [framed('hello', 9), null], null],
    ['the end without a word', [null], null],
    ['half of its length', [Buffer.from([0]), null], null],
    ['an error', [new Error('reset')], null],
  ])('%s: %3$j', async (_name, pieces, expected) => expect((await exchange(pieces)).answer).toBe(expected));
  test('its length goes before what is asked', async () =>
    expect((await exchange([framed('x')])).asked).toBe('\u0000\u0003ask'));
  test('stopped before, or while it waits: none, at once', async () => {
    expect((await exchange([framed('x')], AbortSignal.abort())).answer).toBeNull();
    const stop = new AbortController();
    const waits = exchange([Buffer.from([0])], stop.signal);
    stop.abort();
    expect((await waits).answer).toBeNull();
  });
});

describe('after the wall clock was set back', () => {
  const NOW = 1_000_000;
  const every = { regular: 600, speed: 3_600 };
  const due = (next: number, heavy: number, last = 0): Due =>
    ({ target: { id: 'x', kind: 'host', name: 'x' }, next: NOW + next, heavy: NOW + heavy, last: NOW + last }) as Due;
  const mended = (one: Due, more: Partial<typeof every> = {}) => {
    mendTimes([one], NOW, { ...every, ...more }, () => 0.5);
    return [one.next - NOW, one.heavy - NOW, one.last - NOW];
  };
  test.each<[string, Due, number[]]>([
    ['all is as it can be', due(600, 3_600, -5), [600, 3_600, -5]],
    ['half an interval later is still well', due(900, 5_400), [900, 5_400, 0]],
    ['later than that: within one interval', due(901, 5_401), [300, 1_800, 0]],
    ['overdue: stays so', due(-50, -90, -600), [-50, -90, -600]],
    ['measured in the time to come: now', due(600, 3_600, 70), [600, 3_600, 0]],
  ])('%s', (_name, one, expected) => expect(mended(one)).toEqual(expected));
  test('what is never measured stays so', () => {
    expect(mended(due(0, Infinity), { speed: Infinity })[1]).toBe(Infinity);
  });
});

test.each<[string, unknown, string | null]>([
  ['a host', { kind: 'host', name: 'a.example' }, 'a.example'],
  [
    'a service: its web',
    {
      kind: 'service',
      service: {
        components: [
          { id: 'calls', members: [{ host: { name: 'c.example', addresses: [] } }] },
          { id: 'web', members: [{ host: { name: 'w.example', addresses: [] } }] },
        ],
      },
    },
    'w.example',
  ],
  [
    'a service without a web: its first',
    {
      kind: 'service',
      service: { components: [{ id: 'calls', members: [{ host: { name: 'c.example', addresses: [] } }] }] },
    },
    'c.example',
  ],
  [
    'addresses that nobody looks up',
    {
      kind: 'service',
      service: { components: [{ id: 'web', members: [{ host: { name: 'w.example', addresses: ['192.0.2.1'] } }] }] },
    },
    null,
  ],
  ['nothing', { kind: 'service', service: { components: [] } }, null],
])('the name that people type for %s: %3$s', (_name, target, name) => {
  expect(publicName(target as Parameters<typeof publicName>[0])).toBe(name);
});
