/**
 * 100 commands as people get them wrong (`malformed.txt`), each with what the answer must offer: a command to type or to tap, named in the text or on a button.
 * "." : nothing in particular, but some command.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { incident, twoOutlets } from '../render/support.ts';
import { createBot } from './support.ts';

const lines = readFileSync(new URL('malformed.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const cases = lines.map((line) => line.split(' => ') as [string, string]);

/** Commands that an answer offers, in its text as they are typed here, and on its buttons. */
function offered(text: string): string[] {
  const typed = [...text.matchAll(/(?<![\w<])\/([a-z]+[^\n.;,→\]]*)/gu)].map((match) => match[1]!);
  const tapped = [...text.matchAll(/→ ([^\]]+)\]/gu)].map((match) => match[1]!);
  return [...typed, ...tapped];
}

async function answered(command: string, lang: string): Promise<string> {
  const bot = createBot();
  bot.tables.stored = [incident({ reports: twoOutlets })];
  // Things are followed already.
  if (command.startsWith('/u')) await bot.say('/subscribe ru');
  return await bot.say(command, { lang });
}

describe('malformed commands', () => {
  test('there are a hundred, each another', () => {
    expect(cases).toHaveLength(100);
    expect(new Set(cases.map(([command]) => command)).size).toBe(100);
  });

  test.each(cases)('%s: offers %s', async (command, expected) => {
    const text = await answered(command, 'en');
    expect(text).not.toMatch(/broke|undefined|\[object|\{\w+\}/u);
    const all = offered(text);
    expect(all, text).not.toEqual([]);
    if (expected !== '.') expect(all.join('\n'), text).toMatch(new RegExp(expected, 'u'));
  });

  test('in Russian they are offered just the same', async () => {
    for (const [command] of cases) {
      const text = await answered(command, 'ru');
      expect(offered(text), `${command}\n${text}`).not.toEqual([]);
    }
  });
});
