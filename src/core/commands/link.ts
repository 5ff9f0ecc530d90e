import type { Link } from '../model/link.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { ChatLabel, Notice } from '../model/notice.ts';
import type { Ids } from '../ports/ids.ts';
import type { Forgettable } from '../ports/state.ts';
import type { Store } from '../ports/store.ts';
import { labelOf, platformName } from '../render/pair.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, button, code, line, list, note, rows } from './document.ts';
import { CODE_MS, createLinkCodes, type LinkCodes, readCode, shownCode } from './link-codes.ts';
import { keyOf } from './target-names.ts';
import { wholeChat } from './threads.ts';

/** An account of the bot, for people who look for it elsewhere. */
export interface AccountName {
  id: string;
  platform: string;
  commandPrefix: string;
  /** As people write to it; null = not known yet. */
  name: string | null;
}

export interface LinkCapabilities {
  store: Pick<Store, 'links' | 'notices' | 'chats'>;
  codes: Forgettable;
  ids: Ids;
  accounts(): Promise<AccountName[]>;
}

type Wish = 'test' | 'monthly' | 'monthly off' | 'both' | 'both off' | 'end';
const WISHES = new Map<string, Wish>(
  Object.entries({
    test: 'test',
    проверка: 'test',
    проверить: 'test',
    monthly: 'monthly',
    'monthly on': 'monthly',
    ежемесячно: 'monthly',
    'monthly off': 'monthly off',
    both: 'both',
    'both on': 'both',
    оба: 'both',
    'both off': 'both off',
    off: 'end',
    end: 'end',
  }),
);

interface Parts extends LinkCapabilities {
  pairs: LinkCodes;
}

/**
 * Joins this chat with one on another platform by a one-time code: asked for in the first, written in the second. Where several people read the
 * code (a group), an admin has to agree there.
 */
export const linkCommand = (can: LinkCapabilities): Command => {
  const parts: Parts = { ...can, pairs: createLinkCodes(can.codes, can.ids) };
  return {
    name: 'link',
    aliases: ['pair', 'связать', 'соединить', 'запасной'],
    examples: ['link', 'link ABCD-EFGH', 'link test', 'link monthly'],
    who: 'admins',
    replaces: true,
    async run(context) {
      const { args } = context;
      const agrees = /^agree\s+(\S+)$/iu.exec(args.trim())?.[1];
      if (agrees !== undefined) return [await agree(agrees, context, parts)];
      const wish = WISHES.get(keyOf(args) || args);
      const code_ = readCode(args);
      if (wish === undefined && code_ !== null) return [await redeem(code_, context, parts)];
      const link = context.chat.id === null ? null : await can.store.links.of(context.chat.id);
      if (!link) return [wish === 'end' ? notPaired(context) : await offer(context, parts)];
      if (wish === 'end') return [await part(context, parts)];
      return [await settle(link, wish ?? null, context, parts)];
    },
  };
};

export const unlinkCommand = (can: Pick<LinkCapabilities, 'store' | 'ids'>): Command => ({
  name: 'unlink',
  aliases: ['unpair', 'разъединить', 'отвязать'],
  examples: ['unlink'],
  who: 'admins',
  replaces: true,
  run: async (context) => [await part(context, can)],
});

/** How the other chat of a pair is called; null = it has just been forgotten. */
async function otherOf(
  link: Link,
  chatId: number,
  { store }: Pick<LinkCapabilities, 'store'>,
): Promise<ChatLabel | null> {
  const other = await store.chats.get(link.mainId === chatId ? link.spareId : link.mainId);
  return other ? { platform: other.platform, kind: other.kind } : null;
}

const ownLabel = async (context: CommandContext): Promise<ChatLabel & { id: number }> => {
  const { id, platform, kind } = await context.row();
  return { id, platform, kind };
};

/** What a second chat is for, and the code for it. */
async function offer(context: CommandContext, { accounts, pairs }: Parts): Promise<MessageDocument> {
  const { words } = context;
  const { id, platform, kind } = await ownLabel(context);
  const row = await context.row();
  const elsewhere = (await accounts()).filter((one) => one.id !== row.accountId);
  if (elsewhere.length === 0) return answer(words, [line(words.say('link.alone'))]);
  const made = await pairs.issue({ chatId: id, label: { platform, kind } });
  const forms = elsewhere.slice(0, 5).map((one): Inline[] => {
    const where = [platformName(one.platform), one.name].filter(Boolean).join(', ');
    return [`${where}: `, code(`${one.commandPrefix}link ${shownCode(made)}`)];
  });
  return answer(words, [
    line(words.say('link.what', { platform: platformName(platform) })),
    line(words.say('link.how', { time: words.duration(CODE_MS) })),
    list(forms),
    ...wholeChat(context),
  ]);
}

/** Written in the chat that is to be the second. */
async function redeem(typedCode: string, context: CommandContext, parts: Parts): Promise<MessageDocument> {
  const { words, typed } = context;
  const { store, pairs, ids } = parts;
  const say = (...blocks: Block[]) => answer(words, [...blocks, ...wholeChat(context)]);
  const own = await ownLabel(context);
  const spare = await context.row();
  const who = [context.senderId, `chat/${own.id}`];
  if (!(await pairs.mayTry(who))) return say(line(words.say('link.tries')));
  const coded = await pairs.find(typedCode);
  const main = coded && (await store.chats.get(coded.chatId));
  if (!coded || main?.state !== 'active') {
    // The same command once more, after a kill: what it did is there.
    const link = await store.links.of(own.id);
    if (link) return settle(link, null, context, parts);
    await pairs.missed(who);
    return say(line(...words.rich('link.wrong', { time: words.duration(CODE_MS), command: code(typed('link')) })));
  }
  if (main.id === own.id) return say(line(words.say('link.same')));
  if (main.accountId === spare.accountId) return say(line(words.say('link.account')));
  const other = labelOf(coded.label, words);
  const now = context.now;
  if (main.kind !== 'private') {
    await pairs.spend(typedCode);
    const label = { platform: own.platform, kind: own.kind };
    const asking = await pairs.ask({ mainId: main.id, spareId: own.id, label });
    await store.notices.tell(ids.next(), { kind: 'link-asks', other: label, code: asking }, [main.id], {
      priority: 'alert',
      now,
    });
    return say(line(words.say('link.asked', { other })));
  }
  if (!(await join(main.id, own.id, { kind: 'link-joined', other: own }, context, parts)))
    return say(line(...words.rich('link.taken', { command: code(typed('unlink')) })));
  await pairs.spend(typedCode);
  return say(line(words.say('link.joined', { other })), ...endLine(context));
}

/** Joined, and the first chat told so, together. */
async function join(
  mainId: number,
  spareId: number,
  notice: { kind: 'link-joined'; other: ChatLabel } | null,
  { now }: CommandContext,
  { store, ids }: Parts,
): Promise<boolean> {
  if (!(await store.links.join(mainId, spareId, now))) return false;
  await takeOver(mainId, spareId, store);
  if (!notice) return true;
  const { platform, kind } = notice.other;
  const told: Notice = { kind: 'link-joined', other: { platform, kind } };
  await store.notices.tell(ids.next(), told, [mainId], { priority: 'reply', now });
  return true;
}

/** A second chat that has chosen nothing yet takes over when the first one wants to be left alone, and by which clock. */
async function takeOver(mainId: number, spareId: number, { chats }: Pick<Store, 'chats'>): Promise<void> {
  const [main, spare] = [await chats.get(mainId), await chats.get(spareId)];
  if (!main?.settings.quiet || !spare || spare.settings.quiet || spare.timeZone !== 'UTC') return;
  const settings = { ...spare.settings, quiet: main.settings.quiet };
  await chats.update(spareId, { settings, timeZone: main.timeZone });
}

/** In the group whose code somebody wrote elsewhere. */
async function agree(typedCode: string, context: CommandContext, parts: Parts): Promise<MessageDocument> {
  const { words, typed } = context;
  const own = await ownLabel(context);
  const read = readCode(typedCode);
  const asked = read === null ? null : await parts.pairs.agreed(read, own.id);
  if (!asked) {
    const link = await parts.store.links.of(own.id);
    if (link) return settle(link, null, context, parts);
    return answer(words, [
      line(...words.rich('link.wrong', { time: words.duration(CODE_MS), command: code(typed('link')) })),
    ]);
  }
  if (!(await join(own.id, asked.spareId, null, context, parts)))
    return answer(words, [line(...words.rich('link.taken', { command: code(typed('unlink')) }))]);
  const told: Notice = { kind: 'link-joined', other: { platform: own.platform, kind: own.kind } };
  await parts.store.notices.tell(parts.ids.next(), told, [asked.spareId], { priority: 'reply', now: context.now });
  const other = labelOf(asked.label, words);
  return answer(words, [line(words.say('notice.joined', { other })), ...endLine(context), ...wholeChat(context)]);
}

const endLine = ({ words, typed, hasButtons }: CommandContext): Block[] =>
  hasButtons ? [] : [note(...words.rich('link.end', { command: code(typed('unlink')) }))];

/** The pair as it is, and what of it may be changed. */
async function settle(link: Link, wish: Wish | null, context: CommandContext, parts: Parts): Promise<MessageDocument> {
  const { words, now } = context;
  const { store, ids } = parts;
  const own = await ownLabel(context);
  const label = await otherOf(link, own.id, parts);
  if (!label) return notPaired(context);
  const other = labelOf(label, words);
  if (link.spareId === own.id) {
    const first = line(wish ? words.say('link.onlyMain') : words.say('link.spare', { other }));
    return answer(words, [first, ...endLine(context), ...wholeChat(context)], [[endButton(context)]]);
  }
  if (wish === 'test') {
    await store.links.update(link.mainId, { testedAt: now });
    const notice: Notice = { kind: 'link-test', other: { platform: own.platform, kind: own.kind } };
    await store.notices.tell(ids.next(), notice, [link.spareId], { priority: 'alert', now });
    return answer(words, [line(words.say('link.tested', { other }))], [[endButton(context)]]);
  }
  const monthlyTest = wish === 'monthly' ? true : wish === 'monthly off' ? false : link.monthlyTest;
  const both = wish === 'both' ? true : wish === 'both off' ? false : link.both;
  await store.links.update(link.mainId, { monthlyTest, both });
  return overview({ ...link, monthlyTest, both }, { other, platform: own.platform }, context);
}

function overview(
  link: Link,
  { other, platform }: { other: string; platform: string },
  context: CommandContext,
): MessageDocument {
  const { words, typed } = context;
  const blocks: Block[] = [line({ bold: [words.say('settings.pair')] }, `: ${other}`)];
  if (link.both && link.because !== null)
    blocks.push(
      line(words.say('link.now', { platform: platformName(platform), country: words.country(link.because) })),
    );
  const choice = (key: 'link.bothOff' | 'link.bothOn' | 'link.monthlyOff' | 'link.monthlyOn', command: string): Block =>
    note(...words.rich(key, { command: code(typed(command)) }));
  blocks.push(
    link.monthlyTest ? choice('link.monthlyOff', 'link monthly off') : choice('link.monthlyOn', 'link monthly'),
    link.both ? choice('link.bothOff', 'link both off') : choice('link.bothOn', 'link both'),
  );
  blocks.push(...endLine(context));
  const buttons: Button[] = [button(words.say('button.test'), 'link test'), endButton(context)];
  return answer(words, [...blocks, ...wholeChat(context)], rows(buttons, 2));
}

const endButton = ({ words }: CommandContext): Button => button(words.say('button.unlink'), 'unlink');

const notPaired = ({ words, typed }: CommandContext): MessageDocument =>
  answer(words, [line(...words.rich('unlink.none', { command: code(typed('link')) }))]);

/** The other chat of the pair is told. */
async function part(context: CommandContext, can: Pick<LinkCapabilities, 'store' | 'ids'>): Promise<MessageDocument> {
  const { words, chat, now } = context;
  const link = chat.id === null ? null : await can.store.links.of(chat.id);
  if (!link) return notPaired(context);
  const label = await partPair(link, chat.id!, now, can);
  const other = label ? labelOf(label, words) : '–';
  return answer(words, [line(words.say('unlink.done', { other })), ...wholeChat(context)]);
}

/** Takes a pair apart for one of the two, and tells the other. Returns how the other is called. */
export async function partPair(
  link: Link,
  chatId: number,
  now: number,
  { store, ids }: Pick<LinkCapabilities, 'store' | 'ids'>,
): Promise<ChatLabel | null> {
  const own = await store.chats.get(chatId);
  const label = await otherOf(link, chatId, { store });
  await store.links.part(chatId);
  if (!own || !label) return label;
  const otherId = link.mainId === chatId ? link.spareId : link.mainId;
  const other = { platform: own.platform, kind: own.kind };
  await store.notices.tell(ids.next(), { kind: 'link-parted', other }, [otherId], { priority: 'reply', now });
  return label;
}
