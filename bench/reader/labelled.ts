/**
 * Labels of real texts that are not ours: `labels/` holds what we say of them, the texts themselves are read from `../shared/data` where it is.
 * A text is found by the hash of its words, so a label is never put on another text.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFeed } from '../../src/sources/rss/read-feed.ts';
import { type Inputs, type Item, loadItems, sentences } from './items.ts';

export interface Label {
  /** Below `../shared/data`: JSON lines, or a feed. */
  file: string;
  /** `keyOf` of the text. */
  key: string;
  lang: string | null;
  want: string[];
  /** The labeller was in doubt: neither learnt from nor measured on. */
  unclear?: true;
}

interface Text {
  title: string;
  summary: string;
}

/** The guide judges a title and so many words. */
const WORDS = 60;

/** Half of the hash of the letters and digits of title and summary. */
export const keyOf = ({ title, summary }: Text): string =>
  createHash('sha256')
    .update(
      `${title}\n${summary}`
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim(),
    )
    .digest('hex')
    .slice(0, 32);

/** Every text of a file, by its key. */
export async function textsOf(path: string): Promise<Map<string, Text>> {
  const bytes = readFileSync(path);
  const all: Text[] = path.endsWith('.jsonl')
    ? bytes
        .toString('utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : (await readFeed(bytes, '', 'https://example.org/')).items;
  return new Map(
    all.map(({ title, summary }) => {
      const text = { title, summary: summary.split(/\s+/u).slice(0, WORDS).join(' ') };
      return [keyOf(text), text];
    }),
  );
}

const folder = import.meta.dirname;

export const labelsIn = (name: string): Label[] =>
  readFileSync(join(folder, 'labels', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/**
 * Texts below `data` that have a label; those in doubt are left out, and those whose file is not there. They are `dev`: the rules have seen the
 * recorded week, and feeds full of other matters would flatter the figures of the fresh set. Throws where a file no longer holds a text that has a label.
 */
export async function labelledItems(labels: readonly Label[], data: string): Promise<Item[]> {
  const items: Item[] = [];
  const known = new Map<string, Map<string, Text>>();
  for (const { file, key, lang, want, unclear } of labels) {
    const path = join(data, file);
    if (unclear || !existsSync(path)) continue;
    let texts = known.get(file);
    if (texts === undefined) {
      texts = await textsOf(path);
      known.set(file, texts);
    }
    const text = texts.get(key);
    if (text === undefined) throw new Error(`${file} holds no text with the key ${key}.`);
    items.push({ id: `${file}:${key}`, kind: 'dev', lang, ...text, want });
  }
  return items;
}

/** All that is learnt from: `loadItems`, and the real texts of `labels/`. What a label speaks of is no longer read as part of an episode. */
export async function trainingItems(data: string): Promise<Inputs> {
  const { items, files } = loadItems();
  const real = labelsIn('real.jsonl');
  const spoken = new Set([...real, ...labelsIn('held-real.jsonl')].map((label) => label.key));
  const rest = items.filter((item) => item.kind !== 'episode' || !spoken.has(keyOf(item)));
  const own = readFileSync(join(folder, 'labels/real.jsonl'));
  return {
    items: [...rest, ...(await labelledItems(real, data))],
    files: { ...files, 'labels/real.jsonl': createHash('sha256').update(own).digest('hex').slice(0, 16) },
  };
}

/** What is measured on and never learnt from: our own texts of `held/`, and the real ones of `labels/held-real.jsonl` where `data` has them. */
export async function heldItems(data: string): Promise<Item[]> {
  const ours = readdirSync(join(folder, 'held'))
    .sort()
    .flatMap((name) => sentences(join(folder, 'held', name), 'invented'));
  return [...ours, ...(await labelledItems(labelsIn('held-real.jsonl'), data))];
}
