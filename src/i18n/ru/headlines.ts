import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}: {what}',

  'country.inPlaces': '{country}, местами',
  'country.none': 'Страна не названа',

  'head.block': 'доступ к {service} заблокирован',
  'head.throttle': 'доступ к {service} замедлен',
  'head.restrict': 'доступ к {service} частично ограничен',
  'head.shutdown': 'доступ к {service} отключён',
  'head.unblock': 'доступ к {service} восстановлен',
  'head.warn': 'доступ к {service} под угрозой',
  'head.withdrawn': '{service} — сообщение отозвано',
  'head.warnOver': 'угроза для {service} миновала',

  'net.block': 'заблокирован {service}',
  'net.throttle': 'замедлен {service}',
  'net.restrict': 'частично ограничен {service}',
  'net.shutdown': 'отключён {service}',
  'net.unblock': '{service} снова работает',
  'net.warn': '{service} могут отключить',
  'net.withdrawn': '{service} — сообщение отозвано',
  'net.warnOver': '{service} — угроза отключения миновала',

  'any.block': 'заблокирован доступ к сервисам (к каким, не сказано)',
  'any.throttle': 'замедлен доступ к сервисам (к каким, не сказано)',
  'any.restrict': 'частично ограничен доступ к сервисам (к каким, не сказано)',
  'any.shutdown': 'отключён доступ к сервисам (к каким, не сказано)',
  'any.unblock': 'восстановлен доступ к сервисам (к каким, не сказано)',
  'any.warn': 'доступ к сервисам под угрозой (к каким, не сказано)',
  'any.withdrawn': 'сообщение отозвано',
  'any.warnOver': 'угроза для сервисов миновала',

  'group.block': {
    one: 'заблокирован доступ к {n} сервису',
    few: 'заблокирован доступ к {n} сервисам',
    many: 'заблокирован доступ к {n} сервисам',
    other: 'заблокирован доступ к {n} сервиса',
  },
  'group.throttle': {
    one: 'замедлен доступ к {n} сервису',
    few: 'замедлен доступ к {n} сервисам',
    many: 'замедлен доступ к {n} сервисам',
    other: 'замедлен доступ к {n} сервиса',
  },
  'group.restrict': {
    one: 'частично ограничен доступ к {n} сервису',
    few: 'частично ограничен доступ к {n} сервисам',
    many: 'частично ограничен доступ к {n} сервисам',
    other: 'частично ограничен доступ к {n} сервиса',
  },
  'group.shutdown': {
    one: 'отключена {n} сеть',
    few: 'отключены {n} сети',
    many: 'отключены {n} сетей',
    other: 'отключены {n} сети',
  },
  'group.unblock': {
    one: 'восстановлен доступ к {n} сервису',
    few: 'восстановлен доступ к {n} сервисам',
    many: 'восстановлен доступ к {n} сервисам',
    other: 'восстановлен доступ к {n} сервиса',
  },
  'group.warn': {
    one: 'под угрозой доступ к {n} сервису',
    few: 'под угрозой доступ к {n} сервисам',
    many: 'под угрозой доступ к {n} сервисам',
    other: 'под угрозой доступ к {n} сервиса',
  },
  'group.withdrawn': {
    one: 'отозвано {n} сообщение',
    few: 'отозваны {n} сообщения',
    many: 'отозваны {n} сообщений',
    other: 'отозваны {n} сообщения',
  },
  'group.warnOver': {
    one: 'угроза для {n} сервиса миновала',
    few: 'угроза для {n} сервисов миновала',
    many: 'угроза для {n} сервисов миновала',
    other: 'угроза для {n} сервиса миновала',
  },
  'group.mixed': {
    one: 'изменения по {n} сервису',
    few: 'изменения по {n} сервисам',
    many: 'изменения по {n} сервисам',
    other: 'изменения по {n} сервиса',
  },

  'label.block': 'Блокировка',
  'label.throttle': 'Замедление',
  'label.restrict': 'Частичное ограничение',
  'label.shutdown': 'Отключение',
  'label.unblock': 'Доступ восстановлен',
  'label.warn': 'Под угрозой',
  'label.withdrawn': 'Отозвано',
  'label.warnOver': 'Угроза миновала',

  'list.more': { one: 'ещё {n}', few: 'ещё {n}', many: 'ещё {n}', other: 'ещё {n}' },
};
