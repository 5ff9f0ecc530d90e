import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { hash } from '../core/poll/plan.ts';
import { PRESS_EVERY_MS } from '../core/poll/press.ts';
import type { Press } from '../core/ports/source.ts';
import { sourceKinds } from '../sources/index.ts';
import type { SourceConfig } from './schema.ts';

/** The catalogue of the press by country: `config/feeds/`, a file a region, a feed a line, each line JSON by itself. */

/** A feed of it, as a source of the configuration would be. */
export interface PressFeed extends Press {
  source: SourceConfig & { url: string; cron: string };
}

export type Catalogue = ReturnType<typeof readPress>;

const FOLDER = new URL('../../config/feeds/', import.meta.url);
const LINE = /^\s*(\{.*\})\s*,?\s*$/;
const COUNTRY = /"country":\s*"([A-Z]{2})"/;
const OWNER = /"owner":\s*("(?:[^"\\]|\\.)*")/;

const lineSchema = v.strictObject({
  country: v.string(),
  owner: v.pipe(v.string(), v.nonEmpty()),
  kind: v.string(),
  checked: v.optional(v.pipe(v.string(), v.isoDate())),
  id: v.string(),
  name: v.string(),
  publisher: v.string(),
  url: v.string(),
  lang: v.optional(v.string()),
});

/** Who writes a few times a week or a day is asked each half hour. */
const SELDOM_MS = 6 * PRESS_EVERY_MS;
const SELDOM: ReadonlySet<string> = new Set(['rights', 'tech']);

/** Every feed is asked at a second of its own: in five minutes, or as its kind has it. */
function cronOf(id: string, kind: string): string {
  const everyMs = SELDOM.has(kind) ? SELDOM_MS : PRESS_EVERY_MS;
  const second = hash(id) % (everyMs / 1_000);
  return `${second % 60} ${Math.floor(second / 60)}-59/${everyMs / 60_000} * * * *`;
}

/** Reads the texts once; a line becomes a feed when its country is asked for. */
export function readPress(folder: URL = FOLDER) {
  const lines = new Map<string, { at: string; text: string }[]>();
  for (const file of readdirSync(folder).sort())
    for (const [i, line] of readFileSync(new URL(file, folder), 'utf8').split('\n').entries()) {
      const text = LINE.exec(line)?.[1];
      const country = text && COUNTRY.exec(text)?.[1];
      if (country) lines.getOrInsertComputed(country, () => []).push({ at: `config/feeds/${file}:${i + 1}`, text });
    }

  const kind = sourceKinds.find((one) => one.lists !== undefined)!;
  const made = new Map<string, PressFeed[]>();
  const feedsOf = (country: string, onFault: (at: string, wrong: string) => void): PressFeed[] =>
    (lines.get(country) ?? []).flatMap(({ at, text }) => {
      try {
        const { owner, kind: ofKind, checked: _, country: __, ...feed } = v.parse(lineSchema, JSON.parse(text));
        const source = v.parse(kind.schema, { ...feed, kind: kind.kind, cron: cronOf(feed.id, ofKind) });
        return [{ country, owner, lang: feed.lang ?? null, source: source as PressFeed['source'] }];
      } catch (error) {
        onFault(at, error instanceof Error ? error.message : 'is no feed');
        return [];
      }
    });
  return {
    countries: (): string[] => [...lines.keys()].sort(),
    /** How many owners it names there. */
    ownersOf: (country: string): number =>
      new Set((lines.get(country) ?? []).map(({ text }) => OWNER.exec(text)?.[1])).size,
    /** In the order of the file: the best first. A line that says something else is told to `onFault`, with where it stands, and left out. */
    of: (country: string, onFault: (at: string, wrong: string) => void = () => {}): PressFeed[] =>
      made.getOrInsertComputed(country, () => feedsOf(country, onFault)),
  };
}
