/** What comes at its time, as messages: the summary of quiet hours, digests, reminders, the report of a quiet week. */
import { type Incident, sinceOf } from '../model/incident.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { PhraseKey, Translator } from '../ports/translate.ts';
import { type AlertView, bodyOf, buttonsOf, idNote, renderAlert } from './alert.ts';
import { courseOf, groundsOf, type IncidentWithReports, sourceLine, surenessOf } from './evidence.ts';
import { headlineOf, isOver, markOf, sayingOf, stoodText, worstFirst } from './headline.ts';
import { button, documentOf, firstOf, foreign, head, list, note, paragraph } from './plain.ts';

/** Whose clock and language it is told by. */
interface RegularView {
  timeZone: string;
  now: number;
  /** How a command is typed here: "/settings". */
  typed(command: string): string;
}

/** So many are told in full; of more, a line each. */
const MAX_FULL = 2;
const MAX_LINES = 12;
const MAX_IDS = 12;

/** What waited, as it stands now. `changes`: how often the phone would have rung. */
interface Summary {
  incidents: readonly IncidentWithReports[];
  changes: number;
}

export function renderSummary({ incidents, changes }: Summary, view: RegularView, words: Translator): MessageDocument {
  const sorted = [...incidents].sort((a, b) => worstFirst(sayingOf(a), sayingOf(b)) || b.openedAt - a.openedAt);
  const blocks: Block[] = [head(words.say('summary.head', { n: changes }))];
  if (sorted.length <= MAX_FULL)
    for (const one of sorted) blocks.push(...bodyOf([one], view, words, { level: 'corroborated' }));
  else blocks.push(list(firstOf(sorted, MAX_LINES, words, (one) => summaryLine(one, view, words))));
  blocks.push(idNote(sorted.slice(0, MAX_IDS), words));
  return documentOf(blocks, words, { tone: 'alert', buttons: buttonsOf(sorted, words) });
}

/** The only thing that waited: its alert, which is edited later as any other; and why it comes now. */
export function renderLate(view: AlertView, words: Translator): MessageDocument {
  const alert = renderAlert(view, words);
  return { ...alert, blocks: [...alert.blocks, note(words.say('summary.lead'))] };
}

/** Complete by itself: mark, country, service, action, since when, how sure and why, sources. */
function summaryLine(incident: IncidentWithReports, view: RegularView, words: Translator): Inline[] {
  const saying = sayingOf(incident);
  const { confidence, reports } = groundsOf(incident, isOver(saying));
  const over = isOver(saying) ? incident.closedAt : null;
  const { since, isDated } = courseOf(incident, reports);
  const when = words.dateTime(over ?? since, view.timeZone, view.now);
  const isSince = over !== null || isDated;
  const began =
    incident.standing && over === null
      ? stoodText(incident.standing, view.now, words)
      : words.say(isSince ? 'line.since' : 'line.reported', { when });
  const sources = sourceLine(reports, 2, words);
  return [
    `${markOf(saying)} `,
    { bold: [headlineOf(incident, words)] },
    ` · ${began} · ${surenessOf(confidence, reports, words)}`,
    ...(sources ? [' · ', ...sources] : []),
  ];
}

/** "🔴 Russia: WhatsApp blocked · since 12 Feb · corroborated · RU-whatsapp-3f9k". */
export function shortLine(incident: Incident, since: string, words: Translator): Inline[] {
  const text = `${markOf(sayingOf(incident))} ${headlineOf(incident, words)} · ${since} · ${words.say(`confidence.${incident.confidence}`)} · `;
  return [text, { code: incident.id }];
}

const shortLines = (all: readonly Incident[], since: (one: Incident) => string, words: Translator): Block =>
  list(firstOf(all, MAX_LINES, words, (one) => shortLine(one, since(one), words)));

const statusButton = (words: Translator): Button[][] => [[button(words.say('button.status'), 'status')]];

/** Small print: how to be told no more. */
const stopNote = (key: PhraseKey, command: string, view: RegularView, words: Translator): Block =>
  note(...words.rich(key, { command: { code: view.typed(command) } }));

type Digest = { every: 'day' | 'week' } & Record<'fresh' | 'over' | 'standing', readonly Incident[]>;

export function renderDigest(digest: Digest, view: RegularView, words: Translator): MessageDocument {
  const { every, fresh, over, standing } = digest;
  const blocks: Block[] = [head(words.say(`digest.head.${every}`))];
  const day = (at: number) => ({ when: words.day(at, view.timeZone, view.now) });
  const part = (title: string, incidents: readonly Incident[], when: (one: Incident) => string): void => {
    if (incidents.length > 0) blocks.push(paragraph(title), shortLines(incidents, when, words));
  };
  const began = (one: Incident): string =>
    one.standing ? stoodText(one.standing, view.now, words) : words.say('line.reported', day(one.openedAt));
  part(words.say('digest.new'), fresh, began);
  part(words.say('digest.over'), over, (one) => words.say('line.since', day(one.closedAt ?? one.lastReportAt)));
  part(words.say('digest.open'), standing, began);
  if (fresh.length + over.length + standing.length === 0) blocks.push(paragraph(words.say('digest.nothing')));
  return documentOf(blocks, words, { tone: 'notice', buttons: statusButton(words) });
}

export function renderReminder(lasting: readonly Incident[], view: RegularView, words: Translator): MessageDocument {
  const lasts = (one: Incident): string =>
    words.say('remind.for', { duration: words.age(view.now - (sinceOf(one) ?? one.openedAt)) });
  const blocks: Block[] = [
    head(words.say('remind.head', { n: lasting.length })),
    shortLines(lasting, lasts, words),
    stopNote('remind.stop', 'settings reminders off', view, words),
  ];
  return documentOf(blocks, words, { tone: 'notice', buttons: statusButton(words) });
}

/** How well the bot sees, for the report of a week in which there was nothing to tell. */
export interface Sight {
  sources: number;
  answering: number;
  /** Half of the sources are read at least so often, ms; null = not known. */
  oftenMs: number | null;
  /** Own vantage points that measure. */
  vantages: number;
}

/** A day on which something that is known of is to happen (`core/regular.ts`). `what` is a stranger's headline, never told without who published it. */
export interface DateAhead {
  at: number;
  what: string;
  who: string;
}

interface Report {
  sight: Sight;
  /** Still open from before. */
  open: readonly Incident[];
  dates: readonly DateAhead[];
}

export function renderReport({ sight, open, dates }: Report, view: RegularView, words: Translator): MessageDocument {
  const { sources: n, answering: ok } = sight;
  const facts: Inline[][] = [[ok === n ? words.say('report.all', { n }) : words.say('report.sources', { n, ok })]];
  if (sight.oftenMs !== null)
    facts.push([words.say('report.often', { age: words.age(Math.max(60_000, sight.oftenMs)) })]);
  if (sight.vantages > 0) facts.push([words.say('report.vantages', { n: sight.vantages })]);
  if (open.length > 0)
    facts.push(words.rich('report.open', { n: open.length, command: { code: view.typed('status') } }));
  const blocks: Block[] = [head(words.say('report.head')), paragraph(words.say('report.what')), list(facts)];
  if (dates.length > 0) {
    const dated = (one: DateAhead): Inline[] => {
      const when = words.day(one.at, view.timeZone, view.now);
      const what = words.say('text.brackets', { text: foreign(one.what, 160), more: foreign(one.who, 60) });
      return [words.say('report.date', { when, what })];
    };
    blocks.push(paragraph(words.say('report.dates')), list(firstOf(dates, MAX_LINES, words, dated)));
  }
  blocks.push(stopNote('report.stop', 'settings report off', view, words));
  return documentOf(blocks, words, { tone: 'notice' });
}
