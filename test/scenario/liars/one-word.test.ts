/** One feed, one push token, one peer against the state of the world: places, names, ends, copies. What the default level hears. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Statement } from '../../../src/core/model/report.ts';
import { DAY, HOUR } from '../harness.ts';
import { type LiarsTown, liarsTown } from './feeds.ts';

let at: LiarsTown;
beforeEach(async () => {
  at = await liarsTown();
});
afterEach(() => at.town.store.close());

const TEMPLATE =
  'Live metrics show that the messenger is unreachable on several leading networks of the country; incident in progress, users may need help';

/** The first line of what the default level got, without its mark; a change that is shown in silence is one as well. */
const heard = (): string[] => at.heard('corroborated').map((one) => one.split(' · ')[0]!);
const state = async (): Promise<string> =>
  (await at.town.incidents())
    .map((one) => [one.service, one.action, one.state, one.confidence, ...one.regions].join(' '))
    .join('; ');

/** Somebody hands something in, or another Tocsin passes it on. */
async function states(source: string, says: Partial<Statement> & Pick<Statement, 'action'>): Promise<void> {
  const now = at.town.clock.now();
  const statement: Statement = {
    id: `${source}-${now}-${says.action}`,
    revision: null,
    at: now,
    country: 'RU',
    service: 'whatsapp',
    method: null,
    region: null,
    title: `${source} states something of ${says.action}`,
    url: null,
    summary: '',
    kind: 'outlet',
    publisher: source,
    publisherName: source,
    lang: 'en',
    ...says,
  };
  await at.town.pipeline.statements(source, [statement], { firstPoll: false, pushed: true });
  await at.town.pass(HOUR);
}

describe('places', () => {
  test('off in one region by two outlets, in ten others and in the whole country by one liar: that region', async () => {
    for (const voice of ['a', 'b']) await at.says(voice, 'shutdown RU internet @Dagestan');
    const before = heard();
    for (const region of ['Chechnya', 'Tuva', 'Moscow', 'Kursk', 'Tver'])
      await states('liar', { action: 'shutdown', service: 'internet', region, id: region });
    await states('liar', { action: 'shutdown', service: 'internet' });
    expect(await state()).toBe('internet shutdown active corroborated RU-DA');
    expect(new Set(heard())).toEqual(new Set(before));
    expect(heard().every((line) => line.includes('Dagestan'))).toBe(true);
  });

  test('one liar says the whole country, two outlets a region: nobody hears of the country, and the region is told', async () => {
    await states('liar', { action: 'shutdown', service: 'internet' });
    await at.says('a', 'shutdown RU internet @Dagestan');
    expect(heard()).toEqual([]);
    await at.says('b', 'shutdown RU internet @Dagestan');
    expect(heard()).toEqual(['⚫ Dagestan, Russia: internet off']);
    expect(await state()).toBe('internet shutdown active corroborated RU-DA');
  });

  test('a liar and an outlet in different regions: each is one outlet’s word', async () => {
    await at.says('a', 'shutdown RU internet @Dagestan');
    await states('liar', { action: 'shutdown', service: 'internet', region: 'Chechnya' });
    expect(heard()).toEqual([]);
    expect(await state()).toBe('internet shutdown active reported RU-DA');
  });

  test('off in two regions, one liar says that one is back: nothing; two outlets: that one is', async () => {
    for (const voice of ['a', 'b'])
      await at.says(voice, 'shutdown RU internet @Dagestan; shutdown RU internet @Chechnya');
    await states('liar', { action: 'unblock', service: 'internet', region: 'Chechnya' });
    expect(await state()).toBe('internet shutdown active corroborated RU-DA RU-CE');
    for (const voice of ['a', 'b']) await at.says(voice, 'unblock RU internet @Chechnya');
    expect(await state()).toBe('internet shutdown active corroborated RU-DA');
  });

  test('a region, then by two outlets the whole country: told, and it rings', async () => {
    for (const voice of ['a', 'b']) await at.says(voice, 'shutdown IR internet @Khuzestan');
    at.town.heard('corroborated');
    await at.says('c', 'shutdown IR internet');
    await at.says('d', 'shutdown IR internet');
    expect(at.town.heard('corroborated').map((one) => one.split(' ')[0])).toContain('reply');
    expect(await state()).toBe('internet shutdown active corroborated');
  });

  test('slowed down everywhere, off in one region: two stories, and a lift of all ends both', async () => {
    for (const voice of ['a', 'b']) await at.says(voice, 'throttle IR internet');
    for (const voice of ['a', 'b']) await at.says(voice, 'shutdown IR internet @Khuzestan');
    expect(await state()).toBe('internet throttle active corroborated; internet shutdown active corroborated IR-10');
    expect(heard().at(-1)).toBe('⚫ Khuzestan, Iran: internet off');
    for (const voice of ['a', 'b']) await at.says(voice, 'unblock IR internet');
    expect((await at.town.incidents()).map((one) => one.state)).toEqual(['lifted', 'lifted']);
  });

  test('phones are offline by two, all lines by one liar: the part is kept with the incident', async () => {
    const part = async () => (await at.town.incidents())[0]!.part ?? null;
    await at.says('a', 'shutdown RU internet', {
      text: 'Mobile internet is off in the whole country since this morning',
    });
    await at.says('b', 'shutdown RU internet', { text: 'Operators have cut mobile data, subscribers everywhere say' });
    await states('liar', { action: 'shutdown', service: 'internet' });
    expect(await part()).toBe('mobile');
    for (const voice of ['c', 'd']) await at.says(voice, 'shutdown RU internet');
    expect(await part()).toBe(null);
  });
});

describe('names', () => {
  test('one outlet names a service, ten speak of "social media": nothing at the default level', async () => {
    await at.says('liar', 'block NP facebook');
    for (const voice of ['a', 'b', 'c', 'd']) await at.says(voice, 'block NP -');
    expect(heard()).toEqual([]);
    expect(await state()).toBe('facebook block active reported');
  });

  test('a nameless story of two outlets, named by one: the default level hears no name', async () => {
    for (const voice of ['a', 'b']) await at.says(voice, 'block NP -');
    await at.says('liar', 'block NP facebook');
    expect(heard().some((line) => line.includes('Facebook'))).toBe(false);
  });
});

describe('ends', () => {
  test('one outlet’s lift of what nobody knew: told to nobody, and it hides no block that others report', async () => {
    await states('liar', { action: 'unblock' });
    expect(heard()).toEqual([]);
    for (const voice of ['a', 'b']) await at.town.say(voice, 'block RU whatsapp', undefined, -2 * HOUR);
    await at.town.pass(HOUR);
    expect(heard()).toEqual(['🔴 Russia: WhatsApp blocked']);
  });

  test('one source takes back what it alone had said: others who said the same before that are heard', async () => {
    await states('liar', { action: 'block', id: 'x' });
    await at.town.pipeline.withdrawals('liar', [{ statements: [{ id: 'x', revision: null }], because: 'an error' }]);
    for (const voice of ['a', 'b']) await at.town.say(voice, 'block RU whatsapp', undefined, -30 * 60_000);
    await at.town.pass(HOUR);
    expect(heard()).toEqual(['🔴 Russia: WhatsApp blocked']);
  });

  test('an operator takes it back: what was written before that is a straggler', async () => {
    await at.says('a', 'block RU whatsapp');
    await at.town.retract();
    for (const voice of ['b', 'c']) await at.town.say(voice, 'block RU whatsapp', undefined, -30 * 60_000);
    await at.town.pass(HOUR);
    expect(heard()).toEqual([]);
  });

  test('back in one region; a report of another one from before that, read later: heard', async () => {
    for (const voice of ['a', 'b']) await at.says(voice, 'shutdown RU internet @Dagestan');
    for (const voice of ['a', 'b']) await at.says(voice, 'unblock RU internet @Dagestan');
    for (const voice of ['a', 'b']) await at.town.say(voice, 'shutdown RU internet @Tver', undefined, -3 * HOUR);
    for (const voice of ['c', 'd']) await at.town.say(voice, 'shutdown RU internet @Dagestan', undefined, -3 * HOUR);
    await at.town.pass(HOUR);
    expect(await state()).toContain('internet shutdown active corroborated RU-TVE');
    expect(heard().at(-1)).toContain('Tver');
    expect(await at.town.incidents()).toHaveLength(2);
  });

  test('one liar says each day that it works again: it stays blocked', async () => {
    for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
    for (let i = 0; i < 5; i++) {
      await states('liar', { action: 'unblock' });
      await at.town.pass(DAY);
    }
    expect(await state()).toBe('whatsapp block easing corroborated');
    expect(heard().some((line) => line.startsWith('🟢'))).toBe(false);
  });
});

describe('familiar words', () => {
  async function liftedAfter(hours: number): Promise<void> {
    await at.says('monitor', 'block RU whatsapp', { text: TEMPLATE });
    await at.says('a', 'block RU whatsapp');
    await at.town.pass(hours * HOUR);
    for (const voice of ['a', 'b']) await at.says(voice, 'unblock RU whatsapp');
  }
  for (const [after, ms] of [
    ['three hours', 3 * HOUR],
    ['18 days', 18 * DAY],
  ] as const)
    test(`${after} after the lift the monitor writes by its template again, and another outlet: blocked anew`, async () => {
      await liftedAfter(5);
      await at.town.pass(ms);
      await at.says('monitor', 'block RU whatsapp', { text: TEMPLATE });
      await at.says('c', 'block RU whatsapp');
      expect(heard().at(-1)).toBe('🔴 Russia: WhatsApp blocked');
      expect((await at.town.incidents()).map((one) => one.state)).toEqual(['lifted', 'active']);
    });

  test('other outlets print the old text hours after the lift: nothing', async () => {
    await liftedAfter(5);
    const before = heard();
    for (const voice of ['x', 'y', 'z']) await at.says(voice, 'block RU whatsapp', { text: TEMPLATE });
    expect(heard()).toEqual(before);
    expect(await at.town.incidents()).toHaveLength(1);
  });
});

describe('a peer', () => {
  const relayed = (voice: string) => ({ voice, isArticle: true, reading: null, measured: null });
  test('it claims that two of our outlets are one, before and after they speak: they are two', async () => {
    await states('peer', { action: 'block', title: TEMPLATE, relayed: relayed('b') });
    await at.says('a', 'block RU whatsapp', { text: TEMPLATE });
    expect(heard()).toEqual([]);
    await at.says('b', 'block RU whatsapp');
    expect(heard()).toEqual(['🔴 Russia: WhatsApp blocked']);
  });

  test('it passes on the text of one outlet under another name: still one', async () => {
    await states('peer', { action: 'block', title: TEMPLATE, relayed: relayed('someone-else') });
    await at.says('a', 'block RU whatsapp', { text: TEMPLATE });
    await at.town.pass(DAY);
    expect(await state()).toBe('whatsapp block active reported');
  });
});
