import { ANY } from '../../model/chat.ts';
import type { Block } from '../../model/message.ts';
import { answer, button, code, head, incidentList, line, note, problemsAnswer } from '../answer.ts';
import { matchersOf } from '../asking/targets.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { sightBlocks } from '../look/health.ts';
import { newestFirst, openNow } from '../look/known.ts';
import { firstButtons, pickLine } from './pickers.ts';
import { follow, type SubscribeCapabilities } from './subscribe.ts';

const MAX_SHOWN = 3;
/** By this `tocsin setup` knew whose Start it was; here it says nothing. */
const SETUP_CODE = /(^| )setup-[0-9a-z]{1,20}$/i;

type StartCapabilities = SubscribeCapabilities & Pick<Can, 'health'>;

export const startCommand = (can: StartCapabilities): Command => ({
  name: 'start',
  examples: ['start'],
  who: 'anyone',
  async run(context) {
    const hello = await greeting(context, can);
    if (context.args === '') return [hello];
    // A deep link: "?start=ru-whatsapp", which cannot hold spaces. In a group only admins get more than a greeting by it.
    const parsed = can.targets.parse(context.args.replaceAll('_', ' ').replace(SETUP_CODE, ''));
    const matchers = matchersOf(parsed);
    if (parsed.problems.length > 0) return [hello, problemsAnswer(context, 'subscribe', parsed, true)];
    if (matchers.length === 0 || !(await context.mayChange())) return [hello];
    return [await follow(matchers, context, can)];
  },
});

async function greeting(context: CommandContext, can: StartCapabilities) {
  const { words, typed } = context;
  const open = newestFirst(await openNow(can.incidents, [{ country: ANY, service: ANY }], context.chat.level));
  const blocks: Block[] = [
    head(words.say('start.hello')),
    line(words.say('start.what')),
    ...sightBlocks(await can.health(), words),
    ...(open.length > 0
      ? [
          line(words.say('start.open', { n: open.length })),
          ...incidentList(open.slice(0, MAX_SHOWN), MAX_SHOWN, context),
        ]
      : [line(words.say('start.none'))]),
    ...(context.hasButtons
      ? [
          line(words.say('start.ask')),
          note(...words.rich('start.type', { command: code(typed('subscribe ru whatsapp')) })),
        ]
      : [pickLine(context)]),
    note(...words.rich('error.help', { command: code(typed('help')) })),
  ];
  return answer(words, blocks, [firstButtons(context), [button(words.say('button.help'), 'help')]]);
}
