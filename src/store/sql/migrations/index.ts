import { ground } from './0001-ground.ts';
import { threads } from './0002-threads.ts';
import { publishers } from './0003-publishers.ts';
import { orderOfFollowing } from './0004-order-of-following.ts';
import { readings } from './0005-readings.ts';
import { owedAnswers } from './0006-owed-answers.ts';
import { settings } from './0007-settings.ts';
import { pairs } from './0008-pairs.ts';
import { leases } from './0009-leases.ts';
import { keptRows } from './0010-kept-rows.ts';
import type { Migration } from './migration.ts';

/** In order: the number of a migration is its place here, counted from 1. */
export const migrations: readonly Migration[] = [
  ground,
  threads,
  publishers,
  orderOfFollowing,
  readings,
  owedAnswers,
  settings,
  pairs,
  leases,
  keptRows,
];
