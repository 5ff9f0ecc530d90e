import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.evidence': 'Evidence',
  'button.mute': 'Mute 8 h',
  'button.muteCountry': 'Mute {country} 8 h',
  'button.status': 'Status',
  'button.country': 'A country',
  'button.service': 'A service',
  'button.everything': 'Everything',
  'button.done': 'Done',
  'button.back': '‹ Back',
  'button.place': 'My location',
  'button.noPlace': 'Not now',
  'button.mine': 'What I follow',
  'button.sure': 'How sure?',
  'button.yesStop': 'Yes, stop all',
  'button.yesForget': 'Yes, delete all',
  'button.no': 'No',
  'button.follow': 'Follow {what}',
  'button.unmute': 'Unmute',
  'button.help': 'Help',
  'button.settings': '‹ Settings',
  'button.next': 'Next part ›',
  'button.days': { one: '{n} day', other: '{n} days' },
};
