/** Which picker somebody has open: a name that is typed meanwhile is meant for it. What is ticked is what the chat follows, and is kept with the chat. */
import type { Forgettable } from '../ports/state.ts';
import { keyOf } from './target-names.ts';
import type { TargetIndex } from './targets.ts';

export type ListPage = 'country' | 'service';

export interface Draft {
  page: ListPage;
  /** The chat followed nothing when it was opened. */
  isFirst: boolean;
  /** When it was last touched, ms since the epoch. */
  at: number;
}

/** So many names are taken from one text, at most. */
const MAX_CHOSEN = 20;
/** A picker can be gone on with for so long, ms. */
const KEEP_MS = 6 * 3_600_000;
/** What is typed is looked up as a name for so long after the last tap, ms. */
const SEARCH_MS = 5 * 60_000;
/** Longer texts are no names. */
const MAX_SOUGHT = 60;
const MAX_FOUND = 12;

/** By who asks where (`CommandContext.personHere`): nobody taps for anybody else. */
export interface Picks {
  /** Null: nothing is known of it, or not any more. */
  get(who: string, page: ListPage): Promise<Draft | null>;
  keep(who: string, draft: Draft): Promise<void>;
  close(who: string): Promise<void>;
  /** The picker that a typed name is meant for. */
  searching(who: string, now: number): Promise<ListPage | null>;
}

export function createPicks(cache: Forgettable): Picks {
  async function read(who: string): Promise<Draft | null> {
    const kept = (await cache.get(who)) as Partial<Draft> | null | undefined;
    if (!kept || (kept.page !== 'country' && kept.page !== 'service')) return null;
    return { page: kept.page, isFirst: kept.isFirst === true, at: Number(kept.at) };
  }
  return {
    async get(who, page) {
      const draft = await read(who);
      return draft?.page === page ? draft : null;
    },
    async keep(who, draft) {
      await cache.set(who, draft, KEEP_MS);
    },
    async close(who) {
      await cache.delete(who);
    },
    async searching(who, now) {
      const draft = await read(who);
      return draft && Math.abs(now - draft.at) < SEARCH_MS ? draft.page : null;
    },
  };
}

/** What a typed text finds: whole names are meant, beginnings are offered. */
export interface Found {
  meant: string[];
  near: string[];
}

/** Null: it is no name of what the page lists, nor the beginning of one. Pure. */
export function seek(text: string, page: ListPage, targets: TargetIndex): Found | null {
  if (text.length > MAX_SOUGHT) return null;
  const key = keyOf(text);
  if (key === '') return null;
  const parsed = targets.parse(text);
  const [meant, others] =
    page === 'country' ? [parsed.countries, parsed.services] : [parsed.services, parsed.countries];
  const whole = parsed.problems.length === 0 && meant.length > 0;
  if (parsed.all > 0 || (parsed.problems.length === 0 && others.length > 0)) return null;
  // Two letters are a code, and the beginning of many names.
  const isShort = /^\p{Script=Latin}{1,2}$/u.test(key);
  if (whole && !isShort) return { meant: meant.slice(0, MAX_CHOSEN), near: [] };
  const near = new Set(whole ? meant : []);
  for (const [name, entries] of targets.names()) {
    if (near.size >= MAX_FOUND) break;
    if (name.startsWith(key)) for (const { kind, id } of entries) if (kind === page) near.add(id);
  }
  return near.size > 0 ? { meant: [], near: [...near].slice(0, MAX_FOUND) } : null;
}
