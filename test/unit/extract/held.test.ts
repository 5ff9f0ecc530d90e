import { expect, test } from 'vitest';
import { createExtractor } from '../../../src/core/extract/extractor.ts';
import { bundledCatalogue, bundledExtractor, bundledLexicon } from '../../fakes/bundled.ts';

test('two languages kept ready, four read in turn: the same is read as with all of them', () => {
  const few = createExtractor(bundledLexicon(), bundledCatalogue(), 2);
  const titles = [
    'Uganda blocks Telegram ahead of the election',
    'В России заблокировали WhatsApp',
    'Türkiye’de Instagram’a erişim engeli getirildi',
    'Venezuela: bloquean X y Signal',
  ];
  for (const title of [...titles, ...titles.toReversed()]) {
    const read = few.extract({ title, summary: '' });
    expect(read.relevant).toBe(true);
    expect(read).toEqual(bundledExtractor().extract({ title, summary: '' }));
  }
});
