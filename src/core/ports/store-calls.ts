import type { Leases } from './leases.ts';
import type { Store, Tables } from './store.ts';

type Kind = 'reads' | 'writes';
type Calls<T> = { readonly [Call in keyof T]: Kind };

/**
 * What each call of the store does: only a call that leaves rows behind proves that a store which failed works again (`store/watch.ts`). The
 * compiler asks for a line for each new call.
 */
export const TABLE_CALLS: { readonly [Table in Exclude<keyof Tables, 'state' | 'rows'>]: Calls<Tables[Table]> } = {
  seen: { known: 'reads', add: 'writes', bound: 'writes' },
  incidents: {
    get: 'reads',
    getMany: 'reads',
    openByKey: 'reads',
    lastClosed: 'reads',
    list: 'reads',
    transitions: 'reads',
    transitionsOf: 'reads',
    insert: 'writes',
    update: 'writes',
    addTransition: 'writes',
  },
  reports: { byIncident: 'reads', incidentsOfItem: 'reads', countByIncident: 'reads', insert: 'writes' },
  alerts: {
    get: 'reads',
    getMany: 'reads',
    byIncident: 'reads',
    insert: 'writes',
    addIncident: 'writes',
    update: 'writes',
  },
  broadcasts: {
    get: 'reads',
    waitingNew: 'reads',
    byAlert: 'reads',
    due: 'reads',
    nextDueAt: 'reads',
    insert: 'writes',
    update: 'writes',
  },
  chats: {
    get: 'reads',
    find: 'reads',
    addresses: 'reads',
    counts: 'reads',
    figures: 'reads',
    copy: 'reads',
    due: 'reads',
    nextDueAt: 'reads',
    setDue: 'writes',
    rewind: 'writes',
    ensure: 'writes',
    update: 'writes',
    end: 'writes',
    move: 'writes',
    forget: 'writes',
  },
  subscriptions: {
    list: 'reads',
    listMany: 'reads',
    followed: 'reads',
    count: 'reads',
    add: 'writes',
    remove: 'writes',
    removeAll: 'writes',
  },
  silences: { list: 'reads', listMany: 'reads', add: 'writes', remove: 'writes', removeAll: 'writes' },
  outbox: {
    peek: 'reads',
    nextDueAt: 'reads',
    recentSends: 'reads',
    underWay: 'reads',
    depth: 'reads',
    heldOf: 'reads',
    noteAnswers: 'writes',
    owedAnswers: 'writes',
    put: 'writes',
    fill: 'writes',
    advance: 'writes',
    recover: 'writes',
    rewind: 'writes',
  },
  measurements: { recent: 'reads', add: 'writes' },
  links: {
    of: 'reads',
    list: 'reads',
    stuck: 'reads',
    mains: 'reads',
    join: 'writes',
    part: 'writes',
    update: 'writes',
    divert: 'reads',
    copy: 'reads',
  },
  boards: {
    of: 'reads',
    list: 'reads',
    add: 'writes',
    remove: 'writes',
    send: 'writes',
    edit: 'writes',
    pinned: 'writes',
  },
  posts: { oldest: 'reads', put: 'writes', done: 'writes' },
  notices: { getMany: 'reads', tell: 'writes', toAll: 'writes' },
};

export const SOURCE_STATE_CALLS: Calls<Store['sourceStates']> = { getMany: 'reads', setMany: 'writes' };
export const STATE_CALLS: Calls<ReturnType<Tables['state']>> = { get: 'reads', set: 'writes', delete: 'writes' };
export const LEASE_CALLS: Calls<Pick<Leases, 'take' | 'list' | 'join'>> = {
  take: 'writes',
  list: 'reads',
  join: 'writes',
};
export const ROW_CALLS: Calls<ReturnType<Tables['rows']>> = {
  all: 'reads',
  of: 'reads',
  get: 'reads',
  write: 'writes',
};
export const STORE_CALLS: Calls<Pick<Store, 'transaction' | 'restore' | 'digest' | 'prune' | 'verify'>> = {
  transaction: 'writes',
  restore: 'writes',
  prune: 'reads',
  digest: 'reads',
  verify: 'reads',
};
