import type { Action } from '../model/action.ts';
import type { Cue, Field, Mention } from './read.ts';
import { cueAfter, cueBefore, cuesAround, mentionsAround } from './read.ts';
import type { Habits, Mood, Time } from './scope.ts';
import { inSentence, isFuture, moodOf, timeOf } from './scope.ts';
import { GAP } from './tokens.ts';

/** What one act in one proposition says about its objects. */
export interface Fact {
  action: Action;
  /** `now`: in force or done. `warn`: only ahead. `held`: a lift that has not come: what was in force still is. */
  state: 'now' | 'warn' | 'held';
  time: Time;
  mentions: Mention[];
  /** The network itself. */
  net: boolean;
  /** Platforms or sites that nobody names. */
  generic: boolean;
  /** Nothing was named here; the objects come from the text before. */
  carried: boolean;
  /** Only broken access is told; who broke it is not. */
  down: boolean;
  /** Only trouble is told: complaints, disruptions, an outage. */
  weak: boolean;
  /** One function of a service. */
  part: boolean;
  threat: boolean;
  /** Step by step, more of the same: a limit that is no full stop yet. */
  gradual: boolean;
  field: Field;
  act: Cue;
  rules: string[];
}

export interface Rejected {
  field: Field;
  from: number;
  to: number;
  as: string;
  why: string;
}

/** A text that tells more than this tells nothing. */
const MAX_ACTS = 150;
/** How far from the act platforms that nobody names may stand: "returns the items … get our app" is no return of an app. */
const MAX_REACH = 6;
const ACTS = new Set([
  'block',
  'restrict',
  'throttle',
  'shutdown',
  'cut',
  'down',
  'fail',
  'unblock',
  'delist',
  'legal',
  'ban',
]);
/** Sentences that hold one of these speak of something else (each a class of config/lexicon). */
const ASIDE = [
  'device',
  'parental',
  'adblock',
  'feature',
  'competition',
  'lawblock',
  'broadcast',
  'vpnad',
  'company',
] as const;

export interface Setting extends Habits {
  /** The text speaks of orders, decrees, letters to providers: "will be blocked" then tells a decision. */
  ordered: boolean;
  /** It speaks of age checks and minors. */
  aged: boolean;
}

export function factsOf(field: Field, setting: Setting, rejected: Rejected[]): Fact[] {
  const facts: Fact[] = [];
  const used = new Set<Cue>();
  const unblocks = lifts(field, used);
  let count = 0;
  for (const act of field.cues) {
    if (!ACTS.has(act.cls) || used.has(act)) continue;
    if (++count > MAX_ACTS) break;
    const lifted = unblocks.get(act);
    const fact = readAct(field, act, lifted, setting, rejected);
    if (fact !== null) facts.push(fact);
  }
  return facts;
}

/** "lifts" makes the nearest "ban" of its proposition an unblock: ban cue → lift cue. */
function lifts(field: Field, used: Set<Cue>): Map<Cue, Cue> {
  const out = new Map<Cue, Cue>();
  for (const lift of field.cues) {
    if (lift.cls !== 'lift') continue;
    let best: Cue | null = null;
    let least = 9;
    for (const cue of cuesAround(field, lift.from)) {
      if (!['block', 'restrict', 'shutdown', 'cut', 'throttle', 'ban'].includes(cue.cls) || used.has(cue)) continue;
      if (field.prop[cue.from] !== field.prop[lift.from]) continue;
      // "suspends the ban": the lifting word itself is no cut.
      if (cue.cls === 'cut' && cue.from >= lift.from && cue.to <= lift.to) {
        used.add(cue);
        continue;
      }
      const distance = gapTo(lift, cue);
      if (distance >= 0 && distance < least) {
        least = distance;
        best = cue;
      }
    }
    if (best !== null && !out.has(best)) out.set(best, lift);
  }
  return out;
}

function readAct(field: Field, act: Cue, lift: Cue | undefined, setting: Setting, rejected: Rejected[]): Fact | null {
  const reject = (why: string): null => {
    rejected.push({ field, from: act.from, to: act.to, as: act.cls, why });
    return null;
  };
  for (const cls of ASIDE) {
    if (inSentence(field, act.from, cls) === null) continue;
    // A channel taken off the air is television; a messenger beside it is not.
    if ((cls === 'broadcast' || cls === 'feature') && namesApp(field, act)) continue;
    return reject(`speaks of something else: ${cls}`);
  }
  if (isDisclaimer(field, act)) return reject('legal disclaimer');
  const rules: string[] = [];
  const objects = objectsOf(field, act);
  if (cueBefore(field, act.from, 3, 'account') !== null || cueAfter(field, act.to, 3, 'account') !== null) {
    return reject('an account, not the public');
  }
  const distance = objects.nearest;
  const reach = objects.carried ? 2 : 3;
  const other = cueAfter(field, act.to, reach, 'other') ?? cueBefore(field, act.from, reach, 'other');
  if (
    act.cls !== 'legal' &&
    other !== null &&
    gapTo(act, other) < distance &&
    field.prop[other.from] === field.prop[act.from]
  )
    return reject('another object');
  const subject = actor(field, act);
  if (subject !== null && inSentence(field, act.from, 'order') === null && !setting.aged) {
    return reject(`done by ${subject} itself`);
  }
  const time = timeOf(field, act);
  const mood = moodOf(field, lift ?? act, setting, lift !== undefined || act.cls === 'unblock');
  if (mood === 'denied') return reject('denied');
  const asked = field.name === 'title' && field.sentences[field.sentence[act.from]!]!.question;
  if (asked || mood === 'asked') {
    if (lift === undefined && act.cls !== 'unblock') return reject('asked');
    if (asked && mood === 'asserted') return reject('asked');
  }
  if (lift !== undefined || act.cls === 'unblock')
    return unblockFact(field, act, lift, objects, mood, time, setting, reject, rules);
  if (mood === 'negated') return reject('negated');
  if (mood === 'appeal') return reject('an appeal');
  return cutFact(field, act, objects, mood, time, setting, reject, rules);
}

interface Objects {
  mentions: Mention[];
  net: boolean;
  generic: boolean;
  carried: boolean;
  nearest: number;
}

const joined = (field: Field, a: Cue, b: Cue): boolean => {
  const [left, right] = a.from < b.from ? [a, b] : [b, a];
  return right.from - left.to === 1 && cueBefore(field, right.from, 0, 'and') !== null;
};

const gapTo = (a: Cue, b: { from: number; to: number }): number =>
  b.from >= a.to ? b.from - a.to : a.from >= b.to ? a.from - b.to : 0;

function objectsOf(field: Field, act: Cue): Objects {
  const prop = field.prop[act.from];
  // "slowing and blocking of X": acts joined by "and" share their object.
  const rivals = cuesAround(field, act.from).filter(
    (c) => c !== act && ACTS.has(c.cls) && field.prop[c.from] === prop && !joined(field, act, c),
  );
  const mentions: Mention[] = [];
  let nearest = 99;
  let named = false;
  for (const m of mentionsAround(field, act.from)) {
    if (field.prop[m.from] !== prop) continue;
    if (m.role !== null || (m.id === 'vpn' && !isDirect(field, act, m)) || isAside(field, act, m)) continue;
    named = true;
    const mine = gapTo(act, m);
    if (rivals.some((r) => gapTo(r, m) < mine)) continue;
    mentions.push(m);
    nearest = Math.min(nearest, mine);
  }
  let net = false;
  let generic = false;
  let nearestNet = 99;
  let nearestGeneric = 99;
  for (const cue of cuesAround(field, act.from)) {
    if (field.prop[cue.from] !== prop) continue;
    const mine = gapTo(act, cue);
    if (cue.cls === 'net' && !rivals.some((r) => gapTo(r, cue) < mine)) {
      net = true;
      nearestNet = Math.min(nearestNet, mine);
      if (mentions.length === 0 || mine <= 3) nearest = Math.min(nearest, mine);
      if (mentions.length > 0 && mine > nearest + 2) net = false;
    } else if (cue.cls === 'social' && mine <= MAX_REACH && !rivals.some((r) => gapTo(r, cue) < mine)) {
      generic = true;
      nearestGeneric = Math.min(nearestGeneric, mine);
      nearest = Math.min(nearest, mine);
    }
  }
  // A ban on "networks and internet services" is about platforms.
  if (generic && net && nearestGeneric <= nearestNet && (act.cls === 'block' || act.cls === 'restrict')) net = false;
  return { mentions, net, generic, carried: !named && !net && !generic, nearest };
}

/** VPNs are what people turn to; they are the target only when the act names them and nothing else. */
function isDirect(field: Field, act: Cue, vpn: Mention): boolean {
  if (act.cls === 'down' || act.cls === 'fail' || act.cls === 'unblock' || act.cls === 'cut' || gapTo(act, vpn) > 4)
    return false;
  return !mentionsAround(field, act.from).some(
    (m) =>
      m !== vpn &&
      m.role === null &&
      m.category !== 'vpn' &&
      !isAside(field, act, m) &&
      field.prop[m.from] === field.prop[act.from] &&
      gapTo(act, m) <= gapTo(act, vpn),
  );
}

/** The store that something is taken from, and what is only named behind "after": no objects of this act. */
function isAside(field: Field, act: Cue, m: Mention): boolean {
  if (act.cls === 'delist' && (m.category === 'app-store' || (m.category === 'search' && m.from < act.from)))
    return true;
  if (m.from < act.to) return false;
  return cuesAround(field, act.from).some(
    (c) => c.cls === 'after' && c.from >= act.to && c.to <= m.from && field.prop[c.from] === field.prop[act.from],
  );
}

/** A service or its owner right before an active verb does it itself: "Google blocks ads". */
function actor(field: Field, act: Cue): string | null {
  const to = act.cls === 'unblock' ? null : cueBefore(field, act.from, 0, 'inf');
  if (to !== null && field.tokens[to.to - 1]!.w !== 'be') {
    const asked = mentionsAround(field, act.from).find((m) => m.to === to.from && m.category !== 'media');
    if (asked !== undefined) return asked.id;
  }
  if (!field.cuesAt[act.from]!.some((c) => c.cls === 'active') && cueBefore(field, act.from + 1, 1, 'active') === null)
    return null;
  const owner = cueBefore(field, act.from, 1, 'owner');
  if (owner !== null && field.tokens[act.from]!.gap === GAP.space) return 'its owner';
  const service = mentionsAround(field, act.from).find((m) => m.to === act.from && m.category !== 'media');
  return service === undefined ? null : service.id;
}

const namesApp = (field: Field, act: Cue): boolean =>
  mentionsAround(field, act.from).some(
    (m) => m.role === null && m.category !== 'media' && field.prop[m.from] === field.prop[act.from],
  );

function isDisclaimer(field: Field, act: Cue): boolean {
  for (const cue of cuesAround(field, act.from))
    if (cue.cls === 'disclaimer' && field.prop[cue.from] === field.prop[act.from]) return true;
  return false;
}

function base(field: Field, act: Cue, objects: Objects, time: Time, rules: string[]): Omit<Fact, 'action' | 'state'> {
  const { mentions, net, generic, carried } = objects;
  return {
    time,
    mentions,
    net,
    generic,
    carried,
    down: false,
    weak: false,
    part: false,
    gradual: false,
    threat: false,
    field,
    act,
    rules,
  };
}

function unblockFact(
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
  const future = isFuture(field, lift ?? act, setting) && inSentence(field, act.from, 'timed') === null;
  if (mood !== 'asserted' || future) {
    rules.push(`a lift that has not come (${future ? 'future' : mood}): still in force`);
    return { ...shared, action: objects.net && objects.mentions.length === 0 ? 'shutdown' : 'block', state: 'held' };
  }
  rules.push(lift === undefined ? 'access is back' : 'a ban is lifted');
  return { ...shared, action: 'unblock', state: 'now' };
}

function cutFact(
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
    if (mood !== 'asserted' && mood !== 'ordered' && mood !== 'threatened') return reject(mood);
    rules.push('a label, fine or bill');
    return { ...shared, action: 'warn', state: 'warn' };
  }
  const part = isPart(field, act, 'func');
  shared.gradual = isPart(field, act, 'partial');
  let action: Action = 'block';
  if (act.cls === 'throttle') action = 'throttle';
  else if (act.cls === 'shutdown') {
    const adjacent = objects.mentions.some((m) => gapTo(act, m) <= 1);
    if (adjacent && !objects.net) action = 'block';
    else {
      action = 'shutdown';
      shared.net = true;
      shared.carried = false;
      shared.mentions = [];
    }
  } else if (objects.net && !named && act.cls !== 'delist') action = 'shutdown';
  else if (objects.net && named && nearer(field, act, objects)) {
    action = 'shutdown';
    shared.mentions = [];
  } else if (act.cls === 'restrict') action = 'restrict';
  if (action !== 'shutdown') shared.net = action === 'throttle' && objects.net && !named;
  if (action === 'restrict' && !part && !shared.gradual && access(field, act)) {
    action = 'block';
    rules.push('limits access to the whole');
  }
  const left = setting.aged && actor(field, act) !== null;
  if (!part && action === 'block' && (left || inSentence(field, act.from, 'age') !== null)) {
    action = 'restrict';
    shared.part = true;
    rules.push('an age gate');
  } else if (part && (action === 'block' || action === 'restrict')) {
    action = 'restrict';
    shared.part = true;
    rules.push('one function only');
  }
  shared.weak = act.cls === 'fail';
  shared.down = act.cls === 'down' || shared.weak;
  if (mood === 'threatened') {
    rules.push('threat');
    return { ...shared, action: 'warn', state: 'warn', threat: true };
  }

  const ahead = mood === 'planned' || mood === 'conditional';
  const future = isFuture(field, act, setting) && mood !== 'ordered' && !setting.ordered && action !== 'shutdown';
  if (ahead || future) {
    rules.push(ahead ? mood : 'future');
    return { ...shared, action: 'warn', state: 'warn' };
  }
  rules.push(`${act.cls} asserted`);
  return { ...shared, action, state: 'now' };
}

function nearer(field: Field, act: Cue, objects: Objects): boolean {
  const net = Math.min(
    ...cuesAround(field, act.from)
      .filter((c) => c.cls === 'net' && field.prop[c.from] === field.prop[act.from])
      .map((c) => gapTo(act, c)),
  );
  return net < Math.min(...objects.mentions.map((m) => gapTo(act, m)));
}

const isPart = (field: Field, act: Cue, cls: string): boolean => {
  const prop = field.prop[act.from];
  return cuesAround(field, act.from).some((c) => c.cls === cls && field.prop[c.from] === prop && gapTo(act, c) <= 4);
};

const access = (field: Field, act: Cue): boolean => {
  const prop = field.prop[act.from];
  return cuesAround(field, act.from).some(
    (c) => c.cls === 'access' && field.prop[c.from] === prop && gapTo(act, c) <= (c.to <= act.from ? 10 : 4),
  );
};
