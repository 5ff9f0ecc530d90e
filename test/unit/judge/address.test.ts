import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bogonTest, parseAddress, parseRange, sameNetwork } from '../../../src/core/judge/address.ts';
import { isPrivateAddress } from '../../../src/platform/http.ts';

const text4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const words6 = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
const bytesOf = (words: number[]): number[] => words.flatMap((word) => [word >> 8, word & 255]);
/** The longest run of zeros as "::", as the usual tools print it. */
const canonical = (words: number[]): string =>
  new URL(`http://[${words.map((word) => word.toString(16)).join(':')}]/`).hostname.slice(1, -1);

describe('reading an address', () => {
  test('any IPv4 address: its four bytes', () => {
    fc.assert(
      fc.property(text4, (text) => {
        expect([...parseAddress(text)!]).toEqual(text.split('.').map(Number));
      }),
    );
  });

  test('any IPv6 address, long, shortened, in capitals or with an IPv4 tail: the same sixteen bytes', () => {
    fc.assert(
      fc.property(words6, fc.nat(8), (random, zeros) => {
        const words = random.map((word, i) => (i < zeros ? 0 : word));
        const tail = `${words[6]! >> 8}.${words[6]! & 255}.${words[7]! >> 8}.${words[7]! & 255}`;
        const forms = [
          words.map((word) => word.toString(16).padStart(4, '0')).join(':'),
          canonical(words),
          canonical(words).toUpperCase(),
          `${words
            .slice(0, 6)
            .map((word) => word.toString(16))
            .join(':')}:${tail}`,
        ];
        for (const form of forms) expect([form, [...(parseAddress(form) ?? [])]]).toEqual([form, bytesOf(words)]);
      }),
    );
  });

  test('any other text: nothing, and never a throw', () => {
    const junk = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%/]{0,30}$/));
    fc.assert(
      fc.property(junk, (text) => {
        const bytes = parseAddress(text);
        if (bytes) expect([4, 16]).toContain(bytes.length);
        if (/[^0-9a-fA-F:.]/.test(text) || text === '') expect(bytes).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('ranges', () => {
  test('any address and length: spared with all of its range, and with nothing that differs within the length', () => {
    fc.assert(
      fc.property(text4, fc.integer({ min: 1, max: 32 }), fc.nat(31), (text, bits, flip) => {
        const spared = bogonTest([`${text}/${bits}`]);
        const other = [...parseAddress(text)!];
        other[flip >> 3]! ^= 0x80 >> (flip & 7);
        expect(spared(text)).toBe(false);
        // Inside the range it is spared as well; outside it is what it is without the exception.
        expect(spared(other.join('.'))).toBe(flip >= bits ? false : bogonTest([])(other.join('.')));
      }),
    );
  });

  test('of no length: every address; of the other family: none', () => {
    expect(bogonTest(['0.0.0.0/0'])('10.0.0.1')).toBe(false);
    expect(bogonTest(['0.0.0.0/0'])('fe80::1')).toBe(true);
    expect(bogonTest(['::/0'])('10.0.0.1')).toBe(true);
    expect(parseRange('192.0.2.1')).toMatchObject({ bits: 32 });
    expect(parseRange('2001:db8::')).toMatchObject({ bits: 128 });
  });

  test('a range in the config that cannot be read: as if it were not there', () => {
    expect(bogonTest(['10.0.0.0/99', 'x', ''])('10.0.0.1')).toBe(true);
  });

  test('an address that the probe takes for false: the fetch does not call it either', () => {
    const first4 = fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224, 240, 255, 8);
    const second4 = fc.constantFrom(0, 16, 31, 64, 127, 168, 254, 18, 51, 88, 77);
    const near4 = fc.tuple(first4, second4, fc.constantFrom(0, 2, 99, 100, 113, 7), fc.nat(255));
    const first6 = fc.constantFrom(0, 0x64, 0x100, 0x2000, 0x2001, 0x2002, 0x3fff, 0x5f00, 0xfc00, 0xfe80, 0xff00);
    const second6 = fc.constantFrom(0, 1, 0x1ff, 0x200, 0xdb8, 0xfff, 0x1000, 0xff9b);
    const near6 = fc.tuple(first6, second6, words6).map(([a, b, rest]) => canonical([a, b, ...rest.slice(2)]));
    fc.assert(
      fc.property(
        fc.oneof(
          near4.map((parts) => parts.join('.')),
          near6,
        ),
        (text) => {
          // (An IPv4 address written as IPv6 is no answer of a resolver; the fetch looks at the address inside.)
          fc.pre(!text.startsWith('::ffff:'));
          if (bogonTest([])(text)) expect([text, isPrivateAddress(text)]).toEqual([text, true]);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('neighbours: the same /24 or /48 whichever is asked first, each its own neighbour, families apart', () => {
  fc.assert(
    fc.property(fc.oneof(text4, words6.map(canonical)), fc.oneof(text4, words6.map(canonical)), (a, b) => {
      expect(sameNetwork(a, b)).toBe(sameNetwork(b, a));
      expect(sameNetwork(a, a)).toBe(true);
      if (a.includes(':') !== b.includes(':')) expect(sameNetwork(a, b)).toBe(false);
      const [x, y] = [parseAddress(a)!, parseAddress(b)!];
      const near = x.length === 4 ? 3 : 6;
      const same = x.length === y.length && x.slice(0, near).every((byte, i) => byte === y[i]);
      expect(sameNetwork(a, b)).toBe(same);
    }),
  );
  expect(sameNetwork('example.org', 'example.org')).toBe(false);
});
