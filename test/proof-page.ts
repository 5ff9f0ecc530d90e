/** `docs/proof.md`: what each topic of `npm run prove` showed last. Written by that command alone. */

export interface ProofRow {
  topic: string;
  commit: string;
  /** YYYY-MM-DD. */
  day: string;
  /** Load of the machine when it began, and on how many processors. */
  load: string;
  passed: number;
  failed: number;
  /** Files that were red and passed by themselves. */
  again: number;
  seconds: number;
}

const HEAD = `# What was proven last

Written by \`npm run prove\`, a row a topic; [test/README.md](../test/README.md) says what each is. "Again": files that were red beside others, and
passed by themselves.

| topic | commit | day | load | passed | failed | again | seconds |
|---|---|---|---|---|---|---|---|
`;

export const proofPage = (rows: readonly ProofRow[]): string =>
  `${HEAD}${[...rows]
    .sort((a, b) => (a.topic < b.topic ? -1 : 1))
    .map(
      (row) =>
        `| ${row.topic} | ${row.commit} | ${row.day} | ${row.load} | ${row.passed} | ${row.failed} | ${row.again} | ${row.seconds} |\n`,
    )
    .join('')}`;

/** The rows of the page as it stands. */
export function rowsIn(page: string): ProofRow[] {
  return page
    .split('\n')
    .filter((line) => /^\| (?!topic )\w/.test(line))
    .map((line) => {
      const [topic, commit, day, load, passed, failed, again, seconds] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return {
        topic: topic!,
        commit: commit!,
        day: day!,
        load: load!,
        passed: Number(passed),
        failed: Number(failed),
        again: Number(again),
        seconds: Number(seconds),
      };
    });
}
