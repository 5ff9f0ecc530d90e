/** What a schema finds, as sentences for people: each kind of fault with its own words and its own remedy. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { addIssues, ENVIRONMENT, FIRST_FAULT, Problems } from '../../../src/config/problems.ts';

const schema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(8))),
  url: v.optional(v.pipe(v.string(), v.url())),
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9))),
  least: v.optional(v.pipe(v.number(), v.minValue(5))),
  on: v.optional(v.boolean()),
  list: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  level: v.optional(v.picklist(['early', 'corroborated', 'confirmed'])),
  code: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'is no country code; write two capital letters'))),
  odd: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => text === 'x', 'wrong in a way of its own; mend it'),
    ),
  ),
  mail: v.optional(v.pipe(v.string(), v.email())),
  token: v.optional(v.string()),
  inner: v.optional(
    v.nullable(v.strictObject({ key: v.string(), list: v.optional(v.array(v.strictObject({ id: v.number() }))) })),
  ),
  either: v.optional(v.union([v.literal('auto'), v.pipe(v.strictObject({ minutes: v.number() }))])),
});

type Over = Partial<Parameters<typeof addIssues>[2]>;
function faults(value: unknown, over: Over = {}): string[] {
  const problems = new Problems();
  const { issues } = v.safeParse(schema, value, FIRST_FAULT);
  addIssues(issues ?? [], schema, { name: 'a.yaml', path: 'block[0]', problems, ...over });
  return problems.list.map(({ path, wrong, remedy }) => `${path}: ${wrong}; ${remedy}`);
}

describe('one fault', () => {
  test.each<[object, string]>([
    [{ name: 5 }, 'block[0].name: should be text, not 5; put it in quotes'],
    [{ name: '' }, 'block[0].name: "" must not be empty; write something, or leave the key out'],
    [{ name: 'far too long' }, 'block[0].name: "far too long" is too long; at most 8; shorten it'],
    [{ name: null }, 'block[0].name: should be text, not null; correct it'],
    [{ name: {} }, 'block[0].name: should be text, not a block of keys; correct it'],
    [{ url: 'example.org' }, 'block[0].url: "example.org" must be a web address; begin it with https:// or http://'],
    [{ count: '3' }, 'block[0].count: should be a number, not "3"; write the number without quotes'],
    [{ count: 1.5 }, 'block[0].count: 1.5 must be a whole number; leave the fraction out'],
    [{ count: -1 }, 'block[0].count: -1 must be 0 or more; a negative value means nothing here'],
    [{ count: 10 }, 'block[0].count: 10 must be 9 or less; lower it'],
    [{ least: 4 }, 'block[0].least: 4 must be 5 or more; raise it'],
    [{ on: 'yes' }, 'block[0].on: should be true or false, not "yes"; write true or false, without quotes'],
    [{ on: 1 }, 'block[0].on: should be true or false, not 1; correct it'],
    [{ list: 'one' }, 'block[0].list: should be a list, not "one"; write it as a list: ["one"]'],
    [{ list: [] }, 'block[0].list: must not be empty; write something, or leave the key out'],
    [{ list: ['a', 2] }, 'block[0].list[1]: should be text, not 2; put it in quotes'],
    [
      { level: 'confirmd' },
      'block[0].level: should be "early", "corroborated" or "confirmed", not "confirmd"; did you mean "confirmed"?',
    ],
    [
      { level: 'loud' },
      'block[0].level: should be "early", "corroborated" or "confirmed", not "loud"; take one of them',
    ],
    [{ code: 'ru' }, 'block[0].code: "ru" is no country code; write two capital letters'],
    [{ odd: 'y' }, 'block[0].odd: "y" is not accepted: wrong in a way of its own; mend it'],
    [
      { mail: 'me' },
      expect.stringMatching(/^block\[0\]\.mail: "me" does not fit \(email .*\); correct it$/) as unknown as string,
    ],
    [{ inner: {} }, 'block[0].inner.key: is missing; add "key: …" here'],
    [
      { inner: { key: 'k', list: [{ id: 'x' }] } },
      'block[0].inner.list[0].id: should be a number, not "x"; write the number without quotes',
    ],
    [{ coutn: 5 }, 'block[0].coutn: unknown key; did you mean "count"?'],
    [{ inner: { key: 'k', kye: 1 } }, 'block[0].inner.kye: unknown key; did you mean "key"?'],
    [{ inner: { key: 'k', list: [{ id: 1, idd: 2 }] } }, 'block[0].inner.list[0].idd: unknown key; did you mean "id"?'],
  ])('%j', (value, line) => expect(faults(value)).toEqual([line]));
});

describe('several', () => {
  test('unknown keys of one block: all of them, and what is beside them', () => {
    expect(faults({ nmae: 'x', zzz: 1, count: 'x' }).map((line) => line.split(':')[0])).toEqual(
      expect.arrayContaining(['block[0].nmae', 'block[0].zzz']),
    );
  });

  test('a block that is guessed at: keys that it does not know may well be right', () => {
    expect(faults({ zzz: 1 }, { guessed: true })).toEqual([]);
    expect(faults({ count: 'x' }, { guessed: true })).toHaveLength(1);
  });

  test('complained of already: not again', () => {
    expect(faults({ name: 5, count: 'x' }, { silent: new Set(['name']) })).toEqual([
      expect.stringMatching(/^block\[0\]\.count/),
    ]);
  });

  test('all well, or the whole file: no path before the key', () => {
    expect(faults({ name: 'x', either: 'auto' })).toEqual([]);
    expect(faults({ name: 5 }, { path: '' })).toEqual([expect.stringMatching(/^name: /)]);
  });
});

describe('secrets', () => {
  test.each([5, null, ['s3cret'], { s3cret: 1 }])('%j of a wrong type: not shown', (token) => {
    const [line] = faults({ token }, { secrets: ['token'] });
    expect(line).toMatch(/^block\[0\]\.token: should be text; /);
    expect(line).not.toContain('s3cret');
  });

  const needed = (name: string, secrets: string[]): string => {
    const strict = v.strictObject({ token: v.string() });
    const problems = new Problems();
    addIssues(v.safeParse(strict, {}).issues!, strict, { name, path: 'a', problems, secrets });
    return `${problems.list[0]!.wrong}; ${problems.list[0]!.remedy}`;
  };
  test('missing: how it is written without standing in the file', () => {
    expect(needed('a.yaml', ['token'])).toBe('is missing; write it as "token: env:NAME" or "token: file:PATH"');
    expect(needed('a.yaml', [])).toBe('is missing; add "token: …" here');
    expect(needed(ENVIRONMENT, ['token'])).toBe(
      'is missing; set its variable, too (README, "Accounts from the environment")',
    );
  });
});
