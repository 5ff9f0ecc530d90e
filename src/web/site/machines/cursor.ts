/** Where a page of a list ends: the place of its last incident in the order of the list, and which list that was. */
import { createHash } from 'node:crypto';
import { Problem } from './problem.ts';

export interface Place {
  openedAt: number;
  id: string;
}

const SHAPE = /^([0-9a-f]{8})\.(-?\d{1,16})\.([A-Za-z0-9-]{1,100})$/;
const markOf = (list: string): string => createHash('sha256').update(list).digest('hex').slice(0, 8);

/** `list`: all that decides what stands in the list, and in which order. */
export const cursorOf = ({ openedAt, id }: Place, list: string): string =>
  Buffer.from(`${markOf(list)}.${openedAt}.${id}`).toString('base64url');

/** Throws `Problem` for what was not made by `cursorOf` of the same list. */
export function placeOf(cursor: string, list: string): Place {
  const found = /^[\w-]{1,200}$/.test(cursor) ? SHAPE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) : null;
  const [, mark, openedAt, id] = found ?? [];
  const place = { openedAt: Number(openedAt), id: id ?? '' };
  if (!found || cursorOf(place, list).slice(11) !== cursor.slice(11))
    throw new Problem(400, 'cursor', 'This is no cursor of ours; begin without one, and follow "next" of the answers.');
  if (mark !== markOf(list))
    throw new Problem(400, 'cursor', 'This cursor is of another list; keep the filters, or begin without a cursor.');
  return place;
}

/** Newest first; of two that began at one time, the later id. */
export const inOrder = (a: Place, b: Place): number =>
  b.openedAt - a.openedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
