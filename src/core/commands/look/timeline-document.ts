import type { MessageDocument } from '../../model/message.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../../picture.ts';
import type { Translator } from '../../ports/translate.ts';
import { oneLine } from '../../render/plain.ts';
import { captionOf, type TimelineView, timelineView } from '../../render/timeline.ts';
import type { State } from '../../state/fold.ts';
import { columnsOf } from '../../timeline.ts';
import { answer, line, nameOfThing } from '../answer.ts';
import type { CommandContext } from '../command.ts';
import type { PictureCapabilities, TimelineAsked } from './timeline-picture.ts';

/** A timeline as a message: the picture, and one line under it. Throws what the store throws. */
export async function timelineDocument(
  asked: TimelineAsked,
  context: CommandContext,
  can: PictureCapabilities,
): Promise<MessageDocument> {
  const { words } = context;
  const view = await viewOf(asked, context, can);
  return { ...answer(words, [line(captionOf(view, words))]), picture: timelineView(view, words) };
}

async function viewOf(
  { title, days, rows: asked, answer: known }: TimelineAsked,
  context: CommandContext,
  can: PictureCapabilities,
): Promise<TimelineView> {
  const { words, chat, now } = context;
  const shown = asked.slice(0, MAX_ROWS);
  const columns = columnsOf(now, chat.timeZone, days, MAX_COLUMNS);
  const drawn = await can.world.days(
    shown.map((group) => group[0]!),
    columns,
    known,
    now,
  );
  const names = namesOf(shown, words);
  const rows = drawn.map((row, at) => ({ label: names[at]!, ...row }));
  return { title, columns, rows, more: asked.length - shown.length, timeZone: chat.timeZone, now };
}

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
