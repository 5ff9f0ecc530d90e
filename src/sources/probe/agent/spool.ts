import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measurement } from '../../../core/model/measurement.ts';
import type { Ids } from '../../../core/ports/ids.ts';
import { makeFolder } from './folder.ts';
import { type Batch, bounded, MAX_MEASUREMENTS } from './wire.ts';

export interface SpoolLimits {
  maxBatches: number;
  maxBytes: number;
}

/** At ten minutes a round some two weeks of an unreachable centre, or 100 MB. */
const SPOOL_LIMITS: SpoolLimits = { maxBatches: 4_000, maxBytes: 100_000_000 };

/** What waits for the centre, on disk. */
export interface Spool {
  /** Durable when it resolves. The oldest batches go when the buffer is full. */
  add(measurements: readonly Measurement[]): Promise<void>;
  /** The oldest batch that waits, or null. */
  first(): Promise<Batch | null>;
  /** Everything up to `seq` has arrived. Durable when it resolves. */
  acked(seq: number): Promise<void>;
  readonly epoch: string;
  size(): number;
}

interface Head {
  epoch: string;
  acked: number;
  dropped: number;
}

const NAME = /^(\d{10})\.json$/;

/** Opens (or makes) the buffer in a folder of its own. One process at a time. Unreadable leftovers of a crash are thrown away. */
export async function openSpool(folder: string, ids: Ids, limits: SpoolLimits = SPOOL_LIMITS): Promise<Spool> {
  await makeFolder(folder);
  const head: Head = (await readHead(folder)) ?? { epoch: `${ids.next()}${ids.tail(8)}`, acked: 0, dropped: 0 };
  const waiting = new Map<number, number>();
  for (const name of await readdir(folder)) {
    const seq = Number(NAME.exec(name)?.[1] ?? 0);
    if (name.endsWith('.tmp') || (seq > 0 && seq <= head.acked)) await rm(join(folder, name), { force: true });
    else if (seq > 0) waiting.set(seq, (await stat(join(folder, name))).size);
  }
  let next = Math.max(head.acked, ...waiting.keys()) + 1;
  await writeHead();
  let turn: Promise<unknown> = Promise.resolve();
  const serially = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const file = (seq: number): string => join(folder, `${String(seq).padStart(10, '0')}.json`);
  const oldest = (): number => Math.min(...waiting.keys());

  function writeHead(): Promise<void> {
    return durably(folder, join(folder, 'head.json'), JSON.stringify(head));
  }

  async function shrink(): Promise<void> {
    let bytes = [...waiting.values()].reduce((a, b) => a + b, 0);
    while (waiting.size > 1 && (waiting.size > limits.maxBatches || bytes > limits.maxBytes)) {
      const seq = oldest();
      bytes -= waiting.get(seq) ?? 0;
      waiting.delete(seq);
      head.dropped++;
      await rm(file(seq), { force: true });
    }
    await writeHead();
  }

  return {
    epoch: head.epoch,
    size: () => waiting.size,
    add: (measurements) =>
      serially(async () => {
        for (let i = 0; i < measurements.length; i += MAX_MEASUREMENTS) {
          const seq = next++;
          const batch: Batch = {
            v: 1,
            epoch: head.epoch,
            seq,
            dropped: 0,
            measurements: measurements.slice(i, i + MAX_MEASUREMENTS).map(bounded) as Batch['measurements'],
          };
          const text = JSON.stringify(batch);
          await durably(folder, file(seq), text);
          waiting.set(seq, Buffer.byteLength(text));
        }
        if (waiting.size > limits.maxBatches || [...waiting.values()].reduce((a, b) => a + b, 0) > limits.maxBytes)
          await shrink();
      }),
    first: () =>
      serially(async () => {
        while (waiting.size > 0) {
          const seq = oldest();
          try {
            return { ...(JSON.parse(await readFile(file(seq), 'utf8')) as Batch), dropped: head.dropped };
          } catch {
            // A disk that loses what it has synced: go on with the next one.
            waiting.delete(seq);
            head.dropped++;
            await rm(file(seq), { force: true });
          }
        }
        return null;
      }),
    acked: (seq) =>
      serially(async () => {
        const gone = [...waiting.keys()].filter((n) => n <= seq);
        if (seq > head.acked) {
          head.acked = Math.min(seq, next - 1);
          head.dropped = 0;
          await writeHead();
        }
        for (const n of gone) {
          waiting.delete(n);
          await rm(file(n), { force: true });
        }
      }),
  };
}

async function readHead(folder: string): Promise<Head | null> {
  try {
    const head = JSON.parse(await readFile(join(folder, 'head.json'), 'utf8')) as Partial<Head>;
    if (typeof head.epoch !== 'string' || !/^[0-9a-z]{8,32}$/.test(head.epoch)) return null;
    return { epoch: head.epoch, acked: Number(head.acked) || 0, dropped: Number(head.dropped) || 0 };
  } catch {
    return null;
  }
}

/** Whole or not at all, also over a power cut. */
async function durably(folder: string, file: string, text: string): Promise<void> {
  const handle = await open(`${file}.tmp`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
  const dir = await open(folder, 'r');
  await dir.sync().catch(() => undefined);
  await dir.close();
}
