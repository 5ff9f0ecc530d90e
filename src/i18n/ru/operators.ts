import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': { one: '{n} источник', few: '{n} источника', many: '{n} источников', other: '{n} источника' },
  'sources.ok': 'прочитан {age} назад',
  'sources.failing': 'не отвечает {age}: {problem}',
  'sources.waiting': 'пока не прочитан',
  'sources.off': 'выключен: нет токена',
  'sources.leftOut': 'Подписок больше, чем можно спрашивать у обсерваторий. Не запрашивается наименее нужное: {what}',
  'sources.leftOutMore':
    'Подписок больше, чем можно спрашивать у обсерваторий. Не запрашивается наименее нужное: не меньше чем {what}',
  'sources.leftOutCountries': { one: '{n} страна', few: '{n} страны', many: '{n} стран', other: '{n} страны' },
  'sources.leftOutServices': { one: '{n} сервис', few: '{n} сервиса', many: '{n} сервисов', other: '{n} сервиса' },

  'agents.head': { one: '{n} агент', few: '{n} агента', many: '{n} агентов', other: '{n} агента' },
  'agents.at': '{country}, {asn}: {state}',
  'agents.heard': 'на связи {age} назад',
  'agents.missing': 'молчит {age}',
  'agents.never': 'ещё не выходил на связь',
  'agents.stopping': 'остановлен; {state}',

  'sources.held': 'Придержаны: разом больше, чем бывает в жизни',
  'sources.heldSince': {
    one: '{n} сообщение, с тех пор прошло {age}',
    few: '{n} сообщения, с тех пор прошло {age}',
    many: '{n} сообщений, с тех пор прошло {age}',
    other: '{n} сообщения, с тех пор прошло {age}',
  },
  'sources.heldDropped': {
    one: '{state}; {n} более старое отброшено',
    few: '{state}; {n} более старых отброшено',
    many: '{state}; {n} более старых отброшено',
    other: '{state}; {n} более старых отброшено',
  },
  'sources.heldUsage': 'Об этом никого не оповестили. Если это правда, пропустите дальше: {command}',
  'sources.released': {
    one: '{n} сообщение от {id} теперь учитывается.',
    few: '{n} сообщения от {id} теперь учитываются.',
    many: '{n} сообщений от {id} теперь учитываются.',
    other: '{n} сообщения от {id} теперь учитываются.',
  },
  'sources.notHeld': 'От «{id}» ничего не придержано. Список: {command}.',

  'agents.dropped': {
    one: '{state}; буфер переполнился, потеряна {n} порция',
    few: '{state}; буфер переполнился, потеряно {n} порции',
    many: '{state}; буфер переполнился, потеряно {n} порций',
    other: '{state}; буфер переполнился, потеряно {n} порции',
  },
  'agents.refused': {
    one: '{state}; не принято {n} измерение (почему — в журнале)',
    few: '{state}; не принято {n} измерения (почему — в журнале)',
    many: '{state}; не принято {n} измерений (почему — в журнале)',
    other: '{state}; не принято {n} измерения (почему — в журнале)',
  },
  'agents.usage': 'Остановить агента: {stop}. Запустить снова: {start}',
  'agents.none': 'Я не знаю агента «{id}». Список: {command}',
  'agents.stopped':
    'Агент {id} прекратит измерения, как только выйдет на связь, — это минуты. Запустить снова: {command}',
  'agents.started': 'Агент {id} продолжит измерения, как только выйдет на связь, — это минуты.',

  'retract.usage': 'Какое событие и почему? {command}',
  'retract.done': '{id} отозвано. Все, кому о нём сообщили, узнают об этом и о причине.',
};
