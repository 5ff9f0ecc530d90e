import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'снова открыто',
  'picture.throttle': 'замедлено',
  'picture.restrict': 'частично ограничено',
  'picture.stale': 'давно нет новостей',
  'picture.none': 'ничего не сообщали',
  'picture.gap': 'наблюдения не было',
  'picture.unsure': 'низкая полоса: пока не точно',
  'picture.period': '{from} — {to}',
  'picture.asOf': 'На {when}',
  'picture.columns': {
    one: 'Один столбец — {n} день',
    few: 'Один столбец — {n} дня',
    many: 'Один столбец — {n} дней',
    other: 'Один столбец — {n} дня',
  },
  'picture.rest': {
    one: 'ещё {n} не поместилось',
    few: 'ещё {n} не поместились',
    many: 'ещё {n} не поместились',
    other: 'ещё {n} не поместились',
  },

  'picture.alt': 'Хронология: {what}, {from} — {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} {from} — {to}',
  'picture.day': '{state} {day}',
  'picture.caption': '{what}: {from} — {to}',
};
