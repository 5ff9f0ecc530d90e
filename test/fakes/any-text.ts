import fc from 'fast-check';

/**
 * Any character, every second one of ASCII; as the unit of `fc.string`. The library's own `binary` says the same, but takes most of a second to
 * make its tables in each file that uses it.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.nat(0x7f), fc.nat(0x10f7ff))
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));
