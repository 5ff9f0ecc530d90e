import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type EpisodeScore, scoreEpisode, type Truth } from '../../bench/episode-score.ts';
import CARD from '../../config/encoder/card.json' with { type: 'json' };
import { withEncoder } from '../../src/app/built-in-extractor.ts';
import { incidentLine } from '../../src/cli/incidents.ts';
import { createVirtualClock, type ReplayedAlert, readRecordings, replay, timeOfRecord } from '../../src/cli/replay.ts';
import { bundledPublishers } from '../../src/config/catalogue.ts';
import { DEFAULT_POLICY } from '../../src/core/model/alert.ts';
import { iso } from '../../src/core/model/facts.ts';
import { createModel } from '../../src/encoder/model.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { bundledCatalogue, bundledExtractor } from '../fakes/bundled.ts';
import { quietLog as silent } from '../fakes/fake-log.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/episodes');
const names = readdirSync(FOLDER).filter((file) => file.endsWith('.truth.json'));
const catalogue = bundledCatalogue();
const model = createModel(new URL('../../config/encoder/encoder.bin', import.meta.url), CARD.sha256);
/** As the bot reads, the encoder in this process. */
const extractor = withEncoder(bundledExtractor(), { encode: async (asked) => model(asked) });

async function play(name: string): Promise<{ truth: Truth; score: EpisodeScore }> {
  const truth = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Truth;
  const items = await readRecordings([join(FOLDER, name.replace('.truth.json', '.items.jsonl'))]);
  const clock = createVirtualClock(timeOfRecord(items[0]!));
  const ids = createIds(clock);
  const store = await openStore(':memory:', { clock, log: silent, ids });
  const alerts: ReplayedAlert[] = [];
  await replay(items, {
    store,
    clock,
    ids,
    log: silent,
    extractor,
    policy: DEFAULT_POLICY,
    publishers: bundledPublishers(),
    translators: createTranslators(catalogue),
    level: 'corroborated',
    lang: 'en',
    onAlert: (alert) => void alerts.push(alert),
    progress: () => undefined,
  });
  const incidents = await Promise.all(
    (await store.incidents.list({ limit: 10_000 })).map((one) => incidentLine(store, one)),
  );
  await store.close();
  const told = alerts.map(({ kind, at, incidents }) => ({ kind, at: iso(at)!, incidents }));
  return { truth, score: scoreEpisode(truth, incidents as Parameters<typeof scoreEpisode>[1], told) };
}

/** Each is played once, whichever test asks first. */
const played = new Map<string, ReturnType<typeof play>>();
function playOnce(name: string): ReturnType<typeof play> {
  const known = played.get(name) ?? play(name);
  played.set(name, known);
  return known;
}

describe('whole episodes, as outlets of a dozen languages reported them', () => {
  test('the folder: holds at least eight', () => expect(names.length).toBeGreaterThanOrEqual(8));

  // Floors of one episode are loose, so that a new phrase may cost one text; what must never happen has none.
  test.each(names)('%s: accuses nobody falsely, hears nothing in noise', async (name) => {
    const { truth, score } = await playOnce(name);
    expect(score.noiseTold).toEqual([]);
    expect(score.falsely.length).toBeLessThanOrEqual(1);
    expect(new Set(score.noise.flatMap((one) => one.items)).size).toBeLessThanOrEqual(1);
    expect(score.missed.length).toBeLessThanOrEqual(1);
    expect(score.fresh).toBeLessThanOrEqual(truth.expectedAlerts.new + 3);
  });

  test('all of them: above the floors', async () => {
    const all = await Promise.all(names.map(playOnce));
    const scores = all.map(({ score }) => score);
    const right = scores.reduce((sum, one) => sum + one.right.length, 0);
    const wanted = all.reduce((sum, { truth }) => sum + truth.incidents.length, 0);
    const mean = (of: (one: EpisodeScore) => unknown[]): number =>
      scores.reduce((sum, one) => sum + of(one).length, 0) / scores.length;
    expect(right / wanted).toBeGreaterThanOrEqual(0.92);
    expect(mean((one) => one.falsely)).toBeLessThanOrEqual(0.3);
    expect(mean((one) => one.warnings)).toBeLessThanOrEqual(0.3);
  });
});
