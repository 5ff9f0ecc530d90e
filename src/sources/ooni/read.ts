import { type Loose, other } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import type { Row } from './counts.ts';
import type { Beside } from './elsewhere.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Networks times hours of a week, of the largest country. */
const MAX_ROWS = 50_000;
const MAX_COUNT = 1e9;
const MAX_ASN = 4_294_967_295;

/** The list under that key; anything else there is an error, and never "nothing happened". */
export function listOf(body: Loose, key: string, host: string): unknown[] {
  const list = body[key];
  if (!Array.isArray(list)) throw other(host, `an answer without "${key}"`);
  if (list.length > MAX_ROWS) throw new TocsinError('feed_unreadable', `${host} sent more than can be true.`, { host });
  return list;
}

/** Text or number as text; '' for anything else, of which no text can be made without trouble. */
export const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT ? value : null;

/**
 * Rows of an aggregation by time and network. Failures of the measurement are left out. A row of a wrong shape is passed over, one of
 * another country or test, too; a list of nothing but such rows is an error.
 */
export function rowsOf(body: Loose, host: string, asked: { country: string; test: string }): Row[] {
  const list = listOf(body, 'result', host);
  let odd = 0;
  const rows = list.flatMap((one) => {
    const row = rowOf(one, asked);
    if (row === null) odd++;
    return row ?? [];
  });
  if (list.length > 0 && odd === list.length) throw other(host, 'counts of another shape');
  return rows.flatMap((row) => (row === 'another' ? [] : row));
}

/** Rows by hour and country, or test: for comparison, so what has another shape is no error and says nothing. */
export function besideOf(body: Loose, key: 'probe_cc' | 'test_name'): Beside[] {
  const list = Array.isArray(body.result) ? body.result.slice(0, MAX_ROWS) : [];
  return list.flatMap((one) => {
    const row = rowOf(one, null);
    const name = row === null ? '' : word((one as Loose)[key]);
    return row === null || row === 'another' || name === '' ? [] : { key: name, ...row };
  });
}

function rowOf(one: unknown, asked: { country: string; test: string } | null): Row | 'another' | null {
  if (one === null || typeof one !== 'object') return null;
  const row = one as Loose;
  const at = typeof row.measurement_start_day === 'string' ? Date.parse(row.measurement_start_day) : Number.NaN;
  const [anomaly, confirmed, ok] = [row.anomaly_count, row.confirmed_count, row.ok_count].map(whole);
  if (!Number.isFinite(at) || anomaly == null || confirmed == null || ok == null) return null;
  if (asked && typeof row.probe_cc === 'string' && row.probe_cc !== asked.country) return 'another';
  if (asked && typeof row.test_name === 'string' && row.test_name !== asked.test) return 'another';
  const asn = Number(word(row.probe_asn).replace(/^AS/, ''));
  const span = String(row.measurement_start_day).includes('T') ? HOUR : DAY;
  return { at, span, asn: Number.isInteger(asn) && asn > 0 && asn <= MAX_ASN ? asn : 0, bad: anomaly + confirmed, ok };
}
