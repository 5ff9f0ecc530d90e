/** All that is kept about a chat, in parts that fit into a message each. */
import { describe, expect, test } from 'vitest';
import { NOW } from '../render/support.ts';
import { createBot } from './support.ts';

const pre = async (bot: ReturnType<typeof createBot>, text: string): Promise<string[]> => {
  const [document] = (await bot.answer(text))!.documents;
  return document!.blocks.flatMap((block) => (block.type === 'pre' ? block.text.split('\n') : []));
};
const row = (n: number) => ({
  incidents: '["RU-whatsapp-3f9k"]',
  kind: 'new',
  op: 'send',
  state: 'sent',
  done_at: NOW - n,
});

describe('export', () => {
  test('a chat of which nothing is kept: says so, and keeps nothing', async () => {
    const bot = createBot();
    expect(await bot.say('export')).toContain('I keep nothing about you here.');
    expect(bot.tables.rows).toEqual([]);
  });

  test('settings, what it follows, mutes and what was sent: each row a line of JSON', async () => {
    const bot = createBot();
    await bot.say('subscribe ru whatsapp');
    await bot.say('mute tr for 8h');
    bot.tables.sent = { rows: [row(0)], total: 1 };
    const lines = (await pre(bot, 'export')).map((one) => JSON.parse(one) as Record<string, unknown>);
    expect(lines.map((one) => one.table)).toEqual(['chats', 'subscriptions', 'silences', 'deliveries']);
    expect(lines[1]).toMatchObject({ country: 'RU', service: 'whatsapp' });
    expect(lines[2]).toMatchObject({ country: 'TR', until: '2026-02-14T20:00:00.000Z' });
    expect(lines[3]).toMatchObject({ op: 'send', state: 'sent', done_at: '2026-02-14T12:00:00.000Z' });
  });

  test('more than fits into a message: parts that together have every row once, and a button to the next', async () => {
    const bot = createBot({ unbudgeted: true });
    await bot.say('subscribe ru');
    bot.tables.sent = { rows: Array.from({ length: 100 }, (_, n) => row(n)), total: 140 };
    const first = await bot.say('export');
    expect(first).toMatch(/Part 1 of (\d+)\./);
    expect(first).toContain('→ export 2]');
    expect(first).toContain('40 older rows are left out.');
    const parts = Number(/Part 1 of (\d+)\./.exec(first)![1]);
    const lines: string[] = [];
    for (let part = 1; part <= parts; part++) {
      const some = await pre(bot, `export ${part}`);
      expect(some.join('\n').length).toBeLessThanOrEqual(3_000);
      lines.push(...some);
    }
    expect(lines).toHaveLength(102);
    expect(new Set(lines).size).toBe(102);
    expect(await bot.say(`export ${parts}`)).not.toContain(`→ export`);
    expect(await pre(bot, 'export 9999')).toEqual(await pre(bot, `export ${parts}`));
    expect(await bot.say('экспорт', { lang: 'ru' })).toContain('Everything that I keep');
  });
});
