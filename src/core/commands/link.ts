import type { Both, Link } from '../model/link.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { ChatLabel, Notice } from '../model/notice.ts';
import type { Ids } from '../ports/ids.ts';
import type { Forgettable } from '../ports/state.ts';
import type { Store } from '../ports/store.ts';
import { labelOf, markOf, platformName } from '../render/pair.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, button, code, line, list, note, rows } from './document.ts';
import { type BothCapabilities, bothBlocks, longCutOff } from './link-both.ts';
import { CODE_MS, createLinkCodes, type LinkCodes, readCode, shownCode } from './link-codes.ts';
import { keyOf } from './target-names.ts';
import { wholeChat } from './threads.ts';
import { notPaired, otherOf, part } from './unlink.ts';

/** An account of the bot, for people who look for it elsewhere. */
export interface AccountName {
  id: string;
  platform: string;
  commandPrefix: string;
  /** As people write to it; null = not known yet. */
  name: string | null;
}

export interface LinkCapabilities extends BothCapabilities {
  store: BothCapabilities['store'] & Pick<Store, 'notices'>;
  codes: Forgettable;
  ids: Ids;
  accounts(): Promise<AccountName[]>;
}

type Wish = 'test' | 'monthly' | 'monthly off' | 'both' | 'both always' | 'both off' | 'end';
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
    'both always': 'both always',
    always: 'both always',
    оба: 'both',
    'оба всегда': 'both always',
    всегда: 'both always',
    'both off': 'both off',
    off: 'end',
    end: 'end',
  }),
);

/** Between two tests that somebody asks for, ms. */
const TEST_AGAIN = 2 * 60_000;

const BOTH_BY_WISH: ReadonlyMap<Wish, Both> = new Map([
  ['both', 'new'],
  ['both always', 'always'],
  ['both off', 'never'],
]);

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
      if (wish === undefined && args.trim() !== '') return [wrong(context)];
      const link = context.chat.id === null ? null : await can.store.links.of(context.chat.id);
      if (!link) return [wish === 'end' ? notPaired(context) : await offer(context, parts)];
      if (wish === 'end') return [await part(context, parts)];
      return [await settle(link, wish ?? null, context, parts)];
    },
  };
};

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
  // As it is now: the row may be from a time when there were two.
  const made = await pairs.issue({
    chatId: id,
    label: { platform, kind: kind === 'private' ? context.chat.kind : kind },
  });
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
    return wrong(context);
  }
  // Where many read it, a code of no use here would be of use to them.
  const burn = async (): Promise<void> => {
    if (context.chat.kind !== 'private') await pairs.spend(typedCode);
  };
  if (main.id === own.id) {
    await burn();
    return say(line(words.say('link.same')));
  }
  if (main.accountId === spare.accountId) {
    await burn();
    return say(line(words.say('link.account')));
  }
  const other = labelOf(coded.label, words);
  const now = context.now;
  // What was a chat of two may have become a room of many, who all read the code.
  if (main.kind !== 'private' || coded.label.kind !== 'private') {
    // Of two who write it at one moment, one has it.
    if (!(await pairs.spend(typedCode))) return wrong(context);
    const label = { platform: own.platform, kind: own.kind };
    const asking = await pairs.ask({ mainId: main.id, spareId: own.id, label });
    await store.notices.tell(ids.next(), { kind: 'link-asks', other: label, code: asking }, [main.id], {
      priority: 'alert',
      now,
    });
    return say(line(...words.rich('link.asked', { other, mark: code(markOf(asking)) })));
  }
  if (!(await join(main.id, own.id, { kind: 'link-joined', other: own }, context, parts))) {
    await burn();
    return say(line(...words.rich('link.taken', { command: code(typed('unlink')) })));
  }
  await pairs.spend(typedCode);
  return say(line(words.say('link.joined', { other })), ...endLine(context));
}

const wrong = (context: CommandContext): MessageDocument => {
  const { words, typed } = context;
  const time = words.duration(CODE_MS);
  return answer(words, [
    line(...words.rich('link.wrong', { time, command: code(typed('link')) })),
    ...wholeChat(context),
  ]);
};

/** Joined, and the first chat told so, together. */
async function join(
  mainId: number,
  spareId: number,
  notice: { kind: 'link-joined'; other: ChatLabel } | null,
  { now }: CommandContext,
  parts: Parts,
): Promise<boolean> {
  const { store, ids } = parts;
  if (!(await store.links.join(mainId, spareId, now))) return false;
  await takeOver(mainId, spareId, store);
  if (!notice) return true;
  const { platform, kind } = notice.other;
  const link = await store.links.of(mainId);
  const country = link && (await longCutOff(link, parts));
  const main = await store.chats.get(mainId);
  const long = country && main ? { long: { platform: main.platform, country } } : {};
  const joined: Notice = { kind: 'link-joined', other: { platform, kind }, ends: true, ...long };
  await store.notices.tell(ids.next(), joined, [mainId], { priority: 'reply', now });
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
    return wrong(context);
  }
  if (!(await join(own.id, asked.spareId, null, context, parts)))
    return answer(words, [line(...words.rich('link.taken', { command: code(typed('unlink')) }))]);
  const joined: Notice = { kind: 'link-joined', other: { platform: own.platform, kind: own.kind } };
  await parts.store.notices.tell(parts.ids.next(), joined, [asked.spareId], { priority: 'reply', now: context.now });
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
    // It rings: whoever presses again and again gets one.
    if (link.testedAt === null || Math.abs(now - link.testedAt) >= TEST_AGAIN) {
      await store.links.update(link.mainId, { testedAt: now });
      const notice: Notice = { kind: 'link-test', other: { platform: own.platform, kind: own.kind } };
      await store.notices.tell(ids.next(), notice, [link.spareId], { priority: 'alert', now });
    }
    return answer(words, [line(words.say('link.tested', { other }))], [[endButton(context)]]);
  }
  const monthlyTest = wish === 'monthly' ? true : wish === 'monthly off' ? false : link.monthlyTest;
  const both = (wish && BOTH_BY_WISH.get(wish)) ?? link.both;
  await store.links.update(link.mainId, { monthlyTest, both });
  const long = await longCutOff(link, parts);
  return overview({ ...link, monthlyTest, both }, { other, platform: own.platform, long }, context);
}

function overview(
  link: Link,
  { other, ...about }: { other: string; platform: string; long: string | null },
  context: CommandContext,
): MessageDocument {
  const { words, typed } = context;
  const blocks: Block[] = [line({ bold: [words.say('settings.pair')] }, `: ${other}`)];
  const choice = (key: 'link.monthlyOff' | 'link.monthlyOn', command: string): Block =>
    note(...words.rich(key, { command: code(typed(command)) }));
  const both = bothBlocks(link, about, context);
  blocks.push(
    ...both.blocks,
    link.monthlyTest ? choice('link.monthlyOff', 'link monthly off') : choice('link.monthlyOn', 'link monthly'),
  );
  blocks.push(...endLine(context));
  const buttons: Button[] = [button(words.say('button.test'), 'link test'), endButton(context), ...both.buttons];
  return answer(words, [...blocks, ...wholeChat(context)], rows(buttons, 2));
}

const endButton = ({ words }: CommandContext): Button => button(words.say('button.unlink'), 'unlink');
