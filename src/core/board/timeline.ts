/** The last days of what a board tells of, as text: a line each, a sign a day, told apart by shape. */
import type { Incident } from '../model/incident.ts';
import type { Block } from '../model/message.ts';
import { type CellFacts, cellsOf, type RowKey, type Story } from '../picture/cells.ts';
import { columnsOf } from '../picture/columns.ts';
import { type Cell, DAY_STATES, type DayState } from '../picture/timeline.ts';
import type { Spell } from '../picture/watched.ts';
import type { IncidentTable } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { wordOfDay } from '../render/timeline.ts';
import { STATUS_POLICY } from '../status/derive.ts';

export const BOARD_DAYS = 14;
const MAX_LINES = 8;
const MAX_NAME = 28;

/** As wide as each other where letters are, and told apart without colour. */
const SIGNS: Record<DayState, string> = {
  gap: ' ',
  none: '·',
  stale: '?',
  open: '○',
  warn: '△',
  restrict: '░',
  throttle: '▒',
  block: '█',
  shutdown: '■',
};

export interface BoardPast {
  incidents: Pick<IncidentTable, 'transitionsOf'>;
  /** When this bot looked at all; null = that is not known, so it did. */
  watched(): Promise<readonly Spell[] | null>;
}

/** Lines for the newest of these, and below them what the signs mean. Empty where there is nothing to show. */
export async function timelineBlocks(
  shown: readonly Incident[],
  { timeZone }: { timeZone: string },
  words: Translator,
  now: number,
  past: BoardPast,
): Promise<Block[]> {
  const keys = [
    ...new Map(shown.map(({ country, service }) => [`${country} ${service}`, { country, service }])).values(),
  ];
  if (keys.length === 0) return [];
  const columns = columnsOf(now, timeZone, BOARD_DAYS, BOARD_DAYS);
  const transitions = await past.incidents.transitionsOf(shown.map(({ id }) => id));
  const stories: Story[] = shown.map((incident) => ({ incident, transitions: transitions.get(incident.id) ?? [] }));
  const facts: CellFacts = { now, policy: STATUS_POLICY, watched: (await past.watched()) ?? [[0, now]] };
  const rows = keys.slice(0, MAX_LINES).map((key) => ({ key, cells: cellsOf(key, stories, columns, facts) }));
  const days = words.say('board.days', {
    from: words.shortDay(columns[0]!.from, timeZone, now),
    to: words.shortDay(now, timeZone, now),
  });
  const lines = rows.map(
    ({ key, cells }) => `${cells.map(({ state }) => SIGNS[state]).join('')}  ${nameOf(key, words)}`,
  );
  return [
    { type: 'note', inline: [days] },
    { type: 'pre', text: lines.join('\n') },
    {
      type: 'note',
      inline: [
        legendOf(
          rows.flatMap(({ cells }) => cells),
          words,
        ),
      ],
    },
  ];
}

function nameOf({ country, service }: RowKey, words: Translator): string {
  const what = service === null ? words.say('status.unnamed') : words.service(service);
  const name = `${what} · ${words.country(country)}`;
  return [...name].length > MAX_NAME ? `${[...name].slice(0, MAX_NAME - 1).join('')}…` : name;
}

/** "█ blocked | ▒ slowed down | · no reports": only what is there, the worst first. */
const legendOf = (cells: readonly Cell[], words: Translator): string =>
  DAY_STATES.toReversed()
    .filter((state) => cells.some((cell) => cell.state === state))
    .map((state) => `${state === 'gap' ? '␣' : SIGNS[state]} ${wordOfDay(state, words)}`)
    .join(' | ');
