import { ANY } from '../../model/chat.ts';
import type { Incident, Level, Transition } from '../../model/incident.ts';
import type { Block, Button, Inline, MessageDocument, TextFile } from '../../model/message.ts';
import type { Report } from '../../model/report.ts';
import { bodyOf, buttonsOf, idNote } from '../../render/alert.ts';
import { type Card, cardOf, cardText, citation } from '../../render/evidence-card.ts';
import { countingOf, linkOf, observedLine, sourcesOf } from '../../render/evidence.ts';
import { changeOf, markOf } from '../../render/headline.ts';
import { foreign, oneLine } from '../../render/plain.ts';
import { shortLine } from '../../render/regular.ts';
import { type Matcher, newestFirst, type State } from '../../state/fold.ts';
import { answer, button, code, head, line, list, note, partsOf, problemsAnswer, rows, stateList } from '../answer.ts';
import { matchersOf, splitIds } from '../asking/targets.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';

const MAX_IDS = 40;
const MAX_SHOWN = 10;
const MAX_REPORTS = 100;
const MAX_SOURCES = 20;
const HOUR = 3_600_000;
const MAX_MEASUREMENTS = 5;
const MAX_STEPS = 15;
const MAX_OTHERS = 3;

type IncidentCapabilities = Pick<Can, 'incidents' | 'reports' | 'targets' | 'categoryOf' | 'world'>;

export const incidentCommand = (can: IncidentCapabilities): Command => ({
  name: 'incident',
  examples: ['incident RU-whatsapp-3f9k', 'incident ru whatsapp'],
  who: 'anyone',
  async run(context) {
    const { ids, rest } = splitIds(context.args, MAX_IDS);
    if (ids.length === 0) return [await byTargets(rest, context, can)];
    const found = await can.incidents.getMany(ids);
    const order = new Map(found.map((one) => [one.id, one]));
    const incidents = ids.flatMap((id) => order.get(id) ?? []);
    const only = incidents.length === 1 ? incidents[0]! : null;
    if (only) return [await story(only, context, can)];
    if (incidents.length > 0) return [await several(incidents, context, can)];
    // "ru-google-play" looks like an id and is none.
    if (can.targets.parse(ids.join(' ')).problems.length === 0) return [await byTargets(ids.join(' '), context, can)];
    return [await withOthers(missing(ids[0]!, context), context, can)];
  },
});

const missing = (id: string, { words, hint }: CommandContext): MessageDocument => {
  const none = words.rich('incident.none', { id: code(oneLine(id, 60)) });
  return answer(words, [line(...none), note(...hint('error.help', 'help'))]);
};

/** No id: which incidents are open about these words. */
async function byTargets(text: string, context: CommandContext, can: IncidentCapabilities): Promise<MessageDocument> {
  const { words, hint } = context;
  const parsed = can.targets.parse(text);
  const how = line(...hint('incident.usage', 'incident RU-whatsapp-3f9k'));
  if (parsed.problems.length > 0) {
    const said = problemsAnswer(context, 'incident', parsed, false);
    return withOthers({ ...said, blocks: [...said.blocks, how] }, context, can);
  }
  const matchers = matchersOf(parsed);
  if (matchers.length === 0) return answer(words, [how]);
  const { states, open } = await openAmong(matchers, 'early', context, can);
  if (open.length === 0) {
    const { country, service } = matchers[0]!;
    const command = `status ${country === '*' ? service : country}`;
    const status = button(words.say('button.status'), command);
    return answer(words, [line(words.say('status.worldNone')), how], [[status]]);
  }
  if (open.length === 1) return story(open[0]!, context, can);
  return answer(
    words,
    [line(words.say('incident.open')), ...stateList(states, MAX_SHOWN, context)],
    idButtons(open.slice(0, MAX_SHOWN), 'incident'),
  );
}

/** Nothing of that name: which ones there are, newest first. */
async function withOthers(
  said: MessageDocument,
  context: CommandContext,
  can: IncidentCapabilities,
): Promise<MessageDocument> {
  const { words, chat } = context;
  const { states, open } = await openAmong([{ country: ANY, service: ANY }], chat.level, context, can);
  if (open.length === 0) return said;
  const shown = open.slice(0, MAX_OTHERS);
  const others = [line(words.say('start.open', { n: open.length })), ...stateList(states, MAX_OTHERS, context)];
  const buttons = idButtons(shown, 'incident');
  return { ...said, blocks: [...said.blocks, ...others], buttons: [...said.buttons, ...buttons] };
}

const idButtons = (incidents: readonly Incident[], command: 'incident' | 'evidence'): Button[][] =>
  rows(
    incidents.map(({ id }) => button(id, `${command} ${id}`)),
    2,
  );

/** What holds now about these that an incident tells of, newest first, and its incidents, each once. */
async function openAmong(
  matchers: readonly Matcher[],
  level: Level,
  { now }: CommandContext,
  { world }: Pick<IncidentCapabilities, 'world'>,
): Promise<{ states: State[]; open: Incident[] }> {
  const states = newestFirst(await world.present(matchers, level, now)).filter((one) => one.incident ?? one.threat);
  const open = new Map(states.map((one) => (one.incident ?? one.threat)!).map((one) => [one.id, one]));
  return { states, open: [...open.values()] };
}

/** Headline and facts as in the alert, then what happened when, then every voice with its words and its link. */
async function story(incident: Incident, context: CommandContext, can: IncidentCapabilities): Promise<MessageDocument> {
  const { words, chat, now } = context;
  const shown = { ...incident, reports: await can.reports.byIncident(incident.id, MAX_REPORTS) };
  const count = (await can.reports.countByIncident([incident.id])).get(incident.id) ?? shown.reports.length;
  const log = await can.incidents.transitions(incident.id);
  const view = { timeZone: chat.timeZone, now };
  const { categoryOf } = can;
  const blocks: Block[] = bodyOf([shown], view, words, { categoryOf, level: 'early', sources: false });
  if (log.length > 0) blocks.push(head(words.say('incident.log')), list(steps(log, context)));
  blocks.push(
    head(words.say('incident.evidence', { n: count })),
    ...evidence(shown.reports, count, context),
    idNote([incident], words),
  );
  return answer(
    words,
    blocks,
    buttonsOf([shown], words).map((row) => [
      button(words.say('button.card'), `evidence ${incident.id}`),
      ...row.slice(1),
    ]),
  );
}

function steps(log: readonly Transition[], { words, chat, now }: CommandContext): Inline[][] {
  const shown = log.length > MAX_STEPS ? [...log.slice(0, 3), ...log.slice(3 - MAX_STEPS)] : log;
  const items = shown.map((step) => {
    const text = changeOf(step, log[log.indexOf(step) - 1] ?? null, words);
    return [`${words.dateTime(step.at, chat.timeZone, now)}${words.dash}${text}`];
  });
  if (shown.length < log.length) items.splice(3, 0, [`… ${words.say('list.more', { n: log.length - shown.length })}`]);
  return items;
}

/** The newest of each voice, then the next one of each, newest first: who says much hides nobody. */
function eachVoice(reports: readonly Report[], max: number): Report[] {
  const newest = reports.toSorted((a, b) => b.at - a.at);
  const turns = [...Map.groupBy(newest, ({ voice }) => voice).values()].flatMap((own) => [...own.entries()]);
  const first = turns.sort(([a], [b]) => a - b).slice(0, max);
  return first.map(([, report]) => report).sort((a, b) => b.at - a.at);
}

function evidence(reports: readonly Report[], count: number, { words, chat, now }: CommandContext): Block[] {
  const when = ({ at }: { at: number }): string => words.dateTime(at, chat.timeZone, now);
  const news = reports.filter((report) => report.kind !== 'measurement');
  // Every report, of the lift as well: a voice counts once, and yet may have said several things.
  const told = eachVoice(news, MAX_SOURCES).reverse();
  const items: Inline[][] = told.map((report) => {
    const title = foreign(report.title, 140);
    const mark = report.action === 'unblock' ? [`${markOf('unblock')} `] : [];
    return [...mark, linkOf(report, words), words.dash, words.say('incident.report', { title, when: when(report) })];
  });
  const measurements = reports.filter((report) => report.measured !== null);
  for (const report of eachVoice(measurements, MAX_MEASUREMENTS)) {
    if (report.measured!.observatory !== undefined) {
      items.push([...words.rich('text.brackets', { text: observedLine(report, words), more: when(report) })]);
      continue;
    }
    const networks = words.list(report.measured!.networks.slice(0, 5).map((one) => oneLine(one, 20))) || '?';
    const found = oneLine(report.measured!.verdict, 60);
    const verdict = report.method ? `${words.say(`method.${report.method}`)} · ${found}` : found;
    // By the hour: who lends a machine was promised no more.
    const hour = { at: Math.floor(report.at / HOUR) * HOUR };
    items.push([words.say('incident.measured', { networks, verdict, when: when(hour) })]);
  }
  if (items.length < count) items.push([words.say('list.more', { n: count - items.length })]);
  const blocks: Block[] = items.length > 0 ? [list(items)] : [];
  const anomalies = measurements.length > 0 && measurements.every((report) => report.measured!.strength === 'anomaly');
  if (anomalies) blocks.push(note(words.say('incident.anomaly')));
  return [...blocks, ...countingOf(news, words).map((text) => note(text))];
}

/** Several at once (a grouped alert): a line and the sources of each; each has a button of its own. */
async function several(
  incidents: readonly Incident[],
  context: CommandContext,
  can: IncidentCapabilities,
): Promise<MessageDocument> {
  const { words, chat, now } = context;
  const blocks: Block[] = [];
  for (const incident of incidents.slice(0, MAX_SHOWN)) {
    const reports = await can.reports.byIncident(incident.id, MAX_REPORTS);
    const since = words.say('line.since', { when: words.day(incident.openedAt, chat.timeZone, now) });
    const { shown, rest } = sourcesOf(reports, 3, words.lang);
    const sources = shown.flatMap((report, index): Inline[] => [...(index ? [', '] : []), linkOf(report, words)]);
    if (rest > 0) sources.push(`, ${words.say('list.more', { n: rest })}`);
    blocks.push(line(...shortLine(incident, since, words), ...(sources.length > 0 ? [' · ', ...sources] : [])));
  }
  if (incidents.length > MAX_SHOWN) blocks.push(note(words.say('list.more', { n: incidents.length - MAX_SHOWN })));
  return answer(words, blocks, idButtons(incidents.slice(0, MAX_SHOWN), 'incident'));
}

/** Reports of one card; the rest are counted. */
const MAX_CARD_REPORTS = 200;
/** Characters of a card that stand in the message itself where there are no files. */
const PART = 3_000;
const MAX_OPTIONS = 6;

type EvidenceCapabilities = Omit<IncidentCapabilities, 'categoryOf'>;

/** A card to keep: what is known of an incident, for newsrooms, as text and as JSON. */
export const evidenceCommand = (can: EvidenceCapabilities): Command => ({
  name: 'evidence',
  examples: ['evidence RU-whatsapp-3f9k', 'evidence RU-whatsapp-3f9k json'],
  who: 'anyone',
  async run(context) {
    const { ids, rest } = splitIds(context.args, 1);
    const [id] = ids;
    if (id === undefined) return [await evidenceByTargets(rest, context, can)];
    const incident = await can.incidents.get(id);
    return incident ? await answerCard(incident, rest, context, can) : [missing(id, context)];
  },
});

/** No id: the cards of what is open about these words. */
async function evidenceByTargets(
  text: string,
  context: CommandContext,
  can: EvidenceCapabilities,
): Promise<MessageDocument> {
  const { words, typed, hint } = context;
  const parsed = can.targets.parse(text);
  if (parsed.problems.length > 0) return problemsAnswer(context, 'evidence', parsed, false);
  const matchers = matchersOf(parsed);
  const { open } = await openAmong(matchers, 'early', context, can);
  const usage = line(...hint('evidence.usage', 'evidence RU-whatsapp-3f9k'));
  if (open.length === 0) return answer(words, [usage]);
  const shown = open.slice(0, MAX_OPTIONS);
  const ids = shown.map((one) => line(code(typed(`evidence ${one.id}`))));
  return answer(
    words,
    [line(words.say('incident.open')), ...(context.hasButtons ? [] : ids)],
    idButtons(shown, 'evidence'),
  );
}

async function answerCard(
  incident: Incident,
  rest: string,
  context: CommandContext,
  can: EvidenceCapabilities,
): Promise<MessageDocument[]> {
  const { words, chat, now } = context;
  const reports = await can.reports.byIncident(incident.id, MAX_CARD_REPORTS);
  const count = (await can.reports.countByIncident([incident.id])).get(incident.id) ?? reports.length;
  const log = await can.incidents.transitions(incident.id);
  const card = cardOf({ incident, reports, count, log, timeZone: chat.timeZone, now }, words);
  if (context.files && rest === '') return asFiles(card, context);
  return inMessage(card, /(?:^|\s)json(?:\s|$)/iu.test(rest), /(?:^|\s)(\d{1,3})(?:\s|$)/u.exec(rest)?.[1], context);
}

/** Headline, digest and how to cite it; then the card twice, as a file to read and a file to check. */
function asFiles(card: Card, context: CommandContext): MessageDocument[] {
  const { words, hint } = context;
  const headline = card.wording.at(-1)?.headline;
  const text = answer(words, [
    head(words.say('evidence.title', { id: card.id })),
    ...(headline ? [line(headline)] : []),
    line(words.say('evidence.cite'), ' ', citation(card, words)),
    line(words.say('evidence.files')),
    note(...hint('evidence.other', `evidence ${card.id} json`)),
  ]);
  const file = (ending: string, type: TextFile['type'], content: string): MessageDocument => ({
    ...answer(words, [line(`${card.id} · ${card.madeAt.utc}`)]),
    file: { name: `tocsin-${card.id}.${ending}`, type, text: content },
  });
  return [
    text,
    file('txt', 'text/plain', cardText(card, words)),
    file('json', 'application/json', `${JSON.stringify(card, null, 1)}\n`),
  ];
}

/** The card in the message itself, a part at a time. */
function inMessage(card: Card, asJson: boolean, asked: string | undefined, context: CommandContext): MessageDocument[] {
  const { words, hint } = context;
  const text = asJson ? JSON.stringify(card, null, 1) : cardText(card, words);
  const parts = partsOf(text.split('\n'), PART);
  const part = Math.min(Math.max(1, Number(asked ?? 1)), parts.length);
  const blocks: Block[] = [
    head(words.say('evidence.title', { id: card.id })),
    { type: 'pre', text: parts[part - 1]! },
    line(words.say('evidence.cite'), ' ', citation(card, words)),
  ];
  if (parts.length > 1) blocks.push(note(words.say('export.part', { part, parts: parts.length })));
  const other = `evidence ${card.id}${asJson ? '' : ' json'}`;
  const next = `evidence ${card.id}${asJson ? ' json' : ''} ${part + 1}`;
  if (!context.hasButtons && part < parts.length) blocks.push(note(...hint('export.next', next)));
  if (!context.hasButtons) blocks.push(note(...hint('evidence.other', other)));
  const buttons = [button(asJson ? words.say('button.text') : 'JSON', other)];
  if (part < parts.length) buttons.push(button(words.say('button.next'), next));
  return [answer(words, blocks, [buttons])];
}
