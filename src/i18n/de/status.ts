import type { StatusPhrases } from '../../core/phrases/status.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const status: TextsOf<StatusPhrases> = {
  'state.open': 'offen',
  'state.throttle': 'gedrosselt',
  'state.restrict': 'teilweise eingeschränkt',
  'state.block': 'gesperrt',
  'state.shutdown': 'abgeschaltet',
  'state.unknown': 'unbekannt',
  'state.warn': 'bedroht',

  'status.followed': 'Worauf ich für diesen Chat achte',
  'status.world': 'Überall',
  'status.since': '{state} seit {when}',
  'status.was': '{unknown} (zuletzt {was})',
  'status.network': '{state} (mit dem ganzen Netz)',
  'status.part': '{state} in {regions}',
  'status.age': 'letzter Hinweis vor {age}',
  'status.no': 'keine Hinweise',
  'status.reference': 'Beleg: {url}',
  'status.confirmed': 'zuletzt bestätigt: {when}',
  'status.nothing': '{what}: unbekannt. Keine Quelle hat dort eine Änderung gemeldet.',
  'status.worldNone': 'Gerade weiß ich von keiner neuen Sperre.',
  'status.rest': 'Was hier fehlt, ist meines Wissens nicht eingeschränkt; „offen“ heißt das nicht.',
  'status.unnamed': 'Dienste, die nicht genannt sind',

  'sight.dim': oneOther(
    'Ich sehe wenig: Nur {ok} von {n} Quelle hat geantwortet.',
    'Ich sehe wenig: Nur {ok} von {n} Quellen haben geantwortet.',
  ),
  'sight.blind': 'Ich sehe gar nichts: Keine Quelle antwortet. Was ich jetzt sage, wusste ich schon vorher.',
  'sight.noSources': 'Ich sehe gar nichts: Ich habe keine Quellen.',
  'sight.waiting': 'Ich sehe noch nichts: Ich habe gerade erst angefangen, und keine Quelle hat geantwortet.',

  'health.head': 'Der Bot selbst',
  'health.store':
    '❗ Meine Datenbank wurde gelöscht oder ersetzt: Meldungen kommen noch, aber was sich jetzt ändert, geht beim Neustart verloren',
  'health.polled': oneOther(
    'Quelle zuletzt vor {age} gelesen; {ok} von {n} geht',
    'Quellen zuletzt vor {age} gelesen; {ok} von {n} gehen',
  ),
  'health.never': oneOther('{n} Quelle, noch nicht gelesen', '{n} Quellen, noch keine gelesen'),
  'health.none': 'Keine Quellen: Ich kann von nichts erfahren',
  'health.oldest': 'Am längsten nicht gelesen: {name}, vor {age}',
  'health.held': 'Zurückgehalten, weil mehr auf einmal gemeldet wurde, als je auf einmal geschieht: {names}',
  'health.failing': 'Antworten nicht: {names}',
  'health.stale': 'Zu lange nichts gehört von: {names}',
  'health.blind': 'Können nicht messen, ihre eigene Leitung ist gestört: {names}',
  'health.agent': 'Messpunkt {id} ({country}, {asn}) misst; zuletzt gehört vor höchstens {age}',
  'health.agentMissing': 'Messpunkt {id} ({country}, {asn}) schweigt; nichts gehört seit {age}',
  'health.agentStopped': 'Messpunkt {id} ({country}, {asn}) ist angehalten',
  'health.agentNever': 'Von Messpunkt {id} ({country}, {asn}) kam noch nichts',
  'health.vantages': 'Zu lange keine Messungen von: {names}',
  'health.idle': 'Nichts wartet auf Zustellung',
  'health.queue': oneOther(
    '{n} Nachricht wartet auf Zustellung, seit höchstens {age}',
    '{n} Nachrichten warten auf Zustellung, seit höchstens {age}',
  ),
  'health.eta': 'das dauert etwa {duration}',
  'health.sending': 'Der Versand geht',
  'health.account': 'Der Versand ist gestört: {account} ({problem})',
};
