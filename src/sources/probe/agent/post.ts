import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { messageOf, TocsinError } from '../../../core/errors.ts';
import { onceWhileFailing } from '../../../core/failures.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Ids } from '../../../core/ports/ids.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Spool } from './spool.ts';
import type { Answer, Batch } from './wire.ts';

export interface Centre {
  /** Where batches are posted to: https, or http on the own machine. */
  url: URL;
  token: string;
  /** PEM of the centre's own root, where no public one has signed for it. */
  ca: string | null;
}

export type Posted = { ok: true; answer: Answer } | { ok: false; status: number; reason: string };

/** One attempt; never throws. Answers are bounded (4 KB). */
export function post(centre: Centre, batch: Batch, signal: AbortSignal): Promise<Posted> {
  return new Promise((resolve) => {
    const body = Buffer.from(JSON.stringify(batch));
    const send = centre.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const failed = (reason: string, status = 0): void => resolve({ ok: false, status, reason: reason.slice(0, 200) });
    const req = send(
      centre.url,
      {
        method: 'POST',
        signal,
        timeout: 30_000,
        ...(centre.ca ? { ca: centre.ca } : {}),
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': body.length,
          Authorization: `Bearer ${centre.token}`,
        },
      },
      (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          if (text.length <= 4_096) text += chunk;
        });
        res.on('error', (error) => failed(error.message));
        res.on('end', () => {
          if (res.statusCode !== 200) {
            failed(`status ${res.statusCode}`, res.statusCode ?? 0);
            return;
          }
          try {
            const answer = JSON.parse(text) as Partial<Answer>;
            resolve({ ok: true, answer: answerOf(answer) });
          } catch {
            failed('unreadable answer', 200);
          }
        });
      },
    );
    req.on('timeout', () => req.destroy(new Error('timeout')));
    req.on('error', (error) => failed(error.message));
    req.end(body);
  });
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

export interface CourierDeps {
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
  const reach = onceWhileFailing(log, {
    begins: 'Unable to reach the centre; results wait on disk',
    ends: 'Centre is reachable again',
  });
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
    const alive = clock.monotonic() - lastContact < SIGN_OF_LIFE;
    if (!waiting && alive) {
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
