import { logFailure } from '../../errors.ts';
import type { MessageDocument } from '../../model/message.ts';
import type { Answer, State } from '../../state/fold.ts';
import type { Can } from '../capabilities.ts';
import type { CommandContext } from '../command.ts';
import type { WhereCapabilities } from './family.ts';

export type PictureCapabilities = Pick<Can, 'world' | 'log' | 'reports'> & WhereCapabilities;

export interface TimelineAsked {
  title: string;
  days: number;
  /** A row each, from top to bottom: states that are told together. Those past what fits are counted. */
  rows: readonly (readonly State[])[];
  /** What the rows are of. */
  answer: Answer;
  /** Only where something of it changed within these days: equal bars tell nothing. */
  changing?: boolean;
}

/**
 * The picture of an answer, as a message of its own after the text, or none: where pictures are not wanted or not possible, where there is nothing to
 * show, and where it fails. The answer never waits for more than a few questions to the store, and never fails with it.
 */
export async function timelinePicture(
  asked: TimelineAsked,
  context: CommandContext,
  can: PictureCapabilities,
): Promise<MessageDocument[]> {
  if (!context.pictures || asked.rows.length === 0) return [];
  try {
    // Loaded with the first picture: most chats never ask for one.
    const { timelineDocument } = await import('./timeline-document.ts');
    return await timelineDocument(asked, context, can);
  } catch (error) {
    logFailure(can.log, 'Unable to draw a timeline', error);
    return [];
  }
}
