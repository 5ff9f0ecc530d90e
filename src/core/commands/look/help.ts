import type { Block, Inline } from '../../model/message.ts';
import { creditLine } from '../../render/evidence.ts';
import { foreign } from '../../render/plain.ts';
import { answer, button, code, head, line, list, note } from '../answer.ts';
import { keyOf } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';

/** Told first: what most people want. The others are behind [More]. */
const FIRST: readonly string[] = ['subscribe', 'unsubscribe', 'status', 'history', 'mute', 'settings'];
const ALL = 'all';

type HelpCapabilities = Pick<Can, 'commands' | 'isOperator'>;

/** Generated from the commands' own descriptions. */
export const helpCommand = (can: HelpCapabilities): Command => ({
  name: 'help',
  examples: ['help', 'help all', 'help subscribe'],
  who: 'anyone',
  async run(context) {
    const { words, typed, hint, known } = context;
    const admin = context.chat.kind === 'private' || (await context.mayChange());
    const commands = can.commands().filter((one) => isFor(one, context, can, admin));
    const asked = keyOf(context.args);
    const one = commands.find(
      (command) =>
        asked !== '' &&
        (command.name === asked || known.words.all(`command.${command.name}`).some((word) => keyOf(word) === asked)),
    );
    if (one) return [answer(words, about(one, context))];
    // Whoever looks for what there is not sees all that there is.
    const all = asked !== '';
    const items = (all ? commands : commands.filter(({ name }) => FIRST.includes(name))).map((command): Inline[] => [
      code(typed(command.examples[0]!)),
      `${words.dash}${words.say(`command.${command.name}`)}`,
    ]);
    const unknown =
      asked === '' || asked === ALL ? [] : [line(words.say('error.unknown', { word: foreign(context.args, 40) }))];
    return [
      answer(
        words,
        [
          ...unknown,
          head(words.say('help.head')),
          list(items),
          note(...(all ? hint('help.more', 'help subscribe') : hint('error.help', `help ${ALL}`))),
        ],
        [
          [button(words.say('button.mine'), 'subscriptions'), button(words.say('button.status'), 'status')],
          all ? [] : [button(words.say('button.more'), `help ${ALL}`)],
        ],
      ),
    ];
  },
});

/** In a group its members are not shown what only its admins may. */
const isFor = (one: Command, context: CommandContext, can: HelpCapabilities, admin: boolean): boolean =>
  (one.who !== 'operators' || can.isOperator(context)) &&
  (one.who !== 'admins' || admin) &&
  (one.name !== 'channel' || context.hasChannels);

function about(command: Command, { words, typed, known }: CommandContext): Block[] {
  const langs = new Set(['en', words.lang]);
  const forms = [...langs].flatMap((lang) => known.words.in(lang, `command.${command.name}`));
  return [
    line({ bold: [command.name] }, `${words.dash}${words.say(`command.${command.name}`)}`),
    list(command.examples.map((example): Inline[] => [code(typed(example))])),
    ...(forms.length > 0 ? [note(words.say('help.forms', { forms: words.list(forms) }))] : []),
  ];
}

export const aboutCommand = ({ credits, about: own = {} }: Pick<Can, 'credits' | 'about'>): Command => ({
  name: 'about',
  examples: ['about'],
  who: 'anyone',
  async run({ words, hint }) {
    // In another language rather than not at all: it may be where help is found.
    const said = own[words.lang] ?? own.en ?? Object.values(own)[0];
    const ladder = (['reported', 'suspected', 'corroborated', 'confirmed'] as const).map((level): Inline[] => [
      words.say(`about.${level}`),
    ]);
    return [
      answer(words, [
        line(words.say('about.what')),
        ...(said === undefined ? [] : said.split('\n').map((text) => line(text))),
        head(words.say('about.sure')),
        list(ladder),
        line(words.say('about.marks')),
        ...(credits.length > 0 ? [note(...creditLine(credits, words))] : []),
        note(...hint('about.privacy', 'forget')),
      ]),
    ];
  },
});
