/** One source that floods one pair of country and service: it hides nobody, and is not kept over and over. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Statement } from '../../../src/core/model/report.ts';
import { DAY, HOUR } from '../harness.ts';
import { type LiarsTown, liarsTown } from './feeds.ts';

let at: LiarsTown;
afterEach(() => at.town.store.close());

let count = 0;
const statement = (over: Partial<Statement> = {}): Statement => ({
  id: `s${count++}`,
  revision: null,
  at: at.town.clock.now(),
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  method: null,
  region: null,
  title: `WhatsApp blocked ${count}`,
  url: null,
  summary: 'x'.repeat(600),
  kind: 'outlet',
  publisher: 'token',
  publisherName: 'Token',
  lang: 'en',
  ...over,
});
async function push(n: number, over: Partial<Statement> = {}): Promise<void> {
  for (let i = 0; i < n; i += 100) {
    const some = Array.from({ length: Math.min(100, n - i) }, () => statement(over));
    await at.town.pipeline.statements('token', some, { firstPoll: false, pushed: true });
  }
  await at.town.drain();
}
const warnings = (): string[] => at.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
const stored = async (): Promise<number> => {
  const counts = await at.town.store.reports.countByIncident((await at.town.incidents()).map(({ id }) => id));
  return [...counts.values()].reduce((sum, one) => sum + one, 0);
};

describe('one push token that floods one pair', () => {
  test('a second outlet wrote before a flood of 130: both still count, for the end, too', async () => {
    at = await liarsTown();
    await at.says('paper', 'block RU whatsapp');
    await push(130);
    await at.town.pass(HOUR);
    expect(await at.only()).toBe('block corroborated active');
    expect(at.newest('corroborated')).toContain('2 outlets');
    await at.says('paper', 'unblock RU whatsapp');
    await push(130, { action: 'unblock' });
    expect(await at.only()).toBe('block corroborated lifted');
  });

  test('it goes on while others lift: what it says hides no word of theirs', async () => {
    at = await liarsTown();
    await at.says('paper', 'block RU whatsapp');
    await at.says('press', 'block RU whatsapp');
    await push(130);
    await at.says('paper', 'unblock RU whatsapp');
    await push(10);
    await at.says('press', 'unblock RU whatsapp');
    expect(await at.only()).toBe('block corroborated lifted');
  });

  test('twenty thousand posts in a day: a few hundred are kept, the operator is told once an hour at most', async () => {
    at = await liarsTown();
    for (let round = 0; round < 20; round++) await push(1_000);
    expect(await stored()).toBeLessThanOrEqual(300);
    expect(warnings()).toEqual(['A source says the same over and over; what is more is counted, and not kept']);
    const [held] = await at.town.pipeline.held();
    expect(held).toMatchObject({ sourceId: 'token', why: 'over-and-over', reports: 0 });
    expect(held!.dropped).toBeGreaterThan(19_000);
  });

  test('day after day: what one source said of one incident is compacted, and its first word stays', async () => {
    at = await liarsTown();
    for (let day = 0; day < 8; day++) {
      await push(100);
      await at.town.pass(DAY);
    }
    const [incident] = await at.town.incidents();
    const reports = await at.town.store.reports.byIncident(incident!.id, 5_000);
    expect(reports.length).toBeLessThanOrEqual(300);
    expect(reports.at(-1)!.at).toBe(incident!.openedAt);
  });

  test('it says other things too: those are kept', async () => {
    at = await liarsTown();
    await push(400);
    await push(1, { action: 'unblock' });
    await push(1, { service: 'signal' });
    expect(await at.only()).toBe('block reported easing; block reported active');
  });
});
