import { createHash } from 'node:crypto';
import { COUNTRIES } from '../../../core/commands/asking/country-names.ts';
import { orNull } from '../../../core/errors.ts';
import type { ReaderReport, ReaderReports } from '../../../core/ports/readers.ts';
import type { Clock } from '../../../core/ports/runtime.ts';
import { createBuckets, keepNewest } from '../../../core/recent.ts';
import type { WebAnswer } from '../../server.ts';
import type { HereHosts, SiteDeps } from '../deps.ts';
import { Problem } from '../respond.ts';

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
/** A link that many have just read brings them all within seconds. */
const ALL = { burst: 300, perSecond: 1, most: 1 };
/** Verdicts a day; those of chats have four times as much room (`core/readers.ts`). */
const MAX_A_DAY = 40_000;
const DAY = 86_400_000;
/** A page may stand open for so long before its reader sends. */
const OLD_MS = 2 * 3_600_000;
const EARLY_MS = 600_000;
/** More than `ALL` lets through while they may be shown again. */
const MAX_PROOFS = 10_000;

const VOICE = /^[a-z0-9]{8,40}$/u;
const OPERATOR = /^(?:AS[1-9]\d{0,9})?$/u;
const later = (seconds: number): WebAnswer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: 'Too many send now, or have sent today: send the same again later.\n',
});

type Told = ReaderReport & { at: number };
/** Whose page it is, and what that page asks about. */
type Own = Pick<SiteDeps, 'instance'> & { hosts: Pick<HereHosts, 'services'> };

/** `client`: as what an address counts. Rejects with a `Problem` where it is nothing that the page sends, else as the store does. */
export function createTeller(
  readers: ReaderReports,
  clock: Pick<Clock, 'now' | 'monotonic'>,
  { hosts, instance }: Own,
  bits = BITS,
) {
  const buckets = createBuckets(EACH);
  const all = createBuckets(ALL);
  const proofs = new Map<string, true>();
  let today = { day: 0, verdicts: 0 };
  return async (client: string, body: Uint8Array): Promise<WebAnswer> => {
    if (buckets.take(client, 1, clock.monotonic()) > 0) return later(60);
    const { proof, report } = proofOf(body, bits);
    const now = clock.now();
    const { at, ...told } = toldIn(report, await instance(), hosts);
    if (at < now - OLD_MS) throw wrong('at', 'The page was opened more than two hours ago: open it anew.');
    if (at > now + EARLY_MS) throw wrong('at', 'This is ahead of the clock of this server: open the page anew.');
    if (proofs.has(proof)) return { status: 200, body: 'known' };
    const day = Math.floor(now / DAY);
    const verdicts = told.verdicts.length + (today.day === day ? today.verdicts : 0);
    if (verdicts > MAX_A_DAY) return later(Math.ceil(((day + 1) * DAY - now) / 1_000));
    if (all.take('all', 1, clock.monotonic()) > 0) return later(60);
    today = { day, verdicts };
    keepNewest(proofs, proof, true, MAX_PROOFS);
    const outcome = await readers.take(told);
    return outcome === 'refused' ? later(3_600) : { status: 200, body: outcome };
  };
}

const wrong = (field: string | null, detail: string): Problem => new Problem(400, field, detail);

/** An object of JSON; `says` what else it should have been. */
function objectIn(text: string, field: string | null, says: string): Record<string, unknown> {
  const read = orNull(() => JSON.parse(text) as unknown);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw wrong(field, says);
  return read as Record<string, unknown>;
}

/** Sent with the work, for this text alone. */
function proofOf(body: Uint8Array, bits: number): { proof: string; report: string } {
  const says = 'Send JSON: { "report": a text, "work": a number }, as the page /here does.';
  const { report, work } = objectIn(new TextDecoder().decode(body), null, says);
  if (typeof report !== 'string') throw wrong('report', says);
  const head = createHash('sha256').update(report).digest('hex').slice(0, 32);
  const proof = createHash('sha256')
    .update(`${head}${String(work)}`)
    .digest();
  if (!Number.isSafeInteger(work) || proof.readUInt32BE(0) >>> (32 - bits) !== 0)
    throw wrong('work', `This is no work for this report: its digest begins with fewer than ${bits} bits of nought.`);
  return { proof: proof.toString('hex'), report };
}

function toldIn(text: string, own: string, { services }: Own['hosts']): Told {
  const told = objectIn(text, 'report', 'This is no JSON object in a text, as the page writes it.');
  const { country, operator, voice, at, to } = told;
  const verdicts = Object.entries(typeof told.verdicts === 'object' ? (told.verdicts ?? {}) : {}).map(
    ([service, verdict]) => {
      if (!Object.hasOwn(services, service)) throw wrong('verdicts', 'Name services that the page asks about.');
      if (verdict !== 'fails' && verdict !== 'works')
        throw wrong('verdicts', 'Say "fails" or "works" of each service.');
      return { service, verdict } as const;
    },
  );
  if (verdicts.length === 0) throw wrong('verdicts', 'Name at least one service, with "fails" or "works".');
  if (typeof country !== 'string' || !COUNTRIES.includes(country))
    throw wrong('country', 'Name a country by two capital letters (ISO 3166-1), such as "RU".');
  if (typeof operator !== 'string' || !OPERATOR.test(operator))
    throw wrong('operator', 'Name a provider by its number, such as "AS8359", or "" for none.');
  if (typeof voice !== 'string' || !VOICE.test(voice))
    throw wrong('voice', 'Send 8 to 40 small letters and digits, drawn once for each opened page.');
  if (typeof at !== 'number') throw wrong('at', 'Send the time in ms, by the clock of this server.');
  if (to !== own) throw wrong('to', 'This was written for another Tocsin: open the page /here of this one.');
  return { country, ...(operator && { operator }), door: 'page', verdicts, token: `page ${voice}`, at };
}
