import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { cannot, writeWhole } from '../config/edit.ts';
import { afterwards } from '../core/errors.ts';
import { systemClock } from '../platform/clock.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { oneFile, openDatabase, summary } from './open-database.ts';

/** Going on from a copy of them would use them twice. */
const LEFT_OUT =
  'Left out, as always: keys of encrypted Matrix rooms. Where this is imported, such an account logs in anew (docs/matrix.md).';

/** Lines that are written at a time. */
const CHUNK = 500;

export async function run(args: string[]): Promise<number> {
  const { file, values } = oneFile(args, COMMANDS.export.usage);
  const store = await openDatabase(values, { readOnly: true });
  await using _ = afterwards(() => store.close());
  const digests = file === '-' ? await writeTo(process.stdout, store.dump()) : await writeFile(file, store.dump());
  (file === '-' ? process.stderr : process.stdout).write(`${summary(digests)}\n${LEFT_OUT}\n`);
  return 0;
}

/** For this user alone, for it names chats. */
async function writeFile(file: string, lines: AsyncIterable<string>): Promise<Digests> {
  try {
    return await writeWhole(file, 0o600, ({ fd }) =>
      writeTo(createWriteStream(file, { fd, autoClose: false }), lines, true),
    );
  } catch (error) {
    throw cannot('written', file, error);
  }
}

type Digests = { table: string; rows: number; checksum: string }[];

async function writeTo(out: Writable, lines: AsyncIterable<string>, end = false): Promise<Digests> {
  const digests: Digests = [];
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
