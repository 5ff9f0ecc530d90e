/** What the machine holds, as rows of the database, and back. */
import { deserialize, serialize } from 'node:v8';
import type { DurableRows, Row, RowChange } from '../../../core/ports/rows.ts';
import type { Changes, Key, Place, Shape } from './indexed-db.ts';

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
  for (const { store, key, value } of records)
    changes.push({
      bucket: bucketOf(database, store),
      key: JSON.stringify(key),
      value: value === null ? null : serialize(value),
    });
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

/** Is it a row of the machine's? */
export const isMachines = (row: Row): boolean => row.bucket === SHAPES || placeOf(row) !== null;

function placeOf({ bucket }: Pick<Row, 'bucket'>): { database: string; store: string } | null {
  if (!bucket.startsWith(`["${RECORDS}",`)) return null;
  const [, database, store] = JSON.parse(bucket) as [string, string, string];
  return { database, store };
}
