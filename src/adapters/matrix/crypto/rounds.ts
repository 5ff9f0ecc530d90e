/** What a homeserver has for us while somebody verifies: rounds of its sync, handed to the crypto machine. */
import type { Sas, VerificationRequest } from '@matrix-org/matrix-sdk-crypto-wasm';
import { TocsinError } from '../../../core/errors.ts';
import type { Json } from '../port.ts';
import { isEventId, isRoomId, isUserId, json } from '../sync-answer.ts';
import type { Calls } from './calls.ts';
import type { Link } from './link.ts';
import type { MachineRequest } from './requests.ts';
import { userOf, usersOf } from './users.ts';

/** A verification that somebody began, by request or at once. */
export type Begun = VerificationRequest | Sas;

const KIND = 'm.key.verification.';
const REQUEST = `${KIND}request`;
const MAX_EVENTS = 2_000;
const MAX_ROOMS = 500;
/** Somebody could have us look up the devices of thousands. */
const MAX_STRANGERS = 20;
const EVERYTHING_ELSE = { not_types: ['*'] };
const TIMELINE = ['m.room.encrypted', 'm.room.message', `${KIND}*`];

const filterOf = (limit: number): string =>
  JSON.stringify({
    presence: EVERYTHING_ELSE,
    account_data: EVERYTHING_ELSE,
    room: {
      account_data: EVERYTHING_ELSE,
      ephemeral: EVERYTHING_ELSE,
      state: EVERYTHING_ELSE,
      timeline: { limit, types: TIMELINE },
    },
  });

export interface Rounds {
  /** Waits up to `timeoutMs` for something; resolves with the verifications that others began meanwhile. */
  next(timeoutMs: number): Promise<Begun[]>;
}

/** `since`: where the running bot stands; null = from now on. Its own place is not moved: it hears again what it would have heard. */
export function createRounds(link: Link, calls: Calls, since: string | null): Rounds {
  const { sdk, run } = link;
  let at = since;

  /** Devices that begin something have to be known to the machine first, or it takes no notice. */
  async function strangers(events: readonly Json[]): Promise<void> {
    const senders = new Map<string, unknown>();
    for (const event of events)
      if (kindOf(event) !== null && isUserId(event.sender) && senders.size < MAX_STRANGERS)
        senders.set(event.sender, json(event.content).from_device ?? senders.get(event.sender));
    if (senders.size === 0) return;
    const users = (ids: Iterable<string>) => usersOf(sdk, ids);
    await run('updateTrackedUsers', (machine) => machine.updateTrackedUsers(users(senders.keys())));
    await link.flush();
    const unknown: string[] = [];
    for (const [user, device] of senders)
      if (typeof device === 'string' && device.length <= 255 && !(await knows(user, device))) unknown.push(user);
    if (unknown.length === 0) return;
    const query = await run('queryKeysForUsers', (machine) => machine.queryKeysForUsers(users(unknown)));
    await link.carry(query as MachineRequest);
  }

  const knows = (user: string, device: string): Promise<boolean> =>
    run('getDevice', async (machine) => {
      const id = userOf(sdk, user);
      const found = id && (await machine.getDevice(id, new sdk.DeviceId(device)));
      return found !== null && found !== undefined;
    });

  async function toDevice(answer: Json): Promise<Begun[]> {
    const events = list(json(answer.to_device).events).filter(isToDevice);
    await strangers(events);
    const { changed, left } = json(answer.device_lists);
    const users = (value: unknown) => usersOf(sdk, strings(value));
    const counts = Object.entries(json(answer.device_one_time_keys_count));
    const unused = answer.device_unused_fallback_key_types;
    await run('receiveSyncChanges', (machine) =>
      machine.receiveSyncChanges(
        JSON.stringify(events),
        new sdk.DeviceLists(users(changed), users(left)),
        new Map(counts.filter((pair): pair is [string, number] => typeof pair[1] === 'number')),
        Array.isArray(unused) ? new Set(unused.filter((one) => typeof one === 'string')) : undefined,
      ),
    );
    await link.flush();
    const begun: Begun[] = [];
    for (const event of events) begun.push(...(await begunBy(event, json(event.content).transaction_id)));
    return begun;
  }

  /** What was begun is there when the machine has taken it for one. */
  async function begunBy(event: Json, flow: unknown): Promise<Begun[]> {
    const kind = kindOf(event);
    const user = isUserId(event.sender) ? userOf(sdk, event.sender) : null;
    if (user === null || typeof flow !== 'string' || flow.length > 255) return [];
    if (kind === REQUEST)
      return some(await run('getVerificationRequest', (machine) => machine.getVerificationRequest(user, flow)));
    if (kind !== `${KIND}start`) return [];
    const sas = await run('getVerification', (machine) => machine.getVerification(user, flow));
    return sas && 'emojiIndex' in sas && !sas.startedFromRequest() ? [sas] : [];
  }

  async function inRoom(roomId: string, events: readonly Json[]): Promise<Begun[]> {
    const begun: Begun[] = [];
    for (const event of events) {
      const clear = event.type === 'm.room.encrypted' ? await decrypted(event, roomId) : event;
      if (clear === null || kindOf(clear) === null || !isEventId(clear.event_id)) continue;
      await strangers([clear]);
      const text = JSON.stringify({ ...clear, room_id: roomId });
      if (!(await taken(roomId, text))) continue;
      await link.flush();
      begun.push(...(await begunBy(clear, clear.event_id)));
    }
    return begun;
  }

  /** Anybody in a room can send there what is no verification at all, whatever it calls itself. */
  async function taken(roomId: string, event: string): Promise<boolean> {
    try {
      await run('receiveVerificationEvent', (machine) =>
        machine.receiveVerificationEvent(event, new sdk.RoomId(roomId)),
      );
      return true;
    } catch (error) {
      if (error instanceof TocsinError) throw error;
      return false;
    }
  }

  async function decrypted(event: Json, roomId: string): Promise<Json | null> {
    const settings = new sdk.DecryptionSettings(sdk.TrustRequirement.Untrusted);
    try {
      const found = await run('decryptRoomEvent', (machine) =>
        machine.decryptRoomEvent(JSON.stringify(event), new sdk.RoomId(roomId), settings),
      );
      return json(JSON.parse(found.event));
    } catch (error) {
      if (error instanceof TocsinError) throw error;
      // Of no use here: whatever is not about verification is left to the running bot, which reads it again.
      return null;
    }
  }

  return {
    async next(timeoutMs) {
      const query = new URLSearchParams({
        timeout: String(at === null ? 0 : timeoutMs),
        filter: filterOf(at ? 50 : 1),
      });
      if (at !== null) query.set('since', at);
      const answer = await calls.need('GET', `/_matrix/client/v3/sync?${query}`, undefined, timeoutMs + 60_000);
      if (typeof answer.next_batch === 'string') at = answer.next_batch;
      const begun = await toDevice(answer);
      for (const [roomId, room] of Object.entries(json(json(answer.rooms).join)).slice(0, MAX_ROOMS))
        if (isRoomId(roomId)) begun.push(...(await inRoom(roomId, list(json(json(room).timeline).events))));
      return begun;
    },
  };
}

/** Its type, where it is about verification. In a room a request is a message. */
function kindOf({ type, content }: Json): string | null {
  if (type === 'm.room.message') return json(content).msgtype === REQUEST ? REQUEST : null;
  return typeof type === 'string' && type.startsWith(KIND) ? type : null;
}

/** What has none of these would make the machine refuse all of them. */
const isToDevice = ({ type, sender, content }: Json): boolean =>
  typeof type === 'string' && isUserId(sender) && typeof content === 'object' && content !== null;

const some = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.slice(0, MAX_EVENTS).map(json) : []);
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => isUserId(one)).slice(0, MAX_EVENTS) : [];
