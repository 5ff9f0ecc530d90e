import type { FollowPhrases } from '../../core/phrases/follow.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const follow: TextsOf<FollowPhrases> = {
  'start.hello': 'سلام! من Tocsin هستم؛ از مسدود شدن‌های اینترنت خبرتان می‌کنم.',
  'start.what':
    'همین که دسترسی به یک سرویس یا شبکه در کشوری عوض شود این‌جا می‌نویسم: مسدود شد، کُند شد، قطع شد، برگشت. و همیشه می‌گویم چقدر قطعی است.',
  'start.ask': 'چه چیزی را برایتان زیر نظر بگیرم؟',
  'start.type': 'یا بنویسید: {command}',
  'start.open': unchanged('همین حالا {n} رویداد باز است. تازه‌ترین‌ها:'),
  'start.none': 'الان از مسدود شدن تازه‌ای خبر ندارم. آنچه در یک کشور از مدت‌ها پیش مسدود است در وضعیت آن آمده است.',

  'subscribe.pick':
    'چه چیزی را زیر نظر بگیرم؟ نام کشور ({country})، سرویس ({service})، هر دو ({both}) یا {all} را بنویسید',
  'subscribe.country': 'کدام کشور؟ اگر این‌جا نیست، بنویسید: {command}',
  'subscribe.service': 'کدام سرویس؟ اگر این‌جا نیست، بنویسید: {command}',
  'subscribe.done': 'انجام شد! این‌ها را زیر نظر دارم:',
  'subscribe.already': 'این‌ها را از پیش زیر نظر دارم:',
  'subscribe.open': 'از این‌ها، همین حالا:',
  'subscribe.none': 'در این میان الان از مسدود شدن تازه‌ای خبر ندارم. اگر عوض شد می‌نویسم.',
  'subscribe.standing': 'از مدت‌ها پیش محدود، بنا بر داده‌های عمومی:',
  'subscribe.tooMany': unchanged('یک گفتگو حداکثر {n} چیز را دنبال می‌کند. بهتر است کشورها را یک‌جا دنبال کنید.'),
  'subscribe.when': 'چقدر مطمئن، پیش از آن‌که بنویسم – {level}. تغییر آن: {command}',

  'line.since': 'از {when}',

  'channel.head': 'کانال «{title}»',
  'channel.none':
    'کانالی به نام «{name}» که هر دو مدیرش باشیم پیدا نمی‌کنم. مرا آن‌جا مدیر کنید، با اجازهٔ نوشتن، و دوباره امتحان کنید.',
  'channel.usage':
    'کانال را این‌جا تنظیم می‌کنیم تا خوانندگانش آن را نبینند. مرا در کانال مدیر کنید، با اجازهٔ نوشتن، و بنویسید {command}',

  'merged.nothing': 'انجام شد. این گفتگو دیگر چیزی را دنبال نمی‌کند. برای دنبال کردن: {command}',
  'merged.forgotten': 'انجام شد. دیگر چیزی دربارهٔ این گفتگو نگه نمی‌دارم.',

  'subscriptions.none': 'این گفتگو هنوز چیزی را دنبال نمی‌کند. با این شروع کنید: {command}',
  'subscriptions.head': 'این گفتگو این‌ها را دنبال می‌کند:',
  'subscriptions.settings': 'چقدر مطمئن: {level} · زبان: {language} · منطقهٔ زمانی: {zone}',
  'subscriptions.muted': 'سکوت دربارهٔ {what}، تا {when}',
  'subscriptions.remove': 'برای کنار گذاشتن یکی: {command}',

  'unsubscribe.ask': {
    one: 'تنها موردی که این گفتگو دنبال می‌کند کنار گذاشته شود؟ دیگر خبری نخواهید گرفت.',
    other: 'هر {n} موردی که این گفتگو دنبال می‌کند کنار گذاشته شود؟ دیگر خبری نخواهید گرفت.',
  },
  'unsubscribe.confirm': 'برای تأیید بنویسید {command}',
  'unsubscribe.done': 'دیگر دنبال نمی‌کنم:',
  'unsubscribe.not': 'این گفتگو این را دنبال نمی‌کند:',
  'unsubscribe.still':
    'هنوز از آن خبر می‌گیرید، چون این گفتگو این را دنبال می‌کند: {what}. برای این‌که خبری نیاید: {command}',
  'unsubscribe.all': 'انجام شد. این گفتگو دیگر چیزی را دنبال نمی‌کند. برای بازگشت: {command}',

  'mute.usage': 'دربارهٔ چه و تا کی؟ مثلاً {one}، {two} یا {three}',
  'mute.done': 'دربارهٔ {what} تا {when} چیزی نمی‌نویسم.',
  'mute.end': 'برای پایان زودتر: {command}',
  'mute.badTime': 'زمان «{time}» را نمی‌فهمم. بنویسید 8h یا 3d یا until 18:00؛ حداکثر یک سال.',
  'mute.tooMany': unchanged('هم‌زمان حداکثر {n} سکوت.'),

  'unmute.done': 'دوباره دربارهٔ {what} می‌نویسم.',
  'unmute.all': unchanged('{n} سکوت پایان یافت. دوباره دربارهٔ همه چیز می‌نویسم.'),
  'unmute.none': 'این‌جا سکوتی در کار نیست.',
  'unmute.not': 'دربارهٔ این سکوتی نیست: {what}',
  'unmute.which': 'دربارهٔ کدام دوباره بنویسم؟',
};
