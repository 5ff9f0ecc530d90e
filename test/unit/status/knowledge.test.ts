import { describe, expect, test } from 'vitest';
import type { Catalogue } from '../../../src/core/model/catalogue.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import { createFold, type Facts } from '../../../src/core/state/fold.ts';
import { createKnowledge, type KnowledgeDeps } from '../../../src/core/state/world.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { incident } from '../render/support.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const service = (id: string, category: string) => ({ id, name: id, category, aliases: [] });
const catalogue = {
  services: [service('signal', 'messenger'), service('viber', 'messenger'), service('bbc', 'media')],
} as unknown as Catalogue;
const policy = { advice: true } as unknown as KnowledgeDeps['policy'];

async function knownIn(country: string | null, measured: Record<string, number>, facts: Partial<Facts> = {}) {
  const { log, lines } = recordingLog();
  const all: Facts = { incidents: [], ...facts };
  const fold = createFold(all, NOW);
  const world: KnowledgeDeps['world'] = {
    of: async () => ({ states: fold.keys().map((key) => fold.at(key)), incidents: [...all.incidents], facts: all }),
    measuredOpen: async () => {
      if (measured['broken']) throw new Error('disk gone');
      return new Map(Object.entries(measured));
    },
  };
  const known = await createKnowledge({ policy, log, catalogue, world })(country, NOW);
  return { works: known.works, count: known.measurements('signal'), lines: lines.map(({ message }) => message) };
}
const one = (over: Partial<Incident>): Incident =>
  incident({ country: 'RU', openedAt: NOW - 7_200_000, lastReportAt: NOW, ...over });
const record = (of: string): Facts['standing'] => [
  {
    by: 'record',
    country: 'RU',
    service: of,
    action: 'block',
    method: null,
    since: 0,
    monthOnly: false,
    reference: null,
  },
];

describe('what an alert may say that it works', () => {
  test('what was measured open there lately, the most measured first, and by how many measurements', async () => {
    expect(await knownIn('RU', { signal: 12, bbc: 3 })).toEqual({ works: ['signal', 'bbc'], count: 12, lines: [] });
  });

  test.each<[string, Record<string, number>, Partial<Facts>, string[]]>([
    ['nothing was measured: nothing, whatever nobody tells of', {}, {}, []],
    [
      'a lift that was told, and nobody measured',
      {},
      { incidents: [one({ service: 'signal', state: 'lifted', open: false, closedAt: NOW })] },
      [],
    ],
    ['an incident tells that it is cut', { signal: 9 }, { incidents: [one({ service: 'signal' })] }, []],
    ['one outlet says so', { signal: 9 }, { incidents: [one({ service: 'signal', confidence: 'reported' })] }, []],
    ['the public record has it', { signal: 9, bbc: 1 }, { standing: record('signal') }, ['bbc']],
    ['one of its house is cut off', { messenger: 9, bbc: 1 }, { standing: record('facebook') }, ['bbc']],
    [
      'a threat hangs over it',
      { signal: 9 },
      { incidents: [one({ service: 'signal', family: 'warn', action: 'warn', state: 'threatened' })] },
      [],
    ],
    ['the network itself is no service', { internet: 90 }, {}, []],
  ])('%s', async (_name, measured, facts, works) =>
    expect((await knownIn('RU', measured, facts)).works).toEqual(works),
  );

  test('no country is named: nothing, and nobody is asked', async () => {
    expect(await knownIn(null, { broken: 1 })).toEqual({ works: [], count: 0, lines: [] });
  });

  test('it cannot be found out: no service is named, and the operator reads why', async () => {
    const { works, lines } = await knownIn('RU', { broken: 1 });
    expect([works, lines]).toEqual([[], [expect.stringContaining('Unable to look up what was measured')]]);
  });
});
