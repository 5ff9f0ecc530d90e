import { sql } from 'kysely';

/** Why a piece ended, or will when its attempt has: the pair's second chat was notified instead. Stands in databases. */
export const NOTIFIED_ELSEWHERE = 'told_elsewhere';

/** Pieces under way of which the second chat was notified meanwhile: their attempt was the last. */
export const isNotifiedElsewhere = sql<boolean>`deliveries.reason = ${sql.lit(NOTIFIED_ELSEWHERE)}`;
