import { describe, expect, test } from 'vitest';
import type { Measurement, ObservatoryView } from '../../../src/core/model/measurement.ts';
import { FakeTables } from '../commands/fake-tables.ts';
import { createBot } from '../commands/support.ts';
import { incident, measured, NOW, report } from '../render/support.ts';

const observed = measured(['AS1', 'AS2', 'AS3'], {
  voice: 'observatory:ooni',
  publisherName: 'OONI',
  url: 'https://explorer.ooni.org/chart/mat?probe_cc=RU',
});
observed.measured = {
  ...observed.measured!,
  strength: 'window-rule',
  observatory: 'ooni',
  licence: 'CC BY-NC-SA 4.0',
  measurements: 412,
};

describe('/status names the observatory', () => {
  test.each([
    ['en', 'WhatsApp: OONI (CC BY-NC-SA 4.0)', '412 measurements, 3 networks'],
    ['ru', 'WhatsApp: OONI (CC BY-NC-SA 4.0)', '412 измерений, 3 сети'],
  ])('%s: of what is in force, with its link, its licence and its counts', async (lang, name, counts) => {
    const bot = createBot();
    bot.tables.stored = [incident({ reports: [report(), observed] })];
    const text = await bot.say('/status ru', { lang });
    expect(text).toContain(name);
    expect(text).toContain('https://explorer.ooni.org/chart/mat?probe_cc=RU');
    expect(text).toContain(counts);
  });

  test('in the evidence of an incident', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ reports: [report(), observed] })];
    const text = await bot.say('/incident RU-whatsapp-3f9k');
    expect(text).toContain('OONI (CC BY-NC-SA 4.0)');
    expect(text).toContain('412 measurements, 3 networks');
  });
});

describe('a service without an incident', () => {
  const view = (says: ObservatoryView['says'], country = 'RU'): Measurement => {
    const raw: ObservatoryView = {
      observatory: 'ooni',
      name: 'OONI',
      licence: 'CC BY-NC-SA 4.0',
      url: 'https://explorer.ooni.org/x',
      says,
      before: 'cut',
      action: 'block',
      method: null,
      since: NOW - 1,
      until: NOW,
      measurements: 25,
      networks: ['AS1', 'AS2', 'AS3'],
      signals: [],
      region: null,
    };
    const at = { id: 'x', sourceId: 'ooni', kind: 'ooni', at: NOW, probeCc: country, probeAsn: 'AS1' };
    return {
      ...at,
      vantageId: 'ooni/RU',
      target: 'signal',
      component: null,
      verdict: says,
      detail: null,
      notes: [],
      raw,
    };
  };
  const bot = (...found: Measurement[]) =>
    createBot({
      store: { ...new FakeTables().asStore(), measurements: { recent: async () => found, add: async () => true } },
    });

  test.each([
    [
      'cut for longer than anybody looked',
      [view('cut')],
      'OONI (CC BY-NC-SA 4.0) <https://explorer.ooni.org/x> – blocked, 25 measurements, 3 networks',
    ],
    [
      'open',
      [view('open')],
      'OONI (CC BY-NC-SA 4.0) <https://explorer.ooni.org/x> – open, 25 measurements, 3 networks',
    ],
  ])('%s: what the observatory sees of it', async (_name, found, words) => {
    expect((await bot(...found).say('/status ru signal')).replace(' – 25', ', 25')).toContain(words);
  });

  test.each([
    ['en', /🔴 Signal.*blocked since.*corroborated.*last evidence/],
    ['ru', /🔴 Signal.*заблокирован.*подкреплено/i],
  ])('%s: cut, in its country: a row, with since when and how sure', async (lang, row) => {
    expect(await bot(view('cut')).say('/status ru', { lang })).toMatch(row);
  });

  test.each([
    ['en', /🟢 Signal.*open.*corroborated.*last evidence/],
    ['ru', /🟢 Signal.*открыто.*подкреплено/i],
    ['de', /🟢 Signal.*offen/i],
  ])('%s: asked for, and every observatory sees it open: the row says so', async (lang, row) => {
    const said = await bot(view('open')).say('/status ru signal', { lang });
    expect(said).toMatch(row);
    expect(said).not.toContain('❔');
  });

  test('asked for, and one observatory sees it cut while another sees it open: not called open', async () => {
    const other = view('open');
    const ioda = {
      ...other,
      kind: 'ioda',
      sourceId: 'ioda',
      raw: { ...(other.raw as ObservatoryView), observatory: 'ioda' },
    };
    expect(await bot(view('cut'), ioda).say('/status ru signal')).not.toContain('🟢 Signal');
  });

  test('open as of a time that is long past: unknown', async () => {
    const old = view('open');
    const raw = { ...(old.raw as object), until: NOW - 30 * 3_600_000 };
    expect(await bot({ ...old, raw }).say('/status ru signal')).toContain('❔ Signal');
  });

  test('open, or nothing of late: no row', async () => {
    expect(await bot(view('open')).say('/status ru')).not.toContain('Signal');
    expect(await bot().say('/status ru')).not.toContain('Signal');
  });

  test('a long-standing block by the public record, and OONI sees it: since when by the record, evidence by OONI', async () => {
    const entry = {
      country: 'RU',
      service: 'signal',
      action: 'block' as const,
      method: null,
      since: Date.UTC(2024, 7, 9),
      monthOnly: false,
      reference: 'https://example.org/signal',
    };
    const both = createBot({
      baseline: [entry],
      store: {
        ...new FakeTables().asStore(),
        measurements: { recent: async () => [view('cut')], add: async () => true },
      },
    });
    expect(await both.say('/status ru')).toMatch(
      /🔴 Signal <https:\/\/example.org\/signal> · blocked since 9 Aug 2024 · corroborated · last evidence/,
    );
  });

  test('measured in another country, or not at all: nothing of it', async () => {
    expect(await bot(view('cut', 'IR')).say('/status ru signal')).not.toContain('OONI');
    expect(await bot().say('/status ru signal')).not.toContain('OONI');
  });
});
