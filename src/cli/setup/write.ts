/** Puts a setup on the disk: all of it, or nothing. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from '../../config/folder.ts';
import { TocsinError } from '../../core/errors.ts';

export const SECRETS_FOLDER = 'secrets';

export interface ToWrite {
  /** The configuration, absolute. */
  file: string;
  text: string;
  /** By name in the folder of secrets beside it. */
  secrets: Readonly<Record<string, string>>;
  /** Other files beside the configuration, by name; only where none of that name is there. */
  others: Readonly<Record<string, string>>;
  /** Is this configuration sound? Gets a copy under another name, which refers to the new secrets; throws when it is not. */
  check(file: string): Promise<void>;
}

/** Throws `config_invalid` with what could not be written; then everything is as it was. */
export async function writeSetup({ file, text, secrets, others, check }: ToWrite): Promise<void> {
  const folder = dirname(file);
  const undo: (() => void)[] = [];
  const trial = join(folder, `.${basename(file)}.setup-${process.pid}${/\.json$/i.test(file) ? '.json' : ''}`);
  try {
    makeFolder(folder, undo);
    for (const [name, body] of Object.entries(others)) makeFile(join(folder, name), body, undo);
    const names = Object.keys(secrets);
    if (names.length > 0) makeFolder(join(folder, SECRETS_FOLDER), undo, 0o700);
    for (const name of names) {
      const fresh = join(folder, SECRETS_FOLDER, `${name}.new`);
      undo.push(() => rmSync(fresh, { force: true }));
      writeAtomically(fresh, `${secrets[name]}\n`, 0o600);
    }
    const referring = names.reduce(
      (body, name) => body.replaceAll(referenceOf(name), `${referenceOf(name)}.new`),
      text,
    );
    undo.push(() => rmSync(trial, { force: true }));
    writeAtomically(trial, referring, 0o600);
    await check(trial);
    rmSync(trial, { force: true });
    for (const name of names) replace(join(folder, SECRETS_FOLDER, name), undo);
    writeAtomically(file, text, existsSync(file) ? statSync(file).mode & 0o777 : 0o644);
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    if (error instanceof TocsinError) throw error;
    const { code, path, message } = error as NodeJS.ErrnoException;
    throw new TocsinError(
      'config_invalid',
      `${path ?? file} cannot be written (${code ?? message}): ${REMEDIES[code ?? ''] ?? 'look at the disk'}. Nothing was changed.`,
    );
  }
}

const REMEDIES: Record<string, string> = {
  EACCES: 'give your user the right to write there',
  EPERM: 'give your user the right to write there',
  EROFS: 'the disk is read-only; name another file with --config',
  ENOSPC: 'the disk is full',
  EISDIR: 'a folder is in the way',
  ENOTDIR: 'a file is in the way of a folder',
  ENOENT: 'no folder can be made there; name another file with --config',
  EEXIST: 'something else of that name is in the way',
};

/** As the configuration writes it, relative to itself. */
export const referenceOf = (name: string): string => `file:${SECRETS_FOLDER}/${name}`;

const attempt = (step: () => void): void => {
  try {
    step();
  } catch {
    // The rest is put back all the same.
  }
};

/** Folders that are missing are made; they go again if nothing comes of it. `mode`: the folder is ours, and for its owner alone. */
function makeFolder(folder: string, undo: (() => void)[], mode?: number): void {
  const first = makeFolders(folder, mode);
  if (first !== undefined) undo.push(() => rmSync(first, { recursive: true, force: true }));
  if (mode !== undefined) chmodSync(folder, mode);
}

function makeFile(file: string, body: string, undo: (() => void)[]): void {
  if (existsSync(file)) return;
  writeAtomically(file, body, 0o644);
  undo.push(() => rmSync(file, { force: true }));
}

/** The new secret takes the place of the old one, which comes back if what follows fails. */
function replace(file: string, undo: (() => void)[]): void {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : null;
  renameSync(`${file}.new`, file);
  undo.push(() => (old === null ? rmSync(file, { force: true }) : writeAtomically(file, old, 0o600)));
}

/** Whoever reads the file sees the old one or the new one, whole. */
function writeAtomically(file: string, text: string, mode: number): void {
  const beside = `${file}.tmp-${process.pid}`;
  try {
    rmSync(beside, { force: true });
    const handle = openSync(beside, 'wx', mode);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
