/** Texts whose only act is dated by a year: what they ask, head or are about is no news of it. */
import { isDay, isYear } from './dates.ts';
import type { Fact } from './fact.ts';
import type { Field } from './read.ts';
import { cuesAround } from './read.ts';
import { inSentence, isAct } from './scope.ts';

interface Judged {
  fact: Fact;
  facts: Fact[];
  fields: Field[];
}

/** A year in the sentence, be it with its month; with its day it may be this very one. */
const isOfYear = ({ field, act, state, still }: Fact): boolean =>
  field.name === 'summary' &&
  state === 'now' &&
  !still &&
  inSentence(field, act.from, 'still') === null &&
  field.tokens.some(
    (_, i) =>
      isYear(field, i) &&
      field.sentence[i] === field.sentence[act.from] &&
      ![i - 1, i - 2, i - 3, i + 1].some((k) => isDay(field, k)),
  );

/**
 * "Why does X not open? The state restricted it in July 2021", "X in Uzbekistan || It was restricted in July 2021": under a question, or a title that
 * tells no act, what is told is as old as it says.
 */
export function isOldDecision({ fact, facts, fields }: Judged): boolean {
  if (!isOfYear(fact) || fact.action === 'unblock') return false;
  const title = fields[0]!;
  if (title.sentences.some((s) => s.question)) return !facts.some((f) => f.field === title && isFresh(f));
  return fact.time !== 'now' && !title.cues.some(isAct);
}

const isFresh = ({ time, state }: Fact): boolean => time === 'now' && state === 'now';

/** "The ban on X || The state banned it in June 2021": a title without a verb that acts heads what the lead dates, and nothing else is told. */
export function isTitledAnew({ fact, facts }: Judged): boolean {
  if (fact.field.name === 'title') return isAnew(fact, facts);
  return (
    isDated(fact) &&
    facts.some((f) => f.field.name === 'title' && f.time === 'now' && isAnew(f, facts) && isSame(f, fact))
  );
}

const isDated = (fact: Fact): boolean => fact.time !== 'now' && isOfYear(fact);

function isAnew(titled: Fact, facts: readonly Fact[]): boolean {
  const { field, act, action, state, still } = titled;
  if (action === 'unblock' || state !== 'now' || still || isDecided(field)) return false;
  if (cuesAround(field, act.from).some((c) => c.cls === 'active' && c.from <= act.from && c.to > act.from))
    return false;
  const led = facts.filter((f) => f.field.name === 'summary');
  return (
    led.length > 0 &&
    led.every((f) => f.time !== 'now') &&
    led.some((f) => isDated(f) && f.field.sentence[f.act.from] === 0 && isSame(titled, f))
  );
}

/** "The court upholds the ban": somebody decides anew. */
const isDecided = (title: Field): boolean =>
  title.cues.some((c) => c.cls === 'court' || c.cls === 'order' || c.cls === 'auth') ||
  title.places.some((p) => p.kind === 'authority');

/** It points back to the title, or names what the title names. */
const isSame = (titled: Fact, led: Fact): boolean =>
  inSentence(led.field, led.act.from, 'also') === null &&
  (led.carried ||
    (led.mentions.length === 0 && (led.generic || led.net)) ||
    led.mentions.some((m) => titled.mentions.some((t) => t.id === m.id)));
