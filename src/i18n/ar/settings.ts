import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { arabic } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'مبكر: منذ أول خبر؛ وبعضها يتبيّن خطؤه',
  'level.corroborated': 'متحقَّق منه: وسيلتا إعلام مستقلتان أو إعلان رسمي أو قياس',
  'level.confirmed': 'مؤكَّد: فقط ما أثبتته القياسات بلا شك',

  'settings.head': 'إعدادات هذه المحادثة',
  'settings.language': 'اللغة',
  'settings.timezone': 'المنطقة الزمنية',
  'settings.level': 'درجة التأكد',
  'settings.zone': '{zone} (الآن {time})',
  'settings.type': 'لتغيير أحدها اكتبوا ما يليه بقيمة من عندكم.',

  'language.ask': 'هذه المحادثة بالعربية. لتغيير ذلك: {command}',
  'language.done': 'من الآن أتكلم العربية هنا.',
  'language.unknown': 'لا أتكلم «{word}» بعد.',

  'timezone.now': 'الأوقات هنا بتوقيت {zone}؛ والآن {time}.',
  'timezone.ask': 'لتغيير ذلك اذكروا مدينة: {command}',
  'timezone.done': 'الأوقات هنا صارت بتوقيت {zone}؛ والآن {time}.',
  'timezone.unknown': 'لا أعرف منطقة زمنية باسم «{word}».',
  'timezone.share': 'أو شاركوا موقعكم هنا: لا أحتفظ إلا بالمنطقة الزمنية.',
  'timezone.here': 'الزر في الأسفل يرسل إليّ مكانكم. لا أحتفظ إلا بالمنطقة الزمنية، لا بالمكان.',
  'timezone.kept': 'احتفظت بالمنطقة الزمنية فقط، لا بالمكان.',
  'timezone.others': 'إن كانت ساعتكم تشير إلى وقت آخر فاضغطوا وقتكم:',
  'timezone.nowhere': 'لا أعرف مدينة قرب ذلك المكان.',

  'level.now': 'درجة التأكد قبل أن أكتب – {level}.',
  'level.done': 'تم. درجة التأكد قبل أن أكتب – {level}.',
  'level.more': 'وجارٍ الآن أيضًا، وإن كان أقل تأكيدًا:',
  'level.unknown': 'لا أعرف درجة باسم «{word}».',

  'export.head': 'كل ما أحتفظ به عن هذه المحادثة، كل سطر قيد واحد (JSON، الأوقات بتوقيت UTC):',
  'export.part': 'الجزء {part} من {parts}.',
  'export.next': 'الجزء التالي: {command}',
  'export.rest': arabic(
    'لم يُترك شيء أقدم.',
    'لم يتسع المكان لقيد أقدم واحد.',
    'لم يتسع المكان لقيدين أقدم.',
    'لم يتسع المكان لـ {n} قيود أقدم.',
    'لم يتسع المكان لـ {n} قيدًا أقدم.',
    'لم يتسع المكان لـ {n} قيد أقدم.',
  ),

  'forget.ask': 'حذف كل شيء عن هذه المحادثة: ما تتابعه، والصمت، والإعدادات؟ تتوقف التنبيهات ولا يمكن استرجاع شيء.',
  'forget.confirm': 'للتأكيد اكتبوا {command}',
  'forget.done': 'حُذف كل شيء عن هذه المحادثة. وداعًا، وابقوا على اتصال.',
  'forget.nothing': 'لا أحتفظ بشيء عن هذه المحادثة.',
};
