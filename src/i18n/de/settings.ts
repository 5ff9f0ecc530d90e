import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'früh: schon bei der ersten Meldung; manche stellt sich als falsch heraus',
  'level.corroborated': 'bestätigt: zwei unabhängige Medien, eine amtliche Mitteilung oder eine Messung',
  'level.confirmed': 'gesichert: nur, was ohne Zweifel gemessen ist',

  'settings.head': 'Einstellungen dieses Chats',
  'settings.language': 'Sprache',
  'settings.timezone': 'Zeitzone',
  'settings.level': 'Wie sicher, bevor ich schreibe',
  'settings.zone': '{zone} (jetzt {time})',
  'settings.type': 'Zum Ändern schreiben Sie, was dahinter steht, mit Ihrem eigenen Wert.',

  'language.ask': 'Dieser Chat spricht Deutsch. Ändern: {command}',
  'language.done': 'Ab jetzt spreche ich hier Deutsch.',
  'language.unknown': '„{word}“ spreche ich noch nicht.',

  'timezone.now': 'Zeiten hier gelten für {zone} – jetzt: {time}.',
  'timezone.ask': 'Zum Ändern nennen Sie eine Stadt: {command}',
  'timezone.done': 'Zeiten hier gelten jetzt für {zone} – dort jetzt: {time}.',
  'timezone.unknown': 'Eine Zeitzone „{word}“ kenne ich nicht.',
  'timezone.share': 'Oder teilen Sie hier Ihren Standort: Ich behalte nur die Zeitzone.',
  'timezone.here': 'Der Knopf unten schickt mir, wo Sie sind. Ich behalte nur die Zeitzone, nie den Ort.',
  'timezone.kept': 'Ich behalte nur die Zeitzone, nicht den Ort.',
  'timezone.others': 'Wenn Ihre Uhr etwas anderes zeigt, tippen Sie Ihre an:',
  'timezone.nowhere': 'In der Nähe dieses Ortes kenne ich keine Stadt.',

  'level.now': 'Wie sicher, bevor ich schreibe – {level}.',
  'level.done': 'Fertig. Wie sicher, bevor ich schreibe – {level}.',
  'level.more': 'Gerade auch aktuell, wenn auch weniger sicher:',
  'level.unknown': 'Eine Stufe „{word}“ kenne ich nicht.',

  'export.head': 'Alles, was ich über diesen Chat speichere, eine Zeile je Eintrag (JSON, Zeiten in UTC):',
  'export.part': 'Teil {part} von {parts}.',
  'export.next': 'Der nächste Teil: {command}',
  'export.rest': oneOther('{n} älterer Eintrag fehlt hier.', '{n} ältere Einträge fehlen hier.'),

  'forget.ask':
    'Alles über diesen Chat löschen: wem er folgt, Ruhezeiten, Einstellungen? Es kommen keine Meldungen mehr, und nichts lässt sich zurückholen.',
  'forget.confirm': 'Zum Bestätigen schreiben Sie {command}',
  'forget.done': 'Alles über diesen Chat ist gelöscht. Alles Gute, und bleiben Sie verbunden.',
  'forget.nothing': 'Über diesen Chat speichere ich nichts.',
};
