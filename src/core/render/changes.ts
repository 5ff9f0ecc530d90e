import type { Transition } from '../model/incident.ts';
import type { Translator } from '../ports/translate.ts';

/** A line of the transition log in words, after the line before it. */
export function changeOf(step: Transition, before: Transition | null, words: Translator): string {
  switch (step.change) {
    case 'opened': {
      const what = `${words.say(`label.${step.action}`)}, ${words.say(`confidence.${step.confidence}`)}`;
      return words.say('change.opened', { what: lower(what) });
    }
    case 'escalated':
      return words.say('change.escalated', { what: lower(words.say(`label.${step.action}`)) });
    case 'confidence-up':
      // Surer of something milder: what is sure now must be named.
      if (before !== null && before.action !== step.action) {
        const what = `${words.say(`label.${step.action}`)}, ${words.say(`confidence.${step.confidence}`)}`;
        return words.say('change.confidence-up', { what: lower(what) });
      }
      return words.say('change.confidence-up', { what: words.say(`confidence.${step.confidence}`) });
    case 'lift-confidence-up':
      return words.say(`change.${step.change}`, { what: words.say(`confidence.${step.confidence}`) });
    case 'method-revealed':
      return words.say('change.method-revealed', { what: step.method ? words.say(`method.${step.method}`) : '?' });
    default:
      return words.say(`change.${step.change}`);
  }
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
