import type { Plain } from './plain.ts';

/** Buttons of answers and alerts. */
export interface ButtonPhrases {
  'button.evidence': Plain;
  'button.mute': Plain;
  'button.muteCountry': { country: string };
  'button.status': Plain;
  'button.country': Plain;
  'button.service': Plain;
  'button.everything': Plain;
  'button.back': Plain;
  /** Ends a choice of several; followed by how many were chosen. */
  'button.done': Plain;
  /** Sends where one is. */
  'button.place': Plain;
  'button.noPlace': Plain;
  'button.mine': Plain;
  'button.sure': Plain;
  'button.yesStop': Plain;
  'button.yesForget': Plain;
  'button.no': Plain;
  'button.follow': { what: string };
  'button.unmute': Plain;
  'button.help': Plain;
  'button.settings': Plain;
  'button.next': Plain;
  'button.days': { n: number };
}
