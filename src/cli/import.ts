import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { cannot } from '../config/edit.ts';
import { afterwards, atEnd, TocsinError } from '../core/errors.ts';
import { systemClock } from '../platform/clock.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { oneFile, openDatabase, summary } from './open-database.ts';

/** A line holds one row; a longer one is no export. */
const MAX_LINE = 16_000_000;

export async function run(args: string[]): Promise<number> {
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
