import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import * as v from 'valibot';
import { addIssues, Problems } from '../config/problems.ts';
import { displayName, readData } from '../config/read.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { createLog, createSecrets, logLevelOf, paintFor } from '../platform/log.ts';
import { progressOnStderr } from '../platform/progress.ts';
import type { CommandDeps } from '../sources/kind.ts';

/** What the command of a source is handed when it runs for real. */
export function commandDeps(): CommandDeps {
  const clock = systemClock;
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(name)));
  return {
    clock,
    ids: createIds(clock),
    env: process.env,
    logFor: (secrets) =>
      createLog({ clock, level: logLevelOf(process.env.TOCSIN_LOG), secrets: createSecrets(secrets) }),
    readChecked,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    progress: progressOnStderr(clock),
    paint: paintFor(process.stdout, process.env),
    ask,
    interrupted: stop.signal,
  };
}

const readChecked: CommandDeps['readChecked'] = async (written, schema) => {
  const file = resolve(written);
  const name = displayName(file, process.cwd());
  const problems = new Problems();
  const data = await readData(file, name, problems);
  problems.raise();
  const result = v.safeParse(schema, data);
  if (!result.success) addIssues(result.issues, schema, { name, path: '', problems });
  problems.raise();
  return (result as { output: v.InferOutput<typeof schema> }).output;
};

async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer;
}
