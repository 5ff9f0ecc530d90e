/** From an act as it stands to the fact that it tells, or to the reason why it tells none. */
import { REACH } from './distances.ts';
import { draftOf } from './extent.ts';
import type { Fact, Standing } from './fact.ts';
import { isFuture } from './future.ts';
import { functionOf, isPart } from './part.ts';
import { isByState } from './power.ts';
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
import type { Reason } from './reasons.ts';
import { inSentence } from './scope.ts';
import { tensed } from './tense.ts';

function base({ field, act, objects, time, rules }: Standing): Fact {
  const { mentions, net, generic, carried, unknown } = objects;
  return {
    action: 'block',
    state: 'now',
    time,
    mentions,
    net,
    generic,
    carried,
    unknown,
    bare: false,
    down: false,
    weak: false,
    part: false,
    still: holds(field, act),
    gradual: false,
    threat: false,
    full: isPart(field, act, 'full'),
    field,
    act,
    rules,
  };
}

/** "still blocked", "extends the shutdown", "remains cut off", "blocked again". */
const holds = (field: Field, act: Cue): boolean =>
  cueBefore(field, act.from, REACH.phrase, 'still') !== null ||
  cueAfter(field, act.to, REACH.close, 'still') !== null ||
  cuesAround(field, act.from).some(
    (c) =>
      c.cls === 'still' &&
      // "blocked again": the phrase may be wider than the act.
      ((c.from >= act.from && c.to <= act.to) || (c.from <= act.from && c.to >= act.to)),
  );

export function cutFact(at: Standing): Fact | Reason {
  return at.act.cls === 'legal' ? legalFact(at) : tensed(draftOf(at, base(at)));
}

function legalFact(at: Standing): Fact | Reason {
  const { field, act, mood, objects, rules } = at;
  const fact = base(at);
  const billed = mood === 'planned' && (inSentence(field, act.from, 'bill') !== null || isByState(field, act));
  if (mood !== 'asserted' && mood !== 'ordered' && mood !== 'threatened' && !billed) return mood;
  // "Indonesia warns platforms: register or …"
  if (objects.carried && field.name === 'title' && inSentence(field, act.from, 'social') !== null) {
    fact.carried = false;
    fact.generic = true;
  }
  rules.push('label');
  return { ...fact, action: 'warn', state: 'warn' };
}

export function unblockFact(at: Standing): Fact | Reason {
  const { field, act, lift, objects, mood, setting, rules } = at;
  if (mood === 'appeal') return 'appeal';
  const clock = isClocked(field, act);
  const future = isFuture(field, lift ?? act, setting) && !clock && inSentence(field, act.from, 'timed') === null;
  if ((mood !== 'asserted' && !(mood === 'planned' && clock)) || future) {
    if (isServices(field, act)) return 'service-does';
    rules.push(`held-${future ? 'future' : mood}`);
    return heldFact(at);
  }
  const fact = base(at);
  fact.gradual = isPart(field, act, 'partial');
  // "lifts the internet shutdown, another country blocks X": where one word names the network and its cut.
  if (act.cls === 'shutdown' && objects.carried && hasCue(field, act.from, 'noun') && isBesideAnother(field, act)) {
    fact.net = true;
    fact.carried = false;
    fact.bare = true;
  }
  rules.push(lift === undefined ? 'back' : 'lifted');
  return { ...fact, action: 'unblock' };
}

/** What was to be lifted is in force. */
function heldFact(at: Standing): Fact {
  const { field, act, objects } = at;
  const network = objects.net && objects.mentions.length === 0;
  // "to lift the ban on calls soon": a part is what stays cut.
  const part = isPart(field, act, 'func') || functionOf(field, act, objects.mentions);
  const action = network ? 'shutdown' : part ? 'restrict' : 'block';
  return { ...base(at), action, part: part && !network, state: 'held' };
}

/** "if Google does not restore the channels": a service's own doing. */
const isServices = (field: Field, act: Cue): boolean =>
  field.cuesAt[act.from]!.some((c) => c.cls === 'active') &&
  field.mentions.some((m) => m.role === null && act.from - m.to >= 0 && act.from - m.to <= REACH.beside);

/** Another country has a clause of its own in the sentence. */
const isBesideAnother = (field: Field, act: Cue): boolean =>
  field.places.some(
    (p) =>
      p.kind === 'country' &&
      p.from > act.to &&
      cuesAround(field, p.from).includes(act) &&
      field.prop[p.from] !== field.prop[act.from],
  ) && !field.mentions.some((m) => m.role === null && field.prop[m.from] === field.prop[act.from]);

/** "at 3pm", "by 10 am": the hour is given. */
function isClocked(field: Field, act: Cue): boolean {
  const { from, to } = field.sentences[field.sentence[act.from]!]!;
  for (let i = from; i < to; i++) {
    const { w } = field.tokens[i]!;
    if (/^\d{1,2}[ap]m$/u.test(w) || (/^\d{1,2}$/u.test(w) && /^[ap]m$/u.test(field.tokens[i + 1]?.w ?? '')))
      return true;
  }
  return false;
}
