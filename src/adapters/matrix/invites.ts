import { codeOf } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { Log } from '../../core/ports/log.ts';
import { factsOf } from './failure.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';
import { type Invite, serverOf } from './sync-answer.ts';

export const ENCRYPTED_REASON =
  'I cannot read or write in encrypted rooms. Please invite me to a room without encryption (or open a direct chat with encryption off).';
const UNWELCOME_REASON = 'My operator has not allowed invitations from this account.';
const SPACE_REASON = 'I speak in rooms, not in spaces. Please invite me to a room.';
const FULL_REASON = 'I am in as many rooms as my operator allows.';

/** "@ann:example.org", "*:example.org" or "*"; none given: users of the bot's own homeserver. Pure. */
export function mayInvite(inviter: string, inviteFrom: readonly string[] | undefined, self: string): boolean {
  const patterns = inviteFrom ?? [`*:${serverOf(self)}`];
  return patterns.some((pattern) => {
    if (pattern === '*') return true;
    if (pattern.startsWith('*:')) return serverOf(inviter).toLowerCase() === pattern.slice(2).toLowerCase();
    return inviter === pattern;
  });
}

export interface Invites {
  /** Joins or declines, in the background; resolves when that is decided. Never throws. */
  handle(invite: Invite): Promise<void>;
}

export interface InvitesParts {
  port: Pick<MatrixPort, 'join' | 'leave'>;
  memory: Memory;
  clock: Clock;
  ids: Ids;
  log: Log;
  inviteFrom: readonly string[] | undefined;
  maxRooms: number;
  self: () => string;
  signal: AbortSignal;
  /** Called before the join, so that the room is known by the time the sync tells of it. Not `welcome`: a tombstone alone points there. */
  joining(invite: Invite, welcome: boolean): Promise<void>;
  /** Called after a join that worked, or with false after one that did not. */
  joined(invite: Invite, ok: boolean): Promise<void>;
}

/** Bounds of an invite flood: waiting at a time, and accepted from one person in an hour. */
const MAX_WAITING = 100;
const MAX_PER_INVITER_HOUR = 20;
const CONCURRENT = 4;
/** A federated room may need a while before it can be joined. */
const JOIN_WAITS_MS = [1_000, 3_000, 10_000, 30_000, 60_000];

export function createInvites(parts: InvitesParts): Invites {
  const { port, memory, clock, log, signal } = parts;
  const recent = new Map<string, number[]>();
  const waiting = new Set<string>();
  const tails: Promise<unknown>[] = [];
  let turn = 0;
  let dropped = 0;

  function verdict(
    invite: Invite,
  ): { accept: true; welcome: boolean } | { accept: false; why: string; reason: string } {
    const welcome = mayInvite(invite.inviter, parts.inviteFrom, parts.self());
    const followed = memory.rooms().some(([, { tombstone, movedTo }]) => tombstone?.to === invite.roomId && !movedTo);
    if (!followed && !welcome) return { accept: false, why: 'not allowed', reason: UNWELCOME_REASON };
    if (invite.encrypted) return { accept: false, why: 'encrypted', reason: ENCRYPTED_REASON };
    if (invite.space) return { accept: false, why: 'space', reason: SPACE_REASON };
    const rooms = memory.rooms().filter(([, facts]) => facts.byInvite && !facts.movedTo).length;
    if (!followed && rooms >= parts.maxRooms) return { accept: false, why: 'too many rooms', reason: FULL_REASON };
    if (!followed && !budget(invite.inviter))
      return { accept: false, why: 'too many invitations', reason: UNWELCOME_REASON };
    return { accept: true, welcome };
  }

  function budget(inviter: string): boolean {
    const since = clock.monotonic() - 3_600_000;
    if (recent.size > 1_000) recent.clear();
    const times = (recent.get(inviter) ?? []).filter((at) => at > since);
    recent.set(inviter, times);
    if (times.length >= MAX_PER_INVITER_HOUR) return false;
    times.push(clock.monotonic());
    return true;
  }

  async function decide(invite: Invite): Promise<void> {
    const answer = verdict(invite);
    const room = shortRoom(invite.roomId);
    if (!answer.accept) {
      log.info('Declined an invitation to a Matrix room', { room, why: answer.why });
      await retried(() => port.leave(invite.roomId, answer.reason, { signal }), [1_000, 10_000]);
      return;
    }
    await parts.joining(invite, answer.welcome);
    const ok = await retried(() => port.join(invite.roomId, [serverOf(invite.inviter)], { signal }), JOIN_WAITS_MS);
    if (!ok) log.warn('Unable to join a Matrix room', { room });
    await parts.joined(invite, ok);
  }

  /** True when it worked in the end. The invitation may have been withdrawn meanwhile, so a refusal ends it after the waits too. */
  async function retried(attempt: () => Promise<unknown>, waits: number[]): Promise<boolean> {
    for (let tries = 0; ; tries++) {
      try {
        await attempt();
        return true;
      } catch (error) {
        const wait = waits[tries];
        if (signal.aborted || wait === undefined) return false;
        if (codeOf(error) === 'auth') return false;
        const asked = Math.min(factsOf(error).retryAfterMs ?? 0, 300_000);
        try {
          await clock.sleep(Math.max(wait, asked) * (1 + parts.ids.random() / 5), signal);
        } catch {
          return false;
        }
      }
    }
  }

  return {
    handle(invite) {
      if (waiting.has(invite.roomId)) return Promise.resolve();
      if (waiting.size >= MAX_WAITING) {
        if (dropped++ % 100 === 0)
          log.warn('Too many invitations to Matrix rooms at a time: left unanswered', { dropped });
        return Promise.resolve();
      }
      waiting.add(invite.roomId);
      // A few at a time: one room that cannot be reached must not hold up the others.
      const lane = turn++ % CONCURRENT;
      const done = (tails[lane] ?? Promise.resolve())
        .then(() => (signal.aborted ? undefined : decide(invite)))
        .catch((error: unknown) => log.warn('Unable to answer an invitation', { error: String(error).slice(0, 200) }))
        .finally(() => waiting.delete(invite.roomId));
      tails[lane] = done;
      return done;
    },
  };
}

/** Enough of a room's id to find it in logs. */
export const shortRoom = (roomId: string): string => `${roomId.slice(0, 7)}…`;
