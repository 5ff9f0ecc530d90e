import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': slavic('{n} джерело', '{n} джерела', '{n} джерел'),
  'sources.ok': 'прочитано {age} тому',
  'sources.failing': 'не відповідає {age}: {problem}',
  'sources.waiting': 'ще не прочитано',
  'sources.off': 'вимкнено: немає токена',
  'sources.leftOut': 'Підписок більше, ніж можна питати в обсерваторій. Не питаємо про найменш потрібне: {what}',
  'sources.leftOutMore':
    'Підписок більше, ніж можна питати в обсерваторій. Не питаємо про найменш потрібне: щонайменше {what}',
  'sources.leftOutCountries': slavic('{n} країна', '{n} країни', '{n} країн'),
  'sources.leftOutServices': slavic('{n} сервіс', '{n} сервіси', '{n} сервісів'),

  'agents.head': slavic('{n} вимірювач', '{n} вимірювачі', '{n} вимірювачів'),
  'agents.at': '{country}, {asn}: {state}',
  'agents.heard': 'на звʼязку {age} тому',
  'agents.missing': 'мовчить {age}',
  'agents.never': 'ще не виходив на звʼязок',
  'agents.stopping': 'зупинено; {state}',

  'sources.held': 'Притримано: одразу більше, ніж буває насправді',
  'sources.heldSince': slavic(
    '{n} повідомлення, відтоді минуло {age}',
    '{n} повідомлення, відтоді минуло {age}',
    '{n} повідомлень, відтоді минуло {age}',
  ),
  'sources.heldDropped': slavic(
    '{state}; відкинуто {n} давніше',
    '{state}; відкинуто {n} давніші',
    '{state}; відкинуто {n} давніших',
  ),
  'sources.heldUsage': 'Про це нікого не сповістили. Якщо це правда, пропустіть далі: {command}',
  'sources.released': slavic(
    '{n} повідомлення від {id} тепер враховано.',
    '{n} повідомлення від {id} тепер враховано.',
    '{n} повідомлень від {id} тепер враховано.',
  ),
  'sources.notHeld': 'Від «{id}» нічого не притримано. Список: {command}',

  'agents.dropped': slavic(
    '{state}; буфер переповнився, втрачено {n} порцію',
    '{state}; буфер переповнився, втрачено {n} порції',
    '{state}; буфер переповнився, втрачено {n} порцій',
  ),
  'agents.refused': slavic(
    '{state}; не прийнято {n} вимірювання (чому — в журналі)',
    '{state}; не прийнято {n} вимірювання (чому — в журналі)',
    '{state}; не прийнято {n} вимірювань (чому — в журналі)',
  ),
  'agents.usage': 'Зупинити вимірювач: {stop}. Запустити знову: {start}',
  'agents.none': 'Не знаю вимірювача «{id}». Список: {command}',
  'agents.stopped': 'Вимірювач {id} припинить роботу, щойно вийде на звʼязок, — це хвилини. Запустити знову: {command}',
  'agents.started': 'Вимірювач {id} продовжить роботу, щойно вийде на звʼязок, — це хвилини.',

  'retract.usage': 'Яка подія і чому? {command}',
  'retract.done': '{id} відкликано. Усі, кому про це повідомили, дізнаються про це й про причину.',
};
