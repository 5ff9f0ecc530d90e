import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { arabic } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': 'بلد',
  'button.service': 'خدمة',
  'button.everything': 'كل شيء',
  'button.done': 'تم',
  'button.back': '‹ رجوع',
  'button.place': 'موقعي',
  'button.noPlace': 'ليس الآن',
  'button.mine': 'ما أتابعه',
  'button.sure': 'ما درجة التأكد؟',
  'button.yesStop': 'نعم، أوقف الكل',
  'button.yesForget': 'نعم، احذف الكل',
  'button.no': 'لا',
  'button.follow': 'متابعة {what}',
  'button.unmute': 'إنهاء الصمت',
  'button.help': 'مساعدة',
  'button.settings': '‹ الإعدادات',
  'button.next': 'الجزء التالي ›',
  'button.days': arabic('اليوم', 'يوم واحد', 'يومان', '{n} أيام', '{n} يومًا', '{n} يوم'),
  'button.evidence': 'المصادر',
  'button.mute': 'صمت 8 ساعات',
  'button.muteCountry': '{country}: صمت 8 ساعات',
  'button.status': 'ما الذي يعمل',
};
