import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMap, isSeq, type Node, parseDocument } from 'yaml';
import { PACKAGE_ROOT } from '../../config/loading.ts';
import { sourceKinds } from '../../sources/index.ts';
import type { Data } from './edit.ts';

/** A source that comes with Tocsin. */
export interface BundledSource {
  id: string;
  /** As a configuration includes its file. */
  file: string;
  /** As the file has it. */
  block: Data;
  lang: string | null;
  /** What its file says above it; null = nothing of its own. */
  about: string | null;
  /** It may be told for which countries. */
  asksFor: boolean;
}

const FILES = ['feeds.yaml', 'observatories.yaml'];

export const bundledName = (file: string): string => `bundled:${file}`;

/** In the order of their files. */
export function bundledSources(): BundledSource[] {
  return FILES.flatMap((file) => {
    const document = parseDocument(readFileSync(join(PACKAGE_ROOT, 'config', file), 'utf8'));
    const list = document.get('sources');
    if (!isSeq(list)) return [];
    return list.items.filter(isMap).map((item, i): BundledSource => {
      const block = item.toJS(document) as Data;
      const { commentBefore } = item as Node & { commentBefore?: string | null };
      return {
        id: String(block.id),
        file: bundledName(file),
        block,
        lang: typeof block.lang === 'string' ? block.lang : null,
        // What stands above the first one is the list's.
        about: (commentBefore ?? (i === 0 ? list.commentBefore : null))?.trim() ?? null,
        asksFor: sourceKinds.some(({ kind, follows }) => kind === block.kind && follows === true),
      };
    });
  });
}

/** The name by which a bundled file is included, whatever way it is written; null = it is another file. */
export function asBundled(written: string, folder: string): string | null {
  const known = FILES.find(
    (file) => written === bundledName(file) || resolve(folder, written) === resolve(PACKAGE_ROOT, 'config', file),
  );
  return known === undefined ? null : bundledName(known);
}
