import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RENDER_BUDGET, contentOf, render, transactionId } from '../../../src/adapters/matrix/deliver.ts';
import type { Block, Button, Inline, MessageDocument } from '../../../src/core/model/message.ts';
import type { Outgoing } from '../../../src/core/ports/chat-adapter.ts';
import { anyCharacter } from '../../fakes/any-text.ts';

const doc = (blocks: Block[], more: Partial<MessageDocument> = {}): MessageDocument => ({
  blocks,
  buttons: [],
  lang: 'en',
  tone: 'alert',
  ...more,
});
const paragraph = (...inline: Inline[]): MessageDocument => doc([{ type: 'paragraph', inline }]);
const shown = (document: MessageDocument) => render(document, '!tocsin ');

describe('both forms of a message', () => {
  const cases: [string, MessageDocument, string, string][] = [
    ['plain text: escaped', paragraph('a <b> & "c"'), 'a <b> & "c"', '<p>a &lt;b&gt; &amp; &quot;c&quot;</p>'],
    [
      'bold, italic, code',
      paragraph({ bold: ['x', { italic: ['y'] }] }, { code: '<z>' }),
      'xy<z>',
      '<p><b>x<i>y</i></b><code>&lt;z&gt;</code></p>',
    ],
    [
      'a link: text and address in plain, an attribute that cannot be left in HTML',
      paragraph({ link: 'https://e.example/?a="><script>', text: 'see' }),
      'see (https://e.example/?a=%22%3E%3Cscript%3E)',
      '<p><a href="https://e.example/?a=%22%3E%3Cscript%3E">see</a></p>',
    ],
    ['a link that is none: its text', paragraph({ link: 'javascript:alert(1)', text: 'see' }), 'see', '<p>see</p>'],
    [
      'a link shown as itself: once',
      paragraph({ link: 'https://e.example/', text: 'https://e.example/' }),
      'https://e.example/',
      '<p><a href="https://e.example/">https://e.example/</a></p>',
    ],
    ['a list', doc([{ type: 'list', items: [['a'], ['b']] }]), '• a\n• b', '<ul><li>a</li><li>b</li></ul>'],
    [
      'a table: lines, for clients without tables',
      doc([{ type: 'table', head: ['S', 'T'], rows: [['<x>', 'open']] }]),
      'S · T\n<x> · open',
      '<p><b>S</b> · <b>T</b><br><b>&lt;x&gt;</b> · open</p>',
    ],
    ['preformatted', doc([{ type: 'pre', text: '{\n}' }]), '{\n}', '<pre><code>{\n}</code></pre>'],
    ['small print', doc([{ type: 'note', inline: ['n'] }]), 'n', '<p><i>n</i></p>'],
    [
      'everybody is not pinged',
      paragraph('@room and @ROOM'),
      '@\u200broom and @\u200bROOM',
      '<p>@\u200broom and @\u200bROOM</p>',
    ],
    ['direction overrides and controls: gone', paragraph('a\u202eb\u2066c\u0000d'), 'abcd', '<p>abcd</p>'],
    ['half a character: mended', paragraph('a\ud800b'), 'a\ufffdb', '<p>a\ufffdb</p>'],
    [
      'a right-to-left language: each line begins so',
      doc([{ type: 'list', items: [['WhatsApp']] }], { lang: 'fa' }),
      '\u200f• \u2066WhatsApp\u2069',
      '<ul><li>\u200f\u2066WhatsApp\u2069</li></ul>',
    ],
    [
      'buttons: as they are typed',
      doc([], {
        buttons: [
          [
            { label: 'Mute', press: { command: 'mute RU-x-1 for 8h' } },
            { label: 'Page', press: { url: 'https://e.example/' } },
          ],
        ],
      }),
      'React with: 1️⃣ Mute\nMute: !tocsin mute RU-x-1 for 8h\nPage (https://e.example/)',
      '<p>React with: 1️⃣ Mute<br>Mute: <code>!tocsin mute RU-x-1 for 8h</code><br><a href="https://e.example/">Page</a></p>',
    ],
    [
      'an alert with several commands: each by its number, only the first is typed out, links stay',
      doc([], {
        tone: 'alert',
        buttons: [
          [
            { label: 'Evidence', press: { command: 'incident RU-x-1' } },
            { label: 'Mute 8 h', press: { command: 'mute RU-x-1 for 8h' } },
            { label: 'Status', press: { command: 'status RU' } },
          ],
          [{ label: 'Page', press: { url: 'https://e.example/' } }],
        ],
      }),
      'React with: 1️⃣ Evidence · 2️⃣ Mute 8 h · 3️⃣ Status\nEvidence: !tocsin incident RU-x-1\nPage (https://e.example/)',
      '<p>React with: 1️⃣ Evidence · 2️⃣ Mute 8 h · 3️⃣ Status<br>Evidence: <code>!tocsin incident RU-x-1</code><br><a href="https://e.example/">Page</a></p>',
    ],
    [
      'an answer with several commands: all are numbered and typed out',
      doc([], {
        tone: 'notice',
        buttons: [
          [
            { label: 'Status', press: { command: 'status' } },
            { label: 'Help', press: { command: 'help' } },
          ],
        ],
      }),
      'React with a number, or type:\n1️⃣ Status: !tocsin status\n2️⃣ Help: !tocsin help',
      '<p>React with a number, or type:<br>1️⃣ Status: <code>!tocsin status</code><br>2️⃣ Help: <code>!tocsin help</code></p>',
    ],
    ['nothing', doc([]), '', ''],
  ];
  test.each(cases)('%s', (_name, document, body, html) => {
    expect(shown(document)).toEqual({ body, html });
  });
});

test('more than fits: whole lines are left off, and their number is said; the typed forms stay', () => {
  const items = Array.from({ length: 2_000 }, (_, i) => [`<line ${i}> ${'я'.repeat(50)}`]);
  const { body, html } = shown(
    doc([{ type: 'list', items }], { lang: 'ru', buttons: [[{ label: 'B', press: { command: 'help' } }]] }),
  );
  const cut = /не поместилось в сообщение: ещё (\d+)\]\n\nРеакцией: 1\ufe0f\u20e3 B\nB: !tocsin help$/.exec(body);
  const lines = body.split('\n').filter((line) => line.startsWith('•')).length;
  expect(lines + Number(cut?.[1])).toBe(2_000);
  expect(html.match(/<li>/g)).toHaveLength(lines);
  expect(Buffer.byteLength(JSON.stringify({ body, html }))).toBeLessThanOrEqual(RENDER_BUDGET);
});

const inlineOf: fc.Arbitrary<Inline> = fc.letrec<{ inline: Inline }>((tie) => ({
  inline: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: anyCharacter }),
    fc.record({ code: fc.string({ unit: anyCharacter }) }),
    fc.record({
      link: fc.oneof(fc.webUrl(), fc.string({ unit: anyCharacter })),
      text: fc.string({ unit: anyCharacter }),
    }),
    fc.record({ bold: fc.array(tie('inline'), { maxLength: 3 }) }),
    fc.record({ italic: fc.array(tie('inline'), { maxLength: 3 }) }),
  ),
})).inline;
const inlines = fc.array(inlineOf, { maxLength: 6 });
const blockOf: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant('paragraph' as const), inline: inlines }),
  fc.record({ type: fc.constant('note' as const), inline: inlines }),
  fc.record({ type: fc.constant('list' as const), items: fc.array(inlines, { maxLength: 30 }) }),
  fc.record({ type: fc.constant('pre' as const), text: fc.string({ unit: anyCharacter, maxLength: 20_000 }) }),
  fc.record({
    type: fc.constant('table' as const),
    head: fc.option(fc.array(fc.string(), { maxLength: 4 })),
    rows: fc.array(fc.array(fc.string({ unit: anyCharacter }), { maxLength: 4 }), { maxLength: 30 }),
  }),
);
const buttonOf: fc.Arbitrary<Button> = fc.record({
  label: fc.string({ unit: anyCharacter }),
  press: fc.oneof(fc.record({ command: fc.string({ unit: anyCharacter }) }), fc.record({ url: fc.string() })),
});

test('any document: never throws, well-formed, balanced, only known tags, within the budget', () => {
  const documents = fc.record({
    blocks: fc.array(blockOf, { maxLength: 12 }),
    buttons: fc.array(fc.array(buttonOf, { maxLength: 4 }), { maxLength: 6 }),
    lang: fc.constantFrom('en', 'ru', 'fa'),
    tone: fc.constantFrom('alert' as const, 'notice' as const),
  });
  fc.assert(
    fc.property(documents, (document) => {
      const { body, html } = shown(document);
      expect(body.isWellFormed() && html.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(JSON.stringify({ body, html }))).toBeLessThanOrEqual(RENDER_BUDGET);
      const open: string[] = [];
      for (const [, close, tag, attributes] of html.matchAll(/<(\/?)([a-z]+)((?:\s[^<>]*)?)>/g)) {
        expect(['p', 'i', 'b', 'ul', 'li', 'br', 'pre', 'code', 'a']).toContain(tag);
        if (attributes) expect(attributes).toMatch(/^ href="(https?:|mailto:)[^"<>]*"$/);
        if (tag === 'br') continue;
        if (close) expect(open.pop()).toBe(tag);
        else open.push(tag!);
      }
      expect(open).toEqual([]);
      expect(html.replace(/<\/?[a-z]+(?:\s[^<>]*)?>/g, '')).not.toMatch(/[<>]/);
    }),
    { numRuns: 150 },
  );
});

describe('content of events', () => {
  const send = (more: Partial<Extract<Outgoing, { op: 'send' }>> = {}): Outgoing => ({
    op: 'send',
    address: { accountId: 'mx', chat: '!r', thread: null },
    document: paragraph('x'),
    key: 'k',
    replyTo: null,
    ...more,
  });
  const thread = { accountId: 'mx', chat: '!r', thread: '$root' };

  test('alert rings, notice does not; nobody is mentioned', () => {
    expect(contentOf(send(), '')).toEqual({
      msgtype: 'm.text',
      body: 'x',
      format: 'org.matrix.custom.html',
      formatted_body: '<p>x</p>',
      'm.mentions': {},
    });
    expect(contentOf(send({ document: { ...paragraph('x'), tone: 'notice' } }), '')).toMatchObject({
      msgtype: 'm.notice',
    });
  });

  test.each<[string, Outgoing, object]>([
    ['reply', send({ replyTo: '$a' }), { 'm.in_reply_to': { event_id: '$a' } }],
    [
      'in a thread',
      send({ address: thread }),
      { rel_type: 'm.thread', event_id: '$root', is_falling_back: true, 'm.in_reply_to': { event_id: '$root' } },
    ],
    [
      'reply in a thread',
      send({ address: thread, replyTo: '$a' }),
      { rel_type: 'm.thread', event_id: '$root', is_falling_back: false, 'm.in_reply_to': { event_id: '$a' } },
    ],
  ])('%s', (_name, message, relation) => {
    expect(contentOf(message, '')['m.relates_to']).toEqual(relation);
  });

  test('edit: new content for clients that know edits, a bounded fallback for the others, both without mentions', () => {
    const document = paragraph('long '.repeat(500));
    const content = contentOf({ ...send({ document }), op: 'edit', messageRef: '$first' } as Outgoing, '');
    expect(content).toMatchObject({
      'm.relates_to': { rel_type: 'm.replace', event_id: '$first' },
      'm.mentions': {},
      'm.new_content': { 'm.mentions': {} },
    });
    expect(String(content.body).length).toBeLessThanOrEqual(1_502);
  });
});

test('transaction ids: a plain key as it is; odd or long ones as a digest, the same each time', async () => {
  expect(transactionId('tocsin.0001abc.17.send')).toBe('tocsin.0001abc.17.send');
  for (const key of ['', '..', 'a/b', 'x'.repeat(500), 'ключ', '\ud800']) {
    expect(transactionId(key)).toMatch(/^h\.[\w-]{43}$/);
    expect(transactionId(key)).toBe(transactionId(key));
  }
  expect(transactionId('a/b')).not.toBe(transactionId('a/c'));
});
