/** A newcomer's first hour with the built program, step by step, on a platform's own screen: what is written, what comes, how long it takes. */
import { type FeedServer, FeedServer as Feeds } from '../../fakes/feed-server.ts';
import { NEWS, OUTLETS } from '../news.ts';
import { Program } from '../program.ts';

export type Lang = 'en' | 'ru';

/** One line of a transcript. */
export interface Line {
  who: 'person' | 'bot' | 'world';
  text: string;
  /** Labels of its buttons, a row a list. */
  buttons: string[][];
  /** Name of the file that it brought. */
  file?: string;
  /** It changed an earlier message. */
  edited?: boolean;
  /** From what was written to the first word of the answer, ms. */
  took?: number;
}

export interface Transcript {
  lines: Line[];
  /** Taps, or lines typed, from the first word to "this chat follows". */
  taps: number;
  /** What the platform found fault with. */
  violations: unknown[];
}

/** One platform, as this person sees it. */
export interface Screen {
  /** Steps until the chat follows something: taps where there are buttons, one typed line elsewhere. */
  begin: Step[];
  say(text: string): Promise<void>;
  tap(label: string): Promise<void>;
  /** What has come or changed since the last time. */
  read(): Promise<Line[]>;
}

export type Step = { say: string } | { tap: string };

const WORDS = {
  en: {
    card: 'Card to keep',
    evidence: 'Evidence',
    asks: [
      'is whatsapp blocked in russia?',
      'is the internet down in Dagestan',
      'which channels are best for cat videos',
    ],
    commands: [
      'status',
      'settings',
      'history ru',
      'subscribe atlantis',
      'mute ru for 8h',
      'unmute ru',
      'about',
      'help',
      'export',
    ],
  },
  ru: {
    card: 'Карточка',
    evidence: 'Источники',
    asks: ['ватсап в россии работает?', 'нет интернета в дагестане?', 'посоветуй канал с котиками'],
    commands: [
      'статус',
      'настройки',
      'история россия',
      'подписаться атлантида',
      'тишина россия 8ч',
      'звук россия',
      'about',
      'помощь',
      'экспорт',
    ],
  },
} as const;
export const wordsOf = (lang: Lang) => WORDS[lang];

/** A second message of one answer, or its picture, comes a second after the first. */
const QUIET_MS = 1_500;
/** Somebody reads. The platform allows one message a second and chat. */
const READING_MS = 1_100;
const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export const programConfig = (account: object, feeds: FeedServer) => ({
  database: 'tocsin.db',
  accounts: [account],
  sources: OUTLETS.map((id) => ({
    id,
    kind: 'rss',
    url: `${feeds.url}/${id}`,
    cron: '* * * * * *',
    publisher: id,
    name: `${id} news`,
    lang: 'en',
  })),
  policy: { groupWait: '0s' },
  network: { allowPrivateAddresses: true },
});

export async function withProgram<T>(
  account: object,
  use: (feeds: FeedServer, program: Program) => Promise<T>,
): Promise<T> {
  const feeds = await Feeds.start();
  for (const outlet of OUTLETS)
    feeds.add(outlet, { title: 'Weather for the weekend', summary: 'Sunny with some clouds.' });
  const program = await Program.create(programConfig(account, feeds));
  try {
    await program.start();
    // Their first look, so that what comes next is news.
    await rest(4_000);
    return await use(feeds, program);
  } finally {
    await program.remove();
    await feeds.stop();
  }
}

/** The whole hour. */
export async function newcomer(
  screen: Screen,
  feeds: FeedServer,
  lang: Lang,
): Promise<Pick<Transcript, 'lines' | 'taps'>> {
  const lines: Line[] = [];
  /** Everything that comes, until it is quiet. */
  async function gather(began: number, most = 6_000): Promise<void> {
    let took: number | null = null;
    let last = performance.now();
    while (performance.now() - began < most) {
      const fresh = await screen.read();
      if (fresh.length > 0) {
        took ??= performance.now() - began;
        last = performance.now();
        lines.push(
          ...fresh.map((line, i) =>
            i === 0 && took !== null && line.took === undefined ? { ...line, took: Math.round(took) } : line,
          ),
        );
      } else if (took !== null && performance.now() - last > QUIET_MS) break;
      await rest(15);
    }
    await rest(READING_MS);
  }
  async function step(one: Step): Promise<void> {
    lines.push({ who: 'person', text: 'say' in one ? one.say : `[${one.tap}]`, buttons: [] });
    const began = performance.now();
    if ('say' in one) await screen.say(one.say);
    else await screen.tap(one.tap);
    await gather(began);
  }
  async function happens(
    what: string,
    news: readonly (readonly [string, { title: string; summary: string }])[],
  ): Promise<void> {
    lines.push({ who: 'world', text: what, buttons: [] });
    for (const [outlet, item] of news) feeds.add(outlet, item);
    const before = lines.length;
    for (let tries = 0; tries < 4 && lines.length === before; tries++) await gather(performance.now(), 5_000);
    for (const line of lines.slice(before)) delete line.took;
  }
  for (const one of screen.begin) await step(one);
  const { asks, commands, evidence, card } = WORDS[lang];
  for (const ask of asks) await step({ say: ask });
  await happens('alpha news: Russia blocks WhatsApp · beta news: WhatsApp blocked in Russia', [
    ['alpha', NEWS.block.alpha],
    ['beta', NEWS.block.beta],
  ]);
  const id = /RU-whatsapp-\w{4}/.exec(lines.map((line) => line.text).join(' '))?.[0] ?? 'RU-whatsapp-0000';
  for (const one of [
    [evidence, `incident ${id}`],
    [card, `evidence ${id}`],
  ] as const)
    await step(hasTaps(screen) ? { tap: one[0] } : { say: one[1] });
  for (const command of commands) await step({ say: command });
  await happens('gamma news: Russia restores access to WhatsApp · delta news: WhatsApp unblocked in Russia', [
    ['gamma', NEWS.lift.gamma],
    ['delta', NEWS.lift.delta],
  ]);
  return { lines, taps: tapsOf(screen.begin) };
}

const hasTaps = (screen: Screen): boolean => screen.begin.some((one) => 'tap' in one);
const tapsOf = (begin: readonly Step[]): number => begin.filter((one) => 'tap' in one).length || begin.length - 1;
