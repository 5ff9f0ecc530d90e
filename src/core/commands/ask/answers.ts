/** What is said to a sentence that is no command by itself. */
import { ANY } from '../../model/chat.ts';
import type { MessageDocument } from '../../model/message.ts';
import type { SubscriptionTable } from '../../ports/store.ts';
import { foreign } from '../../render/foreign.ts';
import type { Command, CommandContext } from '../command.ts';
import { problemsAnswer } from '../describe.ts';
import { answer, button, code, line, rows } from '../document.ts';
import { firstButtons, USUAL_COUNTRIES } from '../pickers.ts';
import { followedHere } from '../threads.ts';
import type { Asked } from './asked.ts';

/** Countries of a chat that one answer looks at, and those that are offered. */
const MAX_COUNTRIES = 6;
const CHANGING = new Set(['subscribe', 'unsubscribe', 'mute']);

/** A service without a country: where the chat follows something, else wherever it is affected, and the question which country is meant. */
export async function answerOpen(
  command: Command,
  context: CommandContext,
  subscriptions: Pick<SubscriptionTable, 'list'>,
): Promise<MessageDocument[]> {
  const here = await followedHere(context, subscriptions);
  const followed = [...here.thread, ...here.chat].map((one) => one.country).filter((one) => one !== ANY);
  const countries = [...new Set(followed)].slice(0, MAX_COUNTRIES);
  const documents = await command.run({ ...context, args: [...countries, context.args].join(' ') });
  const [first, ...others] = documents;
  if (countries.length > 0 || !first) return documents;
  const { words } = context;
  const likely = USUAL_COUNTRIES.slice(0, MAX_COUNTRIES);
  const where = line(
    ...words.rich('ask.where', { command: code(context.typed(`status ${words.country(likely[0]!)} ${context.args}`)) }),
  );
  const buttons = likely.map((id) => button(words.country(id), `status ${id} ${context.args}`));
  return [{ ...first, blocks: [...first.blocks, where], buttons: [...first.buttons, ...rows(buttons, 3)] }, ...others];
}

/** At most five lines, and no state. */
export function answerAsked(asked: Exclude<Asked, { kind: 'command' }>, context: CommandContext): MessageDocument {
  const { words, typed } = context;
  const help = line(...words.rich('error.help', { command: code(typed('help')) }));
  const example = { example: words.say('ask.example') };
  switch (asked.kind) {
    case 'which':
      return problemsAnswer(context, asked.name, asked.parsed, CHANGING.has(asked.name));
    case 'host':
      return answer(words, [line(words.say('ask.host', { host: foreign(asked.host, 80) })), help]);
    case 'hello':
      return answer(
        words,
        [line(words.say('ask.hello')), line(words.say('ask.try', example)), help],
        [firstButtons(context)],
      );
    case 'none':
      return answer(
        words,
        [line(words.say('ask.none')), line(words.say('ask.try', example)), help],
        [[button(words.say('button.help'), 'help')]],
      );
  }
}
