import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': unchanged('Sessiz saatlerinizde: {n} değişiklik. Şu anki durum bu.'),
  'summary.lead': 'Bu, sessiz saatlerinizde oldu.',
  'digest.head.day': 'Son bir gün, burada takip ettikleriniz',
  'digest.head.week': 'Son bir hafta, burada takip ettikleriniz',
  'digest.new': 'Yeni:',
  'digest.over': 'Bitenler:',
  'digest.open': 'Önceden başlayıp sürenler:',
  'digest.nothing': 'Hiçbir şey değişmedi; yeni bir kesinti bilmiyorum.',
  'remind.head': unchanged('Hâlâ sürüyor, {n} olay:'),
  'remind.for': '{duration} süredir',
  'remind.stop': 'Hatırlatma olmasın: {command}',
  'report.head': 'Sakin bir hafta',
  'report.what': 'Gördüğüm kadarıyla burada takip ettiklerinizde hiçbir şey değişmedi.',
  'report.open': unchanged('Önceden kalan {n} olay sürüyor: {command}'),
  'report.sources': unchanged('{n} kaynak okuyorum; {ok} tanesi yanıt veriyor.'),
  'report.often': 'Yarısını en geç {age} arayla okuyorum.',
  'report.vantages': unchanged('{n} ölçüm noktam ağların içinden ölçüyor.'),
  'report.dates': 'Bilinen tarihler:',
  'report.date': '{when}: {what}',
  'report.stop': 'Böyle raporlar olmasın: {command}',
};
