/** Newcomers with the built program on Telegram (official limits) and on a real Synapse: a few steps to a chat that follows, quick answers, no faults. */
import { cpus, loadavg } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PhraseKey } from '../../src/core/ports/translate.ts';
import { sayIn } from '../../src/i18n/packs.ts';
import { testIf } from '../fakes/shared.ts';
import { playHour } from './newcomer/hour.ts';
import { type Lang, LANGS, type Transcript, timesOf } from './newcomer/scene.ts';
import { hasSynapse, NEEDS_SYNAPSE } from './synapse.ts';

/** Without the marks that direct a text, and names of the other direction in it. */
const plain = (text: string): string => text.replace(/[\u200e\u200f\u2066-\u2069]/g, '');
const escaped = (lang: Lang, key: PhraseKey, args = {}): string => RegExp.escape(plain(sayIn(lang, key, args)));
const WHATSAPP = { service: 'WhatsApp' };
const FOLLOWS = (lang: Lang): RegExp => new RegExp(`${escaped(lang, 'subscribe.done')}\n+• `);
/** With its sources in a line: a story of the incident begins the same way. */
const ALERT = (lang: Lang): RegExp =>
  new RegExp(
    `^🔴 [^:\n]+: ${escaped(lang, 'head.block', WHATSAPP)}\n[\\s\\S]*\n• ${escaped(lang, 'alert.sources', { sources: '' })}`,
  );
const LIFT = (lang: Lang): RegExp => new RegExp(`^🟢 [^:\n]+: ${escaped(lang, 'head.unblock', WHATSAPP)}\n`);
/** What rings: an edit does not. */
const REPLY = (lang: Lang): RegExp => new RegExp(`^🟢 [^:\n]+: ${escaped(lang, 'head.unblock', WHATSAPP)} · `);
/** A machine that is busy with other things answers no program sooner. */
const calm = loadavg()[0]! < cpus().length;

let hour: Map<string, Transcript>;
beforeAll(async () => {
  hour = await playHour({ matrix: hasSynapse() });
}, 300_000);

describe.each(LANGS)('a newcomer (%s)', (lang) => {
  const cases = [
    ['Telegram', true],
    ['Matrix', hasSynapse()],
  ] as const;
  for (const [platform, isThere] of cases)
    testIf(
      isThere,
      NEEDS_SYNAPSE,
      `on ${platform}: follows after three steps, hears of the block and its end, is answered each time`,
      () => expectFine(hour.get(`${platform} ${lang}`)!, lang),
    );
});

function expectFine({ lines, taps, violations }: Transcript, lang: Lang): void {
  const said = lines.filter(({ who }) => who === 'bot');
  const all = said.map(({ text }) => plain(text));
  expect(taps).toBeLessThanOrEqual(3);
  for (const wanted of [FOLLOWS(lang), LIFT(lang), REPLY(lang)])
    expect(
      all.filter((text) => wanted.test(text)),
      String(wanted),
    ).toHaveLength(1);
  // Where one outlet was read a second before the other, the alert is edited without a sound: one says that it is over.
  expect(said.filter(({ text, edited }) => !edited && ALERT(lang).test(plain(text)))).toHaveLength(1);
  expect(said.flatMap(({ file }) => (file?.startsWith('tocsin-') ? [file.split('.').at(-1)] : []))).toEqual([
    'txt',
    'json',
  ]);
  // Whatever was asked or typed is answered before the next thing is said.
  for (const [i, line] of lines.entries()) if (line.who === 'person') expect(lines[i + 1]?.who, line.text).toBe('bot');
  expect(
    all.filter((text) => /undefined|\[object|\{\w+\}/.test(text) || text.includes(sayIn(lang, 'error.failed'))),
  ).toEqual([]);
  expect(violations).toEqual([]);
}

/** On a calm machine; a homeserver's own time, for a message to it and one from it, is in the answer as well. */
const HALF_WITHIN = { Telegram: 500, Matrix: 1_000 };

test('each answer: soon, half of them within 500 ms, on Matrix within a second', () => {
  for (const [who, transcript] of hour) {
    const times = timesOf(transcript);
    const [half, worst] = [times[times.length >> 1]!, times.at(-1)!];
    process.stdout.write(`newcomer, ${who}: ${times.length} answers, half within ${half} ms, all within ${worst} ms\n`);
    expect(times.length, who).toBeGreaterThanOrEqual(16);
    const bound = who.startsWith('Matrix') ? HALF_WITHIN.Matrix : HALF_WITHIN.Telegram;
    expect(half, who).toBeLessThan(calm ? bound : 3_000);
    expect(worst, who).toBeLessThan(calm ? 3_000 : 10_000);
  }
});
