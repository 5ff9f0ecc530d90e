import type { ChoicePhrases } from '../../core/phrases/choices.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const choices: TextsOf<ChoicePhrases> = {
  'settings.on': 'увімкнено',
  'settings.off': 'вимкнено',
  'settings.turnOff': 'Вимкнути',
  'settings.unknown': 'Не розумію тут «{word}».',
  'settings.other': 'Інший час: {command}',
  'settings.utc': 'Часовий пояс ще не вибрано, тож це час за UTC: {command}',
  'settings.quiet': 'Тихі години',
  'settings.quiet.what':
    'У тихі години нічого не дзвенить. Я й далі стежу, а наприкінці одним повідомленням розповідаю, що було. Якщо дозволите, найтерміновіше дзвенітиме й тоді: вимкнули інтернет в усій країні, підтвердилося блокування сервісу, за яким ви стежите за назвою, або заблокували застосунок, у якому ви це читаєте.',
  'settings.quiet.hours': '{from}–{to}',
  'settings.quiet.critical': '{from}–{to}; найтерміновіше дзвенить і тоді',
  'settings.critical.turnOn': 'Термінове хай дзвенить',
  'settings.critical.turnOff': 'Термінове теж зачекає',
  'settings.critical.none': 'Спершу виберіть тихі години.',
  'settings.digest': 'Зведення',
  'settings.digest.what':
    'Повідомлення за розкладом, без звуку: що змінилося від минулого разу і що закрито зараз. Сповіщення надходять як завжди.',
  'settings.digest.day': 'щодня о {time}',
  'settings.digest.week': 'щопонеділка о {time}',
  'settings.sound': 'Звук',
  'settings.sound.what': 'Без звуку сповіщення надходять беззвучно.',
  'settings.sound.turnOn': 'Увімкнути звук',
  'settings.sound.turnOff': 'Вимкнути звук',
  'settings.pictures': 'Картинки',
  'settings.pictures.what': 'Деякі відповіді надходять із картинкою, наприклад із хронікою.',
  'settings.pictures.turnOn': 'Увімкнути картинки',
  'settings.pictures.turnOff': 'Вимкнути картинки',
  'settings.reminders': 'Нагадування',
  'settings.reminders.what': 'Поки триває те, про що я вам писав, нагадую про це опівдні, без звуку.',
  'settings.reminders.1': 'щодня',
  'settings.reminders.3': 'раз на три дні',
  'settings.reminders.7': 'щотижня',
  'settings.report': 'Спокійні тижні',
  'settings.report.what':
    'У понеділок після тижня, коли не було про що розповісти: що все спокійно і наскільки добре я бачу.',
  'settings.report.turnOn': 'Повідомляти про спокійні тижні',
  'settings.report.turnOff': 'Не повідомляти про спокійні тижні',
};
