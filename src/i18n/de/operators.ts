import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': oneOther('{n} Quelle', '{n} Quellen'),
  'sources.ok': 'vor {age} gelesen',
  'sources.failing': 'antwortet nicht, seit {age}: {problem}',
  'sources.waiting': 'noch nicht gelesen',
  'sources.off': 'aus: kein Token',
  'sources.leftOut':
    'Es wird mehr gefolgt, als Observatorien gefragt werden. Was am wenigsten verlangt ist, fehlt: {what}',
  'sources.leftOutMore':
    'Es wird mehr gefolgt, als Observatorien gefragt werden. Was am wenigsten verlangt ist, fehlt: mindestens {what}',
  'sources.leftOutCountries': oneOther('{n} Land', '{n} Länder'),
  'sources.leftOutServices': oneOther('{n} Dienst', '{n} Dienste'),

  'agents.head': oneOther('{n} Messpunkt', '{n} Messpunkte'),
  'agents.at': '{country}, {asn}: {state}',
  'agents.heard': 'vor {age} gemeldet',
  'agents.missing': 'schweigt seit {age}',
  'agents.never': 'hat sich noch nie gemeldet',
  'agents.stopping': 'angehalten; {state}',

  'sources.held': 'Zurückgehalten: mehr auf einmal, als je auf einmal geschieht',
  'sources.heldSince': oneOther('{n} Bericht, seit {age}', '{n} Berichte, seit {age}'),
  'sources.heldDropped': oneOther('{state}; {n} älterer verworfen', '{state}; {n} ältere verworfen'),
  'sources.heldUsage': 'Davon hat niemand erfahren. Wenn es stimmt, lassen Sie es gelten: {command}',
  'sources.released': oneOther('{n} Bericht von {id} zählt jetzt.', '{n} Berichte von {id} zählen jetzt.'),
  'sources.notHeld': 'Von „{id}“ ist nichts zurückgehalten. Die Liste: {command}',

  'agents.dropped': oneOther(
    '{state}; sein Puffer lief voll, {n} Paket ist verloren',
    '{state}; sein Puffer lief voll, {n} Pakete sind verloren',
  ),
  'agents.refused': oneOther(
    '{state}; {n} Messung abgelehnt (warum, steht im Protokoll)',
    '{state}; {n} Messungen abgelehnt (warum, steht im Protokoll)',
  ),
  'agents.usage': 'Einen Messpunkt anhalten: {stop}. Weiterlaufen lassen: {start}',
  'agents.none': 'Einen Messpunkt „{id}“ kenne ich nicht. Die Liste: {command}',
  'agents.stopped':
    'Messpunkt {id} misst ab seiner nächsten Meldung nicht mehr, das sind Minuten. Weiterlaufen lassen: {command}',
  'agents.started': 'Messpunkt {id} misst ab seiner nächsten Meldung wieder, das sind Minuten.',

  'retract.usage': 'Welcher Vorfall, und warum? {command}',
  'retract.done': '{id} ist zurückgezogen. Alle, die davon gehört haben, erfahren es mit Ihrer Begründung.',
};
