import { probeKind } from '../../src/sources/probe/config.ts';
import type { SourceEntry } from './source-world.ts';

/**
 * A vantage point whose one reference and one target are this machine, where no certificate of theirs can be, and whose resolver may not be asked
 * (a broadcast address: refused at once by the system): offline by its own judgment, and nothing leaves the machine.
 */
export const probeEntry: SourceEntry = {
  kind: probeKind,
  config: () => ({
    id: 'probe',
    kind: 'probe',
    vantage: {
      id: 'desk',
      country: 'KE',
      asn: 64500,
      resolvers: { system: '255.255.255.255', control: [], national: [] },
      reference_sites: [{ id: 'reference', name: 'reference.invalid', v4: '127.0.0.1' }],
      targets: [{ id: 'site', name: 'site.invalid', v4: '127.0.0.1' }],
    },
  }),
  documents: {
    none: 'it measures flows of its own; whatever a stranger answers is an observation for the judge (test/unit/probe, test/e2e/lab), never an error',
  },
  everyMs: 13 * 60_000,
  most: { results: 16, characters: 20_000 },
};
