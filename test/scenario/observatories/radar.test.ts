import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { radarKind } from '../../../src/sources/radar/config.ts';
import { shared, testIf } from '../../fakes/shared.ts';
import { HOUR, T0 } from '../harness.ts';
import { observedTown } from './observed-town.ts';

const outage = (cause: string, endDate: string | null = null) => ({
  id: '1',
  startDate: new Date(T0 + HOUR / 2).toISOString(),
  endDate,
  locations: ['SD'],
  scope: null,
  linkedUrl: 'https://bsky.app/profile/radar.cloudflare.com/post/1',
  outage: { outageCause: cause, outageType: 'NATIONWIDE' },
});

async function sudan(annotations: unknown[], config: Record<string, unknown> = {}, lang = 'en') {
  const asked: (string | undefined)[] = [];
  const world = await observedTown(
    radarKind,
    { countries: ['SD'], token: 'a-token-of-radar', ...config },
    () => (request, response) => {
      asked.push(request.headers.authorization);
      response.end(JSON.stringify({ success: true, errors: [], result: { annotations, trafficAnomalies: [] } }));
    },
    lang,
  );
  await world.town.chat('reader', ['sd']);
  await world.town.chat('early', ['sd'], 'early');
  const at = async (hours: number): Promise<void> => {
    await world.town.pass(T0 + hours * HOUR - world.town.clock.now());
    await world.poll();
    await world.town.pass(10 * 60_000);
  };
  return { ...world, at, asked };
}

test.each([
  ['en', '⚫ Sudan: internet off', 'Corroborated: Cloudflare Radar', 'How: by official order'],
  ['ru', '⚫ Судан: отключён интернет', 'Подкреплено: Cloudflare Radar', 'Как: по решению властей или суда'],
])('%s: ordered by a government: a shutdown, and how, with its link; lifted an hour after its end', async (...of) => {
  const [lang, head, why, how] = of;
  const annotations: unknown[] = [];
  const { town, at, asked } = await sudan(annotations, {}, lang);
  await at(0.4);
  annotations.push(outage('GOVERNMENT_DIRECTED'));
  await at(1);
  expect(town.heard('reader')).toEqual([`send ${head}`]);
  expect(town.texts('reader')[0]).toContain(why);
  expect(town.texts('reader')[0]).toContain(how);
  expect(town.texts('reader')[0]).toContain('https://bsky.app/profile/radar.cloudflare.com/post/1');
  expect(new Set(asked)).toEqual(new Set(['Bearer a-token-of-radar']));
  annotations[0] = outage('GOVERNMENT_DIRECTED', new Date(T0 + 3 * HOUR).toISOString());
  await at(3.5);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['active']);
  await at(4.2);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['lifted']);
});

test('a cable cut: nobody hears of it, unless the operator asks for outages, and then those who take signs', async () => {
  const plain = await sudan([outage('CABLE_CUT')]);
  await plain.at(1);
  expect([plain.town.heard('reader'), plain.town.heard('early')]).toEqual([[], []]);
  const asking = await sudan([outage('CABLE_CUT')], { outages: true });
  await asking.at(1);
  expect(asking.town.heard('reader')).toEqual([]);
  expect(asking.town.heard('early')).toHaveLength(1);
});

test('no token: nothing is asked', async () => {
  const { asked, at } = await sudan([], { token: null });
  await at(1);
  expect(asked).toEqual([]);
});

const recorded = shared('data/radar/annotations_outages_2026-04_SD_1item.json');
testIf(recorded, 'needs ../shared/data', 'a recorded outage by order: rings while it lasts', async () => {
  const { result } = JSON.parse(readFileSync(recorded!, 'utf8'));
  const list = result.annotations;
  const { town, poll } = await observedTown(radarKind, { countries: ['SD'], token: 't' }, (one) => {
    one.clock.moveTo(Date.parse('2026-04-22T13:00:00Z'));
    return (_request, response) => {
      const at = new Date(one.clock.now()).toISOString();
      const annotations = list.map((each: { endDate: string }) => ({
        ...each,
        endDate: each.endDate > at ? null : each.endDate,
      }));
      response.end(JSON.stringify({ success: true, errors: [], result: { annotations } }));
    };
  });
  await town.chat('reader', ['sd']);
  await poll();
  expect(town.heard('reader')).toEqual([]);
  await town.pass(60_000);
  expect(town.heard('reader')).toEqual(['send ⚫ Sudan: internet off']);
});
