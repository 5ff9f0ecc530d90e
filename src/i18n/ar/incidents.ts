import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { arabic } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'أول خبر: {what}',
  'change.confidence-up': 'أكثر تأكيدًا: {what}',
  'change.escalated': 'ازداد سوءًا: {what}',
  'change.method-revealed': 'عُرفت الطريقة: {what}',
  'change.widened': 'اتسع نطاقه',
  'change.named': 'عُرف الآن أي خدمة هي',
  'change.claimed': 'مصدر واحد يقول إن الوضع أسوأ؛ غير مؤكَّد بعد',
  'change.easing': 'علامات على انتهائه',
  'change.partly-lifted': 'جزء منه عاد إلى العمل',
  'change.lifted': 'انتهى: عاد إلى العمل',
  'change.lift-confidence-up': 'انتهاؤه أكثر تأكيدًا: {what}',
  'change.resumed': 'تبيّن أنه لم ينتهِ',
  'change.withdrawn': 'سُحب',
  'change.expired': 'لا أخبار منذ وقت طويل',

  'incident.none': 'لا أعرف حدثًا باسم {id}. رمز الحدث في آخر كل تنبيه.',
  'incident.usage': 'أي حدث؟ رمزه في آخر كل تنبيه: {command}',
  'incident.log': 'ما الذي جرى',
  'incident.evidence': arabic(
    'المصادر: لا تقارير',
    'المصادر: تقرير واحد',
    'المصادر: تقريران',
    'المصادر: {n} تقارير',
    'المصادر: {n} تقريرًا',
    'المصادر: {n} تقرير',
  ),
  'incident.report': '{title} ({when})',
  'incident.measured': 'قياس على {networks}: {verdict} ({when})',
  'incident.anomaly': 'الخلل وحده لا يثبت الحجب.',
  'incident.copies': 'نسخ الخبر الواحد تُحسب مرة واحدة.',
  'incident.open': 'أحداث حول هذا:',

  'history.head': arabic(
    '{what}، اليوم',
    '{what}، اليوم الأخير',
    '{what}، آخر يومين',
    '{what}، آخر {n} أيام',
    '{what}، آخر {n} يومًا',
    '{what}، آخر {n} يوم',
  ),
  'history.none': arabic(
    'لا أعرف أي حدث. وهذا لا يعني أن «شيئًا لم يحدث».',
    'لا أعرف أي حدث في اليوم الأخير. وهذا لا يعني أن «شيئًا لم يحدث».',
    'لا أعرف أي حدث في آخر يومين. وهذا لا يعني أن «شيئًا لم يحدث».',
    'لا أعرف أي حدث في آخر {n} أيام. وهذا لا يعني أن «شيئًا لم يحدث».',
    'لا أعرف أي حدث في آخر {n} يومًا. وهذا لا يعني أن «شيئًا لم يحدث».',
    'لا أعرف أي حدث في آخر {n} يوم. وهذا لا يعني أن «شيئًا لم يحدث».',
  ),
  'history.span': 'من {from} إلى {to}',
  'history.longer': 'للرجوع أكثر إلى الوراء: {command}',
};
