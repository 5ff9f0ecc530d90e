import type { Texts } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

/** Where several people talk in what they call a room, with threads in it. */
export const rooms: Partial<Texts> = {
  'command.subscriptions': 'qué sigue esta sala',
  'command.settings': 'todos los ajustes de esta sala',
  'settings.head': 'Ajustes de esta sala',
  'command.language': 'idioma de esta sala',
  'command.timezone': 'zona horaria de esta sala',
  'command.export': 'todo lo que guardo de esta sala',
  'export.head': 'Todo lo que guardo de esta sala, una línea por entrada (JSON, horas en UTC):',
  'command.forget': 'borrar todo lo de esta sala',
  'error.admins': 'Solo los moderadores cambian lo que recibe esta sala. Preguntar puede cualquiera: {command}',
  'thread.whole': 'Esto vale para toda la sala, en todos sus hilos.',
  'thread.follows': 'Este hilo sigue:',
  'thread.done': '¡Listo! Este hilo sigue:',
  'thread.already': 'Este hilo ya sigue esto:',
  'thread.ask': millions(
    '¿Dejar lo único que sigue este hilo? Lo que sigue la sala se queda.',
    '¿Dejar las {n} cosas que sigue este hilo? Lo que sigue la sala se queda.',
  ),
  'thread.stopped': 'Listo. Este hilo ya no sigue nada propio. Para volver: {command}',
  'subscribe.done': '¡Listo! En esta sala vigilo:',
  'subscribe.already': 'En esta sala ya vigilo esto:',
  'subscribe.tooMany': millions(
    'Una sala puede seguir {n} cosa como máximo. Siga mejor países enteros.',
    'Una sala puede seguir {n} cosas como máximo. Siga mejor países enteros.',
  ),
  'subscriptions.none': 'Esta sala aún no sigue nada. Empiece con {command}',
  'subscriptions.head': 'Esta sala sigue:',
  'unsubscribe.ask': millions(
    '¿Dejar lo único que sigue esta sala? Ya no recibirá nada.',
    '¿Dejar las {n} cosas que sigue esta sala? Ya no recibirá nada.',
  ),
  'unsubscribe.not': 'Esta sala no sigue eso:',
  'unsubscribe.still': 'Aún recibirá avisos, porque esta sala sigue: {what}. Para no recibir ninguno: {command}',
  'unsubscribe.all': 'Listo. Esta sala ya no sigue nada. Para volver: {command}',
  'merged.nothing': 'Listo. Esta sala ya no sigue nada. Para volver a seguir: {command}',
  'merged.forgotten': 'Listo. No guardo nada de esta sala.',
  'status.followed': 'Lo que sigue esta sala',
  'language.ask': 'Esta sala habla español. Cambiarlo: {command}',
  'about.privacy':
    'Guardo qué sigue esta sala, su idioma y su zona horaria, y nada de lo que usted escribe. Borrarlo todo: {command}',
  'forget.ask':
    '¿Borrar todo lo de esta sala y sus hilos: lo que siguen, los silencios, los ajustes? Ya no habrá avisos, y nada se puede recuperar.',
  'forget.done': 'Todo lo de esta sala está borrado. Que le vaya bien, y siga en contacto.',
  'forget.nothing': 'No guardo nada de esta sala.',
};
