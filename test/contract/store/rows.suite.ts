import { expect, test } from 'vitest';
import type { SharedStore } from '../../../src/core/ports/leases.ts';
import type { Row } from '../../../src/core/ports/runtime.ts';

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);
const shown = (rows: Row[]) =>
  Object.fromEntries(rows.map(({ bucket, key, value }) => [`${bucket}/${key}`, [...value]]));

/** Rows that are no part of any copy. */
export function rowsSuite(open: () => SharedStore): void {
  test('rows: written, replaced and deleted together, the last change of each counts, apart by namespace', async () => {
    const [mine, others] = [open().rows('mine'), open().rows('others')];
    await mine.write([
      { bucket: 'a', key: '1', value: bytes(1) },
      { bucket: 'a', key: '1', value: bytes(0, 255, 13, 10) },
      { bucket: 'a', key: '2', value: bytes() },
      { bucket: 'b', key: '1', value: bytes(7) },
    ]);
    await others.write([{ bucket: 'a', key: '1', value: bytes(9) }]);
    await mine.write([
      { bucket: 'b', key: '1', value: null },
      { bucket: 'b', key: 'never there', value: null },
      { bucket: 'a', key: '2', value: bytes(2) },
    ]);
    expect(shown(await mine.all())).toEqual({ 'a/1': [0, 255, 13, 10], 'a/2': [2] });
    expect(shown(await mine.of('a'))).toEqual({ 'a/1': [0, 255, 13, 10], 'a/2': [2] });
    expect(await mine.of('b')).toEqual([]);
    expect(await mine.get('a', '2')).toEqual(Buffer.from([2]));
    expect(await mine.get('b', '1')).toBeNull();
    expect(shown(await others.all())).toEqual({ 'a/1': [9] });
  });

  test('names of any text (NUL, half a surrogate, what looks like SQL): kept as they are', async () => {
    const names = ['@ann:example.org\u001dDEVICE', 'a\0b', 'half \ud800', "'; drop table kept_rows; --", 'ы', ''];
    const rows = open().rows('names');
    await rows.write(names.map((key, i) => ({ bucket: key, key, value: bytes(i) })));
    expect((await rows.all()).map(({ key }) => key).toSorted()).toEqual(names.toSorted());
    for (const [i, key] of names.entries()) expect([...(await rows.get(key, key))!]).toEqual([i]);
  });

  test('thousands at once, of many bytes: all are kept', async () => {
    const rows = open().rows('many');
    const value = new Uint8Array(500).fill(200);
    await rows.write(Array.from({ length: 2_500 }, (_, i) => ({ bucket: 'k', key: String(i), value })));
    const all = await rows.all();
    expect(all).toHaveLength(2_500);
    expect(all.every((row) => row.value.length === 500 && row.value[499] === 200)).toBe(true);
  });

  test('an export: none of them is in it, nor in the digest', async () => {
    await open()
      .rows('mine')
      .write([{ bucket: 'secret', key: 'key', value: Buffer.from('a private key') }]);
    let text = '';
    for await (const line of open().dump()) text += line;
    expect(text).not.toContain(Buffer.from('a private key').toString('base64'));
    expect(text).not.toContain('kept_rows');
    expect((await open().digest()).map(({ table }) => table)).not.toContain('kept_rows');
  });

  test('a lease that is lost: nothing is written under it any more', async () => {
    const [term] = await open().leases.take(['receive/mx']);
    const rows = term!.store.rows('account/mx');
    await rows.write([{ bucket: 'a', key: '1', value: bytes(1) }]);
    await term!.release();
    await expect(rows.write([{ bucket: 'a', key: '1', value: bytes(2) }])).rejects.toMatchObject({
      code: 'lease_lost',
    });
    expect(shown(await rows.all())).toEqual({ 'a/1': [1] });
  });
}
