import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'de nouveau accessible',
  'picture.throttle': 'ralenti',
  'picture.restrict': 'partiellement limité',
  'picture.stale': 'sans nouvelles depuis longtemps',
  'picture.none': 'aucun signalement',
  'picture.gap': 'non observé',
  'picture.unsure': 'barre basse : pas encore certain',
  'picture.period': '{from} – {to}',
  'picture.asOf': 'État : {when}',
  'picture.columns': millions('Une colonne vaut {n} jour', 'Une colonne vaut {n} jours'),
  'picture.rest': millions('{n} autre n’a pas trouvé place', '{n} autres n’ont pas trouvé place'),

  'picture.alt': 'Chronologie : {what}, {from} – {to}.',
  'picture.row': '{name} : {states}.',
  'picture.span': '{state} {from} – {to}',
  'picture.day': '{state} {day}',
  'picture.caption': '{what} : {from} – {to}',
};
