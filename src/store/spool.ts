import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { TocsinError } from '../core/errors.ts';

/** Lines that are written at a time; bytes that are read. */
const CHUNK = 500;
const READ = 262_144;

/**
 * The lines again, from a file of this user alone that has no name any more once it is filled. `source` is read to its end at the speed of
 * the disk, then `done` is called, before the first line is handed out: however slow the reader is, nobody waits for it.
 * `folders`: where the file may lie, the first that can be written to.
 */
export async function* spooled(
  source: AsyncIterable<string>,
  folders: readonly string[],
  done: () => Promise<void>,
): AsyncGenerator<string> {
  const file = await anonymous(folders);
  try {
    try {
      await fill(file, source);
    } finally {
      await done();
    }
    yield* linesOf(file.handle);
  } finally {
    await file.close();
  }
}

interface Anonymous {
  handle: FileHandle;
  close(): Promise<void>;
}

async function anonymous(folders: readonly string[]): Promise<Anonymous> {
  let failure: unknown = null;
  for (const folder of [...folders, tmpdir()]) {
    try {
      const own = await mkdtemp(join(folder, '.tocsin-export-'));
      const handle = await open(join(own, 'lines'), 'wx+', 0o600);
      // Without a name a killed export leaves nothing behind; a system that keeps the name has it removed at the end.
      await rm(own, { recursive: true, force: true }).catch(() => undefined);
      const close = async () => {
        await handle.close();
        await rm(own, { recursive: true, force: true }).catch(() => undefined);
      };
      return { handle, close };
    } catch (error) {
      failure = error;
    }
  }
  throw noRoom(failure);
}

async function fill({ handle }: Anonymous, source: AsyncIterable<string>): Promise<void> {
  const out = createWriteStream('', { fd: handle.fd, autoClose: false });
  const ended = finished(out);
  ended.catch(() => undefined);
  let chunk: string[] = [];
  const flush = async () => {
    const room = chunk.length === 0 || out.write(`${chunk.join('\n')}\n`);
    chunk = [];
    if (!room && !out.destroyed) await Promise.race([once(out, 'drain'), ended]);
  };
  for await (const line of source) {
    chunk.push(line);
    if (chunk.length >= CHUNK) await flush();
    if (out.errored) break;
  }
  try {
    await flush();
    out.end();
    await ended;
  } catch (error) {
    throw noRoom(error);
  }
}

/** By line feeds alone: within a line of JSON may stand what others take for the end of one. */
async function* linesOf(handle: FileHandle): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(READ);
  let rest = '';
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, READ, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

const noRoom = (error: unknown): TocsinError => {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return new TocsinError(
    'store_failed',
    `The export finds no place for its lines (${code ?? 'unexpected error'}): it needs about as much free space beside the database, or in TMPDIR, as the database takes.`,
    { reason: code ?? null },
    error,
  );
};
