/** What a verification says in a room, encrypted where the room is. */
import { TocsinError } from '../../../core/errors.ts';
import { isUserId, json } from '../sync-answer.ts';
import type { Calls } from './calls.ts';
import type { Link } from './link.ts';
import type { MachineRequest } from './requests.ts';
import { usersOf } from './users.ts';

/** A verification belongs into a chat of two; a key for thousands is not made for it. */
const MAX_MEMBERS = 50;
const enc = encodeURIComponent;
const room = (roomId: string, rest: string): string => `/_matrix/client/v3/rooms/${enc(roomId)}/${rest}`;

/** The machine asks again after an answer; it does not do so for ever. */
const MAX_ROUNDS = 20;

/** The same link, through which the machine speaks in rooms as well. */
export function speaking(link: Link, calls: Calls): Link {
  const { sdk, run } = link;
  const carry: Link['carry'] = async (request) => {
    const { type: kind, id, room_id: roomId, event_type: type, txn_id: txnId, body: content } = request;
    if (kind !== sdk.RequestType.RoomMessage || !id || !roomId || !type || !txnId) return await link.carry(request);
    const answer = { event_id: await sendInRoom(link, calls, { roomId, type, txnId, content }) };
    await run('markRequestAsSent', (machine) => machine.markRequestAsSent(id, kind, JSON.stringify(answer)));
    return answer;
  };
  const both: Link = {
    ...link,
    carry,
    flush: () => flushed(link, carry, () => true),
  };
  return both;
}

/** What the machine wants sent of its own, where `wanted` says so. */
async function flushed(
  { run }: Link,
  carry: Link['carry'],
  wanted: (request: MachineRequest) => boolean,
): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const all = (await run('outgoingRequests', (machine) => machine.outgoingRequests())) as MachineRequest[];
    const now = all.filter(wanted);
    if (now.length === 0) return;
    for (const one of now) await carry(one);
  }
}

export interface RoomWord {
  roomId: string;
  type: string;
  txnId: string;
  /** JSON. */
  content: string;
}

/** Resolves with the event's id. */
export async function sendInRoom(
  link: Link,
  calls: Calls,
  { roomId, type, txnId, content }: RoomWord,
): Promise<string> {
  const state = await calls.ask('GET', room(roomId, 'state/m.room.encryption/'));
  const plain = state.status === 404 && state.body.errcode === 'M_NOT_FOUND';
  if (state.status !== 200 && !plain)
    throw new TocsinError('server', 'the homeserver does not say whether the room is encrypted: try again');
  const body = plain ? content : await encrypted(link, calls, { roomId, type, content });
  const sentAs = plain ? type : 'm.room.encrypted';
  const answer = await calls.need('PUT', room(roomId, `send/${enc(sentAs)}/${enc(txnId)}`), json(JSON.parse(body)));
  return typeof answer.event_id === 'string' ? answer.event_id : '';
}

async function encrypted(
  link: Link,
  calls: Calls,
  { roomId, type, content }: Omit<RoomWord, 'txnId'>,
): Promise<string> {
  const { sdk, run } = link;
  const joined = Object.keys(json((await calls.need('GET', room(roomId, 'joined_members'))).joined)).filter(isUserId);
  if (joined.length > MAX_MEMBERS)
    throw new TocsinError('client', 'the room has too many members for a verification: use a direct chat');
  const users = () => usersOf(sdk, joined);
  await run('updateTrackedUsers', (machine) => machine.updateTrackedUsers(users()));
  // Not what it wants to say in rooms: this is how it is said there.
  await flushed(link, link.carry, ({ type }) => type !== sdk.RequestType.RoomMessage);
  const claim = await run('getMissingSessions', (machine) => machine.getMissingSessions(users()));
  if (claim) await link.carry(claim as MachineRequest);
  const keys = await run('shareRoomKey', (machine) =>
    machine.shareRoomKey(new sdk.RoomId(roomId), users(), new sdk.EncryptionSettings()),
  );
  for (const one of keys) await link.carry(one as MachineRequest);
  return await run('encryptRoomEvent', (machine) => machine.encryptRoomEvent(new sdk.RoomId(roomId), type, content));
}
