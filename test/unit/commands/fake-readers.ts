import type { RouterDeps } from '../../../src/core/commands/context.ts';
import { QUARTER, type ReaderCount, type ReaderReport, type ReaderTable } from '../../../src/core/ports/readers.ts';
import { createReaders } from '../../../src/core/readers.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { NOW } from '../render/support.ts';
import { FakeTables } from './fake-tables.ts';

const SLOT = NOW - (NOW % QUARTER);

/** So many people said so, some quarters of an hour ago. */
export const spoke = (people: number, over: Partial<ReaderCount> & { quartersAgo?: number } = {}): ReaderCount => {
  const { quartersAgo = 0, ...own } = over;
  const at = SLOT - quartersAgo * QUARTER;
  const what = { country: 'RU', operator: '', service: 'whatsapp', verdict: 'fails', door: 'chat' } as const;
  return { ...what, at, people, settled: people, ...own };
};

/** What commands need so that readers can speak: counts that are there, and what becomes of a word. */
export function readersWith(counts: readonly ReaderCount[], outcome: 'taken' | 'known' | 'refused' = 'taken') {
  const taken: ReaderReport[] = [];
  const table: Pick<ReaderTable, 'counts'> = {
    counts: async ({ country, service, since }) =>
      counts.filter(
        (one) =>
          one.at >= since &&
          (country === undefined || one.country === country) &&
          (service === undefined || one.service === service),
      ),
  };
  const readers = table as ReaderTable;
  const transaction = () => Promise.reject(new Error('nothing is written'));
  const clock = new FakeClock(NOW);
  const ids = { tail: () => '' };
  const { said } = createReaders({
    store: { readers, transaction },
    clock,
    ids,
    isCountry: () => true,
    isService: () => true,
  });
  const deps: Pick<RouterDeps, 'store' | 'readerReports'> = {
    store: { ...new FakeTables().asStore(), readers },
    readerReports: {
      said,
      async take(report) {
        taken.push(report);
        return outcome;
      },
    },
  };
  return { taken, deps };
}
