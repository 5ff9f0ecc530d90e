import type { ChatKind } from '../../core/model/chat.ts';
import type { SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { keepNewest } from '../../core/recent.ts';
import { type Wakeable, wakeable } from '../../core/wakeable.ts';
import { sayIn } from '../../i18n/packs.ts';
import type { Context } from './context.ts';
import type { RoomFacts } from './memory.ts';
import { factsOf } from './request.ts';
import { type Invite, isRoomId, json, type RoomEvent, serverOf, shortRoom } from './untrusted.ts';

/**
 * What follows from what happens to a room that we are in, or come into. Pure: facts in, actions out, to be done in order. `rooms.ts`
 * finds the facts out and does the actions.
 */

/** What is known when something happens. */
interface RoomView {
  roomId: string;
  facts: RoomFacts | undefined;
  /** We are accepting an invitation, or following an upgrade (then not `welcome` as ourselves). */
  coming: { inviter: string; welcome: boolean } | null;
}

export type Happening =
  /** We are in it. `live`: our own join is part of the news. `continues`: the room of ours that it proves to go on from. `claimed`: all that say so. */
  | { kind: 'present'; live: boolean; encrypted: boolean; continues: string | null; claimed: readonly string[] }
  /** It proves to go on from another room of ours, and we were in it before. */
  | { kind: 'continued'; from: string }
  | { kind: 'left'; by: string | null }
  | { kind: 'encrypted' }
  | { kind: 'alone' }
  /** `ours`: the bot is used here. `target`: what is known of the room that it points to. */
  | { kind: 'tombstone'; to: string; by: string | null; ours: boolean; follows: number; target: RoomFacts | undefined };

export type RoomAction =
  | { do: 'note'; facts: RoomFacts }
  | { do: 'forget' }
  | { do: 'leave'; reason: string }
  | { do: 'warn'; message: string }
  | { do: 'tell-joined'; inviter: string | null }
  | { do: 'tell-left'; by: string | null; direct: boolean }
  /** Ends another room of ours, which cannot go on. */
  | { do: 'end'; roomId: string }
  /** Notes that we are here, tells so, and notes that the old room goes on here. A crash in between repeats it. */
  | { do: 'move'; from: string }
  /** `join`: we are not in the new room yet. */
  | { do: 'follow'; to: string; by: string | null; join: boolean };

const MAX_FOLLOWS = 5;
const NOT_FOLLOWED = 'The upgrade of a Matrix room does not point back: not followed';

export function planRoom(view: RoomView, event: Happening): RoomAction[] {
  const { facts } = view;
  switch (event.kind) {
    case 'present':
      return facts?.in ? [] : arrive(view, event);
    case 'continued':
      return [{ do: 'move', from: event.from }];
    case 'left':
      return facts?.in ? ended(facts, event.by) : [];
    case 'encrypted':
      if (!facts?.in || !facts.byInvite) return [];
      return [
        { do: 'warn', message: 'A Matrix room has become encrypted, and e2ee is not on for this account: left' },
        { do: 'leave', reason: sayIn('en', 'english.leave.encrypted') },
        ...ended(facts, null),
      ];
    case 'alone':
      if (!facts?.in || !facts.byInvite || facts.movedTo || facts.tombstone) return [];
      return [{ do: 'leave', reason: sayIn('en', 'english.leave.alone') }, ...ended(facts, null)];
    case 'tombstone':
      return followed(view, event);
  }
}

function arrive(view: RoomView, event: Extract<Happening, { kind: 'present' }>): RoomAction[] {
  const { facts, coming } = view;
  if (event.encrypted) {
    const own = coming !== null || facts?.byInvite === true;
    return [
      { do: 'warn', message: 'A Matrix room is encrypted, and e2ee is not on for this account: nothing is sent there' },
      ...(own
        ? [{ do: 'leave', reason: sayIn('en', 'english.leave.encrypted') } as const, { do: 'forget' } as const]
        : [{ do: 'note', facts: { in: true } } as const]),
      ...event.claimed.map((roomId): RoomAction => ({ do: 'end', roomId })),
    ];
  }
  if (event.continues !== null) return [{ do: 'move', from: event.continues }];
  const unproven: RoomAction = { do: 'warn', message: NOT_FOLLOWED };
  const strange = event.claimed.length > 0 ? [unproven] : [];
  if (coming && !coming.welcome)
    return [...strange, { do: 'leave', reason: sayIn('en', 'english.leave.strange') }, { do: 'forget' }];
  if (coming === null && !facts?.byInvite && !event.live) return [...strange, { do: 'note', facts: { in: true } }];
  // Notified first and noted then: a crash in between notifies again.
  const inviter = coming?.inviter ?? null;
  return [...strange, { do: 'tell-joined', inviter }, { do: 'note', facts: { in: true, greeted: false } }];
}

/** Of a room that goes on elsewhere nobody need be notified. Notified before it is forgotten: a crash in between notifies again. */
const ended = (facts: RoomFacts, by: string | null): RoomAction[] => [
  ...(facts.movedTo ? [] : [{ do: 'tell-left', by, direct: facts.direct === true } as const]),
  { do: 'forget' },
];

function followed({ roomId, facts }: RoomView, event: Extract<Happening, { kind: 'tombstone' }>): RoomAction[] {
  const { to, by } = event;
  if (!event.ours || to === roomId || facts?.movedTo === to || event.follows >= MAX_FOLLOWS) return [];
  return [
    { do: 'note', facts: { in: true, tombstone: { to } } },
    // We were in it before: when it does not point back, that is no reason to leave it.
    { do: 'follow', to, by, join: event.target?.in !== true },
  ];
}

const MAX_REMEMBERED = 1_000;
/** So long, ms, the sync has to tell how we came into a room that does not point back. */
const TOLD_WITHIN_MS = 30_000;

/** What of an invitation decides whether it is accepted. */
export type Judged = Pick<Invite, 'roomId' | 'inviter' | 'encrypted' | 'space'> & { hopeless?: boolean };

/** Which rooms we are in, and what becomes of them. Everything about one room runs in its queue. `rooms.ts` decides, this does. */
export type Rooms = ReturnType<typeof createRooms>;

/** `isWelcome`: is it accepted, and by itself, not only as the upgrade of a room? */
export function createRooms(context: Context, isWelcome: (invite: Judged) => boolean) {
  const { port, memory, guard, cipher, direct, senders, queues, clock, log, signal, address, emit, persist } = context;
  /** Rooms that we join because a tombstone points there: by whose word, and who has invited us, as far as we heard. */
  const following = new Map<string, { by: string | null; invitedBy: string | null; heard: Wakeable }>();
  const follows = new Map<string, number>();
  /** From before this process: greetings that it makes are still on their way. */
  const ungreeted = memory.rooms().flatMap(([roomId, { greeted }]) => (greeted === false ? [roomId] : []));

  async function happen(roomId: string, event: Happening): Promise<void> {
    const invite = memory.invite(roomId);
    const followed = following.get(roomId);
    const byUpgrade = followed
      ? { inviter: followed.invitedBy ?? followed.by ?? '', welcome: followed.invitedBy !== null }
      : null;
    const coming = invite ? { inviter: invite.inviter, welcome: isWelcome({ roomId, ...invite }) } : byUpgrade;
    for (const action of planRoom({ roomId, facts: memory.room(roomId), coming }, event)) await perform(roomId, action);
  }

  async function perform(roomId: string, action: RoomAction): Promise<void> {
    switch (action.do) {
      case 'note':
        return memory.setRoom(roomId, action.facts);
      case 'forget':
        return memory.dropRoom(roomId);
      case 'leave':
        return void (await persist(() => port.leave(roomId, action.reason, { signal })));
      case 'warn':
        return log.warn(action.message, { room: shortRoom(roomId) });
      case 'tell-joined':
        return tell('joined', roomId, action.inviter, await direct.kindOf(roomId));
      case 'tell-left':
        direct.forget(roomId);
        return tell('left', roomId, action.by, action.direct ? 'private' : 'group');
      case 'end':
        return happen(action.roomId, { kind: 'left', by: null });
      case 'move':
        return move(action.from, roomId);
      case 'follow':
        return follow(roomId, action);
    }
  }

  const tell = (kind: 'joined' | 'left', roomId: string, by: string | null, chatKind: ChatKind): Promise<void> =>
    emit({ kind, address: address(roomId), chatKind, sender: by ? senders.of(roomId, by) : null });

  async function adopt(roomId: string, live: boolean): Promise<void> {
    if (memory.room(roomId)?.in) return;
    const encrypted = (await isEncrypted(roomId)) && !served(roomId);
    const claimed = claimedBy(roomId);
    const continues = encrypted ? null : await proven(roomId, claimed);
    await happen(roomId, { kind: 'present', live, encrypted, continues, claimed });
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

  async function move(from: string, to: string): Promise<void> {
    const facts = memory.room(from);
    const { byInvite = false, direct: isDirect = false } = facts ?? {};
    await memory.setRoom(to, { in: true, byInvite, direct: isDirect, greeted: false });
    log.info('A Matrix room was upgraded: followed', { room: shortRoom(from), to: shortRoom(to) });
    const chatKind = await direct.kindOf(to);
    await emit({ kind: 'moved', address: address(from), to: address(to), upgraded: { chatKind } });
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

  async function follow(roomId: string, { to, by, join }: Extract<RoomAction, { do: 'follow' }>): Promise<void> {
    if (!join) return await queues(to, () => continued(roomId, to));
    const coming = following.getOrInsertComputed(to, () => ({ by, invitedBy: null, heard: wakeable(clock) }));
    const ok = await persist(() => port.join(to, by ? [serverOf(by)] : [], { signal }));
    if (ok) await arrived(to, coming.heard);
    following.delete(to);
    // A private room takes an invitation: it is accepted when it comes, since the tombstone is remembered.
    if (!ok) log.warn('Unable to follow the upgrade of a Matrix room yet', { room: shortRoom(roomId) });
  }

  /** We are in the new room already. */
  async function continued(from: string, to: string): Promise<void> {
    if ((await proven(to, [from])) === from) await happen(to, { kind: 'continued', from });
    else log.warn(NOT_FOLLOWED, { room: shortRoom(from) });
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
    left: (roomId: string, by: string | null) => queues(roomId, () => happen(roomId, { kind: 'left', by })),
    turnedEncrypted(roomId: string) {
      guard.saw(roomId);
      return served(roomId) ? Promise.resolve() : queues(roomId, () => happen(roomId, { kind: 'encrypted' }));
    },
    someoneLeft: (roomId: string) =>
      queues(roomId, async () => {
        if (memory.room(roomId)?.byInvite && (await direct.isAlone(roomId))) await happen(roomId, { kind: 'alone' });
      }),
    /** Something of ours can be seen there. */
    spoke(roomId: string) {
      if (memory.room(roomId)?.greeted === false) void memory.setRoom(roomId, { greeted: true });
    },
    /** Follows the upgrade of a room, when the new room points back at the old one. */
    async tombstone(roomId: string, { content, sender }: Pick<RoomEvent, 'content'> & { sender: string | null }) {
      const to = content.replacement_room;
      if (!isRoomId(to) || memory.room(roomId)?.movedTo === to) return;
      const ours = await isOurs(roomId);
      const follows = ours ? countFollow(roomId) : 0;
      await happen(roomId, { kind: 'tombstone', to, by: sender, ours, follows, target: memory.room(to) });
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
          else await perform(roomId, { do: 'tell-joined', inviter: null });
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

/** Pure. `known`: chats of the store; `first`: nothing was ever received; `coming`: rooms whose invitations wait. */
export function planReconcile(
  rooms: readonly (readonly [string, RoomFacts])[],
  joined: ReadonlySet<string>,
  { known, now, first, coming }: { known: readonly string[]; now: number; first: boolean; coming: ReadonlySet<string> },
) {
  const moved = new Set(rooms.flatMap(([roomId, { movedTo }]) => (movedTo ? [roomId] : [])));
  const ours = rooms.flatMap(([roomId, facts]) => (facts.in && !moved.has(roomId) ? [roomId] : []));
  const believed = new Set([...ours, ...known.filter((chat) => !moved.has(chat))]);
  const left = rooms.filter(
    ([roomId, { byInvite, movedTo, movedAt }]) =>
      byInvite && movedTo && joined.has(roomId) && joined.has(movedTo) && now - (movedAt ?? 0) > KEEP_OLD_MS,
  );
  return {
    /** Perhaps we are not in these any more: each is asked about, since one wrong list must not end everybody's subscriptions. */
    suspects: [...believed].filter((roomId) => !joined.has(roomId)).slice(0, MAX_RECONCILED),
    /** Rooms that go on elsewhere, left when nothing can be under way to them any more. */
    leave: left.map(([roomId]) => roomId),
    /** Rooms that the account is in already at the very first start, and that are no news. */
    adopt: first ? [...joined].filter((roomId) => isRoomId(roomId) && !coming.has(roomId)) : [],
  };
}

/** Compares what we know with the rooms that the account is really in. Throws when the server cannot be asked. */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const { port, memory, rooms, signal } = parts;
  const joined = new Set(await port.joinedRooms({ signal }));
  const plan = planReconcile(memory.rooms(), joined, {
    known: await parts.knownChats(),
    now: parts.clock.now(),
    first: memory.token() === null,
    coming: new Set(memory.invites().map(([roomId]) => roomId)),
  });
  for (const roomId of plan.suspects) {
    if (!(await isOutside(roomId, parts))) continue;
    await memory.setRoom(roomId, { in: true });
    await rooms.left(roomId, null);
  }
  for (const roomId of plan.leave) {
    await parts.persist(() => port.leave(roomId, sayIn('en', 'english.leave.elsewhere'), { signal }));
    await memory.dropRoom(roomId);
  }
  await Promise.all(plan.adopt.map((roomId) => memory.setRoom(roomId, { in: true })));
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
