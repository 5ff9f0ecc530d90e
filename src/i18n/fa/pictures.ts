import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'دوباره باز',
  'picture.throttle': 'کُند',
  'picture.restrict': 'تا حدی محدود',
  'picture.stale': 'مدت زیادی بی‌خبر',
  'picture.none': 'بدون گزارش',
  'picture.gap': 'دیده نشد',
  'picture.unsure': 'میلهٔ کوتاه: هنوز قطعی نیست',
  'picture.period': '{from} تا {to}',
  'picture.asOf': 'تا {when}',
  'picture.columns': unchanged('هر ستون {n} روز است'),
  'picture.rest': unchanged('{n} مورد دیگر جا نشد'),

  'picture.alt': 'نمودار زمانی: {what}، {from} تا {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} از {from} تا {to}',
  'picture.day': '{state} در {day}',
  'picture.caption': '{what}: {from} تا {to}',
};
