import { logFailure } from '../failures.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Merged } from '../outbox/answer-plan.ts';
import { answerAsked, answerOpen } from './ask/answers.ts';
import type { CommandContext } from './command.ts';
import { createContext, type Manner } from './context.ts';
import { answer, line } from './document.ts';
import { mergedAnswer } from './merged-answer.ts';
import type { Given } from './read-command.ts';
import { createRecent } from './recent.ts';
import type { RouterDeps } from './routing.ts';
import { unknownAnswer } from './unknown.ts';

/** So long one answer aside serves all who press the same button, ms. */
const ASIDE_MS = 5_000;
const MAX_ASIDES = 500;

/** What a command says. Whether it may be given was decided before. */
export interface Run {
  contextOf(given: Given, manner: Manner): Promise<CommandContext>;
  /** Runs it; a failure is an answer as well. */
  run(given: Given, context: CommandContext): Promise<MessageDocument[]>;
  /** For readers of a channel, who press the same button within moments of an alert, by the thousand. */
  aside(given: Given): Promise<MessageDocument[]>;
  /** What a merged answer says, from what is true now. */
  later(given: Given, merged: Merged): Promise<MessageDocument>;
}

export function createRun(deps: RouterDeps): Run {
  const { store, translators } = deps;
  const asides = createRecent<MessageDocument[]>(ASIDE_MS, MAX_ASIDES);

  const contextOf = ({ event, args, home, through }: Given, manner: Manner): Promise<CommandContext> => {
    // An administrator in their private chat is spoken to in their own language, whatever the channel's is.
    manner.aside ||= through !== null;
    return createContext(event, args, manner, home, deps);
  };

  async function run({ command, text, near, asked }: Given, context: CommandContext): Promise<MessageDocument[]> {
    const { words } = context;
    try {
      const documents = !command
        ? [asked && asked.kind !== 'command' ? answerAsked(asked, context) : unknownAnswer(text, near(), context)]
        : asked?.kind === 'command' && asked.open
          ? await answerOpen(command, context, store.subscriptions)
          : await command.run(context);
      deps.metrics?.command(command?.name ?? null, command ? 'answered' : 'unknown');
      return documents;
    } catch (error) {
      deps.metrics?.command(command?.name ?? null, 'failed');
      logFailure(deps.log, 'Unable to run a command', error, { command: command?.name ?? '' });
      return [answer(words, [line(words.say('error.failed'))])];
    }
  }

  return {
    contextOf,
    run,
    aside(given) {
      const { address, sender } = given.event;
      const key = JSON.stringify([address, sender.lang, given.text]);
      return asides.get(key, deps.clock.monotonic(), async () => {
        const context = await contextOf(given, { brief: false, changed: false, aside: true });
        return await run(given, context);
      });
    },
    async later(given, merged) {
      const context = await contextOf(given, { brief: false, changed: false, aside: false, textOnly: true });
      const asked = merged.asked ? await run(given, context) : [];
      return await mergedAnswer(merged, asked, context, { ...store, translators });
    },
  };
}
