import type { StatusPhrases } from '../../core/phrases/status.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const status: TextsOf<StatusPhrases> = {
  'state.open': 'відкрито',
  'state.throttle': 'сповільнено',
  'state.restrict': 'частково обмежено',
  'state.block': 'заблоковано',
  'state.shutdown': 'вимкнено',
  'state.unknown': 'невідомо',
  'state.warn': 'під загрозою',

  'status.followed': 'За чим стежить цей чат',
  'status.world': 'Усюди',
  'status.since': '{state} з {when}',
  'status.was': '{unknown} (було {was})',
  'status.network': '{state} (разом з усією мережею)',
  'status.part': '{state} — {regions}',
  'status.age': 'останні дані {age} тому',
  'status.no': 'даних немає',
  'status.reference': 'джерело: {url}',
  'status.confirmed': 'останнє підтвердження: {when}',
  'status.nothing': '{what}: невідомо. Жодне джерело не повідомляло про зміни.',
  'status.worldNone': 'Про нові блокування зараз нічого не відомо.',
  'status.rest': 'Про те, чого немає в списку, немає й відомостей про обмеження; це не те саме, що «відкрито».',
  'status.unnamed': 'сервіси, яких не названо',

  'sight.dim': slavic(
    'Бачу мало: з {n} джерела на звʼязку {ok}.',
    'Бачу мало: з {n} джерел на звʼязку {ok}.',
    'Бачу мало: з {n} джерел на звʼязку {ok}.',
  ),
  'sight.blind': 'Нічого не бачу: жодне джерело не відповідає. Кажу лише те, що знав раніше.',
  'sight.noSources': 'Нічого не бачу: у мене немає джерел.',
  'sight.waiting': 'Поки нічого не бачу: щойно запустився, і жодне джерело ще не відповіло.',

  'health.head': 'Сам бот',
  'health.store':
    '❗ Мою базу даних видалено або підмінено: сповіщення ще надходять, але все нове пропаде після перезапуску',
  'health.polled': slavic(
    'Джерела перевірено {age} тому; працюють {ok} з {n}',
    'Джерела перевірено {age} тому; працюють {ok} з {n}',
    'Джерела перевірено {age} тому; працюють {ok} з {n}',
  ),
  'health.never': slavic(
    '{n} джерело, ще не прочитане',
    '{n} джерела, жодного ще не прочитано',
    '{n} джерел, жодного ще не прочитано',
  ),
  'health.none': 'Джерел немає: мені нізвідки щось дізнатися',
  'health.oldest': 'Найдовше не читав: {name}, {age} тому',
  'health.held': 'Притримано — повідомили одразу більше, ніж буває насправді: {names}',
  'health.failing': 'Не відповідають: {names}',
  'health.stale': 'Надто довго мовчать: {names}',
  'health.blind': 'Не можуть вимірювати, у них самих негаразди зі звʼязком: {names}',
  'health.agent': 'Вимірювач {id} ({country}, {asn}) працює; був на звʼязку за останні {age}',
  'health.agentMissing': 'Вимірювач {id} ({country}, {asn}) мовчить; не виходив на звʼязок {age}',
  'health.agentStopped': 'Вимірювач {id} ({country}, {asn}) зупинено',
  'health.agentNever': 'Вимірювач {id} ({country}, {asn}) ще не виходив на звʼязок',
  'health.vantages': 'Надто довго немає вимірювань: {names}',
  'health.idle': 'Усі повідомлення доставлено',
  'health.queue': slavic(
    'Чекає на доставку {n} повідомлення, найдовше — {age}',
    'Чекають на доставку {n} повідомлення, найдовше — {age}',
    'Чекають на доставку {n} повідомлень, найдовше — {age}',
  ),
  'health.eta': 'це забере близько {duration}',
  'health.sending': 'Надсилання працює',
  'health.account': 'Надсилання з труднощами: {account} ({problem})',
};
