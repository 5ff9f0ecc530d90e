import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'What time is it where you are? Then I write times as your clock shows them.',
  'first.zoneOther': 'Another place: {command}',
  'first.heard': 'What you would have heard in the last 30 days:',
  'first.messages': { one: '{n} message', other: '{n} messages' },
  'first.nothing': 'nothing',
  'first.choose': 'How sure should I be before I write?',
  'first.none': 'In the last 30 days I know of nothing that happened here.',
};
