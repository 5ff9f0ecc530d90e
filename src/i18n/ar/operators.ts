import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { arabic } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': arabic('لا مصادر', 'مصدر واحد', 'مصدران', '{n} مصادر', '{n} مصدرًا', '{n} مصدر'),
  'sources.ok': 'قُرئ قبل {age}',
  'sources.failing': 'لا يستجيب منذ {age}: {problem}',
  'sources.waiting': 'لم يُقرأ بعد',
  'sources.off': 'متوقف: لا رمز دخول',
  'sources.leftOut': 'ما يُتابَع أكثر مما تُسأل عنه المراصد. تُرك الأقل طلبًا: {what}',
  'sources.leftOutMore': 'ما يُتابَع أكثر مما تُسأل عنه المراصد. تُرك الأقل طلبًا: {what} على الأقل',
  'sources.leftOutCountries': arabic('لا بلدان', 'بلد واحد', 'بلدان اثنان', '{n} بلدان', '{n} بلدًا', '{n} بلد'),
  'sources.leftOutServices': arabic('لا خدمات', 'خدمة واحدة', 'خدمتان', '{n} خدمات', '{n} خدمة', '{n} خدمة'),

  'agents.head': arabic(
    'لا نقاط قياس',
    'نقطة قياس واحدة',
    'نقطتا قياس',
    '{n} نقاط قياس',
    '{n} نقطة قياس',
    '{n} نقطة قياس',
  ),
  'agents.at': '{country}، {asn}: {state}',
  'agents.heard': 'آخر خبر قبل {age}',
  'agents.missing': 'صامتة منذ {age}',
  'agents.never': 'لم يصل منها خبر بعد',
  'agents.stopping': 'موقوفة؛ {state}',

  'sources.held': 'محتجَز: أكثر دفعة واحدة مما يحدث حقًا',
  'sources.heldSince': arabic(
    'لا تقارير، منذ {age}',
    'تقرير واحد، منذ {age}',
    'تقريران، منذ {age}',
    '{n} تقارير، منذ {age}',
    '{n} تقريرًا، منذ {age}',
    '{n} تقرير، منذ {age}',
  ),
  'sources.heldDropped': arabic(
    '{state}؛ لم يُسقط شيء',
    '{state}؛ أُسقط تقرير أقدم',
    '{state}؛ أُسقط تقريران أقدم',
    '{state}؛ أُسقطت {n} تقارير أقدم',
    '{state}؛ أُسقط {n} تقريرًا أقدم',
    '{state}؛ أُسقط {n} تقرير أقدم',
  ),
  'sources.heldUsage': 'لم يُبلَّغ أحد بهذه. إن كانت صحيحة فاحتسبوها: {command}',
  'sources.released': arabic(
    'لم يُحتسب شيء من {id}.',
    'تقرير واحد من {id} صار محتسبًا.',
    'تقريران من {id} صارا محتسبين.',
    '{n} تقارير من {id} صارت محتسبة.',
    '{n} تقريرًا من {id} صارت محتسبة.',
    '{n} تقرير من {id} صارت محتسبة.',
  ),
  'sources.notHeld': 'لا شيء محتجَز من «{id}». القائمة: {command}',

  'agents.dropped': arabic(
    '{state}؛ لم يضع شيء',
    '{state}؛ امتلأت ذاكرتها وضاعت دفعة واحدة',
    '{state}؛ امتلأت ذاكرتها وضاعت دفعتان',
    '{state}؛ امتلأت ذاكرتها وضاعت {n} دفعات',
    '{state}؛ امتلأت ذاكرتها وضاعت {n} دفعة',
    '{state}؛ امتلأت ذاكرتها وضاعت {n} دفعة',
  ),
  'agents.refused': arabic(
    '{state}؛ لم يُرفض شيء',
    '{state}؛ رُفض قياس واحد (السبب في السجل)',
    '{state}؛ رُفض قياسان (السبب في السجل)',
    '{state}؛ رُفضت {n} قياسات (السبب في السجل)',
    '{state}؛ رُفض {n} قياسًا (السبب في السجل)',
    '{state}؛ رُفض {n} قياس (السبب في السجل)',
  ),
  'agents.usage': 'لإيقاف نقطة قياس: {stop}. لتواصل: {start}',
  'agents.none': 'لا أعرف نقطة قياس باسم «{id}». القائمة: {command}',
  'agents.stopped': 'ستتوقف نقطة القياس {id} عن القياس عند اتصالها التالي، خلال دقائق. لتواصل: {command}',
  'agents.started': 'ستعود نقطة القياس {id} إلى القياس عند اتصالها التالي، خلال دقائق.',

  'retract.usage': 'أي حدث، ولماذا؟ {command}',
  'retract.done': 'سُحب {id}. كل من أُبلغ به سيعلم بذلك مع السبب الذي ذكرتموه.',
};
