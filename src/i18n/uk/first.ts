import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'Котра у вас година? Тоді писатиму час за вашим годинником.',
  'first.zoneOther': 'Інше місце: {command}',
  'first.heard': 'Що ви почули б за останні 30 днів:',
  'first.messages': slavic('{n} повідомлення', '{n} повідомлення', '{n} повідомлень'),
  'first.nothing': 'нічого',
  'first.choose': 'Наскільки певно має бути, перш ніж я напишу?',
  'first.none': 'За останні 30 днів тут не сталося нічого, про що я знаю.',
};
