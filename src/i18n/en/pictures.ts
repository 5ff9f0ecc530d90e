import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'open again',
  'picture.throttle': 'slowed down',
  'picture.restrict': 'partly restricted',
  'picture.stale': 'no news for long',
  'picture.none': 'no reports',
  'picture.gap': 'not watched',
  'picture.unsure': 'low bar: not certain yet',
  'picture.period': '{from} – {to}',
  'picture.asOf': 'As of {when}',
  'picture.columns': { one: 'One column is {n} day', other: 'One column is {n} days' },
  'picture.rest': { one: '{n} more did not fit', other: '{n} more did not fit' },

  'picture.alt': 'Timeline: {what}, {from} – {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} {from} – {to}',
  'picture.day': '{state} {day}',
  'picture.caption': '{what}: {from} – {to}',
};
