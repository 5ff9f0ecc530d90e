/**
 * Every phrase of the catalogue is said in some situation, in each language: none is dead, none that a command needs was forgotten, and no
 * Russian answer has English in it.
 */

import { beforeAll, describe, expect, test } from 'vitest';
import { menusIn } from '../../../src/core/commands/all.ts';
import { COUNTRIES } from '../../../src/core/commands/asking/country-names.ts';
import { WANTED } from '../../../src/core/commands/asking/intents.ts';
import type { RouterDeps } from '../../../src/core/commands/context.ts';
import type { BotHealth } from '../../../src/core/commands/look/health.ts';
import type { ChangeKind, Transition } from '../../../src/core/model/incident.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import { type Merged, NOTHING } from '../../../src/core/outbox/reply-queue.ts';
import { PLAIN_TALK } from '../../../src/core/ports/chat-adapter.ts';
import type { Ranked } from '../../../src/core/ports/encoder.ts';
import type { PhraseKey } from '../../../src/core/ports/translate.ts';
import { listeningTo, proseOf } from '../../fakes/listening-words.ts';
import { keysOf, phrasesOf } from '../../fakes/packs.ts';
import { NOW, asText, incident, measured, report, translators, twoOutlets } from '../render/support.ts';
import { readersWith, spoke } from './fake-readers.ts';
import { type Say, createBot, healthy, source } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const CHANGES: ChangeKind[] = [
  'opened',
  'confidence-up',
  'claimed',
  'escalated',
  'method-revealed',
  'widened',
  'named',
  'partly-lifted',
  'easing',
  'lifted',
  'lift-confidence-up',
  'resumed',
  'withdrawn',
  'expired',
];

const anomaly = measured(['AS1'], {
  measured: { strength: 'anomaly', networks: ['AS1'], verdict: 'sni_blocked:rst', component: null },
});
const translatedServices = [
  'whatsapp',
  'telegram',
  'signal',
  'max',
  'facebook',
  'instagram',
  'x',
  'vk',
  'youtube',
  'google',
  'dw',
  'rt',
  'line',
];
const whatsapp = incident({
  reports: [...twoOutlets, report({ id: 'copy', publisherName: 'The Moscow Times', at: NOW - DAY })],
  regions: ['Moscow'],
});
const open = [
  whatsapp,
  incident({ id: 'RU-telegram-1111', service: 'telegram', action: 'throttle', confidence: 'reported' }),
  incident({ id: 'RU-youtube-2222', service: 'youtube', action: 'restrict', confidence: 'confirmed' }),
  incident({ id: 'RU-x-3333', service: 'x', confidence: 'suspected', reports: [anomaly] }),
  incident({
    id: 'RU-vk-4444',
    service: 'vk',
    lastReportAt: NOW - 20 * DAY,
    reports: [
      report({ voice: 'state:RU', publisherName: 'DW', outlet: { country: 'RU', kind: 'state' } }),
      report({ id: 'new', voice: 'new:a', publisherName: 'BBC', outlet: { country: null, kind: 'unknown' } }),
    ],
  }),
  incident({ id: 'RU-any-5555', service: null }),
  incident({ id: 'RU-signal-6666', service: 'signal', family: 'warn', action: 'warn', state: 'threatened' }),
  incident({
    id: 'RU-dw-7777',
    service: 'dw',
    state: 'lifted',
    open: false,
    closedAt: NOW - DAY,
    liftConfidence: 'corroborated',
    lastReportAt: NOW - DAY,
  }),
  incident({ id: 'IR-internet-8888', country: 'IR', service: 'internet', action: 'shutdown', confidence: 'confirmed' }),
];
const log = CHANGES.map((change, i): Transition => ({
  incidentId: whatsapp.id,
  seq: i + 1,
  at: NOW - (CHANGES.length - i) * HOUR,
  change,
  action: 'block',
  state: 'active',
  confidence: 'corroborated',
  method: 'dns',
  reportId: null,
}));

const sent = {
  rows: Array.from({ length: 60 }, (_, n) => ({ op: 'send', state: 'sent', done_at: NOW - n })),
  total: 65,
};

const agent = (id: string, over: object = {}): BotHealth['agents'][number] => ({
  id,
  country: 'EE',
  asn: 'AS64500',
  lastSeenAt: NOW - HOUR,
  stopped: false,
  missing: false,
  dropped: 0,
  refused: 0,
  ...over,
});
const failing = { failingSince: NOW - 2 * HOUR, failures: 3, lastCode: 'fetch_timeout' as const, lastMessage: null };
const ill: BotHealth = {
  ...healthy,
  sources: [
    source({ id: 'old', label: 'Old', lastOkAt: NOW - 5 * HOUR }),
    source(),
    source({ id: 'bad', label: 'Bad', ...failing }),
    source({ id: 'worse', label: 'Worse', ...failing }),
    source({ id: 'stale', label: 'Stale', stale: true }),
    source({ id: 'blind', label: 'Blind', blind: true }),
    source({ id: 'new', label: 'New', lastPollAt: null, lastOkAt: null }),
    source({ id: 'idle', label: 'Idle', lastOkAt: null }),
    source({ id: 'gap', label: 'Gap', aside: { is: 'gap', from: NOW - 3 * HOUR, to: NOW - HOUR } }),
    source({ id: 'spent', label: 'Spent', aside: { is: 'spent', until: NOW + HOUR } }),
  ],
  accounts: [{ id: 'tg', platform: 'telegram', ok: false, problem: 'HTTP 502', rate: 10 }],
  queue: [{ accountId: 'tg', queued: 5_000, sending: 16, oldestCreatedAt: NOW - HOUR }],
  agents: [
    agent('tallinn', { dropped: 3, refused: 2 }),
    agent('narva', { missing: true }),
    agent('tartu', { stopped: true }),
    agent('parnu', { lastSeenAt: null }),
  ],
  missingVantages: ['laptop'],
  held: [
    { sourceId: 'flood', since: NOW - HOUR, reports: 120, dropped: 0 },
    { sourceId: 'other', since: NOW - HOUR, reports: 120, dropped: 5 },
  ] as unknown as BotHealth['held'],
  off: [{ id: 'radar', kind: 'radar', why: 'no-token' }],
  leftOut: { countries: 3, services: 2, isMore: false },
  storeFault: 'replaced' as unknown as NonNullable<BotHealth['storeFault']>,
};
const blind = { ...healthy, sources: [source({ ...failing })] };
const waiting = { ...healthy, sources: [source({ lastPollAt: null, lastOkAt: null })] };
const channel: RouterDeps['account'] = () => ({
  platform: 'telegram',
  talk: { ...PLAIN_TALK, prefix: '/', buttons: true },
  pace: { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 1 },
  channel: async () => ({ chat: '-1007', kind: 'channel', title: 'News', name: '@news' }),
});

/** What people want in no fixed words: each intent once. */
const SENTENCES = [
  '📎',
  'my mother in iran does not answer',
  'when will the internet in iran be back',
  'is it just me or is telegram down in iran',
  'what are white lists',
  'is it serious what does it mean',
  'is it true that telegram will be banned in iran',
  'which vpn works in iran',
  'is it illegal to use a vpn in iran',
  'how do i unblock telegram in iran',
  'can the police see this chat',
  'are you a real person',
  'how much does it cost',
  'who added this bot to the group',
  'add the bot to our family group',
  'why did you wake me at night',
  'you are stupid',
  'you send too much spam, less messages',
  'do shut up at night somehow',
  'i said not now',
  'only tell me if the whole internet is off',
  'i only want news about telegram in iran from you',
  'well i never ordered this, leave me alone',
  'i never ordered this about iran, leave me alone',
  'could you somehow tell me when telegram in iran works again',
  'anybody here?',
  'thanks',
  'ok',
  'yes',
  'the second',
  '🆘',
  'hello',
  '16:40',
  "it's 15:00 here",
  'what can i use instead of whatsapp in russia',
  'what can i use instead of whatsapp in iran',
  'is facebook blocked in atlantis',
];

/** One language's run through all situations. */
async function run(lang: string) {
  const { words, heard } = listeningTo(translators);
  const documents: MessageDocument[] = [];
  const bot = (over: Parameters<typeof createBot>[0] = {}) =>
    createBot({ translators: words, unbudgeted: true, ...over });
  const say = async (one: ReturnType<typeof createBot>, texts: readonly string[], how: Say = {}) => {
    for (const text of texts) documents.push(...((await one.answer(text, { lang, ...how }))?.documents ?? []));
  };

  // Every look that a picture has, over one day, several days a column, and more rows than there is room for.
  const shown = bot({
    shows: true,
    pictures: { possible: () => true, soon() {} },
    watched: async () => [[NOW - 9 * DAY, NOW]],
    heldIn: async (country) => (country === 'KZ' ? ['x'] : []),
  });
  const many = ['CN', 'BY', 'TR'].flatMap((country) =>
    translatedServices.map((service) => incident({ id: `${country}-${service}`, country, service })),
  );
  const back = { state: 'lifted', open: false, liftConfidence: 'confirmed', closedAt: NOW - HOUR } as const;
  const today = incident({ id: 'AM-x-9999', country: 'AM', service: 'x', openedAt: NOW - 2 * HOUR, ...back });
  shown.tables.stored = [...open, ...many, today];
  await say(shown, [
    'status ru',
    'history ru',
    'history de signal',
    'history 365',
    'history ru telegram 2',
    'history am',
    'status kz',
  ]);

  // What a sentence wants: each kind, a second one as a button, and which of them where little is known.
  for (const kind of WANTED) {
    const odd = ['blergh my mother goes flumph', 'blergh my mother goes flumph in Iran at weekends'];
    if (kind === 'only') odd.push('blergh only Iran zonk and nothing of Peru', 'blergh only whatsapp in Iran flumph');
    const even = [kind, 'vpn', 'me', 'explain', 'who'].map((one) => [one, 0.2] as const);
    for (const ranked of [
      [[kind, 0.9]],
      [
        ['vpn', 0.5],
        [kind, 0.3],
      ],
      even,
    ] as Ranked[])
      await say(bot({ likely: () => [], wants: async () => ranked }), odd);
  }

  const newcomer = bot({ credits: [{ name: 'Telegram News', url: 'https://index.example/' }] });
  await say(newcomer, [
    'start',
    'help',
    'help all',
    'help subscribe',
    'family ru',
    'about',
    'ping',
    'subscribe',
    'subscribe country',
    'subscribe service',
  ]);
  await say(newcomer, [
    'status',
    'status ru',
    'status ru facebook',
    'settings',
    'settings loud',
    'incident',
    'incident RU-nope-0000',
    'subscriptions',
    'forget',
  ]);
  await say(newcomer, ['unmute', 'mute', 'mute ru for ages', 'level', 'level loud', 'language', 'language klingon']);
  await say(newcomer, [
    'timezone',
    'timezone mosco',
    'timezone zzzzqqqq',
    'channel',
    'channel @nope',
    'xyzzyplugh',
    'subcribe ru',
    'Russia',
    'hello',
    'is whatsapp blocked?',
    'is shop.example.org open?',
    'what is the weather like',
  ]);
  await say(newcomer, ['status watsapp', 'subscribe zzzzqqqq', 'subscribe congo', 'subscribe ru', 'level']);

  const card = (over: Parameters<typeof createBot>[0]) => {
    const one = bot(over);
    one.tables.stored = open;
    return one;
  };
  const where = { platform: 'telegram', talk: { ...PLAIN_TALK, prefix: '/', buttons: true, attachments: true } };
  const pace = { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 1 };
  await say(card({ account: () => ({ ...where, pace }) }), ['evidence RU-x-3333']);
  await say(card({ hasButtons: false, prefix: '!tocsin ' }), ['evidence RU-x-3333', 'evidence ru']);

  // What readers say, in numbers and without, and what becomes of a word.
  const outages = ['RU', 'DE', 'BR'].map((country) => spoke(20, { country }));
  const speaking = bot(
    readersWith([...outages, spoke(40, { service: 'telegram', settled: 0 }), spoke(3, { service: 'signal' })]).deps,
  );
  await say(speaking, [
    'readers',
    'readers fails whatsapp',
    'readers fails ru whatsapp',
    'readers works ru signal',
    'readers ru telegram',
    'readers de signal',
    'history ru whatsapp',
    'status ru whatsapp',
  ]);
  await say(bot(readersWith([], 'known').deps), ['readers fails ru whatsapp']);

  const early = bot();
  early.tables.stored = [incident({ confidence: 'reported', openedAt: NOW - DAY, lastReportAt: NOW })];
  await say(early, ['subscribe ru', 'level']);

  const typing = bot({ hasButtons: false, prefix: '!tocsin ' });
  typing.tables.sent = sent;
  await say(typing, [
    'start',
    'subscribe ru whatsapp',
    'subscriptions',
    'history',
    'settings',
    'timezone Moscow',
    'settings quiet',
    'settings digest',
    'settings critical',
    'settings digest weekly 9:00',
    'settings sound off',
    'settings pictures off',
    'settings reminders 7',
    'settings report on',
    'export',
    'unsubscribe all',
    'mute ru',
    'forget',
  ]);

  const follower = bot();
  follower.tables.stored = open;
  const stood = (['stands', 'changed'] as const).map((change) => ({ ...log[0]!, incidentId: 'RU-x-3333', change }));
  follower.tables.log = [...log, ...stood];
  follower.tables.sent = sent;
  await say(follower, [
    'start',
    'subscribe ru whatsapp',
    'subscribe ru whatsapp',
    'subscribe ru',
    'subscribe ru signal',
    'subscribe whatsap',
    'subscribe kz',
    'subscribe telegram',
    'subscribe all',
  ]);
  await say(follower, [
    'settings critical on',
    'settings quiet 23-8',
    'settings critical on',
    'settings critical',
    'settings digest daily 9:00',
    'settings reminders 3',
    'settings sound off',
    'settings pictures off',
    'settings report on',
  ]);
  await say(follower, [
    'level',
    'timezone Moscow +',
    'level early',
    'status',
    'status ru',
    'status ir whatsapp',
    'status whatsapp',
    'status kz',
    'status all',
    'history',
    'history ru 90',
    'history kz whatsapp',
    'history all 1',
  ]);
  await say(follower, [
    `incident ${whatsapp.id}`,
    'incident RU-x-3333',
    'incident RU-vk-4444',
    'evidence',
    'evidence ru',
    'evidence RU-whatsapp-3f9k',
    'evidence RU-whatsapp-3f9k json',
    'evidence RU-x-3333',
    'status RU-BEL',
    'status AS8359',
    'status AS1',
    'incident ru',
    'mute ru whatsapp for 3d',
    'subscriptions',
    'unmute',
  ]);
  await say(follower, [
    'unmute tr',
    'unmute ru whatsapp',
    'mute ru',
    'unmute all',
    'unsubscribe * *',
    'unsubscribe ru telegram',
    'unsubscribe kz',
  ]);
  await say(follower, [
    'unsubscribe all',
    'unsubscribe all yes',
    `language ${lang}`,
    'timezone Moscow',
    'export',
    'export 2',
    'forget',
    'forget yes',
  ]);

  const placed = bot({ places: true });
  await say(placed, ['timezone here', 'timezone located Europe/Moscow Europe/Samara', 'timezone located']);
  await say(bot({ places: true }), ['timezone'], { account: 'mx' });

  const picking = bot();
  const taps = COUNTRIES.slice(0, 21).map((code) => `subscribe country +${code}`);
  await say(picking, ['subscribe country', ...taps, 'subscribe country done', 'subscribe country done']);
  await say(picking, ['subscribe country', 'subscribe country ?a']);
  await say(picking, ['subscribe service'], { chatKind: 'group' });
  await say(picking, ['subscribe service'], { account: 'mx' });

  const greedy = bot();
  const services = 'whatsapp telegram signal max line facebook instagram x vk youtube';
  await say(greedy, [`subscribe ${COUNTRIES.slice(0, 30).join(' ')} ${services}`]);
  await say(
    greedy,
    COUNTRIES.slice(0, 120).map((code) => `mute ${code} for 1d`),
  );

  for (const health of [ill, blind, waiting, { ...healthy, sources: [] }, { ...ill, sources: [] }])
    await say(bot({ health: async () => health }), ['ping', 'status']);
  const operator = bot({ health: async () => ill, release: async (id) => (id === 'flood' ? 120 : null) });
  const asked = [
    'sources',
    'help all',
    'sources stop tallinn',
    'sources start tallinn',
    'sources stop nobody',
    'sources release flood',
    'sources release bbc',
  ];
  await say(operator, [...asked, 'retract', 'retract RU-whatsapp-3f9k because no', 'retract RU-nope-0000 because no'], {
    sender: 'telegram:1',
  });
  const figures = {
    kinds: (['private', 'group', 'channel'] as const).map((kind) => ({ platform: 'telegram', kind, chats: 1 })),
  };
  operator.tables.figures = {
    ...figures,
    gone: 1,
    pairs: 1,
    subscriptions: 2,
    countries: [{ country: '*', chats: 2 }],
  };
  const announced = [
    'stats',
    'announce',
    `announce ${'x'.repeat(950)}`,
    'announce Ура',
    'announce no 0000000000000000',
  ];
  await say(operator, announced, { sender: 'telegram:1' });
  const sixteen = { ids: { next: () => '0'.repeat(16), tail: () => '3f9k', random: () => 0.5 } };
  const yes = ['announce Ура', 'announce yes 0000000000000000', 'announce Ура', 'announce no 0000000000000000'];
  await say(bot(sixteen), yes, { sender: 'telegram:1' });
  await say(bot({ ...sixteen, hasButtons: false }), ['announce Ура'], { sender: 'telegram:1' });
  await say(bot({ account: channel }), ['channel @news subscribe ru', 'help all']);

  const since = NOW - 900 * 86_400_000;
  const facebook = {
    country: 'RU',
    service: 'facebook',
    action: 'block',
    method: null,
    since,
    monthOnly: false,
  } as const;
  const standing = bot({ baseline: [{ ...facebook, reference: 'https://news.example/1' }] });
  standing.tables.stored = [
    incident({ id: 'RU-facebook-1111', service: 'facebook', lastReportAt: NOW - 40 * 86_400_000 }),
  ];
  await say(standing, ['status ru facebook']);
  await say(bot({ baseline: [{ ...facebook, reference: 'https://news.example/1' }] }), ['subscribe ru']);
  const long = translatedServices
    .slice(0, 6)
    .map((service) => ({ ...facebook, service, reference: 'https://news.example/1' }));
  const calls = {
    ...facebook,
    action: 'restrict' as const,
    part: 'calls' as const,
    reference: 'https://news.example/1',
  };
  await say(bot({ baseline: [calls] }), ['status ru facebook']);
  const recorded = bot({ baseline: long, shows: true, pictures: { possible: () => true, soon() {} } });
  recorded.tables.stored = [incident({ service: 'x', id: 'RU-x-1', openedAt: NOW - 2 * DAY })];
  await say(recorded, ['status ru']);

  await say(bot(), ['subscribe ru'], { chatKind: 'group', admin: false });
  await say(bot(), ['subscribe ru'], { chatKind: 'channel', admin: false });
  await say(bot(), ['sources']);
  const more = { ...ill, leftOut: { countries: 3, services: 0, isMore: true } };
  await say(bot({ health: async () => more }), ['sources'], { sender: 'telegram:1' });
  const outlets = { feeds: 2, owners: 2, troubled: 0, newestAt: NOW - HOUR, languages: ['en'], waiting: false };
  const countries = [0, 1].map((n) => ({ ...outlets, country: ['UG', 'TR'][n]!, heard: n }));
  const rates = { pollsAMinute: 200, megabytesAnHour: 500, firstMs: 300_000, othersMs: 300_000 };
  const hardly = bot({ press: async () => ({ countries, owners: {}, ...rates }) });
  await say(hardly, ['sources', 'subscribe ug tr'], { sender: 'telegram:1' });
  const byTurns = { countries, owners: {}, ...rates, othersMs: 720_000 };
  await say(bot({ press: async () => byTurns }), ['sources'], { sender: 'telegram:1' });
  await say(bot({ budgets: undefined as never, unbudgeted: false }), Array<string>(40).fill('ping'));
  const broken = bot({ defaultLang: lang });
  broken.tables.broken = new Error('disk full');
  await say(broken, ['subscribe ru']);
  await say(bot(), SENTENCES);
  const cut = bot();
  cut.tables.stored = [incident({ id: 'IR-internet-1111', country: 'IR', service: 'internet', action: 'shutdown' })];
  await say(cut, ['subscribe ir', ...SENTENCES, 'mute all for 3d', 'mute all for 8h']);
  const name = lang === 'ru' ? 'russian' : 'english';
  await say(bot(), [`can you please write to me in ${name} because my aunt reads it`]);

  const later = async (setUp: readonly string[], text: string, merged: Partial<Merged>) => {
    const one = bot();
    one.tables.stored = open;
    await say(one, setUp);
    const answered = await one.answer(text, { lang });
    documents.push((await answered!.later({ ...NOTHING, ...merged }))!);
  };
  await later(['subscribe ru'], 'subscribe ir', { changed: true, unanswered: 2, dropped: true });
  await later([], 'level early', { changed: true });
  await later(['subscribe ru'], 'forget yes', { changed: true });
  menusIn(words);
  return { heard, documents };
}

/** Said by alerts (`render/phrases.test.ts`, `render/regular.test.ts`), by pairs of chats (`link.test.ts`), by pages (`web/site/`), or by where one is (`threads.test.ts` and its kin). */
const ELSEWHERE = new Set([
  ...keysOf(
    'head',
    'net',
    'any',
    'group',
    'several',
    'changed',
    'wrong',
    'stands',
    'line.reported',
    'change.stands',
    'change.changed',
    'change.fell',
    'sources.ambiguous',
    'label',
    'headline',
    'country',
    'list',
  ),
  ...keysOf('method', 'confidence', 'sure', 'why', 'count', 'alert', 'reply', 'test', 'demo'),
  ...keysOf('thread', 'error.adminsLevel', 'error.adminsNeeds', 'missed', 'mute.over', 'moved'),
  ...keysOf('noun', 'place', 'network', 'part', 'component', 'advice', 'probe'),
  ...keysOf(
    'pair',
    'link',
    'unlink',
    'notice',
    'via',
    'board',
    'error.adminsAs',
    'announce',
    'stats',
    'settings.pair',
    'settings.noPair',
    'button.bothAlways',
    'button.test',
    'button.unlink',
    'button.agree',
    'button.boardOn',
    'button.boardOff',
    'button.yesSend',
  ),
  ...keysOf('summary', 'digest', 'remind', 'report', 'site', 'here'),
  // Of adapters.
  ...keysOf('english', 'emoji', 'profile', 'message', 'react', 'encrypted', 'agent', 'button.tooOld'),
  // Said by ages of less than a minute.
  'age.moment',
  // Where a country is assumed is told by language (`ask/sentences.test.ts`).
  'ask.assumed',
  'ask.where',
  'status.reference',
  'button.evidence',
  'button.mute',
  'button.muteCountry',
  'button.status',
]);

const unsaid = (heard: ReadonlySet<PhraseKey>): string[] =>
  Object.keys(phrasesOf('en')).filter((key) => !ELSEWHERE.has(key) && !heard.has(key as PhraseKey));

describe.each(['en', 'ru'])('what the bot says in %s', (lang) => {
  let said: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    said = await run(lang);
  });

  test('every phrase: said in some situation', () => expect(unsaid(said.heard)).toEqual([]));

  test('every answer: in that language, without holes and odd values', () => {
    expect(said.documents.length).toBeGreaterThan(150);
    for (const document of said.documents) {
      // An evidence card is laid out in columns; it has tests of its own.
      const blocks = document.blocks.filter((one) => one.type !== 'pre' || !/\n {2}/u.test(one.text));
      const text = asText({ ...document, blocks });
      expect(text).not.toMatch(/\{\w+\}|undefined|NaN|\[object|\bnull\b| {2}|\s[,.;:!?](?:\s|$)/m);
    }
    const answers = said.documents.filter((document) => document.lang !== lang);
    // Only where a language was chosen that is not the asker's.
    expect(answers).toEqual([]);
  });
});

/** Latin words that are right in a Russian answer: names, zones, networks, what somebody typed or a server said. */
const NAMES = new RegExp(
  [
    'https://\\S+|[A-Z]\\w+/[A-Z]\\w+|Tocsin|DNS|SNI|VPN|MAX|LINE|BBC|DW|RT|UTC|GMT|IP|BGP|HTTP|AS\\d+|Language|Türkçe|Français|Español|Українська|Deutsch\\b|English|Klingon',
    'Beeline|MegaFon|WhatsApp|Telegram|Signal|Facebook|Instagram|Twitter|YouTube|Odnoklassniki|Google|Play|Deutsche|Welle|Moscow|Times|The|VK|X',
    'Old|Bad|Worse|Stale|Blind|blind|Idle|Gap|Spent|New|News|tallinn|narva|tartu|parnu|laptop|flood|other|bbc|nobody|tg|old|bad|worse|stale|new|fetch_timeout|sni_blocked|rst|telegram',
    'shop|example|org|Russia|blocks|Europe|Africa|America|Asia|[A-Z]{2}-[a-z0-9-]+|ages|radar|loud|klingon|mosco|zzzzqqqq|xyzzyplugh|watsapp|whatsap|congo|nope|subcribe|ru|subscribe|@\\w+|services|class',
    'SHA-256 [0-9a-f]{16}',
    'accessnow\\.org/help|ssd\\.eff\\.org|atlantis',
    // Other words for a command, in all languages.
    'Ещё: .*',
    // Languages in themselves.
    ...translators.languages.map(({ name }) => name),
  ].join('|'),
  'g',
);

test('no Russian answer has English in it', async () => {
  const { documents } = await run('ru');
  const english = documents.flatMap(proseOf).filter((line) => /[a-z]{3,}/.test(line.replace(NAMES, '')));
  expect([...new Set(english)]).toEqual([]);
});
