import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.evidence': 'Источники',
  'button.mute': 'Не писать 8 ч',
  'button.muteCountry': '{country}: не писать 8 ч',
  'button.status': 'Что работает',
  'button.country': 'Страна',
  'button.service': 'Сервис',
  'button.everything': 'Всё',
  'button.done': 'Готово',
  'button.back': '‹ Назад',
  'button.place': 'Моё местоположение',
  'button.noPlace': 'Не сейчас',
  'button.mine': 'Мои подписки',
  'button.sure': 'Когда писать?',
  'button.yesStop': 'Да, отменить все',
  'button.yesForget': 'Да, удалить всё',
  'button.no': 'Нет',
  'button.follow': 'Следить: {what}',
  'button.unmute': 'Снова писать',
  'button.help': 'Помощь',
  'button.settings': '‹ Настройки',
  'button.next': 'Дальше ›',
  'button.days': { one: 'За {n} день', few: 'За {n} дня', many: 'За {n} дней', other: 'За {n} дня' },
};
