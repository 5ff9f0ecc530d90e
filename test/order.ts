/** In which order files run: by chance, by a seed that is printed, so that none leans on another; of the long ones the slowest first, so that none is left for the end. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { SLOWEST } from './kinds.ts';

const ROOT = join(import.meta.dirname, '..');

/** The slowest first, as they stand in the list; the others by chance, the same for the same seed. */
export function inOrder<T>(files: readonly T[], pathOf: (file: T) => string, seed: number): T[] {
  const keyed = files.map((file) => {
    const path = pathOf(file);
    const at = SLOWEST.indexOf(path);
    return {
      file,
      rank: at < 0 ? SLOWEST.length : at,
      chance: createHash('sha1').update(`${seed} ${path}`).digest('hex'),
    };
  });
  return keyed.sort((a, b) => a.rank - b.rank || (a.chance < b.chance ? -1 : 1)).map(({ file }) => file);
}

export default class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { seed } = this.ctx.config.sequence;
    process.stdout.write(`Files in the order of --sequence.seed=${seed}\n`);
    return inOrder(files, ({ moduleId }) => moduleId.slice(ROOT.length + 1), seed);
  }
}
