import type { StatusPhrases } from '../../core/phrases/status.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const status: TextsOf<StatusPhrases> = {
  'state.open': 'accessible',
  'state.throttle': 'ralenti',
  'state.restrict': 'partiellement limité',
  'state.block': 'bloqué',
  'state.shutdown': 'coupé',
  'state.unknown': 'inconnu',
  'state.warn': 'menacé',

  'status.followed': 'Ce que suit cette discussion',
  'status.world': 'Partout',
  'status.since': '{state} depuis {when}',
  'status.was': '{unknown} (avant : {was})',
  'status.network': '{state} (avec tout le réseau)',
  'status.part': '{state} : {regions}',
  'status.age': 'dernier indice il y a {age}',
  'status.no': 'aucun indice',
  'status.reference': 'référence : {url}',
  'status.confirmed': 'confirmé pour la dernière fois {when}',
  'status.nothing': '{what} : inconnu. Aucune source n’y a signalé de changement.',
  'status.worldNone': 'Je ne connais aucun nouveau blocage en ce moment.',
  'status.rest': 'Ce qui n’est pas dans la liste n’est pas connu comme limité ; cela ne veut pas dire « accessible ».',
  'status.unnamed': 'services non précisés',

  'sight.dim': millions(
    'Je vois peu de choses : seulement {ok} source sur {n} a répondu.',
    'Je vois peu de choses : seulement {ok} sources sur {n} ont répondu.',
    'Je vois peu de choses : seulement {ok} sources sur {n} ont répondu.',
  ),
  'sight.blind': 'Je ne vois rien : aucune source ne répond. Ce que je dis maintenant, je le savais déjà.',
  'sight.noSources': 'Je ne vois rien : je n’ai pas de sources.',
  'sight.waiting': 'Je ne vois encore rien : je viens de démarrer, et aucune source n’a répondu.',

  'health.head': 'Le bot lui-même',
  'health.store':
    '❗ Ma base de données a été effacée ou remplacée : les alertes arrivent encore, mais ce qui change maintenant sera perdu au redémarrage',
  'health.polled': millions(
    'Source lue il y a {age} ; {ok} sur {n} fonctionne',
    'Sources lues il y a {age} ; {ok} sur {n} fonctionnent',
    'Sources lues il y a {age} ; {ok} sur {n} fonctionnent',
  ),
  'health.never': millions('{n} source, pas encore lue', '{n} sources, aucune encore lue'),
  'health.none': 'Aucune source : je ne peux rien apprendre',
  'health.oldest': 'Pas lue depuis le plus longtemps : {name}, il y a {age}',
  'health.held': 'Retenu, car plus d’un coup qu’il n’arrive en vrai : {names}',
  'health.failing': 'Ne répondent pas : {names}',
  'health.stale': 'Silencieuses depuis trop longtemps : {names}',
  'health.blind': 'Ne peuvent pas mesurer, leur propre ligne a un problème : {names}',
  'health.agent': 'La sonde {id} ({country}, {asn}) mesure ; vue il y a moins de {age}',
  'health.agentMissing': 'La sonde {id} ({country}, {asn}) se tait ; pas vue depuis {age}',
  'health.agentStopped': 'La sonde {id} ({country}, {asn}) est arrêtée',
  'health.agentNever': 'La sonde {id} ({country}, {asn}) ne s’est pas encore manifestée',
  'health.vantages': 'Plus de mesures depuis trop longtemps : {names}',
  'health.idle': 'Aucun message en attente',
  'health.queue': millions(
    '{n} message en attente, depuis {age} au plus',
    '{n} messages en attente, depuis {age} au plus',
  ),
  'health.eta': 'cela prend environ {duration}',
  'health.sending': 'L’envoi fonctionne',
  'health.account': 'L’envoi a un problème : {account} ({problem})',
};
