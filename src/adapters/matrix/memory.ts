import { onceWhileFailing, type WhileFailing } from '../../core/errors.ts';
import type { DurableState, Log } from '../../core/ports/runtime.ts';
import { oneMore } from '../../core/wakeable.ts';
import { isEventId, isRoomId, isUserId, type Json, json } from './untrusted.ts';

/** What must survive a restart: where the sync stands, which commands were handled, what is known of the rooms we are in. */
export type Memory = Awaited<ReturnType<typeof openMemory>>;

export interface RoomFacts {
  /** We are in it, and the app has been notified where that was news. */
  in?: boolean;
  /** Accepted as the bot: it may also leave by itself. Rooms that the account was in before are never left. */
  byInvite?: boolean;
  /** A direct chat by the word of the invitation. */
  direct?: boolean;
  /** Sticky: encryption of a room cannot be turned off. */
  encrypted?: boolean;
  /** The room was upgraded: where its tombstone points. */
  tombstone?: { to: string };
  /** We follow: the chat goes on there. */
  movedTo?: string;
  /** Since when, ms since the epoch. */
  movedAt?: number;
  /** When the invitation came, ms since the epoch: what was said to us since then is meant for us. */
  invitedAt?: number;
  /** False: the app was notified that we are here, but nothing of ours has been seen in the room yet. */
  greeted?: boolean;
}

/** An invitation that is not answered yet; kept until it is. */
export type WaitingInvite = ReturnType<typeof waitingInvite>;

/** Twice as many names as commands, where rooms are encrypted. */
const MAX_HANDLED = 400;
const SYNC = 'sync';
const ROOMS = 'rooms';
const INVITES = 'invites';

/** A store that fails to read throws here (the caller tries again); one that fails to write is logged once and written again later. */
export async function openMemory(state: DurableState, log: Log) {
  const sync = json(await state.get(SYNC));
  let owner = typeof sync.owner === 'string' ? sync.owner : null;
  let token = typeof sync.token === 'string' ? sync.token : null;
  const handled = new Set(Array.isArray(sync.handled) ? sync.handled.filter(isEventId).slice(-MAX_HANDLED) : []);
  const rooms = new Map<string, RoomFacts>();
  for (const [roomId, facts] of Object.entries(json(await state.get(ROOMS))))
    if (isRoomId(roomId)) rooms.set(roomId, json(facts));

  const invites = new Map<string, WaitingInvite>();
  for (const [roomId, kept] of Object.entries(json(await state.get(INVITES)))) {
    const invite = json(kept);
    if (isRoomId(roomId) && isUserId(invite.inviter)) invites.set(roomId, waitingInvite(invite.inviter, invite));
  }

  const trouble = onceWhileFailing(log, { begins: 'Unable to keep the state of a Matrix account', ends: null });
  const syncWriter = writer(trouble, () => state.set(SYNC, { owner, token, handled: [...handled] }));
  const roomsWriter = writer(trouble, () => state.set(ROOMS, Object.fromEntries(rooms)));
  const invitesWriter = writer(trouble, () => state.set(INVITES, Object.fromEntries(invites)));

  return {
    /** Whose memory it is, null = nobody's yet. */
    owner: () => owner,
    /** Whose memory this is from now on: that of another user under the same account id is forgotten. */
    async belongsTo(userId: string) {
      if (owner === userId) return;
      if (owner !== null) {
        log.warn('Another Matrix user than before: what was known of rooms is forgotten', {
          before: owner,
          now: userId,
        });
        token = null;
        handled.clear();
        rooms.clear();
        invites.clear();
      }
      owner = userId;
      await Promise.all([syncWriter.write(), roomsWriter.write(), invitesWriter.write()]);
    },
    token: () => token,
    setToken(next: string | null) {
      token = next;
      return syncWriter.write();
    },
    wasHandled: (eventId: string) => handled.has(eventId),
    /** Resolves when it is kept. */
    handled(...eventIds: string[]) {
      for (const eventId of eventIds) handled.add(eventId);
      for (const oldest of handled) {
        if (handled.size <= MAX_HANDLED) break;
        handled.delete(oldest);
      }
      return syncWriter.write();
    },
    room: (roomId: string) => rooms.get(roomId),
    rooms: () => [...rooms],
    /** Merges; resolves when it is kept. */
    setRoom(roomId: string, facts: RoomFacts) {
      rooms.set(roomId, { ...rooms.get(roomId), ...facts });
      return roomsWriter.write();
    },
    dropRoom(roomId: string) {
      return rooms.delete(roomId) ? roomsWriter.write() : Promise.resolve();
    },
    /** Invitations that are not answered yet. */
    invite: (roomId: string) => invites.get(roomId),
    invites: () => [...invites],
    setInvite(roomId: string, invite: WaitingInvite) {
      invites.set(roomId, invite);
      return invitesWriter.write();
    },
    dropInvite(roomId: string) {
      return invites.delete(roomId) ? invitesWriter.write() : Promise.resolve();
    },
    /** Writes what a failing store has not taken yet. Never throws. */
    async flush() {
      await Promise.all([syncWriter.flush(), roomsWriter.flush(), invitesWriter.flush()]);
    },
  };
}

function waitingInvite(inviter: string, kept: Json) {
  const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
  return {
    inviter,
    direct: kept.direct === true,
    encrypted: kept.encrypted === true,
    space: kept.space === true,
    /** When it came, ms since the epoch. */
    since: number(kept.since),
    /** Tries that failed for reasons of this room. */
    tries: number(kept.tries),
    /** It cannot be joined: to be declined. */
    hopeless: kept.hopeless === true,
  };
}

/** One write at a time; wishes that come meanwhile are one more write. */
function writer(trouble: WhileFailing, save: () => Promise<void>): { write(): Promise<void>; flush(): Promise<void> } {
  let wished = 0;
  let saved = 0;
  const run = oneMore(async () => {
    const now = wished;
    try {
      await save();
      saved = now;
      trouble.working();
    } catch (error) {
      trouble.failing(error);
    }
  });

  function write(): Promise<void> {
    wished++;
    return run();
  }

  return { write, flush: async () => (saved < wished ? run() : undefined) };
}
