import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'نخستین خبر: {what}',
  'change.confidence-up': 'مطمئن‌تر شد: {what}',
  'change.claimed': 'یک منبع می‌گوید وضع بدتر است؛ هنوز قطعی نیست',
  'change.escalated': 'بدتر شد: {what}',
  'change.method-revealed': 'روش معلوم شد: {what}',
  'change.widened': 'بیش از پیش را گرفت',
  'change.named': 'معلوم شد کدام سرویس است',
  'change.easing': 'نشانه‌هایی از پایان',
  'change.partly-lifted': 'بخشی دوباره کار می‌کند',
  'change.lifted': 'تمام شد: دوباره کار می‌کند',
  'change.lift-confidence-up': 'مطمئن‌تر شد که تمام شده: {what}',
  'change.resumed': 'هنوز تمام نشده بود',
  'change.withdrawn': 'پس گرفته شد',
  'change.expired': 'مدت زیادی است خبری نیست',

  'incident.none': 'رویداد {id} را نمی‌شناسم. شناسه در پایان هر هشدار آمده است.',
  'incident.usage': 'کدام رویداد؟ شناسه در پایان هر هشدار آمده است: {command}',
  'incident.log': 'چه گذشت',
  'incident.evidence': unchanged('منابع: {n} گزارش'),
  'incident.report': '{title} ({when})',
  'incident.measured': 'اندازه‌گیری در {networks}: {verdict} ({when})',
  'incident.anomaly': 'ناهنجاری به‌تنهایی مسدود شدن را ثابت نمی‌کند.',
  'incident.copies': 'رونوشت‌های یک خبر یک بار شمرده می‌شوند.',
  'incident.open': 'رویدادها در این باره:',

  'history.head': { one: '{what}، روز گذشته', other: '{what}، {n} روز گذشته' },
  'history.none': {
    one: 'در روز گذشته رویدادی نمی‌شناسم. این به معنای «هیچ اتفاقی نیفتاد» نیست.',
    other: 'در {n} روز گذشته رویدادی نمی‌شناسم. این به معنای «هیچ اتفاقی نیفتاد» نیست.',
  },
  'history.span': '{from} تا {to}',
  'history.longer': 'برای بازهٔ بیشتر: {command}',
};
