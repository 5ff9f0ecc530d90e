import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'первое сообщение: {what}',
  'change.confidence-up': 'стало точнее: {what}',
  'change.claimed': 'кто-то сообщает, что всё серьёзнее; пока не точно',
  'change.escalated': 'стало хуже: {what}',
  'change.method-revealed': 'известен способ: {what}',
  'change.widened': 'затронуто больше',
  'change.named': 'теперь известно, какой это сервис',
  'change.easing': 'похоже, заканчивается',
  'change.partly-lifted': 'часть снова работает',
  'change.lifted': 'закончилось: доступ восстановлен',
  'change.lift-confidence-up': 'точнее, что закончилось: {what}',
  'change.resumed': 'всё-таки не закончилось',
  'change.withdrawn': 'отозвано',
  'change.expired': 'давно нет новостей',

  'incident.none': 'Не знаю события {id}. Его номер стоит в конце каждого сообщения.',
  'incident.usage': 'Какое событие? Его номер стоит в конце каждого сообщения: {command}',
  'incident.log': 'Как это было',
  'incident.evidence': {
    one: 'Источники: {n} сообщение',
    few: 'Источники: {n} сообщения',
    many: 'Источники: {n} сообщений',
    other: 'Источники: {n} сообщения',
  },
  'incident.report': '{title} ({when})',
  'incident.measured': 'Измерено в {networks}: {verdict} ({when})',
  'incident.anomaly': 'Одна аномалия ещё не доказывает блокировку.',
  'incident.copies': 'Копии одного текста считаются один раз.',
  'incident.open': 'События об этом:',

  'history.head': {
    one: '{what}, за {n} день',
    few: '{what}, за последние {n} дня',
    many: '{what}, за последние {n} дней',
    other: '{what}, за последние {n} дня',
  },
  'history.none': {
    one: 'За {n} день ни о каких событиях не знаю. Это не то же самое, что «ничего не было».',
    few: 'За последние {n} дня ни о каких событиях не знаю. Это не то же самое, что «ничего не было».',
    many: 'За последние {n} дней ни о каких событиях не знаю. Это не то же самое, что «ничего не было».',
    other: 'За последние {n} дня ни о каких событиях не знаю. Это не то же самое, что «ничего не было».',
  },
  'history.span': '{from} — {to}',
  'history.longer': 'За больший срок: {command}',
};
