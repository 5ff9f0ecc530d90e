import type { Plain } from './plain.ts';

/** What a chat chooses about how and when it hears: the pages of `settings`. */
export interface ChoicePhrases {
  'settings.on': Plain;
  'settings.off': Plain;
  /** On a button. */
  'settings.turnOff': Plain;
  'settings.unknown': { word: string };
  /** Other values than those offered. */
  'settings.other': { command: string };
  /** Times are of UTC, since no zone was chosen. */
  'settings.utc': { command: string };
  'settings.quiet': Plain;
  'settings.quiet.what': Plain;
  'settings.quiet.hours': { from: string; to: string };
  'settings.quiet.critical': { from: string; to: string };
  'settings.critical.turnOn': Plain;
  'settings.critical.turnOff': Plain;
  'settings.critical.none': Plain;
  'settings.digest': Plain;
  'settings.digest.what': Plain;
  'settings.digest.day': { time: string };
  'settings.digest.week': { time: string };
  'settings.sound': Plain;
  'settings.sound.what': Plain;
  'settings.sound.turnOn': Plain;
  'settings.sound.turnOff': Plain;
  'settings.pictures': Plain;
  'settings.pictures.what': Plain;
  'settings.pictures.turnOn': Plain;
  'settings.pictures.turnOff': Plain;
  'settings.reminders': Plain;
  'settings.reminders.what': Plain;
  'settings.reminders.1': Plain;
  'settings.reminders.3': Plain;
  'settings.reminders.7': Plain;
  'settings.report': Plain;
  'settings.report.what': Plain;
  'settings.report.turnOn': Plain;
  'settings.report.turnOff': Plain;
}
