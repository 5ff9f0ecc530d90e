import type { Action, Method } from '../model/action.ts';
import type { MeasuredFacts, Report } from '../model/report.ts';
import { isBlocking, type VerdictWord } from './verdict.ts';

/** Component that marks measurements of a country's own resolvers. */
export const NATIONAL = 'national-dns';

/** What a verdict over rounds says of one target, before it is a report. */
export interface MeasuredStatement {
  target: string;
  at: number;
  action: Action;
  verdict: string;
  detail: string | null;
  component: string | null;
  strength: MeasuredFacts['strength'];
  /** First of the rounds that it rests on. */
  since: number;
  standing?: true;
}

export interface MeasuredBy {
  vantageId: string;
  /** XX = nowhere in particular. */
  probeCc: string;
  probeAsn: string;
  /** Id of the agent; null = our own probe. */
  agent: string | null;
}

export function measuredReport(id: string, said: MeasuredStatement, by: MeasuredBy): Report {
  const { target, action, verdict, detail, component } = said;
  const spelled = detail === null ? verdict : `${verdict}:${detail}`;
  const part = component && component !== NATIONAL ? ` (${component})` : '';
  return {
    id,
    sourceId: by.vantageId,
    itemId: null,
    at: said.at,
    country: by.probeCc === 'XX' ? null : by.probeCc,
    service: target,
    action,
    method: action === 'unblock' ? null : methodOf(verdict),
    region: null,
    secondary: false,
    kind: 'measurement',
    voice: `network:${by.probeAsn}`,
    title: `${target}${part}: ${titleOf(action, verdict, detail)}, measured on ${by.probeAsn}`,
    url: null,
    publisherName: `${by.agent === null ? 'own probe' : 'agent'} (${by.probeAsn})`,
    lang: 'en',
    summary: spelled,
    measured: {
      strength: said.strength,
      networks: [by.probeAsn],
      verdict: spelled,
      component: component === NATIONAL ? null : component,
      ...(by.agent === null ? {} : { agent: by.agent, since: said.since }),
      ...(said.standing ? { standing: said.standing } : {}),
    },
  };
}

export function actionOf(verdict: string, component: string | null): Action {
  if (verdict === 'throttled') return 'throttle';
  return component !== null && component !== NATIONAL ? 'restrict' : 'block';
}

/** A block page counts as known by the id of a fingerprint; a host or a status is none. */
export const isFingerprint = (verdict: string, detail: string | null): boolean =>
  verdict === 'http_blockpage' && detail !== null && /^[a-z]+-[a-z0-9-]+$/.test(detail);

/** Note of the desk on an agent's measurement: the centre has found a known block page in what the agent saw. */
export const PAGE_KNOWN = 'page_known';

/** An agent's block page that is none of the known ones, or not to be seen in what it saw: a sign, and no round of a block. */
export const isUnprovenPage = (verdict: string, notes: readonly string[]): boolean =>
  verdict === 'http_blockpage' && !notes.includes(PAGE_KNOWN);

function methodOf(verdict: string): Method | null {
  switch (verdict) {
    case 'dns_blocked':
      return 'dns';
    case 'ip_blocked':
      return 'ip';
    case 'sni_blocked':
      return 'sni';
    case 'http_blockpage':
      return 'http';
    case 'throttled':
      return 'throttle';
    default:
      return null;
  }
}

function titleOf(action: Action, verdict: string, detail: string | null): string {
  if (action === 'unblock') return 'reachable again';
  switch (verdict) {
    case 'dns_blocked':
      return detail === 'delisted' ? 'delisted from the national DNS' : 'the name lookup is tampered with';
    case 'ip_blocked':
      return 'its addresses are cut off';
    case 'sni_blocked':
      return 'connections that name it are cut';
    case 'tls_mitm':
      return 'connections are intercepted with a foreign certificate';
    case 'http_blockpage':
      return 'plain HTTP shows a block page';
    case 'throttled':
      return 'slowed down beyond use';
    default:
      return verdict;
  }
}

export const isBlockingWord = (verdict: string): boolean => isBlocking(verdict as VerdictWord);
