/** From “add me to the channel” to the first alert there, as its administrator does it: nothing but alerts is ever posted. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from './torture/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.create({ chats: 0, limits: 'official', rate: 27 });
  await rig.program.start();
});
afterAll(() => rig?.remove());

test('added to a channel, set up in private by buttons and by typing, then an alert', async () => {
  const { telegram } = rig;
  const [ann, bob] = [await telegram.user({ started: true }), await telegram.user({ started: true })];
  const channel = await telegram.channel({
    creator: ann.id,
    title: 'News',
    username: 'news_of_the_net',
    bot_status: 'none',
  });
  await channel.member('administrator', { by: ann.id, rights: { can_post_messages: true, can_edit_messages: true } });

  await ann.chat.waitFor({ contains: 'Channel “News”', has_button: 'A country' });
  await ann.click('A country');
  await ann.chat.waitFor({ contains: 'Which countries?', edited: true });
  await ann.click('🇷🇺 Russia');
  await ann.chat.waitFor({ has_button: 'Done (1)', edited: true });
  await ann.click('Done (1)');
  const done = await ann.chat.waitFor({ contains: 'Russia: everything', edited: true });
  expect(done.text).toContain('/channel @news_of_the_net level');

  await ann.send('/channel @news_of_the_net level early');
  await ann.chat.waitFor({ contains: 'Done. ' });
  await bob.send('/channel @news_of_the_net unsubscribe all yes');
  await bob.chat.waitFor({ contains: 'I find no channel' });

  const change = rig.bell.ring();
  await channel.waitFor({ contains: change, timeout_ms: 15_000 });
  expect(await channel.botTexts()).toHaveLength(1);
  expect(await telegram.violations()).toEqual([]);
}, 60_000);
