import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { type Changes, openPlace } from '../../../../src/adapters/matrix/crypto/indexed-db.ts';
import { loadEngine, withoutNames } from '../../../../src/adapters/matrix/crypto/machine.ts';

/** What is relied upon of two packages beyond what they promise: an upgrade that changes it is seen here. */
const require = createRequire(import.meta.url);
const clock = { now: () => 7 };
const versionOf = (name: string): unknown => {
  const folder = require.resolve(name).split(`/${name}/`)[0]!;
  return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version;
};

interface ModuleOf {
  new (bytes: Uint8Array): object;
  customSections(module: object, name: string): unknown[];
  exports(module: object): unknown[];
}

interface Request<T> {
  result: T;
  transaction?: Transaction;
  onsuccess: () => void;
  onupgradeneeded: () => void;
}
interface Transaction {
  oncomplete: () => void;
  onabort: () => void;
  objectStore(name: string): {
    put(value: unknown, key: unknown): unknown;
    delete(key: unknown): unknown;
    clear(): unknown;
    get(key: unknown): Request<unknown>;
    openCursor(): Request<{
      update(value: unknown): unknown;
      delete(): unknown;
      key: unknown;
      continue(): void;
    } | null>;
  };
}
interface Database {
  createObjectStore(name: string): unknown;
  transaction(names: string[], mode: string): Transaction;
  close(): void;
}
const idb = () =>
  (globalThis as unknown as { indexedDB: { open(name: string, version: number): Request<Database> } }).indexedDB;

async function openIn(place: string): Promise<Database> {
  const request = idb().open(`${place}::db`, 1);
  await new Promise<void>((done) => {
    request.onupgradeneeded = () => void request.result.createObjectStore('s');
    request.onsuccess = done;
  });
  return request.result;
}

const completed = (transaction: Transaction): Promise<'complete' | 'abort'> =>
  new Promise((done) => {
    transaction.oncomplete = () => done('complete');
    transaction.onabort = () => done('abort');
  });

test('both packages are the versions that this was written for', () => {
  expect(versionOf('fake-indexeddb')).toBe('6.2.8');
  expect(versionOf('@matrix-org/matrix-sdk-crypto-wasm')).toBe('18.9.0');
});

test('every way to change a record is seen, as it stands at the end of its transaction', async () => {
  const seen: Changes[] = [];
  const place = openPlace(async (changes) => void seen.push(changes), clock);
  const db = await openIn(place.name);
  expect(seen).toMatchObject([{ database: 'db', whole: { version: 1, stores: [{ name: 's' }] } }]);
  seen.length = 0;
  const put = db.transaction(['s'], 'readwrite');
  for (const key of ['a', 'b', 'c', 'd']) put.objectStore('s').put(`${key}1`, key);
  put.objectStore('s').put('a2', 'a');
  put.objectStore('s').delete('d');
  expect(await completed(put)).toBe('complete');
  expect(place.records('db', 's').map(({ at }) => at)).toEqual([7, 7, 7]);
  expect(seen.map(({ records }) => records)).toEqual([
    [
      { store: 's', key: 'a', value: 'a2' },
      { store: 's', key: 'b', value: 'b1' },
      { store: 's', key: 'c', value: 'c1' },
      { store: 's', key: 'd', value: null },
    ],
  ]);
  seen.length = 0;
  const walk = db.transaction(['s'], 'readwrite');
  const cursor = walk.objectStore('s').openCursor();
  cursor.onsuccess = () => {
    const at = cursor.result;
    if (at?.key === 'a') at.update('a3');
    if (at?.key === 'b') at.delete();
    at?.continue();
  };
  await completed(walk);
  const clear = db.transaction(['s'], 'readwrite');
  clear.objectStore('s').clear();
  await completed(clear);
  expect(seen.map(({ records }) => records.map(({ key, value }) => [key, value]))).toEqual([
    [
      ['a', 'a3'],
      ['b', null],
    ],
    [
      ['a', null],
      ['c', null],
    ],
  ]);
  db.close();
  place.close();
});

test('a transaction is complete when it is durable, and not before; whoever reads meanwhile waits', async () => {
  let durable: () => void = () => {};
  const place = openPlace(({ whole }) => (whole ? Promise.resolve() : new Promise((done) => (durable = done))), clock);
  const db = await openIn(place.name);
  const order: string[] = [];
  const write = db.transaction(['s'], 'readwrite');
  write.objectStore('s').put('new', 'a');
  const written = completed(write).then(() => order.push('complete'));
  const read = db.transaction(['s'], 'readonly').objectStore('s').get('a');
  const got = new Promise<void>((done) => {
    read.onsuccess = () => {
      order.push(`read ${String(read.result)}`);
      done();
    };
  });
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  expect(order).toEqual([]);
  order.push('durable');
  durable();
  await Promise.all([written, got]);
  expect(order).toEqual(['durable', 'complete', 'read new']);
  db.close();
  place.close();
});

test('what cannot be made durable, or comes after the end: undone and aborted', async () => {
  let fails = false;
  const place = openPlace(async () => {
    if (fails) throw new Error('disk full');
  }, clock);
  const db = await openIn(place.name);
  fails = true;
  const write = db.transaction(['s'], 'readwrite');
  write.objectStore('s').put('new', 'a');
  expect(await completed(write)).toBe('abort');
  expect(place.records('db', 's')).toEqual([]);
  fails = false;
  place.close();
  const late = db.transaction(['s'], 'readwrite');
  late.objectStore('s').put('new', 'a');
  expect(await completed(late)).toBe('abort');
});

test('the module without its names: a third smaller, and what is left are the sections that do something, whole', () => {
  const file = require
    .resolve('@matrix-org/matrix-sdk-crypto-wasm')
    .replace(/[^/]+$/u, 'pkg/matrix_sdk_crypto_wasm_bg.wasm');
  const whole = readFileSync(file);
  const bare = withoutNames(whole);
  expect(bare.length).toBeLessThan(0.7 * whole.length);
  const { Module } = (globalThis as unknown as { WebAssembly: { Module: ModuleOf } }).WebAssembly;
  const [before, after] = [new Module(whole), new Module(bare)];
  expect(Module.customSections(before, 'name')).toHaveLength(1);
  expect(Module.customSections(after, 'name')).toHaveLength(0);
  expect(Module.exports(after)).toEqual(Module.exports(before));
});

test('the machine: in an instance of its own each time, and its records have keys that are texts', async () => {
  const keys: unknown[] = [];
  const place = openPlace(async ({ records }) => void keys.push(...records.map(({ key }) => key)), clock);
  const panicked = (error: unknown): void => expect.fail(String(error));
  const [one, two] = [await loadEngine(panicked), await loadEngine(panicked)];
  expect(one.OlmMachine).not.toBe(two.OlmMachine);
  const { OlmMachine, UserId, DeviceId } = one;
  const machine = await OlmMachine.initialize(new UserId('@a:b.c'), new DeviceId('D'), place.name);
  expect(keys).toContain('account');
  expect(keys.every((key) => typeof key === 'string')).toBe(true);
  expect(place.records('matrix-sdk-crypto', 'core').length).toBeGreaterThan(0);
  machine.close();
  place.close();
});
