import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': 'Bir ülke',
  'button.service': 'Bir hizmet',
  'button.everything': 'Her şey',
  'button.done': 'Tamam',
  'button.back': '‹ Geri',
  'button.place': 'Konumum',
  'button.noPlace': 'Şimdi değil',
  'button.mine': 'Takip ettiklerim',
  'button.sure': 'Ne kadar kesin?',
  'button.yesStop': 'Evet, hepsini bırak',
  'button.yesForget': 'Evet, hepsini sil',
  'button.no': 'Hayır',
  'button.follow': 'Takip et: {what}',
  'button.unmute': 'Yeniden yaz',
  'button.help': 'Yardım',
  'button.settings': '‹ Ayarlar',
  'button.next': 'Sonraki bölüm ›',
  'button.days': unchanged('{n} gün'),
  'button.evidence': 'Kaynaklar',
  'button.mute': '8 saat yazma',
  'button.muteCountry': '{country}: 8 saat yazma',
  'button.status': 'Durum',
};
