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

export interface Finding {
  verdict: VerdictWord;
  detail: string | null;
}

/** What one layer of a target came to; null = nothing to object to. Notes are closed words such as `page_stalled`. */
export interface Noted<F extends Finding | null = Finding> {
  finding: F;
  notes: string[];
}

export interface TargetVerdict extends Finding {
  /** Other blocking layers behind the first one, as `sni_blocked:rst`. */
  also: string[];
  /** Closed words such as `ipv6_blocked`, `slow_everywhere`; sorted. */
  notes: string[];
  families: Partial<Record<'ipv4' | 'ipv6', string>>;
  confidence: 'low' | 'medium' | 'high';
}

/** Note of an `ok` that stands on reachability alone: no download was timed, so it says nothing about a slow-down. */
export const SPEED_UNTESTED = 'speed_untested';

export const finding = (verdict: VerdictWord, detail: string | null = null): Finding => ({ verdict, detail });
export const OK: Finding = { verdict: 'ok', detail: null };
export const spell = ({ verdict, detail }: { verdict: string; detail: string | null }): string =>
  detail === null ? verdict : `${verdict}:${detail}`;
/** What `spell` has written; a detail may hold colons itself. */
export function unspell(text: string): { verdict: string; detail: string | null } {
  const [verdict = '', ...rest] = text.split(':');
  return { verdict, detail: rest.join(':') || null };
}
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

/** Of equals the first of the list. */
const leastBy = <T>(list: readonly T[], rank: (one: T) => number): T =>
  list.reduce((a, b) => (rank(b) < rank(a) ? b : a));

/** What a user meets first. */
export const firstLayer = <F extends Finding>(list: readonly F[]): F =>
  leastBy(list, ({ verdict }) => layerOf(verdict));

/** Where all must work the worst word counts, where any will do the best. */
const worst = ({ verdict }: Finding): number =>
  isBlocking(verdict) ? layerOf(verdict) : verdict === 'down' ? 20 : verdict === 'inconclusive' ? 30 : 40;
const best = (one: Finding): number => (worst(one) < 30 ? worst(one) : -worst(one));

interface ComponentVerdict {
  id: string;
  rule: 'any' | 'all';
  required: boolean;
  members: TargetVerdict[];
}

/**
 * A service works when every required component does; otherwise it has the verdict of the component that fails first, and the name of
 * it unless all required ones fail alike. Other components' troubles are named in `also` and in notes (`web:sni_blocked:rst`).
 */
export function mergeComponents(components: readonly ComponentVerdict[]): {
  verdict: TargetVerdict;
  component: string | null;
} {
  const judged = components.flatMap((c) =>
    c.members.length === 0 ? [] : { c, v: leastBy(c.members, c.rule === 'any' ? best : worst) },
  );
  const required = judged.filter((x) => x.c.required);
  const base = required.length > 0 ? required : judged;
  if (base.length === 0) {
    const untested = finding('inconclusive', 'untested');
    return { verdict: { ...untested, also: [], notes: [], families: {}, confidence: 'low' }, component: null };
  }
  const first = leastBy(base, ({ v }) => worst(v));
  const failing = base.filter((x) => x.v.verdict !== 'ok');
  const also = new Set(first.v.also);
  const notes = new Set(first.v.notes);
  for (const x of judged) {
    if (x === first || x.v.verdict === 'ok') continue;
    notes.add(`${x.c.id}:${spell(x.v)}`);
    if (isBlocking(x.v.verdict) && x.v.verdict !== first.v.verdict && first.v.verdict !== 'ok') also.add(spell(x.v));
  }
  const component = first.v.verdict === 'ok' || (failing.length === base.length && base.length > 1) ? null : first.c.id;
  return { verdict: { ...first.v, also: [...also], notes: [...notes].sort() }, component };
}
