import { describe, expect, test } from 'vitest';
import { commandIn } from '../../../src/adapters/matrix/commands.ts';
import type { RoomEvent } from '../../../src/adapters/matrix/untrusted.ts';
import { expectAtMost } from '../../fakes/pace.ts';

const BOT = '@bot:example.org';
const EVE = '@eve:example.org';
const names = { userId: BOT, displayName: 'Tocsin' };
const said = (body: string, more: object = {}): RoomEvent => ({
  type: 'm.room.message',
  eventId: '$e',
  sender: '@ann:example.org',
  stateKey: null,
  content: { msgtype: 'm.text', body, ...more },
  at: 1,
  ageMs: 1,
  past: false,
});
const mentions = (...users: string[]) => ({ 'm.mentions': { user_ids: users } });
const html = (formatted: string) => ({ format: 'org.matrix.custom.html', formatted_body: formatted });
const link = (userId: string, text = userId) => `[${text}](https://matrix.to/#/${userId})`;
const pill = (userId: string, text = userId) => `<a href="https://matrix.to/#/${userId}">${text}</a>`;
const quote = (event: string) => ({ 'm.relates_to': { 'm.in_reply_to': { event_id: event } } });

describe('mentions as clients write them', () => {
  test.each<[string, RoomEvent, string | null]>([
    ['Element X for Android', said(`${link(BOT)} ping`, { ...mentions(BOT), ...html(`${pill(BOT)} ping`) }), 'ping'],
    ['Element X, link text is the name', said(`${link(BOT, 'Tocsin')}: статус россия`, mentions(BOT)), 'статус россия'],
    ['a link alone, no m.mentions', said(`${link(BOT)} subscribe ru`), 'subscribe ru'],
    ['a link with an encoded id', said(`${link('%40bot%3Aexample.org', 'x')} status`), 'status'],
    ['a link with servers to ask', said(`[x](https://matrix.to/#/${BOT}?via=example.org) status`), 'status'],
    ['a name with brackets in the link', said(`${link(BOT, 'Tocsin [bot]')} status`), 'status'],
    ['a link and nothing more', said(link(BOT), mentions(BOT)), 'start'],
    [
      'Element Web',
      said('Tocsin: status ru', { ...mentions(BOT), ...html(`${pill(BOT, 'Tocsin')}: status ru`) }),
      'status ru',
    ],
    [
      'Element iOS, no colon',
      said('Tocsin status ru', { ...mentions(BOT), ...html(`${pill(BOT, 'Tocsin')} status ru`) }),
      'status ru',
    ],
    ['capitals', said('TOCSIN: STATUS RU', mentions(BOT)), 'STATUS RU'],
    [
      'a name only in this room',
      said('Набат, статус', { ...mentions(BOT), ...html(`<p>${pill(BOT, 'Набат')}, статус</p>`) }),
      'статус',
    ],
    [
      'body shows the mention in a way of its own',
      said('@[Tocsin] status ru', html(`<p>${pill(BOT, '@Tocsin')} status &amp; ru</p>`)),
      'status & ru',
    ],
    [
      'a pill by a matrix: URI',
      said('Bell status', html('<a href="matrix:u/bot:example.org" class="x">Bell</a> status')),
      'status',
    ],
    ['a slash after the mention', said(`${link(BOT)} /status ru`), 'status ru'],
    ['prefix after the mention', said(`${link(BOT)} !tocsin status ru`), 'status ru'],
    ['localpart by hand', said('@bot status ru'), 'status ru'],
    ['localpart by hand, colon', said('@bot: status ru'), 'status ru'],
    ['localpart by hand, comma', said('@Bot, статус россия'), 'статус россия'],
    ['localpart by hand, comma without space', said('@bot,status'), 'status'],
    ['localpart alone', said('@bot'), 'start'],
    ['display name by hand', said('@tocsin status ru'), 'status ru'],
    ['user id by hand', said(`${BOT} status`), 'status'],
    ['Persian comma after the name', said('Tocsin، status'), 'status'],
    ['full-width colon after the name', said('Tocsin：status'), 'status'],
    ['a mark of direction in front', said('\u2068@bot status ru'), 'status ru'],
    ['a longer name that begins so', said('@botany is nice'), null],
    ['the same name at another server', said('@bot:elsewhere.org status'), null],
    ['a word after a colon that may be a server', said('@bot:status ru'), null],
    ['somebody else, link', said(`${link(EVE)} status ru`, mentions(EVE)), null],
    ['somebody else with our name, link', said(`${link(EVE, 'Tocsin')}: status ru`, mentions(EVE)), null],
    [
      'somebody else with our name, pill',
      said('Tocsin: status ru', { ...mentions(EVE), ...html(`${pill(EVE, 'Tocsin')}: status ru`) }),
      null,
    ],
    ['somebody else first, us later', said(`${link(EVE)} ask ${link(BOT)}`, mentions(EVE, BOT)), null],
    ['us in the middle of a sentence', said(`ask ${link(BOT)} about it`, mentions(BOT)), null],
    ['somebody else by hand', said('@eve status ru'), null],
    ['a link to a page', said('[Tocsin](https://example.org/x) status'), null],
    [
      'quoted link',
      said(`> ${link(BOT)} status\n\nwhat is this?`, {
        ...mentions(BOT),
        ...html(`<blockquote>${pill(BOT)} status</blockquote>what is this?`),
      }),
      null,
    ],
    [
      'reply fallback that mentions us',
      said(`> <@eve:x> ${link(BOT)} forget\n\nno`, {
        ...quote('$x'),
        ...mentions(BOT),
        ...html(`<mx-reply><blockquote>${pill(BOT)} forget</blockquote></mx-reply>no`),
      }),
      null,
    ],
    ['reply to us: mentioned, not addressed', said('thanks!', { ...quote('$x'), ...mentions(BOT) }), null],
    [
      'reply fallback, then a mention',
      said(`> <@eve:x> hi\n\n${link(BOT)} status`, { ...quote('$x'), ...mentions(BOT) }),
      'status',
    ],
    ['only quoted', said(`> @bot forget`, html(`<blockquote>${pill(BOT)} forget</blockquote>`)), null],
    ['HTML of another format', said('x', { format: 'text/weird', formatted_body: `${pill(BOT)} forget` }), null],
  ])('%s', (_name, event, command) => {
    expect(commandIn(event, names, false)).toBe(command);
  });

  test.each<[string, RoomEvent, string | null]>([
    ['everything is a command', said('status ru'), 'status ru'],
    ['a mention is taken off', said(`${link(BOT)} status ru`), 'status ru'],
    ['somebody else is spoken to', said(`${link(EVE)} look at this`, mentions(EVE)), null],
    ['only a quote', said('> status ru'), null],
  ])('in a direct chat: %s', (_name, event, command) => {
    expect(commandIn(event, names, true)).toBe(command);
  });

  test('hostile text: bounded time', () => {
    const began = performance.now();
    for (const body of ['['.repeat(8_000), `[${'](('.repeat(3_000)}`, ' '.repeat(8_000), `<${'p>'.repeat(4_000)}`])
      commandIn(said(body, html(`${body}<a ${'href= '.repeat(2_000)}`)), names, false);
    expectAtMost(performance.now() - began, 500);
  });
});
