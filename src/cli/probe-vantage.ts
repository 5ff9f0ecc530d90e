import { resolve } from 'node:path';
import * as v from 'valibot';
import { addIssues } from '../config/issues.ts';
import { Problems } from '../config/problems.ts';
import { displayName, readData } from '../config/read.ts';
import { type Vantage, vantageSchema } from '../sources/probe/config.ts';

/** Reads and checks a vantage file (JSON or YAML); throws `config_invalid` with every fault. */
export async function readVantageFile(written: string): Promise<Vantage> {
  const file = resolve(written);
  const name = displayName(file, process.cwd());
  const problems = new Problems();
  const data = await readData(file, name, problems);
  problems.raise();
  const result = v.safeParse(vantageSchema, data);
  if (!result.success) addIssues(result.issues, vantageSchema, { name, path: '', problems });
  problems.raise();
  return (result as { output: Vantage }).output;
}
