import { warnOfFailure } from '../../core/failures.ts';
import type { Sender } from '../../core/ports/chat-adapter.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Directness } from './direct.ts';
import { ADMIN_LEVEL, type PowerLevels } from './power.ts';
import { clip, tame } from './text.ts';

/** People as the core knows them. */
export interface Senders {
  of(roomId: string, userId: string): Sender;
  /** A display name was seen. */
  named(roomId: string, userId: string, name: unknown): void;
}

const MAX_NAMES = 5_000;

export interface SendersDeps {
  platform: string;
  /** The account's language; null = none is set. */
  lang: string | null;
  power: PowerLevels;
  direct: Directness;
  log: Log;
  signal: AbortSignal;
}

export function createSenders({ platform, lang, power, direct, log, signal }: SendersDeps): Senders {
  const names = new Map<string, string>();

  /** Null when it cannot be read. */
  async function levelOf(roomId: string, userId: string): Promise<number | null> {
    try {
      return await power.of(roomId, userId, { signal, timeoutMs: 10_000 });
    } catch (error) {
      warnOfFailure(log, 'Unable to read the power levels of a Matrix room', error);
      return null;
    }
  }

  /** Who cannot be shown to be an admin is none. */
  const isAdmin = async (roomId: string, userId: string): Promise<boolean> =>
    (await direct.isDirect(roomId)) || ((await levelOf(roomId, userId)) ?? Number.NEGATIVE_INFINITY) >= ADMIN_LEVEL;

  return {
    of: (roomId, userId) => ({
      id: `${platform}:${userId}`,
      name: names.get(`${roomId} ${userId}`) ?? userId.slice(1, userId.indexOf(':')),
      lang,
      isAdmin: () => isAdmin(roomId, userId),
      power: async () => ({ needs: ADMIN_LEVEL, has: await levelOf(roomId, userId) }),
    }),
    named(roomId, userId, name) {
      if (typeof name !== 'string') return;
      const shown = clip(tame(name.slice(0, 300)).replace(/\s+/g, ' ').trim(), 80);
      if (names.size >= MAX_NAMES) names.clear();
      if (shown !== '') names.set(`${roomId} ${userId}`, shown);
    },
  };
}
