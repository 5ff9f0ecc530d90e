import type { MessageDocument } from '../../model/message.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../../picture.ts';
import type { Translator } from '../../ports/translate.ts';
import { nameOfSource, sourcesOf } from '../../render/evidence.ts';
import { oneLine } from '../../render/plain.ts';
import { captionOf, type TimelineView, timelineView } from '../../render/timeline.ts';
import type { Days, State } from '../../state/fold.ts';
import { columnsOf } from '../../timeline.ts';
import { answer, line, nameOfThing } from '../answer.ts';
import type { CommandContext } from '../command.ts';
import { whereToCheck } from './family.ts';
import type { PictureCapabilities, TimelineAsked } from './timeline-picture.ts';

/** A timeline as a message: the picture, and one line under it. Throws what the store throws. */
export async function timelineDocument(
  { title, days, rows: asked, answer: known, changing = false }: TimelineAsked,
  context: CommandContext,
  can: PictureCapabilities,
): Promise<MessageDocument[]> {
  const { words, chat, now } = context;
  const columns = columnsOf(now, chat.timeZone, days, MAX_COLUMNS);
  const most = asked.slice(0, MAX_ROWS);
  const keys = most.map((group) => group[0]!);
  const drawn = await can.world.days(keys, columns, known, now);
  const names = namesOf(most, words);
  const rows = drawn.map((row, at) => ({ label: names[at]!, ...row }));
  // Bars that are alike from end to end are counted, not drawn.
  const [told, same] = [rows.filter((row) => !isSame(row)), rows.filter(isSame)];
  if (changing && told.length === 0) return [];
  const shown = told.length > 0 && same.length > 1 ? told : rows;
  const sources = incidentsOf(most);
  const cited = await Promise.all(sources.map(async ({ id }) => can.reports.byIncident(id, MAX_REPORTS)));
  const view: TimelineView = {
    title,
    columns,
    rows: shown,
    same: shown === rows ? [] : same,
    more: asked.length - most.length,
    timeZone: chat.timeZone,
    now,
    sources: sourcesOf(cited.flat(), MAX_SOURCES, words.lang).shown.map((one) => nameOfSource(one, words)),
    where: await whereToCheck(context, can),
  };
  return [{ ...answer(words, [line(captionOf(view, words))]), picture: timelineView(view, words) }];
}

const isSame = ({ cells, now }: Days): boolean => cells.every(({ state }) => state === now.state);

/** What the picture rests on, the newest; the record needs no outlet. */
const incidentsOf = (rows: readonly (readonly State[])[]) =>
  [...new Set(rows.flatMap(([state]) => state!.incident ?? []))]
    .sort((a, b) => b.lastReportAt - a.lastReportAt)
    .slice(0, MAX_CITED);

const MAX_CITED = 6;
const MAX_REPORTS = 20;
const MAX_SOURCES = 3;

/** A name says what tells the rows apart: the service where all are of one country, the country where all are of one service, else both; and the part of it. */
function namesOf(rows: readonly (readonly State[])[], words: Translator): string[] {
  const all = rows.map((group) => group[0]!);
  const one = (values: (string | null)[]): boolean => new Set(values).size === 1;
  const oneCountry = one(all.map(({ country }) => country));
  const oneService = !oneCountry && one(all.map(({ service, network }) => JSON.stringify([service, network])));
  return rows.map((group) => {
    const { country } = group[0]!;
    const what = nameOfThing(group[0]!, words);
    const [first, ...more] = group.flatMap(({ region }) => region ?? []);
    const part =
      first === undefined ? [] : [oneLine(words.region(first), 40) + (more.length > 0 ? ` +${more.length}` : '')];
    // What is cut off of a long name is the end of the country's.
    const where = oneCountry ? [] : [words.country(country)];
    return [...(oneService ? [] : [what]), ...part, ...where].join(' · ');
  });
}
