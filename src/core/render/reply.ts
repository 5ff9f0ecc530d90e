import type { ChangeKind } from '../model/incident.ts';
import type { Inline, MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import { type AlertView, buttonsOf, idNote } from './alert.ts';
import { reportsFor, reportsInForce, surenessOf } from './evidence.ts';
import { extentOf, type IncidentWithReports, nameList } from './facts.ts';
import { groupHeadline } from './group.ts';
import { headlineOf, isOver, markOf, sayingOf, worstFirst } from './headline.ts';
import { oneLine } from './plain.ts';

const MAX_NAMES = 12;

/**
 * The short message that makes the phone ring, in reply to the alert that was edited and has the details: one line, and yet complete by
 * itself (the alert may be far up in the chat, or deleted). `incidentIds` are the changed ones; those that the view lacks, this chat does not
 * follow.
 */
export function renderReply(
  view: AlertView,
  words: Translator,
  change: { reason: ChangeKind; incidentIds: readonly string[] },
): MessageDocument {
  const changed = view.incidents.filter((incident) => change.incidentIds.includes(incident.id));
  const shown = changed.length > 0 ? changed : view.incidents;
  const only = shown.length === 1 ? shown[0]! : null;
  const lead = leadOf(change.reason, words);
  const inline = only ? lineOf(only, lead, view, words) : groupLine(shown, lead, words);
  const ids = idNote(shown, words);
  if ('inline' in ids && shown.length <= MAX_NAMES) inline.push(' · ', ...ids.inline);
  return {
    blocks: [{ type: 'paragraph', inline }],
    buttons: buttonsOf(shown, words),
    lang: words.lang,
    tone: 'alert',
  };
}

/** "🟢 **Russia: WhatsApp works again** · lasted 2 days 3 hours · Corroborated: 2 outlets". */
function lineOf(incident: IncidentWithReports, lead: string | null, view: AlertView, words: Translator): Inline[] {
  const saying = sayingOf(incident);
  const over = isOver(saying);
  const headline = headlineOf(incident, words, extentOf(incident, view.known.categoryOf));
  const parts: string[] = [];
  const { closedAt, openedAt } = incident;
  if (over && saying !== 'withdrawn' && closedAt !== null && incident.action !== 'unblock')
    parts.push(words.say('reply.lasted', { duration: words.duration(closedAt - openedAt) }));
  if (saying === 'withdrawn') {
    const why = incident.withdrawnBecause;
    if (why) parts.push(words.say('alert.because', { why: oneLine(why, 200) }));
    parts.push(words.say('alert.withdrawn'));
  } else {
    const both = reportsFor(incident, incident.reports, over);
    const confidence = over ? (incident.liftConfidence ?? incident.confidence) : incident.confidence;
    parts.push(surenessOf(confidence, over ? both : reportsInForce(incident, both), words));
  }
  const [first = '', ...rest] = parts;
  const said = [lead === null ? first : `${lead} ${first}`, ...rest];
  return [`${markOf(saying)} `, { bold: [headline] }, ...said.map((part) => ` · ${part}`)];
}

/** "🔴 **Russia: 3 services blocked** · Signal, Viber, Zello". */
function groupLine(incidents: readonly IncidentWithReports[], lead: string | null, words: Translator): Inline[] {
  const worst = incidents.map(sayingOf).sort(worstFirst)[0]!;
  const names = nameList(
    incidents.map((one) => one.service),
    words,
    MAX_NAMES,
  );
  const said = lead === null ? names : `${lead} ${names}`;
  return [`${markOf(worst)} `, { bold: [groupHeadline(incidents, words)] }, ` · ${said}`];
}

/** What is new about it, where the headline does not say so itself. */
function leadOf(reason: ChangeKind, words: Translator): string | null {
  switch (reason) {
    case 'escalated':
      return words.say('reply.escalated');
    case 'widened':
      return words.say('reply.widened');
    case 'resumed':
      return words.say('reply.resumed');
    case 'confidence-up':
    case 'lift-confidence-up':
      return words.say('reply.surer');
    case 'partly-lifted':
      return words.say('reply.partly');
    case 'easing':
      return words.say('reply.easing');
    default:
      return null;
  }
}
