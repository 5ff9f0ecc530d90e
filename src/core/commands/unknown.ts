import type { MessageDocument } from '../model/message.ts';
import { foreign } from '../render/foreign.ts';
import { oneLine } from '../render/plain.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, button, code, line } from './document.ts';
import { nearest } from './nearest.ts';

/** Commands whose name or other word is near to what was typed. */
export function nearCommands(word: string, byWord: ReadonlyMap<string, Command>): Command[] {
  const found = nearest(word, byWord.keys(), 6).map((one) => byWord.get(one)!);
  return [...new Set(found)].filter((command) => command.who !== 'operators').slice(0, 2);
}

/** No such command, and no sentence that is understood: what to type instead. */
export function unknownAnswer(text: string, near: readonly Command[], context: CommandContext): MessageDocument {
  const { words, typed } = context;
  const [word = '', ...rest] = text.split(/\s+/u);
  const help = line(...words.rich('error.help', { command: code(typed('help')) }));
  const blocks = [line(words.say('error.unknown', { word: foreign(word, 40) }))];
  const first = near[0];
  if (!first) return answer(words, [...blocks, help], [[button(words.say('button.help'), 'help')]]);
  const args = oneLine(rest.join(' '), 80);
  const commands = near.map((command) => (args === '' ? command.name : `${command.name} ${args}`));
  blocks.push(line(...words.rich('error.meant', { command: code(typed(commands[0]!)) })), help);
  return answer(words, blocks, [commands.map((command) => button(oneLine(command, 30), command))]);
}
