import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { arabic } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': 'متاح من جديد',
  'picture.throttle': 'مُبطَّأ',
  'picture.restrict': 'مقيَّد جزئيًا',
  'picture.stale': 'لا أخبار منذ مدة',
  'picture.none': 'لا بلاغات',
  'picture.gap': 'لم يُرصد',
  'picture.unsure': 'شريط منخفض: غير مؤكد بعد',
  'picture.period': 'من {from} إلى {to}',
  'picture.asOf': 'حتى {when}',
  'picture.columns': arabic(
    'العمود الواحد {n} يوم',
    'العمود الواحد يوم واحد',
    'العمود الواحد يومان',
    'العمود الواحد {n} أيام',
    'العمود الواحد {n} يومًا',
    'العمود الواحد {n} يوم',
  ),
  'picture.rest': arabic(
    'لم يتسع المكان لـ {n} أخرى',
    'لم يتسع المكان لواحد آخر',
    'لم يتسع المكان لاثنين آخرين',
    'لم يتسع المكان لـ {n} أخرى',
    'لم يتسع المكان لـ {n} أخرى',
    'لم يتسع المكان لـ {n} أخرى',
  ),

  'picture.alt': 'خط زمني: {what}، من {from} إلى {to}.',
  'picture.row': '{name}: {states}.',
  'picture.span': '{state} من {from} إلى {to}',
  'picture.day': '{state} في {day}',
  'picture.caption': '{what}: من {from} إلى {to}',
};
