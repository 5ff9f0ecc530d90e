import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { APART, alone, beside, FOREIGN, LONG, longFiles, longWanted, SHORT_E2E, TIMED } from './test/kinds.ts';
import Order from './test/order.ts';

// One more than there are processors: a good part of the tests wait, for a disk, a server or a process.
const maxWorkers = availableParallelism() + 1;
const long = longWanted(process.argv.slice(2), process.env) ? longFiles() : [];

/** Real processes and seconds: tried a second time, as those of the program. */
const longProject = (name: string, include: string[], maxWorkers: number, groupOrder: number) =>
  include.length === 0
    ? []
    : [{ extends: true as const, test: { name, include, maxWorkers, retry: 1, sequence: { groupOrder } } }];

/**
 * Kinds of tests, one after the other (test/README.md): side by side, in workers that they share or, those that replace modules, in one each; then by
 * themselves those that measure time, the whole program, and what is long: by itself what measures or loads the machine, the rest, which mostly
 * waits, two at a time for each processor.
 */
export default defineConfig({
  test: {
    setupFiles: ['test/strict-words.ts'],
    reporters: ['default', './test/reporter.ts'],
    sequence: { sequencer: Order },
    // For what hangs. A machine that others use as well takes ten times as long for what takes seconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...FOREIGN, ...TIMED, ...LONG, ...APART],
          maxWorkers,
          // A worker reads the program once, not once a file: half of the time went there.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'apart',
          include: APART,
          exclude: [...FOREIGN, ...TIMED, ...LONG],
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'timed',
          include: TIMED,
          exclude: FOREIGN,
          fileParallelism: false,
          // Whatever else the machine does makes durations longer, never shorter.
          retry: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          include: SHORT_E2E,
          fileParallelism: false,
          // Real processes, servers and seconds: what the machine did meanwhile is told from a fault by a second try, and shown as such.
          retry: 1,
          sequence: { groupOrder: 3 },
        },
      },
      ...longProject('long', alone(long), 1, 4),
      ...longProject('waiting', beside(long), 2 * availableParallelism(), 5),
    ],
  },
});
