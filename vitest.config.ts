import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import Order from './test/order.ts';
import { allFiles, apart, filesOf, FOREIGN, provenFiles, TOPICS, WHOLE_PROGRAM } from './test/rooms.ts';

const processors = availableParallelism();
const proven = provenFiles();
const gate = allFiles().filter((file) => !proven.includes(file) && !WHOLE_PROGRAM.includes(file));
const replacing = apart(gate);
const alone = Object.values(TOPICS).flatMap((topic) => filesOf(topic).alone.filter((file) => proven.includes(file)));
const beside = proven.filter((file) => !alone.includes(file));

const project = (name: string, include: string[], groupOrder: number, more: object) =>
  include.length === 0
    ? []
    : [{ extends: true as const, test: { name, include, exclude: FOREIGN, sequence: { groupOrder }, ...more } }];

/**
 * Which files run, and in which room, is said in `test/rooms.ts`; `npm test` and `npm run prove` (`test/run.ts`) name the projects that they want. A
 * test that is red is red: nothing is tried again here.
 */
export default defineConfig({
  test: {
    setupFiles: ['test/strict-words.ts', 'test/same-each-time.ts'],
    reporters: ['default', './test/reporter.ts'],
    sequence: { sequencer: Order },
    // For what hangs. A machine that others use as well takes ten times as long for what takes seconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      // A worker reads the program once, not once a file: half of the time went there. One more than processors: a good part of the tests wait.
      ...project(
        'gate',
        gate.filter((file) => !replacing.includes(file)),
        0,
        {
          maxWorkers: processors + 1,
          isolate: false,
        },
      ),
      ...project('apart', replacing, 1, { maxWorkers: processors + 1 }),
      ...project('program', WHOLE_PROGRAM, 2, { fileParallelism: false }),
      // Proofs mostly wait, for real seconds, servers and processes.
      ...project('beside', beside, 3, { maxWorkers: 2 * processors }),
      ...project('alone', alone, 4, { fileParallelism: false }),
    ],
  },
});
