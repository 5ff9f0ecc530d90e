import { ANY, type Silence, type Subscription } from '../../model/chat.ts';
import type { Block, MessageDocument } from '../../model/message.ts';
import type { Translators } from '../../ports/translate.ts';
import {
  answer,
  button,
  type Followed,
  followedHere,
  head,
  isSame,
  line,
  type Matcher,
  nameOfMatcher,
  note,
  problemsAnswer,
  rows,
  typedMatcher,
} from '../answer.ts';
import { matchersOf, type ParsedTargets } from '../asking/targets.ts';
import type { Can } from '../capabilities.ts';
import { type Command, type CommandContext, splitYes } from '../command.ts';
import { mutedTexts } from '../settings/mute.ts';
import { pairLines } from '../settings/pairs.ts';
import { languageLabel } from '../settings/settings.ts';
import { namedList } from './subscribe.ts';

const MAX_BUTTONS = 20;

type SubscriptionsCapabilities = Pick<Can, 'subscriptions' | 'silences' | 'translators' | 'store'>;

export const subscriptionsCommand = (can: SubscriptionsCapabilities): Command => ({
  name: 'subscriptions',
  examples: ['subscriptions'],
  who: 'anyone',
  replaces: true,
  async run(context) {
    const { id } = context.chat;
    const followed = await followedHere(context, can.subscriptions);
    const silences = id === null ? [] : await can.silences.list(id, context.now);
    const pair = await pairLines(context, can.store);
    return [overview(followed, [...mutedLines(silences, context), ...pair], context, can.translators)];
  },
});

/** Countries together, "everywhere" first. */
export const inOrder = (followed: readonly Subscription[]): Subscription[] =>
  [...followed].sort((a, b) => compare(a.country, b.country) || compare(a.service, b.service));
const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

export const mutedLines = (silences: readonly Silence[], context: CommandContext): Block[] =>
  mutedTexts(silences, context).map((text) => line(text));

/** "How sure: corroborated · language: English · time zone: UTC". */
export function settingsLine({ words, chat }: CommandContext, translators: Translators): Block {
  const language = translators.languages.find((one) => one.code === chat.lang)?.name ?? chat.lang;
  const level = words.say(`level.${chat.level}`);
  return note(words.say('subscriptions.settings', { level, language, zone: chat.timeZone }));
}

function overview(followed: Followed, more: Block[], context: CommandContext, translators: Translators) {
  const { words, hint } = context;
  const blocks: Block[] = [];
  const [thread, chat] = [inOrder(followed.thread), inOrder(followed.chat)];
  const ordered = [...thread, ...chat];
  if (ordered.length === 0) {
    blocks.push(line(...hint('subscriptions.none', 'subscribe')));
  }
  if (thread.length > 0) blocks.push(head(words.say('thread.follows')), namedList(thread, context));
  if (chat.length > 0) blocks.push(head(words.say('subscriptions.head')), namedList(chat, context));
  blocks.push(...more, settingsLine(context, translators));
  const first = ordered[0];
  if (first && !context.hasButtons) {
    blocks.push(note(...hint('subscriptions.remove', `unsubscribe ${typedMatcher(first)}`)));
  }
  const removals = ordered.slice(0, MAX_BUTTONS).map((one) => {
    const everything = one.country === ANY && one.service === ANY;
    return button(
      `✖ ${nameOfMatcher(one, words)}`,
      everything ? 'unsubscribe * *' : `unsubscribe ${typedMatcher(one)}`,
    );
  });
  const settings = [button(words.say('button.sure'), 'level'), button(languageLabel(words), 'language')];
  return answer(words, blocks, [...rows(removals, 1), settings]);
}

type UnsubscribeCapabilities = SubscriptionsCapabilities & Pick<Can, 'targets'>;

export const unsubscribeCommand = (can: UnsubscribeCapabilities): Command => ({
  name: 'unsubscribe',
  examples: ['unsubscribe ru whatsapp', 'unsubscribe ru', 'unsubscribe all'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { yes, rest } = splitYes(context.args, context.known);
    const parsed = can.targets.parse(rest);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'unsubscribe', parsed, true)];
    const here = await followedHere(context, can.subscriptions);
    if (context.args === '' || here.thread.length + here.chat.length === 0)
      return subscriptionsCommand(can).run(context);
    const named = parsed.countries.length > 0 || parsed.services.length > 0;
    const all = !named && parsed.all === 1;
    const wanted = exact(parsed);
    const isMeant = (one: Subscription): boolean => all || (wanted ? isSame(wanted, one) : covers(parsed, one));
    // What the thread follows by itself ends first; what it does not, is meant of the chat.
    const inThread = here.thread.some(isMeant);
    const followed = inThread ? here.thread : here.chat;
    const id = inThread ? context.thread!.id : context.chat.id;
    if (all) return [await stopAll(yes, { id: id!, followed, inThread }, context, can)];
    const leaving = followed.filter(isMeant);
    if (leaving.length > 0) {
      await can.subscriptions.remove(id!, leaving);
      context.changed();
    }
    const left = followed.filter((one) => !leaving.includes(one));
    return [outcome(matchersOf(parsed), leaving, left, context)];
  },
});

/** "* *", "RU *", "* whatsapp": just this one matcher, as the buttons of the list mean it. */
function exact({ countries, services, all }: ParsedTargets): Matcher | null {
  if (countries.length === 0 && services.length === 0) return all > 1 ? { country: ANY, service: ANY } : null;
  if (all === 0 || countries.length + services.length !== 1) return null;
  return { country: countries[0] ?? ANY, service: services[0] ?? ANY };
}

/** Without a service everything of the country ends, without a country the service ends everywhere. */
const covers = ({ countries, services }: ParsedTargets, one: Matcher): boolean =>
  (countries.length === 0 || countries.includes(one.country)) &&
  (services.length === 0 || services.includes(one.service));

async function stopAll(
  yes: boolean,
  { id, followed, inThread }: { id: number; followed: readonly Subscription[]; inThread: boolean },
  context: CommandContext,
  can: UnsubscribeCapabilities,
): Promise<MessageDocument> {
  const { words, hint } = context;
  if (!yes) {
    const blocks: Block[] = [
      line(words.say(inThread ? 'thread.ask' : 'unsubscribe.ask')),
      namedList(followed, context),
    ];
    if (!context.hasButtons) {
      blocks.push(line(...hint('unsubscribe.confirm', 'unsubscribe all yes')));
    }
    return answer(words, blocks, [
      [button(words.say('button.yesStop'), 'unsubscribe all yes'), button(words.say('button.no'), 'subscriptions')],
    ]);
  }
  await can.subscriptions.removeAll(id);
  context.changed();
  const done = inThread ? 'thread.stopped' : 'unsubscribe.all';
  return answer(words, [line(...hint(done, 'subscribe'))]);
}

function outcome(
  wanted: readonly Matcher[],
  leaving: readonly Matcher[],
  left: readonly Matcher[],
  context: CommandContext,
): MessageDocument {
  const { words, hint } = context;
  const gone = leaving.length > 0;
  const blocks: Block[] = [
    head(words.say(gone ? 'unsubscribe.done' : 'unsubscribe.not')),
    namedList(gone ? leaving : wanted, context),
  ];
  const wider = left.find((one) => wanted.some((matcher) => overlaps(one, matcher)));
  if (wider) {
    const name = wanted.find((matcher) => overlaps(wider, matcher))!;
    const target = [name.country, name.service].filter((one) => one !== ANY).join(' ') || 'all';
    const what = nameOfMatcher(wider, words);
    blocks.push(note(...hint('unsubscribe.still', `mute ${target} for 30d`, { what })));
  }
  return answer(words, blocks, [[button(words.say('button.mine'), 'subscriptions')]]);
}

/** Does what is still followed cover (a part of) what should end? */
const overlaps = (left: Matcher, wanted: Matcher): boolean =>
  (left.country === ANY || wanted.country === ANY || left.country === wanted.country) &&
  (left.service === ANY || wanted.service === ANY || left.service === wanted.service);
