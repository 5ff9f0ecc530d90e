import { lstatSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { PERCENT_REMEDY, percentFault } from '../core/model/percent.ts';
import { readPostgresAddress } from '../core/model/postgres-address.ts';
import { isPostgres } from './addresses.ts';
import type { Loading } from './loading.ts';
import { ENVIRONMENT } from './problems.ts';
import { DEFAULT_DATABASE } from './schema.ts';
import { keepPassword, type Place, resolveText } from './secrets.ts';

const POSTGRES = 'write it as postgres://user@host/database';
const KNOWN = 'name a file, or postgres://user@host/database';

/**
 * Where the data lies: an address of PostgreSQL, an absolute path, or `:memory:`. `TOCSIN_DATABASE` stands before the file: whoever starts the
 * process knows best where its data may lie.
 */
export function readDatabase(written: string | undefined, place: Place, { env, cwd, redactions }: Loading): string {
  const fromEnv = env.TOCSIN_DATABASE?.trim();
  const at: Place = fromEnv ? { ...place, name: ENVIRONMENT, folder: cwd } : place;
  const path = fromEnv ? 'TOCSIN_DATABASE' : 'database';
  const text = resolveText(fromEnv || written || DEFAULT_DATABASE, path, true, at);
  if (text === null || text === ':memory:') return text ?? '';
  // What stands in the file was looked at when it was read.
  const malformed = fromEnv === text ? percentFault(text) : null;
  if (malformed !== null) at.problems.add(at.name, path, malformed, PERCENT_REMEDY);
  if (isPostgres(text)) {
    const address = readPostgresAddress(text);
    if (typeof address === 'string') at.problems.add(at.name, path, address, POSTGRES);
    else if (/^postgres(ql)?:\/\/\/?(#.*)?$/i.test(text))
      at.problems.add(at.name, path, 'names no host and no database', POSTGRES);
    keepPassword(text, redactions);
    return text;
  }
  const fault = fileFault(text, cwd);
  if (fault !== null) at.problems.add(at.name, path, fault[0], fault[1]);
  return isAbsolute(text) ? text : resolve(cwd, text);
}

/** Why this can be no file of ours, and the remedy; null where it may be one. Changes nothing. */
function fileFault(text: string, cwd: string): [wrong: string, remedy: string] | null {
  // One letter is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1];
  if (scheme !== undefined) {
    const nearly = /^postgres/i.test(scheme) ? POSTGRES : KNOWN;
    return [`${JSON.stringify(scheme)} is no database that Tocsin knows`, nearly];
  }
  const file = resolve(cwd, text);
  if (text.endsWith('/') || text.endsWith(sep) || isFolder(file)) return [`${text} is a folder`, 'name a file in it'];
  for (let above = dirname(file); ; above = dirname(above)) {
    if (lstatSync(above, { throwIfNoEntry: false }) !== undefined)
      return isFolder(above) ? null : [`${above} is no folder, so ${text} cannot lie in it`, 'correct the path'];
    if (dirname(above) === above) return null;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
