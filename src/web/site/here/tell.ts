import { createHash } from 'node:crypto';
import type { ReaderReport, ReaderReports } from '../../../core/ports/readers.ts';
import type { Clock } from '../../../core/ports/runtime.ts';
import { createBuckets, keepNewest } from '../../../core/recent.ts';
import type { WebAnswer } from '../../server.ts';

/**
 * What readers of the page `/here` send, when they say so. Whoever sends shows some work (`work.js`) that holds for this text alone; it is bounded by
 * address, by minute and by day, so that no flood of it leaves no room for what is tapped in chats. An address counts for minutes, in memory, and is
 * written nowhere.
 */

/** Some 130,000 digests: half a second on a phone of five years, and no more than that. */
export const BITS = 17;
export const MAX_BYTES = 4_000;
/** Behind one address of a mobile network are thousands. */
const EACH = { burst: 20, perSecond: 1 / 30, most: 10_000 };
const ALL = { burst: 60, perSecond: 1, most: 1 };
/** Verdicts a day; those of chats have four times as much room (`core/readers.ts`). */
const MAX_A_DAY = 40_000;
const DAY = 86_400_000;
/** A page may stand open for so long before its reader sends. */
const OLD_MS = 2 * 3_600_000;
const EARLY_MS = 600_000;
/** More than `ALL` lets through while they may be shown again. */
const MAX_PROOFS = 10_000;

const VOICE = /^[a-z0-9]{8,40}$/u;
const refused: WebAnswer = { status: 400, body: 'refused' };
const later: WebAnswer = { status: 429, headers: { 'retry-after': '60' }, body: 'later' };

type Told = ReaderReport & { at: number };

/** `client`: as what an address counts. Rejects as the store does. */
export function createTeller(readers: ReaderReports, clock: Pick<Clock, 'now' | 'monotonic'>, bits = BITS) {
  const buckets = createBuckets(EACH);
  const all = createBuckets(ALL);
  const proofs = new Map<string, true>();
  let today = { day: 0, verdicts: 0 };
  return async (client: string, body: Uint8Array): Promise<WebAnswer> => {
    if (buckets.take(client, 1, clock.monotonic()) > 0) return later;
    const shown = proofOf(body, bits);
    const now = clock.now();
    if (shown === null || shown.told.at < now - OLD_MS || shown.told.at > now + EARLY_MS) return refused;
    if (proofs.has(shown.proof)) return { status: 200, body: 'known' };
    const { at: _, ...report } = shown.told;
    const day = Math.floor(now / DAY);
    const verdicts = report.verdicts.length + (today.day === day ? today.verdicts : 0);
    if (verdicts > MAX_A_DAY || all.take('all', 1, clock.monotonic()) > 0) return later;
    today = { day, verdicts };
    keepNewest(proofs, shown.proof, true, MAX_PROOFS);
    const outcome = await readers.take(report);
    return outcome === 'refused' ? refused : { status: 200, body: outcome };
  };
}

/** Null: it is nothing that the page sends, or sent without the work. */
function proofOf(body: Uint8Array, bits: number): { proof: string; told: Told } | null {
  try {
    const { report, work } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
    if (typeof report !== 'string' || !Number.isSafeInteger(work)) return null;
    const head = createHash('sha256').update(report).digest('hex').slice(0, 32);
    const proof = createHash('sha256')
      .update(`${head}${String(work)}`)
      .digest();
    return proof.readUInt32BE(0) >>> (32 - bits) === 0 ? { proof: proof.toString('hex'), told: toldIn(report) } : null;
  } catch {
    return null;
  }
}

/** Throws where it is not what the page writes. Countries, services and operators are looked up by whoever takes it. */
function toldIn(text: string): Told {
  const { country, operator, verdicts, voice, at } = JSON.parse(text) as Record<string, unknown>;
  const said = Object.entries(verdicts as object).map(([service, verdict]) => {
    if (verdict !== 'fails' && verdict !== 'works') throw new TypeError('no verdict');
    return { service, verdict };
  });
  if (typeof country !== 'string' || typeof operator !== 'string' || typeof at !== 'number')
    throw new TypeError('no report');
  if (typeof voice !== 'string' || !VOICE.test(voice)) throw new TypeError('no voice');
  const own = operator === '' ? {} : { operator };
  return { country, ...own, door: 'page', verdicts: said, token: `page ${voice}`, at };
}
