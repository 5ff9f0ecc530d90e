import type { PlacePhrases } from '../../core/phrases/place.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const place: TextsOf<PlacePhrases> = {
  'mute.over': 'Ese silencio habría durado hasta {when}, y ya pasó. Nada está en silencio.',

  'thread.whole': 'Esto vale para todo el grupo, en todos sus temas.',
  'thread.follows': 'Este tema sigue:',
  'thread.done': '¡Listo! Este tema sigue:',
  'thread.already': 'Este tema ya sigue esto:',
  'thread.ask': millions(
    '¿Dejar lo único que sigue este tema? Lo que sigue el grupo se queda.',
    '¿Dejar las {n} cosas que sigue este tema? Lo que sigue el grupo se queda.',
  ),
  'thread.stopped': 'Listo. Este tema ya no sigue nada propio. Para volver: {command}',

  'error.adminsLevel':
    'Para esto hace falta el nivel {needs} en esta sala; usted tiene {has}. Preguntar puede cualquiera: {command}',
  'error.adminsNeeds':
    'Para esto hace falta el nivel {needs} en esta sala; el suyo no pude averiguarlo ahora. Preguntar puede cualquiera: {command}',

  'missed.done': 'Usted escribió esto mientras yo no estaba. Ya está hecho:',
  'missed.notDone': 'Esto no pude hacerlo:',
  'missed.tooOld':
    'Se escribió hace más de un día, así que no lo toqué: {commands}. Escríbalo otra vez si aún lo quiere.',
  'missed.asked': 'No estaba cuando preguntó: {commands}. Pregunte de nuevo y respondo enseguida.',

  'moved.here': 'La sala se ha actualizado, y yo me he venido también.',
};
