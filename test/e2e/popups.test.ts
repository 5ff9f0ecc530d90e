/** Buttons under an alert that thousands read: whoever may not change the channel is answered so that only they see it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FakeChat, FakeUser } from '../fakes/fake-telegram/client.ts';
import { until } from './surge.ts';
import { Rig } from './torture/rig.ts';

let rig: Rig;
let admin: FakeUser;
let change: string;
const places = new Map<string, FakeChat>();

beforeAll(async () => {
  rig = await Rig.create({ chats: 0, limits: 'off', rate: 27 });
  await rig.program.start();
  const { telegram } = rig;
  admin = await telegram.user({ started: true });
  places.set('channel', await telegram.channel({ creator: admin.id, title: 'News' }));
  places.set('group', await telegram.supergroup({ creator: admin.id, title: 'Friends' }));
  for (const place of places.values()) {
    await admin.sendTo(place, '/subscribe all');
    await place.waitFor({ contains: 'I watch here' });
  }
  change = rig.bell.ring();
  for (const place of places.values()) await place.waitFor({ contains: change, has_button: 'Evidence' });
});
afterAll(() => rig?.remove());

/** Everything that stands in a chat, with its edits. */
const stands = async (place: FakeChat): Promise<string> =>
  JSON.stringify((await place.transcript()).map(({ message_id, text, edits }) => [message_id, text, edits]));

const BUTTONS = ['Evidence', 'Status', 'Mute 8 h'] as const;

const READERS = [
  ['en', /Only the admins decide/, /Russia[\s\S]*WhatsApp/],
  ['ru', /решают администраторы/, /Россия/],
] as const;

// Side by side: none changes anything, and each waits for what must not come.
describe.concurrent('readers', () => {
  test.each(['channel', 'group'].flatMap((kind) => READERS.map((reader) => [kind, ...reader] as const)))(
    'in a %s, one whose app speaks %s presses each button: a popup, and nothing is posted or changed',
    async (kind, lang, refused, told) => {
      const place = places.get(kind)!;
      const reader = await rig.telegram.user({ language_code: lang });
      await place.member('member', { user_id: reader.id });
      const before = await stands(place);
      const popups: string[] = [];
      for (const button of BUTTONS) {
        const { answer } = await reader.click({ button, chat_id: place.id });
        expect(answer?.show_alert, `${button}: ${JSON.stringify(answer)}`).toBe(true);
        expect(answer.text.length).toBeLessThanOrEqual(200);
        expect(answer.text).toContain('@fake_');
        popups.push(answer.text);
      }
      expect(popups[0]).toMatch(told);
      expect(popups[1]).toMatch(told);
      expect(popups[2]).toMatch(refused);
      await sleep(1_500);
      expect(await stands(place)).toBe(before);
    },
  );
});

test('two hundred readers of a channel press within a moment: a popup for each, nothing posted', async () => {
  const channel = places.get('channel')!;
  const before = await stands(channel);
  const readers = await Promise.all(Array.from({ length: 200 }, () => rig.telegram.user()));
  const presses = await Promise.all(
    readers.map((reader) => reader.click({ button: 'Status', chat_id: channel.id }, { wait_ms: 10_000 })),
  );
  expect(presses.filter(({ answer }) => answer?.text?.includes('WhatsApp'))).toHaveLength(200);
  expect(await stands(channel)).toBe(before);
});

test('an administrator of the channel mutes by the button: carried out, said in a popup, nothing posted', async () => {
  const channel = places.get('channel')!;
  const before = await stands(channel);
  const { answer } = await admin.click({ button: 'Mute 8 h', chat_id: channel.id });
  expect(answer.text).toMatch(/Quiet about/);
  await sleep(500);
  expect(await stands(channel)).toBe(before);
});

test('in a private chat: acknowledged at once, and answered as ever', async () => {
  const ann = await rig.telegram.user({ started: true });
  await ann.send('/subscribe all');
  await ann.chat.waitFor({ contains: 'I watch here', has_button: 'What I follow' });
  const { answer } = await ann.click('What I follow');
  expect(answer).toMatchObject({ show_alert: false });
  expect(answer.text).toBeUndefined();
  const edited = await until(
    async () => ((await ann.chat.botTexts()).some((t) => t.startsWith('I watch here')) ? 1 : 0),
    1,
    5_000,
  );
  expect(edited.count).toBe(1);
});
