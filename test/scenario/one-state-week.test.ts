/** The recorded week at four moments: /status, board, picture, page and badges of Russia, Iran, China and Ukraine say the same. */
import { beforeAll, expect, test } from 'vitest';
import { describeIf, shared } from '../fakes/shared.ts';
import { COUNTRIES, lookThrough, MOMENTS } from '../transcripts/one-state.ts';
import { EPISODE } from '../transcripts/replay-week.ts';
import { expectSame } from './same.ts';

const file = shared(EPISODE);

describeIf(file, 'needs ../shared/data', 'the recorded week, from everywhere', () => {
  const differs = new Map<string, string | null>();
  beforeAll(async () => {
    await lookThrough(file!, async (surfaces, { at }) => {
      for (const country of COUNTRIES) {
        const why = await expectSame(surfaces, country).then(
          () => null,
          (error: Error) => error.message,
        );
        differs.set(`${at} ${country}`, why);
      }
    });
  }, 120_000);

  for (const { at } of MOMENTS)
    for (const country of COUNTRIES)
      test(`${country} at ${at}: every surface names the same services with the same action, date and confidence`, () => {
        expect(differs.get(`${at} ${country}`)).toBe(null);
      });
});
