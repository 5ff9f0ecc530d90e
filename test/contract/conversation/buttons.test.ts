/** The same buttons on three platforms: tapped on Telegram, as a reaction with their number on Matrix, as the typed form on a console. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, linesOf, unmarked, withoutCommands } from './facts.ts';
import { type Person, PLATFORMS } from './platforms.ts';

/** After what was written, each button of its answer, one after the other; what its answer says wherever it was pressed. */
const PRESSED: [write: string, press: string, says: string | RegExp][] = [
  ['subscribe ru whatsapp', 'What I follow', 'Russia: WhatsApp'],
  ['subscribe ru whatsapp', 'How sure?', 'How sure should I be'],
  ['subscribe ru whatsapp', 'Status', '🔴 WhatsApp · blocked, first reported 11 Feb'],
  ['status de youtube', 'Follow Germany: YouTube', 'Germany: YouTube'],
  ['mute ru for 8h', 'Unmute', 'You hear of Russia: everything again.'],
  ['language ru', '‹ Настройки', 'Настройки'],
];

let people: Person[] = [];
beforeAll(async () => {
  people = await Promise.all(Object.values(PLATFORMS).map((meet) => meet()));
  for (const { bot } of people) for (const voice of ['alpha', 'beta']) await bot.says(voice, 'block RU whatsapp dns');
}, 60_000);
afterAll(() => Promise.all(people.map((person) => person.leave())).then(() => undefined));

async function pressed(person: Person, write: string, label: string): Promise<Answer> {
  await person.bot.pass(60_000);
  await person.write(write);
  await person.read();
  await person.press(label);
  return { platform: person.platform, ...(await person.read()) };
}

describe.each(PRESSED)('%s, then [%s]', (write, press, says) => {
  test('does the same wherever it is pressed', async () => {
    const answers = await Promise.all(people.map((person) => pressed(person, write, press)));
    const shown = answers.map((answer) =>
      withoutCommands(linesOf(answer)).filter((line) => !/^(?:To change|Чтобы изменить)/.test(line)),
    );
    for (const [at, answer] of answers.entries())
      expect(unmarked(shown[at]!).join('\n'), answer.platform).toMatch(says);
    const [telegram, matrix] = answers.map(({ platform }, at) => ({ platform, lines: shown[at] }));
    expect(matrix!.lines).toEqual(telegram!.lines);
  });
});
