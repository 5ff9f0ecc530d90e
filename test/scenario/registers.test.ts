/** What leaves a register is struck off there: a register says what is forbidden, and nobody measured that it works again. */
import { describe, expect, test } from 'vitest';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import type { Level } from '../../src/core/model/incident.ts';
import { statementOf } from '../../src/sources/registry/index.ts';
import type { Change } from '../../src/sources/registry/listing.ts';
import { DAY, HOUR, MINUTE } from './harness.ts';
import { type LiarsTown, liarsTown } from './liars/feeds.ts';
import { surfacesOf } from './surfaces.ts';

const LEVELS: readonly Level[] = ['early', 'corroborated', 'confirmed'];
const SERVICES = ['whatsapp', 'signal', 'telegram', 'facebook', 'instagram', 'youtube', 'discord', 'viber'];

const config = { id: 'register', kind: 'registry', country: 'AM', urls: ['https://register.example/list'] } as never;

async function town(baseline: readonly BaselineEntry[] = []) {
  const at: LiarsTown = await liarsTown('en', baseline);
  let generation = 0;
  return {
    ...at,
    /** The register has changed so since it was read last. */
    async reads(change: Change['change'], ...services: string[]): Promise<void> {
      const by = { config, generation: generation++, updatedAt: null, now: at.town.clock.now() };
      const entry = { agency: '', decision: '', date: '', whole: true };
      const said = services.map((service) =>
        statementOf({ service, change, entries: [{ ...entry, service, host: `${service}.example` }] }, by),
      );
      await at.town.pipeline.statements('register', said, { firstPoll: false, pushed: false });
      await at.town.pass(MINUTE);
    },
  };
}
const heard = (at: LiarsTown): string[] => LEVELS.flatMap((level) => at.heard(level));
const incidents = async (at: LiarsTown) => await at.town.store.incidents.list({ country: 'AM', limit: 50 });

describe('names leave a register', () => {
  test('that nobody reported to be cut: nobody is told that anything works again, and /status says what it was', async () => {
    const at = await town();
    await at.reads('unlisted', ...SERVICES);
    expect(heard(at)).toEqual([]);
    expect((await incidents(at)).map(({ state }) => state)).toEqual(SERVICES.map(() => 'easing'));
    const surfaces = await surfacesOf(at.town.store, at.town.clock);
    const said = await surfaces.say('status AM whatsapp');
    expect(said).toContain('Struck off the register of blocked sites');
    expect(said).not.toMatch(/outlet|🟢|works again|Measurements say/u);
    await surfaces.close();
  });

  test('that it had been told for: the alert is edited in silence and says so, in place of "works again"', async () => {
    const at = await town();
    await at.reads('listed', ...SERVICES);
    await at.town.pass(HOUR);
    const before = at.heard('corroborated');
    expect(before).toHaveLength(1);
    await at.reads('unlisted', ...SERVICES);
    expect(at.newest('corroborated')).toContain('WhatsApp: Struck off the register of blocked sites');
    for (const level of LEVELS) expect(at.town.texts(level).join('\n')).not.toMatch(/🟢|works? again|Lasted/u);
    expect(at.town.heard('corroborated').map((one) => one.split(' ')[0])).toEqual(['send', 'edit']);
    expect((await incidents(at)).every((one) => one.state === 'easing' && one.open)).toBe(true);
  });

  test('and one outlet writes that it works again, before or after: told as over, with both', async () => {
    for (const isFirst of [true, false]) {
      const at = await town();
      await at.reads('listed', 'whatsapp');
      await at.town.pass(HOUR);
      if (isFirst) await at.says('paper', 'unblock AM whatsapp');
      await at.reads('unlisted', 'whatsapp');
      if (!isFirst) await at.says('paper', 'unblock AM whatsapp');
      expect(await at.only()).toBe('block corroborated lifted');
      expect(at.heard('corroborated').at(-1)).toMatch(/^🟢 Armenia: WhatsApp works again/u);
    }
  });

  test('and only sites that nobody has met, or readers, say so too: it stays struck off', async () => {
    const at = await town();
    await at.reads('listed', 'whatsapp');
    await at.town.pass(HOUR);
    await at.reads('unlisted', 'whatsapp');
    const url = 'https://fresh-news-24.example/x';
    await at.says('search', 'unblock AM whatsapp', { found: true, url });
    expect(await at.only()).toBe('block corroborated easing');
    expect(heard(at).join('\n')).not.toContain('🟢');
  });

  test('and it is listed again: it goes on, and nobody hears of a second block', async () => {
    const at = await town();
    await at.reads('listed', 'whatsapp');
    await at.town.pass(HOUR);
    await at.reads('unlisted', 'whatsapp');
    await at.reads('listed', 'whatsapp');
    expect(await at.only()).toBe('block corroborated active');
    expect(at.heard('corroborated').filter((one) => one.startsWith('🔴'))).toHaveLength(3);
    expect(at.town.heard('corroborated').map((one) => one.split(' ')[0])).toEqual(['send', 'edit', 'edit']);
  });

  test('on record for years: it still stands by the record, with the register’s word beside it', async () => {
    const stood: BaselineEntry = {
      country: 'AM',
      service: 'whatsapp',
      action: 'block',
      method: null,
      since: Date.UTC(2022, 2, 14),
      monthOnly: false,
      reference: 'https://record.example/am',
    };
    const at = await town([stood]);
    await at.reads('unlisted', 'whatsapp');
    expect(heard(at)).toEqual([]);
    const surfaces = await surfacesOf(at.town.store, at.town.clock, [stood]);
    const [state] = await surfaces.states('AM');
    expect(state).toMatchObject({ access: 'blocked', since: stood.since, claim: { isStruckOff: true, voices: 0 } });
    await surfaces.close();
  });

  test('two weeks later, by nothing but the register: unknown, since it is forbidden no more and nobody looked', async () => {
    const at = await town();
    await at.reads('listed', 'whatsapp');
    await at.reads('unlisted', 'whatsapp', 'signal');
    await at.town.pass(15 * DAY);
    const surfaces = await surfacesOf(at.town.store, at.town.clock);
    for (const state of await surfaces.states('AM')) expect(state).toMatchObject({ access: 'unknown', was: 'blocked' });
    await surfaces.close();
  });
});
