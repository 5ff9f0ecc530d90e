import * as v from 'valibot';

/** What one probe found. */
export interface Look {
  country: string;
  /** "AS64500". */
  asn: string;
  /** `fine`: it answered; `failed`: it did not; `gone`: the name does not exist there; `unclear`: the probe itself failed. */
  found: 'fine' | 'failed' | 'gone' | 'unclear';
}

const probe = v.object({ country: v.string(), asn: v.number() });
const result = v.object({
  status: v.string(),
  statusCode: v.nullish(v.number()),
  statusCodeName: v.nullish(v.string()),
  failureSource: v.nullish(v.string()),
  answers: v.nullish(v.array(v.unknown())),
});
const measurement = v.object({
  status: v.picklist(['in-progress', 'finished']),
  results: v.pipe(v.array(v.unknown()), v.maxLength(500)),
});
const one = v.object({ probe, result });
const created = v.object({ id: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/)), probesCount: v.number() });
const refused = v.object({ error: v.object({ type: v.string() }) });

/** The id of a measurement that was begun; null = the answer is of another shape. */
export const createdOf = (body: unknown): { id: string; probesCount: number } | null => {
  const parsed = v.safeParse(created, body);
  return parsed.success ? parsed.output : null;
};

/** Why a measurement was refused, in the service's word (`no_probes_found`); null = it does not say. */
export const refusalOf = (body: unknown): string | null => {
  const parsed = v.safeParse(refused, body);
  return parsed.success ? parsed.output.error.type.slice(0, 40) : null;
};

/** Null = of another shape. Single results of another shape are left out. */
export function looksOf(body: unknown, type: 'http' | 'dns'): { finished: boolean; looks: Look[] } | null {
  const parsed = v.safeParse(measurement, body);
  if (!parsed.success) return null;
  const looks = parsed.output.results.flatMap((each): Look[] => {
    const read = v.safeParse(one, each);
    if (!read.success || !/^[A-Z]{2}$/.test(read.output.probe.country)) return [];
    const { probe: by, result: what } = read.output;
    return [{ country: by.country, asn: `AS${by.asn}`, found: type === 'http' ? httpFound(what) : dnsFound(what) }];
  });
  return { finished: parsed.output.status === 'finished', looks };
}

type Result = v.InferOutput<typeof result>;

/** Any answer is an answer: big services say 403 or redirect to a bare HEAD. */
function httpFound({ status, statusCode, failureSource }: Result): Look['found'] {
  if (status === 'finished' && typeof statusCode === 'number' && statusCode > 0) return 'fine';
  if (status === 'failed') return failureSource === 'internal' ? 'unclear' : 'failed';
  return 'unclear';
}

/** "There is no such name" is a finished result. */
function dnsFound({ status, statusCodeName, answers, failureSource }: Result): Look['found'] {
  if (status === 'failed') return failureSource === 'internal' ? 'unclear' : 'failed';
  if (status !== 'finished') return 'unclear';
  if (statusCodeName === 'NXDOMAIN') return 'gone';
  if (statusCodeName === 'NOERROR') return (answers ?? []).length > 0 ? 'fine' : 'gone';
  return 'failed';
}
