import * as v from 'valibot';
import { loose } from '../../core/answers.ts';
import { type Fingerprint, locationHost, matchFingerprint } from '../../core/judge/http.ts';
import type { Measurement, ProbeFacts } from '../../core/model/measurement.ts';
import type { Fingerprints } from './fingerprints.ts';

const MAX_OBSERVATIONS = 64;
const MAX_ENDPOINTS = 16;
const MAX_TEXT = 4_000;

const listOf = (value: unknown, max: number): unknown[] => (Array.isArray(value) ? value.slice(0, max) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '');

/** Every answer in plain HTTP, and every page behind a certificate that is not the site's, of raw observations that somebody sent. */
function pagesOf(raw: unknown): Record<string, unknown>[] {
  return listOf(loose(raw).observations, MAX_OBSERVATIONS).flatMap((one) =>
    listOf(loose(one).endpoints, MAX_ENDPOINTS).flatMap((endpoint) => {
      const { http, page, target } = loose(endpoint);
      const isSites = listOf(target, 8).some((flow) => loose(loose(flow).certificate).valid === true);
      return [http, isSites ? null : page].filter((it) => it !== null && it !== undefined).map(loose);
    }),
  );
}

function matchOf(list: readonly Fingerprint[], page: Record<string, unknown>): string | null {
  return matchFingerprint(list, {
    redirectHost: locationHost(textOf(page.location) || null),
    title: textOf(page.title).toLowerCase(),
    body: textOf(page.excerpt).toLowerCase(),
  });
}

/** Id of the known block page that is in what an agent saw, by our own list; null = none is, whatever it says. */
export function knownPage(raw: unknown, prints: Pick<Fingerprints, 'blockPages' | 'benign'>): string | null {
  for (const page of pagesOf(raw)) {
    if (!(Number(page.status) > 0) || matchOf(prints.benign, page) !== null) continue;
    const id = matchOf(prints.blockPages, page);
    if (id !== null) return id;
  }
  return null;
}

/** Of observations that are too large to be sent: the pages that were recognised, so that the centre can do so as well; null = none. */
export function pagesAlone(raw: unknown): ProbeFacts | null {
  const pages = pagesOf(raw).filter((page) => typeof page.fingerprint === 'string');
  return pages.length === 0 ? null : { observations: [{ endpoints: pages.slice(0, 4).map((http) => ({ http })) }] };
}

/** Bounds of one batch. */
export const MAX_BODY = 4_000_000;
export const MAX_MEASUREMENTS = 500;
const MAX_RAW = 65_536;

const short = (n: number) => v.pipe(v.string(), v.maxLength(n));
const measurement = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  sourceId: short(64),
  kind: v.literal('probe'),
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  probeCc: short(2),
  probeAsn: short(16),
  vantageId: short(200),
  target: v.nullable(short(253)),
  component: v.nullable(short(60)),
  verdict: short(40),
  detail: v.nullable(short(200)),
  notes: v.pipe(v.array(short(200)), v.maxLength(40)),
  raw: v.unknown(),
});

/**
 * What an agent posts: its results in the order in which they were made. `epoch` is the life of its spool; `seq` counts the batches in it from
 * one, so that a repeated delivery is recognised. No measurements = a sign of life (`seq` 0).
 */
export const batchSchema = v.strictObject({
  v: v.literal(1),
  epoch: v.pipe(v.string(), v.regex(/^[0-9a-z]{8,32}$/)),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Batches thrown away before this one because the buffer was full. */
  dropped: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  measurements: v.pipe(v.array(measurement), v.maxLength(MAX_MEASUREMENTS)),
});
export type Batch = v.InferOutput<typeof batchSchema>;

/** The centre's answer. `stop`: make no more measurements until an answer says otherwise. */
export interface Answer {
  acked: number;
  stop: boolean;
  /** Measurements that were not taken, each by its id and with the reason: the first few, and how many in all. The rest of the batch was taken. */
  refused?: string[];
  refusedInAll?: number;
}

/** Observations beyond the bound are left out, but for pages that were recognised: the verdict stays. */
export function bounded(m: Measurement): Measurement {
  const text = JSON.stringify(m.raw ?? null);
  return text.length > MAX_RAW ? { ...m, raw: pagesAlone(m.raw) } : m;
}
