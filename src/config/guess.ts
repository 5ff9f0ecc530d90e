import type { GenericSchema } from 'valibot';

/** What a register's line tells of its blocks. */
interface Kind {
  schema: GenericSchema;
}

/**
 * The kind that a block most looks like, by its keys, where it names none or one that is not there: so that whatever else is wrong with it can
 * be reported as well. Among equals the first of the register; null where the block looks like none.
 */
export function likeliest<T extends Kind>(block: Record<string, unknown>, kinds: readonly T[], own: string): T | null {
  let best: { kind: T; score: number } | null = null;
  for (const kind of kinds) {
    const { entries } = kind.schema as { entries?: object };
    const known = Object.keys(entries ?? {}).filter((key) => key !== own);
    const score = Object.keys(block).filter((key) => known.includes(key)).length;
    if (score > 0 && (best === null || score > best.score)) best = { kind, score };
  }
  return best?.kind ?? null;
}
