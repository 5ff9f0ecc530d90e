import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'زود: از نخستین خبر؛ گاهی نادرست از آب درمی‌آید',
  'level.corroborated': 'تأییدشده: دو رسانهٔ مستقل، یک اعلام رسمی یا یک اندازه‌گیری',
  'level.confirmed': 'قطعی: فقط آنچه اندازه‌گیری‌ها بی‌تردید نشان داده‌اند',

  'settings.head': 'تنظیمات این گفتگو',
  'settings.language': 'زبان',
  'settings.timezone': 'منطقهٔ زمانی',
  'settings.level': 'چقدر مطمئن',
  'settings.zone': '{zone} (الان {time})',
  'settings.type': 'برای تغییر، فرمان همان سطر را با مقدار خودتان بنویسید.',

  'language.ask': 'این گفتگو به فارسی است. برای تغییر: {command}',
  'language.done': 'از این پس این‌جا فارسی حرف می‌زنم.',
  'language.unknown': 'زبان «{word}» را هنوز نمی‌دانم.',

  'timezone.now': 'زمان‌های این‌جا به وقت {zone} است؛ الان {time}.',
  'timezone.ask': 'برای تغییر، نام یک شهر را بنویسید: {command}',
  'timezone.done': 'از این پس زمان‌ها به وقت {zone} است؛ الان {time}.',
  'timezone.unknown': 'منطقهٔ زمانی «{word}» را نمی‌شناسم.',
  'timezone.share': 'یا موقعیت خود را این‌جا بفرستید: فقط منطقهٔ زمانی را نگه می‌دارم.',
  'timezone.here': 'دکمهٔ پایین جای شما را برایم می‌فرستد. فقط منطقهٔ زمانی را نگه می‌دارم، نه جای شما را.',
  'timezone.kept': 'فقط منطقهٔ زمانی را نگه داشتم، نه جای شما را.',
  'timezone.others': 'اگر ساعت شما چیز دیگری نشان می‌دهد، ساعت خودتان را انتخاب کنید:',
  'timezone.nowhere': 'نزدیک آن‌جا شهری نمی‌شناسم.',

  'level.now': 'چقدر مطمئن، پیش از آن‌که بنویسم – {level}.',
  'level.done': 'انجام شد. چقدر مطمئن، پیش از آن‌که بنویسم – {level}.',
  'level.more': 'این‌ها هم همین حالا باز است، هرچند با اطمینان کمتر:',
  'level.unknown': 'درجهٔ «{word}» را نمی‌شناسم.',

  'export.head': 'هر آنچه دربارهٔ این گفتگو نگه می‌دارم، هر سطر یک مورد (JSON، زمان‌ها به UTC):',
  'export.part': 'بخش {part} از {parts}.',
  'export.next': 'بخش بعدی: {command}',
  'export.rest': unchanged('{n} مورد قدیمی‌تر جا نشد.'),

  'forget.ask':
    'همه چیز دربارهٔ این گفتگو پاک شود: آنچه دنبال می‌کند، سکوت‌ها، تنظیمات؟ دیگر هشداری نمی‌آید و چیزی برنمی‌گردد.',
  'forget.confirm': 'برای تأیید بنویسید {command}',
  'forget.done': 'همه چیز دربارهٔ این گفتگو پاک شد. بدرود، و در تماس بمانید.',
  'forget.nothing': 'دربارهٔ این گفتگو چیزی نگه نمی‌دارم.',
};
