import { describe, expect, test } from 'vitest';
import { createBook } from '../../../bench/soak/book.ts';
import { flatOf } from '../../../bench/soak/curves.ts';
import type { MonthOf } from '../../../bench/soak/play.ts';
import { chanceOf, DAY, HOUR, T0 } from '../../../bench/soak/world.ts';

const pairs = [
  { country: 'RU', service: 'whatsapp', countryName: 'Russia', serviceName: 'WhatsApp' },
  { country: 'IR', service: 'signal', countryName: 'Iran', serviceName: 'Signal' },
];
const beginsAt = T0 + DAY;
const liftedAt = beginsAt + 2 * DAY;
const red = '🔴 Russia: WhatsApp blocked\nRU-whatsapp-ab12';
const green = '🟢 Russia: WhatsApp works again · RU-whatsapp-ab12';

/** A chat that follows Russia, and what the book says of what it was shown: by hours after the beginning. */
function wrongsOf(shown: readonly [number, string][], zone: string | null = null, from = T0): string[] {
  let at = from;
  const book = createBook(pairs, [{ pair: 0, beginsAt, confirmedAt: null, liftedAt }], {
    now: () => at,
    wall: () => at,
  });
  const { name: chat } = book.join({ country: 'RU', service: null, zone }, chanceOf(1));
  for (const [hours, text] of shown) {
    at = beginsAt + hours * HOUR;
    book.shown({ chat, op: 'send', text });
  }
  at = liftedAt + 3 * DAY;
  book.settle();
  return book.result().wrongs.map((line) => line.replace(/^\S+ /u, ''));
}

describe('what the book of a soak finds', () => {
  test('one alert and one lift: nothing', () => {
    expect(
      wrongsOf([
        [1, red],
        [49, green],
      ]),
    ).toEqual([]);
  });

  test('nothing came: both are missed', () => {
    expect(wrongsOf([])).toEqual([
      'c0 never heard that RU whatsapp is blocked',
      'c0 never heard that RU whatsapp works again',
    ]);
  });

  test('an alert twice', () => {
    expect(
      wrongsOf([
        [1, red],
        [2, red],
        [49, green],
      ]),
    ).toEqual(['c0 heard that RU whatsapp is blocked 2 times']);
  });

  test('of something else, or of what has not happened', () => {
    const [other] = wrongsOf([
      [1, '🔴 Iran: Signal blocked\nIR-signal-ab12'],
      [1, red],
      [49, green],
    ]);
    expect(other).toBe('c0 was told of IR signal, where nothing is');
  });

  test('whoever came later: not of the beginning', () => {
    expect(wrongsOf([[49, green]], null, beginsAt + DAY)).toEqual([]);
    expect(
      wrongsOf(
        [
          [25, red],
          [49, green],
        ],
        null,
        beginsAt + DAY,
      ),
    ).toEqual(['c0 heard that RU whatsapp is blocked, and was not there']);
  });

  test('at night nothing rings, and the summary counts', () => {
    // 01:00 UTC is 02:00 in Berlin.
    expect(
      wrongsOf(
        [
          [1, red],
          [56, `During your quiet hours: 1 change.\n${green}`],
        ],
        'Europe/Berlin',
      ),
    ).toEqual(['c0 was woken at night in Europe/Berlin']);
  });
});

test('what is larger in the last month than in the second by more than a tenth is not flat', () => {
  const month = (n: number, restMB: number): MonthOf => ({
    month: n,
    sizeMB: 1,
    recordMB: 1,
    restMB,
    heapMB: 1,
    rssMB: 1,
    files: 1,
    pollMs: 1,
    readMs: 1,
    sendMs: 1,
    sent: 1,
    chats: 1,
  });
  const flat = flatOf([month(1, 1), month(2, 10), month(3, 12)]);
  expect(flat.filter(({ ok }) => !ok)).toEqual([{ what: 'restMB', ratio: 1.2, ok: false }]);
});
