import type { ChatKind } from './chat.ts';

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
  | { kind: 'board-unpinned' };
