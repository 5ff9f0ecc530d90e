import { createRequire } from 'node:module';
import { deserialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { atEnd, orNull, TocsinError } from '../../../core/errors.ts';
import type { Clock, DurableRows, Row, RowChange } from '../../../core/ports/runtime.ts';

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

interface Stored {
  key: Key;
  value: unknown;
  /** When it was written last, ms since the epoch. */
  at: number;
}
type Kept = Stored & { store: string };

interface Index {
  name: string;
  keyPath: string | string[];
  unique: boolean;
  multiEntry: boolean;
}

/** Resolves when it is durable. Where it throws, the transaction is undone and ends as aborted. */
type Keep = (changes: Changes) => Promise<void>;

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
  open(name: string): OpenRequest;
}
interface Database {
  transaction(
    stores: string[],
    mode: 'readwrite',
  ): { oncomplete: () => void; onabort: () => void; objectStore(name: string): { delete(key: unknown): void } };
  close(): void;
}
interface OpenRequest {
  result: Database;
  error: unknown;
  onsuccess: () => void;
  onerror: () => void;
}

const require = createRequire(import.meta.url);
const PREFIX = 'kept-';
const keepers = new Map<string, { keep: Keep; clock: Pick<Clock, 'now'> }>();
/** By the list of a transaction's ways back, which is what the raw stores know of it. */
const touched = new WeakMap<object, Map<RawStore, Map<string, Key>>>();
const keeping = new WeakSet<Transaction>();
let factory: Factory | undefined;
let opened = 0;

/** A place of databases of its own; names within it are `place::…`. */
export type Place = ReturnType<typeof openPlace>;

export function openPlace(keep: Keep, clock: Pick<Clock, 'now'>) {
  const idb = install();
  const name = `${PREFIX}${++opened}`;
  const full = (database: string): string => `${name}::${database}`;
  keepers.set(name, { keep, clock });
  return {
    name,
    /** Builds a database as it was kept. */
    restore(database: string, { version, stores }: Shape, records: readonly Kept[]) {
      const raw: RawDatabase = new (part<Made<RawDatabase>>('Database'))(full(database), version);
      const [RawStore, RawIndex] = [part<Made<RawStore>>('ObjectStore'), part<Made<Index>>('Index')];
      for (const { name: store, keyPath, autoIncrement, indexes } of stores) {
        const made = new RawStore(raw, store, keyPath, autoIncrement);
        for (const { name: index, keyPath: path, multiEntry, unique } of indexes)
          made.rawIndexes.set(index, Object.assign(new RawIndex(made, index, path, multiEntry, unique), INITIALIZED));
        raw.rawObjectStores.set(store, made);
      }
      for (const { store, ...record } of records) raw.rawObjectStores.get(store)?.storeRecord(record, false);
      idb._databases.set(raw.name, raw);
    },
    /** What a store holds. */
    records: (database: string, store: string): Stored[] => [
      ...(idb._databases.get(full(database))?.rawObjectStores.get(store)?.records.values() ?? []),
    ],
    /** Deletes these, as the machine itself would; resolves when that is durable. */
    async drop(database: string, records: readonly { store: string; key: unknown }[]) {
      if (records.length === 0) return;
      const db = await opening(idb.open(full(database)));
      using _ = atEnd(() => db.close());
      const transaction = db.transaction([...new Set(records.map(({ store }) => store))], 'readwrite');
      const done = Promise.withResolvers<void>();
      transaction.oncomplete = () => done.resolve();
      transaction.onabort = () => done.reject(new TocsinError('internal', 'Old keys could not be deleted'));
      for (const { store, key } of records) transaction.objectStore(store).delete(key);
      await done.promise;
    },
    /** Nothing is kept any more, and all is let go. What is still under way there ends as aborted. */
    close() {
      keepers.delete(name);
      for (const one of idb._databases.keys()) if (one.startsWith(full(''))) idb._databases.delete(one);
    },
  };
}

const opening = (request: OpenRequest): Promise<Database> =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

/** An inner class of fake-indexeddb. */
const part = <T>(name: string): T =>
  require(require.resolve('fake-indexeddb').replace(/index\.js$/, `lib/${name}.js`)) as T;

type Made<T> = new (...parts: unknown[]) => T;
/** An index that takes in what is stored from here on. */
const INITIALIZED = { initialized: true };

/** Puts IndexedDB into the globals, where the machine looks for it, and the patches onto its classes; once a process. */
function install(): Factory {
  if (factory) return factory;
  require('fake-indexeddb/auto');
  patchStores(part<{ prototype: RawStore }>('ObjectStore').prototype);
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
    if (!over || this.mode === 'readonly' || this._state === 'finished' || keeping.has(this)) return start.call(this);
    if (!place.startsWith(PREFIX)) return start.call(this);
    const keeper = keepers.get(place);
    const changes = changesOf(this, keeper?.clock.now() ?? 0);
    if (changes === null) return start.call(this);
    keeping.add(this);
    // Nothing can be added to it, and whoever wants the same stores waits.
    this._state = 'committing';
    this._started = true;
    const kept = keeper ? keeper.keep(changes) : Promise.reject(new Error('the place is closed'));
    void kept.then(
      () => start.call(this),
      () => this._abort('UnknownError'),
    );
  };
}

function changesOf({ db: { _rawDatabase: raw }, mode, _rollbackLog: log }: Transaction, now: number) {
  const database = raw.name.slice(raw.name.indexOf('::') + 2);
  const stores = [...raw.rawObjectStores.values()];
  const changed = ({ name, records: all }: RawStore, key: Key) => {
    const found = all.get(key);
    if (found) found.at = now;
    return { store: name, key, value: found?.value ?? null };
  };
  if (mode === 'versionchange') {
    const records = stores.flatMap((store) => [...store.records.values()].map(({ key }) => changed(store, key)));
    return { database, whole: shapeOf(raw), records };
  }
  const records = [...(touched.get(log) ?? [])].flatMap(([store, keys]) =>
    [...keys.values()].map((key) => changed(store, key)),
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

/** Writes one transaction. `now`: ms since the epoch. */
export async function keepChanges(rows: DurableRows, { database, whole, records }: Changes, now: number) {
  const changes: RowChange[] = [];
  if (whole) {
    // Of another shape: what it had before goes, store by store.
    for (const { bucket, key } of (await rows.all()).filter((row) => placeOf(row)?.database === database))
      changes.push({ bucket, key, value: null });
    changes.push({ bucket: SHAPES, key: database, value: Buffer.from(JSON.stringify(whole)) });
  }
  for (const { store, key, value } of records)
    changes.push({
      bucket: bucketOf(database, store),
      key: JSON.stringify(key),
      value: value === null ? null : packed(value, now),
    });
  await rows.write(changes);
}

/** Builds the databases in `place` as they were kept. False: there were none. */
export async function restoreAll(rows: DurableRows, all: readonly Row[], place: Place, now: number): Promise<boolean> {
  const older: RowChange[] = [];
  const shapes = all.filter(({ bucket }) => bucket === SHAPES);
  for (const { key: database, value } of shapes) {
    const records = all.flatMap((row) => {
      const found = placeOf(row);
      if (found?.database !== database) return [];
      const [at, kept] = unpacked(row.value, now);
      if (row.value[0] === V8) older.push({ ...row, value: packed(kept, at) });
      return [{ store: found.store, key: JSON.parse(row.key) as Key, value: kept, at }];
    });
    place.restore(database, JSON.parse(Buffer.from(value).toString()) as Shape, records);
  }
  if (older.length > 0) await rows.write(older);
  return shapes.length > 0;
}

/** Values were kept in a form of Node's own once, which begins with this byte; the present one never does. */
const V8 = 0xff;

/**
 * JSON, which any Node reads, with when it was written; compressed, since rows of above two kilobytes take a page of eight beside their own. Most of what the library keeps is JSON in
 * Base64, which would not become smaller: it is taken apart, where it comes out the same again. Throws for what JSON does not carry.
 */
function packed(value: unknown, now: number): Buffer {
  const plain = function (this: Record<string, unknown>, name: string): unknown {
    const one = this[name];
    if (typeof one === 'string') return apart(one) ?? one;
    const isPlain =
      one === null ||
      typeof one === 'boolean' ||
      Number.isFinite(one) ||
      Array.isArray(one) ||
      (typeof one === 'object' && Object.getPrototypeOf(one) === Object.prototype);
    if (!isPlain) throw new TocsinError('internal', `The encryption library keeps what JSON does not carry (${name})`);
    return one;
  };
  return deflateRawSync(JSON.stringify([now, value], plain));
}

const BASE64 = '$base64';

/** `eyJ` is how an object begins in Base64. */
function apart(text: string): { [BASE64]: unknown; padded: boolean } | null {
  const inner = text.startsWith('eyJ') ? orNull(() => JSON.parse(atob(text)) as unknown) : null;
  return [true, false].map((padded) => ({ [BASE64]: inner, padded })).find((one) => together(one) === text) ?? null;
}

const together = ({ [BASE64]: inner, padded }: { [BASE64]: unknown; padded: boolean }): string =>
  Buffer.from(JSON.stringify(inner), 'latin1')
    .toString('base64')
    .replace(padded ? '' : /=+$/, '');

function unpacked(bytes: Uint8Array, now: number): [at: number, value: unknown] {
  if (bytes[0] === V8) return [now, deserialize(bytes)];
  return JSON.parse(inflateRawSync(bytes).toString(), (_, one) =>
    typeof one === 'object' && one !== null && BASE64 in one ? together(one) : one,
  ) as [number, unknown];
}

/** The record that holds the device's own keys: without it in the database, nothing of what the machine does would survive. */
export const hasAccount = async (rows: DurableRows): Promise<boolean> =>
  (await rows.get(bucketOf(MACHINE, 'core'), '"account"')) !== null;

/** What the library calls its database. */
export const MACHINE = 'matrix-sdk-crypto';

function placeOf({ bucket }: Pick<Row, 'bucket'>): { database: string; store: string } | null {
  if (!bucket.startsWith(`["${RECORDS}",`)) return null;
  const [, database, store] = JSON.parse(bucket) as [string, string, string];
  return { database, store };
}
