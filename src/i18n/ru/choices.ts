import type { ChoicePhrases } from '../../core/phrases/choices.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const choices: TextsOf<ChoicePhrases> = {
  'settings.on': 'включено',
  'settings.off': 'выключено',
  'settings.turnOff': 'Выключить',
  'settings.unknown': 'Не понимаю здесь «{word}».',
  'settings.other': 'Другое время: {command}',
  'settings.utc': 'Часовой пояс ещё не выбран, поэтому время — по UTC: {command}',
  'settings.quiet': 'Тихие часы',
  'settings.quiet.what':
    'В тихие часы ничего не звенит. Я продолжаю следить, а когда они кончаются, одним сообщением рассказываю, что было. Если разрешите, самое срочное прозвенит и ночью: отключили интернет во всей стране, подтвердилась блокировка сервиса, за которым вы следите по имени, или заблокировали приложение, в котором вы это читаете.',
  'settings.quiet.hours': '{from}–{to}',
  'settings.quiet.critical': '{from}–{to}; самое срочное звенит и тогда',
  'settings.critical.turnOn': 'Срочное пусть звенит',
  'settings.critical.turnOff': 'Срочное тоже подождёт',
  'settings.critical.none': 'Сначала выберите тихие часы.',
  'settings.digest': 'Сводка',
  'settings.digest.what':
    'Сообщение по расписанию, без звука: что изменилось с прошлого раза и что закрыто сейчас. Оповещения приходят как обычно.',
  'settings.digest.day': 'каждый день в {time}',
  'settings.digest.week': 'по понедельникам в {time}',
  'settings.sound': 'Звук',
  'settings.sound.what': 'Без звука оповещения приходят беззвучно.',
  'settings.sound.turnOn': 'Включить звук',
  'settings.sound.turnOff': 'Выключить звук',
  'settings.pictures': 'Картинки',
  'settings.pictures.what': 'Некоторые ответы приходят с картинкой, например с хроникой.',
  'settings.pictures.turnOn': 'Включить картинки',
  'settings.pictures.turnOff': 'Выключить картинки',
  'settings.reminders': 'Напоминания',
  'settings.reminders.what': 'Пока длится то, о чём я вам писал, напоминаю об этом в полдень, без звука.',
  'settings.reminders.1': 'каждый день',
  'settings.reminders.3': 'раз в три дня',
  'settings.reminders.7': 'раз в неделю',
  'settings.report': 'Спокойные недели',
  'settings.report.what':
    'В понедельник после недели, за которую нечего было рассказать: что всё спокойно и насколько хорошо я вижу.',
  'settings.report.turnOn': 'Сообщать о спокойных неделях',
  'settings.report.turnOff': 'Не сообщать о спокойных неделях',
};
