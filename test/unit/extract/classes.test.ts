import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readme, renewed } from '../../../bench/reader/class-table.ts';
import { loadLexicon } from '../../../src/config/lexicon.ts';
import { CLASSES } from '../../../src/core/extract/rules/classes.ts';
import { lexicon } from './extractor.ts';

describe('classes of the lexicon', () => {
  test('every class: has phrases in some language', () => {
    const used = new Set([lexicon.shared, ...lexicon.languages].flatMap(({ cues }) => Object.keys(cues)));
    expect(Object.keys(CLASSES).filter((name) => !used.has(name))).toEqual([]);
  });

  test('the table of the README: is that of classes.ts', () => {
    const page = readFileSync(readme, 'utf8');
    expect(renewed(page)).toBe(page);
  });

  test('phrases of an operator for a class that a language continues in another file: taken', () => {
    const own = loadLexicon({ ru: { account: ['учётка*'] }, kk: { people: ['сарапшы'] } });
    expect(own.languages.find(({ lang }) => lang === 'ru')!.cues.account).toContain('учётка*');
    expect(own.languages.find(({ lang }) => lang === 'kk')!.cues.people).toContain('сарапшы');
  });

  test('phrases of an operator for a class that is none: an error that names it', () =>
    expect(() => loadLexicon({ ru: { acount: ['учётка*'] } })).toThrow('acount'));
});
