import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'کارت شواهد {id}',
  'evidence.times': 'زمان‌ها به UTC ({zone})',
  'evidence.since': 'از',
  'evidence.ended': 'پایان',
  'evidence.last': 'آخرین گزارش',
  'evidence.wording': 'تغییر عبارت',
  'evidence.vantages': 'محل اندازه‌گیری',
  'evidence.cite': 'شیوهٔ ارجاع:',
  'evidence.citation': 'Tocsin، رویداد {id}: «{headline}»، از {since}؛ تا {made}، SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 فایل JSON بدون madeAt و sha256: {hash}',
  'evidence.made': 'ساخته‌شده در {when}',
  'evidence.usage': 'کارت کدام رویداد؟ شناسه‌اش در پایان هر هشدار است: {command}',
  'evidence.other': 'همین برای ماشین یا برای آدم: {command}',
  'evidence.files': 'کارت برای نگه‌داری، به متن و JSON. با JSON می‌توان چکیده را سنجید.',
  'button.card': 'کارت شواهد',
  'button.text': 'به متن',
};
