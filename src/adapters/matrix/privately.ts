/** The room of one person and us: found, or opened. */
import type { CallOptions, MatrixPort } from './port.ts';
import { isRoomId, isUserId, json } from './sync-answer.ts';

type Port = Pick<
  MatrixPort,
  | 'whoami'
  | 'accountData'
  | 'setAccountData'
  | 'joinedRooms'
  | 'joinedMembers'
  | 'stateContent'
  | 'createDirectRoom'
  | 'hasEncryptionKeys'
>;

/** Rooms that are looked into for a chat of two that no note of the account names. */
const MAX_LOOKED_AT = 200;

/**
 * A room that the account has noted for this person comes first (`m.direct`), though they may not have accepted it yet; then a room where only the two are; then a
 * new one, which they are invited to and which is noted; `encrypted`: it may be encrypted, and the new one is, where they have keys. Null: that is no name of a person.
 */
export async function roomWith(
  port: Port,
  personId: string,
  options: CallOptions,
  encrypted = false,
): Promise<string | null> {
  if (!isUserId(personId)) return null;
  const { userId } = await port.whoami(options);
  const noted = json(await port.accountData(userId, 'm.direct', options));
  const own = Object.hasOwn(noted, personId) ? noted[personId] : null;
  const listed = Array.isArray(own) ? own.filter(isRoomId) : [];
  const joined = (await port.joinedRooms(options)).filter(isRoomId);
  const plain = async (room: string): Promise<boolean> =>
    encrypted || (await port.stateContent(room, 'm.room.encryption', options)) === null;
  for (const room of listed.filter((one) => joined.includes(one)).slice(-5)) if (await plain(room)) return room;
  for (const room of joined.slice(0, MAX_LOOKED_AT)) {
    const members = await port.joinedMembers(room, options);
    if (members.length === 2 && members.includes(personId) && (await plain(room))) return room;
  }
  // Whoever has no keys could not read what is encrypted.
  const sealed = encrypted && (await port.hasEncryptionKeys(personId, options));
  const made = await port.createDirectRoom(personId, sealed, options);
  // Read anew: somebody else may have noted a room while we looked.
  const before = json(await port.accountData(userId, 'm.direct', options));
  await port.setAccountData(userId, 'm.direct', { ...before, [personId]: [...listed, made] }, options);
  return made;
}
