import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': millions(
    'Pendant vos heures calmes : {n} changement. Voici où l’on en est.',
    'Pendant vos heures calmes : {n} changements. Voici où l’on en est.',
  ),
  'summary.lead': 'C’est arrivé pendant vos heures calmes.',
  'digest.head.day': 'Le dernier jour, dans ce que vous suivez ici',
  'digest.head.week': 'La dernière semaine, dans ce que vous suivez ici',
  'digest.new': 'Nouveau :',
  'digest.over': 'Terminé :',
  'digest.open': 'D’avant, et toujours en cours :',
  'digest.nothing': 'Rien n’a changé, et je ne sais rien de nouveau qui soit coupé.',
  'remind.head': millions('Toujours en cours, {n} incident :', 'Toujours en cours, {n} incidents :'),
  'remind.for': 'depuis {duration}',
  'remind.stop': 'Plus de rappels : {command}',
  'report.head': 'Une semaine calme',
  'report.what': 'Rien n’a changé dans ce que vous suivez ici, pour autant que je voie.',
  'report.open': millions(
    '{n} incident d’avant est toujours ouvert : {command}',
    '{n} incidents d’avant sont toujours ouverts : {command}',
  ),
  'report.sources': millions('Je lis {n} source ; {ok} répond.', 'Je lis {n} sources ; {ok} répondent.'),
  'report.often': 'J’en lis la moitié au moins toutes les {age}.',
  'report.vantages': millions(
    '{n} point de mesure à moi mesure depuis un réseau.',
    '{n} points de mesure à moi mesurent depuis des réseaux.',
  ),
  'report.dates': 'Dates connues :',
  'report.date': '{when} : {what}',
  'report.stop': 'Plus de tels rapports : {command}',
};
