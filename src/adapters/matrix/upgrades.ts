import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { type Wakeable, wakeable } from '../../core/wakeable.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';
import type { RoomEvent as Happening, RoomAction } from './room-plan.ts';
import type { RoomQueues } from './room-queues.ts';
import type { RoomEvent } from './sync-answer.ts';
import { isRoomId, json, serverOf } from './sync-answer.ts';
import { shortRoom } from './text.ts';

/** Rooms that go on in others: a tombstone names the new room, which must name the old one in turn. */
export interface Upgrades {
  /** We join this room because a tombstone points there: by whose word, and who has invited us, as far as we heard. Null: we do not. */
  comingTo(roomId: string): { by: string; invitedBy: string | null } | null;
  /** Somebody who may has invited us to a room that we join because a tombstone points there: that let us in. */
  invited(roomId: string, by: string): void;
  /** The sync has told of the room, and it was taken up. */
  heardOf(roomId: string): void;
  /** Rooms of ours whose tombstones point here, which is only their word. */
  claimed(roomId: string): string[];
  /** The one of these that the room itself names. */
  proven(roomId: string, claimed: readonly string[]): Promise<string | null>;
  follow(roomId: string, action: Extract<RoomAction, { do: 'follow' }>): Promise<void>;
  tombstone(roomId: string, event: Pick<RoomEvent, 'content'> & { sender: string | null }): Promise<void>;
}

export interface UpgradesParts {
  port: Pick<MatrixPort, 'createEvent' | 'join'>;
  memory: Memory;
  queues: RoomQueues;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  persist(attempt: () => Promise<unknown>): Promise<boolean>;
  knownChats(): Promise<string[]>;
  happen(roomId: string, event: Happening): Promise<void>;
  /** We are in the room: takes it up, in its queue. */
  adopt(roomId: string): Promise<void>;
}

interface Following {
  by: string | null;
  invitedBy: string | null;
  heard: Wakeable;
}

const MAX_REMEMBERED = 1_000;
/** So long, ms, the sync has to tell how we came into a room that does not point back. */
const TOLD_WITHIN_MS = 30_000;

export function createUpgrades(parts: UpgradesParts): Upgrades {
  const { port, memory, queues, clock, log, signal, persist, happen } = parts;
  const following = new Map<string, Following>();
  const follows = new Map<string, number>();

  async function proven(roomId: string, claimed: readonly string[]): Promise<string | null> {
    if (claimed.length === 0) return null;
    let named: unknown;
    await persist(async () => {
      const create = await port.createEvent(roomId, { signal });
      named = json(json(create?.content ?? create).predecessor).room_id;
    });
    return claimed.find((room) => room === named) ?? null;
  }

  /** Only rooms that the bot was invited to or is used in: the account may be in others for reasons of its own. */
  async function isOurs(roomId: string): Promise<boolean> {
    const facts = memory.room(roomId);
    return facts?.in === true && (facts.byInvite === true || (await parts.knownChats()).includes(roomId));
  }

  function countFollow(roomId: string): number {
    const count = follows.get(roomId) ?? 0;
    if (follows.size > MAX_REMEMBERED) follows.clear();
    follows.set(roomId, count + 1);
    return count;
  }

  /** We are in the new room already. */
  async function continued(from: string, to: string): Promise<void> {
    if ((await proven(to, [from])) === from) await happen(to, { kind: 'continued', from });
    else log.warn('The upgrade of a Matrix room does not point back: not followed', { room: shortRoom(from) });
  }

  const claimed = (roomId: string): string[] =>
    memory.rooms().flatMap(([id, { tombstone, movedTo }]) => (tombstone?.to === roomId && !movedTo ? [id] : []));

  /**
   * We are in the new room. When it does not point back, it may be an invitation that let us in, of which we have not heard, since we came before the
   * sync told of it; then the sync tells of both, and has taken the room up.
   */
  async function arrived(to: string, { heard }: Following): Promise<void> {
    if ((await proven(to, claimed(to))) === null) await heard.pause(TOLD_WITHIN_MS, signal);
    if (!heard.woken() && !signal.aborted) await parts.adopt(to);
  }

  return {
    comingTo(roomId) {
      const coming = following.get(roomId);
      return coming ? { by: coming.by ?? '', invitedBy: coming.invitedBy } : null;
    },
    invited(roomId, by) {
      const coming = following.get(roomId);
      if (coming) coming.invitedBy = by;
    },
    heardOf: (roomId) => following.get(roomId)?.heard.wake(),
    claimed,
    proven,
    async follow(roomId, { to, by, join }) {
      if (!join) return void (await queues.push(to, () => continued(roomId, to), true));
      const coming = following.get(to) ?? { by, invitedBy: null, heard: wakeable(clock) };
      following.set(to, coming);
      const ok = await persist(() => port.join(to, by ? [serverOf(by)] : [], { signal }));
      if (ok) await arrived(to, coming);
      following.delete(to);
      // A private room takes an invitation: it is accepted when it comes, since the tombstone is remembered.
      if (!ok) log.warn('Unable to follow the upgrade of a Matrix room yet', { room: shortRoom(roomId) });
    },
    async tombstone(roomId, { content, sender }) {
      const to = content.replacement_room;
      if (!isRoomId(to) || memory.room(roomId)?.movedTo === to) return;
      const ours = await isOurs(roomId);
      const target = memory.room(to);
      await happen(roomId, {
        kind: 'tombstone',
        to,
        by: sender,
        ours,
        follows: ours ? countFollow(roomId) : 0,
        target,
      });
    },
  };
}
