/** What Telegram shows of the bot before anybody writes to it. */
import { describe, expect, test } from 'vitest';
import { languages, sayIn } from '../../../src/i18n/packs.ts';
import { isWhole } from '../../fakes/packs.ts';

describe.each(languages.filter(isWhole))('$code', ({ code }) => {
  const [description, short] = [sayIn(code, 'profile.description'), sayIn(code, 'profile.short')];

  test('within what Telegram takes', () => {
    expect(description.length).toBeLessThanOrEqual(512);
    expect(short.length).toBeLessThanOrEqual(120);
  });

  test('how to ask, and how to be forgotten', () => {
    expect(description).toMatch(/\/status [a-z]{2} [a-z]+/);
    expect(description).toContain('/forget');
  });

  test('its own words', () => {
    if (code !== 'en') expect(description).not.toBe(sayIn('en', 'profile.description'));
    if (code !== 'en') expect(short).not.toBe(sayIn('en', 'profile.short'));
  });
});
