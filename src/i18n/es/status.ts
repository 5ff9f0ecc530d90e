import type { StatusPhrases } from '../../core/phrases/status.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const status: TextsOf<StatusPhrases> = {
  'state.open': 'abierto',
  'state.throttle': 'ralentizado',
  'state.restrict': 'limitado en parte',
  'state.block': 'bloqueado',
  'state.shutdown': 'cortado',
  'state.unknown': 'se desconoce',
  'state.warn': 'en peligro',

  'status.followed': 'Lo que sigue este chat',
  'status.world': 'En todas partes',
  'status.since': '{state} desde {when}',
  'status.was': '{unknown} (antes: {was})',
  'status.network': '{state} (con toda la red)',
  'status.part': '{state} en {regions}',
  'status.age': 'último dato hace {age}',
  'status.no': 'sin datos',
  'status.reference': 'referencia: {url}',
  'status.confirmed': 'confirmado por última vez {when}',
  'status.nothing': '{what}: se desconoce. Ninguna fuente ha informado de un cambio allí.',
  'status.worldNone': 'Ahora mismo no sé de ningún bloqueo nuevo.',
  'status.rest': 'De lo que no está en la lista no me consta ningún límite; eso no es lo mismo que «abierto».',
  'status.unnamed': 'servicios que no se nombran',

  'sight.dim': millions(
    'Veo poco: solo ha respondido {ok} de {n} fuente.',
    'Veo poco: solo han respondido {ok} de {n} fuentes.',
  ),
  'sight.blind': 'No veo nada: no responde ninguna fuente. Lo que digo ahora ya lo sabía antes.',
  'sight.noSources': 'No veo nada: no tengo fuentes.',
  'sight.waiting': 'Todavía no veo nada: acabo de arrancar y no ha respondido ninguna fuente.',

  'health.head': 'El propio bot',
  'health.store':
    '❗ Mi base de datos fue borrada o sustituida: los avisos aún llegan, pero lo que cambie ahora se perderá al reiniciar',
  'health.polled': millions(
    'Fuente leída hace {age}; funciona {ok} de {n}',
    'Fuentes leídas hace {age}; funcionan {ok} de {n}',
  ),
  'health.never': millions('{n} fuente, aún sin leer', '{n} fuentes, ninguna leída aún'),
  'health.none': 'Sin fuentes: no puedo enterarme de nada',
  'health.oldest': 'La que lleva más sin leerse: {name}, hace {age}',
  'health.held': 'Retenido, porque informa de más a la vez de lo que ocurre de verdad: {names}',
  'health.failing': 'No responden: {names}',
  'health.stale': 'Demasiado tiempo sin noticias de: {names}',
  'health.blind': 'No pueden medir, su propia línea tiene problemas: {names}',
  'health.agent': 'La sonda {id} ({country}, {asn}) mide; última señal hace menos de {age}',
  'health.agentMissing': 'La sonda {id} ({country}, {asn}) calla; sin señal desde hace {age}',
  'health.agentStopped': 'La sonda {id} ({country}, {asn}) está detenida',
  'health.agentNever': 'De la sonda {id} ({country}, {asn}) aún no ha llegado nada',
  'health.vantages': 'Demasiado tiempo sin mediciones de: {names}',
  'health.idle': 'Nada espera ser entregado',
  'health.queue': millions(
    '{n} mensaje espera ser entregado, desde hace {age} como máximo',
    '{n} mensajes esperan ser entregados, desde hace {age} como máximo',
  ),
  'health.eta': 'eso tarda unos {duration}',
  'health.sending': 'El envío funciona',
  'health.account': 'El envío tiene problemas: {account} ({problem})',
};
