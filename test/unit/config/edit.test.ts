import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Edit, editConfig } from '../../../src/config/edit.ts';

const PAPER = `# mine
database:   data/x.db   # aligned by hand

sources:
  # the first
  - id: one   # read daily
    url: https://one.example/
    # inside

  # after the list

# for what comes next
policy: { groupWait: 60s,   level: early }
empty: []
nothing:
text: |
  as it
   stands
`;

const CASES: { name: string; text: string; edit: Edit; expected: string }[] = [
  {
    name: 'append to a block list: after its last item, all else as it was',
    text: PAPER,
    edit: { do: 'append', path: ['sources'], values: [{ id: 'two', tags: ['a'] }] },
    expected: PAPER.replace(
      '    url: https://one.example/\n',
      '    url: https://one.example/\n  - id: two\n    tags:\n      - a\n',
    ),
  },
  {
    name: 'a value: in its place, the comment behind it stays',
    text: PAPER,
    edit: { do: 'set', path: ['database'], value: 'postgres://x/y' },
    expected: PAPER.replace('data/x.db', 'postgres://x/y'),
  },
  {
    name: 'append to an empty flow list',
    text: PAPER,
    edit: { do: 'append', path: ['empty'], values: [1, 'x'] },
    expected: PAPER.replace('empty: []', 'empty:\n  - 1\n  - x'),
  },
  {
    name: 'append to a flow list with items',
    text: 'include: ["a.yaml", b.yaml] # two\n',
    edit: { do: 'append', path: ['include'], values: ['bundled:feeds.yaml'] },
    expected: 'include: ["a.yaml", b.yaml, bundled:feeds.yaml] # two\n',
  },
  {
    name: 'append to a key without a value',
    text: PAPER,
    edit: { do: 'append', path: ['nothing'], values: ['x'] },
    expected: PAPER.replace('nothing:\n', 'nothing:\n  - x\n'),
  },
  {
    name: 'a new key at the top: at the end',
    text: PAPER,
    edit: { do: 'set', path: ['web'], value: { listen: '127.0.0.1:8080' } },
    expected: `${PAPER}web:\n  listen: 127.0.0.1:8080\n`,
  },
  {
    name: 'a new key that a comment explains: below that comment',
    text: '# Sources.\n#\n# sources:\n#   - id: x\n#     kind: rss\n\n# web:\n',
    edit: { do: 'append', path: ['sources'], values: [{ id: 'two' }] },
    expected: '# Sources.\n#\n# sources:\n#   - id: x\n#     kind: rss\nsources:\n  - id: two\n\n# web:\n',
  },
  { name: 'an empty file', text: '', edit: { do: 'set', path: ['a'], value: 1 }, expected: 'a: 1\n' },
  {
    name: 'only comments',
    text: '# mine',
    edit: { do: 'set', path: ['a'], value: { b: 1 } },
    expected: '# mine\na:\n  b: 1\n',
  },
  {
    name: 'a list in place of another',
    text: 'b:\n    - 1 # x\n    - 2\n# end\n',
    edit: { do: 'set', path: ['b'], value: [3] },
    expected: 'b:\n    - 3\n# end\n',
  },
  {
    name: 'a trailing comma in a flow list: the file is laid out anew, and right',
    text: 'a: [1, 2,]\nb: 1   # x\n',
    edit: { do: 'append', path: ['a'], values: [3] },
    expected: 'a: [ 1, 2, 3 ]\nb: 1 # x\n',
  },
];

test.each(CASES)('$name', ({ text, edit, expected }) => expect(editConfig(text, [edit])).toBe(expected));

describe('what cannot be changed alone', () => {
  test.each([
    ['broken YAML', 'a: [1', { do: 'set', path: ['a'], value: 1 }],
    ['a list at the top', '- a\n', { do: 'set', path: ['a'], value: 1 }],
    ['an anchor that others need', 'a: &x { b: 1 }\nc: *x\n', { do: 'set', path: ['a'], value: 2 }],
  ] as [string, string, Edit][])('%s: config_invalid', (_name, text, edit) => {
    expect(() => editConfig(text, [edit])).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});

test('JSON: stays JSON', () => {
  const edits: Edit[] = [
    { do: 'append', path: ['sources'], values: [{ id: 'x' }] },
    { do: 'set', path: ['web'], value: { listen: 'a:1' } },
  ];
  const text = editConfig('{"sources":[]}', edits, { json: true });
  expect(JSON.parse(text)).toEqual({ sources: [{ id: 'x' }], web: { listen: 'a:1' } });
});

test('the explained configuration: a source is added to it without a word of it changed', () => {
  const before = readFileSync('config/tocsin.example.yaml', 'utf8');
  const after = editConfig(before, [{ do: 'append', path: ['sources'], values: [{ id: 'x', kind: 'rss' }] }]);
  expect(after.replace('sources:\n  - id: x\n    kind: rss\n', '')).toBe(before);
  expect(parse(after)).toMatchObject({ sources: [{ id: 'x', kind: 'rss' }] });
});

test('any values: what is read back is what was meant, and comments stay', () => {
  const value = fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
      const after = editConfig(PAPER, [
        { do: 'append', path: ['sources'], values },
        { do: 'set', path: ['policy'], value: { x: values[0] } },
      ]);
      const data = parse(after) as { sources: unknown[]; policy: { x: unknown } };
      // -0 and 0 are one number in a file.
      const plain = JSON.parse(JSON.stringify(values));
      expect(JSON.parse(JSON.stringify([data.sources.slice(1), data.policy.x]))).toEqual([plain, plain[0]]);
      for (const comment of ['# aligned by hand', '# the first', '# inside', '# after the list'])
        expect(after).toContain(comment);
    }),
    { numRuns: 100 },
  );
});
