import type { Plain } from './plain.ts';

/** Said about where one is: threads (topics), rooms, power; and after an absence. */
export interface PlacePhrases {
  /** Of settings that were typed in a thread. */
  'thread.whole': Plain;
  'thread.follows': Plain;
  'thread.done': Plain;
  'thread.already': Plain;
  'thread.ask': { n: number };
  'thread.stopped': { command: string };

  /** Platforms where a number tells who may change settings. */
  'error.adminsLevel': { needs: number; has: number; command: string };
  'error.adminsNeeds': { needs: number; command: string };

  /** Before commands of an absence that are carried out now. */
  'missed.done': Plain;
  'missed.notDone': Plain;
  'missed.tooOld': { commands: string };
  'missed.asked': { commands: string };

  /** A silence that was asked for during an absence, and is over. */
  'mute.over': { when: string };

  /** In the new room, after an upgrade. */
  'moved.here': Plain;
}
