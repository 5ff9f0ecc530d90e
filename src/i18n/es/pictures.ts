import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'abierto de nuevo',
  'picture.throttle': 'ralentizado',
  'picture.restrict': 'restringido en parte',
  'picture.stale': 'sin noticias desde hace tiempo',
  'picture.none': 'sin avisos',
  'picture.gap': 'sin observación',
  'picture.unsure': 'barra baja: aún no es seguro',
  'picture.period': '{from} – {to}',
  'picture.asOf': 'Datos: {when}',
  'picture.columns': millions('Una columna es {n} día', 'Una columna son {n} días'),
  'picture.rest': millions('{n} más no cupo', '{n} más no cupieron'),

  'picture.alt': 'Cronología: {what}, {from} – {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} {from} – {to}',
  'picture.day': '{state} {day}',
  'picture.caption': '{what}: {from} – {to}',
};
