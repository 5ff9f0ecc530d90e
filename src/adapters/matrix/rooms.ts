import type { Incoming, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Directness } from './direct.ts';
import type { EncryptionGuard } from './encryption.ts';
import { factsOf } from './failure.ts';
import { ENCRYPTED_REASON, shortRoom } from './invites.ts';
import type { Lanes } from './lanes.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';
import type { Senders } from './senders.ts';
import type { Invite, RoomEvent } from './sync-answer.ts';
import { isRoomId, json, serverOf } from './sync-answer.ts';

/** Which rooms we are in, and what becomes of them. Everything about one room runs in its lane. */
export interface Rooms {
  /** An invitation is being accepted: the sync may tell of the room before the join answers. Not `welcome`: only as the upgrade of a room. */
  joining(invite: Invite, welcome: boolean): Promise<void>;
  joined(invite: Invite, ok: boolean): Promise<void>;
  /** The sync tells of a room that we are in. `live`: our own join is part of the news. */
  present(roomId: string, live: boolean): Promise<void>;
  left(roomId: string, by: string | null): Promise<void>;
  turnedEncrypted(roomId: string): Promise<void>;
  someoneLeft(roomId: string): Promise<void>;
  /** Follows the upgrade of a room, when the new room points back at the old one. */
  tombstone(roomId: string, event: Pick<RoomEvent, 'content' | 'sender'>): Promise<void>;
  /** Compares what we know with the rooms that the account is really in. */
  reconcile(): Promise<void>;
  /** What a 403 or 404 to a send means. Throws when the server cannot be asked. */
  refusal(roomId: string, detail: string, signal: AbortSignal): Promise<SendOutcome>;
}

export interface RoomsParts {
  accountId: string;
  port: MatrixPort;
  memory: Memory;
  guard: EncryptionGuard;
  direct: Directness;
  senders: Senders;
  lanes: Lanes;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(event: Incoming): Promise<void>;
  /** Tries again a few times with growing waits; false when it never worked. */
  persist(attempt: () => Promise<unknown>): Promise<boolean>;
  knownChats(): Promise<string[]>;
}

const MAX_RECONCILED = 500;
const MAX_FOLLOWS = 5;
const KEEP_OLD_MS = 3_600_000;

export function createRooms(parts: RoomsParts): Rooms {
  const { accountId, port, memory, guard, direct, senders, lanes, clock, log, signal, emit, persist } = parts;
  const expected = new Map<string, { invite: Invite; welcome: boolean }>();
  const follows = new Map<string, number>();
  const address = (chat: string) => ({ accountId, chat, thread: null });

  const inLane = async (roomId: string, job: () => Promise<void>): Promise<void> => {
    await lanes.push(roomId, job, true);
  };

  async function adopt(roomId: string, live: boolean): Promise<void> {
    const facts = memory.room(roomId);
    if (facts?.in) return;
    const coming = expected.get(roomId);
    if (await isEncrypted(roomId)) {
      log.warn('A Matrix room is encrypted: nothing is sent there', { room: shortRoom(roomId) });
      const before = predecessors(roomId);
      if (coming || facts?.byInvite) await leave(roomId, ENCRYPTED_REASON);
      else await memory.setRoom(roomId, { in: true });
      for (const room of before) await end(room, null);
      return;
    }
    const before = await provenPredecessor(roomId);
    if (before) return move(before, roomId);
    if (coming && !coming.welcome) return leave(roomId, 'This room does not continue the one that I was in.');
    // Told first and noted then: a crash in between tells it again.
    if (coming || facts?.byInvite || live) {
      const sender = coming ? senders.of(roomId, coming.invite.inviter) : null;
      await emit({ kind: 'joined', address: address(roomId), chatKind: await direct.kindOf(roomId), sender });
    }
    await memory.setRoom(roomId, { in: true });
  }

  async function isEncrypted(roomId: string): Promise<boolean> {
    let encrypted = false;
    const known = await persist(async () => {
      encrypted = await guard.isEncrypted(roomId, { signal });
    });
    // Not known is no harm here: every send asks again before it goes out.
    return known && encrypted;
  }

  /** Rooms whose tombstones point here: so far only their word. */
  const predecessors = (roomId: string): string[] =>
    memory.rooms().flatMap(([id, { tombstone, movedTo }]) => (tombstone?.to === roomId && !movedTo ? [id] : []));

  /** The one of these that the room itself names. */
  async function provenPredecessor(roomId: string): Promise<string | null> {
    const claimed = predecessors(roomId);
    if (claimed.length === 0) return null;
    let named: unknown;
    await persist(async () => {
      const create = await port.createEvent(roomId, { signal });
      named = json(json(create?.content ?? create).predecessor).room_id;
    });
    const proven = claimed.find((room) => room === named) ?? null;
    if (!proven)
      log.warn('The upgrade of a Matrix room does not point back: not followed', { room: shortRoom(claimed[0]!) });
    return proven;
  }

  async function move(from: string, to: string): Promise<void> {
    const facts = memory.room(from);
    await memory.setRoom(to, { in: true, byInvite: facts?.byInvite ?? false, direct: facts?.direct ?? false });
    log.info('A Matrix room was upgraded: followed', { room: shortRoom(from), to: shortRoom(to) });
    await emit({ kind: 'moved', address: address(from), to: address(to) });
    await memory.setRoom(from, { movedTo: to, movedAt: clock.now() });
  }

  async function end(roomId: string, by: string | null): Promise<void> {
    const facts = memory.room(roomId);
    if (!facts?.in) return;
    const chatKind = facts.direct ? 'private' : 'group';
    await memory.dropRoom(roomId);
    direct.forget(roomId);
    if (facts.movedTo) return;
    await emit({ kind: 'left', address: address(roomId), chatKind, sender: by ? senders.of(roomId, by) : null });
  }

  async function leave(roomId: string, reason: string): Promise<void> {
    await persist(() => port.leave(roomId, reason, { signal }));
    await memory.dropRoom(roomId);
  }

  async function follow(roomId: string, to: string, by: string | null): Promise<void> {
    if (memory.room(roomId)?.movedTo === to) return;
    const count = (follows.get(roomId) ?? 0) + 1;
    if (count > MAX_FOLLOWS) return;
    if (follows.size > 1_000) follows.clear();
    follows.set(roomId, count);
    await memory.setRoom(roomId, { in: true, tombstone: { to } });
    if (memory.room(to)?.in) {
      // We were in it before: when it does not point back, that is no reason to leave it.
      await inLane(to, async () => {
        if ((await provenPredecessor(to)) === roomId) await move(roomId, to);
      });
      return;
    }
    const invite = {
      roomId: to,
      inviter: by ?? '',
      direct: memory.room(roomId)?.direct ?? false,
      encrypted: false,
      space: false,
    };
    if (!expected.has(to)) expected.set(to, { invite, welcome: false });
    const ok = await persist(() => port.join(to, by ? [serverOf(by)] : [], { signal }));
    if (ok) await inLane(to, () => adopt(to, true));
    if (expected.get(to)?.invite === invite) expected.delete(to);
    // A private room takes an invitation: it is accepted when it comes, since the tombstone is remembered.
    if (!ok) log.warn('Unable to follow the upgrade of a Matrix room yet', { room: shortRoom(roomId) });
  }

  return {
    async joining(invite, welcome) {
      expected.set(invite.roomId, { invite, welcome });
      // Kept before the join: after a crash in between, the sync tells of the room, but not how we came into it.
      if (welcome) await memory.setRoom(invite.roomId, { byInvite: true, direct: invite.direct });
    },
    async joined(invite, ok) {
      if (ok) await inLane(invite.roomId, () => adopt(invite.roomId, true));
      else if (!memory.room(invite.roomId)?.in) await memory.dropRoom(invite.roomId);
      expected.delete(invite.roomId);
    },
    async present(roomId, live) {
      if (!memory.room(roomId)?.in) await inLane(roomId, () => adopt(roomId, live));
    },
    left: (roomId, by) => inLane(roomId, () => end(roomId, by)),
    turnedEncrypted(roomId) {
      guard.saw(roomId);
      return inLane(roomId, async () => {
        const facts = memory.room(roomId);
        if (!facts?.in || !facts.byInvite) return;
        log.warn('A Matrix room has become encrypted: left', { room: shortRoom(roomId) });
        await persist(() => port.leave(roomId, ENCRYPTED_REASON, { signal }));
        await end(roomId, null);
      });
    },
    someoneLeft: (roomId) =>
      inLane(roomId, async () => {
        const facts = memory.room(roomId);
        if (!facts?.in || !facts.byInvite || facts.movedTo || facts.tombstone || !(await direct.isAlone(roomId)))
          return;
        await persist(() => port.leave(roomId, 'Everybody else has left.', { signal }));
        await end(roomId, null);
      }),
    async tombstone(roomId, event) {
      const to = event.content.replacement_room;
      if (isRoomId(to) && to !== roomId && (await isOurs(roomId))) await follow(roomId, to, event.sender);
    },
    async reconcile() {
      const joined = new Set(await port.joinedRooms({ signal }));
      const ours = memory.rooms().filter(([, facts]) => facts.in && !facts.movedTo);
      const known = (await parts.knownChats()).filter((chat) => !memory.room(chat)?.movedTo);
      const missing = new Set([...ours.map(([roomId]) => roomId), ...known].filter((roomId) => !joined.has(roomId)));
      for (const roomId of [...missing].slice(0, MAX_RECONCILED)) {
        // One wrong list must not end everybody's subscriptions: ask about each.
        if (!(await isOutside(roomId))) continue;
        await memory.setRoom(roomId, { in: true });
        await inLane(roomId, () => end(roomId, null));
      }
      await leaveOldRooms(joined);
      // At the very first start, rooms that the account is in already are no news. Later the sync tells of new ones.
      if (memory.token() !== null) return;
      const before = [...joined].filter((roomId) => isRoomId(roomId) && !expected.has(roomId));
      await Promise.all(before.map((roomId) => memory.setRoom(roomId, { in: true })));
    },
    async refusal(roomId, detail, sending) {
      const moved = memory.room(roomId)?.movedTo;
      if (moved) return { kind: 'moved', to: address(moved) };
      const joined = await port.joinedRooms({ signal: sending });
      if (!joined.includes(roomId))
        return { kind: 'gone', reason: 'client', detail: `not in the room any more (${detail})` };
      const tombstone = await port.stateContent(roomId, 'm.room.tombstone', { signal: sending });
      const to = tombstone?.replacement_room;
      if (isRoomId(to) && !memory.room(roomId)?.tombstone) {
        void follow(roomId, to, null).catch(() => {});
        return {
          kind: 'retry',
          afterMs: 5_000,
          scope: 'chat',
          reason: 'client',
          detail: 'the room was upgraded: following',
        };
      }
      return { kind: 'rejected', reason: 'client', detail: `not allowed to speak in the room (${detail})` };
    },
  };

  /** Rooms that go on elsewhere are left an hour later, when nothing can be under way to them any more. */
  async function leaveOldRooms(joined: Set<string>): Promise<void> {
    for (const [roomId, { byInvite, movedTo, movedAt }] of memory.rooms())
      if (
        byInvite &&
        movedTo &&
        joined.has(roomId) &&
        joined.has(movedTo) &&
        clock.now() - (movedAt ?? 0) > KEEP_OLD_MS
      )
        await leave(roomId, 'This room goes on elsewhere.');
  }

  /** Only rooms that the bot was invited to or is used in: the account may be in others for reasons of its own. */
  async function isOurs(roomId: string): Promise<boolean> {
    const facts = memory.room(roomId);
    return facts?.in === true && (facts.byInvite === true || (await parts.knownChats()).includes(roomId));
  }

  async function isOutside(roomId: string): Promise<boolean> {
    try {
      await port.joinedMembers(roomId, { signal });
      return false;
    } catch (error) {
      const { status, errcode } = factsOf(error);
      return (status === 403 && errcode === 'M_FORBIDDEN') || (status === 404 && errcode === 'M_NOT_FOUND');
    }
  }
}
