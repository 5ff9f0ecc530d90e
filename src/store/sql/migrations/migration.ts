import type { Transaction } from 'kysely';
import type { Schema } from '../schema.ts';
import type { DialectName } from '../session.ts';

/** One step. Never edited once released; its number is its place in `index.ts`, counted from 1. */
export type Migration = (db: Transaction<Schema>, dialect: DialectName) => Promise<void>;
