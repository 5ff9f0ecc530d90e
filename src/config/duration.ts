const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST = 3_650 * 86_400_000;

/** `10s`, `5m`, `6h`, `45d`, or a bare 0, as milliseconds; null for anything else and for more than ten years. */
export function parseDuration(text: string | number): number | null {
  if (text === 0 || text === '0') return 0;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([smhd])$/.exec(String(text).trim());
  if (!match) return null;
  const ms = Math.round(Number(match[1]) * UNITS[match[2]!]!);
  return ms <= LONGEST ? ms : null;
}
