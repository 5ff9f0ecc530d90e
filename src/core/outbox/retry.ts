/** Between attempts of one delivery where the platform does not say: 1 s doubling to 5 min, plus up to a fifth of jitter. */
export function backoff(attempts: number, random: number): number {
  return Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 9)) * (1 + random / 5);
}

/** Between tries of a whole account that does not answer: 0.5 s doubling to 60 s. */
export function accountBackoff(failures: number, random: number): number {
  return Math.min(60_000, 500 * 2 ** Math.min(failures, 8)) * (1 + random / 5);
}

/** A delivery that could not be made for so long is given up, and counted. */
export const GIVE_UP_AFTER = 7 * 86_400_000;
