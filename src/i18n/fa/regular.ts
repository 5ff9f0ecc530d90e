import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': unchanged('در ساعت‌های آرام شما: {n} تغییر. وضع اکنون این است.'),
  'summary.lead': 'این در ساعت‌های آرام شما رخ داد.',
  'digest.head.day': 'یک روز گذشته، از آنچه این‌جا دنبال می‌کنید',
  'digest.head.week': 'یک هفتهٔ گذشته، از آنچه این‌جا دنبال می‌کنید',
  'digest.new': 'تازه:',
  'digest.over': 'پایان‌یافته:',
  'digest.open': 'از پیش، و هنوز هست:',
  'digest.nothing': 'هیچ چیز عوض نشد و از قطعی تازه‌ای خبر ندارم.',
  'remind.head': unchanged('هنوز ادامه دارد، {n} رویداد:'),
  'remind.for': '{duration} است',
  'remind.stop': 'دیگر یادآوری نشود: {command}',
  'report.head': 'هفته‌ای آرام',
  'report.what': 'تا جایی که می‌بینم، در آنچه این‌جا دنبال می‌کنید چیزی عوض نشد.',
  'report.open': unchanged('{n} رویداد از پیش هنوز باز است: {command}'),
  'report.sources': unchanged('{n} منبع می‌خوانم؛ {ok} تا پاسخ می‌دهد.'),
  'report.often': 'نیمی از آن‌ها را دست‌کم هر {age} می‌خوانم.',
  'report.vantages': unchanged('{n} نقطهٔ اندازه‌گیری من از درون شبکه‌ها می‌سنجد.'),
  'report.dates': 'تاریخ‌های شناخته‌شده:',
  'report.date': '{when}: {what}',
  'report.stop': 'دیگر چنین گزارشی نیاید: {command}',
};
