import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'рано: з першого ж повідомлення, іноді помилкового',
  'level.corroborated': 'з підтвердженням: два незалежні видання, офіційне джерело або вимірювання',
  'level.confirmed': 'напевно: лише те, що підтвердили вимірювання',

  'settings.head': 'Налаштування цього чату',
  'settings.language': 'Мова',
  'settings.timezone': 'Часовий пояс',
  'settings.level': 'Наскільки певно',
  'settings.zone': '{zone} (зараз {time})',
  'settings.type': 'Щоб змінити, напишіть команду з потрібного рядка зі своїм значенням.',

  'language.ask': 'Цей чат говорить українською. Змінити: {command}',
  'language.done': 'Тепер я говорю тут українською.',
  'language.unknown': 'Мови «{word}» я поки не знаю.',

  'timezone.now': 'Час тут — {zone}; зараз {time}.',
  'timezone.ask': 'Щоб змінити, назвіть місто: {command}',
  'timezone.done': 'Тепер час тут — {zone}; зараз {time}.',
  'timezone.unknown': 'Не знаю часового поясу «{word}».',
  'timezone.share': 'Або надішліть сюди геопозицію: я запам’ятаю лише часовий пояс.',
  'timezone.here': 'Кнопка внизу надішле мені, де ви зараз. Я запам’ятаю лише часовий пояс, а місце — ні.',
  'timezone.kept': 'Я запам’ятав лише часовий пояс, а місце — ні.',
  'timezone.others': 'Якщо у вас на годиннику інший час, натисніть свій:',
  'timezone.nowhere': 'Поруч із цим місцем не знаю жодного міста.',

  'level.now': 'Наскільки певно має бути — {level}.',
  'level.done': 'Готово. Наскільки певно має бути — {level}.',
  'level.more': 'Просто зараз є ще, хоча й не так точно:',
  'level.unknown': 'Не знаю такого рівня: «{word}».',

  'export.head': 'Усе, що я зберігаю про цей чат, по запису в рядку (JSON, час — UTC):',
  'export.part': 'Частина {part} з {parts}.',
  'export.next': 'Наступна частина: {command}',
  'export.rest': slavic(
    'Не вмістився ще {n} давніший запис.',
    'Не вмістилися ще {n} давніші записи.',
    'Не вмістилися ще {n} давніших записів.',
  ),

  'forget.ask':
    'Видалити все про цей чат: підписки, тишу, налаштування? Сповіщень більше не буде, повернути нічого не можна.',
  'forget.confirm': 'Щоб підтвердити, напишіть {command}',
  'forget.done': 'Усе про цей чат видалено. На все добре, залишайтеся на звʼязку.',
  'forget.nothing': 'Про цей чат я нічого не зберігаю.',
};
