import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'Kanıt kartı {id}',
  'evidence.times': 'Zamanlar, UTC ({zone})',
  'evidence.since': 'Başlangıç',
  'evidence.ended': 'Bitiş',
  'evidence.last': 'Son haber',
  'evidence.wording': 'Anlatımın değişimi',
  'evidence.vantages': 'Ölçüldüğü yer',
  'evidence.cite': 'Kaynak gösterme:',
  'evidence.citation': 'Tocsin, olay {id}: “{headline}”, {since} tarihinden beri; {made} itibarıyla, SHA-256 {hash}…',
  'evidence.hash': 'madeAt ve sha256 olmadan JSON’un SHA-256 özeti: {hash}',
  'evidence.made': 'Hazırlanma: {when}',
  'evidence.usage': 'Hangi olayın kartı? Numarası her uyarının sonundadır: {command}',
  'evidence.other': 'Aynısı makineler ya da insanlar için: {command}',
  'evidence.files': 'Saklanacak kart, metin ve JSON olarak. JSON ile özet doğrulanabilir.',
  'button.card': 'Kanıt kartı',
  'button.text': 'Metin olarak',
};
