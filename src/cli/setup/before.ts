/** The configuration as it is before the setup: is the place for it free, ours, or taken. */
import { accessSync, constants, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { loadConfig } from '../../config/load.ts';
import { Problems } from '../../config/problems.ts';
import { displayName, readData } from '../../config/read.ts';
import { type Config, fileSchema } from '../../config/schema.ts';
import type { Env } from '../../config/secrets.ts';
import { messageOf, TocsinError } from '../../core/errors.ts';
import type { Data } from './edit.ts';

export interface Before {
  /** Absolute, and no link. */
  file: string;
  /** As people know it. */
  name: string;
  /** Null = there is none yet. */
  text: string | null;
  data: Data;
  /** Null = there is none yet, or it cannot be used as it is. */
  config: Config | null;
  /** Why it cannot be used as it is; null = it can. */
  fault: string | null;
}

/** Throws `config_invalid` with what is wrong with the place and what to do: a folder, a file of something else, no right to write. */
export async function readBefore(written: string, { env, cwd }: { env: Env; cwd: string }): Promise<Before> {
  const asked = resolve(cwd, written);
  const name = displayName(asked, cwd);
  const taken = placeFault(asked);
  if (taken !== null) throw new TocsinError('config_invalid', `${name}: ${taken}`);
  const file = lstatSync(asked, { throwIfNoEntry: false }) ? realpathSync(asked) : asked;
  if (!lstatSync(file, { throwIfNoEntry: false }))
    return { file, name, text: null, data: {}, config: null, fault: null };
  const problems = new Problems();
  const data = await readData(file, name, problems);
  problems.raise();
  const known = Object.keys(fileSchema.entries);
  const keys = data !== null && typeof data === 'object' && !Array.isArray(data) ? Object.keys(data) : null;
  if (keys === null || (keys.length > 0 && !keys.some((key) => known.includes(key))))
    throw new TocsinError(
      'config_invalid',
      `${name}: holds something else than a configuration of Tocsin: name another file with --config, or move this one`,
    );
  const text = readFileSync(file, 'utf8');
  try {
    const config = await loadConfig({ file, env, cwd });
    return { file, name, text, data: data as Data, config, fault: null };
  } catch (error) {
    return {
      file,
      name,
      text,
      data: v.parse(v.record(v.string(), v.unknown()), data),
      config: null,
      fault: messageOf(error),
    };
  }
}

/** Why no configuration can lie there, and the remedy; null = it can. */
function placeFault(file: string): string | null {
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there && isLink(file)) return 'is a link that leads nowhere: remove it, or name another file with --config';
  if (there?.isDirectory()) return 'is a folder: name a file in it with --config';
  if (there && !there.isFile()) return 'is no ordinary file: name another with --config';
  if (there && !may(file, constants.W_OK))
    return 'may not be written to: give your user the right, or name another file with --config';
  for (let above = dirname(file); ; above = dirname(above)) {
    const found = statSync(above, { throwIfNoEntry: false });
    if (found && !found.isDirectory())
      return `cannot lie in ${above}, which is no folder: name another file with --config`;
    if (found)
      return may(above, constants.W_OK | constants.X_OK)
        ? null
        : `cannot be written, since ${above} may not be: give your user the right, or name another file with --config`;
    if (dirname(above) === above) return null;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
