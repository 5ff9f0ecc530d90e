import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': 'Країна',
  'button.service': 'Сервіс',
  'button.everything': 'Усе',
  'button.done': 'Готово',
  'button.back': '‹ Назад',
  'button.place': 'Моє місце',
  'button.noPlace': 'Не зараз',
  'button.mine': 'Мої підписки',
  'button.sure': 'Наскільки певно?',
  'button.yesStop': 'Так, скасувати всі',
  'button.yesForget': 'Так, видалити все',
  'button.no': 'Ні',
  'button.follow': 'Стежити: {what}',
  'button.unmute': 'Знову писати',
  'button.help': 'Допомога',
  'button.settings': '‹ Налаштування',
  'button.next': 'Далі ›',
  'button.days': slavic('За {n} день', 'За {n} дні', 'За {n} днів'),
  'button.evidence': 'Джерела',
  'button.mute': 'Не писати 8 год',
  'button.muteCountry': '{country}: не писати 8 год',
  'button.status': 'Що працює',
};
