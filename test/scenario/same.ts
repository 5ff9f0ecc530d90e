/** Do all surfaces say the same of a country? Each state must be found in each of them, by its name, with the same mark, date and confidence; and nothing else. */
import { expect } from 'vitest';
import { bundledRegions } from '../../src/config/catalogue.ts';
import { NETWORK } from '../../src/core/model/incident.ts';
import { isPresent, type State } from '../../src/core/state/fold.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { bundledCatalogue } from '../fakes/bundled.ts';
import type { Surfaces } from './surfaces.ts';

const en = createTranslators(bundledCatalogue(), bundledRegions()).of('en');
const MARK: Record<State['access'], string> = {
  open: '🟢',
  degraded: '🟠',
  blocked: '🔴',
  shutdown: '⚫',
  unknown: '❔',
};
/** What a picture and a badge call it. */
const DRAWN: Record<string, string> = {
  block: 'blocked',
  throttle: 'slowed down',
  restrict: 'partly restricted',
  shutdown: 'shut down',
  unblock: 'open again',
};
const BADGE: Record<string, string> = {
  block: 'blocked',
  throttle: 'slowed down',
  restrict: 'partly restricted',
  shutdown: 'shut down',
};
const SINCE = /(?:since|first reported) [^·()]+?(?= \(|\)| ·|$)/u;
const CONFIDENCE = /(?:^| · )(reported|suspected|corroborated|confirmed)(?= ·|$)/u;
/** A board shows no more. */
const MAX_BOARD = 20;

const nameOf = ({ service, network, region }: State): string =>
  network === 'mobile'
    ? 'Mobile internet'
    : region === null || service !== NETWORK
      ? en.service(service ?? NETWORK)
      : en.service(NETWORK);

/** Without the signs of a list and the addresses of links. */
export const linesOf = (text: string): string[] =>
  text.split('\n').map((line) => line.replace(/^• /u, '').replaceAll(/ <https?:[^>]*>/gu, ''));

/** Fails with what differs. `services`: those whose badges are asked as well. */
export async function expectSame(surfaces: Surfaces, country: string): Promise<void> {
  const code = country.toLowerCase();
  const states = (await surfaces.states(country)).filter((one) => !one.covered && one.service !== null);
  const status = linesOf(await surfaces.say(`status ${code} all`));
  const board = linesOf(await surfaces.board(country, 'early'));
  /** None where it would tell no more than the text. */
  const picture = (await surfaces.picture(`status ${code} all`)).filter((line) => line !== '');
  const page = await surfaces.page(`/country/${code}`);
  const told = new Set<string>();
  for (const state of states) {
    const name = nameOf(state);
    const place = state.region === null ? '' : en.region(state.region);
    const id = state.incident?.id ?? null;
    const isIts = (line: string): boolean =>
      (id ? line.includes(id) : line.includes(`${name} · `)) && line.includes(place);
    const where = `${country} ${name} ${place}`;
    const row = status.find((line) => isIts(line) && line.startsWith(MARK[state.access]));
    expect(row, `${where}: no row of /status\n${status.join('\n')}`).toBeDefined();
    told.add(row!);
    const since = SINCE.exec(row!)?.[0] ?? null;
    const sure = CONFIDENCE.exec(row!)?.[1] ?? null;
    if (state.access !== 'unknown') {
      const line = board.find((one) => isIts(one) && one.includes(MARK[state.access]));
      if (isPresent(state) && (board.length < MAX_BOARD || line)) {
        expect(line, `${where}: not on the board\n${board.join('\n')}`).toBeDefined();
        expect(SINCE.exec(line!)?.[0] ?? null, `${where}: date on the board`).toBe(since);
        if (id) expect(CONFIDENCE.exec(line!)?.[1] ?? null, `${where}: confidence on the board`).toBe(sure);
      }
      const drawn = picture.find(
        (one) => one.startsWith(`${name}:`) || (place !== '' && one.startsWith(`${name} · ${place}`)),
      );
      // Bars that are alike from end to end are counted, not drawn.
      if (drawn || (picture.length > 0 && state.sinceKind !== 'standing')) {
        expect(drawn, `${where}: no row of the picture\n${picture.join('\n')}`).toBeDefined();
        expect(drawn!, where).toMatch(new RegExp(`: (?:now )?${DRAWN[state.action!]}`, 'u'));
      }
    }
    const isTitle = (line: string, next: string): boolean =>
      place === ''
        ? line.toLowerCase() === name.toLowerCase()
        : line.includes(name) && (line.includes(place) || next.includes(place));
    const at = page.findIndex((line, i) => isTitle(line, page[i + 1] ?? ''));
    expect(at, `${where}: not on the page\n${page.join('\n')}`).toBeGreaterThanOrEqual(0);
    expect(SINCE.exec(page[at + 1]!)?.[0] ?? null, `${where}: date on the page`).toBe(since);
    if (sure) expect(page.slice(at + 1, at + 3).join(' '), `${where}: confidence on the page`).toContain(sure);
    if (state.claim)
      expect(page.slice(at, at + 4).join(' '), `${where}: the page keeps silent of who says that it is back`).toMatch(
        /not certain yet/u,
      );
    if (state.region === null && state.network === 'all') {
      const word = state.access === 'unknown' ? 'unknown' : state.access === 'open' ? 'open' : BADGE[state.action!];
      expect(await surfaces.badge(`${code}-${state.service}`), where).toContain(` – ${word}`);
    }
  }
  const more = status.filter((line) => /^(?:🔴|🟠|⚫|🟢)/u.test(line) && !told.has(line));
  expect(more, `${country}: /status tells what no state does`).toEqual([]);
  const green = [...status, ...board, ...page].filter((line) => line.includes('🟢') || /works again/u.test(line));
  const open = states.filter((one) => one.access === 'open').map((one) => nameOf(one));
  for (const line of green)
    expect(
      open.some((name) => line.includes(name)),
      `${country}: "${line}" and no state is open`,
    ).toBe(true);
}
