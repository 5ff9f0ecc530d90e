import type { Inline } from '../model/message.ts';
import type { Command } from './command.ts';
import { answer, code, head, line, list, note } from './document.ts';

export const aboutCommand = (): Command => ({
  name: 'about',
  aliases: ['privacy'],
  examples: ['about'],
  who: 'anyone',
  replaces: false,
  async run({ words, typed }) {
    const ladder = (['reported', 'suspected', 'corroborated', 'confirmed'] as const).map((level): Inline[] => [
      words.say(`about.${level}`),
    ]);
    return [
      answer(words, [
        line(words.say('about.what')),
        head(words.say('about.sure')),
        list(ladder),
        line(words.say('about.marks')),
        note(...words.rich('about.privacy', { command: code(typed('forget')) })),
      ]),
    ];
  },
});
