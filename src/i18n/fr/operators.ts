import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': millions('{n} source', '{n} sources'),
  'sources.ok': 'lue il y a {age}',
  'sources.failing': 'ne répond pas depuis {age} : {problem}',
  'sources.waiting': 'pas encore lue',
  'sources.off': 'éteinte : pas de jeton',
  'sources.leftOut':
    'On suit plus de choses que l’on n’en demande aux observatoires. Le moins demandé est laissé de côté : {what}',
  'sources.leftOutMore':
    'On suit plus de choses que l’on n’en demande aux observatoires. Le moins demandé est laissé de côté : au moins {what}',
  'sources.leftOutCountries': millions('{n} pays', '{n} pays'),
  'sources.leftOutServices': millions('{n} service', '{n} services'),

  'agents.head': millions('{n} sonde', '{n} sondes'),
  'agents.at': '{country}, {asn} : {state}',
  'agents.heard': 'vue il y a {age}',
  'agents.missing': 'silencieuse depuis {age}',
  'agents.never': 'pas encore vue',
  'agents.stopping': 'arrêtée ; {state}',

  'sources.held': 'Retenu : plus d’un coup qu’il n’arrive en vrai',
  'sources.heldSince': millions('{n} rapport, depuis {age}', '{n} rapports, depuis {age}'),
  'sources.heldDropped': millions('{state} ; {n} plus ancien écarté', '{state} ; {n} plus anciens écartés'),
  'sources.heldUsage': 'Personne n’en a été averti. Si c’est vrai, faites-les compter : {command}',
  'sources.released': millions('{n} rapport de {id} compte désormais.', '{n} rapports de {id} comptent désormais.'),
  'sources.notHeld': 'Rien de « {id} » n’est retenu. La liste : {command}',

  'agents.dropped': millions(
    '{state} ; sa mémoire a débordé, {n} lot est perdu',
    '{state} ; sa mémoire a débordé, {n} lots sont perdus',
  ),
  'agents.refused': millions(
    '{state} ; {n} mesure refusée (le journal dit pourquoi)',
    '{state} ; {n} mesures refusées (le journal dit pourquoi)',
  ),
  'agents.usage': 'Pour arrêter une sonde : {stop}. Pour la relancer : {start}',
  'agents.none': 'Je ne connais pas de sonde « {id} ». La liste : {command}',
  'agents.stopped':
    'La sonde {id} ne mesurera plus dès son prochain envoi, d’ici quelques minutes. Pour la relancer : {command}',
  'agents.started': 'La sonde {id} mesurera à nouveau dès son prochain envoi, d’ici quelques minutes.',

  'retract.usage': 'Quel incident, et pourquoi ? {command}',
  'retract.done': '{id} est retiré. Tous ceux qui en ont entendu parler l’apprennent, avec votre raison.',
};
