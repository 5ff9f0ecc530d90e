/** A newcomer with the built program on Telegram (official limits) and on a real Synapse: a few steps to a chat that follows, quick answers, no faults. */
import { cpus, loadavg } from 'node:os';
import { describe, expect, test } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { onMatrix } from './newcomer/matrix.ts';
import type { Lang, Transcript } from './newcomer/scene.ts';
import { onTelegram } from './newcomer/telegram.ts';
import { hasSynapse, NEEDS_SYNAPSE } from './synapse.ts';

const FOLLOWS = { en: /follows:\n• Russia: everything/, ru: /(?:Слежу за|следит):\n• Россия — всё/ };
const ALERT = { en: /^🔴 Russia: WhatsApp blocked\n/, ru: /^🔴 Россия: доступ к WhatsApp заблокирован\n/ };
/** With a processor to itself; a machine that is busy with other things answers no program sooner. */
const ANSWER_MS = loadavg()[0]! < cpus().length ? 500 : 3_000;

function expectFine({ lines, taps, violations }: Transcript, lang: Lang): void {
  const said = lines.filter(({ who }) => who === 'bot');
  const all = said.map(({ text }) => text);
  expect(taps).toBeLessThanOrEqual(3);
  expect(all.some((text) => FOLLOWS[lang].test(text))).toBe(true);
  expect(all.some((text) => ALERT[lang].test(text))).toBe(true);
  expect(all.some((text) => text.startsWith('🟢'))).toBe(true);
  expect(said.flatMap(({ file }) => (file?.startsWith('tocsin-') ? [file.split('.').at(-1)] : []))).toEqual([
    'txt',
    'json',
  ]);
  // Whatever was asked or typed is answered before the next thing is said.
  for (const [i, line] of lines.entries()) if (line.who === 'person') expect(lines[i + 1]?.who, line.text).toBe('bot');
  expect(all.filter((text) => /undefined|\[object|\{\w+\}|Something went wrong|сломалось/.test(text))).toEqual([]);
  expect(violations).toEqual([]);
  expect(
    lines.filter(({ took }) => (took ?? 0) >= ANSWER_MS).map(({ text, took }) => [text.slice(0, 40), took]),
  ).toEqual([]);
}

describe.each(['en', 'ru'] as const)('a newcomer (%s)', (lang) => {
  test('on Telegram', async () => expectFine(await onTelegram(lang), lang), 180_000);
});

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'a newcomer on a real Synapse', () => {
  test.each(['en', 'ru'] as const)('%s', async (lang) => expectFine(await onMatrix(lang), lang), 180_000);
});
