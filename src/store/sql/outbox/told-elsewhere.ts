import { sql } from 'kysely';

/** Why a piece ended, or will when its attempt has: the pair's second chat was told instead. Stands in databases. */
export const TOLD_ELSEWHERE = 'told_elsewhere';

/** Pieces under way of which the second chat was told meanwhile: their attempt was the last. */
export const isToldElsewhere = sql<boolean>`deliveries.reason = ${sql.lit(TOLD_ELSEWHERE)}`;
