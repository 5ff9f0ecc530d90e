/** In which order files run: always the same, and not that of their names, so that neighbours in the tree do not run beside each other. */
import { createHash } from 'node:crypto';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const rank = (path: string): string => createHash('sha1').update(path).digest('hex');

/** Files begin with those that take longest, so that nothing is left to end by itself. */
const SLOWEST = [
  'test/unit/state/views.property.test.ts',
  'test/contract/store/audience.test.ts',
  'test/unit/matrix/crypto/',
  'test/contract/telegram-receives.test.ts',
  'test/unit/cli/readme.test.ts',
  'test/scenario/liars/bends-nothing.test.ts',
  'test/contract/source.test.ts',
  'test/scenario/episodes.test.ts',
  'test/contract/store/',
  'test/e2e/lab-here.test.ts',
  'test/e2e/matrix-invitations.test.ts',
  'test/e2e/press.test.ts',
  'test/e2e/lab.test.ts',
  'test/e2e/processes.test.ts',
];

export function inOrder<T>(files: readonly T[], pathOf: (file: T) => string): T[] {
  const keyed = files.map((file) => {
    const path = pathOf(file);
    const at = SLOWEST.findIndex((name) => path.startsWith(name));
    return { file, place: at < 0 ? SLOWEST.length : at, chance: rank(path) };
  });
  return keyed.sort((a, b) => a.place - b.place || (a.chance < b.chance ? -1 : 1)).map(({ file }) => file);
}

export default class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return inOrder(files, ({ moduleId, project }) => moduleId.slice(project.config.root.length + 1));
  }
}
