import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'بطاقة الأدلة {id}',
  'evidence.times': 'الأوقات بتوقيت UTC ({zone})',
  'evidence.since': 'منذ',
  'evidence.ended': 'انتهى',
  'evidence.last': 'آخر خبر',
  'evidence.wording': 'كيف تغيّرت الصياغة',
  'evidence.vantages': 'قيس من',
  'evidence.cite': 'طريقة الاستشهاد:',
  'evidence.citation': 'Tocsin، الحدث {id}: «{headline}»، منذ {since}؛ حتى {made}، SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 لملف JSON دون madeAt وsha256: {hash}',
  'evidence.made': 'أُعدّت {when}',
  'evidence.usage': 'بطاقة أي حدث؟ رمزه في آخر كل تنبيه: {command}',
  'evidence.other': 'الشيء نفسه للآلات أو للناس: {command}',
  'evidence.files': 'البطاقة للحفظ، نصًا وبصيغة JSON. بالملف JSON يمكن التحقق من البصمة.',
  'button.card': 'بطاقة الأدلة',
  'button.text': 'كنص',
};
