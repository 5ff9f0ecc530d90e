import type { ChangeKind } from '../model/incident.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import { type AlertView, bodyOf, buttonsOf, idNote } from './alert.ts';

/**
 * The short message that makes the phone ring, in reply to the alert that was edited: only what changed, and complete by itself
 * (the alert may be far up in the chat, or deleted). `incidentIds` are the changed ones; those that the view lacks, this chat does
 * not follow.
 */
export function renderReply(
  view: AlertView,
  words: Translator,
  change: { reason: ChangeKind; incidentIds: readonly string[] },
): MessageDocument {
  const changed = view.incidents.filter((incident) => change.incidentIds.includes(incident.id));
  const shown = changed.length > 0 ? changed : view.incidents;
  return {
    blocks: [...bodyOf(shown, view, words, { works: [], lead: leadOf(change.reason, words) }), idNote(shown, words)],
    buttons: buttonsOf(shown, words),
    lang: words.lang,
    tone: 'alert',
  };
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
