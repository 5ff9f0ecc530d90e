/** What Telegram shows of the bot before anybody writes to it. */
import { describe, expect, test } from 'vitest';
import { languages } from '../../../src/i18n/languages.ts';
import { PROFILE } from '../../../src/i18n/telegram-profile.ts';

test('every language has one, and no other has', () => {
  expect(Object.keys(PROFILE).sort()).toEqual(languages.map(({ code }) => code).sort());
});

describe.each(Object.entries(PROFILE))('%s', (code, { description, short }) => {
  test('within what Telegram takes', () => {
    expect(description.length).toBeLessThanOrEqual(512);
    expect(short.length).toBeLessThanOrEqual(120);
  });

  test('how to ask, and how to be forgotten', () => {
    expect(description).toMatch(/\/status [a-z]{2} [a-z]+/);
    expect(description).toContain('/forget');
  });

  test('its own words', () => {
    if (code !== 'en') expect([PROFILE.en!.description, PROFILE.en!.short]).not.toContain(description);
  });
});
