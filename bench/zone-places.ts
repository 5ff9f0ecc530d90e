/** Writes config/zone-places.json: `npm run build:zones`, or with the path of another zone.tab. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TOWNS } from './zone-places-by-hand.ts';

const table = readFileSync(process.argv[2] ?? '/usr/share/zoneinfo/zone.tab', 'utf8');
const places = new Map<string, [number, number][]>();

/** "+554521" and "+0373704", or without seconds. */
function degrees(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.slice(1);
  const whole = digits.length % 2 === 0 ? 2 : 3;
  const [minutes, seconds] = [Number(digits.slice(whole, whole + 2)), Number(digits.slice(whole + 2) || 0)];
  return Math.round(sign * (Number(digits.slice(0, whole)) + minutes / 60 + seconds / 3_600) * 10) / 10;
}

for (const line of table.split('\n')) {
  const [, place, zone] = line.split('\t');
  const found = /^([+-]\d+)([+-]\d+)$/.exec(place ?? '');
  if (!line.startsWith('#') && zone && found) places.set(zone, [[degrees(found[1]!), degrees(found[2]!)]]);
}
for (const [zone, towns] of Object.entries(TOWNS)) {
  const known = places.get(zone);
  if (!known) throw new Error(`no zone ${zone}`);
  known.push(...towns.split(', ').map((town) => town.split(' ').map(Number) as [number, number]));
}
const about =
  'Towns of each time zone: latitude, longitude. zone.tab of the tz database (public domain), and towns of our own. Made by npm run build:zones; mend bench/zone-places-by-hand.ts instead.';
const lines = [...places]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([zone, all]) => `${JSON.stringify(zone)}:${JSON.stringify(all)}`);
writeFileSync(
  resolve(import.meta.dirname, '../config/zone-places.json'),
  `{\n"about":${JSON.stringify(about)},\n${lines.join(',\n')}\n}\n`,
);
