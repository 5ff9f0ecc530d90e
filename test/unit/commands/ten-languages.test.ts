/** Whatever language a chat speaks: the same marks, services, ids and buttons, in the same order, and not a word of another language. */
import { describe, expect, test } from 'vitest';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import { isWhole } from '../../fakes/packs.ts';
import { asText, incident, NOW, report, translators } from '../render/support.ts';
import { createBot } from './support.ts';

const DAY = 86_400_000;
const OTHERS = translators.languages
  .filter(isWhole)
  .map(({ code }) => code)
  .filter((code) => code !== 'en');

/** What is typed, after what else. */
const TYPED: [typed: string, after?: string[]][] = [
  ['start'],
  ['start', ['subscribe ru']],
  ['subscribe'],
  ['subscribe ru'],
  ['subscribe ru whatsapp signal'],
  ['subscribe all'],
  ['subscribe atlantis'],
  ['subscriptions'],
  ['subscriptions', ['subscribe ru', 'subscribe signal', 'mute ru for 8h']],
  ['unsubscribe ru', ['subscribe ru']],
  ['unsubscribe ru', ['subscribe whatsapp', 'subscribe ru']],
  ['unsubscribe signal'],
  ['unsubscribe all', ['subscribe ru', 'subscribe signal']],
  ['status', ['subscribe ru']],
  ['status ru'],
  ['status ir'],
  ['status whatsapp'],
  ['status ru whatsapp'],
  ['status de whatsapp'],
  ['status TG'],
  ['history ru'],
  ['history whatsapp 90'],
  ['history de'],
  ['incident RU-whatsapp-3f9k'],
  ['incident RU-nosuch-zzzz'],
  ['incident'],
  ['mute'],
  ['mute ru for 8h'],
  ['mute whatsapp for 3d'],
  ['mute RU-whatsapp-3f9k for 8h'],
  ['mute all until 18:00'],
  ['mute ru for 100y'],
  ['unmute'],
  ['unmute', ['mute ru for 8h', 'mute signal for 1d']],
  ['unmute ru', ['mute ru for 8h']],
  ['settings'],
  ['level'],
  ['level early'],
  ['timezone'],
  ['timezone Asia/Tehran'],
  ['timezone nowhere'],
  ['help'],
  ['help mute'],
  ['help nosuch'],
  ['about'],
  ['ping'],
  ['export'],
  ['export', ['subscribe ru']],
  ['forget'],
  ['forget yes', ['subscribe ru']],
  ['language klingon'],
  ['statsu'],
];

const INCIDENTS = [
  incident({
    method: 'dns',
    reports: [report(), report({ id: 'r2', voice: 'dw', publisherName: 'DW', title: 'Second' })],
  }),
  incident({ id: 'RU-youtube-1a2b', service: 'youtube', action: 'throttle', confidence: 'reported' }),
  incident({ id: 'IR-signal-9z9z', country: 'IR', service: 'signal', confidence: 'confirmed', state: 'easing' }),
  incident({
    id: 'RU-telegram-7c7c',
    service: 'telegram',
    state: 'lifted',
    open: false,
    closedAt: NOW - DAY,
    liftConfidence: 'corroborated',
  }),
];

/** Each is asked once; what is looked at in its answer differs. */
const kept = new Map<string, Promise<MessageDocument[]>>();
function answered(lang: string, typed: string, after: string[]): Promise<MessageDocument[]> {
  const key = [lang, ...after, typed].join('|');
  const known = kept.get(key) ?? ask(lang, typed, after);
  kept.set(key, known);
  return known;
}

/** One bot a language; each question comes from a chat of its own. */
const bots = new Map<string, ReturnType<typeof createBot>>();
let chats = 0;
async function ask(lang: string, typed: string, after: string[]): Promise<MessageDocument[]> {
  const bot = bots.get(lang) ?? createBot({ unbudgeted: true });
  bots.set(lang, bot);
  bot.tables.stored = INCIDENTS;
  const chat = String(++chats);
  const who = { lang, chat, sender: `telegram:${chat}` };
  for (const before of after) await bot.say(before, who);
  return (await bot.answer(typed, who))?.documents ?? [];
}

const NAMES = ['WhatsApp', 'Signal', 'Telegram', 'YouTube', 'BBC', 'DW'];
const ISOLATES = /[\u200e\u200f\u2066-\u2069]/g;

/** Marks, ids and names in any order: word order is the language's own. */
function factsOf(documents: MessageDocument[]): string[] {
  const text = documents
    .map(asText)
    .join('\n')
    .replace(ISOLATES, '')
    .replace(/\[[^\]]* → [^\]]*\]/g, '');
  const pattern = new RegExp(
    `[🔴🟠⚫🟡🟢❔⚪🔕🔔]|\\b[A-Z]{2}-[a-z0-9-]+-[a-z0-9]{4}\\b|(?<!\\p{L})(?:${NAMES.join('|')})(?!\\p{L})`,
    'gu',
  );
  return [...text.matchAll(pattern)].map(([fact]) => fact).sort();
}
const pressesOf = (documents: MessageDocument[]): string[][] =>
  documents.map(({ buttons }) =>
    buttons
      .flat()
      .map(({ press }) => ('command' in press ? press.command : press.url))
      // Where a chat may be at home is guessed from its language.
      .filter((press) => !/^timezone |^subscribe [A-Z]{2}(?: \+)?$/u.test(press)),
  );
const shapesOf = (documents: MessageDocument[]): string[][] =>
  documents.map(({ blocks }) =>
    blocks.map((block) => {
      if (block.type === 'list') return `list of ${block.items.length}`;
      if (block.type === 'table') return `table of ${block.rows.length} × ${block.rows[0]?.length ?? 0}`;
      return block.type;
    }),
  );

describe.each(OTHERS)('%s', (lang) => {
  test.each(TYPED.map(([typed, after = []]) => ({ typed, after, name: [...after, typed].join(', ') })))(
    '$name: as in English',
    async ({ typed, after }) => {
      const [own, en] = await Promise.all([answered(lang, typed, after), answered('en', typed, after)]);
      expect(own.every((one) => one.lang === lang)).toBe(true);
      expect(factsOf(own)).toEqual(factsOf(en));
      expect(pressesOf(own)).toEqual(pressesOf(en));
      expect(shapesOf(own)).toEqual(shapesOf(en));
    },
  );
});

/** Words of English that no other of the languages shares, and that names and typed forms do not hold. */
const ENGLISH =
  /(?<![\p{L}\p{M}-])(?:the|this|what|which|nothing|blocked|since|follows|everything|and|of|until|type)(?![\p{L}\p{M}-])/iu;
const sentencesOf = (documents: MessageDocument[]): string[] =>
  documents
    .map(asText)
    .join('\n')
    .replace(/\[[^\]]* → [^\]]*\]/g, '')
    .split('\n')
    // What outlets wrote stays as they wrote it, and what is typed as it is typed.
    .filter((line) => !/Russia blocks WhatsApp|Second|\{"table"|atlantis|statsu|klingon|nosuch/.test(line));

test.each(OTHERS)('%s: no English is left among its sentences', async (lang) => {
  const left: string[] = [];
  for (const [typed, after = []] of TYPED) {
    // Typed forms are English by nature: of a line that shows one, only what stands around it is looked at.
    const lines = sentencesOf(await answered(lang, typed, after)).map((line) =>
      line.replace(/until 18:00|\/[a-z]+[^.,;:·–—)]*/g, ''),
    );
    left.push(...lines.filter((line) => ENGLISH.test(line)));
  }
  expect(left).toEqual([]);
});

const SCRIPTS: Record<string, RegExp> = {
  ru: /\p{Script=Cyrillic}/u,
  uk: /\p{Script=Cyrillic}/u,
  fa: /\p{Script=Arabic}/u,
  ar: /\p{Script=Arabic}/u,
  zh: /\p{Script=Han}/u,
};
test.each(Object.entries(SCRIPTS))('%s: each answer is in its own script', async (lang, script) => {
  for (const [typed, after = []] of TYPED) {
    const documents = await answered(lang, typed, after);
    if (documents.length > 0) expect(`${typed}: ${documents.map(asText).join(' ')}`).toMatch(script);
  }
});
