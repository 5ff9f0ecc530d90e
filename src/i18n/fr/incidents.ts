import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'premier signalement : {what}',
  'change.confidence-up': 'plus certain : {what}',
  'change.claimed': 'une source dit que c’est pire ; pas encore certain',
  'change.escalated': 's’est aggravé : {what}',
  'change.method-revealed': 'comment c’est fait : {what}',
  'change.widened': 'cela s’étend',
  'change.named': 'on sait maintenant quel service',
  'change.easing': 'signes que c’est fini',
  'change.partly-lifted': 'une partie fonctionne à nouveau',
  'change.lifted': 'fini : fonctionne à nouveau',
  'change.lift-confidence-up': 'plus certain que c’est fini : {what}',
  'change.resumed': 'finalement pas terminé',
  'change.withdrawn': 'retiré',
  'change.expired': 'pas de nouvelles depuis longtemps',

  'incident.none': 'Je ne connais pas d’incident {id}. Son identifiant se trouve à la fin de chaque alerte.',
  'incident.usage': 'Quel incident ? Son identifiant se trouve à la fin de chaque alerte : {command}',
  'incident.log': 'Ce qui s’est passé',
  'incident.evidence': millions('Sources : {n} rapport', 'Sources : {n} rapports'),
  'incident.report': '{title} ({when})',
  'incident.measured': 'Mesuré sur {networks} : {verdict} ({when})',
  'incident.anomaly': 'Une anomalie seule ne prouve pas un blocage.',
  'incident.copies': 'Les copies d’un même texte comptent une fois.',
  'incident.open': 'Incidents à ce sujet :',

  'history.head': millions('{what}, dernier jour', '{what}, {n} derniers jours'),
  'history.none': millions(
    'Je ne connais aucun incident du dernier jour. Cela ne veut pas dire qu’il ne s’est rien passé.',
    'Je ne connais aucun incident des {n} derniers jours. Cela ne veut pas dire qu’il ne s’est rien passé.',
  ),
  'history.span': '{from} – {to}',
  'history.longer': 'Pour remonter plus loin : {command}',
};
