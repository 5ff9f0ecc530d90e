import { codeOf, messageOf } from '../errors.ts';
import { logFailure } from '../failures.ts';
import type { Clock } from '../ports/clock.ts';
import type { Bus, LeaseBoard, LeaseName, Leases, Role, Tenure } from '../ports/leases.ts';
import type { Log } from '../ports/log.ts';
import { wakeable } from '../wakeable.ts';
import { accountOf, halvesOf, planLeases, wantedBy } from './plan.ts';
import { createUnservedWatch } from './unserved.ts';

/** What runs while leases are held. */
export interface Unit {
  /** Ends it: what is under way is settled, as far as the leases still allow. Bounded to some seconds; never throws. */
  stop(): Promise<void>;
}

/** `account/<id>`: with what is held of it. */
type UnitName = 'ingest' | 'fanout' | `account/${string}`;

export interface SupervisorDeps {
  leases: Leases;
  bus: Bus;
  clock: Clock;
  log: Log;
  roles: readonly Role[];
  accounts: readonly string[];
  /** Those of them of which one process holds all or nothing; absent = none. */
  whole?: ReadonlySet<string>;
  /** Begins what these leases of one unit allow. Throws where it cannot; the leases go to somebody else then. */
  begin(unit: UnitName, tenures: readonly Tenure[]): Promise<Unit>;
}

/** Takes the leases that its roles want, runs what they allow, and ends it when they are lost. Losing one never ends the process. */
export interface Supervisor {
  /** Takes part, takes what is free, and begins it. Throws what the first beginning of anything throws. */
  start(): Promise<void>;
  /** Goes on taking, losing and handing over until aborted. Never rejects. */
  loop(signal: AbortSignal): Promise<void>;
  /** Ends all units in order and hands their leases over. Never throws. */
  stop(): Promise<void>;
  held(): LeaseName[];
  /** What its roles want and others hold. */
  waitsFor(): LeaseName[];
  /** Ends what runs for an account and begins it anew, under the same leases; where that fails, or too soon, they rest and anybody may take them. Never rejects. */
  again(account: string): Promise<void>;
  /** As it was seen last. */
  board(): LeaseBoard;
  /** Do other processes live? */
  shared(): boolean;
}

interface Running {
  tenures: Map<LeaseName, Tenure>;
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

export function createSupervisor(deps: SupervisorDeps): Supervisor {
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
  const turns = new Map<UnitName, Promise<void>>();

  const held = (): LeaseName[] => [...units.values()].flatMap(({ tenures }) => [...tenures.keys()]);
  const waitsFor = (): LeaseName[] => {
    const mine = new Set(held());
    return wanted.filter((name) => !mine.has(name));
  };

  function inTurn(name: UnitName, work: () => Promise<void>): Promise<void> {
    const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
    turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** Ends what runs, if anything does. */
  async function end(running: Running): Promise<void> {
    const { unit } = running;
    running.unit = null;
    await unit?.stop();
  }

  async function begin(name: UnitName, running: Running): Promise<void> {
    const tenures = [...running.tenures.values()].filter(({ signal }) => !signal.aborted);
    if (tenures.length === 0 || stopping) return;
    try {
      running.unit = await deps.begin(name, tenures);
    } catch (error) {
      await letGo(name, running, [...running.tenures.keys()], AGAIN);
      throw error;
    }
  }

  async function letGo(name: UnitName, running: Running, names: readonly LeaseName[], rest: number): Promise<void> {
    const given = names.flatMap((one) => running.tenures.get(one) ?? []);
    for (const one of names) {
      running.tenures.delete(one);
      notBefore.set(one, clock.monotonic() + rest);
    }
    if (running.tenures.size === 0) units.delete(name);
    await Promise.all(given.map((tenure) => tenure.release()));
  }

  /** A tenure that ends by itself ends its unit; what is left of it begins anew. */
  function onLost(name: UnitName, tenure: Tenure): void {
    const running = units.get(name);
    if (!running || running.tenures.get(tenure.name) !== tenure) return;
    running.tenures.delete(tenure.name);
    log.info('Lost a lease; another process may do its work now', { lease: tenure.name, epoch: tenure.epoch });
    void inTurn(name, async () => {
      await end(running);
      if (running.tenures.size > 0) await begin(name, running);
      else if (units.get(name) === running) units.delete(name);
    }).catch((error) => logFailure(log, 'Unable to go on with what is left', error, { unit: name }));
    pause.wake();
  }

  function isHalf(name: LeaseName, taken: readonly Tenure[]): boolean {
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
    await Promise.all(halves.map((tenure) => tenure.release()));
    const kept = taken.filter((tenure) => !halves.includes(tenure));
    const news = [...Map.groupBy(kept, (tenure) => unitOf(tenure.name))];
    for (const [name, tenures] of news) {
      const running = units.get(name) ?? { tenures: new Map<LeaseName, Tenure>(), unit: null };
      units.set(name, running);
      for (const tenure of tenures) {
        running.tenures.set(tenure.name, tenure);
        tenure.signal.addEventListener('abort', () => onLost(name, tenure), { once: true });
        if (tenure.signal.aborted) onLost(name, tenure);
      }
    }
    const renew = ([name]: [UnitName, Tenure[]]) =>
      inTurn(name, async () => {
        const running = units.get(name);
        if (!running) return;
        await end(running);
        await begin(name, running);
      });
    return async () => {
      const isAccount = ([name]: [UnitName, Tenure[]]) => name.startsWith('account/');
      const begun = await Promise.allSettled(news.filter(isAccount).map(renew));
      begun.push(...(await Promise.allSettled(news.filter((one) => !isAccount(one)).map(renew))));
      for (const one of begun) if (one.status === 'rejected') throw one.reason;
    };
  }

  async function handOver(names: readonly LeaseName[], why: string): Promise<void> {
    log.info('Hands over, so that others have their share', { leases: names.join(' '), why });
    for (const [name, own] of Map.groupBy(names, unitOf)) {
      await inTurn(name, async () => {
        const running = units.get(name);
        if (!running) return;
        await end(running);
        await letGo(name, running, own, REST);
        if (running.tenures.size > 0) await begin(name, running);
      });
    }
    pause.wake();
  }

  /** One look at the board, and what follows from it. `begun`: what it began is under way. */
  async function look(): Promise<{ inMs: number; begun: Promise<unknown> }> {
    board = await leases.list();
    const now = clock.monotonic();
    const taken = new Set(board.leases.filter(({ expired }) => !expired).map(({ name }) => name));
    for (const name of wanted)
      if (taken.has(name)) freeSince.delete(name);
      else if (!freeSince.has(name)) freeSince.set(name, now);
    const state = {
      me: leases.processId,
      roles,
      accounts,
      whole,
      held: new Set(held()),
      board,
      freeSince,
      notBefore,
      handedAt,
    };
    let inMs = 0;
    const works: (() => Promise<void>)[] = [];
    for (const action of planLeases(state, now)) {
      if (action.do === 'take') works.push(await take(action.names));
      else if (action.do === 'hand-over') {
        handedAt = now;
        works.push(() => handOver(action.names, action.why));
      } else inMs = action.inMs;
    }
    await say();
    unserved(board);
    return { inMs, begun: Promise.all(works.map((work) => work())) };
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
    waitsFor,
    again(account) {
      const name: UnitName = `account/${account}`;
      return inTurn(name, async () => {
        const running = units.get(name);
        if (!running) return;
        await end(running);
        const tooSoon = clock.monotonic() < (anewFrom.get(name) ?? 0);
        anewFrom.set(name, clock.monotonic() + ANEW_EVERY);
        await (tooSoon ? letGo(name, running, [...running.tenures.keys()], AGAIN) : begin(name, running));
      }).catch((error) => logFailure(log, 'Unable to begin anew; it is left to others for now', error, { unit: name }));
    },
    board: () => board,
    shared: () => board.processes.some(({ id }) => id !== leases.processId),
    async start() {
      await leases.join({ roles, waitsFor: wanted });
      const { begun } = await look();
      await begun;
    },
    async loop(signal) {
      bus.hear('leases', pause.wake, signal);
      let failing = false;
      let wait = 0;
      while (!signal.aborted) {
        await pause.pause(wait, signal);
        if (signal.aborted || stopping) break;
        pause.begin();
        try {
          const { inMs, begun } = await look();
          begun.catch((error) =>
            logFailure(log, 'Unable to begin what was taken; it is left to others for now', error),
          );
          wait = inMs;
          failing = false;
        } catch (error) {
          wait = DATABASE_AGAIN;
          if (!failing && codeOf(error) !== 'lease_lost')
            logFailure(log, `Unable to see to the leases: ${messageOf(error)}`, error);
          failing = true;
        }
      }
    },
    async stop() {
      stopping = true;
      // Nobody waits for this one's share any more.
      await leases.join({ roles: [], waitsFor: [] }).catch(() => undefined);
      await Promise.all(
        [...units].map(([name, running]) =>
          inTurn(name, async () => {
            await end(running);
            await letGo(name, running, [...running.tenures.keys()], 0);
          }).catch((error) => logFailure(log, 'Unable to end in order', error, { unit: name })),
        ),
      );
    },
  };
}
