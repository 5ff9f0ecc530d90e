import { type Loose, loose } from '../../core/answers.ts';
import { isRightToLeft } from '../../i18n/direction.ts';

export type Json = Loose;

/** A sync answer, still hostile. */
export type SyncAnswer = Json;

/** What we use of a sync answer, checked and bounded; everything else of it is left unread. */
export type SyncBatch = NonNullable<ReturnType<typeof readSync>>;

export type Invite = NonNullable<ReturnType<typeof readInvite>>;

export type JoinedRoom = ReturnType<typeof readJoined>;

export type RoomEvent = NonNullable<ReturnType<typeof readEvent>>;

/** Under this an event has its seal, once it was decrypted. */
export const SEAL = 'org.tocsin.seal';
const HISTORY = 'm.room.history_visibility';
/** What encrypted rooms say beside; verification in the clear, as Element does. */
const SECRET = ['m.room.encrypted', HISTORY, 'm.key.verification.*'];
/** Account data of ours: which run goes on with the keys of encrypted rooms. */
export const RUN = 'org.tocsin.encryption.run';
const MAX_ROOMS = 5_000;
const MAX_EVENTS = 200;

const NOTHING = { not_types: ['*'] };

/** A filter of the sync that lets in of rooms this alone, of the account's own data this, and nothing else. */
export const onlyRooms = (timeline: object, state: object = NOTHING, accountData: object = NOTHING): string =>
  JSON.stringify({
    presence: NOTHING,
    account_data: accountData,
    room: { account_data: NOTHING, ephemeral: NOTHING, state, timeline },
  });

/** Constant, so that a token stays good over restarts. `limit` is how many events of one room an answer may bring. */
export function filterFor(limit: number, encrypted: boolean): string {
  const both = ['m.room.encryption', 'm.room.tombstone', 'm.room.power_levels'];
  const said = ['m.room.message', 'm.reaction', 'm.room.member'];
  return onlyRooms(
    { limit, lazy_load_members: true, types: [...said, ...both, ...(encrypted ? SECRET : [])] },
    { types: [...both, ...(encrypted ? [HISTORY] : [])], lazy_load_members: true },
    encrypted ? { types: [RUN] } : NOTHING,
  );
}

/** Null when it is not a sync answer at all. Never throws. */
export function readSync(answer: SyncAnswer, self: string) {
  const next = answer.next_batch;
  if (typeof next !== 'string' || next === '' || next.length > 4_096) return null;
  const rooms = json(answer.rooms);
  const invites = invitesIn(answer, self);
  const joined = entries(rooms.join).map(([roomId, room]) => readJoined(roomId, room));
  const left = entries(rooms.leave).map(([roomId, room]) => ({ roomId, by: leftBy(room, self) }));
  return { next, invites, joined, left };
}

/** Invitations to us. Never throws. */
export const invitesIn = (answer: SyncAnswer, self: string): Invite[] =>
  entries(json(answer.rooms).invite).flatMap(
    ([roomId, room]) => readInvite(roomId, list(json(room.invite_state).events), self) ?? [],
  );

function readInvite(roomId: string, events: Json[], self: string) {
  const ours = events.find(
    (event) =>
      event.type === 'm.room.member' && event.state_key === self && json(event.content).membership === 'invite',
  );
  const inviter = ours?.sender;
  if (!ours || !isUserId(inviter)) return null;
  return {
    roomId,
    inviter,
    direct: json(ours.content).is_direct === true,
    /** The invitation itself shows that the room is encrypted. False = not known. */
    encrypted: events.some((event) => event.type === 'm.room.encryption'),
    /** A space: a folder of rooms, in which nobody reads messages. */
    space: events.some((event) => event.type === 'm.room.create' && json(event.content).type === 'm.space'),
  };
}

function readJoined(roomId: string, room: Json) {
  const timeline = json(room.timeline);
  const members = json(room.summary)['m.joined_member_count'];
  const past = list(json(room.state).events).slice(0, MAX_EVENTS);
  const fresh = list(timeline.events).slice(-MAX_EVENTS);
  const events = [past.map((event) => readEvent(event, true)), fresh.map((event) => readEvent(event, false))].flat();
  const gap = timeline.limited === true ? timeline.prev_batch : null;
  return {
    roomId,
    /** Where what was left out between the last answer and this one ends; null when nothing was, or the server does not say. */
    gapFrom: typeof gap === 'string' && gap !== '' && gap.length <= 4_096 ? gap : null,
    /** Joined members, where the answer tells; null otherwise. */
    members: typeof members === 'number' ? members : null,
    /** State before the timeline, then the timeline, in order. */
    events: events.filter((event) => event !== null),
  };
}

/** Rooms that the answer shows to be encrypted. Never throws. */
export function encryptedIn(answer: SyncAnswer): string[] {
  const shows = (part: unknown): boolean =>
    list(json(part).events).some(({ type, state_key: key }) => type === 'm.room.encryption' && key === '');
  return entries(json(answer.rooms).join).flatMap(([roomId, room]) =>
    shows(room.state) || shows(room.timeline) ? [roomId] : [],
  );
}

/** Messages of an answer to `/messages`, in the order in which it has them. */
export const readMessages = (chunk: unknown): RoomEvent[] =>
  list(chunk).flatMap((event) => readEvent(event, false) ?? []);

function readEvent(event: Json, past: boolean) {
  const { type, event_id: eventId, sender, state_key: stateKey, origin_server_ts: at } = event;
  if (typeof type !== 'string' || !isEventId(eventId) || !isUserId(sender)) return null;
  const age = json(event.unsigned).age;
  return {
    type,
    eventId,
    sender,
    stateKey: typeof stateKey === 'string' ? stateKey : null,
    content: json(event.content),
    /** When it was sent, as its sender's server claims, ms since the epoch; null when it does not say. */
    at: typeof at === 'number' && at > 0 ? at : null,
    /** How long ago that was by the servers' clocks, ms; more to be trusted than `at` when our own clock is off. */
    ageMs: typeof age === 'number' && age >= 0 ? age : null,
    /** From the `state` block: how things stand, not something that happened now. */
    past,
    /** Of what was encrypted: the same where a server shows it again as another event. */
    ...(isEventId(event[SEAL]) && { seal: event[SEAL] }),
  };
}

function leftBy(room: Json, self: string): string | null {
  const events = [...list(json(room.state).events), ...list(json(room.timeline).events)];
  const last = events.findLast((event) => event.type === 'm.room.member' && event.state_key === self);
  return isUserId(last?.sender) ? last.sender : null;
}

export const json: (value: unknown) => Json = loose;

/** Events, or whatever stands in their place. */
export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(json) : []);

/** Rooms with what is said of them. */
export const entries = (value: unknown): [string, Json][] =>
  Object.entries(json(value))
    .filter(([roomId]) => isRoomId(roomId))
    .slice(0, MAX_ROOMS)
    .map(([roomId, room]) => [roomId, json(room)]);

/** Room ids are opaque: those of room version 12 name no server. */
export const isRoomId = (value: unknown): value is string =>
  typeof value === 'string' && /^![^\s\u0000]{1,254}$/.test(value);
export const isEventId = (value: unknown): value is string =>
  typeof value === 'string' && /^\$[^\s\u0000]{1,254}$/.test(value);
export const isUserId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 255 && /^@[^:\s]*:[^\s]+$/.test(value);

/** "example.org" of "@ann:example.org". */
export const serverOf = (userId: string): string => userId.slice(userId.indexOf(':') + 1);

/** Text that strangers wrote, made safe to show. */

// C0 and C1 controls but tab and newline; embeddings, overrides and isolates that would reorder the rest of the line.
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const ROOM_PING = /@(room)\b/gi;

/** Well-formed, without controls or direction overrides; "@room" is split by a zero-width space, so that no client pings everybody. */
export const tame = (text: string): string => text.toWellFormed().replace(UNWANTED, '').replace(ROOM_PING, '@\u200b$1');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For HTML text and attribute values alike. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** At most `length` UTF-16 units, never half a character, with "…" where something is missing. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, length - 1);
  const half = end > 0 && /[\ud800-\udbff]/.test(text[end - 1]!);
  return `${text.slice(0, half ? end - 1 : end)}…`;
}

const RIGHT_TO_LEFT_MARK = '\u200f';

/** Clients take the direction of a paragraph from its first strong character, and many a line starts with a Latin name. */
export const directionMark = (lang: string): string => (isRightToLeft(lang) ? RIGHT_TO_LEFT_MARK : '');

/** The link when it is one that Matrix clients may follow, else null. "@room" in it is written so that it opens the same and pings nobody. */
export function safeHref(link: string): string | null {
  if (link.length > 2_000) return null;
  const url = URL.parse(link);
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
  // Clients show a link to a person or a room as a pill with that one's name, whatever text it has.
  return url.hostname === 'matrix.to' ? null : url.href.replace(ROOM_PING, '%40$1');
}

/** An id that its owner has chosen, to be shown within a sentence: it cannot end it and begin another. */
export const shownId = (id: string): string =>
  clip(id.toWellFormed(), 100).replace(/[^\p{L}\p{N}\p{S}_.~:@/+=…-]/gu, '?');

/** Enough of a room's id to find it in logs. */
export const shortRoom = (roomId: string): string => `${roomId.slice(0, 7)}…`;
