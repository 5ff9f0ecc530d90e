import { type Action, severityOf } from '../model/incident.ts';
import type { Fact } from './fact.ts';

/** A story that turns within a sentence. */

/** "lifts the ban on X, but the app does not open": behind what is said to be back, in a clause that "but" opens, it does not work. */
export const turnsBack = ({ field, act, down, weak, part }: Fact, back: Fact): boolean =>
  down &&
  !weak &&
  !part &&
  back.action === 'unblock' &&
  back.state === 'now' &&
  back.field === field &&
  back.act.to <= act.from &&
  field.sameSentence(back.act, act) &&
  !field.sameClause(back.act, act) &&
  field.clauseHas(act.from, 'split', (c) => c.from < act.from);

/** One (service, countries, action) that the text tells, before the events are put together. */
export interface Claim {
  /** Service id, `internet`, or '' for platforms that nobody names. */
  id: string;
  action: Action;
  countries: string[];
  fact: Fact;
  /** 0 title, 1 lead, 2 body. */
  rank: number;
}

const family = (claim: Claim): string =>
  claim.action === 'warn' || claim.action === 'unblock' ? claim.action : 'access';

/** For each service the state that the text leaves it in. */
export function settle(spoken: Claim[]): Claim[] {
  const all = spoken.filter((c) => !isPassing(c, spoken));
  const byId = Map.groupBy(all, ({ id }) => id);
  const titled = all.some((c) => c.rank === 0 && c.id === 'internet' && !c.fact.bare);
  const out: Claim[] = [];
  for (const [id, every] of byId) {
    // "X and Y go dark", says the title; "the shutdown", the text: of X and Y.
    const bare = id === 'internet' && byId.size > 1 && !titled;
    const own = bare ? every.filter((c) => !c.fact.bare || c.rank === 0) : every;
    if (own.length > 0 && !(id === '' && isNamedElsewhere(own, all))) out.push(...settleOne(own));
  }
  return out;
}

/** What the text says of platforms in general, it says of those that it names. */
const isNamedElsewhere = (own: Claim[], all: Claim[]): boolean =>
  all.some((c) => c.id !== '' && c.id !== 'internet' && family(c) === family(own[0]!));

/** "Deputies promise a ban on X", says the title, and far down the text: "now Y is slowed down": nothing new of Y. */
function isPassing({ id, action, rank, fact }: Claim, all: Claim[]): boolean {
  if (rank !== 1 || id === '' || action === 'warn' || action === 'unblock') return false;
  const titled = all.filter((c) => c.rank === 0);
  const ahead = titled.length > 0 && titled.every((c) => c.action === 'warn' && c.id !== '' && c.id !== id);
  return ahead && fact.field.sentence[fact.act.from]! > 0;
}

function settleOne(all: Claim[]): Claim[] {
  let done = all.filter((c) => c.fact.state === 'now' && c.action !== 'warn');
  const held = all.filter((c) => c.fact.state === 'held');
  const warned = all.filter((c) => c.action === 'warn');
  // "Chile plans a ban", says the title, "like the one that France has", the text.
  const plan = warned.find((c) => c.rank === 0 && c.countries.length > 0);
  if (plan !== undefined && !done.some((c) => c.rank === 0))
    done = done.filter(
      (c) => (c.countries.length === 0 || c.countries.some((code) => plan.countries.includes(code))) && !isDetail(c),
    );
  const lead = Math.min(...done.map((c) => c.rank), 9);
  // "was partly restored, but": the title's state holds.
  const open = done.filter(
    (c) => c.action === 'unblock' && !(c.fact.gradual && c.rank > lead && done.some((d) => d.action !== 'unblock')),
  );
  const cut = done.filter((c) => c.action !== 'unblock');
  // "partly back; mobile data is still suspended": the title's return is one.
  const partly = open[0]?.rank === 0 && open[0].fact.gradual;
  const holds = cut.some(
    (c) =>
      (c.fact.still && (!c.fact.carried || (c.rank === 0 && c.id !== 'internet')) && c.rank <= (partly ? 0 : 1)) ||
      open.some((o) => turnsBack(c.fact, o.fact)),
  );
  const out: Claim[] = [];
  if (open.length > 0 && !holds && (open[0]!.rank <= lead || open.at(-1) === done.at(-1))) out.push(open[0]!);
  else if (cut.length > 0) out.push(strongest(cut));
  else if (held.length > 0 && warned.length === 0) out.push(held[0]!);
  // "slows X, plans to block it completely": a threat beside what runs.
  const slight = out.some((c) => c.action === 'throttle' || c.action === 'restrict');
  const threat = warned.find((c) => c.fact.threat || (slight && (c.fact.full || isNextStep(out[0]!, c))));
  if (out.length === 0 && warned.length > 0) out.push(warned[0]!);
  // A network that is off is warned of no more; a service may be slowed down now and blocked next.
  else if (threat !== undefined && cut.length > 0 && threat.id !== 'internet') out.push(threat);
  return out;
}

/** "X will be blocked || A bill … Among the measures: a block": what the text tells of a plan is the plan, no more. */
function isDetail({ rank, action, fact }: Claim): boolean {
  if (rank !== 1 || action === 'unblock' || fact.still || fact.time !== 'now') return false;
  const { cues, sentence } = fact.field;
  return fact.carried && cues.some((c) => c.cls === 'bill' && sentence[c.from] === 0);
}

/** "slows X and will block it in April": said in one breath. */
const isNextStep = (now: Claim, { fact }: Claim): boolean =>
  now.action === 'throttle' &&
  fact.act.cls === 'block' &&
  now.fact.field === fact.field &&
  now.fact.act.from < fact.act.from &&
  fact.field.sentence[now.fact.act.from] === fact.field.sentence[fact.act.from];

/** A part, or a limit that goes no further yet. */
const isLess = ({ fact, action }: Claim): boolean => fact.part || (fact.gradual && action === 'restrict');

/** The state that the first rank tells; a slow-down stated beside a limit says how, a part named says that it is no more than that. */
function strongest(cut: Claim[]): Claim {
  const lead = Math.min(...cut.map((c) => c.rank));
  const first = cut.filter((c) => c.rank === lead);
  const part = first.find((c) => c.fact.part);
  if (part !== undefined) return part;
  // "X blocked", says the title; "photos do not arrive", says the text and no more: a part.
  const second = first.some((c) => c.action === 'throttle')
    ? []
    : cut.filter((c) => c.rank === lead + 1 && c.rank <= 1);
  if (
    first.every((c) => c.fact.act.cls !== 'delist') &&
    second.some(isLess) &&
    second.every((c) => isLess(c) || c.fact.act.cls === 'restrict' || c.fact.down)
  )
    return second.find(isLess)!;
  const slow = cut.find((c) => c.action === 'throttle' && c.rank <= 1);
  // "limited access", slowed down elsewhere in the text: the manner says what the limit is.
  const full = first.find((c) => (c.action === 'block' && c.fact.act.cls !== 'restrict') || c.action === 'shutdown');
  if (slow !== undefined && (slow.rank === lead || full === undefined || full.fact.down)) return slow;
  const near = cut.filter((c) => c.rank <= 1 || c.rank === lead);
  return near.reduce((a, b) => (severityOf(b.action) > severityOf(a.action) ? b : a));
}
