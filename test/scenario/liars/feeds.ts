import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import { LEVELS, type Level } from '../../../src/core/model/incident.ts';
import type { Extraction } from '../../../src/core/model/item.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import { eventsOf, ownWords } from '../harness.ts';
import { Town } from '../town.ts';

/** What one feed carries: whose it is, whom the text credits, what it says; every text is in words of its own unless `text` is given. */
export interface Entry {
  publisher: string;
  says: string;
  credit?: string;
  authority?: boolean;
  text?: string;
  /** Absent: an address that tells of nobody. */
  url?: string;
  /** A search found it. */
  found?: true;
  /** How surely it is read; absent = as far as the rules know. */
  confidence?: number;
}

/** A town with one chat a level that follows everything, and feeds whose items go through the pipeline as the poller hands them on. */
export async function liarsTown(lang = 'en', baseline: readonly BaselineEntry[] = []) {
  const meaning = new Map<string, Extraction>();
  const lines: { level: string; message: string; facts: Record<string, unknown> }[] = [];
  const note =
    (level: string) =>
    (message: string, facts: Record<string, unknown> = {}): void =>
      void lines.push({ level, message, facts });
  const log: Log = { debug() {}, info: note('info'), warn: note('warn'), error: note('error'), child: () => log };
  const town = await Town.create(
    {},
    { lang, log, baseline, extractor: { extract: ({ title }) => meaning.get(title) ?? irrelevant } },
  );
  for (const level of LEVELS) await town.chat(level, ['*'], level);
  let count = 0;

  /** One poll of one feed. */
  async function poll(sourceId: string, entries: readonly Entry[]): Promise<void> {
    const now = town.clock.now();
    const items = entries.map(({ publisher, says, credit = null, authority = false, text, url, found, confidence }) => {
      const n = count++;
      const title = `${text ?? ownWords(n)} #${n}`;
      const events = eventsOf(says).map((one) => (confidence === undefined ? one : { ...one, confidence }));
      meaning.set(title, { relevant: true, events, lang: 'en', credit });
      return {
        sourceId,
        guid: `g${n}`,
        url: url ?? `https://example.org/${n}`,
        title,
        summary: '',
        lang: 'en',
        publishedAt: now,
        dated: true,
        publisher,
        publisherName: publisher,
        authority,
        ...(found ? { found } : {}),
      };
    });
    await town.pipeline.items(sourceId, items, false);
    await town.drain();
  }

  return {
    town,
    lines,
    poll,
    /** One item of one publisher, an hour later. */
    async says(publisher: string, says: string, over: Partial<Entry> = {}): Promise<void> {
      await poll(publisher, [{ publisher, says, ...over }]);
      await town.pass(3_600_000);
    },
    /** First lines of all that this level got so far. */
    heard: (level: Level): string[] => town.texts(level).map((text) => text.split('\n')[0]!),
    /** The newest text of this level. */
    newest: (level: Level): string => town.texts(level).at(-1) ?? '',
    /** Of the only incident: what stands where. */
    async only(): Promise<string> {
      const all = await town.incidents();
      return all.map((one) => `${one.action} ${one.confidence} ${one.state}`).join('; ');
    },
  };
}
export type LiarsTown = Awaited<ReturnType<typeof liarsTown>>;

const irrelevant: Extraction = { relevant: false, events: [], lang: 'en', credit: null };
