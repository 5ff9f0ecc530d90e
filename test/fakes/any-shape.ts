import fc from 'fast-check';

/**
 * What a stranger's JSON may hold where something else is expected, and what a careless `String(value)`, `value.length` or `value[key]` falls over: no
 * text can be made of an object whose `toString` is a number.
 */
const ODD: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  'x'.repeat(5_000),
  '2026-13-45T99:99:99Z',
  'AS0',
  [],
  {},
  [[]],
  [null],
  { toString: 1 },
  { toString: 1, valueOf: 2 },
  { length: 7 },
  { constructor: null, __proto__: 1 },
];

/** An object with some of these keys, each well (`good`), odd, or any JSON; nested where a good value is one. */
export function shapesLike(good: Record<string, unknown>): fc.Arbitrary<unknown> {
  const odd = fc.constantFrom(...ODD);
  const field = (value: unknown): fc.Arbitrary<unknown> => {
    const nested =
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? [{ weight: 4, arbitrary: shapesLike(value as Record<string, unknown>) }]
        : [];
    const listed =
      Array.isArray(value) && value.length > 0
        ? [{ weight: 4, arbitrary: fc.array(field(value[0]), { maxLength: 4 }) }]
        : [];
    return fc.oneof(
      { weight: 5, arbitrary: fc.constant(value) },
      ...nested,
      ...listed,
      { weight: 3, arbitrary: odd },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    );
  };
  const fields = Object.fromEntries(Object.entries(good).map(([key, value]) => [key, field(value)]));
  return fc.oneof({ weight: 6, arbitrary: fc.record(fields, { requiredKeys: [] }) }, { weight: 1, arbitrary: odd });
}
