import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';
import { arabic } from '../plural.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'الإنترنت',
  'noun.mobile': 'إنترنت الهاتف المحمول',

  'place.one': '{regions}، {country}',
  'place.several': '{regions} ({country})',
  'place.many': arabic(
    '{country}',
    '{country}، منطقة واحدة',
    '{country}، منطقتان',
    '{country}، {n} مناطق',
    '{country}، {n} منطقة',
    '{country}، {n} منطقة',
  ),

  'place.unknown': 'لا أعلم شيئًا عن {region} وحدها. {country} بأكملها:',
  'network.seen': 'مما هو محجوب الآن، قيس على هذه الشبكة:',
  'network.none': 'على حد علمي لم يقِس أحد حجبًا على هذه الشبكة مؤخرًا. هذا لا يعني أن كل شيء يعمل هناك.',
  'network.country': 'البلد كله: {command}',

  'part.calls': 'المكالمات في {service} لا تعمل',
  'part.media': 'الصور والفيديو في {service} لا تصل',
  'part.registration': 'التسجيل في {service} غير ممكن',
  'part.web': '{service} لا يفتح في المتصفح',
  'part.messages': '{what}، والرسائل تصل',

  'component.web': 'الموقع أو نسخة الويب',
  'component.calls': 'المكالمات',
  'component.media': 'الصور والفيديو',
  'component.registration': 'التسجيل',
  'component.bridges': 'الجسور',
  'component.persian': 'النسخة الفارسية',
  'component.russian': 'النسخة الروسية',
  'component.servers': 'خوادم التطبيق',

  'advice.works': 'ما زال يعمل هناك: {services}.',
  'advice.unblocked': 'على حد علمي ليست محجوبة هناك: {services}.',
  'advice.calls': 'اكتبوا بدل الاتصال؛ الهاتف العادي يعمل أيضًا، لكن قد يتنصت عليه آخرون.',
  'advice.media': 'النص ما زال يصل: صفوا بالكلمات ما في الصورة.',
  'advice.slow': 'النص يصل أسرع من الصور والفيديو؛ حاولوا لاحقًا، أو عبر شبكة واي فاي بدل بيانات الهاتف.',
  'advice.messenger':
    'أخبروا أهلكم الآن أين يجدونكم أيضًا: تطبيق آخر أو بريد إلكتروني أو هاتف. المكالمات العادية والرسائل القصيرة قد يسمعها ويقرؤها آخرون.',
  'advice.shutdown':
    'ربما ما زالت المكالمات العادية والرسائل القصيرة تعمل، لكن قد يسمعها ويقرؤها آخرون. وفّروا البطارية واتفقوا على موعد للمحاولة من جديد.',
  'advice.mobile':
    'ربما ما زالت شبكة واي فاي في البيت أو العمل تعمل. وكذلك المكالمات والرسائل القصيرة، لكن قد يسمعها ويقرؤها آخرون.',
  'advice.site': 'ربما يفتح عبر شبكة أخرى: المزودون لا يحجبون جميعًا بالطريقة نفسها ولا في الوقت نفسه.',
  'advice.store': 'إن كان التطبيق لديكم فلا تحذفوه: ما هو مثبّت يواصل العمل عادة.',
  'advice.warn': 'لم يُقطع شيء بعد. هذا وقت الاتفاق مع أهلكم على وسيلة ثانية للتواصل.',

  'reply.lasted': 'المدة: {duration}',

  'probe.own': 'قياسنا نحن ({network})',
  'probe.agent': 'نقطة قياس ({network})',
};
