import type { Link } from '../model/link.ts';

/** About a month, ms. */
export const TEST_EVERY = 30 * 86_400_000;

/** Is the monthly test of a pair due? The first comes a month after it was joined, or after the last one that somebody asked for. Pure. */
export const isTestDue = (link: Pick<Link, 'monthlyTest' | 'testedAt' | 'createdAt'>, now: number): boolean =>
  link.monthlyTest && now - (link.testedAt ?? link.createdAt) >= TEST_EVERY;
