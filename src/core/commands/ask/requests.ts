/** What a plain sentence asks to be done. Nothing is changed unless every word of it is understood. Pure; of short texts only. */
import { NETWORK } from '../../model/incident.ts';
import type { CommandName } from '../../ports/translate.ts';
import { clocksIn, isTimeWord } from '../moments.ts';
import { DAILY, WEEKLY } from '../setting-names.ts';
import { keyOf, type Target } from '../target-names.ts';
import { ALL } from '../targets.ts';
import { untilWhat } from '../times.ts';
import { zoneAmong } from '../zones.ts';
import type { Asked } from './asked.ts';
import { headsOf } from './endings.ts';
import { NOISE_SIGNS } from './lists.ts';
import { isState } from './names.ts';
import { noise } from './noise.ts';
import type { Found } from './scan.ts';
import {
  ABSENCE_VERBS,
  CONDITION_ENDINGS,
  CONDITIONS,
  FOREVER,
  LIMITS,
  PLAIN_VERBS,
  polite,
  TARGET_VERBS,
  TIMED_VERBS,
  ZONE_VERBS,
} from './verbs.ts';

/** A request is short; whatever is longer is told, not asked. */
const MAX_REQUEST = 16;
const MAX_BEFORE = 6;
const MAX_STRANGE = 2;
/** Manners after a verb that ends the sentence. */
const MAX_AFTER = 3;

type Kind = 'targets' | 'plain' | 'timed' | 'zone';

/** One form of a verb: what the sentence begins with, what comes later in it or ends it. */
interface Form {
  name: CommandName;
  /** What is typed after the command's name. */
  args: string;
  kind: Kind;
  head: string;
  tail: string;
  /** "No more …": may be said of what is cut off, too. */
  absence: boolean;
}

const limits: ReadonlySet<string> = new Set(LIMITS.split(' ').map(keyOf));

const forever: ReadonlySet<string> = new Set(FOREVER.split(' ').map(keyOf));

const formsOf = (table: Readonly<Record<string, string>>, kind: Kind, absence = false): Form[] =>
  Object.entries(table).flatMap(([command, written]) => {
    const [name = '', ...args] = command.split(' ');
    return written.split('|').map((form) => {
      const [head = '', tail = ''] = form.includes('…') ? form.split('…').map(keyOf) : [keyOf(form)];
      return { name: name as CommandName, args: args.join(' '), kind, head, tail, absence };
    });
  });

/** Longest first: "stop" after "stop telling". */
const forms: readonly Form[] = [
  ...formsOf(TARGET_VERBS, 'targets'),
  ...formsOf({ unsubscribe: ABSENCE_VERBS }, 'targets', true),
  ...formsOf(PLAIN_VERBS, 'plain'),
  ...formsOf(TIMED_VERBS, 'timed'),
  ...formsOf(ZONE_VERBS, 'zone'),
].sort((a, b) => b.head.length + b.tail.length - (a.head.length + a.tail.length));

/** Words of all forms of a command; signs of Chinese stand together. */
const wordsOf = new Map<string, ReadonlySet<string>>();
const commandOf = ({ name, args }: Form): string => `${name} ${args}`;
for (const form of forms) {
  const known = wordsOf.get(commandOf(form)) ?? new Set();
  wordsOf.set(commandOf(form), new Set([...known, ...`${form.head} ${form.tail}`.split(' ')]));
}

const anyVerb: ReadonlySet<string> = new Set([...wordsOf.values()].flatMap((known) => [...known]));
const conditions: ReadonlySet<string> = new Set(CONDITIONS.split(' ').map(keyOf));

const ENDING: ReadonlySet<string> = new Set(['mute', 'unsubscribe']);
const HAN = /^\p{Script=Han}/u;
const ASKING = /[?؟？]\s*$/u;

interface Matched {
  form: Form;
  /** The word after the beginning of the verb. */
  to: number;
}

/** `text`: as written; `time`: of it, as `mute` takes it. */
export function requestOf(text: string, found: Found, time: string): Asked | null {
  const { words } = found;
  if (words.length === 0 || words.length > MAX_REQUEST) return null;
  const matched = verbOf(words, ASKING.test(text));
  if (!matched) return null;
  const { form, to } = matched;
  const hours = clocksIn(text);
  if (!isUnderstood(found, form, hours) || isLimited(found, form)) return null;
  // "Stop blocking Telegram": said to somebody else.
  if (form.name === 'unsubscribe' && isState(words[to] ?? '')) return null;
  if (form.absence && isLack(found, text)) return null;
  if (form.kind === 'plain') return isNothing(found) ? command(form.name, form.args) : null;
  if (form.kind === 'timed') return isNothing(found) ? timed(form, text, words) : null;
  // "Do not disturb me from 23 to 7" is meant for every night.
  if (ENDING.has(form.name) && hours.length === 2 && isNothing(found))
    return command('settings', `quiet ${hours.map(shown).join('-')}`);
  if (form.kind === 'zone') return found.services.length > 0 ? null : command('timezone', zoneAmong(text, words) ?? '');
  return targetsOf(form, found, time, text);
}

const isNothing = ({ services, countries, doubts, hosts }: Found): boolean =>
  services.length + countries.length + doubts.length + hosts.length === 0;

/** "No more internet in Iran", "plus de WhatsApp en Russie": what people lack, not what they do not want to hear. */
const isLack = ({ services, countries }: Found, text: string): boolean =>
  services.includes(NETWORK) || ASKING.test(text) || (services.length > 0 && countries.length > 0);

const command = (name: CommandName, args: string): Asked => ({ kind: 'command', name, args, open: false, sure: true });

/** No word of it is strange to this command. */
function isUnderstood(found: Found, form: Form, hours: readonly number[]): boolean {
  const { rest, words, places } = found;
  const own = wordsOf.get(commandOf(form))!;
  const isSaid = (word: string): boolean => own.has(word) || polite.has(word) || isState(word) || noise.has(word);
  const isOwn = (word: string): boolean =>
    isSaid(word) || [...headsOf(word)].some(isSaid) || (HAN.test(word) && isOwnHan(word, form));
  const isClock = (word: string): boolean => hours.length === 2 && /^\d/u.test(word) && isNothing(found);
  const strange = rest.filter((word) => !isOwn(word) && !isClock(word));
  if (form.kind === 'targets') return strange.length === 0 || isCondition(found, form, strange.length);
  if (form.kind === 'zone') return words.length <= 10 && places.length <= 1;
  if (form.kind === 'plain') return strange.length === 0;
  return strange.every((word) => isTimeWord(word) || isRhythm(word) || anyVerb.has(word) || HAN.test(word));
}

/** "Ping me when Signal dies in Russia": what is to happen may be said in words that nobody has listed, where what is meant is named. */
const isCondition = ({ words, services }: Found, { name }: Form, strange: number): boolean =>
  name === 'subscribe' &&
  services.length > 0 &&
  strange <= MAX_STRANGE &&
  words.some((word) => conditions.has(word) || CONDITION_ENDINGS.test(word));

/** "Everything except Russia", "only about Iran", "every Monday": more than a verb and names, so it is not understood. */
function isLimited({ words }: Found, form: Form): boolean {
  const own = `${form.head} ${form.tail}`.split(' ');
  return form.kind === 'targets' && words.some((word) => limits.has(word) && !own.includes(word));
}

/** Chinese writes verb and manners in one run of signs. */
function isOwnHan(run: string, { name, args }: Form): boolean {
  let left = run;
  for (const form of forms)
    if (form.name === name && form.args === args)
      for (const part of [form.head, form.tail])
        if (HAN.test(part)) for (const piece of part.split(' ')) left = left.replace(piece, ' ');
  return left.split(' ').every((part) => part === '' || NOISE_SIGNS.test(part) || isState(part));
}

function verbOf(words: readonly string[], asking: boolean): Matched | null {
  let from = 0;
  while (from < Math.min(MAX_BEFORE, words.length - 1) && polite.has(words[from]!)) from++;
  let to = words.length;
  while (to > Math.max(1, words.length - MAX_AFTER) && (polite.has(words[to - 1]!) || noise.has(words[to - 1]!))) to--;
  const said = words.join(' ');
  const ends = [said, words.slice(0, to).join(' ')];
  const starts = [...new Set([0, from])].map((at) => ({ at, said: `${words.slice(at).join(' ')} ` }));
  for (const form of forms) {
    const start =
      form.head === ''
        ? starts[0]!
        : (starts.find((one) => beginsWith(one.said, form.head)) ?? somewhere(form, starts[0]!));
    if (!start) continue;
    const length = form.head === '' ? 0 : form.head.split(' ').length;
    const after = start.said.slice(form.head.length);
    const fits =
      form.tail === '' ||
      (form.head === ''
        ? isEnd(ends, form) && !(asking && form.name !== 'subscribe')
        : ` ${after}`.includes(HAN.test(form.tail) ? form.tail : ` ${form.tail} `));
    if (fits) return { form, to: form.head === '' ? words.length : start.at + length };
  }
  return null;
}

/** A verb of two words is one wherever it stands: "youtube için abone ol rusya". */
const isEnd = (ends: readonly string[], { name, tail }: Form): boolean =>
  ends.some((end) => endsWith(end, tail)) ||
  (name === 'subscribe' && tail.includes(' ') && ` ${ends[0]} `.includes(` ${tail} `));

/** What is asked for regularly may stand anywhere: "write me a digest once a week". */
const somewhere = <T extends { said: string }>({ kind, head }: Form, start: T): T | undefined =>
  kind === 'timed' &&
  head.length >= (HAN.test(head) ? 2 : 4) &&
  ` ${start.said}`.includes(HAN.test(head) ? head : ` ${head} `)
    ? start
    : undefined;

const beginsWith = (said: string, head: string): boolean =>
  said.startsWith(`${head} `) || (HAN.test(head) && said.replace(/^[请你我就]+/u, '').startsWith(head));
const endsWith = (said: string, tail: string): boolean =>
  HAN.test(tail) ? said.endsWith(tail) : said.endsWith(` ${tail}`) || said === tail;

function targetsOf(form: Form, found: Found, time: string, text: string): Asked | null {
  // Nothing is followed for some hours, and a word that is passed over may be the one that matters.
  if (form.name === 'subscribe' && time !== '') return null;
  // "Do not write to me until the morning" is no end.
  const name = form.name === 'unsubscribe' && time !== '' ? 'mute' : form.name;
  if (found.hosts.length > 0) return { kind: 'host', host: found.hosts[0]! };
  if (found.doubts.length > 0) return whichOf(name, found);
  if (name === 'history') return command(name, [...targets(found), ...daysOf(time)].join(' '));
  // A region stands for its country, which is more than was asked for: not before that is confirmed.
  if (found.regions.length > 0) return whichOf(name, wholeCountries(found));
  // A guess changes nothing before it is confirmed.
  if (found.guesses.length > 0) return whichOf(name, confirmable(found));
  const what = targets(found);
  const isAll = name === 'mute' || name === 'unmute' || found.words.some((word) => ALL.has(word));
  if (isAll && what.length === 0) what.push('all');
  // "Until yesterday" is no time: `mute` says so.
  const until =
    name === 'mute' && time === '' ? (untilWhat(text) ?? found.words.find((word) => forever.has(word))) : null;
  if (name === 'mute' && (time !== '' || until)) what.push(time === '' ? `until ${until}` : time);
  return command(name, what.join(' '));
}

const targets = ({ countries, services }: Found): string[] => [...countries, ...services];

/** "For 7d": the last seven days. */
const daysOf = (time: string): string[] => /^for (\d+)d$/u.exec(time)?.slice(1, 2) ?? [];

const isRhythm = (word: string): boolean => WEEKLY.has(word) || DAILY.has(word);

const two = (n: number): string => String(n).padStart(2, '0');
const shown = (time: number): string => `${two(Math.floor(time / 60))}:${two(time % 60)}`;

/** "A digest every day at 9", "quiet hours from 23 to 8". */
function timed({ name, args }: Form, text: string, words: readonly string[]): Asked {
  const clocks = clocksIn(text).map(shown);
  if (args === 'quiet') return command(name, clocks.length === 2 ? `quiet ${clocks.join('-')}` : 'quiet');
  const isWeekly = words.some((word) => WEEKLY.has(word) || (HAN.test(word) && /每周|每星期/u.test(word)));
  const isDaily = words.some((word) => DAILY.has(word) || (HAN.test(word) && /每[天日]/u.test(word)));
  if (!isWeekly && !isDaily && clocks.length === 0) return command(name, args);
  return command(name, [args, isWeekly ? 'weekly' : 'daily', ...clocks.slice(0, 1)].join(' '));
}

export const whichOf = (name: CommandName, { countries, services, doubts }: Found): Asked => ({
  kind: 'which',
  name,
  parsed: {
    countries,
    services,
    all: 0,
    problems: doubts.slice(0, 1).map(({ word, options }) => ({ word, ambiguous: options.length > 1, options })),
  },
});

/** Regions, as a question about their countries. */
const wholeCountries = ({ countries, regions, ...found }: Found): Found => ({
  ...found,
  regions,
  countries: countries.filter((id) => !regions.some((region) => region.startsWith(id))),
  doubts: regions.map((id) => ({ word: id, options: [{ kind: 'region', id } satisfies Target] })),
});

/** What was guessed, as a question. */
function confirmable({ countries, services, guesses, ...found }: Found): Found {
  const isGuessed = (id: string): boolean => guesses.some(({ options }) => options.some((one) => one.id === id));
  return {
    ...found,
    countries: countries.filter((id) => !isGuessed(id)),
    services: services.filter((id) => !isGuessed(id)),
    guesses,
    doubts: guesses,
  };
}
