import { globalpingKind } from '../../src/sources/globalping/config.ts';
import { FAILED, FINE_DNS, FINE_HTTP, globalping } from '../unit/globalping/server.ts';
import type { SourceEntry } from './source-world.ts';

/** Asked for by incidents: each case begins with a nudge, and a service that does not answer in Russia. */
export const globalpingEntry: SourceEntry = {
  kind: globalpingKind,
  config: (base, secret) => ({ id: 'globalping', kind: 'globalping', url: base, token: secret, countries: ['RU'] }),
  documents: {
    none: 'a dialogue of several requests, and no document: each answer of another shape is tried in test/unit/globalping',
    ready(world, n) {
      world.answer(
        globalping(({ type, country }) => (type === 'dns' ? FINE_DNS : country === 'RU' ? FAILED : FINE_HTTP)).listener,
      );
      world.source.nudge?.(['whatsapp', 'signal', 'discord'].slice(0, n).reverse(), 'RU');
    },
  },
  everyMs: 2 * 3_600_000,
  most: { results: 2, characters: 1_000 },
};
