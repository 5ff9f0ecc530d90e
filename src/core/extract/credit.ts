import { REACH } from './distances.ts';
import type { Field } from './read.ts';
import { cueAfter, cueBefore } from './read.ts';
import { GAP } from './tokens.ts';

/** The agency or outlet on which the text says that it rests: "(Reuters)", "РБК: …", "сообщает ТАСС", "FT reports". */
export function creditOf(fields: Field[]): string | null {
  for (const field of fields) {
    if (field.name === 'body') continue;
    for (const agency of [...field.agencies, ...mediaMentions(field)].sort((a, b) => a.from - b.from)) {
      if (credited(field, agency.from, agency.to)) return agency.id;
    }
  }
  return null;
}

/** Media of the service catalogue can be a source, too, once their role says so. */
function mediaMentions(field: Field): { id: string; from: number; to: number }[] {
  return field.mentions.filter((m) => m.role === 'source');
}

function credited(field: Field, from: number, to: number): boolean {
  const first = field.tokens[from]!;
  const next = field.tokens[to];
  const inBrackets = (first.gap & GAP.open) !== 0 && (next === undefined || (next.gap & GAP.close) !== 0);
  if (inBrackets) return true;
  if (from === 0 && next !== undefined && (next.gap & (GAP.colon | GAP.clause)) !== 0) return true;
  if (field.name === 'title' && to === field.tokens.length && (first.gap & (GAP.clause | GAP.comma)) !== 0) return true;
  return (
    cueAfter(field, to, REACH.near, 'say') !== null ||
    cueBefore(field, from, REACH.close, ['say', 'acc', 'citing']) !== null
  );
}
