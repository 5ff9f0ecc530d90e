import type { Catalogue } from '../../model/catalogue.ts';
import { NETWORK } from '../../model/incident.ts';
import { UNREAD } from '../../ports/chat-adapter.ts';
import type { Likely, Ranked } from '../../ports/encoder.ts';
import type { Gazetteer, ServiceHosts } from '../../ports/reading.ts';
import type { CommandName, PhraseKey } from '../../ports/translate.ts';
import { onceForEach } from '../../recent.ts';
import { type Command, splitYes } from '../command.ts';
import { INTENTS, WANTED, wholeOf } from './intents.ts';
import { createNames, ENDING, type Found, type Names, scan } from './scan.ts';
import { type Target, matchersOf, type ParsedTargets, type TargetIndex, takeNetworks } from './targets.ts';
import { badTime, clocksIn, clockText, findTime, isTimeWord, nightOf, untilWhat, withoutTime } from './times.ts';
import { type Form, keyOf, saysAny, type Vocabulary } from './vocabulary.ts';
import { zoneAmong } from './zones.ts';

/** "In English please": which language a sentence asks for. Pure; of short texts only. */

/** "Speak Russian", "in English please". Languages are called as people are, so a country may have been heard as well ("Russian"). */
function languageAsked(found: Found, known: Vocabulary): Asked | null {
  const { words, rest, countries, services, hosts, doubts } = found;
  if (words.length > 7 || countries.length > 1 || services.length + hosts.length + doubts.length > 0) return null;
  const code = languageNamed(words, known) ?? known.languages.get(words.join(''));
  const isBeside = (word: string): boolean => known.besideLanguage.has(word) || languageOf(word, known) !== undefined;
  const other = rest.filter((word) => !isBeside(word) && !known.polite.has(word));
  if (code === undefined || other.length > 0 || words.some((word) => known.isState(word) && !isBeside(word)))
    return null;
  return command('language', code);
}

/** Chinese is written without spaces: "请说中文". */
const languageOf = (word: string, { languages, besideLanguageSigns }: Vocabulary): string | undefined =>
  languages.get(word) ?? languages.get(word.replace(besideLanguageSigns, ''));

/** What a plain sentence asks to be done. Nothing is changed unless every word of it is understood. Pure; of short texts only. */

/** A request is short; whatever is longer is told, not asked. */
const MAX_REQUEST = 16;
const MAX_BEFORE = 6;
const MAX_STRANGE = 2;
/** Manners after a verb that ends the sentence. */
const MAX_AFTER = 3;

const HAN = /^\p{Script=Han}/u;
const SENTENCE = /\p{Script=Han}{3}/u;
const ASKING = /[?؟？]\s*$/u;

/** `text`: as written; `time`: of it, as `mute` takes it. */
function requestOf(text: string, found: Found, time: string, known: Vocabulary): Asked | null {
  const { words } = found;
  if (words.length === 0 || words.length > MAX_REQUEST) return null;
  const matched = verbOf(words, ASKING.test(text), known);
  if (!matched) return null;
  const { form, to } = matched;
  const hours = clocksIn(text, known);
  if (!isUnderstood(found, form, hours, known) || isLimited(found, form, known)) return null;
  // "Stop blocking Telegram": said to somebody else.
  if (form.name === 'unsubscribe' && known.isState(words[to] ?? '')) return null;
  if (form.absence && isLack(found, text)) return null;
  if (form.kind === 'plain') return isNothing(found) ? command(form.name, form.args) : null;
  if (form.kind === 'timed') return isNothing(found) ? timed(form, text, words, known) : null;
  // "Do not disturb me from 23 to 7" is meant for every night.
  if ((ENDING.has(form.name) || form.kind === 'zone') && hours.length === 2 && isNothing(found))
    return command('settings', `quiet ${nightOf(clockText(hours[0]!), clockText(hours[1]!)).join('-')}`);
  if (form.kind === 'zone')
    return found.services.length > 0 ? null : command('timezone', zoneAmong(text, words, known) ?? '');
  return targetsOf(form, found, time, text, known);
}

const isNothing = ({ services, countries, doubts, hosts }: Found): boolean =>
  services.length + countries.length + doubts.length + hosts.length === 0;

/** "No more internet in Iran", "plus de WhatsApp en Russie": what people lack, not what they do not want to hear. */
const isLack = ({ services, countries }: Found, text: string): boolean =>
  services.includes(NETWORK) || ASKING.test(text) || (services.length > 0 && countries.length > 0);

const command = (
  name: CommandName,
  args: string,
  { open = false, sure = true, strange = null as string | null } = {},
): Asked => ({ kind: 'command', name, args, open, sure, strange });

/** No word of it is strange to this command. */
function isUnderstood(found: Found, form: Form, hours: readonly number[], known: Vocabulary): boolean {
  const { rest, words, places } = found;
  const { polite, noise, isState, headsOf } = known;
  const isSaid = (word: string): boolean => form.own.has(word) || polite.has(word) || isState(word) || noise.has(word);
  const isOwn = (word: string): boolean =>
    isSaid(word) || [...headsOf(word)].some(isSaid) || (HAN.test(word) && isOwnHan(word, form, known));
  const isClock = (word: string): boolean => hours.length === 2 && /^\d/u.test(word) && isNothing(found);
  const strange = rest.filter((word) => !isOwn(word) && !isClock(word));
  if (form.kind === 'targets') return strange.length === 0 || isCondition(found, form, strange.length, known);
  if (form.kind === 'zone') return words.length <= 10 && places.length <= 1;
  if (form.kind === 'plain') return strange.length === 0;
  const isVerb = (word: string): boolean => known.forms.some(({ own }) => own.has(word));
  return strange.every(
    (word) =>
      isTimeWord(word, known) || known.weekly.has(word) || known.daily.has(word) || HAN.test(word) || isVerb(word),
  );
}

/** "Ping me when Signal dies in Russia": what is to happen may be said in words that nobody has listed, where what is meant is named. */
const isCondition = (
  { words, services }: Found,
  { name }: Form,
  strange: number,
  { conditions, conditionEndings }: Vocabulary,
): boolean =>
  name === 'subscribe' &&
  services.length > 0 &&
  strange <= MAX_STRANGE &&
  words.some((word) => conditions.has(word) || conditionEndings.test(word));

/** "Everything except Russia", "only about Iran", "every Monday": more than a verb and names, so it is not understood. */
function isLimited({ words }: Found, form: Form, { limits }: Vocabulary): boolean {
  const own = `${form.head} ${form.tail}`.split(' ');
  return form.kind === 'targets' && words.some((word) => limits.has(word) && !own.includes(word));
}

/** Chinese writes verb and manners in one run of signs. */
function isOwnHan(run: string, { own }: Form, { forms, isState, noiseSigns }: Vocabulary): boolean {
  let left = run;
  for (const form of forms)
    if (form.own === own)
      for (const part of [form.head, form.tail])
        if (HAN.test(part)) for (const piece of part.split(' ')) left = left.replace(piece, ' ');
  return left.split(' ').every((part) => part === '' || noiseSigns.test(part) || isState(part));
}

/** `to`: the word after the beginning of the verb. */
function verbOf(words: readonly string[], asking: boolean, known: Vocabulary): { form: Form; to: number } | null {
  const { polite, noise, forms } = known;
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
        : (starts.find((one) => beginsWith(one.said, form.head, known)) ?? somewhere(form, starts[0]!));
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

const beginsWith = (said: string, head: string, { politeSigns }: Vocabulary): boolean =>
  said.startsWith(`${head} `) || (HAN.test(head) && said.replace(politeSigns, '').startsWith(head));
const endsWith = (said: string, tail: string): boolean =>
  HAN.test(tail) ? said.endsWith(tail) : said.endsWith(` ${tail}`) || said === tail;

function targetsOf(form: Form, found: Found, time: string, text: string, known: Vocabulary): Asked | null {
  // Nothing is followed for some hours, and a word that is passed over may be the one that matters.
  if (form.name === 'subscribe' && time !== '') return null;
  // "Do not write to me until the morning" is no end.
  const name = form.name === 'unsubscribe' && time !== '' ? 'mute' : form.name;
  if (found.hosts.length > 0) return { kind: 'host', host: found.hosts[0]! };
  if (found.doubts.length > 0) return whichOf(name, found);
  if (name === 'history') return command(name, [...targets(found), ...daysOf(time)].join(' '));
  const { countries, services, regions, guesses } = found;
  // A region stands for its country, which is more than was asked for: not before that is confirmed.
  if (regions.length > 0) {
    const doubts = regions.map((id) => ({
      word: found.places.find(({ ids }) => ids.includes(id))?.word ?? id,
      options: [{ kind: 'region', id } satisfies Target],
    }));
    const others = countries.filter((id) => !regions.some((region) => region.startsWith(id)));
    return whichOf(name, { countries: others, services, doubts });
  }
  // A guess changes nothing before it is confirmed.
  if (guesses.length > 0) {
    const guessed = guesses.flatMap(({ options }) => options.map(({ id }) => id));
    const sure = (ids: readonly string[]): string[] => ids.filter((id) => !guessed.includes(id));
    return whichOf(name, { countries: sure(countries), services: sure(services), doubts: guesses });
  }
  const what = targets(found);
  const isAll = name === 'mute' || name === 'unmute' || found.words.some((word) => known.all.has(word));
  if (isAll && what.length === 0) what.push('all');
  // "Until yesterday" is no time: `mute` says so.
  const until =
    name === 'mute' && time === ''
      ? (untilWhat(text, known) ?? found.words.find((word) => known.list('forever').has(word)))
      : null;
  if (name === 'mute' && time === '' && !until && isTonight(text, known)) what.push(MORNING);
  if (name === 'mute' && (time !== '' || until)) what.push(time === '' ? `until ${until}` : time);
  return command(name, what.join(' '));
}

const targets = ({ countries, services }: Found): string[] => [...countries, ...services];

/** "For 7d": the last seven days. */
const daysOf = (time: string): string[] => /^for (\d+)d$/u.exec(time)?.slice(1, 2) ?? [];

/** "A digest every day at 9", "quiet hours from 23 to 8". */
function timed({ name, args }: Form, text: string, words: readonly string[], known: Vocabulary): Asked {
  const clocks = clocksIn(text, known).map(clockText);
  if (args === 'quiet')
    return command(name, clocks.length === 2 ? `quiet ${nightOf(clocks[0]!, clocks[1]).join('-')}` : 'quiet');
  const isWeekly = words.some((word) => known.weekly.has(word) || known.weeklySigns.test(word));
  const isDaily = words.some((word) => known.daily.has(word) || known.dailySigns.test(word));
  if (!isWeekly && !isDaily && clocks.length === 0) return command(name, args);
  return command(name, [args, isWeekly ? 'weekly' : 'daily', ...clocks.slice(0, 1)].join(' '));
}

const whichOf = (
  name: CommandName,
  { countries, services, doubts }: Pick<Found, 'countries' | 'services' | 'doubts'>,
): Asked => ({
  kind: 'which',
  name,
  parsed: {
    countries,
    services,
    all: 0,
    problems: doubts.slice(0, 1).map(({ word, options }) => ({ word, ambiguous: options.length > 1, options })),
  },
});

/** What a plain sentence asks for, as the command that does it. Pure. */

const SUBJECTS = 6;
/** "What is blocked right now?" is no longer. */
const MAX_GENERAL = 9;

/** "Watch: …", "Subscribe to our channel: …": a headline. */
const LABELLED = /[\p{L}]\s?[:：](?!\/\/)/u;

/** `likely`: what a sentence wants, by its letters. `gazetteer`: of regions; null = only those of the list are known. */
export function createAsking(
  targets: TargetIndex,
  catalogue: Catalogue,
  known: Vocabulary,
  likely: Likely,
  gazetteer: Pick<Gazetteer, 'everywhere'> | null = null,
) {
  let names: Names | null = null;
  function look(text: string, hosts: ServiceHosts | null): Looked {
    names ??= createNames(targets, catalogue, known);
    return lookedAt(text, (said) => scan(said, names!, hosts, gazetteer), known);
  }
  /** `forwarded`: others wrote it, so it is never a request. `ranked`: what it wants, where more is known of that. */
  const asking = (text: string, hosts: ServiceHosts | null, forwarded = false, ranked = likely(text)): Asked =>
    read(look(text, hosts), forwarded, ranked, known);
  /** The same where it is known what the sentence wants (`WANTED`); null = it cannot want that. Changes nothing before a tap. */
  const as = (wanted: string, text: string, hosts: ServiceHosts | null): Asked | null =>
    readAs(wanted, look(text, hosts), known);
  return Object.assign(asking, { as });
}

interface Looked {
  text: string;
  /** Of some countries that are to come and others that are to go, each with whether it is to come; empty: all alike. */
  changes: readonly (readonly [country: string, isAdded: boolean])[];
  networks: readonly string[];
  time: string;
  found: Found;
}

function lookedAt(written: string, scanned: (text: string) => Found, known: Vocabulary): Looked {
  const networks: string[] = [];
  const text = takeNetworks(written, networks);
  const time = findTime(text, known);
  const found = scanned(time ? withoutTime(text, known) : text);
  // "Congo, the one with Brazzaville."
  found.doubts = found.doubts.filter(({ options }) => !options.some(({ id }) => found.countries.includes(id)));
  const asked = known.offlineSigns.test(text) ? [...new Set([...found.services, NETWORK])] : found.services;
  // "WhatsApp over mobile internet" is about WhatsApp.
  found.services = asked.length > 1 && found.words.length <= MAX_REQUEST ? asked.filter((id) => id !== NETWORK) : asked;
  return { text, networks, time: time?.typed ?? '', found, changes: changesIn(text, scanned, known) };
}

const PARTS = /[,;.!،؛。，；！]|\s[-–—]\s/u;

/** "Libya and Tunisia, and drop Egypt": by the verb of its part, else of the part before. */
function changesIn(text: string, scanned: (text: string) => Found, known: Vocabulary): Looked['changes'] {
  const [added, dropped] = [known.list('add'), known.list('drop')];
  if (!saysAny(text, dropped)) return [];
  const changes = new Map<string, boolean>();
  let isAdded = true;
  for (const part of text.split(PARTS).flatMap((one) => one.split(known.partSigns))) {
    if (saysAny(part, dropped)) isAdded = false;
    else if (saysAny(part, added) || saysAny(part, known.only)) isAdded = true;
    for (const id of scanned(part).countries) changes.set(id, isAdded);
  }
  return new Set(changes.values()).size > 1 ? [...changes] : [];
}

function readAs(wanted: string, { text, networks, time, found, changes }: Looked, known: Vocabulary): Asked | null {
  const { countries, services, doubts, lost } = found;
  const about = { ...aboutOf(text, found, time, known), changes };
  if (!WANTED.has(wanted) || networks.length > 0 || !mayBe(found, known)(wanted)) return null;
  if (wanted === 'language' && about.lang === null) return command('language', '', { sure: false });
  if (wanted === 'unfollow' && isNothing(found)) return null;
  if (wanted !== 'status' && wanted !== 'none') return intentAs(wanted, found, about, known);
  const asked = questionOf(text, found, known);
  // "I forgot the password of our wifi."
  const isOfNetwork = countries.length === 0 && services.every((id) => id === NETWORK);
  if (wanted === 'none') return asked.kind === 'none' || isOfNetwork ? { kind: 'none' } : null;
  if (asked.kind !== 'none') return asked;
  const strange = isNothing(found) ? strangeIn(found, known) : null;
  if (strange !== null) return { kind: 'host', host: strange };
  // In whatever words: the country is not named for something else. But nothing stands for a place that nobody knows.
  if (lost !== null && countries.length === 0) return { kind: 'place', word: lost };
  if (doubts.length > 0 || isElsewhere(found.words, known)) return null;
  const args = [...countries, ...found.regions, ...found.networks, ...services].slice(0, 2 * SUBJECTS).join(' ');
  const open = countries.length === 0 && services.length > 0 && !isAnywhere(found, known);
  return command('status', args, { open, sure: false });
}

/** "In which countries is it blocked?": not here. */
const isAnywhere = ({ words }: Found, { list }: Vocabulary): boolean => saysAny(words.join(' '), list('anywhere'));

function read(looked: Looked, forwarded: boolean, ranked: Ranked, known: Vocabulary): Asked {
  const { text, networks, time, found } = looked;
  // "Anything wrong with AS8359?"
  if (networks.length > 0) return command('status', [...networks, ...targets(found)].join(' '));
  if (forwarded) return questionOf(text, found, known);
  const about = aboutOf(text, found, time, known);
  const whole = text === UNREAD ? 'unread' : isNothing(found) ? wholeOf(text, known) : null;
  const request = LABELLED.test(text) ? null : (languageAsked(found, known) ?? requestOf(text, found, time, known));
  // "Too many, one summary is enough" ends nothing; "only when the network is off" waits for a tap.
  if (
    request &&
    (whole === null || !('name' in request && request.name === 'unsubscribe')) &&
    !isVague(request, ranked, found, known)
  )
    return request;
  const unsaid = whole ?? unsaidIn(text, found, about, ranked, known);
  if (unsaid !== null) return { kind: 'intent', name: unsaid as IntentName, about, sure: true };
  return likeliest(looked, ranked, known);
}

/** An order that says little, in a sentence that most likely wants something else. */
function isVague(request: Asked, [first]: Ranked, { words }: Found, known: Vocabulary): boolean {
  if (request.kind !== 'command' || !first || first[1] < SURE) return false;
  if (request.name === 'subscribe') return first[0] === 'shutdowns' && words.some((word) => known.only.has(word));
  const ends = { unsubscribe: ['stop', 'unfollow', 'none'], mute: ['stop', 'quiet', 'none'] }[request.name as string];
  return ends !== undefined && words.length > MAX_BARE && isOfAll(request) && !ends.includes(first[0]);
}
/** Of so many words there is nothing but the order. */
const MAX_BARE = 2;
const isOfAll = (request: Asked): boolean =>
  request.kind === 'command' && (request.args === '' || request.args === 'all');

/** From here on its word is taken, and from there on alone: else what comes second is a button below. */
const LIKELY = 0.3;
const CLEAR = 0.8;
const CLEAREST = 0.85;
/** What is done at once, and what goes before an order of few words, has been told apart so well. */
const SURE = 0.5;
const SURE_ENOUGH_TO_DO = 0.8;
/** From here on the second is answered with it. */
const SECOND = 0.15;
const LONG_SECOND = 0.2;
const LEAST_SECOND = 0.1;
/** Less likely ones are no button. */
const LEAST_OFFERED = 0.05;
/** So many of what is likely are looked at: some of it cannot be meant. */
const MAX_RANKED = 5;
const MAX_OFFERED = 3;

/** What it most likely wants, with what comes second; of weak ones it is asked which. What names a service or place is told how that stands at least. */
function likeliest(looked: Looked, ranked: Ranked, known: Vocabulary): Asked {
  const { text, found, time } = looked;
  const asked = questionOf(text, found, known);
  const [likely] = ranked;
  const isSmall = likely !== undefined && likely[1] >= CLEAR && INTENTS[likely[0]]?.weak === true;
  if ((asked.kind === 'which' && !isSmall) || (asked.kind === 'host' && asked.host.includes('.'))) return asked;
  // "WhatsApp Ethiopia".
  if (asked.kind === 'command' && isNamesAlone(found, known)) return asked;
  const may = settled(
    ranked.slice(0, MAX_RANKED).flatMap(([wanted, chance]) => {
      const as = readAs(wanted, looked, known);
      return as ? [{ wanted, chance, as }] : [];
    }),
    found,
    known,
  );
  const [first, second] = may;
  // The weather, a match: whatever it wants of it.
  const isOther = asked.kind === 'none' && isElsewhere(found.words, known);
  if (!first || (isOther && first.chance < CLEAR)) return asked;
  // "Quiet until 8, are you mad?": in whatever words, for hours that end by themselves.
  const until = time !== '' ? time : isTonight(text, known) ? MORNING : '';
  if (first.wanted === 'quiet' && first.chance >= SURE_ENOUGH_TO_DO && isNothing(found) && until !== '')
    return command('mute', `all ${until}`, { sure: false });
  const offered = may.flatMap(({ wanted, as }) => offerOf(wanted as Wanted, as) ?? []);
  // What names all that it needs is that; what names nothing may be about anything.
  const least =
    asked.kind === 'command' && asked.sure
      ? CLEAR
      : asked.kind !== 'command' && first.wanted === 'status'
        ? SURE
        : LIKELY;
  const isLikely = first.chance >= least;
  // "瓦坎达的Netflix": nothing is told of anywhere else.
  if (!isLikely && asked.kind === 'place') return asked;
  if (!isLikely) {
    const offers = offered.slice(0, MAX_OFFERED);
    const besideState = (as: Asked) =>
      as.kind === 'command' && as.name === 'status' && INTENTS[first.wanted]?.tells
        ? bothOf({ wanted: 'status', chance: 1, as }, first)
        : null;
    if (asked.kind === 'command') {
      const both = first.chance >= LONG_SECOND ? besideState(asked) : null;
      return both ?? (asked.sure ? asked : { ...asked, other: offers.slice(0, 1) });
    }
    // "How long yet, that Turkmenistan of yours?"
    const isPlain =
      !isOrder(first.wanted) && !may.some(({ wanted, chance }) => wanted === 'none' && chance >= LEAST_SECOND);
    const plain = isNothing(found) || isOther || !isPlain ? null : readAs('status', looked, known);
    if (plain?.kind === 'command') {
      const told = offers.filter(({ name }) => name !== 'status' && INTENTS[name]?.tells);
      return (first.chance >= LONG_SECOND ? besideState(plain) : null) ?? { ...plain, other: told.slice(0, 2) };
    }
    if (may.slice(0, 2).some(({ wanted }) => wanted === 'none')) return { kind: 'none' };
    // "Atlantis."
    if (first.as.kind === 'host') return first.as;
    const about = aboutOf(text, found, time, known);
    const isSomething = may.slice(0, 2).reduce((sum, { chance }) => sum + chance, 0) >= LIKELY;
    return isSomething && offers.length > 0 ? { kind: 'offer', offers, about } : asked;
  }
  const { as } = first;
  const isAlone = first.chance >= (INTENTS[first.wanted]?.shows ? CLEAREST : CLEAR) || !second;
  // "Signal does not open in Caracas, and no pings at night."
  const isBeside = found.services.length > 0 || (found.countries.length > 0 && first.chance < CLEAR);
  if (first.wanted === 'night' && as.kind === 'intent' && isBeside) return { ...as, also: 'status' };
  if (isAlone || (as.kind !== 'intent' && as.kind !== 'command')) return as;
  const two = [first.wanted, second.wanted];
  // "Drop Turkey, and put Serbia in."
  if (two.includes('unfollow') && two.includes('follow') && as.kind === 'intent' && second.chance >= SECOND)
    return { ...as, name: 'unfollow' };
  const both = bothOf(first, second);
  if (both) return both;
  // How it stands is told by it anyway.
  const isTold = second.wanted === 'status' && INTENTS[first.wanted]?.shows !== undefined;
  return {
    ...as,
    other: isTold || second.chance < LEAST_OFFERED ? [] : offered.filter(({ name }) => name === second.wanted),
  };
}

interface Meant {
  wanted: string;
  chance: number;
  as: Asked;
}

/** What a sentence may want, the likeliest first, by what it says and lacks. */
function settled(ranked: readonly Meant[], found: Found, known: Vocabulary): Meant[] {
  const isNamed = !isNothing(found);
  const isOfNetwork = found.countries.length === 0 && found.services.every((id) => id === NETWORK);
  // Of nobody it is said that nobody sees how they are.
  const isOfPeople = known.kin(found.words);
  const chanceOf = (kind: string): number => ranked.find(({ wanted }) => wanted === kind)?.chance ?? 0;
  const isSafety = chanceOf('safety') >= LEAST_SECOND && chanceOf('forget') < CLEAR;
  const isUnlikely: Record<string, boolean> = {
    unreachable: !isOfPeople,
    timezone: found.countries.length > 0,
    // Its answer deletes as well.
    forget: isSafety,
    only: !saysAny(found.words.join(' '), known.only),
  };
  const heard = ranked
    .filter(({ wanted, chance }) => chance >= CLEAR || isUnlikely[wanted] !== true)
    .map((one) => (one.wanted === 'safety' && isSafety ? { ...one, chance: one.chance + chanceOf('forget') } : one));
  // What comes to the same.
  const may = [...Map.groupBy(heard, ({ as }) => JSON.stringify(as)).values()]
    .map((same) => ({ ...same[0]!, chance: same.reduce((sum, { chance }) => sum + chance, 0) }))
    .sort((a, b) => b.chance - a.chance);
  const [first, second, ...others] = may;
  if (!first || !second) return may;
  const both = { ...second, chance: first.chance + second.chance };
  if (second.chance >= SECOND && INTENTS[second.wanted]?.holds?.includes(first.wanted)) return [both, ...others];
  if (INTENTS[first.wanted]?.holds?.includes(second.wanted)) return [{ ...both, ...first }, ...others];
  const isNone = isOfNetwork && second.wanted === 'none' && second.chance >= LIKELY && first.chance < MAX_DOUBTED;
  if (isNone) return [both, first, ...others];
  if (isNamed) {
    // What only adds to how it stands, against all that tells no more than that.
    const { shows, tells } = INTENTS[first.wanted] ?? {};
    const plain = may.filter(({ wanted }) => wanted === 'status' || (INTENTS[wanted]?.tells && INTENTS[wanted]?.shows));
    const sum = plain.reduce((all, { chance }) => all + chance, 0);
    const isOdd = shows && !tells && first.wanted !== 'status' && first.chance < SURE && sum > first.chance;
    // "This WhatsApp of mine, why does it not go?"
    const isHasty = isOrder(first.wanted) && first.chance < SURE && found.services.length > 0 && sum >= LEAST_SECOND;
    if (isHasty && plain[0])
      return [{ ...plain[0], chance: sum + first.chance }, ...may.filter((one) => one !== plain[0])];
    return isOdd ? [{ ...plain[0]!, chance: sum }, ...may.filter((one) => one !== plain[0])] : may;
  }
  const isSmall =
    first.wanted === 'status' &&
    found.words.length > 0 &&
    INTENTS[second.wanted]?.weak === true &&
    second.chance >= SECOND;
  return isSmall ? [both, first, ...others] : may;
}
const isOrder = (wanted: string): boolean => {
  const { shows, tells, buttons } = INTENTS[wanted] ?? {};
  return wanted === 'unfollow' || Boolean(buttons && !shows && !tells);
};
/** Beside "none" this is doubted. */
const MAX_DOUBTED = 0.6;

/** Two that may be meant, as one answer: what is short and true whatever was meant, how it stands, and buttons of what is ordered; null = it cannot be one. */
function bothOf(first: Meant, second: Meant): (Asked & { kind: 'intent' }) | null {
  const more = INTENTS[second.wanted];
  const { tells, shows, also, weak } = INTENTS[first.wanted === 'status' ? second.wanted : first.wanted] ?? {};
  const isOne = shows && more?.shows;
  if (second.chance < (more?.long ? LONG_SECOND : isOne ? LEAST_SECOND : SECOND)) return null;
  if (more?.long && first.wanted !== 'status' && !shows && !tells) return null;
  const isPlain = first.wanted === 'status';
  const other = isPlain ? second.as : first.as;
  if (other.kind !== 'intent') return null;
  const isNamed = other.about.services.length + other.about.countries.length > 0;
  if (isPlain) return tells || also ? { ...other, name: 'status', also: other.name } : null;
  if (second.wanted === 'status') {
    if (!isNamed || !(tells || shows)) return null;
    // How it stands is told by these anyway.
    return shows ? other : { ...other, also: 'status' };
  }
  // About us, and about a network that nobody named.
  if (!isNamed && !weak && Boolean(shows) !== Boolean(more?.shows)) return null;
  const isWish = isOrder(second.wanted) && (!shows || second.chance >= LONG_SECOND);
  return second.as.kind === 'intent' && (more?.tells || isWish) ? { ...other, also: second.as.name } : null;
}

/** As a button: what it leads to, about what the sentence named. */
function offerOf(wanted: Wanted, asked: Asked): Offer | null {
  if (asked.kind === 'command') return { name: wanted, command: `${asked.name} ${asked.args}`.trim() };
  // A language cannot stand in a button's command, and small talk is not asked about.
  if (asked.kind !== 'intent' || asked.name === 'language' || SMALL.has(asked.name)) return null;
  const { countries, regions, services, clocks } = asked.about;
  const about = [...countries, ...regions, ...services].slice(0, MAX_ABOUT);
  return { name: wanted, command: ['help', `?${wanted}`, ...about, ...clocks.slice(0, 2)].join(' ') };
}
const MAX_ABOUT = 3;
const SMALL = new Set(['thanks', 'ok', 'here', 'sorry', 'beyond']);

function aboutOf(text: string, found: Found, time: string, known: Vocabulary): About {
  const { countries, regions, networks, services, lost, words } = found;
  const clocks = clocksIn(text, known).map(clockText);
  // "From 12 to 7" at night is no noon.
  if (clocks.length === 2 && clocks[0] === '12:00' && clocks[1]! < '12:00') clocks[0] = '00:00';
  const [strange, lang] = [strangeIn(found, known), languageNamed(words, known)];
  return { countries, regions, networks, services, clocks, time, lost, strange, lang, said: text, changes: [] };
}

/** Small talk yields to anything that is named, and a question about us to one about a service. */
function mayBe(found: Found, known: Vocabulary): (name: string) => boolean {
  const { words, services, countries } = found;
  const isOther = services.length + countries.length > 0 || isElsewhere(words, known);
  return (name) => {
    const { weak, us } = INTENTS[name] ?? {};
    return !(isNothing(found) && name === 'only') && !(isOther && weak) && !(services.length > 0 && us);
  };
}

/** What somebody wants, with what they named. */
function intentAs(wanted: string, found: Found, about: About, known: Vocabulary): Asked | null {
  const { words, services, countries, doubts } = found;
  const isNetwork = services.length > 0 && services.every((one) => one === NETWORK);
  const name = wanted === 'only' && isNetwork ? 'shutdowns' : wanted;
  if (name === 'alternatives' && services.includes('vpn')) return { kind: 'intent', name: 'vpn', about, sure: false };
  if (countries.length + services.length > 0 && (name === 'stop' || name === 'unfollow')) {
    // "Everything but Iran" is the reverse.
    return words.some((word) => known.list('except').has(word))
      ? null
      : { kind: 'intent', name: 'unfollow', about, sure: false };
  }
  if (doubts.length > 0 && !INTENTS[name]?.weak) return whichOf('status', found);
  return { kind: 'intent', name: name as IntentName, about, sure: false };
}

/** All of its words are names. */
const isNamesAlone = ({ rest, words }: Found, { noise, polite, only, isState }: Vocabulary): boolean =>
  rest.length === 0 &&
  !words.some((word) => HAN.test(word) || [noise, polite, only].some((list) => list.has(word)) || isState(word));

/** The night ends, as `mute` takes it. */
const MORNING = 'until 08:00';
const isTonight = (text: string, { list }: Vocabulary): boolean => saysAny(text, list('tonight'));

/** What rules find: "only Germany", "16:40". */
function unsaidIn(
  text: string,
  found: Found,
  { clocks }: About,
  [first]: Ranked,
  known: Vocabulary,
): 'only' | 'clock' | null {
  if (!isNothing(found)) return isOnly(text, found, known) ? 'only' : null;
  // "After 22 don't write."
  const isHours = clocks.length === 1 && first?.[0] === 'night' && first[1] >= SURE;
  return clocks.length > 0 && !isHours && isTimeAlone(text, found, known) ? 'clock' : null;
}

/** "Only Germany please", "follow only Signal": names, that word, manners, and a verb. */
const isOnly = (text: string, { words, rest }: Found, known: Vocabulary): boolean =>
  !ASKING.test(text) &&
  words.some((word) => known.only.has(word)) &&
  [...rest, ...words.filter((word) => known.noise.has(word))].every((word) =>
    [known.only, known.list('beside.only'), known.polite, known.fillers, followVerbs(known)].some((list) =>
      list.has(word),
    ),
  );
const followVerbs = onceForEach(
  ({ forms }: Vocabulary) => new Set(forms.filter(({ name }) => name === 'subscribe').flatMap(({ own }) => [...own])),
);

/** "16:40", "from 11 pm to 7", "half past six": hours, and nothing else. */
const isTimeAlone = (text: string, { rest, words }: Found, known: Vocabulary): boolean =>
  words.length > 0 &&
  words.length <= MAX_CLOCK &&
  (/\p{Nd}/u.test(text) || words.some((word) => known.numbers.has(word) || known.clockWords.has(word))) &&
  rest.every(
    (word) =>
      [known.polite, known.until, known.fillers, known.numbers].some((list) => list.has(word)) ||
      isTimeWord(word, known),
  );
const MAX_CLOCK = 8;

/** What somebody asks about that nobody knows ("when was Rutracker blocked?", "zona.media"); null = nothing of the kind. */
function strangeIn({ services, hosts, rest, words, lost, strangers }: Found, known: Vocabulary): string | null {
  if (hosts.length > 0) return hosts[0]!;
  // "Est-ce que Mediapart est bloqué en Algérie?"
  const isNamed = services.length === 0 && lost === null && words.length <= MAX_ABOUT_THING && !known.kin(words);
  if (isNamed && strangers.length === 1 && words.some(known.isState)) return strangers[0]!;
  const isSaid = (word: string): boolean => known.isState(word) || known.polite.has(word) || isTimeWord(word, known);
  const strange = rest.filter((word) => !isSaid(word) && !HAN.test(word));
  const isAsked = services.length === 0 && lost === null && words.length <= MAX_STRANGE_WORDS;
  return isAsked && strange.length === 1 && strange[0]!.length >= MIN_STRANGE ? strange[0]! : null;
}
const MIN_STRANGE = 4;
const MAX_PAIR = 3;
const MAX_STRANGE_WORDS = 5;
const MAX_ABOUT_THING = 10;

/** The first language that a sentence names. */
const languageNamed = (words: readonly string[], known: Vocabulary): string | null =>
  words.map((word) => languageOf(word, known)).find((code) => code !== undefined) ?? null;

const MAX_LOOKED_AT = 40;
/** About the weather, the hour, a match. */
function isElsewhere(words: readonly string[], { elsewhere, elsewhereSigns }: Vocabulary): boolean {
  const said = ` ${words.slice(0, MAX_LOOKED_AT).join(' ')} `;
  return elsewhere.some((phrase) => said.includes(phrase)) || elsewhereSigns.test(said);
}

function questionOf(text: string, found: Found, known: Vocabulary): Asked {
  const { isState } = known;
  const { services, countries, regions, doubts, hosts, rest, words, lost } = found;
  const aboutAccess = words.some(isState) || known.stateSigns.test(text);
  const strange = aboutAccess || services.length > 0 ? strangeIn(found, known) : (hosts[0] ?? null);
  if (strange !== null && services.length + countries.length === 0) return { kind: 'host', host: strange };
  if (hosts.length > 0 && services.length === 0) return { kind: 'host', host: hosts[0]! };
  if (doubts.length > 0) return whichOf('status', found);
  // A country in a sentence about something else is none of our business.
  const otherMatters = isElsewhere(words, known) || (!aboutAccess && rest.length > 0);
  if (services.length === 0 && countries.length > 0 && otherMatters) return { kind: 'none' };
  const other = rest.filter((word) => !isState(word) && !known.polite.has(word));
  // "Narnia WhatsApp?" But who did it ("the regulator blocks FaceTime"), or what it does not ("Insta does not spin"), is no place.
  const middle = words.length === MAX_PAIR ? words[1]! : '';
  if (
    services.length > 0 &&
    words.length <= MAX_PAIR &&
    !isState(middle) &&
    !known.noise.has(middle) &&
    other.length === 1 &&
    other[0]!.length >= MIN_STRANGE &&
    !HAN.test(other[0]!) &&
    countries.length === 0 &&
    found.guesses.length === 0
  )
    return { kind: 'place', word: other[0]! };
  if (lost !== null && countries.length === 0 && (aboutAccess || services.length > 0))
    return { kind: 'place', word: lost };
  if (!isNothing(found)) {
    const args = [...countries, ...regions, ...found.networks, ...services].slice(0, 2 * SUBJECTS).join(' ');
    const sure = found.guesses.length === 0 && rest.every(isState);
    return command('status', args, { open: countries.length === 0 && !isAnywhere(found, known), sure, strange });
  }
  const general =
    aboutAccess && words.length <= MAX_GENERAL && rest.every(isState) && words.length > 1 && !isElsewhere(words, known);
  return general ? command('status', '') : { kind: 'none' };
}

/** Plain words: a sentence, or a command that was typed without its sign. */

interface Typed {
  text: string;
  /** The command whose word the text begins with. */
  command: Command | null;
  args: string;
  /** May one be near that was mistyped? */
  isNear(): boolean;
  /** Others are spoken to in this chat as well. */
  shared: boolean;
  /** Somebody else wrote it. */
  forwarded: true | undefined;
}

export interface Understood {
  command: Command | null;
  args: string;
  /** What a sentence asked for; null: it was no sentence. */
  asked: Asked | null;
}

interface Capabilities {
  asking: ReturnType<typeof createAsking>;
  known: Vocabulary;
  targets: TargetIndex;
  command(name: string): Command;
}

/** Commands whose word may begin a sentence: "stop telling me about …", "now whatsapp?". */
const WORDY = new Set(['status', 'subscribe', 'unsubscribe', 'mute', 'unmute']);
/** So many words may be a command that was mistyped; more are a sentence. */
const MAX_TYPED = 3;
/** What is said in a group without a question mark, and is meant for us. */
const MAX_ASIDE = 6;

export function understand(typed: Typed, hosts: ServiceHosts | null, can: Capabilities): Understood {
  const { text, command, args, shared } = typed;
  const plain: Understood = { command, args, asked: null };
  // "Stop it", "mute it": the command in full is about Italy.
  const isLoose = command !== null && ENDING.has(command.name) && !text.startsWith('unsubscribe');
  if (command && !(isLoose && can.known.particles.has(args)) && !isDoubtful(command, args, can)) return plain;
  const asked = can.asking(text, hosts, typed.forwarded);
  const given = (): Understood =>
    asked.kind === 'command'
      ? { command: can.command(asked.name), args: asked.args, asked }
      : { command: null, args: '', asked };
  const sure = asked.kind === 'command' && asked.sure;
  // "subscribe country" is a command with a word of its own, no sentence that names nothing.
  if (command && asked.kind === 'command' && asked.name === command.name)
    if (asked.args === '' || (command.name !== 'mute' && isShort(args) && findTime(args, can.known) !== null))
      // A time is no part of what was typed as a command, unless it is one of `mute`.
      return plain;
  // "Forget what you were told and …": told to somebody else.
  if (command?.name === 'forget') return asked.kind === 'command' && asked.name === 'status' ? plain : given();
  if (command && (NAMELESS.has(command.name) || command.name === 'unmute'))
    return isAboutOthers(asked, command) ||
      (asked.kind === 'intent' && (asked.name === 'clock' || (isWordy(command) && text.split(' ').length > MAX_TYPED)))
      ? given()
      : plain;
  // "Mute Russia for ages", "mute foo for 8h": a word about the time or the name, and not about everything.
  const isNamed =
    asked.kind === 'intent' &&
    asked.name === 'quiet' &&
    asked.about.countries.length + asked.about.services.length + asked.about.time.length > 0;
  if (command?.name === 'mute' && isNamed) return plain;
  // "Subscribe ru whatsap", "unsubscribe blah": the word that was mistyped is asked about.

  const { problems } = can.targets.parse(args);
  const own = command ? OWN[command.name] : undefined;
  const isMistyped =
    own !== undefined &&
    asked.kind === 'intent' &&
    !asked.sure &&
    (asked.about.countries.length + asked.about.services.length === 0 ||
      (own === asked.name && problems.some(({ options }) => options.length > 0)));
  const isTold = isClear(asked) && (isLoose || !isMistyped);
  if (command) return sure || isTold ? given() : plain;
  // A command to another bot is none of ours; a question that names a place or several things is, and a short word on access to a service there.
  if (shared) {
    const isNamed = asked.kind === 'command' && !asked.open;
    const words = text.split(' ');
    const isAside = isNamed && asked.name === 'status' && /[a-z]/u.test(asked.args) && words.length <= MAX_ASIDE;
    const question =
      (/[?؟？]/u.test(text) && (asked.kind === 'which' || isNamed)) ||
      (isAside && words.some((word) => can.known.isState(keyOf(word))));
    const isOurs = asked.kind === 'intent' && (asked.sure || (isClear(asked) && words.length > MAX_TYPED));
    return (sure && text.includes(' ')) || isOurs || question ? given() : plain;
  }
  if (
    !sure &&
    (['command', 'place', 'none', 'offer'].includes(asked.kind) || (asked.kind === 'intent' && !isClear(asked))) &&
    text.split(' ').length <= MAX_TYPED &&
    !isName(text, can.targets) &&
    typed.isNear()
  )
    return plain;
  // Chinese is written without spaces.
  const isWord = !text.includes(' ') && !SENTENCE.test(text);
  return isWord && (asked.kind === 'none' || asked.kind === 'offer') ? plain : given();
}

/** What sentences want that begin with a command's own word. */
const OWN: Partial<Record<string, string>> = { subscribe: 'follow', unsubscribe: 'stop', mute: 'quiet' };

/** Told by rules, or so likely that nothing else is offered. */
const isClear = (asked: Asked): boolean => asked.kind === 'intent' && !asked.other && !asked.also;

/** Commands that name no country or service: "time to check whatsapp in russia", "help, telegram is down in Cuba" begin with their words. */
const NAMELESS = new Set(
  'about help ping timezone language level settings subscriptions export link unlink board family'.split(' '),
);
/** Those to whose name nothing is added: a country after it belongs to a sentence. */
const WITHOUT_WORDS = new Set('about help ping subscriptions'.split(' '));
/** Their words begin sentences as well: "saat gecenin dördü niye ötüyorsun", "family in Tehran does not answer". */
const ORDINARY_WORDS = new Set('timezone family'.split(' '));
const MIN_SENTENCE = 3;
const isWordy = ({ name }: Command): boolean => WITHOUT_WORDS.has(name) || ORDINARY_WORDS.has(name);

const isShort = (args: string): boolean => args.split(' ').length <= 5;

/** Does it begin with the name of a country or a service? That is no mistyped command. */
function isName(text: string, targets: TargetIndex): boolean {
  const { countries, services } = targets.parse(text.split(' ', 1)[0]!);
  return countries.length + services.length > 0;
}

/** More than a word or two. */
const isTold = (args: string, known: Vocabulary): boolean => !splitYes(args, known).yes && args.split(' ').length > 2;

/** Its arguments hold words that it does not know. */
function isDoubtful(command: Command, args: string, { targets, known }: Capabilities): boolean {
  // A path is a time zone, or forged as one.
  if (command.name === 'forget') return isTold(args, known);
  if (NAMELESS.has(command.name)) return args.split(' ').length + 1 >= MIN_SENTENCE && !args.includes('/');
  if (args === '' || !WORDY.has(command.name)) return false;
  // A time that is none is said to be none, whatever else is known.
  if (command.name === 'mute' && findTime(args, known) === null && badTime(args, known) !== null) return false;
  const parsed = targets.parse(command.name === 'mute' ? withoutTime(args, known) : splitYes(args, known).rest);
  return parsed.problems.length > 0 || (command.name === 'mute' && matchersOf(parsed).length === 0);
}

/** A sentence about a service, or an order of another kind. */
const isAboutOthers = (asked: Asked, command: Command): boolean =>
  asked.kind === 'command' &&
  asked.name !== command.name &&
  asked.args !== '' &&
  (WITHOUT_WORDS.has(command.name) || /(?:^|\s)[a-z]/u.test(asked.args));

/** `intent.NAME` of the texts is its answer; some are answered by what is known, or by a command. */
export type IntentName =
  | (PhraseKey extends infer K ? (K extends `intent.${infer Name}` ? Name : never) : never)
  | 'since'
  | 'status'
  | 'overview'
  | 'timezone'
  | 'forget';

/** What the encoder tells apart, as it is offered. */
type Wanted = PhraseKey extends infer K ? (K extends `want.${infer Name}` ? Name : never) : never;

/** What may be meant, and the command that leads to it. */
export interface Offer {
  name: Wanted;
  command: string;
}

/** What a sentence named beside what it wants. */
export interface About
  extends Pick<Found, 'countries' | 'regions' | 'networks' | 'services' | 'lost'>, Pick<Looked, 'changes'> {
  /** Times of a day. */
  clocks: readonly string[];
  /** As `mute` takes it, or empty. */
  time: string;
  /** Something that nobody knows. */
  strange: string | null;
  /** Code of a language. */
  lang: string | null;
  /** The whole sentence. */
  said: string;
}

/**
 * - command: as if this had been typed; `open`: a service without a country, so the chat's own countries are meant; `sure`: every word is
 *   understood; `strange`: it names something beside that nobody knows
 * - which: a word that means more than one thing, to be asked about
 * - host: a host name that is no service's
 * - intent: something else that people want, with what they named; `sure`: by rules; `also`: what may be meant, and is answered with it
 * - place: a place that nobody knows
 * - offer: one of a few things, each as the command that leads to it; so are `other`, which may be meant instead
 * - none: nothing that this bot knows of
 */
export type Asked =
  | {
      kind: 'command';
      name: CommandName;
      args: string;
      open: boolean;
      sure: boolean;
      strange: string | null;
      other?: readonly Offer[];
    }
  | { kind: 'which'; name: CommandName; parsed: ParsedTargets }
  | { kind: 'host'; host: string }
  | { kind: 'intent'; name: IntentName; about: About; sure: boolean; also?: IntentName; other?: readonly Offer[] }
  | { kind: 'place'; word: string }
  | { kind: 'offer'; offers: readonly Offer[]; about: About }
  | { kind: 'none' };
