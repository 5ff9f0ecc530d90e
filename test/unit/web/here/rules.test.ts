import { expect, test } from 'vitest';
import { judge } from '../../../../src/web/site/here/rules.js';

/** What is seen from a line, by host: "+" opened, "-" not; a number: after so many ms. */
type Tried = Record<string, string>;
const MS = 120;
const triesOf = (tried: Tried, ms = MS) =>
  Object.entries(tried).flatMap(([host, signs]) => [...signs].map((sign) => ({ host, ok: sign === '+', ms })));

const ABROAD: Tried = { 'a.example': '++', 'b.example': '++' };
const HOME: Tried = { 'home.example': '++' };
const OPEN = { chat: triesOf({ 'chat.example': '++', 'web.chat.example': '++' }) };

const pictures = (ms: number) => triesOf({ 'news.example': '++' }, ms).map((one) => ({ ...one, large: true }));

const seen = ({
  abroad = ABROAD,
  home = HOME,
  services = {},
  ...more
}: {
  abroad?: Tried;
  home?: Tried;
  services?: Record<string, ReturnType<typeof triesOf>>;
  online?: boolean;
  echo?: 'same' | 'other' | 'none';
  bait?: boolean;
} = {}) => ({
  online: true,
  echo: 'same' as const,
  bait: true,
  abroad: [...triesOf(abroad), ...triesOf(abroad).map((one) => ({ ...one, large: true }))],
  home: triesOf(home),
  services: Object.entries({ ...OPEN, ...services }).map(([id, tries]) => ({ id, tries })),
  ...more,
});
const SHUT = triesOf({ 'news.example': '--', 'www.news.example': '--' });
const none = { 'a.example': '--', 'b.example': '--' };
const shutChat = { chat: triesOf({ 'chat.example': '--', 'web.chat.example': '--' }) };

const CASES: [string, Parameters<typeof seen>[0], string, Record<string, string>][] = [
  ['everything opens', {}, 'fine', { chat: 'works' }],
  [
    'one service alone fails, on all of its hosts',
    { services: { news: SHUT } },
    'fine',
    { chat: 'works', news: 'fails' },
  ],
  [
    'one of its two hosts fails',
    { services: { news: triesOf({ 'news.example': '--', 'www.news.example': '++' }) } },
    'fine',
    { chat: 'works', news: 'partly' },
  ],
  [
    'it opens every other time',
    { services: { news: triesOf({ 'news.example': '+-', 'www.news.example': '-+' }) } },
    'fine',
    { chat: 'works', news: 'unclear' },
  ],
  [
    'a single try that failed',
    { services: { news: triesOf({ 'news.example': '-' }) } },
    'fine',
    { chat: 'works', news: 'unclear' },
  ],
  [
    'thirty times slower than the controls',
    { services: { news: pictures(4_000) } },
    'fine',
    { chat: 'works', news: 'slow' },
  ],
  [
    'a small file that comes late: no picture, no word of slowness',
    { services: { news: triesOf({ 'news.example': '++' }, 4_000) } },
    'fine',
    { chat: 'works', news: 'works' },
  ],
  [
    'ten times slower than a fast line, and yet quick',
    { services: { news: triesOf({ 'news.example': '++' }, 1_500) } },
    'fine',
    { chat: 'works', news: 'works' },
  ],
  [
    'a blocker of advertisements, refused at once',
    { bait: false, services: { news: triesOf({ 'news.example': '--' }, 2) } },
    'fine',
    { chat: 'works', news: 'unclear' },
  ],
  [
    'a blocker, but this was silent until the deadline',
    { bait: false, services: { news: SHUT.map((one) => ({ ...one, ms: 5_000 })) } },
    'fine',
    { chat: 'works', news: 'fails' },
  ],
  ['nothing answers', { abroad: none, home: { 'home.example': '--' }, services: shutChat, echo: 'none' }, 'line', {}],
  [
    'nothing answers, and the browser says so',
    { abroad: none, home: { 'home.example': '--' }, services: shutChat, echo: 'none', online: false },
    'offline',
    {},
  ],
  ['the browser says offline, and is wrong', { online: false }, 'fine', { chat: 'works' }],
  ['somebody else answers in the place of this server', { echo: 'other', services: { news: SHUT } }, 'portal', {}],
  ['hosts of the country answer, nothing abroad does', { abroad: none, services: shutChat }, 'border', {}],
  ['this server alone answers', { abroad: none, home: { 'home.example': '--' }, services: shutChat }, 'unclear', {}],
  [
    'the controls are blocked, services open',
    { abroad: none, services: { news: SHUT, mail: triesOf({ 'mail.example': '++' }) } },
    'controls',
    { chat: 'works', mail: 'works', news: 'fails' },
  ],
  [
    'the border is shut, a service of the country itself opens',
    { abroad: none, services: { ...shutChat, news: SHUT, own: triesOf({ 'own.example': '++' }) } },
    'border',
    {},
  ],
  ['one control is blocked', { abroad: { 'a.example': '++', 'b.example': '--' } }, 'fine', { chat: 'works' }],
  [
    'half of the tries are lost everywhere',
    { abroad: { 'a.example': '+-', 'b.example': '-+' }, services: { news: SHUT } },
    'shaky',
    { chat: 'works', news: 'unclear' },
  ],
  ['no host of the country is known', { home: {}, services: { news: SHUT } }, 'fine', { chat: 'works', news: 'fails' }],
];

test.each(CASES)('%s: as a person should read it', (_, options, line, services) => {
  const said = judge(seen(options));
  expect(said.line).toBe(line);
  expect(Object.fromEntries(said.services.map(({ id, verdict }) => [id, verdict]))).toEqual(services);
});

test('the line is at fault: no service is named, whatever was seen of it', () => {
  for (const [, options, line] of CASES.filter(([, , one]) => !['fine', 'shaky', 'controls'].includes(one)))
    expect([line, judge(seen(options)).services]).toEqual([line, []]);
});
