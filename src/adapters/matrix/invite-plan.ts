/** What becomes of invitations: who is welcome, which is next, and what a failed attempt means. All pure. */
import { codeOf } from '../../core/errors.ts';
import { sayIn } from '../../i18n/packs.ts';
import { factsOf } from './request.ts';
import { type Invite, serverOf } from './untrusted.ts';

/** An invitation that is not answered yet; kept until it is. */
export interface WaitingInvite extends Omit<Invite, 'roomId'> {
  /** When it came, ms since the epoch. */
  since: number;
  /** Tries that failed for reasons of this room. */
  tries: number;
  /** It cannot be joined: to be declined. */
  hopeless: boolean;
}

export type Judgement = { accept: true; welcome: boolean } | { accept: false; why: string; reason: string };

/** "@ann:example.org", "*:example.org" or "*"; none given: users of the bot's own homeserver. */
export function mayInvite(inviter: string, inviteFrom: readonly string[] | undefined, self: string): boolean {
  const patterns = inviteFrom ?? [`*:${serverOf(self)}`];
  return patterns.some((pattern) => {
    if (pattern === '*') return true;
    if (pattern.startsWith('*:')) return serverOf(inviter).toLowerCase() === pattern.slice(2).toLowerCase();
    return inviter === pattern;
  });
}

/** `followed`: a room of ours names this one as its upgrade. `room`: one more may be joined. Nobody is declined for how often they invite. */
export function judgeInvite(
  invite: Pick<Invite, 'encrypted' | 'space'> & { hopeless?: boolean },
  { welcome, followed, room }: { welcome: boolean; followed: boolean; room: boolean },
): Judgement {
  if (!followed && !welcome)
    return { accept: false, why: 'not allowed', reason: sayIn('en', 'english.leave.unwelcome') };
  if (invite.hopeless)
    return { accept: false, why: 'cannot be joined', reason: sayIn('en', 'english.leave.unreachable') };
  if (invite.encrypted) return { accept: false, why: 'encrypted', reason: sayIn('en', 'english.leave.encrypted') };
  if (invite.space) return { accept: false, why: 'space', reason: sayIn('en', 'english.leave.space') };
  if (!followed && !room) return { accept: false, why: 'too many rooms', reason: sayIn('en', 'english.leave.full') };
  return { accept: true, welcome };
}

/**
 * Which may be answered now, at most `free` of them; `resting` are those that wait for their next try. Those of many inviters take turns,
 * so that somebody with a hundred rooms holds up nobody.
 */
export function planInvites(
  waiting: Iterable<[string, WaitingInvite]>,
  {
    paused,
    free,
    busy,
    resting,
  }: { paused: boolean; free: number; busy: ReadonlySet<string>; resting: ReadonlySet<string> },
): string[] {
  if (paused || free <= 0) return [];
  const turns = new Map<string, number>();
  const ready: { roomId: string; turn: number; since: number }[] = [];
  for (const [roomId, { inviter, since }] of waiting) {
    if (resting.has(roomId)) continue;
    const turn = turns.get(inviter) ?? 0;
    turns.set(inviter, turn + 1);
    if (!busy.has(roomId)) ready.push({ roomId, turn, since });
  }
  ready.sort((a, b) => a.turn - b.turn || a.since - b.since);
  return ready.slice(0, free).map(({ roomId }) => roomId);
}

export type AttemptVerdict =
  | { next: 'answered' }
  /** `pauseMs`: nobody's invitation is tried before. */
  | { next: 'again'; tries: number; waitMs: number; pauseMs: number }
  /** It can never be accepted. */
  | { next: 'hopeless' };

const WAITS_MS = [1_000, 3_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000];
/** A server's own refusal, given so often over so long, ms, is final: the invitation was withdrawn, or the room cannot be joined. */
const REFUSED_TRIES = 8;
const REFUSED_AFTER_MS = 10 * 60_000;
/** A room on servers that do not answer for so long, ms. */
const UNREACHABLE_AFTER_MS = 7 * 86_400_000;

/** What a failed join or decline means for its invitation. `random`: 0–1, spreads the tries. */
export function afterFailure(
  error: unknown,
  invite: Pick<WaitingInvite, 'tries' | 'since'>,
  { joining, now, random }: { joining: boolean; now: number; random: number },
): AttemptVerdict {
  const { status, errcode, retryAfterMs } = factsOf(error);
  const code = codeOf(error);
  const spread = 1 + random / 5;
  const pause = (ms: number): AttemptVerdict => ({
    next: 'again',
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
  if (refused && !joining) return { next: 'answered' };
  const age = now - invite.since;
  const final = refused ? invite.tries >= REFUSED_TRIES && age > REFUSED_AFTER_MS : age > UNREACHABLE_AFTER_MS;
  if (final && joining) return { next: 'hopeless' };
  if (final) return { next: 'answered' };
  const waitMs = Math.ceil(WAITS_MS[Math.min(invite.tries, WAITS_MS.length - 1)]! * spread);
  return { next: 'again', tries: invite.tries + 1, waitMs: Math.max(waitMs, retryAfterMs ?? 0), pauseMs: 0 };
}
