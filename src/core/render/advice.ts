/**
 * The one line of what the reader can do, from what is cut. What it may say is bounded by who reads it: people for whom a wrong step can be
 * dangerous. So it names no way around a block and no tool for it, asks nobody to do what may be forbidden where they live, says where others may
 * listen, and promises nothing that is not known. Pure.
 */
import { partCut } from '../correlate/part.ts';
import type { Known } from '../model/catalogue.ts';
import { isInForce, NETWORK } from '../model/incident.ts';
import type { Translator } from '../ports/translate.ts';
import { groundsOf, type IncidentWithReports } from './evidence.ts';

const MAX_NAMES = 4;

type Kind = 'calls' | 'media' | 'slow' | 'messenger' | 'shutdown' | 'mobile' | 'site' | 'store' | 'warn';

const TALKS = new Set(['messenger', 'calls']);
/**
 * Messengers that advice names without a measurement: end-to-end encrypted by themselves, and run by no state. Whatever others are known not to be
 * blocked, nobody is sent to them.
 */
const MAY_BE_NAMED = new Set(['signal', 'whatsapp', 'threema', 'viber', 'element', 'session', 'facetime', 'messenger']);
/** Read by those who block: that they work is told to whoever asks (`status`), and to nobody as advice. */
const READ_BY_STATES = new Set(['max', 'wechat', 'vk', 'odnoklassniki', 'mail-ru']);

/** Which advice fits the worst of these; null = none does: it is over, or it is not said what is cut. */
export function adviceFor(incidents: readonly IncidentWithReports[], known: Known): Kind | null {
  const open = incidents.filter((one) => isInForce(one) || one.state === 'threatened');
  const off = open.find((one) => one.service === NETWORK && one.family === 'access');
  if (off) {
    if (off.action === 'throttle') return 'slow';
    // A part of the country, or of the network: another line may work.
    if (partCut(off, groundsOf(off, false).reports) === 'mobile') return 'mobile';
    return off.action === 'shutdown' || off.action === 'block' ? 'shutdown' : 'slow';
  }
  const cut = open.filter((one) => one.family === 'access' && one.service !== null);
  const talking = cut.find((one) => TALKS.has(known.categoryOf(one.service!) ?? ''));
  const first = talking ?? cut[0];
  if (!first) return open.some((one) => one.family === 'warn' && one.service !== null) ? 'warn' : null;
  if (first.method === 'app-store') return 'store';
  if (first.action === 'throttle') return 'slow';
  if (first.action === 'restrict') {
    const part = partCut(first, groundsOf(first, false).reports);
    if (part === 'calls' || part === 'media') return part;
    return talking ? 'messenger' : null;
  }
  return talking ? 'messenger' : 'site';
}

/** "Not known to be blocked there: Signal, Telegram. Agree on …"; null = nothing is to be said. */
export function adviceLine(incidents: readonly IncidentWithReports[], known: Known, words: Translator): string | null {
  const country = incidents[0]?.country ?? null;
  const over = incidents.every((one) => !isInForce(one) && one.state !== 'threatened');
  if (over || incidents.length === 0) return null;
  const kind = known.advises(country) ? adviceFor(incidents, known) : null;
  const off = incidents.some((one) => one.service === NETWORK && one.family === 'access' && isInForce(one));
  const hit = new Set(incidents.map((one) => one.service));
  const names = (services: readonly string[]): string => {
    const others = services.filter((one) => !hit.has(one)).slice(0, MAX_NAMES);
    return words.list(others.map((one) => words.service(one)));
  };
  const talks = kind === 'messenger' || kind === 'calls' || kind === 'warn';
  const works = off ? '' : names(byTalk(known, talks).filter((one) => !READ_BY_STATES.has(one)));
  const asksUnblocked = !off && talks && country !== null;
  const unblocked = asksUnblocked ? names(known.unblocked.filter((one) => MAY_BE_NAMED.has(one))) : '';
  const said: string[] = [];
  if (works !== '') said.push(words.say('advice.works', { services: works }));
  else if (unblocked !== '') said.push(words.say('advice.unblocked', { services: unblocked }));
  if (kind !== null) said.push(words.say(`advice.${kind}`));
  return said.length > 0 ? said.join(' ') : null;
}

/** Where people cannot reach each other, what they could talk over comes first. */
const byTalk = ({ works, categoryOf }: Known, talks: boolean): string[] => {
  const isTalk = (one: string): boolean => TALKS.has(categoryOf(one) ?? '');
  return talks ? [...works.filter(isTalk), ...works.filter((one) => !isTalk(one))] : [...works];
};
