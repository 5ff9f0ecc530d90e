import { TocsinError } from '../../core/errors.ts';
import type { ServiceHosts } from '../../core/ports/service-hosts.ts';
import type { RegistryConfig } from './config.ts';
import type { Entry } from './listing.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readLines } from './read-lines.ts';
import type { OnRow, RowParser, Tally } from './row.ts';

const PARSERS: Record<RegistryConfig['format'], (onRow: OnRow) => RowParser> = {
  'z-i': readCsv,
  domains: readJson,
  antifilter: readLines,
};
/** Entries of one part that are about services: a register of everything has some hundred. */
const MAX_ENTRIES = 2_000;
const MAX_TEXT = 100;
/** So many bytes without an entry among them, and it is another document. */
const MAX_BARREN = 8_000_000;
/** More that is no entry than this, and it is another document. */
const ODD_SHARE = 0.2;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu;

const clean = (text: string): string => text.replace(UNSEEN, ' ').trim().slice(0, MAX_TEXT);

/** Filters a part while it comes: only entries about services of the catalogue are ever kept. */
export function partParser(
  format: RegistryConfig['format'],
  hosts: ServiceHosts,
): { push(chunk: Uint8Array): void; end(host: string): Tally & { entries: Entry[] } } {
  const entries = new Map<string, Entry>();
  let barren = 0;
  const parser = PARSERS[format]((written, details) => {
    const found = hosts.find(written);
    if (!found) return;
    const host = written.trim().toLowerCase();
    if (entries.has(host) || entries.size >= MAX_ENTRIES) return;
    const { agency, decision, date } = details();
    entries.set(host, {
      service: found.service,
      host,
      whole: found.whole,
      agency: clean(agency),
      decision: clean(decision),
      date,
    });
  });
  return {
    push(chunk) {
      const before = parser.rows();
      parser.push(chunk);
      barren = parser.rows() > before ? 0 : barren + chunk.length;
      if (barren > MAX_BARREN)
        throw new TocsinError(
          'feed_not_a_feed',
          `That is no register of the form "${format}": ${MAX_BARREN} bytes without an entry.`,
        );
    },
    end(host) {
      const tally = parser.end();
      // One that says when it was made may hold nothing.
      const isEmpty = tally.rows === 0 && (tally.updatedAt === null || tally.odd > 0);
      if (isEmpty || tally.odd > ODD_SHARE * (tally.rows + tally.odd))
        throw new TocsinError(
          'feed_not_a_feed',
          `${host}: that is no register of the form "${format}"; check "urls" and "format".`,
          {
            host,
            rows: tally.rows,
            odd: tally.odd,
          },
        );
      if (tally.cut)
        throw new TocsinError('feed_unreadable', `${host}: the register breaks off in the middle.`, { host });
      return { ...tally, entries: [...entries.values()] };
    },
  };
}
