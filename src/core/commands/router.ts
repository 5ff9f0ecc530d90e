import { logFailure } from '../errors.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ReplyKind } from '../outbox/reply-queue.ts';
import type { IncomingCommand, MenuEntry } from '../ports/chat-adapter.ts';
import type { CommandOutcome } from '../ports/metrics.ts';
import type { Translators } from '../ports/translate.ts';
import { type Admission, createAdmission, isQuestion, planAnswer, refusal, whoMay } from './admission.ts';
import { createCommands } from './all.ts';
import { answer, line } from './answer.ts';
import { createTargetIndex } from './asking/targets.ts';
import { vocabularyOf } from './asking/vocabulary.ts';
import { BESIDE, type Command } from './command.ts';
import type { Manner, Router, RouterAnswer, RouterDeps } from './context.ts';
import { type Given, createReading, isForeign } from './read-command.ts';
import { createInline, createRun } from './run-command.ts';
import { type ThroughChannel, throughChannel } from './settings/channel-and-board.ts';

/** From what came in to what is answered: read, admitted, decided (`admission.ts`), run. */
export function createRouter(deps: RouterDeps): Router {
  const { log, translators } = deps;
  const targets = createTargetIndex(deps.catalogue, translators.typed);
  const known = vocabularyOf(translators.typed);
  const can = createCommands(deps, targets);
  const { commands, command: byName, picks } = can;
  const reading = createReading({ ...deps, known, commands: commands(), targets, picks });
  const admit = createAdmission(deps);
  const { contextOf, run, aside: askedAside, later } = createRun(deps, can);

  async function respond(event: IncomingCommand, crowded: boolean): Promise<RouterAnswer | null> {
    await reading.prepare(event.text);
    const given = await reading.answering(await reading.sought(reading.of(event)));
    if (isForeign(given) || (await reading.wasToldOfText(given))) return null;
    const admission = await admit(event, given.command, given.args);
    if (given.command?.name !== 'channel' || admission.verdict !== 'allowed')
      return await answerTo(given, crowded, admission);
    const through = await throughChannel(event, given.args, given.home);
    return through ? await answerThrough(given, through) : await answerTo(given, false, admission);
  }

  /** Always in full: what is merged in a private chat is about that chat. */
  async function answerThrough(given: Given, through: ThroughChannel): Promise<RouterAnswer | null> {
    const inner = reading.of(through.event, through);
    const made = await answerTo(inner, false, await admit(inner.event, inner.command, inner.args));
    if (!made) return null;
    const wrapped = (document: MessageDocument) => through.wrap(document, translators.of(document.lang));
    const documents = made.documents.map(wrapped);
    return { ...made, kind: 'text', documents, later: (merged) => later(given, merged) };
  }

  async function answerTo(given: Given, crowded: boolean, admission: Admission): Promise<RouterAnswer | null> {
    const { event, command, args } = given;
    const { asker, aside } = admission;
    const replaces = command?.replaces === true && event.button !== null && !args.endsWith(BESIDE);
    const give = (kind: ReplyKind, documents: MessageDocument[], replacing = false): RouterAnswer => ({
      documents,
      replaces: replacing,
      kind,
      asker,
      forgotten: kind === 'change' && command?.name === 'forget',
      aside,
      later: (merged) => later(given, merged),
    });
    const counted = (outcome: CommandOutcome) => deps.metrics?.command(command?.name ?? null, outcome);
    const question = isQuestion(command, args);
    const plan = planAnswer({ isCommand: command !== null, question, crowded }, admission);
    const manner: Manner = { brief: plan.do === 'run' && plan.brief, changed: false, aside };
    switch (plan.do) {
      case 'nothing':
        counted('silent');
        return null;
      case 'put-off':
        return give('question', [], replaces);
      case 'answer-aside':
        return give('question', await askedAside(given));
      case 'say-slow': {
        const { words } = await contextOf(given, manner);
        counted('slow');
        return give('dropped', [answer(words, [line(words.say('error.slow'))])]);
      }
      case 'refuse': {
        const context = await contextOf(given, manner);
        counted('refused');
        return give('text', [await refusal(whoMay(command!, args), event.sender, context, aside)]);
      }
      case 'run': {
        const documents = await run(given, await contextOf(given, manner));
        await reading.asks(given, documents);
        // A text and its picture, or its files, stay together: both come afresh. A keyboard comes and goes with a message of its own.
        if (documents.some(({ picture }) => picture)) deps.pictures?.soon();
        const alone = documents.every(({ picture, file, keyboard }) => !picture && !file && !keyboard);
        return give(manner.changed ? 'change' : question ? 'question' : 'text', documents, replaces && alone);
      }
    }
  }

  return {
    async handle(event, crowded = false) {
      try {
        return await respond(event, crowded);
      } catch (error) {
        deps.metrics?.command(null, 'failed');
        logFailure(log, 'Unable to read a chat', error);
        return failedAnswer(event, deps);
      }
    },
    read(typed) {
      const { command, args } = reading.text(typed);
      const changes = command !== null && command.who !== 'operators' && args !== '' && !isQuestion(command, args);
      return { name: command?.name ?? null, args, changes };
    },
    inline: createInline({ ...deps, admit, targets, status: byName('status') }),
    words: (event) => contextOf(reading.of(event), { brief: false, changed: false, aside: false }),
    later: (event) => (merged) => later(reading.of(event), merged),
    menus: () =>
      translators.languages.map(({ code: lang }) => ({ lang, commands: menuOf(commands(), lang, translators) })),
  };
}

/** Not even the chat's language could be read: it is said in the default one. */
function failedAnswer({ button }: IncomingCommand, { translators, defaultLang }: RouterDeps): RouterAnswer {
  const words = translators.of(defaultLang ?? 'en');
  const failed = answer(words, [line(words.say('error.failed'))]);
  return {
    documents: [failed],
    replaces: false,
    kind: 'text',
    asker: 'person',
    forgotten: false,
    aside: button?.whisper !== undefined,
    later: async () => failed,
  };
}

const menuOf = (commands: readonly Command[], lang: string, translators: Translators): MenuEntry[] =>
  commands
    .filter((command) => command.who !== 'operators')
    .map(({ name, who }) => ({
      name,
      description: translators.descriptions(lang)[`command.${name}`],
      inGroups: name === 'channel' ? 'nobody' : who === 'anyone' ? 'everyone' : 'admins',
    }));
