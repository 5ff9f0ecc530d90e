/** Somebody asks to verify the bot while it runs. */
import { expect, test } from 'vitest';
import { createAskedToVerify } from '../../../src/adapters/matrix/cipher.ts';
import { languages, sayIn } from '../../../src/i18n/packs.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const BOT = '@bot:x';
const request = (more: object = {}, content: object = {}) => ({
  type: 'm.room.message',
  event_id: '$one:x',
  sender: '@ann:x',
  unsigned: { age: 1_000 },
  content: { msgtype: 'm.key.verification.request', to: BOT, ...content },
  ...more,
});
const inRoom = (...events: object[]) => ({ rooms: { join: { '!room:x': { timeline: { events } } } } });

function bot(fails = false) {
  const said: [string, string, object][] = [];
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  const saw = createAskedToVerify({
    self: () => BOT,
    lang: 'de',
    async say(roomId, txnId, content) {
      said.push([roomId, txnId, content]);
      if (fails) throw new Error('not in the room');
    },
    clock,
    log,
  });
  return { saw, said, clock, lines };
}

test('in a room: told there once an hour, in the language of the account, and once in the log', async () => {
  const { saw, said, clock, lines } = bot();
  saw(inRoom(request(), request({ event_id: '$two:x' })));
  saw(inRoom(request({ event_id: '$three:x' })));
  expect(said).toEqual([
    ['!room:x', 'verify.onex', { msgtype: 'm.notice', body: sayIn('de', 'encrypted.verify'), 'm.mentions': {} }],
  ]);
  await clock.pass(3_600_000);
  saw(inRoom(request({ event_id: '$four:x' })));
  expect(said).toHaveLength(2);
  expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
});

test('by message to the device: in the log alone', () => {
  const { saw, said, lines } = bot();
  saw({ to_device: { events: [{ type: 'm.key.verification.request', sender: BOT }, { type: 'm.dummy' }] } });
  expect([said.length, lines.length]).toEqual([0, 1]);
});

const NOT: [what: string, event: object][] = [
  ['to somebody else', request({}, { to: '@carl:x' })],
  ['by ourselves', request({ sender: BOT })],
  ['from long ago', request({ unsigned: { age: 700_000 } })],
  ['another message', request({}, { msgtype: 'm.text' })],
  ['without an id', request({ event_id: 5 })],
];
test.each(NOT)('%s: nothing is said', (_, event) => {
  const { saw, said } = bot();
  saw(inRoom(event));
  expect(said).toEqual([]);
});

test('of no shape at all, or where it cannot be said: nothing breaks', async () => {
  const { saw, said } = bot(true);
  for (const answer of [{}, { rooms: 5 }, { to_device: { events: 'x' } }, { rooms: { join: { x: { timeline: [] } } } }])
    saw(answer as never);
  saw(inRoom(request()));
  await Promise.resolve();
  expect(said).toHaveLength(1);
});

test('each language has a text of its own, with the command in it', () => {
  const texts = languages.map(({ code }) => sayIn(code, 'encrypted.verify'));
  expect(new Set(texts).size).toBe(languages.length);
  for (const text of texts) expect(text).toContain('tocsin matrix verify --with anybody');
});
