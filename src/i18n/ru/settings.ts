import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'рано: с первого же сообщения, иногда ошибочного',
  'level.corroborated': 'с подтверждением: два независимых издания, официальный источник или измерение',
  'level.confirmed': 'наверняка: только то, что подтвердили измерения',

  'settings.head': 'Настройки этого чата',
  'settings.language': 'Язык',
  'settings.timezone': 'Часовой пояс',
  'settings.level': 'Когда писать',
  'settings.zone': '{zone} (сейчас {time})',
  'settings.type': 'Чтобы изменить, напишите команду из нужной строки со своим значением.',

  'language.ask': 'Этот чат говорит по-русски. Изменить: {command}',
  'language.done': 'Теперь я говорю здесь по-русски.',
  'language.unknown': 'Языка «{word}» я пока не знаю.',

  'timezone.now': 'Время здесь — {zone}; сейчас {time}.',
  'timezone.ask': 'Чтобы изменить, назовите город: {command}',
  'timezone.done': 'Теперь время здесь — {zone}; сейчас {time}.',
  'timezone.unknown': 'Не знаю часового пояса «{word}».',

  'level.now': 'Когда писать — {level}.',
  'level.done': 'Готово. Когда писать — {level}.',
  'level.more': 'Прямо сейчас есть ещё, хотя и не так точно:',
  'level.unknown': 'Не знаю такой точности: «{word}».',

  'export.head': 'Всё, что я храню об этом чате, по записи в строке (JSON, время — UTC):',
  'export.part': 'Часть {part} из {parts}.',
  'export.next': 'Следующая часть: {command}',
  'export.rest': {
    one: 'Ещё {n} более старая запись не поместилась.',
    few: 'Ещё {n} более старые записи не поместились.',
    many: 'Ещё {n} более старых записей не поместились.',
    other: 'Ещё {n} более старых записей не поместились.',
  },

  'forget.ask':
    'Удалить всё об этом чате: подписки, тишину, настройки? Сообщений больше не будет, вернуть ничего нельзя.',
  'forget.confirm': 'Чтобы подтвердить, напишите {command}',
  'forget.done': 'Всё об этом чате удалено. Всего доброго, оставайтесь на связи.',
  'forget.nothing': 'Об этом чате я ничего не храню.',
};
