import type { Texts } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

/** Where several people talk in what they call a room, with threads in it. */
export const rooms: Partial<Texts> = {
  'command.subscriptions': 'wem dieser Raum folgt',
  'command.settings': 'alle Einstellungen dieses Raums',
  'settings.head': 'Einstellungen dieses Raums',
  'command.language': 'Sprache dieses Raums',
  'command.timezone': 'Zeitzone dieses Raums',
  'command.export': 'alles, was ich über diesen Raum speichere',
  'export.head': 'Alles, was ich über diesen Raum speichere, eine Zeile je Eintrag (JSON, Zeiten in UTC):',
  'command.forget': 'alles über diesen Raum löschen',
  'error.admins': 'Was dieser Raum bekommt, ändern nur Moderatoren. Fragen dürfen alle: {command}',
  'thread.whole': 'Das gilt für den ganzen Raum, in allen Threads.',
  'thread.follows': 'Dieser Thread folgt:',
  'thread.done': 'Fertig! Dieser Thread folgt:',
  'thread.already': 'Dem folgt dieser Thread schon:',
  'thread.ask': oneOther(
    'Das Einzige beenden, dem dieser Thread folgt? Was der Raum verfolgt, bleibt.',
    'Alles beenden, dem dieser Thread folgt ({n})? Was der Raum verfolgt, bleibt.',
  ),
  'thread.stopped': 'Fertig. Dieser Thread folgt nichts Eigenem mehr. Zurück geht es mit {command}',
  'subscribe.done': 'Fertig! In diesem Raum achte ich auf:',
  'subscribe.already': 'In diesem Raum achte ich darauf schon:',
  'subscribe.tooMany': oneOther(
    'Ein Raum kann höchstens {n} Sache folgen. Folgen Sie lieber ganzen Ländern.',
    'Ein Raum kann höchstens {n} Sachen folgen. Folgen Sie lieber ganzen Ländern.',
  ),
  'subscriptions.none': 'Dieser Raum folgt noch nichts. Fangen Sie an mit {command}',
  'subscriptions.head': 'Dieser Raum folgt:',
  'unsubscribe.ask': oneOther(
    'Das Einzige beenden, dem dieser Raum folgt? Sie hören dann nichts mehr.',
    'Alles beenden, dem dieser Raum folgt ({n})? Sie hören dann nichts mehr.',
  ),
  'unsubscribe.not': 'Dem folgt dieser Raum nicht:',
  'unsubscribe.still':
    'Sie hören trotzdem davon, denn dieser Raum folgt: {what}. Um nichts mehr davon zu hören: {command}',
  'unsubscribe.all': 'Fertig. Dieser Raum folgt nichts mehr. Zurück geht es mit {command}',
  'merged.nothing': 'Fertig. Dieser Raum folgt jetzt nichts mehr. Wieder folgen: {command}',
  'merged.forgotten': 'Fertig. Über diesen Raum speichere ich nichts.',
  'status.followed': 'Worauf ich für diesen Raum achte',
  'language.ask': 'Dieser Raum spricht Deutsch. Ändern: {command}',
  'about.privacy':
    'Ich speichere, wem dieser Raum folgt, seine Sprache und Zeitzone, und nichts von dem, was Sie schreiben. Alles löschen: {command}',
  'forget.ask':
    'Alles über diesen Raum und seine Threads löschen: wem sie folgen, Ruhezeiten, Einstellungen? Es kommen keine Meldungen mehr, und nichts lässt sich zurückholen.',
  'forget.done': 'Alles über diesen Raum ist gelöscht. Alles Gute, und bleiben Sie verbunden.',
  'forget.nothing': 'Über diesen Raum speichere ich nichts.',
};
