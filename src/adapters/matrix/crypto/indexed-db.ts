import { createRequire } from 'node:module';
import { deserialize, serialize } from 'node:v8';
import { atEnd } from '../../../core/at-end.ts';
import type { DurableRows, Row, RowChange } from '../../../core/ports/state.ts';

/**
 * An IndexedDB in memory whose transactions are complete when a copy of what they changed is durable. The machine of `machine.ts` keeps its keys in IndexedDB alone,
 * and goes on (sends, answers) when a transaction is complete: so nothing goes out that a crash could make it forget.
 *
 * Reaches into fake-indexeddb, which is pinned for that. It ships twice (CommonJS and ESM): all of it is loaded as CommonJS here, or the patches would be on one
 * copy and the data in the other.
 */

type Key = string | number | Key[];

/** What one transaction changed, as it stands at its end; a null value is deleted. `whole`: this is all that the database holds, and its shape is another. */
export type Changes = NonNullable<ReturnType<typeof changesOf>>;

type Shape = ReturnType<typeof shapeOf>;

interface Kept {
  store: string;
  key: Key;
  value: unknown;
}

interface Index {
  name: string;
  keyPath: string | string[];
  unique: boolean;
  multiEntry: boolean;
}

/** Resolves when it is durable. Where it throws, the transaction is undone and ends as aborted. */
type Keep = (changes: Changes) => Promise<void>;

type Stored = Omit<Kept, 'store'>;
interface RawStore {
  name: string;
  keyPath: string | string[] | null;
  autoIncrement: boolean;
  records: { get(key: Key): Stored | undefined; values(range?: unknown): Iterable<Stored>; size(): number };
  rawIndexes: Map<string, Index>;
  storeRecord(record: Stored, noOverwrite: boolean, log?: object): Key;
  deleteRecord(key: unknown, log?: object): void;
  clear(log?: object): void;
}
interface RawDatabase {
  name: string;
  version: number;
  rawObjectStores: Map<string, RawStore>;
}
interface Transaction {
  _state: string;
  _started: boolean;
  _rollbackLog: object;
  _requests: { request: { readyState: string } }[];
  mode: string;
  db: { _rawDatabase: RawDatabase };
  _start(): void;
  _abort(name: string): void;
}
interface Factory {
  _databases: Map<string, RawDatabase>;
  open(name: string, version: number): OpenRequest;
}
interface ObjectStore {
  createIndex(name: string, keyPath: string | string[], options: object): void;
}
interface OpenRequest {
  result: { createObjectStore(name: string, options: object): ObjectStore; close(): void };
  error: unknown;
  onupgradeneeded: () => void;
  onsuccess: () => void;
  onerror: () => void;
}

const require = createRequire(import.meta.url);
const PREFIX = 'kept-';
const keepers = new Map<string, Keep>();
/** By the list of a transaction's ways back, which is what the raw stores know of it. */
const touched = new WeakMap<object, Map<RawStore, Map<string, Key>>>();
const keeping = new WeakSet<Transaction>();
let factory: Factory | undefined;
let opened = 0;

/** A place of databases of its own; names within it are `place::…`. */
export type Place = ReturnType<typeof openPlace>;

export function openPlace(keep: Keep) {
  const idb = install();
  const name = `${PREFIX}${++opened}`;
  const full = (database: string): string => `${name}::${database}`;
  keepers.set(name, keep);
  return {
    name,
    /** Builds a database as it was kept. */
    async restore(database: string, shape: Shape, records: readonly Kept[]) {
      restoring.add(name);
      using _ = atEnd(() => restoring.delete(name));
      const raw = await make(idb, full(database), shape);
      for (const { store, key, value } of records) raw.rawObjectStores.get(store)?.storeRecord({ key, value }, false);
    },
    /** How many records a store holds. */
    size: (database: string, store: string) =>
      idb._databases.get(full(database))?.rawObjectStores.get(store)?.records.size() ?? 0,
    /** Nothing is kept any more, and all is let go. What is still under way there ends as aborted. */
    close() {
      keepers.delete(name);
      for (const one of idb._databases.keys()) if (one.startsWith(full(''))) idb._databases.delete(one);
    },
  };
}

/** Places that are built from what is durable already. */
const restoring = new Set<string>();

async function make(idb: Factory, name: string, shape: Shape): Promise<RawDatabase> {
  const request = idb.open(name, shape.version);
  await new Promise<void>((done, failed) => {
    request.onupgradeneeded = () => {
      for (const { name: store, keyPath, autoIncrement, indexes } of shape.stores) {
        const made = request.result.createObjectStore(store, { keyPath, autoIncrement });
        for (const index of indexes) made.createIndex(index.name, index.keyPath, index);
      }
    };
    request.onsuccess = () => done();
    request.onerror = () => failed(request.error);
  });
  request.result.close();
  return idb._databases.get(name)!;
}

/** Puts IndexedDB into the globals, where the machine looks for it, and the patches onto its classes; once a process. */
function install(): Factory {
  if (factory) return factory;
  require('fake-indexeddb/auto');
  const folder = require.resolve('fake-indexeddb').replace(/index\.js$/, '');
  patchStores((require(`${folder}lib/ObjectStore.js`) as { prototype: RawStore }).prototype);
  patchTransactions((require('fake-indexeddb/lib/FDBTransaction') as { prototype: Transaction }).prototype);
  factory = (globalThis as unknown as { indexedDB: Factory }).indexedDB;
  return factory;
}

function patchStores(store: RawStore): void {
  const { storeRecord, deleteRecord, clear } = store;
  store.storeRecord = function (this: RawStore, record, noOverwrite, log) {
    const key = storeRecord.call(this, record, noOverwrite, log);
    if (log) touch(log, this, key);
    return key;
  };
  store.deleteRecord = function (this: RawStore, key, log) {
    if (log) for (const record of isKey(key) ? [{ key }] : [...this.records.values(key)]) touch(log, this, record.key);
    deleteRecord.call(this, key, log);
  };
  store.clear = function (this: RawStore, log) {
    if (log) for (const record of this.records.values()) touch(log, this, record.key);
    clear.call(this, log);
  };
}

const isKey = (key: unknown): key is Key => typeof key !== 'object' || Array.isArray(key);

function touch(log: object, store: RawStore, key: Key): void {
  const stores = touched.getOrInsertComputed(log, () => new Map());
  const keys = stores.getOrInsertComputed(store, () => new Map());
  keys.set(JSON.stringify(key), key);
}

function patchTransactions(transaction: Transaction): void {
  const { _start: start } = transaction;
  transaction._start = function (this: Transaction) {
    const over = this._requests.every(({ request }) => request.readyState === 'done');
    const place = this.db._rawDatabase.name.split('::', 1)[0]!;
    if (!over || this.mode === 'readonly' || this._state === 'finished' || keeping.has(this) || restoring.has(place))
      return start.call(this);
    if (!place.startsWith(PREFIX)) return start.call(this);
    const changes = changesOf(this);
    if (changes === null) return start.call(this);
    keeping.add(this);
    // Nothing can be added to it, and whoever wants the same stores waits.
    this._state = 'committing';
    this._started = true;
    const keep = keepers.get(place);
    const kept = keep ? keep(changes) : Promise.reject(new Error('the place is closed'));
    void kept.then(
      () => start.call(this),
      () => this._abort('UnknownError'),
    );
  };
}

function changesOf({ db: { _rawDatabase: raw }, mode, _rollbackLog: log }: Transaction) {
  const database = raw.name.slice(raw.name.indexOf('::') + 2);
  const stores = [...raw.rawObjectStores.values()];
  if (mode === 'versionchange') {
    const records = stores.flatMap(({ name, records: all }) =>
      [...all.values()].map(({ key, value }) => ({ store: name, key, value })),
    );
    return { database, whole: shapeOf(raw), records };
  }
  const records = [...(touched.get(log) ?? [])].flatMap(([store, keys]) =>
    [...keys.values()].map((key) => ({ store: store.name, key, value: store.records.get(key)?.value ?? null })),
  );
  return records.length === 0 ? null : { database, whole: null, records };
}

const indexOf = ({ name, keyPath, unique, multiEntry }: Index): Index => ({ name, keyPath, unique, multiEntry });

const shapeOf = ({ version, rawObjectStores }: RawDatabase) => ({
  version,
  stores: [...rawObjectStores.values()].map(({ name, keyPath, autoIncrement, rawIndexes }) => ({
    name,
    keyPath,
    autoIncrement,
    indexes: [...rawIndexes.values()].map(indexOf),
  })),
});

/** What the machine holds, as rows of the database, and back. */

const SHAPES = 'shapes';
const RECORDS = 'records';

const bucketOf = (database: string, store: string): string => JSON.stringify([RECORDS, database, store]);

/** Writes one transaction. */
export async function keepChanges(rows: DurableRows, { database, whole, records }: Changes): Promise<void> {
  const changes: RowChange[] = [];
  if (whole) {
    // Of another shape: what it had before goes, store by store.
    for (const { bucket, key } of (await rows.all()).filter((row) => placeOf(row)?.database === database))
      changes.push({ bucket, key, value: null });
    changes.push({ bucket: SHAPES, key: database, value: Buffer.from(JSON.stringify(whole)) });
  }
  for (const { store, key, value } of records) {
    const bytes = value === null ? null : serialize(value);
    changes.push({ bucket: bucketOf(database, store), key: JSON.stringify(key), value: bytes });
  }
  await rows.write(changes);
}

/** Builds the databases in `place` as they were kept. False: there were none. */
export async function restoreAll(rows: readonly Row[], place: Place): Promise<boolean> {
  const shapes = rows.filter(({ bucket }) => bucket === SHAPES);
  for (const { key: database, value } of shapes) {
    const records = rows.flatMap((row) => {
      const found = placeOf(row);
      return found?.database === database
        ? [{ store: found.store, key: JSON.parse(row.key) as Key, value: deserialize(row.value) as unknown }]
        : [];
    });
    await place.restore(database, JSON.parse(Buffer.from(value).toString()) as Shape, records);
  }
  return shapes.length > 0;
}

/** The record that holds the device's own keys: without it in the database, nothing of what the machine does would survive. */
export const hasAccount = async (rows: DurableRows): Promise<boolean> =>
  (await rows.get(bucketOf('matrix-sdk-crypto', 'core'), '"account"')) !== null;

function placeOf({ bucket }: Pick<Row, 'bucket'>): { database: string; store: string } | null {
  if (!bucket.startsWith(`["${RECORDS}",`)) return null;
  const [, database, store] = JSON.parse(bucket) as [string, string, string];
  return { database, store };
}
