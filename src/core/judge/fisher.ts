/** ln(n!) for small n, kept: the windows are 40 flows long. */
const LOG_FACTORIAL = [0];
function logFactorial(n: number): number {
  for (let i = LOG_FACTORIAL.length; i <= n; i++) LOG_FACTORIAL[i] = LOG_FACTORIAL[i - 1]! + Math.log(i);
  return LOG_FACTORIAL[n]!;
}

/**
 * One-sided Fisher test: how likely are at least `badA` failures among `a` flows, when `badA + badB` failures are spread by chance over
 * `a + b` flows? 6 of 20 against 0 of 20 gives 0.0101. Counts are whole numbers ≥ 0 with bad ≤ all; returns 1 where there is nothing to compare.
 */
export function fisherGreater(badA: number, a: number, badB: number, b: number): number {
  const bad = badA + badB;
  const all = a + b;
  if (a === 0 || b === 0 || bad === 0) return 1;
  const choose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  let p = 0;
  for (let k = badA; k <= Math.min(a, bad); k++) {
    if (bad - k > b) continue;
    p += Math.exp(choose(a, k) + choose(b, bad - k) - choose(all, bad));
  }
  return Math.min(1, p);
}
