/** What stood before anybody reported it: reports of it ring nobody, changes on top are told once, and one word ends nothing. */
import { describe, expect, test } from 'vitest';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import { DAY, HOUR, MINUTE, type Said, scenario } from './harness.ts';

const stood = (service: string, over: Partial<BaselineEntry> = {}): BaselineEntry => ({
  country: 'RU',
  service,
  action: 'block',
  method: null,
  since: Date.UTC(2022, 2, 14),
  monthOnly: false,
  reference: 'https://record.example/ru',
  ...over,
});
const baseline = ['instagram', 'facebook'].map((service) => stood(service));
const say = (at: number, voice: string, says: string, text?: string): Said => ({
  at,
  voice,
  says,
  ...(text === undefined ? {} : { text }),
});

describe('blocked for years, by the public record', () => {
  test.each(['early', 'corroborated', 'confirmed'] as const)(
    'five outlets and the regulator write that it is blocked, at level %s: nobody hears, and it is as old as the record says',
    async (level) => {
      const said = ['a', 'b', 'c', 'd', 'e', 'authority:rkn'].map((voice, i) =>
        say(i * HOUR, voice, 'block RU instagram'),
      );
      const { told, incidents } = await scenario(said, { baseline, level });
      expect(told).toEqual([]);
      expect(incidents).toHaveLength(1);
      expect(incidents[0]).toMatchObject({ state: 'active', action: 'block', standing: { since: baseline[0]!.since } });
    },
  );

  test('removed from the national DNS, two of them, by two outlets: told once, as that change, with the old date', async () => {
    const said = ['a', 'b', 'c'].map((voice, i) => say(i * HOUR, voice, 'block RU facebook,instagram dns'));
    const { told, texts } = await scenario(said, { baseline });
    expect(told).toEqual(['new RU-facebook RU-instagram +61m']);
    expect(texts[0]).toMatch(
      /^🔴 Russia: Facebook, Instagram removed from the national DNS · blocked since Mar 2022\n/u,
    );
    expect(texts[0]).not.toMatch(/since \d+ Feb|First reported/u);
  });

  test('removed from the national DNS, in Russian: the same', async () => {
    const said = ['a', 'b'].map((voice, i) => say(i * HOUR, voice, 'block RU facebook,instagram dns'));
    const { texts } = await scenario(said, { baseline, lang: 'ru' });
    expect(texts[0]).toMatch(
      /^🔴 Россия: из национальной DNS исключили Facebook, Instagram · заблокировано с марта 2022/u,
    );
  });

  test('one outlet says that it was removed from app stores: told at level early, as one outlet’s word, and to nobody else', async () => {
    const said = [say(0, 'a', 'block RU instagram app-store')];
    expect((await scenario(said, { baseline })).told).toEqual([]);
    const { texts } = await scenario(said, { baseline, level: 'early' });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('Instagram removed from app stores · blocked since Mar 2022');
    expect(texts[0]).toContain('Reported, not confirmed yet: 1 outlet');
  });

  test('removed from DNS, and months later from app stores: each is told once', async () => {
    const said = [
      ...['a', 'b'].map((voice, i) => say(i * HOUR, voice, 'block RU instagram dns')),
      ...['c', 'd'].map((voice, i) => say(60 * DAY + i * HOUR, voice, 'block RU instagram app-store')),
      ...['e', 'f'].map((voice, i) => say(61 * DAY + i * HOUR, voice, 'block RU instagram dns')),
    ];
    const { told } = await scenario(said, { baseline });
    expect(told).toEqual(['new RU-instagram +61m', expect.stringMatching(/^update RU-instagram/u)]);
  });

  test('slowed for long, then two outlets write "blocked": told as blocked, with how it was', async () => {
    const slow = [stood('youtube', { action: 'throttle', since: Date.UTC(2024, 6, 1), monthOnly: true })];
    const said = [
      say(0, 'a', 'throttle RU youtube'),
      say(HOUR, 'b', 'throttle RU youtube'),
      say(2 * HOUR, 'c', 'block RU youtube'),
      say(3 * HOUR, 'd', 'block RU youtube'),
    ];
    const { told, texts } = await scenario(said, { baseline: slow });
    expect(told).toEqual(['new RU-youtube +181m']);
    expect(texts[0]).toMatch(/^🔴 Russia: YouTube blocked · slowed down since Jul 2024/u);
  });

  test('the record is younger than two weeks: what outlets tell is news', async () => {
    const young = [stood('instagram', { since: Date.UTC(2026, 1, 10) })];
    const { told } = await scenario(
      ['a', 'b'].map((voice, i) => say(i * HOUR, voice, 'block RU instagram')),
      { baseline: young },
    );
    expect(told).toEqual(['new RU-instagram +61m']);
  });

  test('a block of something else that names nothing: the standing ones are nobody’s story', async () => {
    const said = [
      say(0, 'a', 'block RU instagram'),
      say(HOUR, 'a', 'block RU whatsapp'),
      say(2 * HOUR, 'b', 'block RU whatsapp'),
      say(3 * HOUR, 'c', 'unblock RU -'),
      say(4 * HOUR, 'd', 'unblock RU -'),
    ];
    const { incidents } = await scenario(said, { baseline });
    const states = Object.fromEntries(incidents.map((one) => [one.service, one.state]));
    expect(states).toMatchObject({ instagram: 'active', whatsapp: 'lifted' });
  });
});

describe('the end of what stood', () => {
  test('one outlet says that it works again: it still stands, and nobody hears', async () => {
    const { told, incidents } = await scenario([say(0, 'a', 'unblock RU instagram')], { baseline });
    expect(told).toEqual([]);
    expect(incidents[0]).toMatchObject({ state: 'easing', action: 'block', open: true });
  });

  test('back in one region by two outlets, and reported as blocked after that: it stood all the while, and nobody hears of a block', async () => {
    const said = [
      ...['a', 'b'].map((voice, i) => say(i * HOUR, voice, 'unblock RU instagram @RU-DA')),
      ...['c', 'd'].map((voice, i) => say(DAY + i * HOUR, voice, 'block RU instagram')),
    ];
    const { texts, incidents } = await scenario(said, { baseline });
    expect(texts.filter((text) => text.startsWith('🔴'))).toEqual([]);
    expect(incidents.find((one) => one.open)).toMatchObject({ service: 'instagram', action: 'block' });
  });

  test('two outlets say so: told as lifted, and how long it lasted', async () => {
    const said = ['a', 'b'].map((voice, i) => say(i * HOUR, voice, 'unblock RU instagram'));
    const { told, texts, incidents } = await scenario(said, { baseline });
    expect(told).toEqual([expect.stringMatching(/^(?:new|lifted) RU-instagram \+6[01]m$/u)]);
    expect(texts[0]).toMatch(/^🟢 Russia: Instagram works again/u);
    expect(texts[0]).toContain('14 Mar 2022');
    expect(incidents[0]).toMatchObject({ state: 'lifted', action: 'block' });
  });

  test('blocked again three weeks after the end, by two outlets in familiar words: a new event, told', async () => {
    const familiar =
      'Instagram is blocked in Russia say the providers there since this morning and the regulator has no comment';
    const said = [
      say(0, 'a', 'block RU instagram', familiar),
      ...['a', 'b'].map((voice, i) => say(DAY + i * HOUR, voice, 'unblock RU instagram')),
      ...['a', 'c'].map((voice, i) => say(22 * DAY + i * MINUTE, voice, 'block RU instagram')),
    ];
    const { told } = await scenario(said, { baseline });
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^new RU-instagram/u);
  });
});
