import { ANY, type Subscription } from '../model/chat.ts';
import type { Block, MessageDocument } from '../model/message.ts';
import type { SubscriptionTable } from '../ports/store.ts';
import type { Command, CommandContext } from './command.ts';
import { splitYes } from './confirm.ts';
import { type Matcher, nameOfMatcher, problemsAnswer } from './describe.ts';
import { answer, button, code, head, line, note } from './document.ts';
import { namedList } from './subscribe.ts';
import { type SubscriptionsCapabilities, subscriptionsCommand } from './subscriptions.ts';
import { matchersOf, type ParsedTargets, type TargetIndex } from './targets.ts';
import { followedHere } from './threads.ts';

export interface UnsubscribeCapabilities extends SubscriptionsCapabilities {
  subscriptions: Pick<SubscriptionTable, 'list' | 'remove' | 'removeAll'>;
  targets: TargetIndex;
}

export const unsubscribeCommand = (can: UnsubscribeCapabilities): Command => ({
  name: 'unsubscribe',
  aliases: ['unsub', 'unfollow', 'stop'],
  examples: ['unsubscribe ru whatsapp', 'unsubscribe ru', 'unsubscribe all'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { yes, rest } = splitYes(context.args);
    const parsed = can.targets.parse(rest);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'unsubscribe', parsed, true)];
    const here = await followedHere(context, can.subscriptions);
    if (context.args === '' || here.thread.length + here.chat.length === 0)
      return subscriptionsCommand(can).run(context);
    const named = parsed.countries.length > 0 || parsed.services.length > 0;
    const all = !named && parsed.all === 1;
    const wanted = exact(parsed) ?? null;
    const isMeant = (one: Subscription): boolean => all || (wanted ? matches(wanted, one) : covers(parsed, one));
    // What the thread follows by itself ends first; what it does not, is meant of the chat.
    const inThread = here.thread.some(isMeant);
    const followed = inThread ? here.thread : here.chat;
    const id = inThread ? context.thread!.id : context.chat.id;
    if (all) return [await stopAll(yes, { id: id!, followed, inThread }, context, can)];
    const leaving = followed.filter(isMeant);
    if (leaving.length > 0)
      await can.subscriptions.remove(
        id!,
        leaving.map(({ country, service }) => ({ country, service })),
      );
    if (leaving.length > 0) context.changed();
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

const matches = (wanted: Matcher, one: Matcher): boolean =>
  one.country === wanted.country && one.service === wanted.service;

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
  const { words, typed } = context;
  if (!yes) {
    const blocks: Block[] = [
      line(words.say(inThread ? 'thread.ask' : 'unsubscribe.ask', { n: followed.length })),
      namedList(followed, context),
    ];
    if (!context.hasButtons) {
      blocks.push(line(...words.rich('unsubscribe.confirm', { command: code(typed('unsubscribe all yes')) })));
    }
    return answer(words, blocks, [
      [button(words.say('button.yesStop'), 'unsubscribe all yes'), button(words.say('button.no'), 'subscriptions')],
    ]);
  }
  await can.subscriptions.removeAll(id);
  context.changed();
  const done = inThread ? 'thread.stopped' : 'unsubscribe.all';
  return answer(words, [line(...words.rich(done, { command: code(typed('subscribe')) }))]);
}

function outcome(
  wanted: readonly Matcher[],
  leaving: readonly Matcher[],
  left: readonly Matcher[],
  context: CommandContext,
): MessageDocument {
  const { words, typed } = context;
  const gone = leaving.length > 0;
  const blocks: Block[] = [
    head(words.say(gone ? 'unsubscribe.done' : 'unsubscribe.not')),
    namedList(gone ? leaving : wanted, context),
  ];
  const wider = left.find((one) => wanted.some((matcher) => overlaps(one, matcher)));
  if (wider) {
    const name = wanted.find((matcher) => overlaps(wider, matcher))!;
    const target = [name.country, name.service].filter((one) => one !== ANY).join(' ') || 'all';
    const command = code(typed(`mute ${target} for 30d`));
    blocks.push(note(...words.rich('unsubscribe.still', { what: nameOfMatcher(wider, words), command })));
  }
  return answer(words, blocks, [[button(words.say('button.mine'), 'subscriptions')]]);
}

/** Does what is still followed cover (a part of) what should end? */
const overlaps = (left: Matcher, wanted: Matcher): boolean =>
  (left.country === ANY || wanted.country === ANY || left.country === wanted.country) &&
  (left.service === ANY || wanted.service === ANY || left.service === wanted.service);
