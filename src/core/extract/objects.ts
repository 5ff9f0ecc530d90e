import { beside, isAside } from './beside.ts';
import type { Fact } from './fact.ts';
import { ACTS, type Field, isAct, type Mention, REACH } from './field.ts';
import { isHistory } from './rules/when.ts';

/** What a fact is about, after pronouns, ellipses and lists are resolved. */
export interface Objects {
  ids: string[];
  net: boolean;
  generic: boolean;
}

/** Facts that do not count themselves still name what later ones point back to. */
export function objectsOfAll(all: Fact[], facts: Fact[], fields: Field[]): Map<Fact, Objects> {
  const out = new Map<Fact, Objects>();
  let last: Objects | null = null;
  for (const fact of all) {
    if (fact.time === 'past') continue;
    const own = resolve(fact, last, fields);
    out.set(fact, own);
    if (own.ids.length > 0 || own.net || own.generic) last = own;
  }
  // A title that names none is about what the lead names: "the regulator slows the messenger".
  for (const fact of facts) {
    const own = out.get(fact)!;
    if (fact.field.name !== 'title' || own.ids.length > 0 || own.net || fact.unknown) continue;
    const named = facts.filter(
      (f) => f.field.name === 'summary' && f.act.cls !== 'legal' && out.get(f)!.ids.length > 0,
    );
    // "Network back", says the title; "X and Y cannot be used", the text: not what is back.
    const later = named.find((f) => !isLift(fact) || isLift(f) || fact.generic || fact.carried);
    if (later !== undefined) out.set(fact, { ...out.get(later)!, net: false, generic: own.generic });
    else if (fact.generic) {
      const summary = fields.find((f) => f.name === 'summary');
      const free = freeMentions(summary).filter((m) => isReported(summary!, m) && !isResolver(summary!, m));
      if (free.length > 0) out.set(fact, { ids: free.map((m) => m.id), net: false, generic: true });
    }
  }
  return out;
}

const isLift = (f: Fact): boolean => f.action === 'unblock' || f.state === 'held';

const freeMentions = (field: Field | undefined): Mention[] =>
  (field?.mentions ?? []).filter((m) => m.role === null && m.id !== 'vpn');

/** Beside sites that nobody names, who serves or finds them is no target. */
const isResolver = (field: Field, m: Mention): boolean =>
  (m.category === 'infrastructure' || m.category === 'search') &&
  !field.cues.some((c) => isAct(c) && field.sameClause(c, m));

/** An act, a list or the word "platform" stands with the name: it is no address ("read us in Telegram"), and no history. */
const isReported = (field: Field, m: Mention): boolean =>
  !isHistory(field, m.from) &&
  (field.cues.some((c) => field.sameClause(c, m) && (isAct(c) || c.cls === 'enum' || c.cls === 'social')) ||
    field.mentions.some((o) => o !== m && beside(field, o, m)));

function resolve(fact: Fact, last: Objects | null, fields: Field[]): Objects {
  if (fact.mentions.length > 0 || fact.net) {
    return { ids: fact.mentions.map((m) => m.id).concat(listed(fact)), net: fact.net, generic: fact.generic };
  }
  // "the fight against X widens: protocols A and B are blocked": what the sentence is about.
  const near = sentenceMentions(fact);
  if (fact.unknown) return { ids: near, net: false, generic: near.length === 0 };
  if (fact.carried)
    return near.length > 0 ? named(near) : (last ?? fromTitle(fields, fact) ?? { ids: [], net: false, generic: false });
  if (fact.generic) return nameless(fact, near, last, fields);
  // "slows X, warning of more", "slows X, a full block is being prepared": what is ahead is about what the sentence is about.
  return { ids: fact.threat || (fact.full && fact.state === 'warn') ? near : [], net: false, generic: false };
}

const named = (ids: string[]): Objects => ({ ids, net: false, generic: false });

/** "blocked the app": a class noun points back to what was named; in a title or after nothing it stands for itself. */
function nameless(fact: Fact, near: string[], last: Objects | null, fields: Field[]): Objects {
  const titled = fact.field.name === 'title';
  if (near.length > 0 && titled) return named(near);
  // "Farewell, X? The messenger is blocked": in a title, too, one thing points back to the one that was named.
  const before = titled ? nameBefore(fact) : null;
  if (before !== null) return named([before]);
  // "the other platforms stay blocked": not those named before.
  const rest = fact.field.sentenceHas(fact.act.from, 'rest');
  const back = titled || rest ? null : (last ?? fromTitle(fields, fact));
  return back !== null && back.ids.length > 0 ? { ...back, net: false } : { ids: [], net: false, generic: true };
}

/** The only service named in the title before an act on one thing of that kind. */
function nameBefore({ field, act }: Fact): string | null {
  const ids = new Set(
    field.mentions.filter((m) => m.role === null && m.to <= act.from && !field.sameClause(m, act)).map((m) => m.id),
  );
  const kinds = field.clauseOf(act.from).cues.filter((c) => c.cls === 'social');
  const one = kinds.length > 0 && !kinds.some((c) => field.hasCue(c.from, 'many'));
  return ids.size === 1 && one && !field.sentenceHas(act.from, 'rest') ? [...ids][0]! : null;
}

function fromTitle(fields: Field[], { field, act }: Fact): Objects | null {
  const title = fields[0]!;
  const ids = freeMentions(title)
    .filter((m) => title !== field || !isAside(field, act, m))
    .map((m) => m.id);
  // VPNs are mostly a means; a title that names nothing else is about them.
  if (ids.length === 0 && title.mentions.some((m) => m.role === null && m.id === 'vpn')) ids.push('vpn');
  const net = ids.length === 0 && title.hasWord('net');
  return ids.length === 0 && !net ? null : { ids, net, generic: false };
}

/** Mentions in another proposition of the same sentence when the act's own has none: "Facebook, Instagram — all blocked". */
function sentenceMentions(fact: Fact): string[] {
  const { field, act } = fact;
  return freeMentions(field)
    .filter(
      (m) =>
        field.sameSentence(m, act) &&
        !isAside(field, act, m) &&
        // "X is back, but Y stays blocked": what has an act of its own says nothing of this one.
        (field.sameClause(m, act) || !field.cues.some((c) => isAct(c) && field.sameClause(c, m))),
    )
    .map((m) => m.id);
}

/** What a list goes on with across a colon, a dash or brackets: "platforms — Facebook, Twitter and WhatsApp". */
function listed(fact: Fact): string[] {
  const out: string[] = [];
  let tail = fact.mentions.at(-1);
  if (tail === undefined) return out;
  for (const m of fact.field.mentions) {
    if (m.from <= tail.from || m.role !== null) continue;
    if (!beside(fact.field, tail, m) || isBehindSemicolon(fact.field, tail, m)) break;
    // "X and Y are back, Z stays down": the last has an act of its own.
    const own = fact.field.cueAfter(m.to, ACTS, REACH.near);
    if (own !== null && own !== fact.act && m.from > fact.act.from && fact.field.sameClause(m, own)) break;
    out.push(m.id);
    tail = m;
  }
  return out;
}

/** "blocks X; Y has been banned for years": behind the semicolon a clause with an act of its own. */
const isBehindSemicolon = (field: Field, { to }: Mention, m: Mention): boolean =>
  /[;؛；]/u.test(field.text.slice(field.tokens[to - 1]!.end, field.tokens[m.from]!.start)) &&
  field.clauseOf(m.from).cues.some(isAct);

/** A sentence that only goes on with the list ("among them are …") adds its names to what was said before. */
export function enumerations(facts: Fact[], objects: Map<Fact, Objects>, fields: Field[]): void {
  const anchor = facts.find((f) => f.field.name === 'title') ?? facts[0];
  if (anchor === undefined || anchor.state === 'held') return;
  const own = objects.get(anchor)!;
  for (const field of fields) {
    if (field.name === 'body') continue;
    for (const cue of field.cues) {
      if (cue.cls !== 'enum' || field.sentenceHas(cue.from, 'remain')) continue;
      // "which was never on the list" goes on with none.
      if (field.cuesAround(cue.from).some((c) => (isAct(c) ? field.sameClause(c, cue) : c.cls === 'neg'))) continue;
      const names = freeMentions(field).filter((m) => field.sameSentence(m, cue));
      if (names.length > 0 && !own.net)
        for (const [fact, it] of objects)
          if (fact === anchor || (it.ids.length > 0 && it.ids.join() === own.ids.join()))
            objects.set(fact, { ...it, ids: [...new Set([...it.ids, ...names.map((m) => m.id)])] });
    }
  }
}
