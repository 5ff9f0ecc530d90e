import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'перше повідомлення: {what}',
  'change.confidence-up': 'стало точніше: {what}',
  'change.escalated': 'стало гірше: {what}',
  'change.method-revealed': 'відомо, як це роблять: {what}',
  'change.widened': 'зачепило більше',
  'change.named': 'тепер відомо, який це сервіс',
  'change.claimed': 'хтось повідомляє, що все серйозніше; поки не точно',
  'change.easing': 'схоже, закінчується',
  'change.partly-lifted': 'частина знову працює',
  'change.lifted': 'скінчилося: знову працює',
  'change.lift-confidence-up': 'точніше, що скінчилося: {what}',
  'change.resumed': 'усе-таки не скінчилося',
  'change.withdrawn': 'відкликано',
  'change.expired': 'давно немає новин',

  'incident.none': 'Не знаю події {id}. Її номер стоїть у кінці кожного повідомлення.',
  'incident.usage': 'Яка подія? Її номер стоїть у кінці кожного повідомлення: {command}',
  'incident.log': 'Як це було',
  'incident.evidence': slavic('Джерела: {n} повідомлення', 'Джерела: {n} повідомлення', 'Джерела: {n} повідомлень'),
  'incident.report': '{title} ({when})',
  'incident.measured': 'Виміряно в {networks}: {verdict} ({when})',
  'incident.anomaly': 'Сама аномалія ще не доводить блокування.',
  'incident.copies': 'Копії одного тексту рахуються один раз.',
  'incident.open': 'Події про це:',

  'history.head': slavic('{what}, за {n} день', '{what}, за останні {n} дні', '{what}, за останні {n} днів'),
  'history.none': slavic(
    'За {n} день не знаю про жодну подію. Це не те саме, що «нічого не було».',
    'За останні {n} дні не знаю про жодну подію. Це не те саме, що «нічого не було».',
    'За останні {n} днів не знаю про жодну подію. Це не те саме, що «нічого не було».',
  ),
  'history.span': '{from} — {to}',
  'history.longer': 'За довший час: {command}',
};
