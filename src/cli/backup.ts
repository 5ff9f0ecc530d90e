import { once } from 'node:events';
import { createWriteStream, createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Writable, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { cannot, writeWhole } from '../config/edit.ts';
import { afterwards, atEnd, TocsinError } from '../core/errors.ts';
import type { TableDigest } from '../core/ports/store.ts';
import { systemClock } from '../platform/clock.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { openDatabase } from './open-database.ts';
import { optionsOf } from './runtime.ts';

/** Going on from a copy of them would use them twice. */
const LEFT_OUT =
  'Left out, as always: keys of encrypted Matrix rooms. Where this is imported, such an account logs in anew (docs/matrix.md).';

/** Lines that are written at a time. */
const CHUNK = 500;

export async function exportAll(args: string[]): Promise<number> {
  const { file, values } = oneFile(args, COMMANDS.export.usage);
  const store = await openDatabase(values, { readOnly: true });
  await using _ = afterwards(() => store.close());
  const digests = file === '-' ? await writeTo(process.stdout, store.dump()) : await writeFile(file, store.dump());
  (file === '-' ? process.stderr : process.stdout).write(`${summary(digests)}\n${LEFT_OUT}\n`);
  return 0;
}

/** For this user alone, for it names chats. */
async function writeFile(file: string, lines: AsyncIterable<string>): Promise<TableDigest[]> {
  try {
    return await writeWhole(file, 0o600, ({ fd }) =>
      writeTo(createWriteStream(file, { fd, autoClose: false }), lines, true),
    );
  } catch (error) {
    throw cannot('written', file, error);
  }
}

async function writeTo(out: Writable, lines: AsyncIterable<string>, end = false): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  using progress = progressOnStderr(systemClock)('exporting', 'lines');
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

export async function importAll(args: string[]): Promise<number> {
  const { file, values } = oneFile(args, COMMANDS.import.usage);
  // Before a database is made for it.
  const input = file === '-' ? process.stdin : await opened(file);
  const all = file === '-' ? null : (await stat(file)).size;
  using _ = atEnd(() => input.destroy());
  const store = await openDatabase(values, { readOnly: false });
  await using __ = afterwards(() => store.close());
  using progress = progressOnStderr(systemClock)('importing', all === null ? 'kB' : 'kB of the file');
  let read = 0;
  const tell = (bytes: number): void => {
    read += bytes;
    progress.tell(Math.round(read / 1_000), all === null ? null : Math.round(all / 1_000));
  };
  const digests = await store.restore(linesOf(input, tell));
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
function oneFile(args: string[], usage: string) {
  const { values, words } = optionsOf(args, ['config', 'database'], [], 'words');
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
