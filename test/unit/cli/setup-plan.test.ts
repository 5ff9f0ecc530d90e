/** Answers → changes, and changes → text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type Answers,
  bundledSources,
  chosenCountries,
  chosenSources,
  planEdits,
} from '../../../src/cli/setup/plan.ts';
import { likelyFeeds, unanswered } from '../../../src/cli/setup/questions.ts';
import { wrapped } from '../../../src/cli/setup/session.ts';
import { applied, type Data, type Edit, editConfig } from '../../../src/config/edit.ts';

const MINE = `# ours, with care
accounts:
  # the first
  - id: tg   # short
    platform: telegram
    token: env:TELEGRAM_TOKEN # secret

  - { id: mx, platform: matrix, homeserver: "https://x.example" }
sources:
  - id: a
    kind: rss

  # the second
  - { id: b, kind: rss }
  - id: c
    kind: rss
include:
  - one.yaml
# vantage: x
operators: ["telegram:1"]
# the end
`;

const EDITS: [name: string, edit: Edit, before: string, after: string][] = [
  [
    'a value, with a comment behind it',
    { do: 'set', path: ['accounts', 0, 'token'], value: 'file:secrets/tg' },
    'env:TELEGRAM_TOKEN # secret',
    'file:secrets/tg # secret',
  ],
  [
    'a new key of a block',
    { do: 'set', path: ['accounts', 0, 'rate'], value: 20 },
    'TOKEN # secret\n',
    'TOKEN # secret\n    rate: 20\n',
  ],
  [
    'a new key in braces',
    { do: 'set', path: ['accounts', 1, 'lang'], value: 'no' },
    '"https://x.example" }',
    '"https://x.example", lang: no }',
  ],
  [
    'one more of a list of blocks',
    { do: 'append', path: ['sources'], values: [{ id: 'z' }] },
    '  - id: c\n    kind: rss\n',
    '  - id: c\n    kind: rss\n  - { id: z }\n',
  ],
  [
    'one more in brackets',
    { do: 'append', path: ['operators'], values: ['telegram:2'] },
    '["telegram:1"]',
    '["telegram:1", telegram:2]',
  ],
  ['one less of a list: comments stay', { do: 'remove', path: ['sources', 1] }, '  - { id: b, kind: rss }\n', ''],
  [
    'a list in place of a list',
    { do: 'set', path: ['include'], value: ['two.yaml'] },
    'include:\n  - one.yaml\n',
    'include: [ two.yaml ]\n',
  ],
  [
    'a new key of the file, with its comment',
    { do: 'set', path: ['vantage'], value: 'v.yaml', comment: 'Own probes.\nCareful.' },
    '# the end\n',
    '# the end\n\n# Own probes.\n# Careful.\nvantage: v.yaml\n',
  ],
];

const edited = (text: string, edits: readonly Edit[]): string => editConfig(text, edits, { compact: true });

describe('edited', () => {
  test.each(EDITS)('%s: nothing else changes', (_name, edit, before, after) => {
    expect(MINE.split(before)).toHaveLength(2);
    expect(edited(MINE, [edit])).toBe(MINE.replace(before, after));
  });

  test('lines that end as on Windows stay so', () => {
    const text = edited(MINE.replaceAll('\n', '\r\n'), [EDITS[0]![1], EDITS[7]![1]]);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('an empty file, one of comments alone, one in braces over lines: the data is what was meant', () => {
    for (const text of [
      '',
      '# only words\n',
      'accounts: [\n {id: a,\n platform: console,}]\n',
      '{}\n',
      '---\naccounts: []\n...\n',
    ]) {
      const edits: Edit[] = [
        { do: 'append', path: ['accounts'], values: [{ id: 'b', platform: 'console' }], comment: 'x' },
        { do: 'set', path: ['vantage'], value: 'v.yaml' },
      ];
      const meant = edits.reduce(applied, (parse(text) ?? {}) as Data);
      expect(parse(edited(text, edits)), JSON.stringify(text)).toEqual(meant);
    }
  });

  test('whatever strings are set, and wherever: read back they are the same, and no comment is lost', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('no', 'null', '1e3', '- a', 'a: b', '#', '"', '@a:b', '*x', '&y', '🔔', '\u0007'),
    );
    const path = fc.constantFrom(
      ['accounts', 0, 'token'],
      ['accounts', 1, 'lang'],
      ['sources', 2, 'name'],
      ['database'],
      ['operators', 0],
    );
    fc.assert(
      fc.property(path, value, (at, text) => {
        const edit: Edit = { do: 'set', path: at, value: text };
        const after = edited(MINE, [edit]);
        expect(parse(after)).toEqual(applied(parse(MINE), edit));
        for (const comment of ['# ours, with care', '# the first', '# short', '# the second', '# the end'])
          expect(after).toContain(comment);
      }),
      { numRuns: 200 },
    );
  });
});

const bundled = bundledSources();
const around = { bundled, folder: '/somewhere' };
const all = bundled.map(({ id }) => id);
const plan = (before: Data, answers: Partial<Answers>): Data =>
  planEdits(before, { accounts: [], operators: [], ...answers }, around).reduce(applied, before);
const BOTH = ['bundled:feeds.yaml', 'bundled:observatories.yaml'];

describe('planEdits', () => {
  test('everything that comes along, in no country by name: nothing is written about sources', () => {
    expect(plan({}, { sources: all, countries: [] })).toEqual({});
    expect(plan({ sources: [{ id: 'mine', kind: 'rss' }] }, { sources: all, countries: [] })).toEqual({
      sources: [{ id: 'mine', kind: 'rss' }],
      include: BOTH,
    });
  });

  test('countries: the observatories are told, the feeds are included whole', () => {
    const made = plan({}, { sources: all, countries: ['RU'] }) as { include: string[]; sources: Data[] };
    expect(made.include).toEqual(['bundled:feeds.yaml']);
    expect(made.sources.map(({ id, countries }) => [id, countries])).toEqual([
      ['ooni', ['RU']],
      ['ioda', ['RU']],
      ['gdelt', undefined],
    ]);
    expect(chosenCountries(made, around)).toEqual(['RU']);
    expect(chosenSources(made, around)).toEqual(all);
    const none = plan(made, { countries: [] });
    expect([none.include, none.sources]).toEqual([BOTH, []]);
  });

  test('some of them: each under its own id; own sources and includes stay where they are', () => {
    const before = {
      include: ['one.yaml', 'bundled:feeds.yaml'],
      sources: [
        { id: 'mine', kind: 'rss' },
        { id: 'ooni', kind: 'ooni', cron: 'mine' },
      ],
    };
    const made = plan(before, { sources: ['mediazona', 'ooni'], countries: ['IR'] }) as {
      include: string[];
      sources: Data[];
    };
    expect(made.include).toEqual(['one.yaml']);
    expect(made.sources).toEqual([
      { id: 'mine', kind: 'rss' },
      { id: 'ooni', kind: 'ooni', cron: 'mine', countries: ['IR'] },
      bundled.find(({ id }) => id === 'mediazona')!.block,
    ]);
    expect(chosenSources(made, around).sort()).toEqual(['mediazona', 'ooni']);
  });

  test('feeds written out: the press of what chats follow is read as before; what is said of it already stays', () => {
    expect(plan({}, { sources: ['mediazona'] }).feeds).toEqual({ follow: true });
    expect(plan({ feeds: { follow: false } }, { sources: ['mediazona'] }).feeds).toEqual({ follow: false });
    for (const sources of [['ioda'], [], bundled.map(({ id }) => id)])
      expect(plan({}, { sources }).feeds).toBeUndefined();
  });

  test('none at all: an empty list, since no key would mean all', () => {
    expect(plan({}, { sources: [], countries: [] })).toEqual({ sources: [] });
  });

  test('twice the same answers: the second time nothing is to be done', () => {
    const answers: Answers = {
      accounts: [
        {
          id: 'tg',
          platform: 'telegram',
          keys: { apiRoot: 'http://x' },
          references: { token: 'file:secrets/tg-token' },
        },
      ],
      countries: ['RU', 'IR'],
      languages: ['ru', 'en'],
      sources: ['mediazona', 'ioda'],
      vantage: 'vantage.yaml',
      operators: ['telegram:1', 'telegram:1'],
    };
    const once = plan({ policy: { level: 'early' } }, answers);
    expect(once).toMatchObject({ policy: { level: 'early' }, vantage: 'vantage.yaml', operators: ['telegram:1'] });
    expect(once.accounts).toEqual([
      { id: 'tg', platform: 'telegram', token: 'file:secrets/tg-token', apiRoot: 'http://x', lang: 'ru' },
    ]);
    expect(planEdits(once, answers, around)).toEqual([]);
  });

  test('nothing answered: nothing is changed', () => {
    expect(planEdits(parse(MINE), { accounts: [], operators: [] }, around)).toEqual([]);
  });
});

test('likely feeds: of the languages of the people and of the countries, and English; of no country by name: all', () => {
  const langs = (...args: [string[], string[]]) => {
    const ids = likelyFeeds(bundled, ...args);
    return [...new Set(bundled.filter(({ id }) => ids.has(id)).flatMap(({ lang }) => lang ?? []))].sort();
  };
  expect(langs(['en'], ['IR'])).toEqual(['en', 'fa']);
  expect(langs(['ru'], ['DE'])).toEqual(['en', 'ru']);
  expect(langs(['de'], [])).toEqual(['en', 'fa', 'ru']);
});

test('unanswered: with --yes only an account is missing, and not where there is one', () => {
  const given = (yes: boolean, ...names: string[]) => ({ yes, values: new Map(names.map((name) => [name, 'x'])) });
  expect(unanswered(given(true), true)).toEqual([]);
  expect(unanswered(given(true, 'matrix-homeserver'), false)).toEqual([]);
  expect(unanswered(given(true), false)).toHaveLength(1);
  expect(unanswered(given(false, 'countries', 'test-alert'), true)).toEqual(['--languages', '--sources', '--vantage']);
});

test('what is said: wrapped at spaces, a link whole, and nothing in it moves the cursor or turns the line around', () => {
  const link = `https://t.me/${'x'.repeat(60)}`;
  const lines = wrapped(`one two three four five six seven ${link} eight`, 20).split('\n');
  expect(lines).toContain(link);
  expect(lines.filter((line) => line !== link).every((line) => line.length <= 20)).toBe(true);
  expect(wrapped('a\u001b[2Jb\u202ec\rd', 80)).toBe('a [2Jb c d');
});
