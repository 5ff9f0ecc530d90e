import type { Incoming } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Cipher } from './cipher.ts';
import type { Directness } from './direct.ts';
import type { EncryptionGuard } from './encryption.ts';
import type { Judged } from './invites.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';
import { type RoomEvent as Happening, planRoom, type RoomAction } from './room-plan.ts';
import type { RoomQueues } from './room-queues.ts';
import type { Senders } from './senders.ts';
import type { Invite, RoomEvent } from './sync-answer.ts';
import { shortRoom } from './text.ts';
import { createUpgrades } from './upgrades.ts';

/** Which rooms we are in, and what becomes of them. Everything about one room runs in its queue. `room-plan.ts` decides, this does. */
export interface Rooms {
  /** An invitation is being accepted: the sync may tell of the room before the join answers. */
  joining(invite: Invite, welcome: boolean): Promise<void>;
  /** The join worked: resolves when the app was notified. */
  joined(roomId: string): Promise<void>;
  /** It will not be joined after all. */
  failed(roomId: string): Promise<void>;
  /** The sync tells of a room that we are in. `live`: our own join is part of the news. `invite`: so is the invitation before it, of which we did not hear in time. */
  present(roomId: string, live: boolean, invite?: Invite | null): Promise<void>;
  left(roomId: string, by: string | null): Promise<void>;
  turnedEncrypted(roomId: string): Promise<void>;
  someoneLeft(roomId: string): Promise<void>;
  /** Something of ours can be seen there. */
  spoke(roomId: string): void;
  /** Follows the upgrade of a room, when the new room points back at the old one. */
  tombstone(roomId: string, event: Pick<RoomEvent, 'content'> & { sender: string | null }): Promise<void>;
  /** Rooms where nothing of ours was seen since we came: the app is notified again that we are there. */
  greetAgain(): Promise<void>;
}

export interface RoomsParts {
  accountId: string;
  port: MatrixPort;
  memory: Memory;
  guard: EncryptionGuard;
  /** Null: encrypted rooms are not served, but left. */
  cipher: Pick<Cipher, 'prepare'> | null;
  direct: Directness;
  senders: Senders;
  queues: RoomQueues;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(event: Incoming): Promise<void>;
  /** Tries again a few times with growing waits; false when it never worked. */
  persist(attempt: () => Promise<unknown>): Promise<boolean>;
  knownChats(): Promise<string[]>;
  /** Is it accepted, and by itself, not only as the upgrade of a room? */
  isWelcome(invite: Judged): boolean;
}

export function createRooms(parts: RoomsParts): Rooms {
  const { accountId, port, memory, guard, cipher, direct, senders, queues, clock, log, signal, emit, persist } = parts;
  /** From before this process: greetings that it makes are still on their way. */
  const ungreeted = memory.rooms().flatMap(([roomId, { greeted }]) => (greeted === false ? [roomId] : []));
  const address = (chat: string) => ({ accountId, chat, thread: null });

  const inQueue = async (roomId: string, job: () => Promise<void>): Promise<void> => {
    await queues.push(roomId, job, true);
  };

  async function happen(roomId: string, event: Happening): Promise<void> {
    const invite = memory.invite(roomId);
    const followed = upgrades.comingTo(roomId);
    const coming = invite
      ? { inviter: invite.inviter, welcome: parts.isWelcome({ roomId, ...invite }) }
      : followed && { inviter: followed.invitedBy ?? followed.by, welcome: followed.invitedBy !== null };
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
      case 'tell-joined': {
        const sender = action.inviter ? senders.of(roomId, action.inviter) : null;
        return emit({ kind: 'joined', address: address(roomId), chatKind: await direct.kindOf(roomId), sender });
      }
      case 'tell-left': {
        direct.forget(roomId);
        const sender = action.by ? senders.of(roomId, action.by) : null;
        const chatKind = action.direct ? 'private' : 'group';
        return emit({ kind: 'left', address: address(roomId), chatKind, sender });
      }
      case 'end':
        return happen(action.roomId, { kind: 'left', by: null });
      case 'move':
        return move(action.from, roomId);
      case 'follow':
        return upgrades.follow(roomId, action);
    }
  }

  async function adopt(roomId: string, live: boolean): Promise<void> {
    if (memory.room(roomId)?.in) return;
    const encrypted = (await isEncrypted(roomId)) && !served(roomId);
    const claimed = upgrades.claimed(roomId);
    const continues = encrypted ? null : await upgrades.proven(roomId, claimed);
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

  const upgrades = createUpgrades({ ...parts, happen, adopt: (roomId) => inQueue(roomId, () => adopt(roomId, true)) });

  async function joining(invite: Invite, welcome: boolean): Promise<void> {
    // Kept before the join: after a crash in between, the sync tells of the room, but not how we came into it.
    const since = memory.invite(invite.roomId)?.since;
    const noted = { byInvite: true, direct: invite.direct, ...(since && { invitedAt: since }) };
    if (welcome && !memory.room(invite.roomId)?.in) await memory.setRoom(invite.roomId, noted);
  }

  /** We followed an upgrade into it before we heard that we are invited: when whoever invites us may, that is how we came. */
  async function invitedBeforeHeard(invite: Invite): Promise<void> {
    if (!upgrades.comingTo(invite.roomId) || !parts.isWelcome(invite)) return;
    upgrades.invited(invite.roomId, invite.inviter);
    await joining(invite, true);
  }

  return {
    joining,
    joined: (roomId) => inQueue(roomId, () => adopt(roomId, true)),
    async failed(roomId) {
      if (!memory.room(roomId)?.in) await memory.dropRoom(roomId);
    },
    async present(roomId, live, invite = null) {
      if (memory.room(roomId)?.in) return;
      if (invite) await invitedBeforeHeard(invite);
      await inQueue(roomId, () => adopt(roomId, live));
      upgrades.heardOf(roomId);
    },
    left: (roomId, by) => inQueue(roomId, () => happen(roomId, { kind: 'left', by })),
    turnedEncrypted(roomId) {
      guard.saw(roomId);
      return served(roomId) ? Promise.resolve() : inQueue(roomId, () => happen(roomId, { kind: 'encrypted' }));
    },
    someoneLeft: (roomId) =>
      inQueue(roomId, async () => {
        if (memory.room(roomId)?.byInvite && (await direct.isAlone(roomId))) await happen(roomId, { kind: 'alone' });
      }),
    spoke(roomId) {
      if (memory.room(roomId)?.greeted === false) void memory.setRoom(roomId, { greeted: true });
    },
    tombstone: upgrades.tombstone,
    async greetAgain() {
      for (const roomId of ungreeted) {
        if (signal.aborted) return;
        const old = memory.rooms().find(([, { movedTo }]) => movedTo === roomId)?.[0];
        await inQueue(roomId, async () => {
          const facts = memory.room(roomId);
          if (!facts?.in || facts.greeted !== false) return;
          if (old) await move(old, roomId);
          else await perform(roomId, { do: 'tell-joined', inviter: null });
        });
      }
    },
  };
}
