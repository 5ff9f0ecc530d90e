import type { IpFamily } from './observations.ts';

/** Verdict words of the method; `decision tables` are in the files beside this one. */
export const VERDICTS = [
  'ok',
  'dns_blocked',
  'ip_blocked',
  'sni_blocked',
  'tls_mitm',
  'http_blockpage',
  'throttled',
  'down',
  'vantage_offline',
  'inconclusive',
] as const;
export type VerdictWord = (typeof VERDICTS)[number];

export type VerdictConfidence = 'low' | 'medium' | 'high';

export interface Finding {
  verdict: VerdictWord;
  detail: string | null;
}

export interface TargetVerdict extends Finding {
  /** Other blocking layers behind the first one, as `sni_blocked:rst`. */
  also: string[];
  /** Closed words such as `ipv6_blocked`, `slow_everywhere`; sorted. */
  notes: string[];
  families: Partial<Record<'ipv4' | 'ipv6', string>>;
  confidence: VerdictConfidence;
}

/** Note of an `ok` that stands on reachability alone: no download was timed, so it says nothing about a slow-down. */
export const SPEED_UNTESTED = 'speed_untested';

export const finding = (verdict: VerdictWord, detail: string | null = null): Finding => ({ verdict, detail });
export const OK: Finding = { verdict: 'ok', detail: null };
export const spell = (f: Finding): string => (f.detail === null ? f.verdict : `${f.verdict}:${f.detail}`);
export const familyKey = (family: IpFamily): 'ipv4' | 'ipv6' => (family === 4 ? 'ipv4' : 'ipv6');

/** The order in which an ordinary user meets the layers; lower is earlier. */
const LAYER: Partial<Record<VerdictWord, number>> = {
  dns_blocked: 1,
  ip_blocked: 2,
  sni_blocked: 3,
  tls_mitm: 3,
  http_blockpage: 4,
  throttled: 5,
};

export const isBlocking = (word: VerdictWord): boolean => LAYER[word] !== undefined;
export const layerOf = (word: VerdictWord): number => LAYER[word] ?? 9;
