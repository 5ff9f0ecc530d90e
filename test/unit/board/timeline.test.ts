/** The lines of a board: a sign a day, the same days and states as in the picture. */
import { describe, expect, test } from 'vitest';
import { BOARD_DAYS, timelineBlocks } from '../../../src/core/board.ts';
import type { Incident, Transition } from '../../../src/core/model/incident.ts';
import { createWorld } from '../../../src/core/state/world.ts';
import type { Period } from '../../../src/core/timeline.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { incident, NOW, translators } from '../render/support.ts';

const DAY = 86_400_000;
const step = (at: number, over: Partial<Transition>): Transition => ({
  incidentId: 'RU-whatsapp-3f9k',
  seq: 1,
  at,
  change: 'opened',
  action: 'block',
  state: 'active',
  confidence: 'corroborated',
  method: null,
  reportId: null,
  ...over,
});

async function linesOf(
  shown: readonly Incident[],
  over: { log?: Transition[]; watched?: readonly Period[] | null; lang?: string; timeZone?: string } = {},
) {
  const { log = [], watched = null, lang = 'en', timeZone = 'UTC' } = over;
  const transitionsOf = async () => Map.groupBy(log, (one) => one.incidentId);
  const incidents = { list: async () => [...shown], transitionsOf };
  const seen = watched === null ? {} : { watched: async () => watched };
  const world = createWorld({ incidents, reports: { byIncident: async () => [] }, log: quietLog, ...seen });
  const answer = await world.of({ matchers: [{ country: '*', service: '*' }] }, NOW);
  const blocks = await timelineBlocks(answer, { timeZone }, translators.of(lang), NOW, world);
  const texts = blocks.map((block) => ('text' in block ? block.text : 'inline' in block ? block.inline.join('') : ''));
  return { blocks, lines: (texts[1] ?? '').split('\n'), legend: texts[2] ?? '', head: texts[0] ?? '' };
}

describe('a line', () => {
  const openedAt = NOW - 3 * DAY;

  test('since when it is so, to today, with its name; below it what the signs mean', async () => {
    const { lines, legend, head } = await linesOf([incident({ openedAt, lastReportAt: NOW })]);
    expect(head).toMatch(/^Day by day, \d+ \w+ – \d+ \w+:$/);
    expect(lines).toEqual([`${'·'.repeat(BOARD_DAYS - 4)}████▸█  WhatsApp · Russia`]);
    expect(legend).toBe('█ blocked | · no reports | ▸ now');
  });

  test('threatened, slowed down, blocked, given back: four signs that differ without colour', async () => {
    const log = [
      step(NOW - 6 * DAY, { action: 'throttle' }),
      step(NOW - 4 * DAY, { action: 'block' }),
      step(NOW - 2 * DAY, { action: 'block', state: 'lifted', change: 'lifted' }),
    ];
    const over = { openedAt: NOW - 6 * DAY, closedAt: NOW - 2 * DAY, state: 'lifted', open: false } as const;
    const threat = { id: 'threat', family: 'warn', action: 'warn', openedAt: NOW - 8 * DAY } as const;
    const { lines } = await linesOf(
      [
        incident({ ...over, liftConfidence: 'corroborated', lastReportAt: NOW - 2 * DAY }),
        incident({ ...over, ...threat, closedAt: NOW - 6 * DAY, lastReportAt: NOW - 6 * DAY }),
      ],
      { log },
    );
    expect(lines[0]).toMatch(/^·{5}△△▒▒███○○▸○ {2}WhatsApp · Russia$/);
  });

  test('nobody watched: a day without a sign, which is said to be so', async () => {
    const { lines, legend } = await linesOf([incident({ openedAt, lastReportAt: NOW })], {
      watched: [[NOW - 5 * DAY, NOW]],
    });
    expect(lines[0]).toMatch(/^ {8,9}·{1,2}████▸█ {2}/);
    expect(legend).toContain('␣');
  });

  test('days are those of the chat’s zone', async () => {
    const at = Date.UTC(2026, 1, 13, 22, 30);
    const one = [incident({ openedAt: at, lastReportAt: NOW })];
    expect((await linesOf(one)).lines[0]).toContain('·██▸█ ');
    expect((await linesOf(one, { timeZone: 'Europe/Moscow' })).lines[0]).toContain('··█▸█ ');
  });
});

test('a row of what was cut and came back today: the day shows it, the present is open', async () => {
  const back = { state: 'lifted', open: false, liftConfidence: 'corroborated', closedAt: NOW - 3_600_000 } as const;
  const { lines } = await linesOf([
    incident({ ...back, openedAt: NOW - 4 * 3_600_000, lastReportAt: NOW - 3_600_000 }),
  ]);
  expect(lines[0]).toMatch(/·█▸○ {2}/u);
});

test('two incidents of one thing are one line; eight lines at most; a long name is cut', async () => {
  const same = [incident({}), incident({ id: 'RU-whatsapp-2222', openedAt: NOW - 9 * DAY })];
  expect((await linesOf(same)).lines.length).toBe(1);
  const services = ['whatsapp', 'signal', 'telegram', 'youtube', 'x', 'vk', 'max', 'line', 'dw', 'rt'];
  const many = services.map((service) => incident({ id: `RU-${service}-1111`, service }));
  expect((await linesOf(many)).lines.length).toBe(8);
  const { lines } = await linesOf([incident({ country: 'GS', service: 'facebook' })]);
  expect([...lines[0]!].length).toBeLessThanOrEqual(BOARD_DAYS + 4 + 28);
});

test('nothing to show: no lines', async () => expect((await linesOf([])).blocks).toEqual([]));

test.each(translators.languages.map(({ code }) => code))('in %s: days, names and signs explained', async (lang) => {
  const { head, legend, lines } = await linesOf([incident({ openedAt: NOW - 3 * DAY, lastReportAt: NOW })], { lang });
  expect(head.length).toBeGreaterThan(5);
  expect(legend).toMatch(/^█ \P{Script=Common}/u);
  expect(lines[0]).toContain('████');
});
