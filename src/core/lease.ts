import { logFailure } from './errors.ts';
import type { Bus, LeaseBoard, LeaseName, Leases, LiveProcess, Role, LeaseTerm } from './ports/leases.ts';
import type { Clock, Log, Tools } from './ports/runtime.ts';
import { inOrderByKey, keepAtIt, wakeable } from './wakeable.ts';

/** What a process knows when it decides; times in ms of its monotonic clock. */
export interface LeaseState {
  me: string;
  roles: readonly Role[];
  /** Accounts of the configuration, in its order. */
  accounts: readonly string[];
  /** Those of them of which one process holds all or nothing. */
  whole: ReadonlySet<string>;
  held: ReadonlySet<LeaseName>;
  board: LeaseBoard;
  /** Leases that nobody holds, since when this process has known it. */
  freeSince: ReadonlyMap<LeaseName, number>;
  /** Not to be taken before: it was handed over just now, or could not be begun. */
  notBefore: ReadonlyMap<LeaseName, number>;
  /** When this process handed something over last so that others have their share. */
  handedAt: number;
}

/** What a process does now, and when it looks again (ms). */
export interface LeasePlan {
  take: LeaseName[];
  /** Only where there is nothing to take. */
  handOver: { names: LeaseName[]; why: 'more-than-its-share' | 'the-other-half-is-elsewhere' } | null;
  inMs: number;
}

/** Whoever has its share leaves what comes free to the others for so long. */
export const LEFT_TO_OTHERS = 1_000;
/** Between two accounts that one process hands over. */
export const HAND_OVER_EVERY = 30_000;
/** While something is waited for; a notice of what comes free comes before. */
const LOOK_WAITING = 1_000;
/** Timers are early by a moment, ms. */
const MOMENT = 2;
/** While all that is wanted is held. */
const LOOK_HOLDING = 10_000;

export const ALL_ROLES: readonly Role[] = ['ingest', 'bot', 'deliver', 'web'];

const hasRole = (one: Pick<LiveProcess, 'roles'>, role: Role): boolean => one.roles.includes(role);

/** What an account needs of a process with these roles. Of one that is whole, who can do but half of it does nothing. */
export function halvesOf(account: string, roles: readonly Role[], whole: ReadonlySet<string>): LeaseName[] {
  const halves: LeaseName[] = [];
  if (roles.includes('bot')) halves.push(`receive/${account}`);
  if (roles.includes('deliver')) halves.push(`send/${account}`);
  return whole.has(account) && halves.length < 2 ? [] : halves;
}

/** All that a process with these roles would hold. */
export const wantedBy = (roles: readonly Role[], accounts: readonly string[], whole: ReadonlySet<string>) => [
  ...(roles.includes('ingest') ? (['ingest'] as const) : []),
  ...(roles.includes('deliver') ? (['fanout'] as const) : []),
  ...accounts.flatMap((account) => halvesOf(account, roles, whole)),
];

/** The account that a lease is about; null = it is about none. */
export function accountOf(name: LeaseName): string | null {
  const slash = name.indexOf('/');
  return slash < 0 ? null : name.slice(slash + 1);
}

/** What a process has to do, by the leases that it holds: accounts, of which it may hold a half, and the rest. */
const unitsOf = (names: Iterable<LeaseName>): Set<UnitName> => new Set(Array.from(names, unitOf));

const accountsAmong = (units: ReadonlySet<UnitName>): number =>
  [...units].filter((unit) => unit.startsWith('account/')).length;

/**
 * Which leases to take or to hand over, by what everybody sees on the board. Pure. Two processes that decide at the same time may both want one:
 * the database gives it to one of them.
 */
export function planLeases(state: LeaseState, now: number): LeasePlan {
  const view = viewOf(state);
  const missing = wantedBy(state.roles, state.accounts, state.whole).filter((name) => !state.held.has(name));
  const free = missing.filter((name) => !view.holderOf.has(name));
  const takes = free.filter((name) => now >= (state.notBefore.get(name) ?? now));
  let waitsFor = free.length < takes.length ? LOOK_WAITING : Number.POSITIVE_INFINITY;
  const chosen: LeaseName[] = [];
  const load = unitsOf(state.held);
  // Halves of one account stand together, all else by itself.
  for (const [unit, names] of Map.groupBy(takes, unitOf)) {
    const account = accountOf(names[0]!);
    // The other half is somebody else's: neither can do anything until it hands it over, or loses it.
    if (account !== null && state.whole.has(account) && names.length < 2) continue;
    const mine =
      account === null ? load.size <= view.leastOf(names[0]!) : load.has(unit) || accountsAmong(load) < view.share;
    const waited = Math.min(...names.map((name) => now - (state.freeSince.get(name) ?? now)));
    if (mine || waited >= LEFT_TO_OTHERS || view.alone) {
      chosen.push(...names);
      load.add(unit);
    } else waitsFor = Math.min(waitsFor, LEFT_TO_OTHERS - waited);
  }
  const lookEvery = missing.length > 0 || !view.alone ? LOOK_WAITING : LOOK_HOLDING;
  const handOver = chosen.length > 0 ? null : handedOver(state, view, now);
  // Whoever holds it may be dead: it is taken at the moment when it ends.
  const ends = state.board.leases.flatMap(({ name, endsIn }) =>
    endsIn > 0 && missing.includes(name) ? [endsIn + MOMENT] : [],
  );
  return { take: chosen, handOver, inMs: Math.min(waitsFor, lookEvery, ...ends) };
}

type View = ReturnType<typeof viewOf>;

/** The others, as far as a decision needs them. */
function viewOf({ me, roles, accounts, board }: LeaseState) {
  const others = board.processes.filter(({ id }) => id !== me);
  const byId = new Map(others.map((one) => [one.id, one]));
  const theirs = board.leases.filter(({ processId, endsIn }) => endsIn > 0 && processId !== me);
  const held = Map.groupBy(theirs, ({ processId }) => processId);
  const load = (id: string): Set<UnitName> => unitsOf((held.get(id) ?? []).map(({ name }) => name));
  const needed = (['bot', 'deliver'] as const).filter((role) => roles.includes(role));
  const peers = others.filter((one) => needed.every((role) => hasRole(one, role)));
  return {
    /** Leases of others that have not expired; null = of a process that nobody knows. */
    holderOf: new Map(theirs.map(({ name, processId }) => [name, byId.get(processId) ?? null])),
    /** Others that live and can do with an account all that this process can. */
    peers,
    /** Accounts that each of these has when they are spread evenly. */
    share: Math.ceil(accounts.length / (peers.length + 1)),
    alone: others.length === 0,
    accountsOf: (id: string): number => accountsAmong(load(id)),
    /** The least that any other live process, which could take it, has to do. */
    leastOf(name: LeaseName): number {
      const able = others.filter((one) => hasRole(one, name === 'ingest' ? 'ingest' : 'deliver'));
      return Math.min(...able.map(({ id }) => load(id).size), Number.POSITIVE_INFINITY);
    },
  };
}

/** Its configuration may have other accounts: what it does not wait for, it would not take. */
const wants = ({ waitsFor }: LiveProcess, names: readonly LeaseName[]): boolean =>
  names.every((name) => waitsFor.includes(name));

function handedOver(state: LeaseState, view: View, now: number): LeasePlan['handOver'] {
  const heldOf = (account: string): LeaseName[] =>
    halvesOf(account, state.roles, state.whole).filter((name) => state.held.has(name));
  for (const account of state.whole) {
    const names = heldOf(account);
    if (names.length === 1) return { names, why: 'the-other-half-is-elsewhere' };
  }
  if (now - state.handedAt < HAND_OVER_EVERY || view.peers.length === 0) return null;
  const mine = state.accounts.filter((account) => heldOf(account).length > 0);
  const able = halvesOf('', state.roles, state.whole).length === 2;
  for (const account of able ? mine : []) {
    // Two that each could do all of it: whoever sends keeps it, so that the pace need not be split.
    const sender = view.holderOf.get(`send/${account}`);
    const names = [`receive/${account}` as const];
    if (sender && view.peers.includes(sender) && state.held.has(names[0]!) && wants(sender, names))
      return { names, why: 'the-other-half-is-elsewhere' };
  }
  if (mine.length <= view.share) return null;
  const poorer = view.peers.filter(({ id }) => view.accountsOf(id) + 1 < mine.length);
  const names = mine.map(heldOf).findLast((held) => poorer.some((peer) => wants(peer, held)));
  return names ? { names, why: 'more-than-its-share' } : null;
}

/** Processes that start one after the other, or again, are given so long, ms. */
const PATIENCE = 30_000;

const roleOf = (name: LeaseName): Role =>
  name === 'ingest' ? 'ingest' : name.startsWith('receive/') ? 'bot' : 'deliver';

/** Says, once, when something is done by no process and no process that lives would do it; and when all of it is done again. Called with each look. */
export function createUnservedWatch({ clock, log }: { clock: Clock; log: Log }, accounts: readonly string[]) {
  const all = wantedBy(ALL_ROLES, accounts, new Set());
  const since = new Map<LeaseName, number>();
  let said = '';
  return ({ leases, processes }: LeaseBoard): void => {
    const now = clock.monotonic();
    const served = new Set([
      ...leases.filter(({ endsIn }) => endsIn > 0).map(({ name }) => name),
      ...processes.flatMap(({ waitsFor }) => waitsFor),
    ]);
    for (const name of all)
      if (served.has(name)) since.delete(name);
      else if (!since.has(name)) since.set(name, now);
    const idle = [...since].filter(([, at]) => now - at >= PATIENCE).map(([name]) => name);
    const names = idle.join(' ');
    if (names === said) return;
    said = names;
    if (idle.length === 0) return log.info('Everything is done by some process again');
    const roles = [...new Set(idle.map(roleOf))].join(',');
    log.warn('No process does this, and none waits for it: start one with these roles', { leases: names, roles });
  };
}

/** What runs while leases are held. */
export interface Unit {
  /** Ends it: what is under way is settled, as far as the leases still allow. Bounded to some seconds; never throws. */
  stop(): Promise<void>;
}

/** `account/<id>`: with what is held of it. */
type UnitName = 'ingest' | 'fanout' | `account/${string}`;

interface SupervisorDeps extends Pick<Tools, 'clock' | 'log'> {
  leases: Leases;
  bus: Bus;
  roles: readonly Role[];
  accounts: readonly string[];
  /** Those of them of which one process holds all or nothing; absent = none. */
  whole?: ReadonlySet<string>;
  /** Begins what these leases of one unit allow. Throws where it cannot; the leases go to somebody else then. */
  begin(unit: UnitName, terms: readonly LeaseTerm[]): Promise<Unit>;
}

export type Supervisor = ReturnType<typeof createSupervisor>;

interface Running {
  terms: Map<LeaseName, LeaseTerm>;
  unit: Unit | null;
}

/** What could not be begun is tried again after this, ms. */
const AGAIN = 15_000;
/** What was handed over is left to others for so long, ms. */
const REST = 10_000;
/** What breaks a second time within so long rests, and is left to others, ms. */
const ANEW_EVERY = 60_000;
/** A database that does not answer is asked again after this, ms. */
const DATABASE_AGAIN = 1_000;

function unitOf(name: LeaseName): UnitName {
  const account = accountOf(name);
  return account === null ? (name as 'ingest' | 'fanout') : `account/${account}`;
}

/** Takes the leases that its roles want, runs what they allow, and ends it when they are lost. Losing one never ends the process. */
export function createSupervisor(deps: SupervisorDeps) {
  const { leases, bus, clock, log, roles, accounts, whole = new Set<string>() } = deps;
  const pause = wakeable(clock);
  const unserved = createUnservedWatch(deps, accounts);
  const units = new Map<UnitName, Running>();
  const freeSince = new Map<LeaseName, number>();
  const notBefore = new Map<LeaseName, number>();
  const anewFrom = new Map<UnitName, number>();
  const wanted = wantedBy(roles, accounts, whole);
  let board: LeaseBoard = { leases: [], processes: [] };
  let handedAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  let told = '';
  /** Units end and begin one after the other, each for itself. */
  const inTurn = inOrderByKey();

  const held = (): LeaseName[] => [...units.values()].flatMap(({ terms }) => [...terms.keys()]);
  const waitsFor = (): LeaseName[] => {
    const mine = new Set(held());
    return wanted.filter((name) => !mine.has(name));
  };

  /** Ends what runs, if anything does. */
  async function end(running: Running): Promise<void> {
    const { unit } = running;
    running.unit = null;
    await unit?.stop();
  }

  /** In its turn: ends what runs of a unit, and goes on with it. Nothing where there is no such unit. */
  const ended = (name: UnitName, next: (running: Running) => Promise<void>): Promise<void> =>
    inTurn(name, async () => {
      const running = units.get(name);
      if (!running) return;
      await end(running);
      await next(running);
    });

  async function begin(name: UnitName, running: Running): Promise<void> {
    const terms = [...running.terms.values()].filter(({ signal }) => !signal.aborted);
    if (terms.length === 0 || stopping) return;
    try {
      running.unit = await deps.begin(name, terms);
    } catch (error) {
      await letGo(name, running, [...running.terms.keys()], AGAIN);
      throw error;
    }
  }

  async function letGo(name: UnitName, running: Running, names: readonly LeaseName[], rest: number): Promise<void> {
    const given = names.flatMap((one) => running.terms.get(one) ?? []);
    for (const one of names) {
      running.terms.delete(one);
      notBefore.set(one, clock.monotonic() + rest);
    }
    if (running.terms.size === 0) units.delete(name);
    await Promise.all(given.map((term) => term.release()));
  }

  /** A term that ends by itself ends its unit; what is left of it begins anew. */
  function onLost(name: UnitName, term: LeaseTerm): void {
    const running = units.get(name);
    if (!running || running.terms.get(term.name) !== term) return;
    running.terms.delete(term.name);
    log.info('Lost a lease; another process may do its work now', { lease: term.name, epoch: term.epoch });
    void inTurn(name, async () => {
      await end(running);
      if (running.terms.size > 0) await begin(name, running);
      else if (units.get(name) === running) units.delete(name);
    }).catch((error) => logFailure(log, 'Unable to go on with what is left', error, { unit: name }));
    pause.wake();
  }

  function isHalf(name: LeaseName, taken: readonly LeaseTerm[]): boolean {
    const account = accountOf(name);
    if (account === null || !whole.has(account)) return false;
    const names = new Set([...taken.map((one) => one.name), ...held()]);
    return halvesOf(account, roles, whole).some((half) => !names.has(half));
  }

  /** Takes what is free of these, and begins what they allow: all that can be begun, accounts first; then it throws what the first of the others threw. */
  async function take(names: readonly LeaseName[]): Promise<() => Promise<void>> {
    const taken = await leases.take(names);
    // Somebody else was faster with the other half of what is nothing by halves.
    const halves = taken.filter(({ name }) => isHalf(name, taken));
    await Promise.all(halves.map((term) => term.release()));
    const kept = taken.filter((term) => !halves.includes(term));
    const news = [...Map.groupBy(kept, (term) => unitOf(term.name))];
    for (const [name, terms] of news) {
      const running = units.get(name) ?? { terms: new Map<LeaseName, LeaseTerm>(), unit: null };
      units.set(name, running);
      for (const term of terms) {
        running.terms.set(term.name, term);
        term.signal.addEventListener('abort', () => onLost(name, term), { once: true });
        if (term.signal.aborted) onLost(name, term);
      }
    }
    const renew = ([name]: [UnitName, LeaseTerm[]]) => ended(name, (running) => begin(name, running));
    return async () => {
      const { accounts = [], others = [] } = Object.groupBy(news, ([name]) =>
        name.startsWith('account/') ? 'accounts' : 'others',
      );
      const begun = await Promise.allSettled(accounts.map(renew));
      begun.push(...(await Promise.allSettled(others.map(renew))));
      for (const one of begun) if (one.status === 'rejected') throw one.reason;
    };
  }

  async function handOver(names: readonly LeaseName[], why: string): Promise<void> {
    log.info('Hands over, so that others have their share', { leases: names.join(' '), why });
    for (const [name, own] of Map.groupBy(names, unitOf)) {
      await ended(name, async (running) => {
        await letGo(name, running, own, REST);
        if (running.terms.size > 0) await begin(name, running);
      });
    }
    pause.wake();
  }

  /** One look at the board, and what follows from it. `begun`: what it began is under way. */
  async function look(): Promise<{ inMs: number; begun: Promise<unknown> }> {
    board = await leases.list();
    const now = clock.monotonic();
    const taken = new Set(board.leases.filter(({ endsIn }) => endsIn > 0).map(({ name }) => name));
    for (const name of wanted)
      if (taken.has(name)) freeSince.delete(name);
      else if (!freeSince.has(name)) freeSince.set(name, now);
    const mine = { me: leases.processId, roles, accounts, whole, held: new Set(held()) };
    const plan = planLeases({ ...mine, board, freeSince, notBefore, handedAt }, now);
    const over = plan.handOver;
    if (over) handedAt = now;
    const begin = plan.take.length > 0 ? await take(plan.take) : null;
    await say();
    unserved(board);
    return { inMs: plan.inMs, begun: over ? handOver(over.names, over.why) : Promise.resolve(begin?.()) };
  }

  /** Others, and the log, hear of each change of what this process does and waits for. */
  async function say(): Promise<void> {
    const waits = waitsFor();
    const now = `${held().join(' ')}|${waits.join(' ')}`;
    if (now === told) return;
    // The first word is the start's own.
    const first = told === '';
    told = now;
    await leases.join({ roles, waitsFor: waits });
    if (!first) log.info('Roles', { holds: held().join(' ') || 'nothing', waitsFor: waits.join(' ') || 'nothing' });
  }

  return {
    held,
    /** What its roles want and others hold. */
    waitsFor,
    /** Ends what runs for an account and begins it anew, under the same leases; where that fails, or too soon, they rest and anybody may take them. Never rejects. */
    again(account: string): Promise<void> {
      const name: UnitName = `account/${account}`;
      return ended(name, async (running) => {
        const tooSoon = clock.monotonic() < (anewFrom.get(name) ?? 0);
        anewFrom.set(name, clock.monotonic() + ANEW_EVERY);
        await (tooSoon ? letGo(name, running, [...running.terms.keys()], AGAIN) : begin(name, running));
      }).catch((error) => logFailure(log, 'Unable to begin anew; it is left to others for now', error, { unit: name }));
    },
    /** As it was seen last. */
    board: (): LeaseBoard => board,
    /** Do other processes live? */
    shared: (): boolean => board.processes.some(({ id }) => id !== leases.processId),
    /** Takes part, takes what is free, and begins it. Throws what the first beginning of anything throws. */
    async start(): Promise<void> {
      await leases.join({ roles, waitsFor: wanted });
      const { begun } = await look();
      await begun;
    },
    /** Goes on taking, losing and handing over until aborted. Never rejects. */
    async loop(signal: AbortSignal): Promise<void> {
      bus.hear('leases', pause.wake, signal);
      const tend = async () => {
        if (stopping) return;
        const { inMs, begun } = await look();
        begun.catch((error) => logFailure(log, 'Unable to begin what was taken; it is left to others for now', error));
        return inMs;
      };
      const lines = { begins: 'Unable to see to the leases', ends: null };
      await keepAtIt(tend, DATABASE_AGAIN, { clock, log, pause, ...lines }, signal);
    },
    /** Ends all units in order and hands their leases over. Never throws. */
    async stop(): Promise<void> {
      stopping = true;
      // Nobody waits for this one's share any more.
      await leases.join({ roles: [], waitsFor: [] }).catch(() => undefined);
      await Promise.all(
        [...units].map(([name, running]) =>
          inTurn(name, async () => {
            await end(running);
            await letGo(name, running, [...running.terms.keys()], 0);
          }).catch((error) => logFailure(log, 'Unable to end in order', error, { unit: name })),
        ),
      );
    },
  };
}
