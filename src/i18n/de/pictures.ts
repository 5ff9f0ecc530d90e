import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'wieder offen',
  'picture.throttle': 'verlangsamt',
  'picture.restrict': 'teilweise eingeschränkt',
  'picture.stale': 'lange keine Nachricht',
  'picture.none': 'keine Meldungen',
  'picture.gap': 'nicht beobachtet',
  'picture.unsure': 'niedriger Balken: noch nicht sicher',
  'picture.period': '{from} – {to}',
  'picture.asOf': 'Stand: {when}',
  'picture.columns': oneOther('Eine Spalte ist {n} Tag', 'Eine Spalte sind {n} Tage'),
  'picture.rest': oneOther('{n} weiterer hatte keinen Platz', '{n} weitere hatten keinen Platz'),

  'picture.alt': 'Zeitleiste: {what}, {from} – {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} {from} – {to}',
  'picture.day': '{state} {day}',
  'picture.caption': '{what}: {from} – {to}',
};
