import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'yeniden açık',
  'picture.throttle': 'yavaşlatıldı',
  'picture.restrict': 'kısmen kısıtlı',
  'picture.stale': 'uzun süredir haber yok',
  'picture.none': 'bildirim yok',
  'picture.gap': 'izlenmedi',
  'picture.unsure': 'alçak çubuk: henüz kesin değil',
  'picture.period': '{from} – {to}',
  'picture.asOf': 'Durum: {when}',
  'picture.columns': unchanged('Bir sütun {n} gündür'),
  'picture.rest': unchanged('{n} satır daha sığmadı'),

  'picture.alt': 'Zaman çizelgesi: {what}, {from} – {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} {from} – {to}',
  'picture.day': '{state} {day}',
  'picture.caption': '{what}: {from} – {to}',
};
