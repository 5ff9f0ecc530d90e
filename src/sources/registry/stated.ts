import { hash } from 'node:crypto';
import type { Statement } from '../../core/model/statement.ts';
import type { RegistryConfig } from './config.ts';
import type { Change } from './delta.ts';
import type { Entry } from './listing.ts';

/** Names in a title. */
const MAX_NAMED = 3;
/** A dump that was made longer ago than this is told as of now: its day is not when it became known. */
const FRESH_MS = 2 * 86_400_000;

export interface StatedBy {
  config: RegistryConfig;
  /** Of the listing that it changes: the same change of the same listing is one statement, however often it is read. */
  generation: number;
  updatedAt: number | null;
  now: number;
}

/** What a change of the register states: listed is a block by authority, unlisted is its end. */
export function statementOf(change: Change, { config, generation, updatedAt, now }: StatedBy): Statement {
  const { service, entries } = change;
  const hosts = entries.map(({ host }) => host).sort();
  const publisher = config.publisher ?? config.id;
  const name = config.name ?? new URL(config.urls[0]!).host;
  const isFresh = updatedAt !== null && updatedAt <= now && now - updatedAt < FRESH_MS;
  return {
    id: `${change.change} ${service} ${hash('sha256', hosts.join(' '), 'base64url').slice(0, 16)}`,
    revision: String(generation),
    at: isFresh ? updatedAt : now,
    country: config.country,
    service,
    action: change.change === 'listed' ? 'block' : change.change === 'part-listed' ? 'restrict' : 'unblock',
    method: change.change === 'unlisted' ? null : 'legal',
    region: null,
    title: `${named(hosts)} ${change.change === 'unlisted' ? 'taken off' : 'added to'} the register of blocked sites`,
    url: config.page ?? pageOf(config.urls[0]!),
    summary: decisionOf(entries),
    kind: 'authority',
    publisher,
    publisherName: name,
    lang: 'en',
  };
}

function named(hosts: readonly string[]): string {
  const shown = hosts.slice(0, MAX_NAMED).join(', ');
  return hosts.length > MAX_NAMED ? `${shown} and ${hosts.length - MAX_NAMED} more` : shown || 'A service';
}

function decisionOf(entries: readonly Entry[]): string {
  const one = entries.find(({ decision, agency }) => decision !== '' || agency !== '');
  if (!one) return '';
  return ['Decision', one.decision, one.agency && `(${one.agency})`, one.date && `of ${one.date}`]
    .filter(Boolean)
    .join(' ');
}

/** Without what may hold a secret. */
function pageOf(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
