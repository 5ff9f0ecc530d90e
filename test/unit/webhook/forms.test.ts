/** What each preset says, by the rules that its platform documents. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Form,
  type Telling,
  alertmanager,
  discord,
  mattermost,
  ntfy,
  slack,
  standard,
} from '../../../src/adapters/webhook/adapter.ts';
import { untold } from '../../../src/adapters/webhook/told.ts';
import type { Block, MessageDocument } from '../../../src/core/model/message.ts';
import { NOW, change, documentOf, facts, telling } from './samples.ts';

const URL_OF = 'https://hooks.example/in';
const HOSTILE = '*bold* _it_ ~no~ `c` <!channel> <@U1> @everyone @here [l](https://e.example) **b** || # h\n> q & </b>';
// oxlint-disable-next-line typescript/no-explicit-any -- a body is what the preset's platform says that it is
const bodyOf = (form: Form, over: Partial<Telling> = {}, url = URL_OF): any =>
  JSON.parse(form(telling(over), url)[0]!.body);
const lifted = untold(
  {
    incidents: [
      facts([change(1), change(2, { kind: 'lifted', state: 'lifted' })], { state: 'lifted', closedAt: change(2).at }),
    ],
  },
  new Map([['RU-whatsapp-3f9k', 1]]),
);
const pageOf = (id: string): string => `https://tocsin.example/incident/${id}`;
const document = (...blocks: Block[]): MessageDocument => ({ ...documentOf(), blocks });

describe('all of them', () => {
  const forms: [string, Form, string][] = [
    ['standard', standard, URL_OF],
    ['slack', slack, URL_OF],
    ['discord', discord, URL_OF],
    ['mattermost', mattermost, URL_OF],
    ['ntfy', ntfy, 'https://ntfy.example/topic'],
    ['alertmanager', alertmanager, 'https://am.example'],
  ];
  const inline = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.record({ bold: fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 }) }),
      fc.record({ code: fc.string({ unit: 'binary' }) }),
      fc.record({ link: fc.webUrl(), text: fc.string({ unit: 'binary' }) }),
    ),
    { maxLength: 20 },
  );
  const block: fc.Arbitrary<Block> = fc.oneof(
    fc.record({ type: fc.constant('paragraph' as const), inline }),
    fc.record({ type: fc.constant('list' as const), items: fc.array(inline, { maxLength: 30 }) }),
    fc.record({ type: fc.constant('pre' as const), text: fc.string({ unit: 'binary', maxLength: 9_000 }) }),
  );

  test.each(forms)('%s: any document: bounded JSON of whole characters', (name, form, url) => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
        const { body } = form(telling({ document: document(...blocks) }), url)[0]!;
        expect(() => JSON.parse(body)).not.toThrow();
        expect(body.isWellFormed()).toBe(true);
        expect(body).not.toContain('\\ud8');
        expect(body.length).toBeLessThan(40_000);
        if (name === 'discord') {
          const [embed] = JSON.parse(body).embeds;
          expect([embed.title?.length ?? 0, embed.description.length]).toEqual([
            expect.any(Number),
            expect.any(Number),
          ]);
          expect((embed.title?.length ?? 0) <= 256 && embed.description.length <= 4_096).toBe(true);
        }
        if (name === 'ntfy') expect(Buffer.byteLength(JSON.parse(body).message)).toBeLessThanOrEqual(4_096);
        if (name === 'slack') expect(JSON.parse(body).text.length).toBeLessThanOrEqual(40_000);
      }),
      { numRuns: 60 },
    );
  });

  test.each(forms.filter(([name]) => name !== 'alertmanager'))(
    '%s: what is about no incident (an announcement): one message under the id of its delivery',
    (_, form, url) => {
      const posts = form(telling({ changes: [], document: documentOf('Maintenance on Monday') }), url);
      expect(posts).toHaveLength(1);
      expect(posts[0]).toMatchObject({
        id: 'tocsin_b1_7_send',
        body: expect.stringContaining('Maintenance on Monday'),
        tells: [],
      });
    },
  );
});

describe('slack', () => {
  test("a stranger's signs: text elements, which Slack does not read; escaped in the notification", () => {
    const body = bodyOf(slack, { document: documentOf(HOSTILE) });
    expect(body.blocks[0].elements[0].elements[0]).toEqual({ type: 'text', text: HOSTILE });
    expect(body.text).toContain('&lt;!channel&gt;');
    expect(body.text).not.toMatch(/<[!@]/);
    expect(body.unfurl_links).toBe(false);
  });

  test('bold, links, lists: as rich text', () => {
    const list: Block = {
      type: 'list',
      items: [['by ', { bold: ['DNS'] }], [{ link: 'https://a.example/', text: 'BBC' }]],
    };
    const body = bodyOf(slack, { document: document(list), pageOf });
    expect(body.blocks).toHaveLength(1);
    expect(body.blocks[0].elements[0]).toEqual({
      type: 'rich_text_list',
      style: 'bullet',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'by ' },
            { type: 'text', text: 'DNS', style: { bold: true } },
          ],
        },
        { type: 'rich_text_section', elements: [{ type: 'link', url: 'https://a.example/', text: 'BBC' }] },
      ],
    });
    expect(body.blocks[0].elements.at(-1).elements[0].url).toBe(pageOf('RU-whatsapp-3f9k'));
  });

  test('longer than fits: cut, as plain text', () => {
    const body = bodyOf(slack, { document: documentOf('x'.repeat(9_000)) });
    expect(body.text.length).toBeLessThanOrEqual(3_000);
    expect(body.blocks[0].elements[0].elements[0].text).toMatch(/x…$/);
  });
});

describe('discord', () => {
  test('an embed with the headline as title; red, then green; nobody is called', () => {
    const body = bodyOf(discord, { pageOf });
    expect(body).toMatchObject({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: '🔴 Russia\\: WhatsApp blocked',
          description: 'since 25 Nov',
          color: 0xc62828,
          url: pageOf('RU-whatsapp-3f9k'),
        },
      ],
    });
    expect(bodyOf(discord, { changes: lifted }).embeds[0].color).toBe(0x2e7d32);
  });

  test("a stranger's signs: escaped", () => {
    const { description } = bodyOf(discord, { document: documentOf(HOSTILE) }).embeds[0];
    expect(description).toContain('\\*bold\\*');
    expect(description).toContain('\\[l\\]\\(https\\:');
    expect(description).not.toMatch(/@(everyone|here)/);
    expect(description.replaceAll('\\', '').replaceAll('\u2060', '')).toBe(HOSTILE);
  });
});

describe('mattermost', () => {
  test('an alert as alerts are: not a backslash in it', () => {
    const said =
      '🔴 Россия: WhatsApp blocked (since 25 Nov, 06:10 UTC) - 2 outlets! Cost: $5 + 3.5 % {x} | RU-whatsapp-3f9k, sni_blocked #1.';
    expect(bodyOf(mattermost, { document: documentOf(said) }).text.replaceAll('\u2060', '')).toBe(said);
    expect(bodyOf(mattermost, { document: documentOf(said) }).text).not.toContain('\\');
  });

  test("a stranger's signs: nothing is marked up, called or begun by them", () => {
    const { text } = bodyOf(mattermost, {
      document: documentOf(`${HOSTILE}\n# h\n- l\n1. n\n:smile: ~town #tag __u__`),
    });
    expect(text).toBe(
      '\\*bold\\* \\_it\\_ ~\u2060no~ \\`c\\` \\<!channel> \\<@\u2060U1> @\u2060everyone @\u2060here \\[l\\](https://e.example) \\*\\*b\\*\\* || # h\n' +
        '\u2060> q & \\</b>\n\u2060# h\n\u2060- l\n\u20601. n\n:\u2060smile: ~\u2060town #\u2060tag \\_\\_u\\_\\_',
    );
  });

  test('Markdown, escaped; a link with brackets in it stays one', () => {
    const inline = [{ bold: ['WhatsApp'] }, ' ', { link: 'https://a.example/x_(y)>z', text: 'a]b' }, ' @all'];
    expect(bodyOf(mattermost, { document: document({ type: 'paragraph', inline }) }).text).toBe(
      '**WhatsApp** [a\\]b](<https://a.example/x_(y)%3Ez>) @\u2060all',
    );
  });
});

describe('ntfy', () => {
  test('published at the root, the topic from the address; a new block rings, a lift less, an announcement softly', () => {
    const [post] = ntfy(telling({ pageOf }), 'https://ntfy.example/sub/my-topic?x=1');
    expect(post!.url).toBe('https://ntfy.example/sub');
    expect(JSON.parse(post!.body)).toEqual({
      topic: 'my-topic',
      title: '🔴 Russia: WhatsApp blocked',
      message: 'since 25 Nov',
      priority: 4,
      tags: ['warning'],
      click: pageOf('RU-whatsapp-3f9k'),
    });
    const url = 'https://ntfy.example/t';
    expect(bodyOf(ntfy, { changes: lifted }, url)).toMatchObject({ priority: 3, tags: ['white_check_mark'] });
    expect(bodyOf(ntfy, { changes: [], document: { ...documentOf('x', 'y'), tone: 'notice' } }, url)).toMatchObject({
      priority: 2,
    });
    const shutdown = untold(
      { incidents: [facts([change(1, { action: 'shutdown' })], { action: 'shutdown' })] },
      new Map(),
    );
    expect(bodyOf(ntfy, { changes: shutdown }, url)).toMatchObject({ priority: 5, tags: ['rotating_light'] });
  });

  test('a text of many bytes: at most 4,096, and no half character', () => {
    const { message } = bodyOf(ntfy, { document: documentOf('t', '🔴й'.repeat(1_500)) }, 'https://ntfy.example/t');
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(message.isWellFormed()).toBe(true);
  });
});

describe('alertmanager', () => {
  test('open: one alert whose labels stay as they are, with an end far ahead', () => {
    const [post] = alertmanager(telling({ pageOf }), 'https://am.example/prefix/');
    expect(post!.url).toBe('https://am.example/prefix/api/v2/alerts');
    const [alert] = JSON.parse(post!.body);
    expect(alert).toMatchObject({
      labels: { alertname: 'TocsinIncident', incident: 'RU-whatsapp-3f9k', country: 'RU', service: 'whatsapp' },
      annotations: {
        summary: '🔴 Russia: WhatsApp blocked',
        action: 'block',
        state: 'active',
        confidence: 'corroborated',
      },
      startsAt: change(1).at,
      generatorURL: pageOf('RU-whatsapp-3f9k'),
    });
    expect(Date.parse(alert.endsAt) - NOW).toBe(45 * 86_400_000);
    expect(alertmanager(telling(), 'https://am.example/api/v2/alerts')[0]!.url).toBe(
      'https://am.example/api/v2/alerts',
    );
  });

  test('lifted: the same labels, ended when it was; taken back: ended, too; an announcement: nothing', () => {
    const [alert] = bodyOf(alertmanager, { changes: lifted });
    expect(alert.labels).toEqual(bodyOf(alertmanager)[0].labels);
    expect(alert.endsAt).toBe(change(2).at);
    const early = facts([change(3, { kind: 'withdrawn', state: 'withdrawn' })], {
      state: 'withdrawn',
      openedAt: change(9).at,
    });
    const [ended] = bodyOf(alertmanager, { changes: untold({ incidents: [early] }, new Map()) });
    expect(ended.endsAt >= ended.startsAt).toBe(true);
    const document = { ...documentOf('The bot moves tonight'), tone: 'notice' as const };
    expect(alertmanager(telling({ changes: [], document }), 'https://am.example')).toEqual([]);
  });

  test('a test alert: one under a name of its own, which ends within minutes', () => {
    const document = documentOf('🔔 This is a test.', '🔴 Example Country: Example Messenger blocked');
    const [alert, more] = bodyOf(alertmanager, { changes: [], document });
    expect(alert).toMatchObject({
      labels: { alertname: 'TocsinTest' },
      annotations: { summary: '🔔 This is a test.' },
    });
    expect([Date.parse(alert.startsAt) - NOW, Date.parse(alert.endsAt) - NOW, more]).toEqual([0, 300_000, undefined]);
  });

  test('several changes of one incident that waited: one alert, as it is now', () => {
    const two = untold(
      { incidents: [facts([change(1), change(2, { kind: 'widened' }), change(3, { kind: 'escalated' })])] },
      new Map([['RU-whatsapp-3f9k', 1]]),
    );
    expect(bodyOf(alertmanager, { changes: two })).toHaveLength(1);
  });
});
