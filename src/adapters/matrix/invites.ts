import { codeOf, onceWhileFailing, warnOfFailure } from '../../core/errors.ts';
import { wakeable } from '../../core/wakeable.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { Context } from './context.ts';
import type { WaitingInvite } from './memory.ts';
import { factsOf } from './request.ts';
import type { Judged, Rooms } from './rooms.ts';
import { type Invite, serverOf, shortRoom } from './untrusted.ts';

/** What becomes of invitations: who is welcome, which is next, and what a failed attempt means. */

type Judgement = { accept: true; welcome: boolean } | { accept: false; why: string; reason: string };

/** "@ann:example.org", "*:example.org" or "*"; none given: users of the bot's own homeserver. */
export function mayInvite(inviter: string, inviteFrom: readonly string[] | undefined, self: string): boolean {
  const patterns = inviteFrom ?? [`*:${serverOf(self)}`];
  return patterns.some((pattern) => {
    if (pattern === '*') return true;
    if (pattern.startsWith('*:')) return serverOf(inviter).toLowerCase() === pattern.slice(2).toLowerCase();
    return inviter === pattern;
  });
}

/**
 * Which may be answered now, at most `free` of them; `resting` are those that wait for their next try. Those of many inviters take turns,
 * so that somebody with a hundred rooms holds up nobody.
 */
export function planInvites(
  waiting: Iterable<[string, WaitingInvite]>,
  now: { paused: boolean; free: number; busy: ReadonlySet<string>; resting: ReadonlySet<string> },
): string[] {
  if (now.paused || now.free <= 0) return [];
  const turns = new Map<string, number>();
  const ready: { roomId: string; turn: number; since: number }[] = [];
  for (const [roomId, { inviter, since }] of waiting) {
    if (now.resting.has(roomId)) continue;
    const turn = turns.get(inviter) ?? 0;
    turns.set(inviter, turn + 1);
    if (!now.busy.has(roomId)) ready.push({ roomId, turn, since });
  }
  ready.sort((a, b) => a.turn - b.turn || a.since - b.since);
  return ready.slice(0, now.free).map(({ roomId }) => roomId);
}

const WAITS_MS = [1_000, 3_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000];
/** A server's own refusal, given so often over so long, ms, is final: the invitation was withdrawn, or the room cannot be joined. */
const REFUSED_TRIES = 8;
const REFUSED_AFTER_MS = 10 * 60_000;
/** A room on servers that do not answer for so long, ms. */
const UNREACHABLE_AFTER_MS = 7 * 86_400_000;

/**
 * What a failed join or decline means for its invitation: it is answered by that, it is to be tried again, or it can never be accepted. `pauseMs`: nobody's
 * invitation is tried before. `random`: 0–1, spreads the tries.
 */
export function afterFailure(
  error: unknown,
  invite: Pick<WaitingInvite, 'tries' | 'since'>,
  { joining, now, random }: { joining: boolean; now: number; random: number },
) {
  const { status, errcode, retryAfterMs } = factsOf(error);
  const code = codeOf(error);
  const spread = 1 + random / 5;
  const pause = (ms: number) => ({
    next: 'again' as const,
    tries: invite.tries,
    waitMs: 0,
    pauseMs: Math.ceil(Math.max(retryAfterMs ?? 0, ms) * spread),
  });
  // The account as a whole: says nothing about this invitation.
  if (code === 'rate_limited') return pause(1_000);
  if (code === 'auth') return pause(60_000);
  if (status === 0) return pause(5_000);
  const refused = code === 'client' && errcode !== null;
  // Declining what is not there any more.
  if (refused && !joining) return { next: 'answered' as const };
  const age = now - invite.since;
  const final = refused ? invite.tries >= REFUSED_TRIES && age > REFUSED_AFTER_MS : age > UNREACHABLE_AFTER_MS;
  if (final && joining) return { next: 'hopeless' as const };
  if (final) return { next: 'answered' as const };
  const waitMs = Math.ceil(WAITS_MS[Math.min(invite.tries, WAITS_MS.length - 1)]! * spread);
  return { next: 'again' as const, tries: invite.tries + 1, waitMs: Math.max(waitMs, retryAfterMs ?? 0), pauseMs: 0 };
}

/** Invitations as durable work: each is kept until it is answered, over limits, outages and restarts. */
export type Invites = ReturnType<typeof createInvites>;

/** Kept at a time; strangers may fill half of it. Beyond that an invitation stays unanswered, and the log says so. */
const MAX_KEPT = 10_000;
const CONCURRENT = 4;
const LOOK_EVERY_MS = 60_000;
/** Limits that last so long, ms, are worth a line: a server lets a hundred rooms in within some minutes. */
const LIMITS_LAST_MS = 60_000;
/** From so many failed tries of one room on the operator should know. */
const TRIES_TO_LOG = 5;

export function createInvites(
  { port, memory, names, cipher, clock, ids, log, signal }: Context,
  { inviteFrom, maxRooms }: { inviteFrom?: string[]; maxRooms: number },
  rooms: Pick<Rooms, 'joining' | 'joined' | 'failed'>,
) {
  const busy = new Set<string>();
  const resting = new Set<string>();
  const limits = onceWhileFailing(log, {
    begins: 'The homeserver limits how fast rooms are joined: invitations wait their turn',
    ends: 'No invitation to a Matrix room waits any more',
    level: 'info',
  });
  /** Since when, on the monotonic clock; null = not since invitations began to wait. */
  let limitedSince: number | null = null;
  /** While there are any, nobody's invitation is tried. */
  let pauses = 0;
  let leftOut = 0;
  const loop = wakeable(clock);

  const isWelcome = (inviter: string): boolean => mayInvite(inviter, inviteFrom, names.userId);

  const declined = (why: string, reason: 'unwelcome' | 'unreachable' | 'encrypted' | 'space' | 'full'): Judgement => ({
    accept: false,
    why,
    reason: sayIn('en', `english.leave.${reason}`),
  });

  /** Nobody is declined for how often they invite. */
  function judge(invite: Judged): Judgement {
    const known = memory.rooms();
    const welcome = isWelcome(invite.inviter);
    // A room of ours names this one as its upgrade.
    const followed = known.some(([, { tombstone, movedTo }]) => tombstone?.to === invite.roomId && !movedTo);
    const taken = known.filter(([id, facts]) => facts.byInvite && !facts.movedTo && id !== invite.roomId).length;
    if (!followed && !welcome) return declined('not allowed', 'unwelcome');
    if (invite.hopeless) return declined('cannot be joined', 'unreachable');
    if (invite.encrypted && !cipher) return declined('encrypted', 'encrypted');
    if (invite.space) return declined('space', 'space');
    if (!followed && taken >= maxRooms) return declined('too many rooms', 'full');
    return { accept: true, welcome };
  }

  async function answer(roomId: string, invite: WaitingInvite): Promise<void> {
    const judged = judge({ roomId, ...invite });
    try {
      if (judged.accept) {
        await rooms.joining({ roomId, ...invite }, judged.welcome);
        await port.join(roomId, [serverOf(invite.inviter)], { signal });
        await rooms.joined(roomId);
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
    const verdict = afterFailure(error, invite, { joining, now, random: ids.random() });
    if (verdict.next === 'answered') return memory.dropInvite(roomId);
    if (verdict.next === 'hopeless') {
      log.warn('Unable to join a Matrix room: the invitation is declined', { room: shortRoom(roomId) });
      await rooms.failed(roomId);
      return memory.setInvite(roomId, { ...invite, hopeless: true });
    }
    const { tries, pauseMs, waitMs } = verdict;
    if (codeOf(error) === 'rate_limited') {
      limitedSince ??= clock.monotonic();
      if (clock.monotonic() - limitedSince >= LIMITS_LAST_MS) limits.failing(error);
    }
    if (pauseMs > 0) {
      pauses++;
      void after(pauseMs, () => {
        pauses--;
      });
    }
    if (waitMs > 0) rest(roomId, waitMs);
    const message = String((error as Error).message).slice(0, 200);
    if (tries === TRIES_TO_LOG && tries !== invite.tries)
      log.warn('Unable to join a Matrix room yet: trying on', { room: shortRoom(roomId), error: message });
    // Withdrawn while we tried: nothing to keep.
    if (memory.invite(roomId)) await memory.setInvite(roomId, { ...invite, tries });
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
      const room = isWelcome(invite.inviter) ? MAX_KEPT : MAX_KEPT / 2;
      if (!known && memory.invites().length >= room) {
        if (leftOut++ % 100 === 0)
          log.warn('Too many invitations to Matrix rooms at a time: left unanswered', { count: leftOut });
        return;
      }
      const since = known?.since ?? clock.now();
      await memory.setInvite(roomId, { ...invite, since, tries: known?.tries ?? 0, hopeless: false });
      loop.wake();
    },
    /** Answers what waits, until the signal aborts. Never throws. */
    async run() {
      const tasks = new Set<Promise<void>>();
      while (!signal.aborted) {
        loop.begin();
        if (memory.invites().length === 0) {
          limitedSince = null;
          limits.working();
        }
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
