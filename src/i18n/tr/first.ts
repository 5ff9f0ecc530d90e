import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'Bulunduğunuz yerde saat kaç? Böylece saatleri sizin saatinize göre yazarım.',
  'first.zoneOther': 'Başka bir yer: {command}',
  'first.heard': 'Son 30 günde duymuş olacaklarınız:',
  'first.messages': unchanged('{n} ileti'),
  'first.nothing': 'hiçbir şey',
  'first.choose': 'Yazmadan önce ne kadar emin olayım?',
  'first.none': 'Son 30 günde burada olan bir şey bilmiyorum.',
};
