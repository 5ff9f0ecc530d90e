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

/** A picture was asked for, twice, and did not come. */
const STUCK = pictures(4_000).map((one) => ({ ...one, ok: false }));

const seen = ({
  abroad = ABROAD,
  home = HOME,
  services = {},
  deaf = false,
  ...more
}: {
  deaf?: boolean;
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
  abroad: [
    ...triesOf(abroad),
    ...(deaf
      ? pictures(4_000).map((one) => ({ ...one, host: 'c.example', ok: false }))
      : triesOf(abroad).map((one) => ({ ...one, large: true }))),
  ],
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
    'no picture comes from anywhere: a host that was asked for one says nothing, its connection hangs for that',
    { deaf: true, services: { news: STUCK } },
    'fine',
    { chat: 'works', news: 'unclear' },
  ],
  [
    'no picture comes from anywhere, and a service that was asked for none is shut: it fails',
    { deaf: true, services: { news: SHUT } },
    'fine',
    { chat: 'works', news: 'fails' },
  ],
  [
    'a service whose small files open and none of whose pictures comes, where those of the controls do: very slow',
    { services: { news: [...triesOf({ 'news.example': '+' }), ...STUCK] } },
    'fine',
    { chat: 'works', news: 'slow' },
  ],
  [
    'the same, and the controls were asked for no picture that came: nothing is said',
    { deaf: true, services: { news: [...triesOf({ 'news.example': '+' }), ...STUCK] } },
    'fine',
    { chat: 'works', news: 'unclear' },
  ],
  [
    'the pictures of one service alone do not come, nor anything else of it: it fails',
    { services: { news: STUCK } },
    'fine',
    { chat: 'works', news: 'fails' },
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
    'no control opens, and what opens does so late or not each time: packets are lost',
    {
      abroad: none,
      home: { 'home.example': '-+' },
      services: {
        news: SHUT,
        chat: triesOf({ 'chat.example': '-+', 'web.chat.example': '+' }, 3_600),
        mail: triesOf({ 'mail.example': '+' }, 230),
      },
    },
    'shaky',
    { chat: 'unclear', mail: 'works', news: 'unclear' },
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
  [
    'nothing but this server and one service answers: a sign-in, perhaps',
    {
      abroad: none,
      home: { 'home.example': '--' },
      services: { ...shutChat, news: SHUT, mail: triesOf({ 'mail.example': '+' }) },
    },
    'unclear',
    {},
  ],
  [
    'most hosts answer late once or not once, warm connections do not: packets are lost',
    {
      services: {
        news: SHUT,
        chat: triesOf({ 'chat.example': '+' }, 3_100),
        mail: triesOf({ 'mail.example': '-+' }, 1_300),
        map: triesOf({ 'map.example': '+' }, 2_000),
        own: triesOf({ 'own.example': '+' }, 1_400),
      },
    },
    'shaky',
    { chat: 'works', news: 'unclear', mail: 'unclear', map: 'works', own: 'works' },
  ],
  [
    'a slow line on which all hosts are as late as each other: it judges',
    {
      abroad: {},
      home: {},
      services: {
        near: triesOf({ 'near.example': '++' }, 1_500),
        news: SHUT,
        chat: triesOf({ 'chat.example': '++' }, 1_900),
        mail: triesOf({ 'mail.example': '++' }, 2_300),
      },
    },
    'controls',
    { near: 'works', news: 'fails', chat: 'works', mail: 'works' },
  ],
  ['no host of the country is known', { home: {}, services: { news: SHUT } }, 'fine', { chat: 'works', news: 'fails' }],
];

test.each(CASES)('%s: as a person should read it', (_, options, line, services) => {
  const said = judge(seen(options));
  expect(said.line).toBe(line);
  expect(Object.fromEntries(said.services.map(({ id, verdict }) => [id, verdict]))).toEqual(services);
});

test.each([
  ['late by a lost question', 1_060, 25, 'shaky', 'unclear'],
  ['far away, each way takes its time', 1_060, 270, 'fine', 'fails'],
])('the first try of every host is late, %s: as a person should read it', (_, first, later, line, verdict) => {
  const tries = (host: string, ...ms: number[]) => ms.map((one) => ({ host, ok: true, ms: one }));
  const said = judge({
    online: true,
    echo: 'same',
    bait: true,
    abroad: [...tries('a.example', first, later, later), ...tries('b.example', first + 50, later, later)],
    home: tries('home.example', first + 20, later),
    services: [
      { id: 'chat', tries: tries('chat.example', first + 40) },
      { id: 'mail', tries: tries('mail.example', first + 10) },
      { id: 'news', tries: SHUT.map((one) => ({ ...one, ms: 4_000 })) },
    ],
  });
  expect(said.line).toBe(line);
  expect(said.services).toEqual([
    { id: 'chat', verdict: 'works' },
    { id: 'mail', verdict: 'works' },
    { id: 'news', verdict },
  ]);
});

test('the line is at fault: no service is named, whatever was seen of it', () => {
  for (const [, options, line] of CASES.filter(([, , one]) => !['fine', 'shaky', 'controls'].includes(one)))
    expect([line, judge(seen(options)).services]).toEqual([line, []]);
});
