import { type Loose, loose, text } from '../../core/answers.ts';

/** One outage at one place by one data source, as IODA lists it; the same may come again with another end. Times: ms since the epoch. */
export interface Outage {
  /** `country/RU`, `region/1906`. */
  place: string;
  /** As IODA calls the place. */
  name: string;
  datasource: string;
  start: number;
  /** Null = it goes on. */
  end: number | null;
}

/** The last word of a data source on a place. */
export interface Level {
  place: string;
  name: string;
  datasource: string;
  at: number;
  isNormal: boolean;
  /** What is left of the usual, 1 = all; null = it does not tell. */
  left: number | null;
}

const MAX_ROWS = 20_000;
const PLACE = /^(country\/[A-Z]{2}|region\/\d{1,9})$/;
const SOURCE = /^[a-z0-9][a-z0-9.-]{0,30}$/;
/** An end so close to the end of what was asked for is none. */
const OPEN_END_MS = 15 * 60_000;

const seconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11 ? value * 1_000 : null;

const placeOf = (row: Loose): { place: string; name: string } | null => {
  const entity = loose(row.entity);
  const code = typeof entity.code === 'number' ? `${entity.code}` : text(entity.code, 12);
  const place = text(row.location, 40) ?? `${text(entity.type, 10)}/${code}`;
  if (!PLACE.test(place)) return null;
  return { place, name: text(row.location_name, 60) ?? text(entity.name, 60) ?? place };
};

const sourceOf = (row: Loose): string | null => {
  const source = text(row.datasource, 31);
  return source !== null && SOURCE.test(source) ? source : null;
};

/** In both forms that the interface knows. Of places that are neither country nor region, and of the time to come, nothing is taken; nor of odd rows. */
export function outagesOf(rows: readonly unknown[], now: number): Outage[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => {
    const row = loose(one);
    const where = placeOf(row);
    const datasource = sourceOf(row);
    const start = seconds(row.start) ?? seconds(row.from);
    if (where === null || datasource === null || start === null || start > now) return [];
    const lasted = seconds(row.duration);
    const until = seconds(row.until) ?? (lasted === null ? null : start + lasted);
    const goesOn = row.overlaps_window === true || until === null || until > now - OPEN_END_MS;
    // Of an end that the answer itself calls one, two minutes are enough to know it.
    const isEnd = until !== null && row.overlaps_window === false && until <= now;
    return [{ ...where, datasource, start, end: goesOn && !isEnd ? null : until }];
  });
}

export function levelsOf(rows: readonly unknown[], now: number): Level[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => {
    const row = loose(one);
    const where = placeOf(row);
    const datasource = sourceOf(row);
    const at = seconds(row.time);
    const level = text(row.level, 20);
    if (where === null || datasource === null || at === null || at > now || level === null) return [];
    const [value, usual] = [row.value, row.historyValue];
    const left = typeof value === 'number' && typeof usual === 'number' && usual > 0 ? value / usual : null;
    return [{ ...where, datasource, at, isNormal: level === 'normal', left }];
  });
}

/** A fall of this much is an outage, of less than this much a dip. */
const FALLEN = 0.8;

/** Outages that the levels tell of before they are listed as events: a deep fall since, until its data source calls it normal. */
export function outagesOfLevels(levels: readonly Level[], listed: readonly Outage[]): Outage[] {
  const groups = Map.groupBy(levels, ({ place, datasource }) => `${place} ${datasource}`);
  return [...groups.values()].flatMap((own) => {
    const sorted = [...own].sort((a, b) => a.at - b.at);
    const last = sorted.at(-1)!;
    const { place, datasource } = last;
    const since = sorted.findLastIndex(({ isNormal }, i) => isNormal && i < sorted.length - 1) + 1;
    const fall = sorted.slice(since).filter((one) => !one.isNormal);
    const isDeep = fall.some(({ left }) => left !== null && left <= FALLEN);
    const isListed = listed.some((one) => one.place === place && one.datasource === datasource);
    if (!isDeep || isListed) return [];
    return [{ place, name: last.name, datasource, start: fall[0]!.at, end: last.isNormal ? last.at : null }];
  });
}
