import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as YAML from 'yaml';
import { bundled, loadLexicon, parseFlat } from '../../../src/config/lexicon.ts';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { createExtractor } from '../../../src/core/extract/extractor.ts';
import { ACTS } from '../../../src/core/extract/field.ts';
import { type LanguageData, phrasesOf } from '../../../src/core/extract/text/lexicon.ts';
import { expand } from '../../../src/core/extract/text/trie.ts';
import { catalogue, lexicon, triples } from './extractor.ts';

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));

describe('knowledge is data', () => {
  test('an invented language: read from its data alone', () => {
    const invented: LanguageData = {
      lang: 'qx',
      hints: 'zul vrek omna',
      cues: { block: 'grobnak*', unblock: 'plimnak*', neg: 'zul', net: 'fimnet' },
      places: { KE: 'kenjavo~' },
    };
    const own = createExtractor({ ...lexicon, languages: [...lexicon.languages, invented] }, catalogue);
    const read = (title: string): string => triples(own.extract({ title, summary: '', lang: 'qx' }).events);
    expect(read('Kenjavos grobnakit Telegram omna vrek')).toBe('KE/telegram/block');
    expect(read('Kenjavos zul grobnakit Telegram')).toBe('NO');
    expect(read('Kenjavos plimnaku Telegram')).toBe('KE/telegram/unblock');
    expect(read('Kenjavos grobnakit fimnet')).toBe('KE/internet/shutdown');
    expect(own.extract({ title: 'Kenjavos grobnakit Telegram omna vrek', summary: '' }).lang).toBe('qx');
  });

  test('an invented service: read from the catalogue alone', () => {
    const services = [{ id: 'blorp', name: 'Blorp', aliases: ['Блорп'], category: 'messenger' }];
    const own = createExtractor(lexicon, { services: [...catalogue.services, ...services] });
    expect(triples(own.extract({ title: 'Kenya blocks Blorp', summary: '' }).events)).toBe('KE/blorp/block');
    expect(triples(own.extract({ title: 'Кения заблокировала Блорп', summary: '' }).events)).toBe('KE/blorp/block');
  });

  test('phrases of the operator: heard', () => {
    const own = createExtractor(loadLexicon({ en: { block: ['defenestrate*'] } }), catalogue);
    expect(triples(own.extract({ title: 'Kenya defenestrates Telegram', summary: '', lang: 'en' }).events)).toBe(
      'KE/telegram/block',
    );
  });

  test('phrases for a language that is not there: an error that names it', () => {
    expect(() => loadLexicon({ xx: { block: ['a'] } })).toThrow('No language "xx"');
  });
});

describe('lexicon files', () => {
  const folder = join(bundled, 'lexicon');
  test.each(readdirSync(folder).filter((f) => f.endsWith('.yaml')))('%s: flat reading and YAML agree', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const strings = (value: unknown): unknown =>
      value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strings(v)]))
        : String(value);
    expect(strings(parseFlat(text))).toEqual(strings(YAML.parse(text)));
  });

  test('a line that is no "key: text": an error with its number', () => {
    expect(() => parseFlat('lang: en\ncues:\n  - block\n')).toThrow('line 3');
  });

  test('phrases: none holds more choices than the reader takes', () => {
    const tooMany = lexicon.languages.flatMap(({ lang, cues }) =>
      Object.values(cues)
        .flatMap(phrasesOf)
        .filter((phrase) => expand(phrase).length === 0)
        .map((phrase) => `${lang}: ${phrase}`),
    );
    expect(tooMany).toEqual([]);
  });

  test('first-class languages: all there', () => {
    const there = lexicon.languages.map((l) => l.lang);
    for (const lang of 'en ru uk de fr es pt tr fa ar zh id'.split(' ')) expect(there).toContain(lang);
  });

  test('the catalogue: ids are unique, everyday names are aliases or names', () => {
    const ids = catalogue.services.map((s) => s.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, aliases, everyday } of catalogue.services) {
      for (const word of everyday ?? []) expect([name, ...aliases]).toContain(word);
    }
  });

  /** "snap*" once stood in "Snapchat", and "tru*" in "Truecaller" and Trump. */
  test('names of services: in no language the stem of an act, a threat, a demand or a denial', () => {
    const analyse = createAnalyser(lexicon, catalogue);
    const heard: ReadonlySet<string> = new Set([...ACTS, 'legal', 'threat', 'demand', 'deny', 'neg', 'order', 'will']);
    const names = catalogue.services.map((one) => one.name);
    const wrong = lexicon.languages.flatMap(({ lang }) =>
      chunksOf(names, 40).flatMap((some) =>
        analyse({ lang, title: some.join(' ; '), summary: '' }).fields.flatMap(({ cues, mentions }) =>
          cues
            .filter((cue) => heard.has(cue.cls))
            .filter((cue) => mentions.some((m) => m.from === cue.from && m.to === cue.to))
            .map((cue) => `${lang}: ${cue.phrase} (${cue.cls})`),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });
});
