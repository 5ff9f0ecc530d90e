import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { TocsinError } from '../../core/errors.ts';
import type { Item } from '../../core/model/item.ts';
import { AGENT_SOURCE, JUDGED_KIND, type Measurement } from '../../core/model/measurement.ts';

/** One recorded item, ready for the pipeline; `voice`: whom it repeats, else its publisher. */
export interface RecordedItem {
  id: string;
  voice: string;
  item: Item;
}

/** One round of one vantage point. */
export interface RecordedRound {
  at: number;
  round: Measurement[];
}

export type Recorded = RecordedItem | RecordedRound;

export const timeOfRecord = (one: Recorded): number => ('item' in one ? one.item.publishedAt : one.at);

const MAX_LINE = 200_000;
const MAX_ITEMS = 1_000_000;

const text = (value: unknown, max: number): string => (typeof value === 'string' ? value.slice(0, max) : '');

/** `2026-02-06T10:00+03:00` and what else Date reads; without a zone it is UTC, wherever the machine stands. */
function timeOf(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN;
  return Date.parse(/T[\d:.]+$/u.test(value) ? `${value}Z` : value);
}

function objectOf(line: string, place: string): Record<string, unknown> {
  let data: unknown = null;
  let cause: unknown;
  try {
    data = JSON.parse(line);
  } catch (error) {
    cause = error;
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new TocsinError('usage', `${place}: not a JSON object; write one item or measurement a line`, {}, cause);
  return data as Record<string, unknown>;
}

/** A line with a verdict: what an agent posts, and what the store keeps. */
function measurementOf(data: Record<string, unknown>, place: string): Measurement {
  const at = typeof data.at === 'number' ? data.at : timeOf(data.at);
  const wanted = ['verdict', 'probeCc', 'probeAsn', 'vantageId'] as const;
  const missing = wanted.find((key) => text(data[key], 200) === '');
  const wrong = missing ? `"${missing}" is missing` : Number.isFinite(at) ? null : '"at" is no date';
  if (wrong !== null)
    throw new TocsinError(
      'usage',
      `${place}: ${wrong}; measurements have at (ISO 8601), probeCc, probeAsn, vantageId, target and verdict`,
    );
  return {
    id: text(data.id, 200) || place,
    sourceId: text(data.sourceId, 64).startsWith(AGENT_SOURCE) ? text(data.sourceId, 64) : 'replay',
    kind: text(data.kind, 40) || JUDGED_KIND,
    at,
    probeCc: text(data.probeCc, 2).toUpperCase(),
    probeAsn: text(data.probeAsn, 20),
    vantageId: text(data.vantageId, 200),
    target: text(data.target, 200) || null,
    component: text(data.component, 200) || null,
    verdict: text(data.verdict, 60),
    detail: text(data.detail, 200) || null,
    notes: Array.isArray(data.notes) ? data.notes.filter((note) => typeof note === 'string') : [],
    raw: data.raw ?? null,
  };
}

function itemOf(data: Record<string, unknown>, place: string): RecordedItem {
  const at = timeOf(data.publishedAt);
  const id = text(data.id, 200);
  const title = text(data.title, 2_000);
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
  const publisher = text(data.outlet_group, 200) || source || id;
  const voice = text(data.derived_from, 200) || publisher;
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
    publisher,
    publisherName: source || publisher,
    authority: data.authority === true,
  };
  return { id, voice: item.authority ? `authority:${voice}` : voice, item };
}

/** Reads JSON lines of all files (`-` = stdin), in the order of their times; equal times keep the order of the lines. */
export async function readRecordings(files: string[]): Promise<Recorded[]> {
  const all: Recorded[] = [];
  const rounds = new Map<string, RecordedRound>();
  const take = (data: Record<string, unknown>, place: string): void => {
    if (data.verdict === undefined) {
      all.push(itemOf(data, place));
      return;
    }
    const measurement = measurementOf(data, place);
    const key = `${measurement.vantageId} ${measurement.at}`;
    const known = rounds.get(key);
    if (known) known.round.push(measurement);
    else {
      const round = { at: measurement.at, round: [measurement] };
      rounds.set(key, round);
      all.push(round);
    }
  };
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
        take(objectOf(number === 1 ? line.replace(/^\uFEFF/u, '') : line, place), place);
      }
    } catch (error) {
      if (error instanceof TocsinError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a directory' : message;
      throw new TocsinError('usage', `${file}: ${why}`, {}, error);
    }
  }
  return all.sort((a, b) => timeOfRecord(a) - timeOfRecord(b));
}
