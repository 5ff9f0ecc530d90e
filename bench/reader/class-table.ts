/** `node bench/reader/class-table.ts`: writes the table of classes into `config/lexicon/README.md`; a test holds it to `classes.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CLASSES } from '../../src/core/extract/rules/classes.ts';

const BEGIN = '<!-- classes: made by bench/reader/class-table.ts -->';
const END = '<!-- end of classes -->';

export const readme = join(resolve(import.meta.dirname, '../..'), 'config/lexicon/README.md');

export function classTable(): string {
  const rows = Object.entries(CLASSES).map(
    ([name, { group, where, meaning, example }]) => `| \`${name}\` | ${group} | ${where} | ${meaning} | ${example} |`,
  );
  return ['| class | group | stands | means | example |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** The page with its table renewed. */
export function renewed(page: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error('the page has no place for the table');
  return `${page.slice(0, from + BEGIN.length)}\n${classTable()}\n${page.slice(to)}`;
}

if (import.meta.main) writeFileSync(readme, renewed(readFileSync(readme, 'utf8')));
