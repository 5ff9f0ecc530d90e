import type { AlertPhrases } from '../../core/phrases/alerts.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const alerts: TextsOf<AlertPhrases> = {
  'method.dns': 'über DNS (der Name wird nicht oder falsch aufgelöst)',
  'method.ip': 'über die IP-Adresse',
  'method.sni': 'über den Namen der Seite in der Verbindung (SNI)',
  'method.http': 'statt der Seite erscheint eine Sperrseite',
  'method.throttle': 'die Geschwindigkeit wird gesenkt',
  'method.app-store': 'aus App-Stores entfernt',
  'method.legal': 'per Anordnung',
  'method.bgp': 'über das Routing (BGP)',

  'confidence.reported': 'gemeldet',
  'confidence.suspected': 'Verdacht',
  'confidence.corroborated': 'bestätigt',
  'confidence.confirmed': 'durch Messungen gesichert',

  'sure.reported': 'Gemeldet, noch nicht bestätigt: {why}',
  'sure.suspected': 'Verdacht, nicht bestätigt: {why}',
  'sure.corroborated': 'Bestätigt: {why}',
  'sure.confirmed': 'Gesichert: {why}',

  'why.outlets': oneOther('{n} Medium berichtet', '{n} Medien berichten'),
  'why.authority': 'amtliche Mitteilung ({name})',
  'why.networks': oneOther('in einem Netz gemessen', 'in {n} Netzen gemessen'),
  'why.anomalies': oneOther('Messungen in einem Netz sehen danach aus', 'Messungen in {n} Netzen sehen danach aus'),
  'why.blockpage': 'eine Sperrseite war zu sehen',
  'why.sign': '{name} sieht Anzeichen dafür',
  'why.silence': 'von dort kommen keine Messungen mehr ({name})',
  'why.each': '{sure} – das gilt mindestens für jeden davon',

  'count.measurements': oneOther('{n} Messung', '{n} Messungen'),
  'count.networks': oneOther('{n} Netz', '{n} Netze'),
  'count.signals': oneOther('{n} Anzeichen: {names}', '{n} Anzeichen: {names}'),

  'alert.since': 'Seit {when}',
  'alert.earlier': 'Davor: {label}, seit {when}',
  'alert.sinceEarliest': 'Frühestens seit {when}',
  'alert.warnedAt': 'Angekündigt: {when}',
  'alert.lasted': 'Dauerte {duration}: {from} – {to}',
  'alert.backAt': 'Wieder erreichbar seit {when}',
  'alert.was': 'Vorher: {what}',
  'alert.how': 'Wie: {method}',
  'alert.where': 'Wo: {regions}',
  'alert.backIn': 'Geht wieder in: {regions}',
  'alert.part': 'Betroffen: {parts}',
  'alert.sources': 'Quellen: {sources}',
  'alert.worse.throttle': oneOther(
    '{n} Medium schreibt, der ganze Dienst sei gedrosselt; noch nicht sicher',
    '{n} Medien schreiben, der ganze Dienst sei gedrosselt; noch nicht sicher',
  ),
  'alert.worse.block': oneOther(
    '{n} Medium schreibt, der Dienst sei ganz gesperrt; noch nicht sicher',
    '{n} Medien schreiben, der Dienst sei ganz gesperrt; noch nicht sicher',
  ),
  'alert.worse.shutdown': oneOther(
    '{n} Medium schreibt, alles sei abgeschaltet; noch nicht sicher',
    '{n} Medien schreiben, alles sei abgeschaltet; noch nicht sicher',
  ),
  'alert.disagree': oneOther(
    '{name} sieht das in {n} Netz; unsere eigene Messung in {ours} nicht',
    '{name} sieht das in {n} Netzen; unsere eigene Messung in {ours} nicht',
  ),
  'alert.disagreeAll': '{name} sieht das; unsere eigene Messung in {ours} nicht',
  'alert.easing': oneOther(
    '{n} Medium schreibt, es gehe wieder; noch nicht sicher',
    '{n} Medien schreiben, es gehe wieder; noch nicht sicher',
  ),
  'alert.easingMeasured': 'Nach den Messungen geht es vielleicht wieder; noch nicht sicher',
  'alert.because': 'Grund: {why}',
  'alert.withdrawn': 'Wir haben uns geirrt: Was wir gemeldet haben, stimmt nicht. Entschuldigung.',
  'alert.linked': 'Siehe auch {id}',
  'alert.cameTrue': 'Das war angekündigt: {id}',

  'reply.escalated': 'Es ist schlimmer geworden.',
  'reply.widened': 'Es trifft mehr als zuvor.',
  'reply.resumed': 'Es ist doch nicht vorbei.',
  'reply.surer': 'Jetzt ist es sicherer.',
  'reply.partly': 'Ein Teil geht wieder.',
  'reply.easing': 'Es bessert sich vielleicht.',

  'test.head': 'Das ist ein Probealarm.',
  'test.what': 'Es ist nichts passiert. So sieht ein Alarm aus, und hier kommt er an:',
  'test.country': 'Beispielland',
};
