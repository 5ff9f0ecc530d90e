import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}: {what}',

  'country.none': 'País no indicado',
  'country.inPlaces': '{country}, en algunas zonas',

  'head.block': '{service} está bloqueado',
  'head.throttle': '{service} va ralentizado',
  'head.restrict': '{service} está limitado en parte',
  'head.shutdown': '{service} está cortado',
  'head.unblock': '{service} vuelve a funcionar',
  'head.warn': '{service} podría cortarse pronto',
  'head.withdrawn': 'aviso sobre {service} retirado',
  'head.warnOver': '{service} ya no está en peligro',

  'net.block': '{service} bloqueado',
  'net.throttle': '{service} ralentizado',
  'net.restrict': '{service} limitado en parte',
  'net.shutdown': '{service} cortado',
  'net.unblock': '{service} ha vuelto',
  'net.warn': '{service} podría cortarse pronto',
  'net.withdrawn': 'aviso sobre {service} retirado',
  'net.warnOver': '{service}: ya no hay peligro de corte',

  'any.block': 'servicios bloqueados; no se dice cuáles',
  'any.throttle': 'servicios ralentizados; no se dice cuáles',
  'any.restrict': 'servicios limitados en parte; no se dice cuáles',
  'any.shutdown': 'servicios cortados; no se dice cuáles',
  'any.unblock': 'servicios que vuelven a funcionar; no se dice cuáles',
  'any.warn': 'servicios que podrían cortarse pronto; no se dice cuáles',
  'any.withdrawn': 'aviso retirado',
  'any.warnOver': 'los servicios ya no están en peligro',

  'group.block': millions('{n} servicio bloqueado', '{n} servicios bloqueados'),
  'group.throttle': millions('{n} servicio ralentizado', '{n} servicios ralentizados'),
  'group.restrict': millions('{n} servicio limitado en parte', '{n} servicios limitados en parte'),
  'group.shutdown': millions('{n} red cortada', '{n} redes cortadas'),
  'group.unblock': millions('{n} servicio vuelve a funcionar', '{n} servicios vuelven a funcionar'),
  'group.warn': millions('{n} servicio podría cortarse pronto', '{n} servicios podrían cortarse pronto'),
  'group.withdrawn': millions('{n} aviso retirado', '{n} avisos retirados'),
  'group.warnOver': millions('{n} servicio ya no está en peligro', '{n} servicios ya no están en peligro'),
  'group.mixed': millions('novedades en {n} servicio', 'novedades en {n} servicios'),

  'label.block': 'Bloqueado',
  'label.throttle': 'Ralentizado',
  'label.restrict': 'Limitado en parte',
  'label.shutdown': 'Cortado',
  'label.unblock': 'Vuelve a funcionar',
  'label.warn': 'En peligro',
  'label.withdrawn': 'Retirado',
  'label.warnOver': 'Ya sin peligro',

  'list.more': millions('{n} más', '{n} más', '{n} más'),
};
