import { codeOf } from '../../core/errors.ts';
import { onceWhileFailing, warnOfFailure } from '../../core/failures.ts';
import type { Clock, Ids, Log } from '../../core/ports/runtime.ts';
import { wakeable } from '../../core/wakeable.ts';
import {
  type AttemptVerdict,
  afterFailure,
  type Judgement,
  judgeInvite,
  mayInvite,
  planInvites,
  type WaitingInvite,
} from './invite-plan.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';
import { type Invite, serverOf, shortRoom } from './untrusted.ts';

/** Invitations as durable work: each is kept until it is answered, over limits, outages and restarts. */
export type Judged = Pick<Invite, 'roomId' | 'inviter' | 'encrypted' | 'space'> & { hopeless?: boolean };

export type Invites = ReturnType<typeof createInvites>;

interface InvitesParts {
  port: Pick<MatrixPort, 'join' | 'leave'>;
  memory: Memory;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Null: encrypted rooms are not served. */
  cipher: object | null;
  inviteFrom: readonly string[] | undefined;
  maxRooms: number;
  self: () => string;
  signal: AbortSignal;
  /** Called before the join, so that the room is known by the time the sync tells of it. */
  joining(invite: Invite, welcome: boolean): Promise<void>;
  /** Called after a join that worked: resolves when all of it is done. */
  joined(roomId: string): Promise<void>;
  /** Called when the invitation will not be accepted after all. */
  failed(roomId: string): Promise<void>;
}

/** Kept at a time; strangers may fill half of it. Beyond that an invitation stays unanswered, and the log says so. */
const MAX_KEPT = 10_000;
const CONCURRENT = 4;
const LOOK_EVERY_MS = 60_000;
/** Limits that last so long, ms, are worth a line: a server lets a hundred rooms in within some minutes. */
const LIMITS_LAST_MS = 60_000;
/** From so many failed tries of one room on the operator should know. */
const TRIES_TO_LOG = 5;

export function createInvites(parts: InvitesParts) {
  const { port, memory, clock, log, signal } = parts;
  const busy = new Set<string>();
  const resting = new Set<string>();
  const limits = onceWhileFailing(log, {
    begins: 'The homeserver limits how fast rooms are joined: invitations wait their turn',
    ends: 'No invitation to a Matrix room waits any more',
    level: 'info',
  });
  /** Since when, on the monotonic clock; null = not since invitations began to wait. */
  let limitedSince: number | null = null;
  let pauses = 0;
  let leftOut = 0;
  const loop = wakeable(clock);

  const welcome = (inviter: string): boolean => mayInvite(inviter, parts.inviteFrom, parts.self());

  function judge(invite: Judged): Judgement {
    const rooms = memory.rooms();
    const followed = rooms.some(([, { tombstone, movedTo }]) => tombstone?.to === invite.roomId && !movedTo);
    const taken = rooms.filter(([id, facts]) => facts.byInvite && !facts.movedTo && id !== invite.roomId).length;
    return judgeInvite(
      { ...invite, encrypted: invite.encrypted && !parts.cipher },
      { welcome: welcome(invite.inviter), followed, room: taken < parts.maxRooms },
    );
  }

  async function answer(roomId: string, invite: WaitingInvite): Promise<void> {
    const judged = judge({ roomId, ...invite });
    try {
      if (judged.accept) {
        await parts.joining({ roomId, ...invite }, judged.welcome);
        await port.join(roomId, [serverOf(invite.inviter)], { signal });
        await parts.joined(roomId);
      } else {
        await port.leave(roomId, judged.reason, { signal });
        log.info('Declined an invitation to a Matrix room', { room: shortRoom(roomId), why: judged.why });
      }
      await memory.dropInvite(roomId);
    } catch (error) {
      if (!signal.aborted) await failed(roomId, invite, judged.accept, error);
    }
  }

  async function failed(roomId: string, invite: WaitingInvite, joining: boolean, error: unknown): Promise<void> {
    const now = clock.now();
    const verdict = afterFailure(error, invite, { joining, now, random: parts.ids.random() });
    if (verdict.next === 'again') await again(roomId, invite, verdict, error);
    else if (verdict.next === 'answered') await memory.dropInvite(roomId);
    else {
      log.warn('Unable to join a Matrix room: the invitation is declined', { room: shortRoom(roomId) });
      await parts.failed(roomId);
      await memory.setInvite(roomId, { ...invite, hopeless: true });
    }
  }

  async function again(
    roomId: string,
    invite: WaitingInvite,
    { tries, pauseMs, waitMs }: Extract<AttemptVerdict, { next: 'again' }>,
    error: unknown,
  ): Promise<void> {
    if (codeOf(error) === 'rate_limited') limited(error);
    if (pauseMs > 0) pause(pauseMs);
    if (waitMs > 0) rest(roomId, waitMs);
    if (tries === TRIES_TO_LOG && tries !== invite.tries)
      log.warn('Unable to join a Matrix room yet: trying on', {
        room: shortRoom(roomId),
        error: String((error as Error).message).slice(0, 200),
      });
    // Withdrawn while we tried: nothing to keep.
    if (memory.invite(roomId)) await memory.setInvite(roomId, { ...invite, tries });
  }

  function limited(error: unknown): void {
    limitedSince ??= clock.monotonic();
    if (clock.monotonic() - limitedSince >= LIMITS_LAST_MS) limits.failing(error);
  }

  function noneWaits(): void {
    limitedSince = null;
    limits.working();
  }

  /** Nobody's invitation is tried meanwhile. */
  function pause(ms: number): void {
    pauses++;
    void after(ms, () => {
      pauses--;
    });
  }

  function rest(roomId: string, ms: number): void {
    resting.add(roomId);
    void after(ms, () => resting.delete(roomId));
  }

  async function after(ms: number, act: () => void): Promise<void> {
    await clock.sleep(ms, signal).catch(() => undefined);
    act();
    loop.wake();
  }

  async function begin(roomId: string): Promise<void> {
    const invite = memory.invite(roomId);
    if (!invite) return;
    busy.add(roomId);
    try {
      await answer(roomId, invite);
    } catch (error) {
      warnOfFailure(log, 'Unable to answer an invitation', error);
      rest(roomId, 60_000);
    } finally {
      busy.delete(roomId);
      loop.wake();
    }
  }

  return {
    /** May this room be joined as the bot? For rooms in which we already are. */
    judge,
    /** Resolves when it is kept. Never throws. */
    async take({ roomId, ...invite }: Invite) {
      const known = memory.invite(roomId);
      const room = welcome(invite.inviter) ? MAX_KEPT : MAX_KEPT / 2;
      if (!known && memory.invites().length >= room) {
        if (leftOut++ % 100 === 0)
          log.warn('Too many invitations to Matrix rooms at a time: left unanswered', { count: leftOut });
        return;
      }
      const since = known?.since ?? clock.now();
      await memory.setInvite(roomId, { ...invite, since, tries: known?.tries ?? 0, hopeless: false });
      loop.wake();
    },
    /** Withdrawn by whoever invited us, or answered by another client of the account. */
    withdrawn: (roomId: string) => memory.dropInvite(roomId),
    /** Answers what waits, until the signal aborts. Never throws. */
    async run() {
      const tasks = new Set<Promise<void>>();
      while (!signal.aborted) {
        loop.begin();
        if (memory.invites().length === 0) noneWaits();
        const free = CONCURRENT - busy.size;
        for (const roomId of planInvites(memory.invites(), { paused: pauses > 0, free, busy, resting })) {
          const task: Promise<void> = begin(roomId).finally(() => tasks.delete(task));
          tasks.add(task);
        }
        await loop.pause(LOOK_EVERY_MS, signal);
      }
      await Promise.all(tasks);
    },
  };
}
