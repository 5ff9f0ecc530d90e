import { isBlocking, layerOf, spell, type TargetVerdict } from './verdict.ts';

export interface ComponentVerdict {
  id: string;
  rule: 'any' | 'all';
  required: boolean;
  members: TargetVerdict[];
}

const pickBlocked = (list: TargetVerdict[]): TargetVerdict =>
  list.reduce((a, b) => (layerOf(b.verdict) < layerOf(a.verdict) ? b : a));

/** Pool: any member is enough. Otherwise the first member that fails tells. Null = no member was judged. */
function mergeMembers(component: ComponentVerdict): TargetVerdict | null {
  const { members } = component;
  if (members.length === 0) return null;
  const ok = members.filter((m) => m.verdict === 'ok');
  const blocked = members.filter((m) => isBlocking(m.verdict));
  const doubts = members.filter((m) => m.verdict === 'inconclusive');
  const down = members.filter((m) => m.verdict === 'down');
  if (component.rule === 'any') {
    if (ok.length > 0) return ok[0]!;
    if (doubts.length > 0) return doubts[0]!;
    return blocked.length > 0 ? pickBlocked(blocked) : down[0]!;
  }
  if (blocked.length > 0) return pickBlocked(blocked);
  if (down.length > 0) return down[0]!;
  return doubts[0] ?? ok[0]!;
}

/**
 * A service works when every required component does; otherwise it has the verdict of the component that fails first, and the name of
 * it unless all required ones fail alike. Other components' troubles are named in `also` and in notes (`web:sni_blocked:rst`).
 */
export function mergeComponents(components: readonly ComponentVerdict[]): {
  verdict: TargetVerdict;
  component: string | null;
} {
  const judged = components
    .map((c) => ({ c, v: mergeMembers(c) }))
    .filter((x): x is { c: ComponentVerdict; v: TargetVerdict } => x.v !== null);
  const required = judged.filter((x) => x.c.required);
  const base = required.length > 0 ? required : judged;
  if (base.length === 0) {
    return {
      verdict: { verdict: 'inconclusive', detail: 'untested', also: [], notes: [], families: {}, confidence: 'low' },
      component: null,
    };
  }
  const order = (v: TargetVerdict): number =>
    isBlocking(v.verdict) ? layerOf(v.verdict) : v.verdict === 'down' ? 20 : v.verdict === 'inconclusive' ? 30 : 40;
  const first = [...base].sort((a, b) => order(a.v) - order(b.v))[0]!;
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
