/**
 * How soon people hear, by how they are reached: the real pacer of an account on a virtual clock, over a made-up audience of ten thousand, one
 * million and ten million readers. `node bench/scale.ts`; some seconds. `docs/scale.md` tells what follows from it.
 *
 * A reader has heard when the message that carries it has left: a channel's post reaches all who read the channel, which is Telegram's or the
 * homeserver's work from then on. What a platform needs for that itself is not in here, nobody outside can measure it.
 */
import { createPacer, type PacedChat } from '../src/core/outbox/pacer.ts';
import type { Pace } from '../src/core/ports/chat-adapter.ts';
import { say } from './shared.ts';

const TELEGRAM: Pace = { perSecond: 27, perChatMs: 1_000, perGroupMinute: 20, window: 16 };
const PAID: Pace = { ...TELEGRAM, perSecond: 1_000, window: 128 };
/** Synapse's own default for a user: `rc_message` 0.2/s with a burst of 10; Tocsin's default pace keeps below what a server with an exemption takes. */
const MATRIX_DEFAULT: Pace = { perSecond: 0.2, perChatMs: 0, perGroupMinute: 0, window: 4 };
const MATRIX_EXEMPT: Pace = { perSecond: 5, perChatMs: 0, perGroupMinute: 0, window: 16 };
/** Where people ask meanwhile, alerts keep at least half of the pace (`core/outbox/reply-queue.ts`). */
const CROWDED = 0.5;
/** Free messages of a second; beyond these a message costs a tenth of a Star (Bot API, `allow_paid_broadcast`). */
const FREE = 30;

interface Message {
  account: number;
  chat: PacedChat;
  readers: number;
}

/** When each message leaves, ms from the change; by account, each in the order of its queue. */
function* leaving(messages: readonly Message[], pace: Pace): Generator<{ at: number; readers: number }> {
  for (const queue of Map.groupBy(messages, ({ account }) => account).values()) {
    const pacer = createPacer(pace, 0);
    let now = 0;
    for (const { chat, readers } of queue) {
      for (let wait = pacer.take(chat, now); wait > 0; wait = pacer.take(chat, now)) now += wait;
      yield { at: now, readers };
    }
  }
}

interface Heard {
  messages: number;
  readers: number;
  /** Seconds until so many of a hundred readers have heard. */
  half: number;
  most: number;
  all: number;
  stars: number;
}

function heardOf(messages: readonly Message[], pace: Pace): Heard {
  const sent = [...leaving(messages, pace)].sort((a, b) => a.at - b.at);
  const readers = sent.reduce((sum, one) => sum + one.readers, 0);
  let heard = 0;
  const when = new Map<number, number>();
  for (const { at, readers: more } of sent) {
    heard += more;
    for (const share of [0.5, 0.95, 1]) if (heard >= share * readers && !when.has(share)) when.set(share, at / 1_000);
  }
  const accounts = new Set(messages.map(({ account }) => account)).size;
  const free = Math.ceil(when.get(1)!) * FREE * accounts;
  const stars = pace.perSecond > FREE ? Math.max(0, sent.length - free) / 10 : 0;
  return { messages: sent.length, readers, half: when.get(0.5)!, most: when.get(0.95)!, all: when.get(1)!, stars };
}

/** The same each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** In an order that has nothing to do with size: chats are told in the order in which they came. */
function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

const chatOf = (n: number, group: boolean): PacedChat => ({ key: String(n), group });

/** Every reader in a chat alone with one of the bots; readers are spread evenly over these. */
const direct = (readers: number, accounts: number): Message[] =>
  Array.from({ length: readers }, (_, n) => ({ account: n % accounts, chat: chatOf(n, false), readers: 1 }));

interface Tree {
  readers: number;
  /** A channel for each country and language, followed as unevenly as words are used (Zipf). */
  channels: number;
  /** Shares of the readers in groups (of 200) and alone with the bot; the rest reads channels. */
  groups: number;
  alone: number;
  /** Channels have an account of their own, so that they wait behind nobody. */
  apart: boolean;
}

function tree({ readers, channels, groups, alone, apart }: Tree): Message[] {
  const random = randomOf(readers + channels);
  const inChannels = readers * (1 - groups - alone);
  const weights = Array.from({ length: channels }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const many = weights.map((weight) => Math.round((inChannels * weight) / total));
  const groupCount = Math.round((readers * groups) / 200);
  const aloneCount = Math.round(readers * alone);
  let n = 0;
  const posts = many.map((size): Message => ({ account: 0, chat: chatOf(n++, true), readers: size }));
  const account = apart ? 1 : 0;
  const inGroups = Array.from({ length: groupCount }, (): Message => ({
    account,
    chat: chatOf(n++, true),
    readers: 200,
  }));
  const single = Array.from({ length: aloneCount }, (): Message => ({ account, chat: chatOf(n++, false), readers: 1 }));
  return shuffled([...posts, ...inGroups, ...single], random);
}

/** Rooms of so many people each; one account, one event a room. */
const rooms = (readers: number, size: number): Message[] =>
  Array.from({ length: Math.ceil(readers / size) }, (_, n) => ({ account: 0, chat: chatOf(n, true), readers: size }));

const spoken = (seconds: number): string => {
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  return seconds < 5_400 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3_600).toFixed(1)} h`;
};

function tell(name: string, messages: readonly Message[], pace: Pace, bare?: number): Heard {
  const heard = heardOf(messages, pace);
  const seconds = bare === undefined ? undefined : heard.messages / bare;
  say({
    name,
    value: `half ${spoken(heard.half)}, 95 % ${spoken(heard.most)}, all ${spoken(heard.all)}`,
    notes: `${heard.messages} messages, ${heard.readers} readers${heard.stars > 0 ? `, ${Math.round(heard.stars)} Stars` : ''}`,
    // What the pace alone gives, told beside what the pacer did: the simulation must not be faster than that, nor lag behind.
    ...(seconds === undefined
      ? {}
      : {
          bare: spoken(seconds),
          ratio: heard.all / seconds,
          floor: '0.99 to 1.01',
          ok: Math.abs(heard.all / seconds - 1) < 0.01,
        }),
  });
  return heard;
}

const scaled = (pace: Pace, share: number): Pace => ({ ...pace, perSecond: pace.perSecond * share });

tell('10,000 readers, each alone with one bot', direct(10_000, 1), TELEGRAM, 27);
tell('10,000 readers, one bot, while people ask', direct(10_000, 1), scaled(TELEGRAM, CROWDED), 13.5);
tell('1 million readers, each alone with one bot', direct(1_000_000, 1), TELEGRAM, 27);
tell('1 million readers over ten bots', direct(1_000_000, 10), TELEGRAM, 270);
tell('1 million readers, one bot with paid broadcasts', direct(1_000_000, 1), PAID, 1_000);
const SHARES = { groups: 0.09, alone: 0.01 };
for (const [label, readers] of [
  ['1 million', 1_000_000],
  ['10 million', 10_000_000],
] as const) {
  const one = { readers, channels: 600, ...SHARES };
  tell(
    `${label} readers: 90 % in 600 channels, 9 % in groups, 1 % alone, one account`,
    tree({ ...one, apart: false }),
    TELEGRAM,
  );
  tell(`${label} readers, the same, channels on an account of their own`, tree({ ...one, apart: true }), TELEGRAM);
  const country = { readers: readers / 10, channels: 10, ...SHARES };
  tell(
    `${label} readers, a tenth of them concerned (one country, ten languages)`,
    tree({ ...country, apart: true }),
    TELEGRAM,
  );
}
tell('10,000 Matrix readers in rooms of 50, rc_message as Synapse has it', rooms(10_000, 50), MATRIX_DEFAULT, 0.2);
tell('10,000 Matrix readers in rooms of 50, the bot exempt, 5/s', rooms(10_000, 50), MATRIX_EXEMPT, 5);
tell('1 million Matrix readers in rooms of 500, the bot exempt, 5/s', rooms(1_000_000, 500), MATRIX_EXEMPT, 5);
