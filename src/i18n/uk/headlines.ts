import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}: {what}',

  'country.none': 'Країну не названо',
  'country.inPlaces': '{country}, подекуди',

  'head.block': 'доступ до {service} заблоковано',
  'head.throttle': 'доступ до {service} сповільнено',
  'head.restrict': 'доступ до {service} частково обмежено',
  'head.shutdown': 'доступ до {service} вимкнено',
  'head.unblock': '{service} знову працює',
  'head.warn': 'доступ до {service} під загрозою',
  'head.withdrawn': '{service} — повідомлення відкликано',
  'head.warnOver': '{service} — загроза минула',

  'net.block': '{service} заблоковано',
  'net.throttle': '{service} сповільнено',
  'net.restrict': '{service} частково обмежено',
  'net.shutdown': '{service} вимкнено',
  'net.unblock': '{service} знову працює',
  'net.warn': '{service} можуть вимкнути',
  'net.withdrawn': '{service} — повідомлення відкликано',
  'net.warnOver': '{service} — загроза вимкнення минула',

  'any.block': 'заблоковано доступ до сервісів (до яких, не сказано)',
  'any.throttle': 'сповільнено доступ до сервісів (до яких, не сказано)',
  'any.restrict': 'частково обмежено доступ до сервісів (до яких, не сказано)',
  'any.shutdown': 'вимкнено доступ до сервісів (до яких, не сказано)',
  'any.unblock': 'сервіси знову працюють (які, не сказано)',
  'any.warn': 'доступ до сервісів під загрозою (до яких, не сказано)',
  'any.withdrawn': 'повідомлення відкликано',
  'any.warnOver': 'загроза для сервісів минула',

  'group.block': slavic('заблоковано {n} сервіс', 'заблоковано {n} сервіси', 'заблоковано {n} сервісів'),
  'group.throttle': slavic('сповільнено {n} сервіс', 'сповільнено {n} сервіси', 'сповільнено {n} сервісів'),
  'group.restrict': slavic(
    'частково обмежено {n} сервіс',
    'частково обмежено {n} сервіси',
    'частково обмежено {n} сервісів',
  ),
  'group.shutdown': slavic('вимкнено {n} мережу', 'вимкнено {n} мережі', 'вимкнено {n} мереж'),
  'group.unblock': slavic('знову працює {n} сервіс', 'знову працюють {n} сервіси', 'знову працюють {n} сервісів'),
  'group.warn': slavic('під загрозою {n} сервіс', 'під загрозою {n} сервіси', 'під загрозою {n} сервісів'),
  'group.withdrawn': slavic('відкликано {n} повідомлення', 'відкликано {n} повідомлення', 'відкликано {n} повідомлень'),
  'group.warnOver': slavic(
    'загроза для {n} сервісу минула',
    'загроза для {n} сервісів минула',
    'загроза для {n} сервісів минула',
  ),
  'group.mixed': slavic('зміни щодо {n} сервісу', 'зміни щодо {n} сервісів', 'зміни щодо {n} сервісів'),

  'label.block': 'Блокування',
  'label.throttle': 'Сповільнення',
  'label.restrict': 'Часткове обмеження',
  'label.shutdown': 'Вимкнення',
  'label.unblock': 'Знову працює',
  'label.warn': 'Під загрозою',
  'label.withdrawn': 'Відкликано',
  'label.warnOver': 'Загроза минула',

  'list.more': slavic('ще {n}', 'ще {n}', 'ще {n}'),
};
