import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'знову відкрито',
  'picture.throttle': 'сповільнено',
  'picture.restrict': 'частково обмежено',
  'picture.stale': 'давно немає новин',
  'picture.none': 'нічого не повідомляли',
  'picture.gap': 'спостереження не було',
  'picture.unsure': 'низька смуга: поки не точно',
  'picture.period': '{from} — {to}',
  'picture.asOf': 'Станом на {when}',
  'picture.columns': slavic('Один стовпець — {n} день', 'Один стовпець — {n} дні', 'Один стовпець — {n} днів'),
  'picture.rest': slavic('ще {n} не вмістився', 'ще {n} не вмістилися', 'ще {n} не вмістилися'),

  'picture.alt': 'Хронологія: {what}, {from} — {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} {from} — {to}',
  'picture.day': '{state} {day}',
  'picture.caption': '{what}: {from} — {to}',
};
