import type { FollowPhrases } from '../../core/phrases/follow.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const follow: TextsOf<FollowPhrases> = {
  'start.hello': '¡Hola! Soy Tocsin y aviso de los bloqueos de internet.',
  'start.what':
    'Escribo aquí en cuanto cambia el acceso a un servicio o a una red en un país: bloqueado, ralentizado, cortado, de vuelta. Y siempre digo cuán seguro es.',
  'start.ask': '¿Qué quiere que vigile?',
  'start.type': 'O escriba: {command}',
  'start.open': millions(
    'Ahora mismo hay {n} incidente abierto:',
    'Ahora mismo hay {n} incidentes abiertos. Los más recientes:',
  ),
  'start.none':
    'Ahora mismo no sé de ningún bloqueo nuevo. Lo que lleva tiempo bloqueado en un país figura en su estado.',

  'subscribe.pick':
    '¿Qué quiere que vigile? Escriba un país ({country}), un servicio ({service}), ambos ({both}) o {all}',
  'pick.country': '¿Qué países? Toque uno o varios: los que tienen ✅ ya los sigo.',
  'pick.service': '¿Qué servicios? Toque uno o varios: los que tienen ✅ ya los sigo.',
  'pick.search': '¿No está aquí? Escriba su nombre.',
  'pick.type': '¿No está aquí? Escriba: {command}',
  'pick.typed': '¿Cuáles? Varios caben en un solo comando: {command}',
  'pick.found': 'Esto encontré; toque lo que busca:',
  'subscribe.done': '¡Listo! Vigilo:',
  'subscribe.already': 'Esto ya lo vigilo:',
  'subscribe.open': 'De eso, ahora mismo:',
  'subscribe.none': 'De eso no sé de ningún bloqueo nuevo ahora mismo. Escribiré si cambia.',
  'subscribe.standing': 'Limitado desde hace tiempo, según fuentes públicas:',
  'subscribe.tooMany': millions(
    'Un chat puede seguir {n} cosa como máximo. Siga mejor países enteros.',
    'Un chat puede seguir {n} cosas como máximo. Siga mejor países enteros.',
  ),
  'subscribe.when': 'Cuán seguro debe ser para que escriba – {level}. Cambiarlo: {command}',

  'line.since': 'desde {when}',

  'channel.head': 'Canal «{title}»',
  'channel.none':
    'No encuentro ningún canal «{name}» que administremos los dos. Añádame allí como administrador que pueda publicar e inténtelo de nuevo.',
  'channel.usage':
    'Un canal se configura aquí, donde sus lectores no lo ven. Añádame al canal como administrador que pueda publicar y escriba {command}',

  'merged.nothing': 'Listo. Este chat ya no sigue nada. Para volver a seguir: {command}',
  'merged.forgotten': 'Listo. No guardo nada de este chat.',

  'subscriptions.none': 'Este chat aún no sigue nada. Empiece con {command}',
  'subscriptions.head': 'Este chat sigue:',
  'subscriptions.settings': 'Cuán seguro: {level} · idioma: {language} · zona horaria: {zone}',
  'subscriptions.muted': 'En silencio: {what}, hasta {when}',
  'subscriptions.remove': 'Para quitar uno: {command}',

  'unsubscribe.ask': millions(
    '¿Dejar lo único que sigue este chat? Ya no recibirá nada.',
    '¿Dejar las {n} cosas que sigue este chat? Ya no recibirá nada.',
  ),
  'unsubscribe.confirm': 'Para confirmar, escriba {command}',
  'unsubscribe.done': 'Ya no vigilo:',
  'unsubscribe.not': 'Este chat no sigue eso:',
  'unsubscribe.still': 'Aún recibirá avisos, porque este chat sigue: {what}. Para no recibir ninguno: {command}',
  'unsubscribe.all': 'Listo. Este chat ya no sigue nada. Para volver: {command}',

  'mute.usage': '¿Sobre qué, y cuánto tiempo? Por ejemplo {one}, {two} o {three}',
  'mute.done': 'Silencio hasta {when}: {what}.',
  'mute.end': 'Para terminarlo antes: {command}',
  'mute.badTime': 'No entiendo el tiempo «{time}». Escriba 8h, 3d o until 18:00; un año como máximo.',
  'mute.tooMany': millions('Como máximo {n} silencio a la vez.', 'Como máximo {n} silencios a la vez.'),

  'unmute.done': 'Vuelvo a escribir sobre {what}.',
  'unmute.all': millions(
    '{n} silencio terminado. Vuelvo a escribir sobre todo.',
    '{n} silencios terminados. Vuelvo a escribir sobre todo.',
  ),
  'unmute.none': 'Aquí no hay nada en silencio.',
  'unmute.not': 'No está en silencio: {what}',
  'unmute.which': '¿Sobre cuál vuelvo a escribir?',
};
