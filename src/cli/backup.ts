import { once } from 'node:events';
import { createWriteStream, createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { cannot, writeWhole } from '../config/edit.ts';
import { afterwards, atEnd, TocsinError } from '../core/errors.ts';
import { BACKUP } from '../core/ports/store.ts';
import type { TableDigest } from '../core/ports/store.ts';
import { systemClock } from '../platform/clock.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { readExport } from '../store/sql/backup.ts';
import { lastBeat, openDatabase } from './open-database.ts';
import { optionsOf } from './runtime.ts';

/** Going on from a copy of them would use them twice. */
const LEFT_OUT =
  'Left out: keys of encrypted Matrix rooms (--with-keys). Where this is restored, such an account logs in anew (docs/matrix.md).';
const KEYS_IN =
  'Keys of encrypted Matrix rooms are in it: whoever has the file reads those rooms. They are of use until this bot starts again here.';

/** Lines that are written at a time. */
const CHUNK = 500;

export async function backup(args: string[]): Promise<number> {
  const { file, values } = oneFile(args, COMMANDS.backup.usage, ['with-keys']);
  const keys = values['with-keys'] === true;
  const store = await openDatabase(values, { readOnly: true });
  await using _ = afterwards(() => store.close());
  if (keys && (await lastBeat(store, systemClock)).running)
    throw new TocsinError(
      'usage',
      'A bot runs on this database, and its keys change with each message: stop it first.',
    );
  const at = systemClock.now();
  const lines = store.dump(keys);
  const digests = file === '-' ? await writeTo(process.stdout, lines) : await writeFile(file, lines);
  await noteBackup(values, at);
  (file === '-' ? process.stderr : process.stdout).write(`${summary(digests)}\n${keys ? KEYS_IN : LEFT_OUT}\n`);
  return 0;
}

/** For the running bot, which reminds its operators where there is none. Who may only read the database has a backup all the same. */
async function noteBackup(values: Parameters<typeof openDatabase>[0], at: number): Promise<void> {
  try {
    const store = await openDatabase(values, { beside: true });
    await using _ = afterwards(() => store.close());
    await store.state('app').set(BACKUP, { at });
  } catch {
    process.stderr.write('The database could not be told of this backup: the reminder comes all the same.\n');
  }
}

/** What a killed backup left beside its place (`writeWhole`); that of a process which lives stays. */
async function removeHalves(file: string): Promise<void> {
  const start = `${basename(file)}.`;
  for (const name of await readdir(dirname(file))) {
    const pid = /^(\d+)\.partial$/.exec(name.startsWith(start) ? name.slice(start.length) : '')?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(dirname(file), name));
    process.stderr.write(`Removed ${name}, which a backup that was killed had left.\n`);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's, which may not be asked.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** For this user alone, for it names chats. */
async function writeFile(file: string, lines: AsyncIterable<string>): Promise<TableDigest[]> {
  try {
    await removeHalves(file);
    return await writeWhole(file, 0o600, ({ fd }) =>
      writeTo(createWriteStream(file, { fd, autoClose: false }), lines, true),
    );
  } catch (error) {
    throw cannot('written', file, error);
  }
}

async function writeTo(out: Writable, lines: AsyncIterable<string>, end = false): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  using progress = progressOnStderr(systemClock)('writing', 'lines');
  async function* chunks(): AsyncGenerator<string> {
    const chunk: string[] = [];
    let written = 0;
    for await (const line of lines) {
      chunk.push(line);
      if (line.startsWith('{"end":"') && !line.startsWith('{"end":"export"')) {
        const { end: table, rows, checksum } = JSON.parse(line);
        digests.push({ table, rows, checksum });
      }
      if (chunk.length >= CHUNK) yield `${chunk.splice(0).join('\n')}\n`;
      progress.tell(++written);
    }
    if (chunk.length > 0) yield `${chunk.join('\n')}\n`;
  }
  await pipeline(chunks, out, { end });
  return digests;
}

/** A line holds one row; a longer one is no export. */
const MAX_LINE = 16_000_000;

export async function restore(args: string[]): Promise<number> {
  const { file, values } = oneFile(args, COMMANDS.restore.usage);
  return reading(file, 'restoring', async (lines) => {
    const store = await openDatabase(values, { readOnly: false });
    await using _ = afterwards(() => store.close());
    return await store.restore(lines);
  });
}

/** Is it whole? Without a database. */
export async function verify(args: string[]): Promise<number> {
  const { file } = oneFile(args, COMMANDS.verify.usage);
  return reading(file, 'reading', (lines) => readExport(lines, async () => {}));
}

async function reading(
  file: string,
  doing: string,
  take: (lines: AsyncIterable<string>) => Promise<TableDigest[]>,
): Promise<number> {
  // Before a database is made for it.
  const input = file === '-' ? process.stdin : await opened(file);
  const all = file === '-' ? null : (await stat(file)).size;
  using _ = atEnd(() => input.destroy());
  using progress = progressOnStderr(systemClock)(doing, all === null ? 'kB' : 'kB of the file');
  let read = 0;
  const tell = (bytes: number): void => {
    read += bytes;
    progress.tell(Math.round(read / 1_000), all === null ? null : Math.round(all / 1_000));
  };
  const digests = await take(linesOf(input, tell));
  progress.end();
  process.stdout.write(`${summary(digests)}\n`);
  return 0;
}

async function opened(file: string): Promise<Readable> {
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  await once(stream, 'ready').catch((error: unknown) => {
    throw cannot('read', file, error);
  });
  return stream;
}

async function* linesOf(input: Readable, tell: (bytes: number) => void): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    tell(Buffer.byteLength(chunk));
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE)
      throw new TocsinError('import_invalid', 'A line of more than 16 MB: this is no export of Tocsin.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}
/** One file argument, `-` for the pipe, beside what `openDatabase` takes. */
function oneFile(args: string[], usage: string, switches: 'with-keys'[] = []) {
  const { values, words } = optionsOf(args, ['config', 'database'], switches, 'words');
  const [file] = words;
  if (file === undefined || words.length > 1) throw new TocsinError('usage', `One file, or - for the pipe: ${usage}`);
  return { file, values };
}

/** What was moved, for people: tables with rows, and the sum. */
function summary(digests: TableDigest[]): string {
  const filled = digests.filter(({ rows }) => rows > 0);
  const lines = filled.map(
    ({ table, rows, checksum }) => `${table.padEnd(18)} ${String(rows).padStart(10)}  ${checksum.slice(0, 16)}`,
  );
  const rows = filled.reduce((sum, digest) => sum + digest.rows, 0);
  return [...lines, `${rows} rows in ${filled.length} tables.`].join('\n');
}
