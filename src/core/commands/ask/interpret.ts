/** What a plain sentence asks for, as the command that does it. Pure. */
import type { Catalogue } from '../../model/catalogue.ts';
import { NETWORK } from '../../model/incident.ts';
import type { Gazetteer } from '../../ports/gazetteer.ts';
import type { ServiceHosts } from '../../ports/service-hosts.ts';
import { keyOf } from '../target-names.ts';
import { type TargetIndex, takeNetworks } from '../targets.ts';
import { findTime, withoutTime } from '../times.ts';
import type { Asked } from './asked.ts';
import { isGreeting } from './greetings.ts';
import { languageAsked } from './language-asked.ts';
import { ELSEWHERE, ELSEWHERE_SIGNS, OFFLINE_SIGNS, STATE_SIGNS } from './lists.ts';
import { createNames, isState, type Names } from './names.ts';
import { requestOf, whichOf } from './requests.ts';
import { type Found, scan } from './scan.ts';

export interface Asking {
  /** `forwarded`: others wrote it, so it is never a request. */
  read(text: string, hosts: ServiceHosts | null, forwarded?: boolean): Asked;
}

const SUBJECTS = 6;
/** "What is blocked right now?" is no longer. */
const MAX_GENERAL = 9;

/** "Watch: …", "Subscribe to our channel: …": a headline. */
const LABELLED = /[\p{L}]\s?[:：](?!\/\/)/u;

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
  const time = findTime(text);
  const found = scanned(time ? withoutTime(text) : text);
  const asked = OFFLINE_SIGNS.test(text) ? [...new Set([...found.services, NETWORK])] : found.services;
  // "WhatsApp over mobile internet" is about WhatsApp.
  found.services = asked.length > 1 ? asked.filter((id) => id !== NETWORK) : asked;
  if (networks.length > 0) return askedOfNetworks(networks, found);
  const nothing = found.services.length + found.countries.length + found.doubts.length + found.hosts.length === 0;
  if (nothing && isGreeting(found.words)) return { kind: 'hello' };
  const request =
    forwarded || LABELLED.test(text) ? null : (languageAsked(found) ?? requestOf(text, found, time?.typed ?? ''));
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

const elsewhere = ELSEWHERE.split('|').map((phrase) => ` ${keyOf(phrase)} `);
const MAX_LOOKED_AT = 40;
/** About the weather, the hour, a match. */
function isElsewhere(words: readonly string[]): boolean {
  const said = ` ${words.slice(0, MAX_LOOKED_AT).join(' ')} `;
  return elsewhere.some((phrase) => said.includes(phrase)) || ELSEWHERE_SIGNS.test(said);
}

function questionOf(text: string, found: Found, nothing: boolean): Asked {
  const { services, countries, regions, doubts, hosts, rest, words } = found;
  const aboutAccess = words.some(isState) || STATE_SIGNS.test(text);
  if (hosts.length > 0 && services.length === 0) return { kind: 'host', host: hosts[0]! };
  if (doubts.length > 0) return whichOf('status', found);
  // A country in a sentence about something else is none of our business.
  const otherMatters = isElsewhere(words) || (!aboutAccess && rest.length > 0);
  if (services.length === 0 && countries.length > 0 && otherMatters) return { kind: 'none' };
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
  const general =
    aboutAccess && words.length <= MAX_GENERAL && rest.every(isState) && words.length > 1 && !isElsewhere(words);
  return general ? { kind: 'command', name: 'status', args: '', open: false, sure: true } : { kind: 'none' };
}
