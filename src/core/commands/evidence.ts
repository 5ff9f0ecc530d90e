import { type Card, cardOf } from '../evidence/card.ts';
import { cardText, citation } from '../evidence/card-text.ts';
import type { Incident } from '../model/incident.ts';
import type { Block, MessageDocument, TextFile } from '../model/message.ts';
import type { IncidentTable, ReportTable } from '../ports/store.ts';
import { oneLine } from '../render/plain.ts';
import type { Command, CommandContext } from './command.ts';
import { problemsAnswer } from './describe.ts';
import { answer, button, code, head, line, note, rows } from './document.ts';
import { splitIds } from './incident-id.ts';
import { openNow } from './open-now.ts';
import { partsOf } from './parts.ts';
import { matchersOf, type TargetIndex } from './targets.ts';

/** Reports of one card; the rest are counted. */
const MAX_REPORTS = 200;
/** Characters of a card that stand in the message itself where there are no files. */
const PART = 3_000;
const MAX_OPTIONS = 6;

export interface EvidenceCapabilities {
  incidents: Pick<IncidentTable, 'getMany' | 'list' | 'transitions'>;
  reports: Pick<ReportTable, 'byIncident' | 'countByIncident'>;
  targets: TargetIndex;
}

/** A card to keep: what is known of an incident, for newsrooms, as text and as JSON. */
export const evidenceCommand = (can: EvidenceCapabilities): Command => ({
  name: 'evidence',
  aliases: ['card', 'proof'],
  examples: ['evidence RU-whatsapp-3f9k', 'evidence RU-whatsapp-3f9k json'],
  who: 'anyone',
  replaces: false,
  async run(context) {
    const { words, typed } = context;
    const { ids, rest } = splitIds(context.args, 1);
    const found = ids.length > 0 ? await can.incidents.getMany(ids) : [];
    const incident = found[0];
    if (incident) return await answerCard(incident, rest, context, can);
    if (ids.length > 0) {
      const missing = words.rich('incident.none', { id: code(oneLine(ids[0]!, 60)) });
      return [answer(words, [line(...missing), note(...words.rich('error.help', { command: code(typed('help')) }))])];
    }
    return [await byTargets(rest, context, can)];
  },
});

/** No id: the cards of what is open about these words. */
async function byTargets(text: string, context: CommandContext, can: EvidenceCapabilities): Promise<MessageDocument> {
  const { words, typed } = context;
  const parsed = can.targets.parse(text);
  if (parsed.problems.length > 0) return problemsAnswer(context, 'evidence', parsed, false);
  const matchers = matchersOf(parsed);
  const open = matchers.length === 0 ? [] : await openNow(can.incidents, matchers, 'early');
  const usage = line(...words.rich('evidence.usage', { command: code(typed('evidence RU-whatsapp-3f9k')) }));
  if (open.length === 0) return answer(words, [usage]);
  const shown = open.slice(0, MAX_OPTIONS);
  const ids = shown.map((one) => line(code(typed(`evidence ${one.id}`))));
  return answer(
    words,
    [line(words.say('incident.open')), ...(context.hasButtons ? [] : ids)],
    rows(
      shown.map((one) => button(one.id, `evidence ${one.id}`)),
      2,
    ),
  );
}

async function answerCard(
  incident: Incident,
  rest: string,
  context: CommandContext,
  can: EvidenceCapabilities,
): Promise<MessageDocument[]> {
  const { words, chat, now } = context;
  const reports = await can.reports.byIncident(incident.id, MAX_REPORTS);
  const count = (await can.reports.countByIncident([incident.id])).get(incident.id) ?? reports.length;
  const log = await can.incidents.transitions(incident.id);
  const card = cardOf({ incident, reports, count, log, timeZone: chat.timeZone, now }, words);
  if (context.files && rest === '') return asFiles(card, context);
  return inMessage(card, /(?:^|\s)json(?:\s|$)/iu.test(rest), /(?:^|\s)(\d{1,3})(?:\s|$)/u.exec(rest)?.[1], context);
}

/** Headline, digest and how to cite it; then the card twice, as a file to read and a file to check. */
function asFiles(card: Card, context: CommandContext): MessageDocument[] {
  const { words, typed } = context;
  const headline = card.wording.at(-1)?.headline;
  const text = answer(words, [
    head(words.say('evidence.title', { id: card.id })),
    ...(headline ? [line(headline)] : []),
    line(words.say('evidence.cite'), ' ', citation(card, words)),
    line(words.say('evidence.files')),
    note(...words.rich('evidence.other', { command: code(typed(`evidence ${card.id} json`)) })),
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
  const { words, typed } = context;
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
  if (!context.hasButtons && part < parts.length)
    blocks.push(note(...words.rich('export.next', { command: code(typed(next)) })));
  if (!context.hasButtons) blocks.push(note(...words.rich('evidence.other', { command: code(typed(other)) })));
  const buttons = [button(asJson ? words.say('button.text') : 'JSON', other)];
  if (part < parts.length) buttons.push(button(words.say('button.next'), next));
  return [answer(words, blocks, [buttons])];
}
