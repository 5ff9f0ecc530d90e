import type { ChatKind } from './chat.ts';

/**
 * Two chats of the same people on two accounts: what the first (`main`) follows reaches the second (`spare`) where the first cannot be
 * reached. A chat is in one pair at most, as one of the two.
 */
export interface Link {
  /** Row of the first chat: itself, never one of its threads. */
  mainId: number;
  /** Row of the second chat. */
  spareId: number;
  /** Ms since the epoch. */
  createdAt: number;
  /** When does the second chat get everything, too, while the first one's platform is cut off in a country that the first follows? */
  both: Both;
  /** The country in which that platform is blocked or throttled now, ISO 3166-1 alpha-2; null = in none that the first chat follows. */
  because: string | null;
  /** Is a harmless message wished for once a month, as a test? */
  monthlyTest: boolean;
  /** When the last test was sent, ms since the epoch; null = never. */
  testedAt: number | null;
}

/** `new`: for what began or became worse since the two were joined. `always`: for what has been so for long, as well. Stand in databases by their place. */
export const BOTH = ['never', 'new', 'always'] as const;
export type Both = (typeof BOTH)[number];

/** Why a chat has a message of something that another chat follows. */
export type ViaReason =
  /** The other chat's platform did not take messages. */
  | 'failing'
  /** The other chat does not exist any more. */
  | 'gone'
  /** The other chat's platform is blocked or throttled in `country`. */
  | 'country';

/** Where a message came by; kept with the message, so that its edits say the same. */
export interface Via {
  reason: ViaReason;
  /** The other chat's platform, as adapters call theirs. */
  platform: string;
  /** With the reason `country`: which. */
  country: string | null;
}

/** As the store keeps it. */
export const viaText = ({ reason, platform, country }: Via): string =>
  [reason, platform, country ?? ''].join(' ').trim();

/** What such a text says; null for what an unknown version wrote. */
export function viaOf(text: string): Via | null {
  const [reason, platform, country] = text.split(' ');
  if (reason !== 'failing' && reason !== 'gone' && reason !== 'country') return null;
  return platform ? { reason, platform, country: country ?? null } : null;
}

/** A chat as others are told of it: no name, no number. */
export interface ChatLabel {
  /** As adapters call theirs. */
  platform: string;
  kind: ChatKind;
}

/**
 * A message through the outbox that is about no incident. Kept as it stands here: whoever reads one checks what an older or newer version
 * may have written.
 */
export type Notice =
  /** An operator's own words, to everybody. */
  | { kind: 'announce'; text: string }
  /**
   * To the first chat of a pair: the second is there. `ends`: it was joined elsewhere, so how to undo that is said. `long`: this chat's platform has
   * been cut off there for long, which is no reason to tell both, unless wished for.
   */
  | { kind: 'link-joined'; other: ChatLabel; ends?: true; long?: { platform: string; country: string } }
  /** To a group: whoever administers it is asked whether this chat may be its second. `code` confirms it. */
  | { kind: 'link-asks'; other: ChatLabel; code: string }
  /** To either: the other one took the pair apart, or was forgotten. */
  | { kind: 'link-parted'; other: ChatLabel }
  /** To the first: the second chat cannot be reached any more. */
  | { kind: 'link-lost'; other: ChatLabel }
  /** To the second: the first cannot be reached any more; what it followed is told here from now on. */
  | { kind: 'link-heir'; other: ChatLabel }
  /** To the second: a test that somebody wished for. */
  | { kind: 'link-test'; other: ChatLabel }
  /** A chat's board: what is open of what it follows, rendered anew each time. */
  | { kind: 'board' }
  /** Its message may not be pinned there. */
  | { kind: 'board-unpinned' }
  /** To operators: no backup was made for a month. */
  | { kind: 'backup-due' };
