import { expect, test, vi } from 'vitest';
import { openGeneration } from '../../../../src/adapters/matrix/crypto/encryption.ts';
import { memoryRows } from './support.ts';

const identity = { userId: '@bot:example.org', deviceId: 'DEVICE' };
const NUMBER = 'org.tocsin.encryption';
const RUN = 'org.tocsin.encryption.run';
type Json = Record<string, unknown>;

function world() {
  const rows = memoryRows();
  const kept = new Map<string, Json>();
  const asked: string[] = [];
  const broken = vi.fn();
  let before: (what: string) => unknown = () => undefined;
  let fails = '';
  let runs = 0;
  const called = async (what: string): Promise<void> => {
    asked.push(what);
    await before(what);
    if (what === fails) throw new Error('no route');
  };
  const port = {
    accountData: async (_user: string, type: string) => {
      await called(`GET ${type}`);
      return kept.get(type) ?? null;
    },
    setAccountData: async (_user: string, type: string, content: object) => {
      await called(`PUT ${type}`);
      kept.set(type, content as Json);
    },
  };
  const { signal } = new AbortController();
  const open = (from = rows, who = identity) =>
    openGeneration({ port, rows: from, identity: who, ids: { next: () => `run${++runs}` }, signal, broken }, {});
  const begin = async (from = rows, who = identity) => {
    const generation = await open(from, who);
    await generation.begin();
    return generation;
  };
  return {
    rows,
    kept,
    asked,
    broken,
    open,
    begin,
    fail(what: string) {
      fails = what;
    },
    onCall(call: typeof before) {
      before = call;
    },
    number: () => kept.get(NUMBER)?.DEVICE,
  };
}

const OLD = { code: 'config_invalid', message: expect.stringContaining('old copy') };

test('each start and each step: a higher number, in the database before the homeserver; several steps share one', async () => {
  const w = world();
  const { count } = await w.begin();
  expect(w.number()).toBe(1);
  await count();
  await Promise.all([count(), count(), count()]);
  expect(w.number()).toBe(3);
  await w.begin();
  expect(w.number()).toBe(4);
  w.fail(`PUT ${NUMBER}`);
  await expect(w.begin()).rejects.toThrow('no route');
  // The database went ahead: that is no old copy.
  w.fail('');
  await w.begin();
  expect([w.number(), w.broken.mock.calls]).toEqual([6, []]);
});

test('a copy of before the last step: refused, and neither side is written to', async () => {
  const w = world();
  const { count } = await w.begin();
  const copy = w.rows.copy();
  await count();
  await expect(w.open(copy)).rejects.toMatchObject({ ...OLD, facts: { known: 2, current: 1 } });
  expect([copy.writes, w.number()]).toEqual([0, 2]);
  await w.begin();
});

test('a copy after which nothing was done goes on, and what it was made of stops at its next step, or by the sync', async () => {
  const w = world();
  const first = await w.begin();
  const copy = w.rows.copy();
  const second = await w.begin(copy);
  await second.count();
  await expect(first.count()).rejects.toMatchObject(OLD);
  await expect(first.count()).rejects.toMatchObject(OLD);
  expect(w.broken).toHaveBeenCalledTimes(1);
  const third = await w.begin(copy);
  const sync = { account_data: { events: [{ type: RUN, content: w.kept.get(RUN) }, 7, { type: RUN }] } };
  third.saw(sync);
  expect(() => second.saw(sync)).toThrow('old copy');
  // As high a number as the other's is not enough to go on.
  w.kept.set(NUMBER, { DEVICE: 1 });
  await expect(w.begin()).rejects.toMatchObject(OLD);
});

test('a step between the look and the word of who begins: whichever of the two is later sees the other', async () => {
  for (let at = 1; at <= 6; at++) {
    const w = world();
    const first = await w.begin();
    const copy = w.rows.copy();
    let calls = 0;
    let counted: Promise<boolean> | null = null;
    w.onCall(() => {
      if (++calls !== at) return;
      w.onCall(() => undefined);
      counted = first.count().then(
        () => true,
        () => false,
      );
      return counted;
    });
    const begun = await w.begin(copy).then(
      () => true,
      () => false,
    );
    expect([await counted, begun].filter((one) => one === true).length, `at request ${at}`).toBeLessThanOrEqual(1);
  }
});

test('cut off anywhere in a start: the next start goes on', async () => {
  for (const what of [`PUT ${RUN}`, `GET ${NUMBER}`, `PUT ${NUMBER}`]) {
    const w = world();
    await w.begin();
    const generation = await w.open();
    w.fail(what);
    await expect(generation.begin()).rejects.toThrow('no route');
    await expect(w.begin()).rejects.toThrow('no route');
    w.fail('');
    await (await w.begin()).count();
    expect(w.broken).not.toHaveBeenCalled();
  }
});

test('the database goes back under a running bot: it stops at the next step', async () => {
  const w = world();
  const rows = { ...w.rows };
  const { count } = await w.begin(rows);
  const standby = w.rows.copy();
  await count();
  Object.assign(rows, standby);
  await expect(count()).rejects.toMatchObject(OLD);
  expect([w.broken.mock.calls.length, w.number(), standby.writes]).toEqual([1, 2, 0]);
});

test('what cannot be written down is not counted, and nothing more is done', async () => {
  const w = world();
  const { count } = await w.begin();
  w.rows.fail(new Error('disk full'));
  await expect(count()).rejects.toThrow('disk full');
  w.rows.fail(null);
  await expect(count()).rejects.toThrow('disk full');
  expect(w.number()).toBe(1);
});

test('the homeserver does not answer: not counted, and tried again with the next step', async () => {
  const w = world();
  const { count } = await w.begin();
  for (const what of [`PUT ${NUMBER}`, `GET ${RUN}`]) {
    w.fail(what);
    await expect(count()).rejects.toThrow('no route');
  }
  w.fail('');
  await count();
  expect([w.number(), w.broken.mock.calls]).toEqual([4, []]);
});

test('another device, or account data of another shape: begins at one; a number of before there were runs counts', async () => {
  const w = world();
  await w.begin();
  await w.begin(w.rows, { ...identity, deviceId: 'OTHER' });
  expect(w.kept.get(NUMBER)).toEqual({ OTHER: 1 });
  w.kept.set(NUMBER, { THIRD: 'many', OTHER: -1.5 });
  await w.begin(w.rows, { ...identity, deviceId: 'THIRD' });
  expect(w.kept.get(NUMBER)).toEqual({ THIRD: 1 });
  const before = memoryRows([{ bucket: 'generation', key: 'DEVICE', value: Buffer.from('41') }]);
  w.kept.set(NUMBER, { DEVICE: 42 });
  await expect(w.open(before)).rejects.toMatchObject(OLD);
  w.kept.set(NUMBER, { DEVICE: 41 });
  await w.begin(before);
  expect(w.number()).toBe(42);
});
