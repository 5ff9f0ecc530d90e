import type { Action } from '../model/action.ts';
import { gapTo, type Objects } from './about.ts';
import { actor } from './agent.ts';
import type { Fact, Setting } from './fact.ts';
import type { Mood } from './mood.ts';
import { isFuture } from './mood.ts';
import { isByState, isOwners, isRuled } from './power.ts';
import type { Cue, Field, Mention } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
import { inSentence } from './scope.ts';
import { GAP, perWord } from './tokens.ts';
import type { Time } from './when.ts';

function base(field: Field, act: Cue, objects: Objects, time: Time, rules: string[]): Omit<Fact, 'action' | 'state'> {
  const { mentions, net, generic, carried, unknown } = objects;
  return {
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
  cueBefore(field, act.from, 4, 'still') !== null ||
  cueAfter(field, act.to, 3, 'still') !== null ||
  cuesAround(field, act.from).some(
    (c) =>
      c.cls === 'still' &&
      // "blocked again": the phrase may be wider than the act.
      ((c.from >= act.from && c.to <= act.to) || (c.from <= act.from && c.to >= act.to)),
  );

export function unblockFact(
  field: Field,
  act: Cue,
  lift: Cue | undefined,
  objects: Objects,
  mood: Mood,
  time: Time,
  setting: Setting,
  reject: (why: string) => null,
  rules: string[],
): Fact | null {
  if (mood === 'appeal') return reject('an appeal');
  const shared = base(field, act, objects, time, rules);
  const clock = isClocked(field, act);
  const future = isFuture(field, lift ?? act, setting) && !clock && inSentence(field, act.from, 'timed') === null;
  if ((mood !== 'asserted' && !(mood === 'planned' && clock)) || future) {
    // "if Google does not restore the channels": a service's own doing.
    if (
      field.mentions.some(
        (m) =>
          m.role === null &&
          act.from - m.to >= 0 &&
          act.from - m.to <= 1 &&
          field.cuesAt[act.from]!.some((c) => c.cls === 'active'),
      )
    )
      return reject('done by the service itself');
    rules.push(`a lift that has not come (${future ? 'future' : mood}): still in force`);
    const network = objects.net && objects.mentions.length === 0;
    // "to lift the ban on calls soon": a part is what stays cut.
    const part = isPart(field, act, 'func') || functionOf(field, act, objects.mentions);
    return {
      ...shared,
      action: network ? 'shutdown' : part ? 'restrict' : 'block',
      part: part && !network,
      state: 'held',
    };
  }
  shared.gradual = isPart(field, act, 'partial');
  // "lifts the internet shutdown, another country blocks X": where one word names the network and its cut.
  if (act.cls === 'shutdown' && objects.carried && hasCue(field, act.from, 'noun') && isBesideAnother(field, act)) {
    shared.net = true;
    shared.carried = false;
    shared.bare = true;
  }
  rules.push(lift === undefined ? 'access is back' : 'a ban is lifted');
  return { ...shared, action: 'unblock', state: 'now' };
}

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

export function cutFact(
  field: Field,
  act: Cue,
  objects: Objects,
  mood: Mood,
  time: Time,
  setting: Setting,
  reject: (why: string) => null,
  rules: string[],
): Fact | null {
  const shared = base(field, act, objects, time, rules);
  const named = objects.mentions.length > 0;
  if (act.cls === 'legal') {
    const billed = mood === 'planned' && (inSentence(field, act.from, 'bill') !== null || isByState(field, act));
    if (mood !== 'asserted' && mood !== 'ordered' && mood !== 'threatened' && !billed) return reject(mood);
    // "Indonesia warns platforms: register or …"
    if (objects.carried && field.name === 'title' && inSentence(field, act.from, 'social') !== null) {
      shared.carried = false;
      shared.generic = true;
    }
    rules.push('a label, fine or bill');
    return { ...shared, action: 'warn', state: 'warn' };
  }
  const part = objects.part || isPart(field, act, 'func') || functionOf(field, act, objects.mentions);
  shared.gradual = isPart(field, act, 'partial');
  let action: Action = 'block';
  if (act.cls === 'throttle') action = 'throttle';
  else if (act.cls === 'shutdown') {
    const adjacent = objects.mentions.some((m) => gapTo(act, m) <= 1);
    // "a social media blackout": of platforms.
    const social =
      objects.generic &&
      !named &&
      (cueBefore(field, act.from, 0, 'social') ?? cueAfter(field, act.to, 2, 'social')) !== null;
    // "platforms must register or face a shutdown": of what is named, where no network is.
    const faced =
      mood !== 'asserted' &&
      (named || inSentence(field, act.from, 'social') !== null) &&
      inSentence(field, act.from, 'net') === null;
    if ((adjacent || social || faced) && !objects.net) action = 'block';
    else {
      shared.bare = !objects.net && !hasCue(field, act.from, 'net');
      action = 'shutdown';
      shared.net = true;
      shared.carried = false;
      // "no internet and no X": both.
      // "X and the mobile network offline": one list.
      if (!beside(field, act, objects))
        shared.mentions = objects.mentions.filter(
          (m) => m.from - act.to === 1 && cueBefore(field, m.from, 0, 'and') !== null,
        );
    }
  } else if (objects.net && !named && act.cls !== 'delist') action = 'shutdown';
  else if (objects.net && named && nearer(field, act, objects)) {
    action = 'shutdown';
    // \"cuts internet and Twitter\": both, where they stand side by side.
    if (!beside(field, act, objects)) shared.mentions = [];
  } else if (act.cls === 'restrict') action = 'restrict';
  if (action !== 'shutdown') shared.net = action === 'throttle' && objects.net && !named;
  // "restricts X" as a whole is what regulators call a block; a part or a step is named as such.
  if (
    action === 'restrict' &&
    !part &&
    !shared.gradual &&
    (named || objects.generic || objects.carried || access(field, act))
  ) {
    action = 'block';
    rules.push(access(field, act) ? 'limits access' : 'limits the whole');
  }
  // "partly blocked": a limit.
  if (action === 'block' && named && act.cls === 'block' && isPartly(field, act)) {
    action = 'restrict';
    shared.gradual = true;
    rules.push('a part of it');
  }
  const left = setting.aged && (act.cls === 'leave' || actor(field, act) !== null);
  if (!part && action === 'block' && (left || inSentence(field, act.from, 'age') !== null)) {
    action = 'restrict';
    shared.part = true;
    rules.push('an age gate');
  } else if (part && (action === 'block' || action === 'restrict')) {
    action = 'restrict';
    shared.part = true;
    rules.push('one function only');
  }
  // "users say that the network is slow": trouble, not a measure.
  const felt =
    act.cls === 'throttle' &&
    objects.net &&
    field.name !== 'title' &&
    cuesAround(field, act.from).some((c) => c.cls === 'people');
  shared.weak =
    act.cls === 'fail' ||
    (felt && inSentence(field, act.from, 'auth') === null && inSentence(field, act.from, 'monitor') === null);
  shared.down = act.cls === 'down' || shared.weak;
  // "Apple, on the order of Beijing, …" takes off its shelf what another orders.
  if (mood === 'ordered' && act.cls !== 'delist' && !isRuled(field, act) && isOwners(field, act, 'order'))
    return reject('done by its owner itself');
  if (mood === 'threatened') {
    if (isOwners(field, act, 'threat')) return reject('a threat of its owner');
    rules.push('threat');
    return { ...shared, action: 'warn', state: 'warn', threat: true };
  }

  const stays = (mood === 'planned' || mood === 'asserted') && staysAhead(field, act);
  const ahead = (mood === 'planned' && !stays) || mood === 'conditional' || (setting.pending && act.cls === 'block');
  // "the network is cut during exams. X will also be blocked": one decision.
  const joined = field.name !== 'title' && cueBefore(field, act.from, 2, 'also') !== null;
  const future =
    isFuture(field, act, setting) &&
    !stays &&
    mood !== 'ordered' &&
    !setting.ordered &&
    action !== 'shutdown' &&
    !joined;
  if (ahead || future) {
    rules.push(ahead ? mood : 'future');
    // "may make the block permanent": a threat beside what runs.
    const threat = isPart(field, act, 'forever');
    return { ...shared, action: 'warn', state: 'warn', threat };
  }
  rules.push(`${act.cls} asserted`);
  return { ...shared, action, state: 'now' };
}

const isPartly = (field: Field, act: Cue): boolean =>
  cueBefore(field, act.from, 1, 'partly') !== null || cueAfter(field, act.to, 0, 'partly') !== null;

/** "plans to extend the ban": what is planned is that it stays. Not "to extend limits to X". */
function staysAhead(field: Field, act: Cue): boolean {
  if (act.cls === 'restrict' || cueAfter(field, act.to, 0, 'inf') !== null) return false;
  const still =
    cueBefore(field, act.from, 3, 'still') ??
    cuesAround(field, act.from).find((c) => c.cls === 'still' && c.from <= act.from && c.to >= act.to);
  if (still == null) return false;
  return cueBefore(field, still.from, 2, ['modal', 'will']) !== null && inSentence(field, act.from, 'ask') === null;
}

/** The network and a service named in one list. */
function beside(field: Field, act: Cue, { mentions }: Objects): boolean {
  const nets = cuesAround(field, act.from).filter((c) => c.cls === 'net');
  return mentions.some((m) =>
    nets.some((n) => gapTo(n, m) === 1 && cueBefore(field, Math.max(n.from, m.from), 0, 'and') !== null),
  );
}

function nearer(field: Field, act: Cue, objects: Objects): boolean {
  // "networks to block access to X": the network acts, the service is hit.
  if (act.cls !== 'cut' && objects.mentions.some((m) => m.from >= act.to && gapTo(act, m) <= 4)) {
    const behind = cuesAround(field, act.from).some((c) => c.cls === 'net' && c.from >= act.to && gapTo(act, c) <= 4);
    if (!behind) return false;
  }
  const net = Math.min(
    ...cuesAround(field, act.from)
      .filter((c) => c.cls === 'net' && field.prop[c.from] === field.prop[act.from])
      .map((c) => gapTo(act, c)),
  );
  return net < Math.min(...objects.mentions.map((m) => gapTo(act, m)));
}

const isPart = (field: Field, act: Cue, cls: string): boolean => {
  const prop = field.prop[act.from];
  const reach = cls === 'func' ? 4 : 4 * perWord(field.tokens[act.from]!);
  return cuesAround(field, act.from).some(
    (c) =>
      c.cls === cls &&
      field.prop[c.from] === prop &&
      gapTo(act, c) <= reach &&
      !(cls === 'func' && (apart(field, act, c) || isReason(field, c) || isOfKind(field, c) || isNotice(field, c))),
  );
};

/** "with a block page": what stands in the place of the site. */
const isNotice = (field: Field, thing: Cue): boolean =>
  cuesAround(field, thing.from).some((c) => c.cls === 'blockpage' && c.from <= thing.from && c.to >= thing.to);

/** "live-audio chat app X": what kind of app it is, no part of it. */
const isOfKind = (field: Field, thing: Cue): boolean => {
  let end = thing.to;
  while (hasCue(field, end, 'func') && !hasCue(field, end, 'kind')) end++;
  const kind = field.cuesAt[end]?.find((c) => c.cls === 'kind');
  return kind !== undefined && field.mentions.some((m) => m.from === kind.to);
};

/** "… fotoğrafları nedeniyle …": languages that say "because of" behind the reason. */
const isReason = (field: Field, thing: Cue): boolean => cueAfter(field, thing.to, 0, 'afterpost') !== null;

/** "cuts off 26 platforms, not registered in time": what a comma or "because of" parts from the act is no object of it. */
function apart(field: Field, act: Cue, thing: Cue): boolean {
  if (thing.from < act.to) return false;
  if (cueAfter(field, act.to, 0, 'after') !== null) return true;
  for (let i = act.to; i <= thing.from; i++) {
    if (i > act.to && (hasCue(field, i, 'after') || hasCue(field, i, 'about'))) return true;
    if ((field.tokens[i]!.gap & GAP.comma) !== 0 && !field.mentions.some((m) => m.from === i)) return true;
  }
  return false;
}

/** "Calls on X and Y still do not work": the function stands with the names, however far the act. */
const functionOf = (field: Field, act: Cue, mentions: Mention[]): boolean =>
  cuesAround(field, act.from).some(
    (c) =>
      c.cls === 'func' &&
      c.to <= act.from &&
      field.prop[c.from] === field.prop[act.from] &&
      mentions.some((m) => m.to <= act.from && m.from - c.to >= 0 && m.from - c.to <= 1),
  );

const access = (field: Field, act: Cue): boolean => {
  const prop = field.prop[act.from];
  return cuesAround(field, act.from).some(
    (c) => c.cls === 'access' && field.prop[c.from] === prop && gapTo(act, c) <= (c.to <= act.from ? 10 : 4),
  );
};
