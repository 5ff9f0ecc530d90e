import { orNull } from '../../../core/errors.ts';
import { isRoomId, type Json, json } from '../untrusted.ts';

/** The library keeps every key and channel that ever came, and has no call to let one go. What a bot needs is what is in use: here is decided what is not. */

/** One record of the library's, as it stands in its store. */
export interface KeptRecord {
  store: string;
  key: unknown;
  value: unknown;
  /** When it was written last, ms since the epoch. */
  at: number;
}

/** Stores of which something is let go: keys of rooms, channels from device to device, and marks of messages that came by them. */
export const CHANNELS = 'session';
const AGING = ['inbound_group_sessions3', CHANNELS, 'olm_hashes'] as const;
const DEVICES = 'devices';
export const LOOKED_AT: readonly string[] = [...AGING, DEVICES];

const CURVE25519 = /^[A-Za-z0-9+/]{43}$/;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A room's key is followed by another after a hundred messages or a week; a room may want more. What somebody uses is among their newest. */
const OF_A_PERSON = 20;
const IN_USE = 3;
const IN_USE_MS = 90 * DAY_MS;
const FORMER_MS = 2 * DAY_MS;
/** Keys of rooms that we are not in, and channels from devices that we know nothing of: perhaps they were faster than the word of the room. */
const STRANGE = 1_000;
const STRANGE_MS = HOUR_MS;
const CHANNEL_MS = DAY_MS;
const MARK_MS = DAY_MS;

/** Those that may go. `isOurs`: are we in this room, or invited? What has not the form that we know stays. Pure. */
export function outdated(
  all: readonly KeptRecord[],
  isOurs: (roomId: string) => boolean,
  now: number,
): Pick<KeptRecord, 'store' | 'key'>[] {
  const newestFirst = all.toSorted((a, b) => b.at - a.at);
  const age = ({ at }: KeptRecord): number => now - at;
  const counts = new Map<string, number>();
  /** How many newer ones of this name there are. */
  const place = (name: string): number => {
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before;
  };
  const known = new Set<string>();

  function isOldKey(one: KeptRecord): boolean {
    const [roomId, owner, channel] = ownerOf(one);
    if (!isRoomId(roomId) || !CURVE25519.test(channel)) return false;
    if (!isOurs(roomId)) return place('strange keys') >= STRANGE || age(one) > STRANGE_MS;
    const at = place(`key ${roomId} ${owner}`);
    const isOld = at >= OF_A_PERSON || age(one) > (at < IN_USE ? IN_USE_MS : FORMER_MS);
    if (!isOld) known.add(channel);
    return isOld;
  }

  function isOldChannel(one: KeptRecord): boolean {
    const device = String(one.key).split('\u001d', 1)[0]!;
    if (!CURVE25519.test(device)) return false;
    if (!known.has(device)) return place('strange channels') >= STRANGE || age(one) > CHANNEL_MS;
    return place(`channel ${device}`) >= IN_USE && age(one) > CHANNEL_MS;
  }

  const of = (store: string): KeptRecord[] => newestFirst.filter((one) => one.store === store);
  const [keys, channels, marks] = AGING;
  for (const { value } of of(DEVICES))
    for (const [name, key] of Object.entries(json(json(unpacked(value).device_keys).keys)))
      if (name.startsWith('curve25519:')) known.add(String(key));
  // Keys first: whose they are is known by them, too.
  return [
    ...of(keys).filter(isOldKey),
    ...of(channels).filter(isOldChannel),
    ...of(marks).filter((one) => age(one) > MARK_MS),
  ].map(({ store, key }) => ({ store, key }));
}

/** The library's own form of most values: JSON in Base64. */
const unpacked = (value: unknown): Json =>
  json(typeof value === 'string' ? orNull(() => JSON.parse(Buffer.from(value, 'base64').toString()) as unknown) : null);

/** Of a room's key: the room, whose it is as far as is known, and the device that it came from. */
function ownerOf({ key, value }: KeptRecord): [roomId: string, owner: string, channel: string] {
  const { pickled_session: pickled, sender_key: channel } = json(value);
  const [data] = Object.values(json(unpacked(pickled).sender_data));
  const user = json(data).user_id ?? json(json(data).device_keys).user_id;
  return [String(key).split('\u001d', 1)[0]!, String(user ?? channel), String(channel)];
}
