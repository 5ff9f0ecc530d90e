/** A newcomer's first hour with the built program, step by step, on a platform's own screen: what is written, what comes, how long it takes. */
import { sayIn } from '../../../src/i18n/packs.ts';
import { NEWS } from '../news.ts';

export const LANGS = ['en', 'ru', 'de', 'fa'] as const;
export type Lang = (typeof LANGS)[number];

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
  /** From what was written to the first word of the answer, ms; of an event's alerts, and of a picture that comes after the next question, absent. */
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
type Item = (typeof NEWS.block)['alpha'];

/** Something happens in the world: once for all who are there, as soon as each of them has come so far. Resolves when the outlets tell it. */
export type Happens = (what: string, news: Readonly<Record<string, Item>>) => Promise<void>;

/** What a person of each language asks, and types where others tap. */
const WORDS = {
  en: {
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
  de: {
    asks: [
      'geht whatsapp in russland noch?',
      'ist das internet in dagestan weg',
      'welche kanäle haben die besten katzenvideos',
    ],
    commands: [
      'lage',
      'einstellungen',
      'verlauf russland',
      'folgen atlantis',
      'stumm russland 8 stunden',
      'ruhe beenden russland',
      'info',
      'hilfe',
      'exportieren',
    ],
  },
  fa: {
    asks: ['واتساپ در روسیه کار می‌کند؟', 'اینترنت داغستان قطع است؟', 'کدام کانال بهترین ویدیوی گربه را دارد'],
    commands: [
      'وضعیت',
      'تنظیمات',
      'تاریخچه روسیه',
      'دنبال آتلانتیس',
      'سکوت روسیه ۸ ساعت',
      'پایان سکوت روسیه',
      'درباره',
      'راهنما',
      'خروجی',
    ],
  },
} as const satisfies Record<Lang, unknown>;

/** A second message of one answer, or its picture, comes a second after the first; nor does a platform like more than one message a second and chat. */
const QUIET_MS = 1_500;
const LOOK_MS = 30;
const ANSWERED_MS = 10_000;
const ALERTED_MS = 30_000;
const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A picture has no hurry, and answers nothing by itself. */
const isPicture = ({ file }: Line): boolean => file !== undefined && !file.startsWith('tocsin-');

/** The whole hour. */
export async function newcomer(
  screen: Screen,
  happens: Happens,
  lang: Lang,
): Promise<Pick<Transcript, 'lines' | 'taps'>> {
  const lines: Line[] = [];
  /** Everything that comes, until there was what is waited for, and then silence. */
  async function gather(most: number, isIt: (line: Line) => boolean): Promise<void> {
    const began = performance.now();
    let took: number | null = null;
    let last = began;
    while (took === null ? performance.now() - began < most : performance.now() - last < QUIET_MS) {
      for (const line of await screen.read()) {
        last = performance.now();
        const first = took === null && isIt(line);
        if (first) took = Math.round(last - began);
        lines.push(first ? { ...line, took: took! } : line);
      }
      await rest(LOOK_MS);
    }
  }
  async function step(one: Step): Promise<void> {
    lines.push({ who: 'person', text: 'say' in one ? one.say : `[${one.tap}]`, buttons: [] });
    // What is said counts from when it is on its way: the platform's own time is part of the answer.
    const answered = gather(ANSWERED_MS, (line) => !isPicture(line));
    await ('say' in one ? screen.say(one.say) : screen.tap(one.tap));
    await answered;
  }
  async function event(what: string, news: Parameters<Happens>[1]): Promise<void> {
    await happens(what, news);
    lines.push({ who: 'world', text: what, buttons: [] });
    const before = lines.length;
    // An edit makes no sound.
    await gather(ALERTED_MS, (line) => !isPicture(line) && line.edited !== true);
    for (const line of lines.slice(before)) delete line.took;
  }
  for (const one of screen.begin) await step(one);
  const { asks, commands } = WORDS[lang];
  const [evidence, card] = [sayIn(lang, 'button.evidence'), sayIn(lang, 'button.card')];
  for (const ask of asks) await step({ say: ask });
  await event('alpha news: Russia blocks WhatsApp · beta news: WhatsApp blocked in Russia', NEWS.block);
  const id = /RU-whatsapp-\w{4}/.exec(lines.map((line) => line.text).join(' '))?.[0] ?? 'RU-whatsapp-0000';
  for (const one of [
    [evidence, `incident ${id}`],
    [card, `evidence ${id}`],
  ] as const)
    await step(hasTaps(screen) ? { tap: one[0] } : { say: one[1] });
  for (const command of commands) await step({ say: command });
  await event('gamma news: Russia restores access to WhatsApp · delta news: WhatsApp unblocked in Russia', NEWS.lift);
  return { lines, taps: tapsOf(screen.begin) };
}

const hasTaps = (screen: Screen): boolean => screen.begin.some((one) => 'tap' in one);
const tapsOf = (begin: readonly Step[]): number => begin.filter((one) => 'tap' in one).length || begin.length - 1;

/** How long each answer took, shortest first, ms. */
export const timesOf = ({ lines }: Pick<Transcript, 'lines'>): number[] =>
  lines.flatMap(({ took }) => took ?? []).sort((a, b) => a - b);
