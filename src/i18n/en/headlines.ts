import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}: {what}',

  'country.none': 'Country not named',
  'country.inPlaces': '{country}, in places',

  'head.block': '{service} blocked',
  'head.throttle': '{service} throttled (slowed down)',
  'head.restrict': '{service} partly restricted',
  'head.shutdown': '{service} shut down',
  'head.unblock': '{service} works again',
  'head.warn': '{service} may be cut off soon',
  'head.withdrawn': 'alert about {service} withdrawn',
  'head.warnOver': '{service} is no longer under threat',

  'net.block': '{service} blocked',
  'net.throttle': '{service} throttled (slowed down)',
  'net.restrict': '{service} partly restricted',
  'net.shutdown': '{service} off',
  'net.unblock': '{service} works again',
  'net.warn': '{service} may be cut off soon',
  'net.withdrawn': 'alert about {service} withdrawn',
  'net.warnOver': '{service} is no longer under threat',

  'any.block': 'services blocked; which ones is not named',
  'any.throttle': 'services throttled (slowed down); which ones is not named',
  'any.restrict': 'services partly restricted; which ones is not named',
  'any.shutdown': 'services shut down; which ones is not named',
  'any.unblock': 'services work again; which ones is not named',
  'any.warn': 'services may be cut off soon; which ones is not named',
  'any.withdrawn': 'alert withdrawn',
  'any.warnOver': 'services are no longer under threat',

  'group.block': { one: '{n} service blocked', other: '{n} services blocked' },
  'group.throttle': { one: '{n} service throttled (slowed down)', other: '{n} services throttled (slowed down)' },
  'group.restrict': { one: '{n} service partly restricted', other: '{n} services partly restricted' },
  'group.shutdown': { one: '{n} network shut down', other: '{n} networks shut down' },
  'group.unblock': { one: '{n} service works again', other: '{n} services work again' },
  'group.warn': { one: '{n} service may be cut off soon', other: '{n} services may be cut off soon' },
  'group.withdrawn': { one: '{n} alert withdrawn', other: '{n} alerts withdrawn' },
  'group.warnOver': {
    one: '{n} service is no longer under threat',
    other: '{n} services are no longer under threat',
  },
  'group.mixed': { one: 'changes for {n} service', other: 'changes for {n} services' },

  'label.block': 'Blocked',
  'label.throttle': 'Throttled',
  'label.restrict': 'Partly restricted',
  'label.shutdown': 'Shut down',
  'label.unblock': 'Works again',
  'label.warn': 'Under threat',
  'label.withdrawn': 'Withdrawn',
  'label.warnOver': 'Threat over',

  'list.more': { one: '{n} more', other: '{n} more' },
};
