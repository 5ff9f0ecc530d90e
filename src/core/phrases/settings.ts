import type { Level } from '../model/incident.ts';
import type { Plain } from './plain.ts';

type Levels = { [L in Level as `level.${L}`]: Plain };

/** A chat's settings and data. */
export interface SettingsPhrases extends Levels {
  'settings.head': Plain;
  'settings.language': Plain;
  'settings.timezone': Plain;
  'settings.level': Plain;
  'settings.zone': { zone: string; time: string };
  /** Where there are no buttons. */
  'settings.type': Plain;

  'language.ask': { command: string };
  'language.done': Plain;
  'language.unknown': { word: string };

  'timezone.now': { zone: string; time: string };
  'timezone.ask': { command: string };
  'timezone.done': { zone: string; time: string };
  'timezone.unknown': { word: string };
  /** Where a place can be sent as a message. */
  'timezone.share': Plain;
  /** Above a button that sends where one is. */
  'timezone.here': Plain;
  /** After a place was shared. */
  'timezone.kept': Plain;
  'timezone.others': Plain;
  'timezone.nowhere': Plain;

  'level.now': { level: string };
  'level.done': { level: string };
  /** Before the open incidents that only this level tells. */
  'level.more': Plain;
  'level.unknown': { word: string };

  'export.head': Plain;
  'export.part': { part: number; parts: number };
  'export.next': { command: string };
  'export.rest': { n: number };

  'forget.ask': Plain;
  'forget.confirm': { command: string };
  'forget.done': Plain;
  'forget.nothing': Plain;
}
