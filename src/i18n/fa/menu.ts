import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'از این‌جا شروع کنید',
  'command.subscribe': 'دنبال کردن یک کشور، یک سرویس یا هر دو',
  'command.unsubscribe': 'دیگر دنبال نکردن',
  'command.subscriptions': 'این گفتگو چه چیزهایی را دنبال می‌کند',
  'command.status': 'حالا چه چیزی قطع است، و آیا ربات سالم است',
  'command.incident': 'ماجرا و منابع یک رویداد',
  'command.history': 'پیش‌تر چه چیزی قطع شده و چقدر طول کشیده',
  'command.mute': 'مدتی هشدار نفرستادن',
  'command.unmute': 'پایان سکوت',
  'command.settings': 'همهٔ تنظیمات این گفتگو',
  'command.language': 'زبان این گفتگو',
  'command.timezone': 'منطقهٔ زمانی این گفتگو',
  'command.level': 'چقدر باید مطمئن باشد تا به شما خبر بدهم',
  'command.help': 'همهٔ فرمان‌ها',
  'command.about': 'این چیست و واژه‌ها و نشانه‌ها یعنی چه',
  'command.ping': 'کسی هست؟',
  'command.channel': 'تنظیم یک کانال از گفتگوی خصوصی',
  'command.export': 'هر آنچه دربارهٔ این گفتگو نگه می‌دارم',
  'command.forget': 'پاک کردن همه چیز دربارهٔ این گفتگو',
  'command.sources': 'منابع و وضعیت آن‌ها (برای گردانندگان)',
  'command.retract': 'پس گرفتن یک رویداد (برای گردانندگان)',
};
