import type { ChatKind } from '../../core/model/chat.ts';
import type { SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { keepNewest } from '../../core/recent.ts';
import { type Wakeable, wakeable } from '../../core/wakeable.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { Context } from './context.ts';
import { factsOf } from './request.ts';
import { type Invite, isRoomId, json, type RoomEvent, serverOf, shortRoom } from './untrusted.ts';

const MAX_FOLLOWS = 5;
const NOT_FOLLOWED = 'The upgrade of a Matrix room does not point back: not followed';
const MAX_REMEMBERED = 1_000;
/** So long, ms, the sync has to tell how we came into a room that does not point back. */
const TOLD_WITHIN_MS = 30_000;

/** What of an invitation decides whether it is accepted. */
export type Judged = Pick<Invite, 'roomId' | 'inviter' | 'encrypted' | 'space'> & { hopeless?: boolean };

/** Which rooms we are in, and what becomes of them. Everything about one room runs in its queue. */
export type Rooms = ReturnType<typeof createRooms>;

/** `isWelcome`: is it accepted, and by itself, not only as the upgrade of a room? */
export function createRooms(context: Context, isWelcome: (invite: Judged) => boolean) {
  const { port, memory, guard, cipher, direct, senders, queues, clock, log, signal, address, persist } = context;
  /** Rooms that we join because a tombstone points there: by whose word, and who has invited us, as far as we heard. */
  const following = new Map<string, { by: string | null; invitedBy: string | null; heard: Wakeable }>();
  const follows = new Map<string, number>();
  /** From before this process: greetings that it makes are still on their way. */
  const ungreeted = memory.rooms().flatMap(([roomId, { greeted }]) => (greeted === false ? [roomId] : []));

  const warn = (message: string, roomId: string): void => log.warn(message, { room: shortRoom(roomId) });

  const leave = (roomId: string, why: 'encrypted' | 'alone' | 'strange'): Promise<boolean> =>
    persist(() => port.leave(roomId, sayIn('en', `english.leave.${why}`), { signal }));

  const tell = (kind: 'joined' | 'left', roomId: string, by: string | null, chatKind: ChatKind): Promise<void> =>
    context.emit({ kind, address: address(roomId), chatKind, sender: by ? senders.of(roomId, by) : null });

  const tellJoined = async (roomId: string, by: string | null): Promise<void> =>
    tell('joined', roomId, by, await direct.kindOf(roomId));

  /** We are accepting an invitation, or following an upgrade (then not `welcome` as ourselves). Null: neither. */
  function comingTo(roomId: string): { inviter: string; welcome: boolean } | null {
    const invite = memory.invite(roomId);
    if (invite) return { inviter: invite.inviter, welcome: isWelcome({ roomId, ...invite }) };
    const { by = null, invitedBy = null } = following.get(roomId) ?? {};
    return following.has(roomId) ? { inviter: invitedBy ?? by ?? '', welcome: invitedBy !== null } : null;
  }

  /** We are in it. `live`: our own join is part of the news. */
  async function adopt(roomId: string, live: boolean): Promise<void> {
    if (memory.room(roomId)?.in) return;
    const encrypted = (await isEncrypted(roomId)) && !served(roomId);
    const claimed = claimedBy(roomId);
    const from = encrypted ? null : await proven(roomId, claimed);
    const facts = memory.room(roomId);
    const coming = comingTo(roomId);
    if (facts?.in) return;
    if (encrypted) {
      warn('A Matrix room is encrypted, and e2ee is not on for this account: nothing is sent there', roomId);
      if (coming || facts?.byInvite) {
        await leave(roomId, 'encrypted');
        await memory.dropRoom(roomId);
      } else await memory.setRoom(roomId, { in: true });
      // They cannot go on.
      for (const one of claimed) await end(one, null);
      return;
    }
    if (from !== null) return await move(from, roomId);
    if (claimed.length > 0) warn(NOT_FOLLOWED, roomId);
    if (coming && !coming.welcome) {
      await leave(roomId, 'strange');
      return await memory.dropRoom(roomId);
    }
    if (!coming && !facts?.byInvite && !live) return await memory.setRoom(roomId, { in: true });
    // Notified first and noted then: a crash in between notifies again.
    await tellJoined(roomId, coming?.inviter ?? null);
    await memory.setRoom(roomId, { in: true, greeted: false });
  }

  /** Of a room that goes on elsewhere nobody need be notified. Notified before it is forgotten: a crash in between notifies again. */
  async function end(roomId: string, by: string | null): Promise<void> {
    const facts = memory.room(roomId);
    if (!facts?.in) return;
    if (!facts.movedTo) {
      direct.forget(roomId);
      await tell('left', roomId, by, facts.direct ? 'private' : 'group');
    }
    await memory.dropRoom(roomId);
  }

  /** Only where the bot was invited to: the account may be in others for reasons of its own. */
  async function leaveOurs(roomId: string, why: 'encrypted' | 'alone'): Promise<void> {
    await leave(roomId, why);
    await end(roomId, null);
  }

  /** Where encrypted rooms are served, they are rooms like others, whose keys are shared ahead. */
  function served(roomId: string): boolean {
    cipher?.prepare([roomId]);
    return cipher !== null;
  }

  async function isEncrypted(roomId: string): Promise<boolean> {
    let encrypted = false;
    const known = await persist(async () => {
      encrypted = await guard.isEncrypted(roomId, { signal });
    });
    // Not known is no harm here: every send asks again before it goes out.
    return known && encrypted;
  }

  /** Notes that we are here, tells so, and notes that the old room goes on here. A crash in between repeats it. */
  async function move(from: string, to: string): Promise<void> {
    const facts = memory.room(from);
    const { byInvite = false, direct: isDirect = false } = facts ?? {};
    await memory.setRoom(to, { in: true, byInvite, direct: isDirect, greeted: false });
    log.info('A Matrix room was upgraded: followed', { room: shortRoom(from), to: shortRoom(to) });
    const chatKind = await direct.kindOf(to);
    await context.emit({ kind: 'moved', address: address(from), to: address(to), upgraded: { chatKind } });
    await memory.setRoom(from, { movedTo: to, movedAt: clock.now() });
  }

  /** Rooms of ours whose tombstones point here, which is only their word. */
  const claimedBy = (roomId: string): string[] =>
    memory.rooms().flatMap(([id, { tombstone, movedTo }]) => (tombstone?.to === roomId && !movedTo ? [id] : []));

  /** The one of these that the room itself names: a tombstone names the new room, which must name the old one in turn. */
  async function proven(roomId: string, claimed: readonly string[]): Promise<string | null> {
    if (claimed.length === 0) return null;
    let named: unknown;
    await persist(async () => {
      const create = await port.createEvent(roomId, { signal });
      named = json(json(create?.content ?? create).predecessor).room_id;
    });
    return claimed.find((room) => room === named) ?? null;
  }

  async function follow(roomId: string, to: string, by: string | null): Promise<void> {
    const coming = following.getOrInsertComputed(to, () => ({ by, invitedBy: null, heard: wakeable(clock) }));
    const ok = await persist(() => port.join(to, by ? [serverOf(by)] : [], { signal }));
    if (ok) await arrived(to, coming.heard);
    following.delete(to);
    // A private room takes an invitation: it is accepted when it comes, since the tombstone is remembered.
    if (!ok) warn('Unable to follow the upgrade of a Matrix room yet', roomId);
  }

  /** We were in the new room before: when it does not point back, that is no reason to leave it. */
  async function continued(from: string, to: string): Promise<void> {
    if ((await proven(to, [from])) === from) await move(from, to);
    else warn(NOT_FOLLOWED, from);
  }

  /**
   * We are in the new room. When it does not point back, it may be an invitation that let us in, of which we have not heard, since we came before the
   * sync told of it; then the sync tells of both, and has taken the room up.
   */
  async function arrived(to: string, heard: Wakeable): Promise<void> {
    if ((await proven(to, claimedBy(to))) === null) await heard.pause(TOLD_WITHIN_MS, signal);
    if (!heard.woken() && !signal.aborted) await queues(to, () => adopt(to, true));
  }

  /** Only rooms that the bot was invited to or is used in: the account may be in others for reasons of its own. */
  async function isOurs(roomId: string): Promise<boolean> {
    const facts = memory.room(roomId);
    return facts?.in === true && (facts.byInvite === true || (await context.knownChats()).includes(roomId));
  }

  function countFollow(roomId: string): number {
    const count = follows.get(roomId) ?? 0;
    keepNewest(follows, roomId, count + 1, MAX_REMEMBERED);
    return count;
  }

  async function joining(invite: Invite, welcome: boolean): Promise<void> {
    // Kept before the join: after a crash in between, the sync tells of the room, but not how we came into it.
    const since = memory.invite(invite.roomId)?.since;
    const noted = { byInvite: true, direct: invite.direct, ...(since && { invitedAt: since }) };
    if (welcome && !memory.room(invite.roomId)?.in) await memory.setRoom(invite.roomId, noted);
  }

  /** We followed an upgrade into it before we heard that we are invited: when whoever invites us may, that is how we came. */
  async function invitedBeforeHeard(invite: Invite): Promise<void> {
    const coming = following.get(invite.roomId);
    if (!coming || !isWelcome(invite)) return;
    coming.invitedBy = invite.inviter;
    await joining(invite, true);
  }

  return {
    /** An invitation is being accepted: the sync may tell of the room before the join answers. */
    joining,
    /** The join worked: resolves when the app was notified. */
    joined: (roomId: string) => queues(roomId, () => adopt(roomId, true)),
    /** It will not be joined after all. */
    async failed(roomId: string) {
      if (!memory.room(roomId)?.in) await memory.dropRoom(roomId);
    },
    /** The sync tells of a room that we are in. `live`: our own join is part of the news. `invite`: so is the invitation before it, of which we did not hear in time. */
    async present(roomId: string, live: boolean, invite: Invite | null = null) {
      if (memory.room(roomId)?.in) return;
      if (invite) await invitedBeforeHeard(invite);
      await queues(roomId, () => adopt(roomId, live));
      following.get(roomId)?.heard.wake();
    },
    left: (roomId: string, by: string | null) => queues(roomId, () => end(roomId, by)),
    async turnedEncrypted(roomId: string) {
      guard.saw(roomId);
      if (served(roomId)) return;
      await queues(roomId, async () => {
        const { in: inside, byInvite } = memory.room(roomId) ?? {};
        if (!inside || !byInvite) return;
        warn('A Matrix room has become encrypted, and e2ee is not on for this account: left', roomId);
        await leaveOurs(roomId, 'encrypted');
      });
    },
    someoneLeft: (roomId: string) =>
      queues(roomId, async () => {
        if (!memory.room(roomId)?.byInvite || !(await direct.isAlone(roomId))) return;
        const { in: inside, byInvite, movedTo, tombstone } = memory.room(roomId) ?? {};
        if (inside && byInvite && !movedTo && !tombstone) await leaveOurs(roomId, 'alone');
      }),
    /** Something of ours can be seen there. */
    spoke(roomId: string) {
      if (memory.room(roomId)?.greeted === false) void memory.setRoom(roomId, { greeted: true });
    },
    /** Follows the upgrade of a room, when the new room points back at the old one. */
    async tombstone(roomId: string, { content, sender }: Pick<RoomEvent, 'content'> & { sender: string | null }) {
      const to = content.replacement_room;
      if (!isRoomId(to) || to === roomId || !(await isOurs(roomId))) return;
      if (memory.room(roomId)?.movedTo === to || countFollow(roomId) >= MAX_FOLLOWS) return;
      const join = !memory.room(to)?.in;
      await memory.setRoom(roomId, { in: true, tombstone: { to } });
      await (join ? follow(roomId, to, sender) : queues(to, () => continued(roomId, to)));
    },
    /** Rooms where nothing of ours was seen since we came: the app is notified again that we are there. */
    async greetAgain() {
      for (const roomId of ungreeted) {
        if (signal.aborted) return;
        const old = memory.rooms().find(([, { movedTo }]) => movedTo === roomId)?.[0];
        await queues(roomId, async () => {
          const facts = memory.room(roomId);
          if (!facts?.in || facts.greeted !== false) return;
          if (old) await move(old, roomId);
          else await tellJoined(roomId, null);
        });
      }
    },
  };
}

/** What we believe about rooms, held against what the server says: at the start, hourly, and when a send is refused. */

export type ReconcileParts = Pick<Context, 'port' | 'memory' | 'signal' | 'persist' | 'knownChats' | 'address'> & {
  rooms: Pick<Rooms, 'left' | 'tombstone'>;
  clock: Pick<Clock, 'now'>;
};

const MAX_RECONCILED = 500;
const KEEP_OLD_MS = 3_600_000;

/** Compares what we know with the rooms that the account is really in. Throws when the server cannot be asked. */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const { port, memory, rooms, signal, clock } = parts;
  const joined = new Set(await port.joinedRooms({ signal }));
  const all = memory.rooms();
  const moved = new Set(all.flatMap(([roomId, { movedTo }]) => (movedTo ? [roomId] : [])));
  const ours = all.flatMap(([roomId, facts]) => (facts.in ? [roomId] : []));
  const believed = new Set([...ours, ...(await parts.knownChats())]).difference(moved);
  // Each is asked about, since one wrong list must not end everybody's subscriptions.
  for (const roomId of [...believed.difference(joined)].slice(0, MAX_RECONCILED)) {
    if (!(await isOutside(roomId, parts))) continue;
    await memory.setRoom(roomId, { in: true });
    await rooms.left(roomId, null);
  }
  for (const [roomId, { byInvite, movedTo, movedAt = 0 }] of all) {
    if (!byInvite || !movedTo || !joined.has(roomId) || !joined.has(movedTo)) continue;
    // Nothing can be under way to it any more.
    if (clock.now() - movedAt <= KEEP_OLD_MS) continue;
    await parts.persist(() => port.leave(roomId, sayIn('en', 'english.leave.elsewhere'), { signal }));
    await memory.dropRoom(roomId);
  }
  // Nothing was ever received: rooms that we are in already are no news, unless we are coming to them.
  const old = memory.token() === null ? [...joined].filter((one) => isRoomId(one) && !memory.invite(one)) : [];
  await Promise.all(old.map((roomId) => memory.setRoom(roomId, { in: true })));
}

async function isOutside(roomId: string, { port, signal }: ReconcileParts): Promise<boolean> {
  try {
    await port.joinedMembers(roomId, { signal });
    return false;
  } catch (error) {
    const { status, errcode } = factsOf(error);
    return (status === 403 && errcode === 'M_FORBIDDEN') || (status === 404 && errcode === 'M_NOT_FOUND');
  }
}

/** What a 403 or 404 to a send means. Throws when the server cannot be asked. */
export async function refusal(
  roomId: string,
  detail: string,
  sending: AbortSignal,
  { port, memory, rooms, address }: ReconcileParts,
): Promise<SendOutcome> {
  const moved = memory.room(roomId)?.movedTo;
  if (moved) return { kind: 'moved', to: address(moved) };
  const joined = await port.joinedRooms({ signal: sending });
  if (!joined.includes(roomId))
    return { kind: 'gone', reason: 'client', detail: `not in the room any more (${detail})` };
  const content = await port.stateContent(roomId, 'm.room.tombstone', { signal: sending });
  if (content && isRoomId(content.replacement_room) && !memory.room(roomId)?.tombstone) {
    void rooms.tombstone(roomId, { content, sender: null }).catch(() => {});
    const detail = 'the room was upgraded: following';
    return { kind: 'retry', afterMs: 5_000, scope: 'chat', reason: 'client', detail };
  }
  return { kind: 'rejected', reason: 'client', detail: `not allowed to speak in the room (${detail})` };
}
