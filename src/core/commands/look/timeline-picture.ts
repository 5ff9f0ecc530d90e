import { logFailure } from '../../failures.ts';
import type { Incident } from '../../model/incident.ts';
import type { MessageDocument } from '../../model/message.ts';
import type { ObservedCut } from '../../state.ts';
import type { RowKey } from '../../timeline.ts';
import type { Can } from '../capabilities.ts';
import type { CommandContext } from '../command.ts';

export type PictureCapabilities = Pick<Can, 'incidents' | 'reports' | 'baseline' | 'lifted' | 'watched' | 'log'>;

export interface TimelineAsked {
  title: string;
  days: number;
  /** From top to bottom, each once; those past what fits are counted. */
  keys: readonly RowKey[];
  /** Whatever the answer has read; those of the keys count. */
  incidents: readonly Incident[];
  /** What observatories see cut of which nothing else tells. */
  observed?: readonly ObservedCut[];
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
  if (!context.pictures || asked.keys.length === 0) return [];
  try {
    // Loaded with the first picture: most chats never ask for one.
    const { timelineDocument } = await import('./timeline-document.ts');
    return [await timelineDocument(asked, context, can)];
  } catch (error) {
    logFailure(can.log, 'Unable to draw a timeline', error);
    return [];
  }
}

/** One a row. */
export const nameOfKey = ({ country, service }: RowKey): string => `${country ?? ''} ${service ?? ''}`;
