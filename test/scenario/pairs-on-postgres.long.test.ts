import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { describePostgres } from '../contract/store/postgres.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { scenarios } from './pairs.suite.ts';

describePostgres('a pair of chats, on PostgreSQL', ({ reused }) =>
  scenarios({
    step: 1_500,
    more: false,
    async open() {
      const { database, drop } = await reused();
      return { store: (clock) => openStore(database, { clock, log, ids: createIds(clock) }), drop };
    },
  }),
);
