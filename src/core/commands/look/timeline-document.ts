import type { BaselineEntry } from '../../model/catalogue.ts';
import { type Incident, isNationalShutdown } from '../../model/incident.ts';
import type { MessageDocument } from '../../model/message.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../../picture.ts';
import type { Translator } from '../../ports/translate.ts';
import { captionOf, type TimelineView, timelineView } from '../../render/timeline.ts';
import { STATUS_POLICY } from '../../state.ts';
import { cellsOf, columnsOf, type RowKey, type Story } from '../../timeline.ts';
import { answer, line } from '../answer.ts';
import type { CommandContext } from '../command.ts';
import { oldEvidence } from './known.ts';
import { nameOfKey, type PictureCapabilities, type TimelineAsked } from './timeline-picture.ts';

/** Read for one picture; the newest. */
const MAX_STORIES = 200;

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
  { title, days, keys, incidents, observed = [] }: TimelineAsked,
  context: CommandContext,
  can: PictureCapabilities,
): Promise<TimelineView> {
  const { words, chat, now } = context;
  const shown = keys.slice(0, MAX_ROWS);
  const columns = columnsOf(now, chat.timeZone, days, MAX_COLUMNS);
  const stories = await storiesOf(shown, incidents, can);
  const facts = {
    now,
    policy: STATUS_POLICY,
    observed,
    watched: await can.watched(),
    baseline: await standingFor(shown, now, can),
    ...(await oldEvidence(
      stories.map(({ incident }) => incident),
      now,
      can,
    )),
  };
  const names = namesOf(shown, words);
  const rows = shown.map((key, at) => ({ label: names[at]!, cells: cellsOf(key, stories, columns, facts) }));
  return { title, columns, rows, more: keys.length - shown.length, timeZone: chat.timeZone, now };
}

async function storiesOf(
  keys: readonly RowKey[],
  incidents: readonly Incident[],
  can: PictureCapabilities,
): Promise<Story[]> {
  const wanted = new Set(keys.map(nameOfKey));
  const countries = new Set(keys.map(({ country }) => country));
  const counts = (one: Incident): boolean =>
    wanted.has(nameOfKey(one)) || (countries.has(one.country) && isNationalShutdown(one));
  const chosen = incidents
    .filter(counts)
    .toSorted((a, b) => b.lastReportAt - a.lastReportAt)
    .slice(0, MAX_STORIES);
  const transitions = await can.incidents.transitionsOf(chosen.map(({ id }) => id));
  return chosen.map((incident) => ({ incident, transitions: transitions.get(incident.id) ?? [] }));
}

/** Long-standing blocks of these rows that no lift has ended. */
async function standingFor(keys: readonly RowKey[], now: number, can: PictureCapabilities): Promise<BaselineEntry[]> {
  const wanted = new Set(keys.map(nameOfKey));
  const standing: BaselineEntry[] = [];
  for (const entry of can.baseline.filter((one) => wanted.has(nameOfKey(one))))
    if (!(await can.lifted.of(entry, now))) standing.push(entry);
  return standing;
}

/** A name says what tells the rows apart: the service where all are of one country, the country where all are of one service, else both. */
function namesOf(keys: readonly RowKey[], words: Translator): string[] {
  const one = (values: (string | null)[]): boolean => new Set(values).size === 1;
  const oneCountry = one(keys.map(({ country }) => country));
  const oneService = !oneCountry && one(keys.map(({ service }) => service));
  return keys.map(({ country, service }) => {
    const what = service === null ? words.say('status.unnamed') : words.service(service);
    if (oneCountry) return what;
    const where = words.country(country);
    // What is cut off of a long name is the end of the country's.
    return oneService ? where : `${what} · ${where}`;
  });
}
