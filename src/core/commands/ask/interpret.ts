/** What a plain sentence asks for, as the command that does it. Pure. */
import type { Catalogue } from '../../model/catalogue.ts';
import { NETWORK } from '../../model/incident.ts';
import type { CommandName } from '../../phrases/commands.ts';
import type { Gazetteer } from '../../ports/gazetteer.ts';
import type { ServiceHosts } from '../../ports/service-hosts.ts';
import { languageNamed } from '../language-names.ts';
import { keyOf } from '../target-names.ts';
import { type ParsedTargets, type TargetIndex, takeNetworks } from '../targets.ts';
import { GREETINGS, OFFLINE_SIGNS, STATE_SIGNS, VERBS } from './lists.ts';
import { createNames, isState, type Names } from './names.ts';
import { type Found, scan } from './scan.ts';

/**
 * - command: as if this had been typed; `open`: a service without a country, so the chat's own countries are meant; `sure`: every word is understood
 * - which: a word that means more than one thing, to be asked about
 * - host: a host name that is no service's
 * - hello: a greeting, or thanks
 * - none: nothing that this bot knows of
 */
export type Asked =
  | { kind: 'command'; name: CommandName; args: string; open: boolean; sure: boolean }
  | { kind: 'which'; name: CommandName; parsed: ParsedTargets }
  | { kind: 'host'; host: string }
  | { kind: 'hello' }
  | { kind: 'none' };

export interface Asking {
  /** `forwarded`: others wrote it, so it is never a request. */
  read(text: string, hosts: ServiceHosts | null, forwarded?: boolean): Asked;
}

/** A request is short; whatever is longer is told, not asked. */
const MAX_REQUEST = 14;
const MAX_BEFORE = 4;
const SUBJECTS = 6;

const greetings = new Set(GREETINGS.split('|').map(keyOf));
/** Longest first: "stop" after "stop telling". */
const verbs = Object.entries(VERBS)
  .flatMap(([name, words]) => words.split('|').map((word) => ({ name: name as CommandName, key: keyOf(word) })))
  .sort((a, b) => b.key.length - a.key.length);
const verbWords = new Set(verbs.flatMap(({ key }) => key.split(' ')));
/** Before a verb: whom it is said to, and manners. */
const POLITE = new Set(
  'please can could you hey bot tocsin пожалуйста можешь эй бот а будь ласка bitte kannst du por favor puedes s il te plait lütfen beni bana bizi من را منو برای من فضلک 请 帮我 i want to would like me quiero хочу'
    .split(' ')
    .map(keyOf),
);
const TIME =
  /(?:^|\s)(?:for|на|für|por|pour)\s+(\d{1,3})\s*(m|min|minutes?|h|hours?|days?|d|ч|час|часа|часов|минут|минуты|дня|день|дней|годин|години|stunden?|tage?|horas?|días?|heures?|jours?)(?=\s|$|[.,!])/iu;

/** "Watch: …", "Subscribe to our channel: …": a headline. */
const LABELLED = /[\p{L}]\s?[:：](?!\/\/)/u;

/** "russia for 8h" without the time. */
export const withoutTime = (text: string): string => text.replace(TIME, ' ');

/** `gazetteer`: of regions; null = only those of the list are known. */
export function createAsking(
  targets: TargetIndex,
  catalogue: Catalogue,
  gazetteer: Pick<Gazetteer, 'everywhere'> | null = null,
): Asking {
  let names: Names | null = null;
  return {
    read(text, hosts, forwarded = false) {
      names ??= createNames(targets, catalogue);
      return read(text, (said) => scan(said, names!, hosts, gazetteer), forwarded);
    },
  };
}

function read(written: string, scanned: (text: string) => Found, forwarded: boolean): Asked {
  const networks: string[] = [];
  const text = takeNetworks(written, networks);
  const time = TIME.exec(text);
  const found = scanned(time ? withoutTime(text) : text);
  const whole = found.words.join(' ');
  const asked = OFFLINE_SIGNS.test(text) ? [...new Set([...found.services, NETWORK])] : found.services;
  // "WhatsApp over mobile internet" is about WhatsApp.
  found.services = asked.length > 1 ? asked.filter((id) => id !== NETWORK) : asked;
  if (networks.length > 0) return askedOfNetworks(networks, found);
  const nothing = found.services.length + found.countries.length + found.doubts.length + found.hosts.length === 0;
  if (nothing && greetings.has(whole)) return { kind: 'hello' };
  const request =
    forwarded || LABELLED.test(text) ? null : (languageAsked(found) ?? requestOf(found, nothing, durationOf(time)));
  return request ?? questionOf(text, found, nothing);
}

/** "Anything wrong with AS8359?" */
const askedOfNetworks = (networks: readonly string[], { countries, services }: Found): Asked => ({
  kind: 'command',
  name: 'status',
  args: [...networks, ...countries, ...services].join(' '),
  open: false,
  sure: true,
});

/** "For 2 hours", as `mute` takes it. */
function durationOf(time: RegExpExecArray | null): string {
  if (!time) return '';
  const unit = time[2]!.toLowerCase();
  return `for ${time[1]}${/^(?:m|мин)/u.test(unit) ? 'm' : /^(?:h|ч|год|st)/u.test(unit) ? 'h' : 'd'}`;
}

/** "Speak Russian", "in English please". Languages are called as people are, so a country may have been heard as well ("Russian"). */
function languageAsked({ words, rest, countries, services, hosts, doubts }: Found): Asked | null {
  if (words.length > 6 || countries.length > 1 || services.length + hosts.length + doubts.length > 0) return null;
  const code = words.map(languageOf).find((one) => one !== undefined) ?? languageNamed(words.join(''));
  const other = rest.filter((word) => languageOf(word) === undefined && !isVerb(word));
  if (code === undefined || other.length > 0 || words.some(isState)) return null;
  return { kind: 'command', name: 'language', args: code, open: false, sure: true };
}

/** Chinese is written without spaces: "请说中文". */
const languageOf = (word: string): string | undefined =>
  languageNamed(word) ?? languageNamed(word.replace(/^[请你用说讲改换成能可以]+|[吗吧]+$/gu, ''));

const isVerb = (word: string): boolean => verbWords.has(word) || POLITE.has(word);

/** Nothing is changed unless every word is understood: a headline that begins with "stop" has words of its own. */
function requestOf(found: Found, nothing: boolean, time: string): Asked | null {
  const { words, rest } = found;
  if (words.length === 0 || words.length > MAX_REQUEST) return null;
  const verb = verbOf(words);
  if (!verb) return null;
  const strange = rest.some((word) => !isVerb(word) && !isState(word) && !isVerbHan(word));
  if (strange) return null;
  const { name } = verb;
  if (name === 'forget' || name === 'help')
    return nothing ? { kind: 'command', name, args: '', open: false, sure: true } : null;
  // "Stop blocking Telegram": said to somebody else.
  if (name === 'unsubscribe' && isState(words[verb.to] ?? '')) return null;
  if (found.hosts.length > 0) return { kind: 'host', host: found.hosts[0]! };
  if (found.doubts.length > 0) return whichOf(name, found);
  // A region stands for its country, which is more than was asked for: not before that is confirmed.
  if (found.regions.length > 0) return whichOf(name, wholeCountries(found));
  // A guess changes nothing before it is confirmed.
  if (found.guesses.length > 0) return whichOf(name, confirmable(found));
  const what = [...found.countries, ...found.services];
  if (name === 'mute') what.push(...(what.length === 0 ? ['all'] : []), ...(time ? [time] : []));
  return { kind: 'command', name, args: what.join(' '), open: false, sure: true };
}

/** Chinese writes verb and manners in one run of signs. */
const isVerbHan = (word: string): boolean =>
  /^\p{Script=Han}/u.test(word) && verbs.some(({ key }) => word.includes(key));

function verbOf(words: readonly string[]): { name: CommandName; to: number } | null {
  let from = 0;
  while (from < Math.min(MAX_BEFORE, words.length - 1) && POLITE.has(words[from]!)) from++;
  for (const start of new Set([0, from])) {
    const said = `${words.slice(start).join(' ')} `;
    for (const { name, key } of verbs) {
      if (said.startsWith(`${key} `) || (/^\p{Script=Han}/u.test(key) && said.replace(/^请/u, '').startsWith(key)))
        return { name, to: start + key.split(' ').length };
    }
  }
  // Verbs end a sentence of Turkish and Persian.
  const said = ` ${words.join(' ')}`;
  const last = verbs.find(
    ({ key }) => isVerbLast(key) && said.endsWith(/^\p{Script=Han}/u.test(key) ? key : ` ${key}`),
  );
  return last ? { name: last.name, to: words.length } : null;
}

const VERBS_LAST = new Set(
  'abone et|abone ol|takip et|haber ver|durdur|iptal et|takip etme|مشترک کن|دنبال کن|خبر بده|دنبال نکن|نفرست|لغو کن|的时候告诉我|时告诉我|后告诉我|就告诉我|的话告诉我'
    .split('|')
    .map(keyOf),
);
const isVerbLast = (key: string): boolean => VERBS_LAST.has(key);

const whichOf = (name: CommandName, { countries, services, doubts }: Found): Asked => ({
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
  doubts: regions.map((id) => ({ word: id, options: [{ kind: 'region', id }] })),
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

function questionOf(text: string, found: Found, nothing: boolean): Asked {
  const { services, countries, regions, doubts, hosts, rest, words } = found;
  const aboutAccess = words.some(isState) || STATE_SIGNS.test(text);
  if (hosts.length > 0 && services.length === 0) return { kind: 'host', host: hosts[0]! };
  if (doubts.length > 0) return whichOf('status', found);
  // A country in a sentence about something else is none of our business.
  if (services.length === 0 && countries.length > 0 && !aboutAccess && rest.length > 0) return { kind: 'none' };
  if (!nothing) {
    const args = [...countries, ...regions, ...services].slice(0, 2 * SUBJECTS).join(' ');
    return {
      kind: 'command',
      name: 'status',
      args,
      open: countries.length === 0,
      sure: found.guesses.length === 0 && rest.every(isState),
    };
  }
  const general = aboutAccess && words.length <= 6 && rest.every(isState) && words.length > 1;
  return general ? { kind: 'command', name: 'status', args: '', open: false, sure: true } : { kind: 'none' };
}
