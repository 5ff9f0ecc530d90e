import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { TocsinError } from '../../core/errors.ts';
import type { Item } from '../../core/model/item.ts';

/** One recorded item, ready for the pipeline; `voice` as the recording names it. */
export interface Recorded {
  id: string;
  voice: string;
  item: Item;
}

const MAX_LINE = 200_000;
const MAX_ITEMS = 1_000_000;

const text = (value: unknown, max: number): string => (typeof value === 'string' ? value.slice(0, max) : '');

/** `2026-02-06T10:00+03:00` and what else Date reads; a bare day is midnight UTC. */
function timeOf(value: unknown): number {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return at;
}

function recorded(line: string, place: string): Recorded {
  let data: Record<string, unknown>;
  try {
    data = JSON.parse(line) as Record<string, unknown>;
  } catch (cause) {
    throw new TocsinError('usage', `${place}: not a JSON object; write one item a line`, {}, cause);
  }
  const at = timeOf(data?.publishedAt);
  const id = text(data?.id, 200);
  const title = text(data?.title, 2_000);
  const wrong =
    id === ''
      ? '"id" is missing'
      : title === ''
        ? '"title" is missing'
        : Number.isNaN(at)
          ? '"publishedAt" is no date'
          : null;
  if (wrong !== null)
    throw new TocsinError('usage', `${place}: ${wrong}; items have id, publishedAt (ISO 8601) and title`);
  const source = text(data.source, 200);
  const voice = text(data.derived_from, 200) || text(data.outlet_group, 200) || source || id;
  const item: Item = {
    sourceId: 'replay',
    guid: id,
    url: text(data.url, 2_000) || null,
    title,
    summary: text(data.summary, 2_000),
    ...(typeof data.body === 'string' ? { body: data.body.slice(0, 20_000) } : {}),
    lang: text(data.lang, 10) || null,
    publishedAt: at,
    dated: true,
    fetchedAt: at,
    publisher: voice,
    publisherName: source || voice,
    authority: data.authority === true,
  };
  return { id, voice: item.authority ? `authority:${voice}` : voice, item };
}

/** Reads JSON lines of all files (`-` = stdin), in the order of their times; equal times keep the order of the lines. */
export async function readRecordings(files: string[]): Promise<Recorded[]> {
  const all: Recorded[] = [];
  for (const file of files) {
    const input = file === '-' ? process.stdin : createReadStream(file);
    let number = 0;
    try {
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        number++;
        if (line.trim() === '') continue;
        const place = `${file}, line ${number}`;
        if (line.length > MAX_LINE) throw new TocsinError('usage', `${place}: longer than ${MAX_LINE} characters`);
        if (all.length >= MAX_ITEMS)
          throw new TocsinError('usage', `${place}: more than ${MAX_ITEMS} items; replay them in parts`);
        all.push(recorded(line, place));
      }
    } catch (error) {
      if (error instanceof TocsinError) throw error;
      throw new TocsinError('usage', `${file}: ${(error as Error).message}`, {}, error);
    }
  }
  return all.sort((a, b) => a.item.publishedAt - b.item.publishedAt);
}
