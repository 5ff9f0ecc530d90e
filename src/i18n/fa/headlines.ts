import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}: {what}',

  'country.none': 'نام کشور گفته نشده',
  'country.inPlaces': '{country}، در برخی جاها',

  'head.block': '{service} مسدود شده است',
  'head.throttle': '{service} کُند شده است',
  'head.restrict': '{service} تا حدی محدود شده است',
  'head.shutdown': '{service} قطع شده است',
  'head.unblock': '{service} دوباره کار می‌کند',
  'head.warn': '{service} شاید به‌زودی قطع شود',
  'head.withdrawn': 'هشدار دربارهٔ {service} پس گرفته شد',
  'head.warnOver': 'خطر قطع {service} برطرف شد',

  'net.block': '{service} مسدود شده است',
  'net.throttle': '{service} کُند شده است',
  'net.restrict': '{service} تا حدی محدود شده است',
  'net.shutdown': '{service} قطع شده است',
  'net.unblock': '{service} دوباره وصل است',
  'net.warn': '{service} شاید به‌زودی قطع شود',
  'net.withdrawn': 'هشدار دربارهٔ {service} پس گرفته شد',
  'net.warnOver': 'خطر قطع {service} برطرف شد',

  'any.block': 'سرویس‌هایی مسدود شده‌اند؛ نامشان گفته نشده',
  'any.throttle': 'سرویس‌هایی کُند شده‌اند؛ نامشان گفته نشده',
  'any.restrict': 'سرویس‌هایی تا حدی محدود شده‌اند؛ نامشان گفته نشده',
  'any.shutdown': 'سرویس‌هایی قطع شده‌اند؛ نامشان گفته نشده',
  'any.unblock': 'سرویس‌هایی دوباره کار می‌کنند؛ نامشان گفته نشده',
  'any.warn': 'سرویس‌هایی شاید به‌زودی قطع شوند؛ نامشان گفته نشده',
  'any.withdrawn': 'هشدار پس گرفته شد',
  'any.warnOver': 'خطر قطع سرویس‌ها برطرف شد',

  'group.block': unchanged('{n} سرویس مسدود شده است'),
  'group.throttle': unchanged('{n} سرویس کُند شده است'),
  'group.restrict': unchanged('{n} سرویس تا حدی محدود شده است'),
  'group.shutdown': unchanged('{n} شبکه قطع شده است'),
  'group.unblock': unchanged('{n} سرویس دوباره کار می‌کند'),
  'group.warn': unchanged('{n} سرویس شاید به‌زودی قطع شود'),
  'group.withdrawn': unchanged('{n} هشدار پس گرفته شد'),
  'group.warnOver': unchanged('خطر قطع {n} سرویس برطرف شد'),
  'group.mixed': unchanged('تغییر در {n} سرویس'),

  'label.block': 'مسدود',
  'label.throttle': 'کُند',
  'label.restrict': 'تا حدی محدود',
  'label.shutdown': 'قطع',
  'label.unblock': 'دوباره کار می‌کند',
  'label.warn': 'در خطر قطع',
  'label.withdrawn': 'پس گرفته شد',
  'label.warnOver': 'خطر برطرف شد',

  'list.more': unchanged('{n} مورد دیگر'),
};
