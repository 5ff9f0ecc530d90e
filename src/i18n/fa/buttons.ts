import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': 'یک کشور',
  'button.service': 'یک سرویس',
  'button.everything': 'همه چیز',
  'button.done': 'تمام',
  'button.back': '‹ بازگشت',
  'button.place': 'موقعیت من',
  'button.noPlace': 'الان نه',
  'button.mine': 'آنچه دنبال می‌کنم',
  'button.sure': 'چقدر مطمئن؟',
  'button.yesStop': 'بله، همه را کنار بگذار',
  'button.yesForget': 'بله، همه را پاک کن',
  'button.no': 'نه',
  'button.follow': 'دنبال کردن {what}',
  'button.unmute': 'پایان سکوت',
  'button.help': 'راهنما',
  'button.settings': '‹ تنظیمات',
  'button.next': 'بخش بعدی ›',
  'button.days': unchanged('{n} روز'),
  'button.evidence': 'منابع',
  'button.mute': '۸ ساعت سکوت',
  'button.muteCountry': '{country}: ۸ ساعت سکوت',
  'button.status': 'وضعیت',
};
