import type { LeaseBoard, LeaseName, LiveProcess, Role } from '../ports/leases.ts';

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

export type LeaseAction =
  | { do: 'take'; names: LeaseName[]; why: 'fair-share' | 'nobody-else' }
  | { do: 'hand-over'; names: LeaseName[]; why: 'more-than-its-share' | 'the-other-half-is-elsewhere' }
  | { do: 'look-again'; inMs: number };

/** Whoever has its share leaves what comes free to the others for so long. */
export const LEFT_TO_OTHERS = 1_000;
/** Between two accounts that one process hands over. */
export const HAND_OVER_EVERY = 30_000;
/** While something is waited for; a notice of what comes free comes before. */
export const LOOK_WAITING = 1_000;
/** While all that is wanted is held. */
export const LOOK_HOLDING = 10_000;

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
export const wantedBy = (
  roles: readonly Role[],
  accounts: readonly string[],
  whole: ReadonlySet<string>,
): LeaseName[] => [
  ...(roles.includes('ingest') ? (['ingest'] as const) : []),
  ...(roles.includes('deliver') ? (['fanout'] as const) : []),
  ...accounts.flatMap((account) => halvesOf(account, roles, whole)),
];

/** The account that a lease is about; null = it is about none. */
export function accountOf(name: LeaseName): string | null {
  const slash = name.indexOf('/');
  return slash < 0 ? null : name.slice(slash + 1);
}

/** Accounts of which a process holds anything, and leases beside these. */
function loadOf(names: Iterable<LeaseName>): { accounts: Set<string>; all: number } {
  const accounts = new Set<string>();
  let others = 0;
  for (const name of names) {
    const account = accountOf(name);
    if (account === null) others++;
    else accounts.add(account);
  }
  return { accounts, all: accounts.size + others };
}

/**
 * Which leases to take or to hand over, by what everybody sees on the board. Pure. Two processes that decide at the same time may both want one:
 * the database gives it to one of them.
 */
export function planLeases(state: LeaseState, now: number): LeaseAction[] {
  const view = viewOf(state);
  const actions: LeaseAction[] = [];
  const free = wantedBy(state.roles, state.accounts, state.whole).filter(
    (name) => !state.held.has(name) && !view.holderOf.has(name),
  );
  const takes = free.filter((name) => now >= (state.notBefore.get(name) ?? now));
  let waitsFor = free.length < takes.length ? LOOK_WAITING : Number.POSITIVE_INFINITY;
  const chosen: LeaseName[] = [];
  const load = loadOf(state.held);
  for (const names of groupsOf(takes)) {
    const account = accountOf(names[0]!);
    // The other half is somebody else's: neither can do anything until it hands it over, or loses it.
    if (account !== null && state.whole.has(account) && names.length < 2) continue;
    const mine =
      account === null
        ? load.all <= view.leastOf(names[0]!)
        : load.accounts.has(account) || load.accounts.size < view.share;
    const waited = Math.min(...names.map((name) => now - (state.freeSince.get(name) ?? now)));
    if (mine || waited >= LEFT_TO_OTHERS || view.alone) {
      chosen.push(...names);
      load.all++;
      if (account !== null) load.accounts.add(account);
    } else waitsFor = Math.min(waitsFor, LEFT_TO_OTHERS - waited);
  }
  if (chosen.length > 0) actions.push({ do: 'take', names: chosen, why: view.alone ? 'nobody-else' : 'fair-share' });
  else {
    const over = handOver(state, view, now);
    if (over) actions.push(over);
  }
  const waiting = wantedBy(state.roles, state.accounts, state.whole).some((name) => !state.held.has(name));
  actions.push({ do: 'look-again', inMs: Math.min(waitsFor, waiting || !view.alone ? LOOK_WAITING : LOOK_HOLDING) });
  return actions;
}

interface View {
  /** Leases of others that have not expired. */
  holderOf: Map<LeaseName, LiveProcess | null>;
  /** Others that live and can do with an account all that this process can. */
  peers: LiveProcess[];
  /** Accounts that each of these has when they are spread evenly. */
  share: number;
  alone: boolean;
  accountsOf(processId: string): number;
  /** The least that any other live process, which could take it, has to do. */
  leastOf(name: LeaseName): number;
}

function viewOf({ me, roles, accounts, board }: LeaseState): View {
  const others = board.processes.filter(({ id }) => id !== me);
  const byId = new Map(others.map((one) => [one.id, one]));
  const holderOf = new Map<LeaseName, LiveProcess | null>();
  const held = new Map<string, LeaseName[]>();
  for (const { name, processId, expired } of board.leases) {
    if (expired || processId === me) continue;
    holderOf.set(name, byId.get(processId) ?? null);
    held.set(processId, [...(held.get(processId) ?? []), name]);
  }
  const needed = (['bot', 'deliver'] as const).filter((role) => roles.includes(role));
  const peers = others.filter((one) => needed.every((role) => hasRole(one, role)));
  return {
    holderOf,
    peers,
    share: Math.ceil(accounts.length / (peers.length + 1)),
    alone: others.length === 0,
    accountsOf: (id) => loadOf(held.get(id) ?? []).accounts.size,
    leastOf(name) {
      const able = others.filter((one) => hasRole(one, name === 'ingest' ? 'ingest' : 'deliver'));
      return Math.min(...able.map(({ id }) => loadOf(held.get(id) ?? []).all), Number.POSITIVE_INFINITY);
    },
  };
}

/** Halves of one account stand together, all else by itself. */
const groupsOf = (names: readonly LeaseName[]): LeaseName[][] => [
  ...Map.groupBy(names, (name) => accountOf(name) ?? ` ${name}`).values(),
];

/** Its configuration may have other accounts: what it does not wait for, it would not take. */
const wants = ({ waitsFor }: LiveProcess, names: readonly LeaseName[]): boolean =>
  names.every((name) => waitsFor.includes(name));

function handOver(state: LeaseState, view: View, now: number): LeaseAction | null {
  for (const account of state.whole) {
    const names = halvesOf(account, state.roles, state.whole).filter((name) => state.held.has(name));
    if (names.length === 1) return { do: 'hand-over', names, why: 'the-other-half-is-elsewhere' };
  }
  if (now - state.handedAt < HAND_OVER_EVERY || view.peers.length === 0) return null;
  const mine = state.accounts.filter((account) =>
    halvesOf(account, state.roles, state.whole).some((name) => state.held.has(name)),
  );
  const able = halvesOf('', state.roles, state.whole).length === 2;
  for (const account of able ? mine : []) {
    // Two that each could do all of it: whoever sends keeps it, so that the pace need not be split.
    const sender = view.holderOf.get(`send/${account}`);
    const names = [`receive/${account}` as const];
    if (sender && view.peers.includes(sender) && state.held.has(names[0]!) && wants(sender, names))
      return { do: 'hand-over', names, why: 'the-other-half-is-elsewhere' };
  }
  if (mine.length <= view.share) return null;
  const poorer = view.peers.filter(({ id }) => view.accountsOf(id) + 1 < mine.length);
  for (const account of mine.toReversed()) {
    const names = halvesOf(account, state.roles, state.whole).filter((name) => state.held.has(name));
    if (poorer.some((peer) => wants(peer, names))) return { do: 'hand-over', names, why: 'more-than-its-share' };
  }
  return null;
}
