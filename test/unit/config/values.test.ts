/** Values of a configuration: what is taken, what is not, and what a mistyped word meant. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseFlat } from '../../../src/config/lexicon.ts';
import { nearest, Problems, shown, suggestion } from '../../../src/config/problems.ts';
import { parseDuration } from '../../../src/config/schema.ts';
import {
  isAddress,
  isPostgres,
  isProxy,
  keepPassword,
  type Place,
  parseListen,
  resolveBlock,
  resolveText,
  withoutPassword,
} from '../../../src/config/secrets.ts';

describe('durations', () => {
  test.each<[string | number, number | null]>([
    ['10s', 10_000],
    ['5m', 300_000],
    ['6h', 21_600_000],
    ['45d', 3_888_000_000],
    ['1.5h', 5_400_000],
    ['0.001s', 1],
    [' 10 s ', 10_000],
    [0, 0],
    ['0', 0],
    ['0s', 0],
    ['3650d', 3_650 * 86_400_000],
    ['3651d', null],
    [10, null],
    ['10', null],
    ['-5m', null],
    ['5 minutes', null],
    ['1e3s', null],
    ['5M', null],
    ['', null],
    ['s', null],
    ['1.2.3s', null],
    ['99999999999s', null],
  ])('%j: %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test('any number with a unit: that time, or none where it is longer than ten years', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.constantFrom('s', 'm', 'h', 'd'), (n, unit) => {
        const ms = n * { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 's'];
        expect(parseDuration(`${n}${unit}`)).toBe(ms <= 3_650 * 86_400_000 ? ms : null);
      }),
    );
  });
});

describe('addresses', () => {
  test.each<[string, boolean]>([
    ['https://a.example/x', true],
    ['http://127.0.0.1:80', true],
    ['HTTPS://A.EXAMPLE', true],
    ['https://', false],
    ['ftp://a.example', false],
    ['a.example', false],
    ['javascript:alert(1)', false],
    ['', false],
  ])('address %s: %s', (text, ok) => expect(isAddress(text)).toBe(ok));

  test.each<[string, boolean]>([
    ['http://127.0.0.1:3128', true],
    ['https://proxy.example', true],
    ['socks5://me:pw@127.0.0.1:9050', true],
    ['socks5h://127.0.0.1:9050', true],
    ['http://127.0.0.1:3128/path', false],
    ['http://127.0.0.1:3128?x=1', false],
    ['ftp://127.0.0.1', false],
    ['127.0.0.1:3128', false],
    ['socks5://', false],
  ])('proxy %s: %s', (text, ok) => expect(isProxy(text)).toBe(ok));

  test.each<[string, ReturnType<typeof parseListen>]>([
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
    [' 0.0.0.0:80 ', { host: '0.0.0.0', port: 80 }],
    ['localhost:65536', null],
    ['::1:80', null],
    [':80', null],
    ['80', null],
    ['127.0.0.1', null],
    ['http://127.0.0.1:80', null],
    ['127.0.0.1:80/x', null],
  ])('listen %s: %j', (text, expected) => expect(parseListen(text)).toEqual(expected));

  test.each([
    ['postgres://h/d', true],
    ['POSTGRESQL:///d', true],
    ['postgres:d', false],
    ['mysql://h', false],
    ['my-postgres://x', false],
  ])('database %s: PostgreSQL = %s', (text, ok) => expect(isPostgres(text)).toBe(ok));
});

describe('a mistyped word', () => {
  const KNOWN = ['accounts', 'agents', 'database', 'network', 'operators', 'policy', 'perHost', 'sources'];
  test.each<[string, string | null]>([
    ['acounts', 'accounts'],
    ['databse', 'database'],
    ['per-host', 'perHost'],
    ['PERHOST', 'perHost'],
    ['netwrok', 'network'],
    ['polic', 'policy'],
    ['weather', null],
    ['', null],
    ['x'.repeat(1_000), null],
  ])('%.20s: %s', (word, meant) => {
    expect(nearest(word, KNOWN)).toBe(meant);
    expect(suggestion(word, KNOWN)).toBe(
      meant === null ? `known here: ${[...KNOWN].sort().join(', ')}` : `did you mean "${meant}"?`,
    );
  });

  test('any one slip in a word of six letters or more: that word', () => {
    const slips = fc.record({
      word: fc.constantFrom(...KNOWN.filter((one) => one !== 'perHost' && one.length >= 7)),
      at: fc.nat(5),
      kind: fc.constantFrom('drop', 'double', 'swap', 'replace'),
    });
    fc.assert(
      fc.property(slips, ({ word, at, kind }) => {
        const letters = [...word];
        if (kind === 'drop') letters.splice(at, 1);
        if (kind === 'double') letters.splice(at, 0, letters[at]!);
        if (kind === 'swap') [letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!];
        if (kind === 'replace') letters[at] = 'q';
        expect([letters.join(''), nearest(letters.join(''), KNOWN)]).toEqual([letters.join(''), word]);
      }),
    );
  });
});

describe('problems', () => {
  test('a value in a message: short, one kind of quote, and no password of an address', () => {
    expect([shown('x'), shown(5), shown(null), shown(undefined), shown([1]), shown({ a: 1 }), shown(true)]).toEqual([
      '"x"',
      '5',
      'null',
      'nothing',
      'a list',
      'a block of keys',
      'true',
    ]);
    expect(shown('x'.repeat(500)).length).toBeLessThanOrEqual(60);
    expect(shown('postgres://me:s3cret@host/d')).toBe('"postgres://me:***@host/d"');
    expect(shown('postgres://me:p@ss@word@host')).not.toMatch(/ss|word/);
  });

  test('many: fifty are printed, the rest is counted; each on one line that a stranger cannot forge', () => {
    const problems = new Problems();
    for (let n = 0; n < 60; n++) problems.add('a.yaml', `k${n}`, 'is wrong\n\u202eb.yaml: x: is fine', 'mend it');
    const lines = (() => {
      try {
        problems.raise();
      } catch (error) {
        return (error as Error).message.split('\n');
      }
      return [];
    })();
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([
      51,
      'a.yaml: k0: is wrong b.yaml: x: is fine; mend it',
      '… and 10 more',
    ]);
    expect(() => new Problems().raise()).not.toThrow();
  });
});

describe('secrets', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-secrets-'));
    writeFileSync(join(folder, 'good'), '  from-a-file\n');
    writeFileSync(join(folder, 'large'), 'x'.repeat(70_000));
    writeFileSync(join(folder, 'odd'), 'https://me:%ZZ@host/');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const place = (): Place => ({
    name: 'a.yaml',
    folder,
    env: { SET: ' from-env ', EMPTY: ' ' },
    cwd: folder,
    problems: new Problems(),
    redactions: new Set(),
    files: new Set(),
    unset: [],
  });

  test.each<[string, boolean, string | null, RegExp | null]>([
    ['plain', true, 'plain', null],
    ['env:SET', false, 'from-env', null],
    ['env: SET', false, 'from-env', null],
    ['env:UNSET', false, null, /UNSET is not set; set it, or use file:PATH/],
    ['env:EMPTY', false, null, /EMPTY is empty/],
    ['env:no name', true, null, /names no environment variable/],
    ['env:no name', false, 'env:no name', null],
    ['file:good', true, 'from-a-file', null],
    ['file:good', false, 'file:good', null],
    ['file:none', true, null, /the file none does not exist/],
    ['file:large', true, null, /too large for a secret/],
    ['file:.', true, null, /is a folder/],
    ['file:odd', true, null, /"%" that is no escape.*%25/],
  ])('%s (secret: %s): %s', (text, secret, value, problem) => {
    const at = place();
    expect(resolveText(text, 'accounts[0].token', secret, at)).toBe(value);
    const lines = at.problems.list.map(({ path, wrong, remedy }) => `${path} ${wrong}; ${remedy}`);
    if (problem === null) expect(lines).toEqual([]);
    else expect(lines).toEqual([expect.stringMatching(problem)]);
  });

  test('a block: references resolved where they stand, secrets never to be printed, also those within, and keys of any name', () => {
    const at = place();
    const block = JSON.parse(
      '{"token":"file:good","note":"file:good","webhook":{"secret":"env:SET"},"list":["env:SET"],"__proto__":{"x":"env:SET"},"url":"http://me:pass-word@h/"}',
    );
    const { block: made, unresolved } = resolveBlock(block, 'accounts[0]', ['token', 'webhook.secret'], at);
    expect(made).toMatchObject({
      token: 'from-a-file',
      note: 'file:good',
      webhook: { secret: 'from-env' },
      list: ['env:SET'],
    });
    expect(Object.keys(made)).toContain('__proto__');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect([...at.redactions].sort()).toEqual(['from-a-file', 'from-env', 'pass-word']);
    expect([...unresolved]).toEqual([]);
  });

  test('a secret of a wrong type: still never printed; one that leads nowhere is complained of once', () => {
    const at = place();
    const { unresolved } = resolveBlock(
      { token: ['hidden-one', { deep: 'hidden-two' }], other: 'env:UNSET' },
      'a',
      ['token'],
      at,
    );
    expect([...at.redactions].sort()).toEqual(['hidden-one', 'hidden-two']);
    expect([[...unresolved], at.problems.list.length]).toEqual([['other'], 1]);
  });

  test.each<[string, string, string[]]>([
    ['postgres://me:s3cret@h/d', 'postgres://me:***@h/d', ['s3cret']],
    ['http://me:p%40ss@h/', 'http://me:***@h/', ['p%40ss', 'p@ss']],
    ['http://me@h/', 'http://me@h/', []],
    ['http://h/?a=b@c', 'http://h/?a=b@c', []],
    ['not an address: x@y', 'not an address: x@y', []],
  ])('%s: shown as %s', (address, safe, hidden) => {
    const redactions = new Set<string>();
    expect([withoutPassword(address), keepPassword(address, redactions), [...redactions]]).toEqual([
      safe,
      address,
      hidden,
    ]);
  });
});

describe('the flat part of YAML', () => {
  const word = fc
    .stringMatching(/^[a-zа-я][a-zа-я0-9_/ -]{0,12}[a-zа-я]$/)
    .filter((one) => !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(one));
  const key = word.map((one) => one.replace(/[: ]/g, '-'));
  const text = fc.oneof(
    word,
    word.map((one) => `"${one}: x # y"`),
  );
  const lines = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('text' as const), key, value: text }),
      fc.record({
        kind: fc.constant('section' as const),
        key,
        entries: fc.uniqueArray(fc.tuple(key, text), { minLength: 1, maxLength: 4, selector: ([one]) => one }),
      }),
      fc.record({ kind: fc.constant('folded' as const), key, parts: fc.array(word, { minLength: 1, maxLength: 3 }) }),
      fc.record({ kind: fc.constant('comment' as const), value: word }),
    ),
    { maxLength: 10 },
  );

  test('whatever keeps to it: read as a full YAML parser reads it', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const seen = new Set<string>();
        const written = list.flatMap((one) => {
          if (one.kind === 'comment') return [`# ${one.value}: no key`];
          if (seen.has(one.key)) return [];
          seen.add(one.key);
          if (one.kind === 'text') return [`${one.key}: ${one.value}`];
          if (one.kind === 'folded') return [`${one.key}: >-`, ...one.parts.map((part) => `  ${part}`)];
          return [`${one.key}:`, ...one.entries.map(([k, value]) => `  ${k}: ${value}`)];
        });
        const source = `${written.join('\n')}\n`;
        expect(parseFlat(source)).toEqual(parse(source) ?? {});
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, RegExp]>([
    ['just words', /line 1 is neither/],
    ['a: b\n    deep: x', /line 2 is neither/],
    ['  a: b', /line 1 belongs to no section/],
    ['- a', /line 1 is neither/],
  ])('%j: refused with its line', (source, message) => expect(() => parseFlat(source)).toThrow(message));
});
