import type { Leases } from './leases.ts';
import type { Store, Tables } from './store.ts';

type Kind = 'reads' | 'writes';
type Calls<T> = { readonly [Call in keyof T]: Kind };

const kindOf = <Call extends string>(calls: Call[], kind: Kind) =>
  Object.fromEntries(calls.map((call) => [call, kind])) as Record<Call, Kind>;
const reads = <Call extends string>(...calls: Call[]) => kindOf(calls, 'reads');
const writes = <Call extends string>(...calls: Call[]) => kindOf(calls, 'writes');

/**
 * What each call of the store does: only a call that leaves rows behind proves that a store which failed works again (`store/watch.ts`). The
 * compiler asks for a word for each new call.
 */
export const TABLE_CALLS: { readonly [Table in Exclude<keyof Tables, 'state' | 'rows'>]: Calls<Tables[Table]> } = {
  seen: { ...reads('known'), ...writes('add', 'bound') },
  incidents: {
    ...reads('get', 'getMany', 'openByKey', 'lastClosed', 'list', 'transitions', 'transitionsOf'),
    ...writes('insert', 'update', 'addTransition'),
  },
  reports: { ...reads('byIncident', 'incidentsOfItem', 'countByIncident'), ...writes('insert') },
  alerts: { ...reads('get', 'getMany', 'byIncident'), ...writes('insert', 'addIncident', 'update') },
  broadcasts: { ...reads('get', 'waitingNew', 'byAlert', 'due', 'nextDueAt'), ...writes('insert', 'update') },
  chats: {
    ...reads('get', 'find', 'addresses', 'counts', 'figures', 'owed', 'copy', 'due', 'nextDueAt'),
    ...writes('setDue', 'rewind', 'owe', 'answered', 'ensure', 'update', 'end', 'move', 'forget'),
  },
  subscriptions: { ...reads('list', 'listMany', 'followed', 'count'), ...writes('add', 'remove', 'removeAll') },
  silences: { ...reads('list', 'listMany'), ...writes('add', 'remove', 'removeAll') },
  outbox: {
    ...reads('peek', 'nextDueAt', 'recentSends', 'underWay', 'depth', 'heldOf'),
    ...writes('put', 'fill', 'advance', 'recover', 'rewind'),
  },
  measurements: { ...reads('recent'), ...writes('add') },
  links: { ...reads('of', 'list', 'stuck', 'mains', 'divert', 'copy'), ...writes('join', 'part', 'update') },
  boards: { ...reads('of', 'list'), ...writes('add', 'remove', 'send', 'edit', 'pinned') },
  posts: { ...reads('oldest'), ...writes('put', 'done') },
  notices: { ...reads('getMany'), ...writes('tell', 'toAll') },
};

export const SOURCE_STATE_CALLS: Calls<Store['sourceStates']> = { ...reads('getMany'), ...writes('setMany') };
export const STATE_CALLS: Calls<ReturnType<Tables['state']>> = { ...reads('get'), ...writes('set', 'delete') };
export const LEASE_CALLS: Calls<Pick<Leases, 'take' | 'list' | 'join'>> = {
  ...reads('list'),
  ...writes('take', 'join'),
};
export const ROW_CALLS: Calls<ReturnType<Tables['rows']>> = { ...reads('all', 'of', 'get'), ...writes('write') };
export const STORE_CALLS: Calls<Pick<Store, 'transaction' | 'restore' | 'digest' | 'prune' | 'verify'>> = {
  ...reads('prune', 'digest', 'verify'),
  ...writes('transaction', 'restore'),
};
