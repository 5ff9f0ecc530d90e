import { registryKind } from '../../src/sources/registry/config.ts';
import type { SourceEntry } from './source-world.ts';

const SERVICES = ['whatsapp.com', 'signal.org', 'discord.com'];
const row = (domain: string, url = '') => `192.0.2.1 | 2001:db8::1;${domain};${url};court;2-1234/2026;2026-11-20\n`;
const filler = (count: number) => Array.from({ length: count }, (_, i) => row(`site-${i}.example`)).join('');
const dump = (rows: string) => `Updated: 2026-11-25 11:05:00 +0000\n${rows}`;

export const registryEntry: SourceEntry = {
  kind: registryKind,
  config: (base, secret) => ({
    id: 'register',
    kind: 'registry',
    format: 'z-i',
    country: 'RU',
    urls: [`${base.replace('://', `://reader:${secret}@`)}/dump.csv?key=${secret}`],
  }),
  documents: {
    contentType: 'text/csv',
    baseline: dump(filler(40)),
    honest: (upTo) =>
      dump(
        filler(40) +
          SERVICES.slice(0, upTo)
            .map((one) => row(one))
            .join(''),
      ),
    otherShapes: [
      ['JSON', '["whatsapp.com","signal.org"]'],
      ['JSON null', 'null'],
      ['a list of names', 'whatsapp.com\nsignal.org\n'.repeat(30)],
      ['rows with a column less', 'a.example;;court;1;2026-11-20\n'.repeat(60)],
      ['rows without a day', '192.0.2.1;a.example;;court;1;yesterday\n'.repeat(60)],
      ['a header alone', dump('')],
      ['a fifth of what there was', dump(filler(8))],
    ],
    oddEntries: [
      [
        'odd rows',
        dump(
          `${filler(40)}\n;;;;;2026-11-20\n;${'x'.repeat(5_000)};;;;2026-11-20\n;"a;b" | 5;"http://;";"c""d";;2026-11-20\nnothing\n${row('whatsapp.com')}${row('signal.org')}`,
        ),
      ],
      [
        'entries about pages and addresses',
        dump(
          `${filler(40)}${row('discord.com', 'https://discord.com/page')}${row('192.0.2.7')}${row('whatsapp.com')}${row('signal.org')}`,
        ),
      ],
    ],
    crowd: (count) =>
      dump(`${filler(40)}${Array.from({ length: count }, (_, i) => `;p${i}.whatsapp.com;;;;2026-11-20\n`).join('')}`),
    longTexts: (characters) => {
      const long = 'x'.repeat(characters);
      return dump(
        `${filler(40)}${long};${long};${long};${long};${long};2026-11-20\n${long};signal.org;;${long};${long};2026-11-20\n`,
      );
    },
  },
  everyMs: 0,
  most: { results: 500, characters: 600 },
};
