import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': 'Ein Land',
  'button.service': 'Ein Dienst',
  'button.everything': 'Alles',
  'button.done': 'Fertig',
  'button.back': '‹ Zurück',
  'button.place': 'Mein Standort',
  'button.noPlace': 'Jetzt nicht',
  'button.mine': 'Was ich verfolge',
  'button.sure': 'Wie sicher?',
  'button.yesStop': 'Ja, alles beenden',
  'button.yesForget': 'Ja, alles löschen',
  'button.no': 'Nein',
  'button.follow': 'Folgen: {what}',
  'button.unmute': 'Wieder schreiben',
  'button.help': 'Hilfe',
  'button.settings': '‹ Einstellungen',
  'button.next': 'Nächster Teil ›',
  'button.days': oneOther('{n} Tag', '{n} Tage'),
  'button.evidence': 'Quellen',
  'button.mute': '8 Std. Ruhe',
  'button.muteCountry': '{country}: 8 Std. Ruhe',
  'button.status': 'Was geht?',
};
