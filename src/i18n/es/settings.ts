import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': 'pronto: desde el primer aviso; algunos resultan falsos',
  'level.corroborated': 'contrastado: dos medios independientes, un aviso oficial o una medición',
  'level.confirmed': 'confirmado: solo lo que las mediciones muestran sin ninguna duda',

  'settings.head': 'Ajustes de este chat',
  'settings.language': 'Idioma',
  'settings.timezone': 'Zona horaria',
  'settings.level': 'Cuán seguro debe ser',
  'settings.zone': '{zone} (ahora es {time})',
  'settings.type': 'Para cambiar uno, escriba lo que va detrás con su propio valor.',

  'language.ask': 'Este chat habla español. Cambiarlo: {command}',
  'language.done': 'Desde ahora hablo español aquí.',
  'language.unknown': 'Aún no hablo «{word}».',

  'timezone.now': 'Aquí las horas son las de {zone}; ahora es {time}.',
  'timezone.ask': 'Para cambiarlo, nombre una ciudad: {command}',
  'timezone.done': 'Ahora las horas son las de {zone}; es {time}.',
  'timezone.unknown': 'No conozco ninguna zona horaria «{word}».',
  'timezone.share': 'O comparta aquí su ubicación: solo guardo la zona horaria.',
  'timezone.here': 'El botón de abajo me envía dónde está. Solo guardo la zona horaria, nunca el lugar.',
  'timezone.kept': 'Solo guardo la zona horaria, no el lugar.',
  'timezone.others': 'Si su reloj marca otra hora, toque la suya:',
  'timezone.nowhere': 'No conozco ninguna ciudad cerca de ese lugar.',

  'level.now': 'Cuán seguro debe ser para que escriba – {level}.',
  'level.done': 'Listo. Cuán seguro debe ser para que escriba – {level}.',
  'level.more': 'También abierto ahora mismo, aunque menos seguro:',
  'level.unknown': 'No conozco ningún nivel «{word}».',

  'export.head': 'Todo lo que guardo de este chat, una línea por entrada (JSON, horas en UTC):',
  'export.part': 'Parte {part} de {parts}.',
  'export.next': 'La siguiente parte: {command}',
  'export.rest': millions('Falta {n} entrada más antigua.', 'Faltan {n} entradas más antiguas.'),

  'forget.ask':
    '¿Borrar todo lo de este chat: lo que sigue, los silencios, los ajustes? Ya no habrá avisos, y nada se puede recuperar.',
  'forget.confirm': 'Para confirmar, escriba {command}',
  'forget.done': 'Todo lo de este chat está borrado. Que le vaya bien, y siga en contacto.',
  'forget.nothing': 'No guardo nada de este chat.',
};
