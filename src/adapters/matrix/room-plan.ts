/**
 * What follows from what happens to a room that we are in, or come into. Pure: facts in, actions out, to be done in order. `rooms.ts`
 * finds the facts out and does the actions.
 */
import { sayIn } from '../../i18n/packs.ts';
import type { RoomFacts } from './memory.ts';

/** What is known when something happens. */
export interface RoomView {
  roomId: string;
  facts: RoomFacts | undefined;
  /** We are accepting an invitation, or following an upgrade (then not `welcome` as ourselves). */
  coming: { inviter: string; welcome: boolean } | null;
}

export type RoomEvent =
  /** We are in it. `live`: our own join is part of the news. `continues`: the room of ours that it proves to go on from. `claimed`: all that say so. */
  | { kind: 'present'; live: boolean; encrypted: boolean; continues: string | null; claimed: readonly string[] }
  /** It proves to go on from another room of ours, and we were in it before. */
  | { kind: 'continued'; from: string }
  | { kind: 'left'; by: string | null }
  | { kind: 'encrypted' }
  | { kind: 'alone' }
  /** `ours`: the bot is used here. `target`: what is known of the room that it points to. */
  | { kind: 'tombstone'; to: string; by: string | null; ours: boolean; follows: number; target: RoomFacts | undefined }
  /** A message of ours is there to be seen. */
  | { kind: 'spoke' };

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

export function planRoom(view: RoomView, event: RoomEvent): RoomAction[] {
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
    case 'spoke':
      return facts?.greeted === false ? [{ do: 'note', facts: { greeted: true } }] : [];
  }
}

function arrive(view: RoomView, event: Extract<RoomEvent, { kind: 'present' }>): RoomAction[] {
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
  const strange: RoomAction[] =
    event.claimed.length > 0
      ? [{ do: 'warn', message: 'The upgrade of a Matrix room does not point back: not followed' }]
      : [];
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

function followed({ roomId, facts }: RoomView, event: Extract<RoomEvent, { kind: 'tombstone' }>): RoomAction[] {
  const { to, by } = event;
  if (!event.ours || to === roomId || facts?.movedTo === to || event.follows >= MAX_FOLLOWS) return [];
  return [
    { do: 'note', facts: { in: true, tombstone: { to } } },
    // We were in it before: when it does not point back, that is no reason to leave it.
    { do: 'follow', to, by, join: event.target?.in !== true },
  ];
}
