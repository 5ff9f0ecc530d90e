import { readFileSync } from 'node:fs';
import { createGazetteer } from '../core/correlate/regions.ts';
import type { Gazetteer, RegionNames } from '../core/ports/gazetteer.ts';

const FILE = new URL('../../config/regions.json', import.meta.url);

/** The bundled regions. A country's line of the file is read when one of its regions is first spoken of; nothing else stays in memory. */
export const bundledRegions = (): Gazetteer => createGazetteer(readCountry, readAll);

function readAll(): Record<string, RegionNames> {
  const { about, ...countries } = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, RegionNames>;
  void about;
  return countries;
}

function readCountry(country: string): RegionNames | null {
  const text = readFileSync(FILE, 'utf8');
  const start = text.indexOf(`\n"${country}":`);
  if (start < 0) return null;
  const line = text.slice(start + 6, text.indexOf('\n', start + 1)).replace(/,$/, '');
  return JSON.parse(line) as RegionNames;
}
