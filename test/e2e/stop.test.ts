/** SIGTERM: the program ends within five seconds whatever hangs, with 0, and nothing is lost. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Rig } from './torture/rig.ts';

const LIMIT = 5_000;
let rig: Rig;
afterEach(() => rig?.remove());

async function stopTimed(): Promise<{ code: number | null; ms: number }> {
  const began = performance.now();
  const code = await rig.program.stop();
  return { code, ms: performance.now() - began };
}

function rowsIn(state: number): number {
  const db = new DatabaseSync(rig.database, { readOnly: true });
  const row = db.prepare('select count(*) as n from deliveries where state = ?').get(state);
  db.close();
  return Number(row!.n);
}

/** A Telegram that takes every call and answers none, but for what `but` matches. */
const hang = (but = '') =>
  rig.telegram.fault({
    fault: 'hang',
    method: but === '' ? undefined : but,
    times: 1_000_000,
    hang_ms: 120_000,
  } as never);

test.each([
  ['27 a second', 27],
  ['unpaced', 0],
])(
  'Telegram hangs in the middle of a broadcast and of answers, %s: ended in time, and after the restart every chat hears once',
  async (_, rate) => {
    rig = await Rig.create({ chats: 300, limits: 'off', rate });
    const ann = await rig.telegram.user({ id: 999_000_001, first_name: 'Ann' });
    await rig.program.start();
    await hang();
    const change = rig.bell.ring();
    await rig.program.until(() => rig.program.stderr.includes('Broadcast filled'), 20_000, 'the broadcast');
    for (let i = 0; i < 5; i++) await ann.send('/status ru');
    await sleep(1_500);
    const { code, ms } = await stopTimed();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(LIMIT);
    expect(rig.warnings().filter((line) => line.includes(' ERROR '))).toEqual([]);
    await rig.telegram.clearFaults();
    await rig.program.start();
    await rig.untilHeard(60_000, [change]);
    await sleep(500);
    expect(await rig.heard([change])).toMatchObject({ pairs: 300, doubled: 0 });
    expect(rowsIn(0) + rowsIn(1)).toBe(0);
    expect((await stopTimed()).code).toBe(0);
  },
  120_000,
);

test('Telegram hangs from the start: SIGTERM while the program still waits for it ends it in time', async () => {
  rig = await Rig.create({ chats: 3, limits: 'off', rate: 27 });
  await hang();
  const starting = rig.program.start().catch(() => undefined);
  for (let asked = 0; asked === 0; await sleep(100)) asked = (await rig.telegram.calls({ method: 'getMe' })).length;
  const { code, ms } = await stopTimed();
  await starting;
  expect([code, ms < LIMIT]).toEqual([0, true]);
}, 60_000);

test('a feed that never ends its answer, too: in time', async () => {
  rig = await Rig.create({ chats: 3, limits: 'off', rate: 27 });
  rig.feeds.overrides.set('regulator', (_request, response) => void response.writeHead(200).write('<rss>'));
  await rig.program.start();
  await hang();
  await sleep(3_000);
  const { code, ms } = await stopTimed();
  expect([code, ms < LIMIT]).toEqual([0, true]);
}, 60_000);
