import type { ChoicePhrases } from '../../core/phrases/choices.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const choices: TextsOf<ChoicePhrases> = {
  'settings.on': 'ein',
  'settings.off': 'aus',
  'settings.turnOff': 'Ausschalten',
  'settings.unknown': '„{word}“ verstehe ich hier nicht.',
  'settings.other': 'Andere Zeiten: {command}',
  'settings.utc': 'Ihre Zeitzone ist noch nicht gewählt, also sind das Zeiten in UTC: {command}',
  'settings.quiet': 'Ruhezeit',
  'settings.quiet.what':
    'In der Ruhezeit klingelt nichts. Ich passe weiter auf, und eine Nachricht am Ende sagt, was geschehen ist. Wenn Sie es erlauben, klingelt das Dringendste trotzdem: das Internet eines ganzen Landes ist abgeschaltet, eine Sperre eines Dienstes ist bestätigt, dem Sie namentlich folgen, oder die App, in der Sie das lesen, ist gesperrt.',
  'settings.quiet.hours': '{from}–{to}',
  'settings.quiet.critical': '{from}–{to}; Dringendes klingelt trotzdem',
  'settings.critical.turnOn': 'Dringendes darf klingeln',
  'settings.critical.turnOff': 'Dringendes wartet auch',
  'settings.critical.none': 'Wählen Sie zuerst eine Ruhezeit.',
  'settings.digest': 'Übersicht',
  'settings.digest.what':
    'Eine regelmäßige Nachricht ohne Ton: was sich seit der letzten geändert hat und was jetzt gesperrt ist. Meldungen kommen trotzdem.',
  'settings.digest.day': 'täglich um {time}',
  'settings.digest.week': 'montags um {time}',
  'settings.sound': 'Ton',
  'settings.sound.what': 'Ohne Ton kommen Meldungen lautlos an.',
  'settings.sound.turnOn': 'Ton einschalten',
  'settings.sound.turnOff': 'Ton ausschalten',
  'settings.pictures': 'Bilder',
  'settings.pictures.what': 'Manche Antworten kommen mit einem Bild, etwa einem Zeitverlauf.',
  'settings.pictures.turnOn': 'Bilder einschalten',
  'settings.pictures.turnOff': 'Bilder ausschalten',
  'settings.reminders': 'Erinnerungen',
  'settings.reminders.what':
    'Solange andauert, wovon ich Ihnen geschrieben habe, erinnere ich mittags daran, ohne Ton.',
  'settings.reminders.1': 'täglich',
  'settings.reminders.3': 'alle drei Tage',
  'settings.reminders.7': 'jede Woche',
  'settings.report': 'Ruhige Wochen',
  'settings.report.what':
    'Am Montag nach einer Woche, in der es nichts zu melden gab: dass es ruhig war und wie gut ich sehe.',
  'settings.report.turnOn': 'Ruhige Wochen melden',
  'settings.report.turnOff': 'Ruhige Wochen nicht melden',
};
