import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'erste Meldung: {what}',
  'change.confidence-up': 'sicherer: {what}',
  'change.claimed': 'eine Quelle sagt, es sei schlimmer; noch nicht sicher',
  'change.escalated': 'schlimmer geworden: {what}',
  'change.method-revealed': 'wie es gemacht wird: {what}',
  'change.widened': 'mehr ist betroffen',
  'change.named': 'jetzt ist bekannt, welcher Dienst',
  'change.easing': 'Anzeichen, dass es vorbei ist',
  'change.partly-lifted': 'ein Teil geht wieder',
  'change.lifted': 'vorbei: geht wieder',
  'change.lift-confidence-up': 'sicherer, dass es vorbei ist: {what}',
  'change.resumed': 'doch nicht vorbei',
  'change.withdrawn': 'zurückgezogen',
  'change.expired': 'lange nichts Neues',

  'incident.none': 'Einen Vorfall {id} kenne ich nicht. Die Nummer steht am Ende jeder Meldung.',
  'incident.usage': 'Welcher Vorfall? Die Nummer steht am Ende jeder Meldung: {command}',
  'incident.log': 'Was geschah',
  'incident.evidence': oneOther('Quellen: {n} Bericht', 'Quellen: {n} Berichte'),
  'incident.report': '{title} ({when})',
  'incident.measured': 'Gemessen in {networks}: {verdict} ({when})',
  'incident.anomaly': 'Eine Auffälligkeit allein beweist keine Sperre.',
  'incident.copies': 'Kopien eines Textes zählen einmal.',
  'incident.open': 'Vorfälle dazu:',

  'history.head': oneOther('{what}, der letzte Tag', '{what}, die letzten {n} Tage'),
  'history.none': oneOther(
    'Vom letzten Tag ist mir kein Vorfall bekannt. Das heißt nicht: „Es ist nichts passiert.“',
    'Aus den letzten {n} Tagen ist mir kein Vorfall bekannt. Das heißt nicht: „Es ist nichts passiert.“',
  ),
  'history.span': '{from} – {to}',
  'history.longer': 'Weiter zurück: {command}',
};
