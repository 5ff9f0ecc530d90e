import { cutOffNow, followedByName, longSince } from '../../link.ts';
import type { Both, ChatLabel, Link, Notice } from '../../model/link.ts';
import type { Block, Button, Inline, MessageDocument } from '../../model/message.ts';
import type { Forgettable, Ids } from '../../ports/runtime.ts';
import type { Store } from '../../ports/store.ts';
import type { PhraseKey } from '../../ports/translate.ts';
import { labelOf, markOf, platformName } from '../../render/pair.ts';
import { answer, button, code, line, list, note, rows, wholeChat } from '../answer.ts';
import { keyOf } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';

type BothCapabilities = Pick<Can, 'store' | 'baseline' | 'serviceOf'>;

/** Where a pair's first platform has been cut off since before the two were joined, of what the first follows; null = nowhere. */
async function longCutOff(link: Link, can: BothCapabilities): Promise<string | null> {
  const main = await can.store.chats.get(link.mainId);
  const service = main && can.serviceOf(main.accountId);
  if (!service) return null;
  const cutOff = await cutOffNow(service, can.store.incidents, can.baseline);
  if (cutOff.length === 0) return null;
  const countries = await followedByName(link, can.store);
  return longSince({ level: main.level, countries }, link, cutOff)?.country ?? null;
}

/** Whether alerts come to both, and how that is changed. `long`: as `longCutOff` says. */
function bothBlocks(
  { both, because }: Link,
  { platform, long }: { platform: string; long: string | null },
  context: CommandContext,
): { blocks: Block[]; buttons: Button[] } {
  const { words, typed } = context;
  const name = platformName(platform);
  if (both === 'never') return { blocks: [choice('link.bothOn', 'link both', context)], buttons: [] };
  const now =
    because === null ? [] : [line(words.say('link.now', { platform: name, country: words.country(because) }))];
  const off = choice('link.bothOff', 'link both off', context);
  if (both === 'always') return { blocks: [...now, choice('link.always', 'link both', context), off], buttons: [] };
  if (long === null) return { blocks: [...now, off], buttons: [] };
  const command = 'link both always';
  const about = { platform: name, country: words.country(long), command: code(typed(command)) };
  const blocks = [...now, line(...words.rich('link.long', about)), off];
  return { blocks, buttons: [button(words.say('button.bothAlways'), command)] };
}

/** What may be changed, and what to type for it. */
const choice = (key: PhraseKey, command: string, { hint }: CommandContext): Block => note(...hint(key, command));

/** A code is good for so long, ms. */
const CODE_MS = 10 * 60_000;
/** An admin of a group may agree for so long, ms. */
const AGREE_MS = 60 * 60_000;
const LENGTH = 8;
/** Characters that nobody mistakes for others: of eight there are 6 × 10¹¹. */
const CLEAR = /[2-9a-hjkmnp-z]/g;
/** Wrong codes of one person, and of one chat, until they have to wait; ms. */
const MAX_TRIES = 5;
const TRIES_MS = 15 * 60_000;

/** What a code stands for: the chat that it was asked for in. */
interface Coded {
  chatId: number;
  label: ChatLabel;
}

/** Somebody wrote a group's code elsewhere; whoever administers the group is asked. */
interface Asked {
  mainId: number;
  spareId: number;
  label: ChatLabel;
}

/** "abcd-efgh" and "ABCD EFGH" are the same code; null = that is none. */
export function readCode(text: string): string | null {
  const code = text.toLowerCase().replace(/[\s\u2010-\u2015-]+/gu, '');
  return code.length === LENGTH && code.match(CLEAR)?.length === LENGTH ? code : null;
}

/** As people copy it. */
export const shownCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`.toUpperCase();

/** One-time codes that join two chats. What is kept may be forgotten: then a new code is asked for. */
export function createLinkCodes(cache: Forgettable, ids: Ids) {
  function fresh(): string {
    let code = '';
    for (let round = 0; code.length < LENGTH && round < 1_000; round++)
      code += (ids.tail(2 * LENGTH).match(CLEAR) ?? []).join('');
    return code.slice(0, LENGTH);
  }

  const tries = async (who: string): Promise<number> => {
    const count = await cache.get(`tries/${who}`);
    return typeof count === 'number' ? count : 0;
  };

  return {
    /** A new one for this chat; the one before is worth nothing any more. */
    async issue(coded: Coded): Promise<string> {
      const before = await cache.get(`of/${coded.chatId}`);
      if (typeof before === 'string') await cache.delete(`code/${before}`);
      const code = fresh();
      await cache.set(`code/${code}`, coded, CODE_MS);
      await cache.set(`of/${coded.chatId}`, code, CODE_MS);
      return code;
    },
    /** Whose code it is; null = nobody's, or not any more. */
    async find(code: string): Promise<Coded | null> {
      const found = (await cache.get(`code/${code}`)) as Partial<Coded> | undefined;
      return typeof found?.chatId === 'number' && found.label ? (found as Coded) : null;
    },
    /** False: it was spent already. */
    spend: (code: string): Promise<boolean> => cache.delete(`code/${code}`),
    /** May they try a code at all? */
    async mayTry(who: readonly string[]): Promise<boolean> {
      for (const one of who) if ((await tries(one)) >= MAX_TRIES) return false;
      return true;
    },
    async missed(who: readonly string[]): Promise<void> {
      for (const one of who) await cache.set(`tries/${one}`, (await tries(one)) + 1, TRIES_MS);
    },
    async ask(asked: Asked): Promise<string> {
      const code = fresh();
      await cache.set(`ask/${code}`, asked, AGREE_MS);
      return code;
    },
    /** Once. */
    async agreed(code: string, mainId: number): Promise<Asked | null> {
      const found = (await cache.get(`ask/${code}`)) as Partial<Asked> | undefined;
      // Only in the group that was asked; there are no others' questions to be guessed at.
      if (found?.mainId !== mainId || typeof found.spareId !== 'number' || !found.label) return null;
      return (await cache.delete(`ask/${code}`)) ? (found as Asked) : null;
    },
  };
}

type PartCapabilities = Pick<Can, 'store' | 'ids'>;

export const unlinkCommand = (can: PartCapabilities): Command => ({
  name: 'unlink',
  examples: ['unlink'],
  who: 'admins',
  replaces: true,
  run: async (context) => [await part(context, can)],
});

const labelOfChat = ({ platform, kind }: ChatLabel): ChatLabel => ({ platform, kind });

const otherId = ({ mainId, spareId }: Link, chatId: number | null): number => (mainId === chatId ? spareId : mainId);

const notPaired = ({ words, hint }: CommandContext): MessageDocument =>
  answer(words, [line(...hint('unlink.none', 'link'))]);

/** The other chat of the pair is told. */
async function part(context: CommandContext, can: PartCapabilities): Promise<MessageDocument> {
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
  { store, ids }: PartCapabilities,
): Promise<ChatLabel | null> {
  const [own, other] = [await store.chats.get(chatId), await store.chats.get(otherId(link, chatId))];
  await store.links.part(chatId);
  if (own && other) await tell({ kind: 'link-parted', other: labelOfChat(own) }, other.id, { store, ids, now });
  return other && labelOfChat(other);
}

/** By default as soon as what is asked is answered; what `rings` goes with the alerts. */
const tell = (
  notice: Notice,
  chatId: number,
  { store, ids, now, rings = false }: PartCapabilities & { now: number; rings?: boolean },
) => store.notices.tell(ids.next(), notice, [chatId], { priority: rings ? 'alert' : 'reply', now });

type LinkCapabilities = BothCapabilities & Pick<Can, 'codes' | 'ids' | 'accounts'>;

type Wish = 'test' | 'monthly' | 'monthly off' | 'both' | 'both always' | 'both off' | 'end';
/** Between two tests that somebody asks for, ms. */
const TEST_AGAIN = 2 * 60_000;

const BOTH_BY_WISH: ReadonlyMap<Wish, Both> = new Map([
  ['both', 'new'],
  ['both always', 'always'],
  ['both off', 'never'],
]);

type Parts = LinkCapabilities & { pairs: ReturnType<typeof createLinkCodes> };

/**
 * Joins this chat with one on another platform by a one-time code: asked for in the first, written in the second. Where several people read the
 * code (a group), an admin has to agree there.
 */
export const linkCommand = (can: LinkCapabilities): Command => {
  const parts: Parts = { ...can, pairs: createLinkCodes(can.codes, can.ids) };
  return {
    name: 'link',
    examples: ['link', 'link ABCD-EFGH', 'link test', 'link monthly'],
    who: 'admins',
    replaces: true,
    async run(context) {
      const { args } = context;
      const agrees = /^agree\s+(\S+)$/iu.exec(args.trim())?.[1];
      if (agrees !== undefined) return [await agree(agrees, context, parts)];
      const wish = context.known.pairs.get(keyOf(args)) as Wish | undefined;
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

/** What a second chat is for, and the code for it. */
async function offer(context: CommandContext, { accounts, pairs }: Parts): Promise<MessageDocument> {
  const { words } = context;
  const { id, platform, kind, accountId } = await context.row();
  const elsewhere = (await accounts()).filter((one) => one.id !== accountId);
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
  const { words, hint, now } = context;
  const { store, pairs } = parts;
  const say = (...blocks: Block[]) => answer(words, [...blocks, ...wholeChat(context)]);
  const own = await context.row();
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
  if (main.id === own.id || main.accountId === own.accountId) {
    await burn();
    return say(line(words.say(main.id === own.id ? 'link.same' : 'link.account')));
  }
  const other = labelOf(coded.label, words);
  // What was a chat of two may have become a room of many, who all read the code.
  if (main.kind !== 'private' || coded.label.kind !== 'private') {
    // Of two who write it at one moment, one has it.
    if (!(await pairs.spend(typedCode))) return wrong(context);
    const label = labelOfChat(own);
    const asking = await pairs.ask({ mainId: main.id, spareId: own.id, label });
    await tell({ kind: 'link-asks', other: label, code: asking }, main.id, { ...parts, now, rings: true });
    return say(line(...words.rich('link.asked', { other, mark: code(markOf(asking)) })));
  }
  if (!(await join(main.id, own.id, context, parts))) {
    await burn();
    return say(line(...hint('link.taken', 'unlink')));
  }
  const link = await store.links.of(main.id);
  const country = link && (await longCutOff(link, parts));
  const long = country ? { long: { platform: main.platform, country } } : {};
  await tell({ kind: 'link-joined', other: labelOfChat(own), ends: true, ...long }, main.id, { ...parts, now });
  await pairs.spend(typedCode);
  return say(line(words.say('link.joined', { other })), ...endLine(context));
}

const wrong = (context: CommandContext): MessageDocument => {
  const { words, hint } = context;
  const time = words.duration(CODE_MS);
  return answer(words, [line(...hint('link.wrong', 'link', { time })), ...wholeChat(context)]);
};

/** A second chat that has chosen nothing yet takes over when the first one wants to be left alone, and by which clock. */
async function join(mainId: number, spareId: number, { now }: CommandContext, { store }: Parts): Promise<boolean> {
  if (!(await store.links.join(mainId, spareId, now))) return false;
  const [main, spare] = [await store.chats.get(mainId), await store.chats.get(spareId)];
  if (main?.settings.quiet && spare && !spare.settings.quiet && spare.timeZone === 'UTC') {
    const settings = { ...spare.settings, quiet: main.settings.quiet };
    await store.chats.update(spareId, { settings, timeZone: main.timeZone });
  }
  return true;
}

/** In the group whose code somebody wrote elsewhere. */
async function agree(typedCode: string, context: CommandContext, parts: Parts): Promise<MessageDocument> {
  const { words, hint, now } = context;
  const own = await context.row();
  const read = readCode(typedCode);
  const asked = read === null ? null : await parts.pairs.agreed(read, own.id);
  if (!asked) {
    const link = await parts.store.links.of(own.id);
    return link ? settle(link, null, context, parts) : wrong(context);
  }
  if (!(await join(own.id, asked.spareId, context, parts)))
    return answer(words, [line(...hint('link.taken', 'unlink'))]);
  await tell({ kind: 'link-joined', other: labelOfChat(own) }, asked.spareId, { ...parts, now });
  const other = labelOf(asked.label, words);
  return answer(words, [line(words.say('notice.joined', { other })), ...endLine(context), ...wholeChat(context)]);
}

const endLine = (context: CommandContext): Block[] =>
  context.hasButtons ? [] : [choice('link.end', 'unlink', context)];

/** The pair as it is, and what of it may be changed. */
async function settle(link: Link, wish: Wish | null, context: CommandContext, parts: Parts): Promise<MessageDocument> {
  const { words, now } = context;
  const { store } = parts;
  const own = await context.row();
  const otherChat = await store.chats.get(otherId(link, own.id));
  if (!otherChat) return notPaired(context);
  const other = labelOf(otherChat, words);
  if (link.spareId === own.id) {
    const first = line(wish ? words.say('link.onlyMain') : words.say('link.spare', { other }));
    return answer(words, [first, ...endLine(context), ...wholeChat(context)], [[endButton(context)]]);
  }
  if (wish === 'test') {
    // It rings: whoever presses again and again gets one.
    if (link.testedAt === null || Math.abs(now - link.testedAt) >= TEST_AGAIN) {
      await store.links.update(link.mainId, { testedAt: now });
      const notice: Notice = { kind: 'link-test', other: labelOfChat(own) };
      await tell(notice, link.spareId, { ...parts, now, rings: true });
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
  const { words } = context;
  const blocks: Block[] = [
    line(...words.rich('text.named', { name: { bold: [words.say('settings.pair')] }, value: other })),
  ];
  const both = bothBlocks(link, about, context);
  const monthly = link.monthlyTest
    ? choice('link.monthlyOff', 'link monthly off', context)
    : choice('link.monthlyOn', 'link monthly', context);
  blocks.push(...both.blocks, monthly, ...endLine(context));
  const buttons: Button[] = [button(words.say('button.test'), 'link test'), endButton(context), ...both.buttons];
  return answer(words, [...blocks, ...wholeChat(context)], rows(buttons, 2));
}

const endButton = ({ words }: CommandContext): Button => button(words.say('button.unlink'), 'unlink');

/** The other chat of this chat's pair, as it is called; null = it stands alone. */
export async function pairOf(
  { chat, words }: CommandContext,
  store: Pick<Store, 'links' | 'chats'>,
): Promise<{ other: string; isMain: boolean } | null> {
  const link = chat.id === null ? null : await store.links.of(chat.id);
  if (!link) return null;
  const other = await store.chats.get(otherId(link, chat.id));
  return other ? { other: labelOf(other, words), isMain: link.mainId === chat.id } : null;
}

export async function pairLines(context: CommandContext, store: Pick<Store, 'links' | 'chats'>): Promise<Block[]> {
  const pair = await pairOf(context, store);
  if (!pair) return [];
  const { other, isMain } = pair;
  const { words } = context;
  const main = words.say('text.named', { name: words.say('settings.pair'), value: other });
  return [note(isMain ? main : words.say('link.spare', { other }))];
}
