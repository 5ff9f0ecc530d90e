import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': 'Un pays',
  'button.service': 'Un service',
  'button.everything': 'Tout',
  'button.done': 'Terminé',
  'button.back': '‹ Retour',
  'button.place': 'Ma position',
  'button.noPlace': 'Pas maintenant',
  'button.mine': 'Ce que je suis',
  'button.sure': 'Quelle certitude ?',
  'button.yesStop': 'Oui, tout arrêter',
  'button.yesForget': 'Oui, tout effacer',
  'button.no': 'Non',
  'button.follow': 'Suivre {what}',
  'button.unmute': 'Réécrire',
  'button.help': 'Aide',
  'button.settings': '‹ Réglages',
  'button.next': 'Suite ›',
  'button.days': millions('{n} jour', '{n} jours'),
  'button.evidence': 'Sources',
  'button.mute': 'Silence 8 h',
  'button.muteCountry': '{country} : silence 8 h',
  'button.status': 'État actuel',
};
