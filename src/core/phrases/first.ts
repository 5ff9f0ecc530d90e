import type { Plain } from './plain.ts';

/** The first minute of a chat. */
export interface FirstPhrases {
  'first.zone': Plain;
  'first.zoneOther': { command: string };
  /** Before what each level would have told. */
  'first.heard': Plain;
  'first.messages': { n: number };
  'first.nothing': Plain;
  'first.choose': Plain;
  /** Instead of what each level would have told. */
  'first.none': Plain;
}
