import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Details,
  type OnRow,
  type RowParser,
  readCsv,
  readJson,
  readLines,
  type Tally,
} from '../../../src/sources/registry/index.ts';

type Make = (onRow: OnRow) => RowParser;
interface Read extends Tally {
  hosts: string[];
  details: Details[];
}

/** Reads a document in pieces that end at these offsets. */
function read(make: Make, document: string | Uint8Array, ends: readonly number[] = []): Read {
  const hosts: string[] = [];
  const details: Details[] = [];
  const reader = make((host, about) => {
    hosts.push(host);
    details.push({ ...about() });
  });
  const bytes = typeof document === 'string' ? new TextEncoder().encode(document) : document;
  let from = 0;
  for (const end of [...ends.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]) {
    // A copy: what is kept of a piece must not change with the buffer that it came in.
    const piece = bytes.slice(from, end);
    reader.push(piece);
    piece.fill(0);
    from = end;
  }
  return { hosts, details, ...reader.end() };
}
/** Whatever the pieces: the same. */
function anyPieces(make: Make, document: fc.Arbitrary<string | Uint8Array>) {
  fc.assert(
    fc.property(document, fc.array(fc.nat(200), { maxLength: 8 }), (text, ends) => {
      expect(read(make, text, ends)).toEqual(read(make, text));
    }),
  );
}

describe('the register as a table', () => {
  const line = (domain: string, urls = '', more = 'Суд;2-1/24;2024-02-11') => `192.0.2.1;${domain};${urls};${more}`;
  const csv = (...lines: string[]) => read(readCsv, `Updated: 2026-02-11 09:00:00 +0300\n${lines.join('\n')}\n`);

  test('a row: its host, agency, decision and day; the time of the register by its own zone', () => {
    expect(csv(line('example.org'))).toEqual({
      hosts: ['example.org'],
      details: [{ agency: 'Суд', decision: '2-1/24', date: '2024-02-11' }],
      rows: 1,
      odd: 0,
      updatedAt: Date.UTC(2026, 1, 11, 6),
      cut: false,
      dropped: 0,
    });
  });
  test.each<[string, string, number | null]>([
    ['without a zone: UTC', 'Updated: 2026-02-11 09:00:00', Date.UTC(2026, 1, 11, 9)],
    ['with a T', 'Updated: 2026-02-11T09:00:00 -0230', Date.UTC(2026, 1, 11, 11, 30)],
    ['of no month', 'Updated: 2026-13-11 09:00:00', null],
    ['of another word', 'Made: 2026-02-11 09:00:00', null],
  ])('its time %s', (_name, first, updatedAt) => {
    expect(read(readCsv, `${first}\n${line('example.org')}\n`).updatedAt).toBe(updatedAt);
  });

  test.each<[string, string, string[]]>([
    ['a name', line('example.org'), ['example.org']],
    ['several, one of them twice', line('a.org | b.org | a.org'), ['a.org', 'b.org']],
    ['a mask', line('*.example.org'), ['*.example.org']],
    ['a name and a page of it: about the page', line('example.org', 'http://example.org/page'), []],
    [
      'a name, its page and its site: about the site',
      line('example.org', 'http://example.org/page | https://example.org/'),
      ['example.org'],
    ],
    ['no name, and a site', line('', 'https://example.org'), ['example.org']],
    ['no name, and a page', line('', 'https://example.org/a?b=c'), []],
    ['a site with a user and a port', line('', 'http://me@example.org:8080/'), ['example.org']],
    ['neither: addresses alone', line(''), []],
    ['an address that is none', line('', 'example.org'), []],
    ['quoted, with a separator inside', line('"a;b.org"'), ['a;b.org']],
    ['quoted, with a quote inside', line('"a""b.org"'), ['a"b.org']],
    ['a quote within the text is itself', line('a"b.org'), ['a"b.org']],
    ['a quote that nobody closes ends with its line', `${line('"a.org')}\n${line('b.org')}`, ['b.org']],
  ])('%s', (_name, text, hosts) => expect(csv(text).hosts).toEqual(hosts));

  test('rows that name nothing count as read; lines without a day are odd', () => {
    expect(csv(line(''), line('a.org'), 'nonsense', line('b.org', '', 'Суд;1;yesterday'), '')).toMatchObject({
      rows: 2,
      odd: 2,
      cut: false,
    });
  });
  test('a line that does not end: what is beyond its bound is counted', () => {
    const long = line('a.org', 'x'.repeat(1_500_000));
    expect(csv(line('b.org'), long).dropped).toBe(0);
    const whole = `${line('b.org')}\n${long}`;
    expect(read(readCsv, whole)).toMatchObject({ hosts: ['b.org'], dropped: Buffer.byteLength(long) - 1_000_001 });
  });
  test('windows-1251 and UTF-8, also in one document', () => {
    const cyrillic = Uint8Array.from([0xd1, 0xf3, 0xe4]);
    const bytes = Buffer.concat([
      Buffer.from('1;a.org;;'),
      cyrillic,
      Buffer.from(';1;2024-02-11\n'),
      Buffer.from('1;b.org;;Суд;1;2024-02-11\n'),
    ]);
    expect(read(readCsv, bytes).details.map(({ agency }) => agency)).toEqual(['Суд', 'Суд']);
  });
  test.each<[string, string, boolean]>([
    ['after its last line', `${line('a.org')}\n`, false],
    ['without the last line’s end', line('a.org'), false],
    ['within a line', `${line('a.org')}\n192.0.2.1;b.o`, true],
    ['within quotes', `${line('a.org')}\n192.0.2.1;"b.org;;x;1;2024-02-11`, true],
  ])('it ends %s: cut %s', (_name, text, cut) => expect(read(readCsv, text)).toMatchObject({ rows: 1, cut }));
  test('columns without end: a bounded part of each, and the next row is whole', () => {
    const { hosts, details } = csv(`1;${'a'.repeat(9_000)}.org;;${'b'.repeat(9_000)};1;2024-02-11`, line('c.org'));
    expect(hosts.map(({ length }) => length)).toEqual([400, 5]);
    expect(details[0]!.agency).toHaveLength(200);
  });
  test('carriage returns: none in what is read', () => {
    expect(read(readCsv, `${line('a.org')}\r\n${line('b.org')}\r\n`).details.map(({ date }) => date)).toEqual([
      '2024-02-11',
      '2024-02-11',
    ]);
  });
  test('whatever pieces it comes in: the same', () => {
    const piece = fc.constantFrom(
      ';',
      '"',
      '""',
      '\n',
      '\r\n',
      ' | ',
      'a.org',
      'https://b.org/',
      '2024-02-11',
      'Суд',
      'x',
    );
    anyPieces(
      readCsv,
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    anyPieces(readCsv, fc.uint8Array({ maxLength: 60 }));
  });
});

describe('names in JSON', () => {
  test.each<[string, string, Partial<Read>]>([
    ['a list of names', '["a.org","*.b.org"]', { hosts: ['a.org', '*.b.org'], rows: 2, odd: 0, cut: false }],
    ['objects', '[{"domain":"a.org"},{"domains":["b.org","c.org"]}]', { hosts: ['a.org', 'b.org', 'c.org'], odd: 0 }],
    ['the name of a field is none, though it looks like one', '[{"www.org":"a.org"}]', { hosts: ['a.org'], odd: 0 }],
    ['what is no name', '["a.org","none","http://b.org/","b.org:80","a b.org",""]', { hosts: ['a.org'], odd: 5 }],
    ['numbers and nothing', '[1,null,true,"a.org"]', { hosts: ['a.org'], odd: 0 }],
    ['escapes are in no name', '["a\\u002eorg","b.org\\"","c.org"]', { hosts: ['c.org'], odd: 2 }],
    ['spaces around', ' [ " a.org " , "b.org" ] \n', { hosts: ['a.org', 'b.org'], cut: false }],
    ['an empty list', '[]', { hosts: [], rows: 0, odd: 0, cut: false }],
    ['beyond the ASCII letters', '["пример.рф"]', { hosts: ['пример.рф'] }],
    ['a name without end', `["${'a'.repeat(600)}.org","b.org"]`, { hosts: ['b.org'], odd: 1 }],
    ['it breaks off', '["a.org","b.o', { hosts: ['a.org'], rows: 1, cut: true }],
    ['it breaks off after a name', '["a.org"', { rows: 0, cut: true }],
    ['an object', '{"domains":["a.org"]}', { rows: 0, odd: 1, cut: false }],
    ['a web page', '<html>"a.org"</html>', { rows: 0, odd: 1 }],
    ['something after its end', '["a.org"] ["b.org"]', { rows: 0, odd: 1 }],
    ['nothing', '', { rows: 0, cut: true }],
  ])('%s', (_name, text, expected) => expect(read(readJson, text)).toMatchObject(expected));

  test('any names, as any JSON writer puts them: each is read, in any pieces', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}\.[a-z]{2,4}$/);
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 12 }),
        fc.constantFrom(0, 2, '\t'),
        fc.array(fc.nat(300), { maxLength: 5 }),
        (names, indent, ends) => {
          const forms = [names, names.map((domain) => ({ id: 1, domain })), [{ domains: names }]];
          for (const form of forms)
            expect(read(readJson, JSON.stringify(form, null, indent), ends)).toMatchObject({
              hosts: names,
              odd: 0,
              cut: false,
            });
        },
      ),
    );
  });
});

describe('one name a line', () => {
  test.each<[string, string, Partial<Read>]>([
    ['names', 'a.org\nb.org\n', { hosts: ['a.org', 'b.org'], rows: 2, odd: 0, cut: false }],
    ['no end of the last line', 'a.org\nb.org', { hosts: ['a.org', 'b.org'] }],
    ['Windows’ ends and spaces', ' a.org \r\n\tb.org\r\n', { hosts: ['a.org', 'b.org'] }],
    ['comments and empty lines', '# a.org\n\n  \n#\nb.org\n', { hosts: ['b.org'], odd: 0 }],
    ['masks', '*.a.org\n', { hosts: ['*.a.org'] }],
    [
      'what is no name',
      'localhost\nhttp://a.org\na.org/b\na.org b.org\n{"a.org"}\n<a.org>\nb.org\n',
      { hosts: ['b.org'], odd: 6 },
    ],
    ['a line without end', `${'a'.repeat(2_000)}.org\nb.org\n`, { hosts: ['b.org'], odd: 1 }],
    ['a line of just a thousand', `${'a'.repeat(996)}.org\n`, { rows: 1, odd: 0 }],
    ['nothing', '', { rows: 0, odd: 0 }],
  ])('%s', (_name, text, expected) => expect(read(readLines, text)).toMatchObject(expected));
  test('whatever pieces it comes in: the same', () => {
    const piece = fc.constantFrom('\n', 'a.org', 'б.рф', '#', ' ', '\r', 'x'.repeat(600));
    anyPieces(
      readLines,
      fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
    );
  });
});
