import type { AlertPhrases } from '../../core/phrases/alerts.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const alerts: TextsOf<AlertPhrases> = {
  'method.dns': 'через DNS (імʼя сайту не знаходиться або веде не туди)',
  'method.ip': 'за IP-адресами',
  'method.sni': 'за іменем сайту в зʼєднанні (SNI)',
  'method.http': 'замість сайту показують сторінку-заглушку',
  'method.throttle': 'знижують швидкість',
  'method.app-store': 'вилучення з магазинів застосунків',
  'method.legal': 'за рішенням влади чи суду',
  'method.bgp': 'через маршрутизацію (BGP)',

  'confidence.reported': 'повідомляють',
  'confidence.suspected': 'є підозра',
  'confidence.corroborated': 'підтверджено',
  'confidence.confirmed': 'підтверджено вимірюваннями',

  'sure.reported': 'Повідомляють, поки не підтверджено: {why}',
  'sure.suspected': 'Є підозра, не підтверджено: {why}',
  'sure.corroborated': 'Підтверджено: {why}',
  'sure.confirmed': 'Точно: {why}',

  'why.outlets': slavic('пише {n} видання', 'пишуть {n} видання', 'пишуть {n} видань'),
  'why.authority': 'офіційне джерело ({name})',
  'why.networks': slavic('виміряно в {n} мережі', 'виміряно у {n} мережах', 'виміряно у {n} мережах'),
  'why.anomalies': slavic(
    'на це схожі вимірювання в {n} мережі',
    'на це схожі вимірювання у {n} мережах',
    'на це схожі вимірювання у {n} мережах',
  ),
  'why.blockpage': 'видно сторінку блокування',
  'why.sign': 'на це вказує {name}',
  'why.silence': 'звідти перестали надходити вимірювання ({name})',
  'why.each': '{sure} — щонайменше, для кожного',

  'count.measurements': slavic('{n} вимірювання', '{n} вимірювання', '{n} вимірювань'),
  'count.networks': slavic('{n} мережа', '{n} мережі', '{n} мереж'),
  'count.signals': slavic('{n} ознака: {names}', '{n} ознаки: {names}', '{n} ознак: {names}'),

  'alert.since': 'З {when}',
  'alert.earlier': 'Раніше: {label}, з {when}',
  'alert.sinceEarliest': 'Найраніше — з {when}',
  'alert.warnedAt': 'Оголошено {when}',
  'alert.lasted': 'Тривало {duration}: {from} – {to}',
  'alert.backAt': 'Знову доступно з {when}',
  'alert.was': 'Було: {what}',
  'alert.how': 'Як: {method}',
  'alert.where': 'Де: {regions}',
  'alert.backIn': 'Знову працює: {regions}',
  'alert.part': 'Не працює: {parts}',
  'alert.sources': 'Джерела: {sources}',
  'alert.worse.throttle': slavic(
    '{n} видання пише, що сповільнено весь сервіс; поки не точно',
    '{n} видання пишуть, що сповільнено весь сервіс; поки не точно',
    '{n} видань пишуть, що сповільнено весь сервіс; поки не точно',
  ),
  'alert.worse.block': slavic(
    '{n} видання пише, що доступ закрито повністю; поки не точно',
    '{n} видання пишуть, що доступ закрито повністю; поки не точно',
    '{n} видань пишуть, що доступ закрито повністю; поки не точно',
  ),
  'alert.worse.shutdown': slavic(
    '{n} видання пише, що звʼязок вимкнено повністю; поки не точно',
    '{n} видання пишуть, що звʼязок вимкнено повністю; поки не точно',
    '{n} видань пишуть, що звʼязок вимкнено повністю; поки не точно',
  ),
  'alert.disagree': slavic(
    '{name} бачить це в {n} мережі; наші вимірювання в {ours} — ні',
    '{name} бачить це у {n} мережах; наші вимірювання в {ours} — ні',
    '{name} бачить це у {n} мережах; наші вимірювання в {ours} — ні',
  ),
  'alert.disagreeAll': '{name} це бачить; наші вимірювання в {ours} — ні',
  'alert.easing': slavic(
    '{n} видання пише, що доступ повернувся; поки не точно',
    '{n} видання пишуть, що доступ повернувся; поки не точно',
    '{n} видань пишуть, що доступ повернувся; поки не точно',
  ),
  'alert.easingMeasured': 'Судячи з вимірювань, доступ міг повернутися; поки не точно',
  'alert.because': 'Причина: {why}',
  'alert.withdrawn': 'Ми помилилися: те, що ми повідомили, не підтвердилося. Перепрошуємо.',
  'alert.linked': 'Див. також {id}',
  'alert.cameTrue': 'Про це попереджали: {id}',

  'reply.escalated': 'Стало гірше.',
  'reply.widened': 'Зачепило більше, ніж раніше.',
  'reply.resumed': 'Усе-таки ще не скінчилося.',
  'reply.surer': 'Тепер це точніше.',
  'reply.partly': 'Частина знову працює.',
  'reply.easing': 'Можливо, стає легше.',

  'test.head': 'Це перевірне сповіщення.',
  'test.what': 'Нічого не сталося. Так виглядають сповіщення, і сюди вони доходять:',
  'test.country': 'Країна-приклад',
};
