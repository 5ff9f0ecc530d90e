import { once } from 'node:events';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { dirname, join } from 'node:path';
import type { Loose } from '../../core/answers.ts';
import { messageOf, onceWhileFailing, orNull, TocsinError } from '../../core/errors.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { Clock, Ids, Log } from '../../core/ports/runtime.ts';
import { inOrder } from '../../core/wakeable.ts';
import { type Answer, type Batch, bounded, MAX_MEASUREMENTS } from './agent-wire.ts';

/**
 * Makes a folder and those above it, for this user alone. One by one: Node's recursive `mkdir` never returns where the system says "no such
 * file" of a folder whose parent is there, as under /proc. Throws `usage` with where and the remedy.
 */
export async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    // Somebody else was quicker.
    if (error.code === 'EEXIST' && (await stat(path).catch(() => null))?.isDirectory()) return;
    const message = `The folder ${path} cannot be made (${error.code ?? 'unexpected error'}): name another with --spool, or make it for the user that runs the agent.`;
    throw new TocsinError('usage', message, { reason: error.code ?? null }, error);
  });
}

/** At ten minutes a round some two weeks of an unreachable centre, or 100 MB. */
const SPOOL_LIMITS = { maxBatches: 4_000, maxBytes: 100_000_000 };

/** What waits for the centre, on disk. */
export type Spool = Awaited<ReturnType<typeof openSpool>>;

const NAME = /^(\d{10})\.json$/;

/** Opens (or makes) the buffer in a folder of its own. One process at a time. Unreadable leftovers of a crash are thrown away. */
export async function openSpool(folder: string, ids: Ids, limits = SPOOL_LIMITS) {
  await makeFolder(folder);
  const head = (await readHead(folder)) ?? { epoch: `${ids.next()}${ids.tail(8)}`, acked: 0, dropped: 0 };
  const waiting = new Map<number, number>();
  for (const name of await readdir(folder)) {
    const seq = Number(NAME.exec(name)?.[1] ?? 0);
    if (name.endsWith('.tmp') || (seq > 0 && seq <= head.acked)) await rm(join(folder, name), { force: true });
    else if (seq > 0) waiting.set(seq, (await stat(join(folder, name))).size);
  }
  let next = Math.max(head.acked, ...waiting.keys()) + 1;
  const writeHead = (): Promise<void> => durably(folder, join(folder, 'head.json'), JSON.stringify(head));
  await writeHead();
  const serially = inOrder();
  const file = (seq: number): string => join(folder, `${String(seq).padStart(10, '0')}.json`);
  const oldest = (): number => Math.min(...waiting.keys());
  const bytes = (): number => waiting.values().reduce((a, b) => a + b, 0);
  const lose = async (seq: number): Promise<void> => {
    waiting.delete(seq);
    head.dropped++;
    await rm(file(seq), { force: true });
  };

  const isFull = (): boolean => waiting.size > limits.maxBatches || bytes() > limits.maxBytes;

  return {
    epoch: head.epoch,
    size: () => waiting.size,
    /** Durable when it resolves. The oldest batches go when the buffer is full. */
    add: (measurements: readonly Measurement[]) =>
      serially(async () => {
        for (let i = 0; i < measurements.length; i += MAX_MEASUREMENTS) {
          const seq = next++;
          const part = measurements.slice(i, i + MAX_MEASUREMENTS).map(bounded);
          const text = JSON.stringify({ v: 1, epoch: head.epoch, seq, dropped: 0, measurements: part });
          await durably(folder, file(seq), text);
          waiting.set(seq, Buffer.byteLength(text));
        }
        if (!isFull()) return;
        while (waiting.size > 1 && isFull()) await lose(oldest());
        await writeHead();
      }),
    /** The oldest batch that waits, or null. */
    first: () =>
      serially(async (): Promise<Batch | null> => {
        while (waiting.size > 0) {
          const seq = oldest();
          try {
            return { ...(JSON.parse(await readFile(file(seq), 'utf8')) as Batch), dropped: head.dropped };
          } catch {
            // A disk that loses what it has synced: go on with the next one.
            await lose(seq);
          }
        }
        return null;
      }),
    /** Everything up to `seq` has arrived. Durable when it resolves. */
    acked: (seq: number) =>
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

/** `dropped`: batches that were lost since the centre acknowledged one. */
async function readHead(folder: string) {
  try {
    const head = JSON.parse(await readFile(join(folder, 'head.json'), 'utf8')) as Loose;
    if (typeof head.epoch !== 'string' || !/^[0-9a-z]{8,32}$/.test(head.epoch)) return null;
    return { epoch: head.epoch, acked: Number(head.acked) || 0, dropped: Number(head.dropped) || 0 };
  } catch {
    return null;
  }
}

/** Whole or not at all, also over a power cut. */
async function durably(folder: string, file: string, text: string): Promise<void> {
  {
    await using handle = await open(`${file}.tmp`, 'w', 0o600);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(`${file}.tmp`, file);
  await using dir = await open(folder, 'r');
  await dir.sync().catch(() => undefined);
}

export interface Centre {
  /** Where batches are posted to: https, or http on the own machine. */
  url: URL;
  token: string;
  /** PEM of the centre's own root, where no public one has signed for it. */
  ca: string | null;
}

type Posted = { ok: true; answer: Answer } | { ok: false; status: number; reason: string };

/** One attempt; never throws. Answers are bounded (4 KB). */
export async function post({ url, token, ca }: Centre, batch: Batch, signal: AbortSignal): Promise<Posted> {
  const failed = (reason: string, status = 0): Posted => ({ ok: false, status, reason: reason.slice(0, 200) });
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  const req = send(url, { method: 'POST', signal, timeout: 30_000, ...(ca ? { ca } : {}), headers });
  req.on('timeout', () => req.destroy(new Error('timeout')));
  req.on('error', () => undefined);
  let text = '';
  try {
    req.end(JSON.stringify(batch));
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    for await (const chunk of res.setEncoding('utf8')) if (text.length <= 4_096) text += chunk;
    if (res.statusCode !== 200) return failed(`status ${res.statusCode}`, res.statusCode);
  } catch (error) {
    return failed((error as Error).message);
  }
  const answer = orNull(() => answerOf(JSON.parse(text) as Partial<Answer>));
  return answer ? { ok: true, answer } : failed('unreadable answer', 200);
}

/** The centre's answer, as far as we understand it. */
function answerOf({ acked, stop, refused, refusedInAll }: Partial<Answer>): Answer {
  const reasons = Array.isArray(refused) ? refused.filter((one) => typeof one === 'string').slice(0, 20) : [];
  const answer: Answer = { acked: Number(acked) || 0, stop: stop === true };
  return reasons.length === 0 ? answer : { ...answer, refused: reasons, refusedInAll: Number(refusedInAll) || 0 };
}

/** An answer that leaves the batch where it is would have it sent again at once, without end: it is a failure like any other. */
function acknowledged(posted: Posted, waiting: Batch | null): Posted {
  if (!posted.ok || !waiting || posted.answer.acked >= waiting.seq) return posted;
  return { ok: false, status: 200, reason: 'it does not acknowledge what it was sent' };
}

interface CourierDeps {
  spool: Spool;
  centre: Centre;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The centre's wish that no more measurements be made. */
  onStop(stop: boolean): void;
}

const SIGN_OF_LIFE = 300_000;
const IDLE = 2_000;
const LONGEST_PAUSE = 300_000;

/** Carries batches to the centre, oldest first, one at a time, until aborted. Backs off while it is unreachable; says so once. */
export async function carry(deps: CourierDeps, signal: AbortSignal): Promise<void> {
  const { spool, centre, clock, ids, log } = deps;
  const begins = 'Unable to reach the centre; results wait on disk';
  const reach = onceWhileFailing(log, { begins, ends: 'Centre is reachable again' });
  // By the reason, not by the measurement: it is the same each round.
  const refusals = onceWhileFailing(log, {
    begins: 'The centre does not take all of it',
    ends: null,
    kindOf: messageOf,
  });
  let failures = 0;
  let lastContact = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const waiting = await spool.first();
    if (!waiting && clock.monotonic() - lastContact < SIGN_OF_LIFE) {
      await clock.sleep(IDLE, signal).catch(() => undefined);
      continue;
    }
    const batch: Batch = waiting ?? { v: 1, epoch: spool.epoch, seq: 0, dropped: 0, measurements: [] };
    const posted = acknowledged(await post(centre, batch, signal), waiting);
    if (signal.aborted) break;
    if (posted.ok) {
      reach.working({ waiting: spool.size() });
      failures = 0;
      lastContact = clock.monotonic();
      deps.onStop(posted.answer.stop);
      const why = posted.answer.refused?.[0]?.replace(/^[^:]*: /, '') ?? null;
      if (why !== null)
        refusals.failing(new TocsinError('client', why), { measurements: posted.answer.refusedInAll ?? 0 });
      else if (waiting) refusals.working();
      if (waiting) await spool.acked(Math.max(posted.answer.acked, 0));
      continue;
    }
    // Only the centre can say that a batch is no good: it would stand in the way of all others for ever.
    if (waiting && (posted.status === 400 || posted.status === 413)) {
      log.error('Centre refused a batch; it is thrown away', { seq: batch.seq, reason: posted.reason });
      await spool.acked(batch.seq);
      continue;
    }
    failures++;
    reach.failing(new TocsinError('server', posted.reason), { waiting: spool.size() });
    const pause = Math.min(LONGEST_PAUSE, 2_000 * 2 ** Math.min(failures, 8));
    await clock.sleep(pause * (0.5 + ids.random() / 2), signal).catch(() => undefined);
  }
}
