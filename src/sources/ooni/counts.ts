/** Counts of one network in one hour or day, as OONI aggregates them. */
export interface Row {
  /** Begin of the bucket and its length, ms. */
  at: number;
  span: number;
  /** 0 where the answer does not tell. */
  asn: number;
  /** Anomalies and confirmed blocks. */
  bad: number;
  ok: number;
}

export type Counts = Pick<Row, 'bad' | 'ok'>;

export const count = ({ bad, ok }: Counts): number => bad + ok;

/** All networks together, by the number of the day, or of a shorter span. */
export function sharesBy(rows: readonly Row[], span: number): Map<number, Counts> {
  const sums = new Map<number, Counts>();
  for (const { at, bad, ok } of rows) {
    const number = Math.floor(at / span);
    const own = sums.get(number) ?? { bad: 0, ok: 0 };
    sums.set(number, { bad: own.bad + bad, ok: own.ok + ok });
  }
  return sums;
}
