/** `tocsin demo` beyond the terminal: the page of the invented week, and a chat of one's own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/index.ts';
import { sayIn } from '../../../src/i18n/packs.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { scratchFolder } from '../../fakes/scratch.ts';

beforeEach(() => void vi.spyOn(process, 'cwd').mockReturnValue(scratchFolder('demo-')));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('--page: what has passed, in the language asked for; it stays until Ctrl-C', async () => {
  const { out } = capturedOutput();
  const done = main(['demo', '--page', '0', '--lang', 'de']);
  await vi.waitFor(() => expect(out.join('')).toContain('stays until Ctrl-C'), { timeout: 90_000 });
  const [, site, id] = /^(http:\S+)\/incident\/(\S+)\?lang=de$/m.exec(out.join(''))!;
  const page = await (await fetch(`${site}/?lang=de`)).text();
  expect(page).toContain(id);
  expect(
    [out[0], page].map((one) => one!.includes(sayIn('de', 'demo.note'))),
    'it is invented',
  ).toEqual([true, true]);
  expect(out.join('')).toContain(`The whole story, as its page tells it: ${site}/incident/${id}?lang=de\n`);
  // Nothing of the real world stands beside what was invented.
  expect(page).not.toContain('/country/cn');
  expect(await (await fetch(`${site}/incident/${id}?lang=de`)).text()).toContain(sayIn('de', 'demo.note'));
  process.emit('SIGINT');
  expect(await done).toBe(0);
}, 120_000);

test('--to a channel by its name: a message that is edited and answered, a picture; each says that nothing of it has happened', async () => {
  const telegram = await FakeTelegram.start({ limits: 'off', rejectUnknown: true });
  try {
    const owner = await telegram.user({ first_name: 'Ann' });
    const channel = await telegram.channel({ creator: owner.id, username: 'ann_news', title: 'News' });
    await channel.promoteBot({ can_post_messages: true, can_edit_messages: true });
    vi.stubEnv('TELEGRAM_TOKEN', telegram.token);
    vi.stubEnv('TELEGRAM_API_ROOT', telegram.apiRoot);
    const { out } = capturedOutput();
    expect(await main(['demo', '--to', 'telegram:@ann_news', '--lang', 'ru']), out.join('')).toBe(0);
    const sent = await channel.transcript();
    const note = sayIn('ru', 'demo.note');
    expect(sent.map((one) => (one.text ?? one.caption).includes(note))).toEqual(sent.map(() => true));
    expect(sent.map((one) => (one.text ?? one.caption).split(/[:\n]/)[0])).toEqual([
      note.split(':')[0],
      '🟢 Турция',
      '🔴 Турция',
      '🟢 Турция',
      'Турция',
    ]);
    expect(await telegram.violations()).toEqual([]);
  } finally {
    await telegram.stop();
  }
});

test.each([
  [['--page', 'x'], /--page x: write a port/],
  [['--to', 'slack:#news'], /--to slack:#news: no account has that id or platform; there are: none/],
  [['--to', 'console'], /--to console: no account/],
])('%j: wrong usage, with what to write', async (args, said) => {
  const { err } = capturedOutput();
  expect(await main(['demo', ...args])).toBe(2);
  expect(err.join('')).toMatch(said);
});
