import { ANY } from '../../model/chat.ts';
import type { Block, Inline } from '../../model/message.ts';
import type { Translator } from '../../ports/translate.ts';
import { READ_BY_STATES } from '../../render/alert.ts';
import { boundedList } from '../../render/evidence.ts';
import { capital } from '../../render/plain.ts';
import { isCut, newestFirst, type State } from '../../state/fold.ts';
import { answer, button, head, line, list, MARKS, nameOfThing, note, problemsAnswer, wordOf } from '../answer.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';

/** What works in a country now, on one screen, for people there or whose people are there: made to be passed on, so it says as of when and where to look again. */

const MAX_NAMES = 8;

type FamilyCapabilities = Pick<Can, 'knowledgeOf' | 'targets' | 'world'> & WhereCapabilities;
export type WhereCapabilities = Pick<Can, 'accounts' | 'site'>;

export const familyCommand = (can: FamilyCapabilities): Command => ({
  name: 'family',
  examples: ['family ru'],
  who: 'anyone',
  async run(context) {
    const { words, chat, known, now } = context;
    const parsed = can.targets.parse(context.args || (known.words.homes(words.lang)[0] ?? ''));
    const [country] = parsed.countries;
    if (country === undefined) return [problemsAnswer(context, 'family', parsed, false)];
    const present = newestFirst(await can.world.present([{ country, service: ANY }], 'early', now));
    const { works, measurements } = await can.knowledgeOf(country, now);
    const open = works
      .filter((one) => !READ_BY_STATES.has(one) && measurements(one) > 0)
      .map((one) => words.service(one));
    const cut = Map.groupBy(present.filter(isCut), ({ access, action }) => wordOf(access, action));
    const lines = [...cut].map(([word, states]): Inline[] => [
      `${MARKS[states[0]!.access]} `,
      ...words.rich('text.named', { name: capital(words.say(`state.${word}`)), value: namesOf(states, words) }),
    ]);
    if (open.length > 0)
      lines.push([`🟢 ${words.say('advice.works', { services: boundedList(open, MAX_NAMES, words) })}`]);
    const blocks: Block[] = [
      head(words.say('text.named', { name: words.country(country), value: words.dateTime(now, chat.timeZone, now) })),
      ...(lines.length > 0 ? [list(lines)] : [line(words.say('status.nothing', { what: words.country(country) }))]),
      note(words.say('status.rest')),
      note([...new Set(['Tocsin', await whereToCheck(context, can)])].join(' · ')),
    ];
    return [answer(words, blocks, [[button(words.say('button.status'), `status ${country}`)]])];
  },
});

const namesOf = (states: readonly State[], words: Translator): string =>
  boundedList([...new Set(states.map((one) => nameOfThing(one, words)))], MAX_NAMES, words);

/** For whoever gets something passed on: the site, else this bot's name on the platform that it was asked on; the name alone where neither is known. */
export async function whereToCheck({ words, senderId }: CommandContext, can: WhereCapabilities): Promise<string> {
  const platform = senderId.split(':')[0];
  const where = can.site ?? (await can.accounts()).find((one) => one.platform === platform)?.name;
  return where ? words.say('picture.where', { where: where.replace(/^https:\/\//u, '') }) : 'Tocsin';
}
