/** Numbers under our messages: whose reaction does what, once, and what we put there ourselves. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_OFFERS,
  OFFERS,
  commandsIn,
  createReactions,
  offerAt,
  offersOf,
  targetOf,
} from '../../../src/adapters/matrix/commands.ts';
import { contentOf, createPreplace, render } from '../../../src/adapters/matrix/deliver.ts';
import { TocsinError } from '../../../src/core/errors.ts';
import type { Button, MessageDocument } from '../../../src/core/model/message.ts';
import { renderAlert } from '../../../src/core/render/alert.ts';
import { editOf, isCommand, never, sendOf } from '../../contract/chat-adapter.suite.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { incident, translators, twoOutlets, view } from '../render/support.ts';
import { ANN, at, fake, homeserverPerTest, kind, pause, start, until } from './bench.ts';

homeserverPerTest();

const [ONE, TWO] = ['1\ufe0f\u20e3', '2\ufe0f\u20e3'];
const BOB = '@bob:fake.test';
const button = (label: string, command: string): Button => ({ label, press: { command } });
const buttons = [
  [button('Status', 'status RU'), { label: 'Site', press: { url: 'https://e.example/' } }],
  [button('What I follow', 'subscriptions')],
];
const document = (over: Partial<MessageDocument> = {}): MessageDocument => ({
  blocks: [{ type: 'paragraph', inline: ['Done!'] }],
  buttons,
  lang: 'en',
  tone: 'notice',
  ...over,
});

describe('what a message offers', () => {
  test('its commands in order, six at most, each with its number; links are none', () => {
    expect(offersOf(document()).map(({ key, command }) => [key, command])).toEqual([
      [ONE, 'status RU'],
      [TWO, 'subscriptions'],
    ]);
    const many = Array.from({ length: 9 }, (_, i) => [button(`b${i}`, `c${i}`)]);
    expect(offersOf(document({ buttons: many })).length).toBe(MAX_OFFERS);
  });

  test('an answer says above its typed forms that a number will do; commands past the sixth have none', () => {
    const many = Array.from({ length: 7 }, (_, i) => [button(`b${i + 1}`, `c${i + 1}`)]);
    const lines = render(document({ buttons: many }), '!tocsin ')
      .body.split('\n')
      .slice(2);
    expect(lines[0]).toBe('React with a number, or type:');
    expect(lines[1]).toBe(`${ONE} b1: !tocsin c1`);
    expect(lines[6]).toBe('6\ufe0f\u20e3 b6: !tocsin c6');
    expect(lines[7]).toBe('b7: !tocsin c7');
  });

  test('an alert names them in one line, and types the first', () => {
    const { body, html } = render(document({ tone: 'alert' }), '!tocsin ');
    expect(body).toContain(`React with: ${ONE} Status · ${TWO} What I follow\nStatus: !tocsin status RU`);
    expect(body).not.toContain('!tocsin subscriptions');
    expect(html).toContain(`React with: ${ONE} Status`);
  });

  test('a label that asks is followed by no colon', () => {
    const asks = document({ buttons: [[button('How sure?', 'level')], [button('Site', 'status')]] });
    expect(render(asks, '!tocsin ').body).toContain(`${ONE} How sure? !tocsin level\n${TWO} Site: !tocsin status`);
  });

  test('nothing to offer: nothing said of reactions', () =>
    expect(render(document({ buttons: [] }), '!tocsin ').body).toBe('Done!'));

  test('the commands travel in the event itself, in a new version as well; a file or picture has none', () => {
    const offered = ['status RU', 'subscriptions'];
    expect(contentOf(sendOf(at('!r'), 'x', { buttons }), '')[OFFERS]).toEqual(offered);
    const edited = contentOf({ ...editOf(at('!r'), '$e', 'x'), document: document() } as never, '');
    expect(commandsIn(edited['m.new_content'] as never)).toEqual(offered);
    expect(commandsIn(contentOf(sendOf(at('!r'), 'x'), ''))).toEqual([]);
  });

  test.each<[unknown, number | null]>([
    [ONE, 0],
    ['1\u20e3', 0],
    ['5\ufe0f\u20e3', 4],
    ['3', 2],
    ['6\ufe0f\u20e3', 5],
    ['7\ufe0f\u20e3', null],
    ['0\ufe0f\u20e3', null],
    ['👍', null],
    ['11', null],
    ['', null],
    [7, null],
    [undefined, null],
    ['1'.repeat(400), null],
  ])('the key %j', (key, index) => expect(offerAt(key)).toBe(index));

  test('a command too long to be taken back: no number promises it', () => {
    const offered = (command: string) => offersOf({ buttons: [[button('Evidence', command)]] }).length;
    expect([offered('x'.repeat(1_000)), offered('x'.repeat(1_001))]).toEqual([1, 0]);
  });

  test('whatever stands in an event: at most five short commands, and no error', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const commands = commandsIn({ [OFFERS]: value });
        expect(commands.length <= MAX_OFFERS && commands.every((one) => one.length <= 1_000)).toBe(true);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 9 }), fc.anything(), (key, id) => {
        const content = { 'm.relates_to': { rel_type: 'm.annotation', event_id: id, key } } as never;
        const event = {
          type: 'm.reaction',
          eventId: '$r',
          sender: ANN,
          stateKey: null,
          content,
          at: 1,
          ageMs: 1,
          past: false,
        };
        expect(targetOf(event) === null || typeof id === 'string').toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** A direct room with the bot, and a message of its that offers two commands. */
async function offered(over: Partial<MessageDocument> = {}) {
  const room = fake.room(ANN, { invited: true, direct: true });
  const { adapter, heard, deps } = await start({ inviteFrom: ['*:fake.test'] });
  await heard.waitFor(kind('joined', room));
  const sent = await adapter.send(sendOf(at(room), 'Done!', { ...document(), ...over }), never);
  const eventId = sent.kind === 'delivered' ? sent.messageRef : '';
  const commands = () =>
    heard.events.filter(({ kind }) => kind === 'command') as { text: string; sender: { id: string } }[];
  return { room, adapter, heard, deps, eventId, commands };
}

describe('a reaction of somebody', () => {
  test('does what its number says, as if they had typed it, in answer to that message', async () => {
    const { room, heard, eventId } = await offered();
    fake.react(room, ANN, eventId, TWO);
    expect(await heard.waitFor(isCommand('subscriptions'))).toMatchObject({
      address: at(room),
      chatKind: 'private',
      sender: { id: `matrix:${ANN}` },
      button: null,
      messageRef: eventId,
    });
  });

  test('in a room of many the person’s own rights count', async () => {
    const { heard, eventId, room } = await offered();
    fake.member(room, BOB, BOB, 'join');
    fake.react(room, BOB, eventId, ONE);
    const command = await heard.waitFor(isCommand('status RU'));
    expect(command).toMatchObject({ chatKind: 'group', sender: { id: `matrix:${BOB}` } });
    expect(command.kind === 'command' && (await command.sender.isAdmin())).toBe(false);
  });

  test('once for each person and number, whether it was taken back or not; another person’s counts', async () => {
    const { room, heard, eventId, commands } = await offered();
    fake.react(room, ANN, eventId, ONE);
    await heard.waitFor(isCommand('status RU'));
    fake.react(room, ANN, eventId, ONE);
    fake.react(room, ANN, eventId, '1\u20e3');
    fake.react(room, ANN, eventId, TWO);
    await heard.waitFor(isCommand('subscriptions'));
    fake.react(room, BOB, eventId, ONE);
    await until(() => commands().length >= 3);
    expect(commands().map(({ text, sender }) => [text, sender.id])).toEqual([
      ['status RU', `matrix:${ANN}`],
      ['subscriptions', `matrix:${ANN}`],
      ['status RU', `matrix:${BOB}`],
    ]);
  });

  test('once over a restart as well, and nobody’s id is written down for it', async () => {
    const { room, adapter, heard, deps, eventId } = await offered();
    fake.react(room, ANN, eventId, ONE);
    await heard.waitFor(isCommand('status RU'));
    await adapter.stop();
    expect(JSON.stringify([...deps.cached])).not.toContain('@ann');
    const again = await start({ inviteFrom: ['*:fake.test'] }, deps);
    fake.react(room, ANN, eventId, ONE);
    fake.react(room, ANN, eventId, TWO);
    await again.heard.waitFor(isCommand('subscriptions'));
    expect(again.heard.events.filter(isCommand('status RU'))).toEqual([]);
  });

  test('after an edit the numbers mean what the new text says', async () => {
    const { room, adapter, heard, eventId } = await offered();
    const changed = document({ buttons: [[button('Mute', 'mute RU for 8h')]] });
    await adapter.send({ ...editOf(at(room), eventId, 'x'), document: changed } as never, never);
    fake.react(room, ANN, eventId, ONE);
    await heard.waitFor(isCommand('mute RU for 8h'));
  });

  test('to somebody else’s message that pretends to offer, with another sign, or of our own: nothing', async () => {
    const { room, heard, eventId, commands } = await offered();
    const forged = fake.say(room, ANN, 'hello', { msgtype: 'm.notice', [OFFERS]: ['forget yes'] });
    fake.react(room, ANN, forged.event_id, ONE);
    fake.react(room, ANN, eventId, '👍');
    fake.react(room, ANN, eventId, '5\ufe0f\u20e3');
    fake.react(room, ANN, '$nowhere', ONE);
    fake.react(room, fake.userId, eventId, ONE);
    fake.react(room, ANN, eventId, TWO);
    await heard.waitFor(isCommand('subscriptions'));
    expect(commands().map(({ text }) => text)).toEqual(['subscriptions']);
  });

  test('the server cannot say what it is to: said in the log, and the room goes on', async () => {
    const { room, heard, deps, eventId } = await offered();
    fake.fault('500', '/event/', 1);
    fake.react(room, ANN, eventId, ONE);
    fake.react(room, ANN, eventId, TWO);
    await heard.waitFor(isCommand('subscriptions'));
    expect(deps.lines.some((line) => line.includes('Unable to read what a reaction'))).toBe(true);
  });
});

describe('our own reactions', () => {
  test('to an answer: its numbers, in order', async () => {
    const { room, eventId } = await offered();
    await until(() => fake.reactions(room, eventId).length === 2);
    expect(fake.reactions(room, eventId)).toEqual([ONE, TWO]);
  });

  test('to an alert in a direct room as well; in a room of others none, and the text names them all the same', async () => {
    const { room, adapter, eventId } = await offered({ tone: 'alert' });
    const shared = fake.room(ANN);
    fake.member(shared, BOB, BOB, 'join');
    const sent = await adapter.send(sendOf(at(shared), 'Alert', document({ tone: 'alert' })), never);
    await until(() => fake.reactions(room, eventId).length === 2);
    await pause(600);
    expect(fake.reactions(shared, sent.kind === 'delivered' ? sent.messageRef : '')).toEqual([]);
    expect(String(fake.said(shared)[0]!.content.body)).toContain(`React with: ${ONE} Status`);
  });

  test('the homeserver finds us too fast: what was sent is sent, and no more reactions', async () => {
    fake.fault('429-body', '/send/m.reaction/', 1);
    const { room, adapter, eventId, deps } = await offered();
    await until(() => deps.lines.some((line) => line.includes('Unable to react')));
    const sent = await adapter.send(sendOf(at(room), 'Next', document()), never);
    await pause(600);
    expect(sent.kind).toBe('delivered');
    expect(fake.reactions(room, eventId)).toEqual([]);
    expect(fake.requests.filter((line) => line.includes('m.reaction')).length).toBe(1);
  });
});

describe('never in the way', () => {
  function preplace(answer: () => Promise<string> = async () => '$r', allowed = false) {
    const clock = new FakeClock();
    const { log, lines } = recordingLog();
    const sent: string[] = [];
    const sendEvent = async (room: string, _type: string, _txn: string, content: object) => {
      const { key } = (content as { 'm.relates_to': { key: string } })['m.relates_to'];
      sent.push(`${room} ${key}`);
      return answer();
    };
    const { signal } = new AbortController();
    return {
      made: createPreplace({ port: async () => ({ sendEvent }), clock, log, signal, allowed }),
      clock,
      sent,
      lines,
    };
  }

  test('while a message is on its way, and shortly after, none goes', async () => {
    const { made, clock, sent } = preplace();
    const over = made.sending();
    made.offer('!r', '$e', ['1', '2']);
    await clock.pass(10_000);
    expect(sent).toEqual([]);
    over();
    await clock.pass(1_500);
    expect(sent).toEqual(['!r 1', '!r 2']);
  });

  test.each([
    ['as homeservers come', false, 6, 6],
    ['where the operator says how much may be sent', true, 15, 18],
  ])('a broadcast, %s: a small budget, whole rows only, and the rest go without', async (_, allowed, least, most) => {
    const { made, clock, sent } = preplace(undefined, allowed);
    for (let i = 0; i < 200; i++) made.offer(`!r${i}`, `$e${i}`, ['1', '2', '3']);
    await clock.pass(60_000);
    expect(sent.length).toBeGreaterThanOrEqual(least);
    expect(sent.length).toBeLessThanOrEqual(most);
    expect(sent.length % 3).toBe(0);
    made.offer('!later', '$later', ['1', '2', '3']);
    await clock.pass(5_000);
    expect(sent.at(-1)).toBe('!later 3');
  });

  test('refused for coming too fast, by a reaction or by a message: off for six hours', async () => {
    const refused = new TocsinError('rate_limited', 'slow down', {});
    const { made, clock, sent, lines } = preplace(() => Promise.reject(refused));
    made.offer('!a', '$a', ['1', '2']);
    await clock.pass(5_000);
    made.offer('!b', '$b', ['1']);
    await clock.pass(5_000);
    expect(sent).toEqual(['!a 1']);
    expect(lines.length).toBe(1);
    await clock.pass(6 * 3_600_000);
    made.offer('!c', '$c', ['1']);
    await clock.pass(5_000);
    expect(sent.at(-1)).toBe('!c 1');
    const other = preplace();
    other.made.tooFast();
    other.made.offer('!r', '$e', ['1']);
    await other.clock.pass(5_000);
    expect(other.sent).toEqual([]);
  });
});

/** What a reaction to a message of ours with these offers asks for; each reader is made anew, as after a kill. */
function reacting(offers: readonly string[]) {
  const bot = '@bot:fake.test';
  const ours = { type: 'm.room.message', event_id: '$ours', sender: bot, content: { [OFFERS]: offers } };
  const kept = new Map<string, unknown>();
  const cache = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => kept.set(key, value).size > 0,
    delete: async (key: string) => kept.delete(key),
  };
  const reaction = (eventId: string, no: number) => ({
    type: 'm.reaction',
    eventId,
    sender: ANN,
    stateKey: null,
    content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$ours', key: `${no}\ufe0f\u20e3` } },
    at: 0,
    ageMs: 0,
    past: false,
  });
  const read = async (eventId: string, no = 1) =>
    createReactions({
      port: { event: async () => ours },
      names: { userId: bot } as Parameters<typeof createReactions>[0]['names'],
      cache,
      signal: new AbortController().signal,
    }).read('!room', reaction(eventId, no));
  return { kept, read };
}

test('killed between the note of a reaction and its command: read again it still asks; another one of the same person does not', async () => {
  const { read } = reacting(['status RU']);
  expect((await read('$first'))?.command).toBe('status RU');
  expect((await read('$first'))?.command).toBe('status RU');
  expect(await read('$second')).toBeNull();
});

test('an alert of one service in one country: its sixth number says that it works, and nobody is written down for it', async () => {
  const one = incident({ reports: twoOutlets });
  const alert = renderAlert(view([one]), translators.of('en'));
  const { kept, read } = reacting(offersOf(alert).map(({ command }) => command));
  expect((await read('$fails', 5))?.command).toBe('readers fails RU whatsapp');
  expect((await read('$works', 6))?.command).toBe('readers works RU whatsapp');
  expect(kept.size).toBe(0);
});
