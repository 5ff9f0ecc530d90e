import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'اینترنت',
  'noun.mobile': 'اینترنت همراه',

  'place.one': '{regions}، {country}',
  'place.several': '{regions} ({country})',
  'place.many': unchanged('{country}، {n} منطقه'),

  'place.unknown': 'دربارهٔ {region} به‌تنهایی چیزی نمی‌دانم. کل {country}:',
  'network.seen': 'از آن‌چه اکنون مسدود است، در این شبکه اندازه‌گیری شده:',
  'network.none':
    'تا جایی که می‌دانم، به‌تازگی کسی در این شبکه مسدودسازی اندازه نگرفته است. این یعنی نه این‌که همه‌چیز کار می‌کند.',
  'network.country': 'کل کشور: {command}',

  'part.calls': 'تماس در {service} کار نمی‌کند',
  'part.media': 'عکس و ویدیو در {service} باز نمی‌شود',
  'part.registration': 'ثبت‌نام در {service} کار نمی‌کند',
  'part.web': '{service} در مرورگر باز نمی‌شود',
  'part.messages': '{what}، پیام‌ها می‌رسد',

  'component.web': 'وبگاه یا نسخهٔ وب',
  'component.calls': 'تماس',
  'component.media': 'عکس و ویدیو',
  'component.registration': 'ثبت‌نام',
  'component.bridges': 'پل‌ها',
  'component.persian': 'نسخهٔ فارسی',
  'component.russian': 'نسخهٔ روسی',
  'component.servers': 'سرورهای برنامه',

  'advice.works': 'آن‌جا هنوز کار می‌کند: {services}.',
  'advice.unblocked': 'تا جایی که می‌دانم این‌ها آن‌جا مسدود نیستند: {services}.',
  'advice.calls': 'به‌جای تماس بنویسید؛ تلفن معمولی هم کار می‌کند، ولی شاید شنود شود.',
  'advice.media': 'متن هنوز می‌رسد: آن‌چه را در عکس است بنویسید.',
  'advice.slow': 'متن زودتر از عکس و ویدیو می‌رسد؛ کمی بعد دوباره امتحان کنید، یا با وای‌فای به‌جای اینترنت همراه.',
  'advice.messenger':
    'همین حالا به نزدیکانتان بگویید کجای دیگر شما را پیدا کنند: برنامه‌ای دیگر، ایمیل یا تلفن. تماس معمولی و پیامک را دیگران هم می‌توانند بشنوند و بخوانند.',
  'advice.shutdown':
    'تماس معمولی و پیامک شاید هنوز کار کند، ولی دیگران هم می‌توانند بشنوند و بخوانند. باتری را نگه دارید و قرار بگذارید کی دوباره امتحان کنید.',
  'advice.mobile':
    'وای‌فای خانه یا محل کار شاید هنوز کار کند. تماس و پیامک هم شاید، ولی دیگران هم می‌توانند بشنوند و بخوانند.',
  'advice.site': 'شاید با شبکهٔ دیگری هنوز باز شود: همهٔ اپراتورها یک‌سان و هم‌زمان نمی‌بندند.',
  'advice.store': 'اگر برنامه را دارید، پاکش نکنید: معمولاً آن‌چه نصب است کار می‌کند.',
  'advice.warn': 'هنوز چیزی قطع نشده است. حالا وقت آن است که با نزدیکانتان راه دومی برای تماس قرار بگذارید.',

  'reply.lasted': '{duration} طول کشید',

  'probe.own': 'اندازه‌گیری خود ما ({network})',
  'probe.agent': 'عامل اندازه‌گیری ({network})',
};
