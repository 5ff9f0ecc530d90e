import { readFileSync } from 'node:fs';
import { createGazetteer } from '../core/correlate/regions.ts';
import type { Gazetteer, NamesInLanguage, RegionNames } from '../core/ports/gazetteer.ts';

const FOLDER = new URL('../../config/', import.meta.url);
const LANG = /^[a-z]{2}$/;

/**
 * The bundled regions. A country's line of the file is read when one of its regions is first spoken of, and its names in a language when a chat
 * speaks it; nothing else stays in memory.
 */
export const bundledRegions = (): Gazetteer =>
  createGazetteer(
    (country) => lineOf<RegionNames>('regions.json', country),
    readAll,
    (country, lang) => (LANG.test(lang) ? lineOf<NamesInLanguage>(`region-names/${lang}.json`, country) : null),
  );

function readAll(): Record<string, RegionNames> {
  const { about, ...countries } = JSON.parse(readFileSync(new URL('regions.json', FOLDER), 'utf8')) as Record<
    string,
    RegionNames
  >;
  void about;
  return countries;
}

/** Null = the file is not there, or has no such country. */
function lineOf<T>(file: string, country: string): T | null {
  let text: string;
  try {
    text = readFileSync(new URL(file, FOLDER), 'utf8');
  } catch {
    if (file === 'regions.json') throw new Error('config/regions.json is missing');
    return null;
  }
  const start = text.indexOf(`\n"${country}":`);
  if (start < 0) return null;
  const line = text.slice(start + 6, text.indexOf('\n', start + 1)).replace(/,$/, '');
  return JSON.parse(line) as T;
}
