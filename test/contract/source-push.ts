import { pushKind } from '../../src/sources/push/config.ts';
import type { SourceEntry } from './source-world.ts';

export const pushEntry: SourceEntry = {
  kind: pushKind,
  config: (_base, secret) => ({ id: 'newsroom', kind: 'push', token: secret }),
  documents: {
    none: 'it is posted to, and never asks: what strangers may post is tried in test/unit/push and test/e2e/reports.test.ts',
  },
  passive: true,
  everyMs: 0,
  most: { results: 0, characters: 0 },
};
