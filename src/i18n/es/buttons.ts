import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': 'Un país',
  'button.service': 'Un servicio',
  'button.everything': 'Todo',
  'button.done': 'Listo',
  'button.back': '‹ Atrás',
  'button.place': 'Mi ubicación',
  'button.noPlace': 'Ahora no',
  'button.mine': 'Lo que sigo',
  'button.sure': '¿Cuán seguro?',
  'button.yesStop': 'Sí, dejar todo',
  'button.yesForget': 'Sí, borrar todo',
  'button.no': 'No, gracias',
  'button.follow': 'Seguir {what}',
  'button.unmute': 'Volver a escribir',
  'button.help': 'Ayuda',
  'button.settings': '‹ Ajustes',
  'button.next': 'Siguiente ›',
  'button.days': millions('{n} día', '{n} días'),
  'button.evidence': 'Fuentes',
  'button.mute': 'Silencio 8 h',
  'button.muteCountry': '{country}: silencio 8 h',
  'button.status': 'Qué funciona',
};
