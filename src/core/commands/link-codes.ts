import type { ChatLabel } from '../model/notice.ts';
import type { Ids } from '../ports/ids.ts';
import type { Forgettable } from '../ports/state.ts';

/** A code is good for so long, ms. */
export const CODE_MS = 10 * 60_000;
/** An admin of a group may agree for so long, ms. */
const AGREE_MS = 60 * 60_000;
const LENGTH = 8;
/** Characters that nobody mistakes for others: of eight there are 6 × 10¹¹. */
const CLEAR = /[2-9a-hjkmnp-z]/g;
/** Wrong codes of one person, and of one chat, until they have to wait; ms. */
const MAX_TRIES = 5;
const TRIES_MS = 15 * 60_000;

/** What a code stands for: the chat that it was asked for in. */
interface Coded {
  chatId: number;
  label: ChatLabel;
}

/** Somebody wrote a group's code elsewhere; whoever administers the group is asked. */
interface Asked {
  mainId: number;
  spareId: number;
  label: ChatLabel;
}

/** One-time codes that join two chats. What is kept may be forgotten: then a new code is asked for. */
export interface LinkCodes {
  /** A new one for this chat; the one before is worth nothing any more. */
  issue(coded: Coded): Promise<string>;
  /** Whose code it is; null = nobody's, or not any more. */
  find(code: string): Promise<Coded | null>;
  /** False: it was spent already. */
  spend(code: string): Promise<boolean>;
  /** May they try a code at all? */
  mayTry(who: readonly string[]): Promise<boolean>;
  missed(who: readonly string[]): Promise<void>;
  ask(asked: Asked): Promise<string>;
  /** Once. */
  agreed(code: string, mainId: number): Promise<Asked | null>;
}

/** "abcd-efgh" and "ABCD EFGH" are the same code; null = that is none. */
export function readCode(text: string): string | null {
  const code = text.toLowerCase().replace(/[\s\u2010-\u2015-]+/gu, '');
  return code.length === LENGTH && code.match(CLEAR)?.length === LENGTH ? code : null;
}

/** As people copy it. */
export const shownCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`.toUpperCase();

export function createLinkCodes(cache: Forgettable, ids: Ids): LinkCodes {
  function fresh(): string {
    let code = '';
    for (let round = 0; code.length < LENGTH && round < 1_000; round++)
      code += (ids.tail(2 * LENGTH).match(CLEAR) ?? []).join('');
    return code.slice(0, LENGTH);
  }

  const tries = async (who: string): Promise<number> => {
    const count = await cache.get(`tries/${who}`);
    return typeof count === 'number' ? count : 0;
  };

  return {
    async issue(coded) {
      const before = await cache.get(`of/${coded.chatId}`);
      if (typeof before === 'string') await cache.delete(`code/${before}`);
      const code = fresh();
      await cache.set(`code/${code}`, coded, CODE_MS);
      await cache.set(`of/${coded.chatId}`, code, CODE_MS);
      return code;
    },
    async find(code) {
      const found = (await cache.get(`code/${code}`)) as Partial<Coded> | undefined;
      return typeof found?.chatId === 'number' && found.label ? (found as Coded) : null;
    },
    spend: (code) => cache.delete(`code/${code}`),
    async mayTry(who) {
      for (const one of who) if ((await tries(one)) >= MAX_TRIES) return false;
      return true;
    },
    async missed(who) {
      for (const one of who) await cache.set(`tries/${one}`, (await tries(one)) + 1, TRIES_MS);
    },
    async ask(asked) {
      const code = fresh();
      await cache.set(`ask/${code}`, asked, AGREE_MS);
      return code;
    },
    async agreed(code, mainId) {
      const found = (await cache.get(`ask/${code}`)) as Partial<Asked> | undefined;
      // Only in the group that was asked; there are no others' questions to be guessed at.
      if (found?.mainId !== mainId || typeof found.spareId !== 'number' || !found.label) return null;
      return (await cache.delete(`ask/${code}`)) ? (found as Asked) : null;
    },
  };
}
