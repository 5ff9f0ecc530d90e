import type { ChoicePhrases } from '../../core/phrases/choices.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const choices: TextsOf<ChoicePhrases> = {
  'settings.on': 'activado',
  'settings.off': 'desactivado',
  'settings.turnOff': 'Desactivar',
  'settings.unknown': 'No entiendo «{word}» aquí.',
  'settings.other': 'Otras horas: {command}',
  'settings.utc': 'Aún no ha elegido su zona horaria, así que son horas de UTC: {command}',
  'settings.quiet': 'Horas de silencio',
  'settings.quiet.what':
    'En las horas de silencio no suena nada. Sigo vigilando, y un mensaje al final cuenta lo que pasó. Si lo permite, lo crítico suena igual: el internet de todo un país cortado, el bloqueo confirmado de un servicio que sigue por su nombre, o el bloqueo de la aplicación en la que lee esto.',
  'settings.quiet.hours': '{from}–{to}',
  'settings.quiet.critical': '{from}–{to}; lo crítico suena igual',
  'settings.critical.turnOn': 'Que suene lo crítico',
  'settings.critical.turnOff': 'Que lo crítico espere también',
  'settings.critical.none': 'Elija primero las horas de silencio.',
  'settings.digest': 'Resumen',
  'settings.digest.what':
    'Un mensaje regular sin sonido: qué cambió desde el último y qué está cortado ahora. Los avisos llegan igual.',
  'settings.digest.day': 'cada día a las {time}',
  'settings.digest.week': 'los lunes a las {time}',
  'settings.sound': 'Sonido',
  'settings.sound.what': 'Sin sonido, los avisos llegan en silencio.',
  'settings.sound.turnOn': 'Activar el sonido',
  'settings.sound.turnOff': 'Desactivar el sonido',
  'settings.pictures': 'Imágenes',
  'settings.pictures.what': 'Algunas respuestas llegan con una imagen, como una cronología.',
  'settings.pictures.turnOn': 'Activar las imágenes',
  'settings.pictures.turnOff': 'Desactivar las imágenes',
  'settings.reminders': 'Recordatorios',
  'settings.reminders.what': 'Mientras dura algo de lo que le escribí, se lo recuerdo a mediodía, sin sonido.',
  'settings.reminders.1': 'cada día',
  'settings.reminders.3': 'cada tres días',
  'settings.reminders.7': 'cada semana',
  'settings.report': 'Semanas tranquilas',
  'settings.report.what':
    'El lunes después de una semana en la que no hubo nada que contar: que fue tranquila y cuánto alcanzo a ver.',
  'settings.report.turnOn': 'Avisar de semanas tranquilas',
  'settings.report.turnOff': 'No avisar de semanas tranquilas',
};
