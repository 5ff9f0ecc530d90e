import type { Inline } from '../model/message.ts';
import type { Report } from '../model/report.ts';
import type { Translator } from '../ports/translate.ts';
import { oneLine, safeLink } from './plain.ts';

/** The widest statement of each kind of observatory among these: more networks first, then the newest. */
export const observatoriesOf = (reports: readonly Report[]): Report[] => widest(reports, false);

/** The same of those that only take it for likely. */
export function signsOf(reports: readonly Report[]): Report[] {
  const firm = observatoriesOf(reports).map(({ measured }) => measured!.observatory);
  return widest(reports, true).filter(({ measured }) => !firm.includes(measured!.observatory));
}

function widest(reports: readonly Report[], isSign: boolean): Report[] {
  const best = new Map<string, Report>();
  for (const report of reports) {
    const kind = report.measured?.observatory;
    if (kind === undefined || (report.measured!.strength === 'anomaly') !== isSign) continue;
    const known = best.get(kind);
    const wider = report.measured!.networks.length - (known?.measured?.networks.length ?? -1);
    if (!known || wider > 0 || (wider === 0 && report.at > known.at)) best.set(kind, report);
  }
  return [...best.values()];
}

/** "412 measurements, 9 networks", "2 signals: BGP, ping"; empty where it does not count. */
function countsOf({ measured }: Pick<Report, 'measured'>, words: Translator): string {
  const counts: string[] = [];
  if (measured?.measurements) counts.push(words.say('count.measurements', { n: measured.measurements }));
  if (measured?.networks.length) counts.push(words.say('count.networks', { n: measured.networks.length }));
  const signals = (measured?.signals ?? []).map((one) => oneLine(one, 20));
  if (signals.length > 0) counts.push(words.say('count.signals', { n: signals.length, names: words.list(signals) }));
  return words.list(counts);
}

/** "OONI (412 measurements, 9 networks)"; whose it is ("IODA (Georgia Tech)") stands in the line of sources. */
export function observedBy(report: Report, words: Translator): string {
  const counts = countsOf(report, words);
  const name = oneLine(report.publisherName, 40).replace(/ \([^()]*\)$/, '');
  return counts === '' ? name : `${name} (${counts})`;
}

/** Its name, with its licence where there is one, as a link; and what it counted. */
export function observedLine(
  report: Pick<Report, 'url' | 'publisherName' | 'sourceId' | 'measured'>,
  words: Translator,
): Inline[] {
  const counts = countsOf(report, words);
  return [linkOf(report, words), ...(counts === '' ? [] : [`${words.dash}${counts}`])];
}

/** Who reports it, linked; an observatory with the licence of its figures. */
export function linkOf(
  report: Pick<Report, 'url' | 'publisherName' | 'sourceId' | 'measured'>,
  words: Translator,
): Inline {
  const licence = report.measured?.licence;
  const name = nameOfSource(report, words);
  const text = licence === undefined ? name : `${name} (${oneLine(licence, 40)})`;
  const link = safeLink(report.url);
  return link === null ? text : { link, text };
}

/** Its publisher; our own probes and agents have no name but what they are, in the reader's language. */
export function nameOfSource(
  { publisherName, sourceId, measured }: Pick<Report, 'publisherName' | 'sourceId' | 'measured'>,
  words: Translator,
): string {
  if (measured === null || measured.observatory !== undefined) return oneLine(publisherName, 60) || sourceId;
  const network = words.list(measured.networks.slice(0, 3).map((one) => oneLine(one, 20))) || '?';
  return words.say(measured.agent === undefined ? 'probe.own' : 'probe.agent', { network });
}

/** "OONI sees it from 9 networks; our own probe in AS8359 does not", of the newest statement of each that was contradicted. */
export function disagreements(reports: readonly Report[], words: Translator): string[] {
  const newest = new Map<string, Report>();
  for (const report of reports) {
    const kind = report.measured?.observatory;
    if (kind !== undefined && report.at >= (newest.get(kind)?.at ?? 0)) newest.set(kind, report);
  }
  return [...newest.values()].flatMap(({ measured, publisherName }) => {
    const ours = (measured?.openOn ?? []).slice(0, 5).map((one) => oneLine(one, 20));
    if (ours.length === 0) return [];
    const facts = { name: oneLine(publisherName, 40), ours: words.list(ours) };
    const n = measured!.networks.length;
    return n > 0 ? words.say('alert.disagree', { ...facts, n }) : words.say('alert.disagreeAll', facts);
  });
}
