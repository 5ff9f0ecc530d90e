import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': '¿Qué hora es donde está? Así escribo las horas como las muestra su reloj.',
  'first.zoneOther': 'Otro lugar: {command}',
  'first.heard': 'Lo que habría oído en los últimos 30 días:',
  'first.messages': millions('{n} mensaje', '{n} mensajes'),
  'first.nothing': 'nada',
  'first.choose': '¿Cuán seguro debo estar antes de escribir?',
  'first.none': 'En los últimos 30 días no sé de nada que pasara aquí.',
};
