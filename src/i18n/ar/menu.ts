import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'ابدأ من هنا',
  'command.subscribe': 'متابعة بلد أو خدمة أو كليهما',
  'command.unsubscribe': 'إيقاف المتابعة',
  'command.subscriptions': 'ما تتابعه هذه المحادثة',
  'command.status': 'ما المقطوع الآن، وهل البوت بخير',
  'command.incident': 'قصة حدث واحد ومصادره',
  'command.history': 'ما قُطع من قبل، وكم دام',
  'command.mute': 'لا تنبيهات لبعض الوقت',
  'command.unmute': 'إنهاء الصمت',
  'command.settings': 'كل إعدادات هذه المحادثة',
  'command.language': 'لغة هذه المحادثة',
  'command.timezone': 'المنطقة الزمنية لهذه المحادثة',
  'command.level': 'كم يجب أن يكون الأمر مؤكَّدًا قبل أن أكتب لكم',
  'command.help': 'كل الأوامر',
  'command.about': 'ما هذا، وماذا تعني الكلمات والعلامات',
  'command.ping': 'هل من أحد هنا؟',
  'command.channel': 'إعداد قناة من محادثة خاصة',
  'command.export': 'كل ما أحتفظ به عن هذه المحادثة',
  'command.forget': 'حذف كل شيء عن هذه المحادثة',
  'command.sources': 'المصادر وحالتها (للمشغّلين)',
  'command.retract': 'سحب حدث (للمشغّلين)',
};
