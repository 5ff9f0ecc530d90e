import { TocsinError } from '../../../core/errors.ts';
import type { CallOptions } from '../port.ts';
import type { Crypto } from './open.ts';
import { inTurns, isRefusal } from './requests.ts';
import type { CryptoRoom, CryptoRooms } from './rooms.ts';
import { usersOf } from './users.ts';

/** Gives the keys of rooms to the devices of who reads along, and encrypts with them. */
export interface Sharing {
  /** The content of the `m.room.encrypted` event, as text, once all devices were given its key. Throws when they could not be. */
  encrypt(roomId: string, type: string, content: object, options: CallOptions): Promise<string>;
  /** Shares a room's key ahead, so that the next message need not wait for it. Throws as above. */
  prepare(roomId: string, options: CallOptions): Promise<void>;
}

/** People to whose devices channels are opened at once: each answer is one call of the machine, some milliseconds a device where the processor is busy, and a call has half a minute. */
const CLAIMED_AT_A_TIME = 500;

/**
 * In the order in which the machine wants it, or it stalls or panics: who reads along is made known, their devices are asked for (one question for
 * all that is asked meanwhile), a channel to each device is opened (one at a time), the room's key goes out by it; then it encrypts. Keys go to all devices of who
 * is in the room, verified or not: whom to trust is for the people in the room to say, and a warning that somebody does not get is worse than one that somebody reads.
 */
export function createSharing(crypto: Crypto, rooms: CryptoRooms): Sharing {
  const { sdk, run } = crypto;
  const inRoom = oneAtATime();
  const claiming = oneAtATime();
  const users = (ids: readonly string[]) => usersOf(sdk, ids);

  async function share(roomId: string, options: CallOptions): Promise<void> {
    const room = await rooms.of(roomId, options);
    const { readers } = room;
    await run('updateTrackedUsers', (machine) => machine.updateTrackedUsers(users(readers)));
    await crypto.flush().catch((error: unknown) => {
      // It was said (`encryption.ts`).
      if (!isRefusal(error)) throw error;
    });
    for (let i = 0; i < readers.length; i += CLAIMED_AT_A_TIME)
      await claiming('', async () => {
        const some = users(readers.slice(i, i + CLAIMED_AT_A_TIME));
        const claim = await run('getMissingSessions', (machine) => machine.getMissingSessions(some));
        if (claim) await crypto.send(claim);
      });
    const requests = await run('shareRoomKey', (machine) =>
      machine.shareRoomKey(new sdk.RoomId(roomId), users(readers), settingsOf(room)),
    );
    await inTurns(requests, crypto.send);
  }

  function settingsOf({ rotation, visibility }: CryptoRoom) {
    if (!rotation) throw new TocsinError('client', 'Encryption: the room wants an algorithm that is not known here');
    const settings = new sdk.EncryptionSettings();
    settings.algorithm = sdk.EncryptionAlgorithm.MegolmV1AesSha2;
    // In microseconds.
    settings.rotationPeriod = BigInt(rotation.ms) * 1_000n;
    settings.rotationPeriodMessages = BigInt(rotation.messages);
    settings.historyVisibility = {
      invited: sdk.HistoryVisibility.Invited,
      joined: sdk.HistoryVisibility.Joined,
      shared: sdk.HistoryVisibility.Shared,
      world_readable: sdk.HistoryVisibility.WorldReadable,
    }[visibility];
    settings.sharingStrategy = sdk.CollectStrategy.deviceBasedStrategy(false, false);
    return settings;
  }

  return {
    // The machine panics when the key of a room has expired since it was shared: nothing comes between.
    encrypt: (roomId, type, content, options) =>
      inRoom(roomId, async () => {
        await share(roomId, options);
        if (options.signal?.aborted) throw new TocsinError('canceled', 'Encryption: canceled');
        return await crypto.encrypt(roomId, type, content);
      }),
    prepare: (roomId, options) => inRoom(roomId, () => share(roomId, options)),
  };
}

/** Work of one name follows each other. */
function oneAtATime(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work);
    const tail = turn
      .catch(() => undefined)
      .then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
    tails.set(name, tail);
    return turn;
  };
}
