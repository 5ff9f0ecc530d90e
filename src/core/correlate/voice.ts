import type { Report } from '../model/report.ts';
import { isCopy } from './similarity.ts';

/**
 * Copies of one wire story are one voice: a news report whose text is a copy of one that is here already speaks with that one's voice.
 * Measurements and authorities keep their own.
 */
export function voiceAmong(report: Report, mark: number[], known: (Report & { fingerprint: number[] })[]): string {
  if (report.kind !== 'news') return report.voice;
  for (const one of known)
    if (one.kind === 'news' && one.voice !== report.voice && isCopy(one.fingerprint, mark)) return one.voice;
  return report.voice;
}
