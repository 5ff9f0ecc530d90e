import { defineConfig } from 'vitest/config';
import { FOREIGN, LONG, longFiles, longWanted, TIMED } from './test/kinds.ts';

const shuffle = { files: true, tests: false };
const long = longWanted(process.argv.slice(2), process.env) ? longFiles() : [];

/** Three kinds, one after the other (test/README.md): side by side; by themselves, since they measure time; by themselves, and long. */
export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...FOREIGN, ...TIMED, ...LONG],
          sequence: { groupOrder: 0, shuffle },
        },
      },
      {
        extends: true,
        test: {
          name: 'timed',
          include: TIMED,
          exclude: FOREIGN,
          fileParallelism: false,
          sequence: { groupOrder: 1, shuffle },
        },
      },
      ...(long.length > 0
        ? [
            {
              extends: true,
              test: {
                name: 'long',
                include: long,
                fileParallelism: false,
                sequence: { groupOrder: 2, shuffle },
              },
            } as const,
          ]
        : []),
    ],
  },
});
