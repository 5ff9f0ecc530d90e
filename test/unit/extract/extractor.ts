import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtractedEvent } from '../../../src/core/model/item.ts';
import { bundledCatalogue, bundledExtractor, bundledLexicon } from '../../fakes/bundled.ts';

/** The extractor as it is shipped, made once for all tests of a file. */
export const lexicon = bundledLexicon();
export const catalogue = bundledCatalogue();
export const extractor = bundledExtractor();

/** Events as sorted `COUNTRY/service/action` words; `-` where none is named; "NO" for no event. */
export function triples(events: ExtractedEvent[]): string {
  const out = events.flatMap(({ action, countries, services }) =>
    (countries.length > 0 ? countries : ['-']).flatMap((country) =>
      (services.length > 0 ? services : ['-']).map((service) => `${country}/${service}/${action}`),
    ),
  );
  return [...new Set(out)].sort().join(' ') || 'NO';
}

export const read = (title: string, summary = '', lang: string | null = null): string =>
  triples(extractor.extract({ title, summary, lang }).events);

export interface Case {
  title: string;
  summary: string;
  lang: string | null;
  want: string;
}

/** The sentences of files beside this one: `title || lead => CC/service/action …` or `=> NO`; `@xx` states the language of those behind it. */
export function casesOf(...files: string[]): Case[] {
  return files.flatMap((file) => {
    let lang: string | null = null;
    return readFileSync(join(import.meta.dirname, file), 'utf8')
      .split('\n')
      .flatMap((line): Case[] => {
        if (line.startsWith('@')) lang = line.slice(1);
        if (/^[#~]/u.test(line) || !line.includes(' => ')) return [];
        const [text = '', want = ''] = line.split(' => ');
        const [title = '', summary = ''] = text.split('||').map((part) => part.trim());
        return [{ title, summary, lang, want: want.trim().split(/\s+/u).sort().join(' ') }];
      });
  });
}
