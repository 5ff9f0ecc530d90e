import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'Quelle heure est-il chez vous ? J’écrirai alors les heures de votre montre.',
  'first.zoneOther': 'Un autre lieu : {command}',
  'first.heard': 'Ce que vous auriez entendu ces 30 derniers jours :',
  'first.messages': millions('{n} message', '{n} messages'),
  'first.nothing': 'rien',
  'first.choose': 'À quel point dois-je être sûr avant d’écrire ?',
  'first.none': 'Ces 30 derniers jours, je ne sais rien qui soit arrivé ici.',
};
