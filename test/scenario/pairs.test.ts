import { describe } from 'vitest';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { scenarios } from './pairs.suite.ts';

describe('a pair of chats', () =>
  scenarios({
    step: 5_000,
    more: true,
    open: async () => ({
      store: (clock) => openStore(':memory:', { clock, log, ids: createIds(clock) }),
      drop: async () => undefined,
    }),
  }));
