import type { Transaction } from 'kysely';
import type { Schema } from '../schema.ts';
import type { DialectName } from '../session.ts';
import { ground } from './0001-ground.ts';
import { threads } from './0002-threads.ts';
import { publishers } from './0003-publishers.ts';
import { orderOfFollowing } from './0004-order-of-following.ts';

/** One step. Never edited once released; its number is its place here, counted from 1. */
export type Migration = (db: Transaction<Schema>, dialect: DialectName) => Promise<void>;

export const migrations: readonly Migration[] = [ground, threads, publishers, orderOfFollowing];
