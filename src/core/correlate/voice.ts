import type { Report } from '../model/report.ts';
import { isCopy } from './similarity.ts';

const publisherOf = (one: Report): string => one.publisher ?? one.voice;

/**
 * Which independent outlet speaks in this report, among those of its incident: a publisher that has spoken stays the outlet that it was,
 * whatever it credits now; a copy of a text that is here already, or one that credits the same agency, speaks with that one's voice. So
 * there are never more outlets than publishers. Measurements and authorities are left as they are.
 */
export function voiceAmong(
  report: Report,
  fingerprint: number[],
  known: (Report & { fingerprint: number[] })[],
): string {
  if (report.kind !== 'news') return report.voice;
  const news = known.filter((one) => one.kind === 'news');
  const own = news.find((one) => publisherOf(one) === publisherOf(report));
  if (own) return own.voice;
  return news.find((one) => one.voice !== report.voice && isCopy(one.fingerprint, fingerprint))?.voice ?? report.voice;
}
