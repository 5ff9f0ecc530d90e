/** Eleven days of recorded news to a chat in Moscow: how often the phone rings, and that each time it says enough. */
import { expect, test } from 'vitest';
import { shared, testIf } from '../../fakes/shared.ts';
import { asTranscript, DAYTIME, EPISODE, heardIn, NIGHT } from '../../transcripts/replay-week.ts';

const file = shared(EPISODE);

testIf(
  file,
  'needs ../shared/data',
  'the week, quiet from 23 to 8: it rings eight times at most, never by night, and each message names service, country and incident',
  async () => {
    const heard = await heardIn(file!, 'en', NIGHT);
    const ringing = heard.filter((one) => one.rings);
    expect(ringing.length).toBeGreaterThan(2);
    expect(ringing.length).toBeLessThanOrEqual(8);
    for (const { at, text } of ringing) {
      const hour = new Date(at + 3 * 3_600_000).getUTCHours();
      expect(hour >= 8 && hour < 23, text).toBe(true);
      expect(text).toMatch(/Russia/u);
      expect(text).toMatch(/RU-[\w-]+/u);
      expect(text).toMatch(/WhatsApp|Telegram|YouTube|Facebook|Tor|BBC|Windscribe/u);
    }
  },
);

testIf(
  file,
  'needs ../shared/data',
  'the same, asleep by day: what waited comes at ten in the evening, and nothing rings by day',
  async () => {
    const heard = await heardIn(file!, 'en', DAYTIME);
    const ringing = heard.filter((one) => one.rings);
    expect(ringing.length).toBeGreaterThan(1);
    expect(ringing.length).toBeLessThanOrEqual(8);
    for (const { at } of ringing) {
      const hour = new Date(at + 3 * 3_600_000).getUTCHours();
      expect(hour < 8 || hour >= 22).toBe(true);
    }
  },
);

test('a transcript: what rings in full, of edits the first line, no addresses', () => {
  const at = Date.parse('2026-02-06T09:00Z');
  const text = asTranscript([
    {
      at,
      op: 'send',
      rings: true,
      text: 'One\n- Sources: BBC (https://bbc.example/a), DW (https://dw.example/b)\nRU-x-1',
    },
    { at, op: 'edit', rings: false, text: 'Two\nmore' },
  ]);
  expect(text).toBe(
    '1 of 2 make the phone ring.\n\n**🔔 Fri 6 Feb, 12:00 · message**\n\n> One  \n> - Sources: BBC, DW  \n> RU-x-1\n\n**🔕 Fri 6 Feb, 12:00 · edit of the message**\n\n> Two\n',
  );
});
