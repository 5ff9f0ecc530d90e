import type { Picture } from '../model/message.ts';

/** Turns drawings into pictures that platforms take. Made somewhere else than on the thread that answers people; costs no memory while nobody asks. */
export interface Pictures {
  /**
   * The picture as a PNG, or null: it cannot be made here (a native part is missing on this system), it takes too long, too many wait, or
   * the drawing is too large. Never throws. Whoever asks for the same one at the same time, or soon after, gets the same bytes: they must not be changed.
   */
  png(picture: Picture, signal?: AbortSignal): Promise<Uint8Array | null>;
  /** One is about to be asked for, after its text: what has to begin for it may begin now. Never throws. */
  soon(): void;
  /** False once it is known that this system can make none: then nobody needs to draw. True until the first was tried. */
  possible(): boolean;
}
