import { isRelayed, type Report } from '../model/report.ts';
import { isCopy } from './similarity.ts';

const publisherOf = (one: Report): string => one.publisher ?? one.voice;

/** Another Tocsin may call an outlet by another id: the same article is the same outlet, where one of the two words was passed on. */
const isSameArticle = (a: Report, b: Report): boolean =>
  (isRelayed(a) || isRelayed(b)) && a.url !== null && a.url === b.url;

/** Both were passed on by one other Tocsin, which has compared their whole texts, and says that they are two. */
const areOfOnePeer = (a: Report, b: Report): boolean => isRelayed(a) && isRelayed(b) && a.sourceId === b.sourceId;

/** What another Tocsin passed on of one outlet it has from several now, and that one has spoken here itself: this is another word. */
const outgrew = (report: Report, before: string, news: readonly Report[]): boolean =>
  isRelayed(report) &&
  report.voice === publisherOf(report) &&
  news.some((one) => one.voice === before && publisherOf(one) !== publisherOf(report));

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
  if (own) return outgrew(report, own.voice, news) ? report.voice : own.voice;
  const isIts = (one: (typeof news)[number]): boolean =>
    isSameArticle(one, report) || (!areOfOnePeer(one, report) && isCopy(one.fingerprint, fingerprint));
  return news.find((one) => one.voice !== report.voice && isIts(one))?.voice ?? report.voice;
}
