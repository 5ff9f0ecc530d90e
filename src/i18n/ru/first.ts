import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'Который у вас час? Тогда буду писать время по вашим часам.',
  'first.zoneOther': 'Другое место: {command}',
  'first.heard': 'Что вы услышали бы за последние 30 дней:',
  'first.messages': { one: '{n} сообщение', few: '{n} сообщения', many: '{n} сообщений', other: '{n} сообщения' },
  'first.nothing': 'ничего',
  'first.choose': 'Насколько уверенным мне быть, прежде чем писать?',
  'first.none': 'За последние 30 дней здесь не случилось ничего, о чём я знаю.',
};
