import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': unchanged('{n} منبع'),
  'sources.ok': '{age} پیش خوانده شد',
  'sources.failing': '{age} است که پاسخ نمی‌دهد: {problem}',
  'sources.waiting': 'هنوز خوانده نشده',
  'sources.off': 'خاموش: توکن ندارد',
  'sources.leftOut': 'بیش از آنچه از رصدخانه‌ها می‌شود پرسید دنبال می‌شود. کم‌خواهان‌ترین‌ها کنار گذاشته شده: {what}',
  'sources.leftOutMore':
    'بیش از آنچه از رصدخانه‌ها می‌شود پرسید دنبال می‌شود. کم‌خواهان‌ترین‌ها کنار گذاشته شده: دست‌کم {what}',
  'sources.leftOutCountries': unchanged('{n} کشور'),
  'sources.leftOutServices': unchanged('{n} سرویس'),

  'agents.head': unchanged('{n} کارگزار'),
  'agents.at': '{country}، {asn}: {state}',
  'agents.heard': '{age} پیش در تماس بود',
  'agents.missing': '{age} است که خاموش است',
  'agents.never': 'هنوز خبری نرسیده',
  'agents.stopping': 'متوقف؛ {state}',

  'sources.held': 'نگه داشته شده: یک‌باره بیش از هر رویداد واقعی',
  'sources.heldSince': unchanged('{n} گزارش، از {age} پیش'),
  'sources.heldDropped': unchanged('{state}؛ {n} مورد قدیمی‌تر دور ریخته شد'),
  'sources.heldUsage': 'از این‌ها به کسی خبر داده نشده. اگر درست‌اند، بگذارید به حساب بیایند: {command}',
  'sources.released': unchanged('{n} گزارش از {id} حالا به حساب می‌آید.'),
  'sources.notHeld': 'از «{id}» چیزی نگه داشته نشده. فهرست: {command}',

  'agents.dropped': unchanged('{state}؛ حافظه‌اش پر شد و {n} بسته از دست رفت'),
  'agents.refused': unchanged('{state}؛ {n} اندازه‌گیری پذیرفته نشد (دلیلش در گزارش ثبت است)'),
  'agents.usage': 'برای متوقف کردن یک کارگزار: {stop}. برای ادامهٔ کارش: {start}',
  'agents.none': 'کارگزار «{id}» را نمی‌شناسم. فهرست: {command}',
  'agents.stopped': 'کارگزار {id} از تماس بعدی، تا چند دقیقهٔ دیگر، دیگر اندازه نمی‌گیرد. برای ادامهٔ کارش: {command}',
  'agents.started': 'کارگزار {id} از تماس بعدی، تا چند دقیقهٔ دیگر، دوباره اندازه می‌گیرد.',

  'retract.usage': 'کدام رویداد و چرا؟ {command}',
  'retract.done': '{id} پس گرفته شد. همهٔ کسانی که از آن خبر گرفته بودند این را با دلیل شما می‌شنوند.',
};
