/** Two real processes on one PostgreSQL: who dies, sleeps or goes is replaced, and nobody hears anything twice that was not on the wire. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { describePostgres } from '../contract/store/postgres.ts';
import { BlackHole } from '../fakes/black-hole.ts';
import { openWorld, WINDOW } from './processes-world.ts';
import { commands } from './torture/commands.ts';

describePostgres('processes', ({ fresh }) => {
  const world = async () => openWorld(await fresh());

  test('killed in a broadcast, each in turn: the other goes on within ten seconds, nobody misses anything, repeats stay within the window', async () => {
    const w = await world();
    const [a, b] = [await w.program(), await w.program()];
    await a.start();
    await b.start();
    expect(b.stderr).toMatch(/Ready.*holds=nothing waitsFor="ingest fanout receive\/tg send\/tg"/);
    for (const [victim, kills] of [
      [a, 1],
      [b, 2],
    ] as const) {
      await w.ringHalf();
      await victim.kill();
      expect(await w.flowsAgain()).toBeLessThan(10_000);
      await w.untilHeard(40_000);
      expect((await w.heard()).doubled).toBeLessThanOrEqual(WINDOW * kills);
      await victim.start();
    }
    expect(await w.refused()).toBeLessThanOrEqual(2);
  }, 240_000);

  test('asked to stop in a broadcast: the other goes on within three seconds, and nothing is said twice', async () => {
    const w = await world();
    const [a, b] = [await w.program(), await w.program()];
    await a.start();
    await b.start();
    await w.ringHalf();
    const stopping = a.stop();
    expect(await w.flowsAgain()).toBeLessThan(3_000);
    expect(await stopping).toBe(0);
    await w.untilHeard(40_000);
    expect((await w.heard()).doubled).toBe(0);
  }, 120_000);

  test('asleep for fifteen seconds in a broadcast: replaced; awake again it sends nothing, waits, and a command sent meanwhile is answered once', async () => {
    const w = await world();
    const [a, b] = [await w.program(), await w.program()];
    await a.start();
    await b.start();
    await w.ringHalf();
    const ann = await w.telegram.user({ language_code: 'en' });
    a.signal('SIGSTOP');
    await ann.send('/ping');
    expect(await w.flowsAgain()).toBeLessThan(10_000);
    await ann.chat.waitFor({ regex: '.', timeout_ms: 20_000 });
    await sleep(8_000);
    a.signal('SIGCONT');
    await a.until(() => /Lost a lease/.test(a.stderr), 10_000, 'it notices');
    await w.untilHeard(40_000);
    await sleep(2_000);
    expect((await w.heard()).doubled).toBeLessThanOrEqual(WINDOW);
    expect(await ann.chat.botTexts()).toHaveLength(1);
    await b.kill();
    w.bell.ring();
    await w.untilHeard(40_000);
  }, 240_000);

  test('two hundred people say all sorts of things in three languages while each process is killed in turn: all are answered, few twice, no subscription is lost', async () => {
    const said: string[] = [];
    const report = await commands({ seed: 7, people: 200, kills: 2, hurried: true, say: (line) => said.push(line) });
    expect({ ...report, said }).toMatchObject({ commands: 600, unanswered: 0, subscriptionsLost: 0, refusals: 0 });
    // What was on the wire, and what went in the moment before it was noted: a quarter of a second at full pace.
    expect(report.mostRepeats, said.join('\n')).toBeLessThanOrEqual(7);
  }, 240_000);

  test('one process a role: sources are read, people answered and alerts sent by three that know nothing of each other but the database', async () => {
    const w = await world();
    for (const [role, holds] of [
      ['ingest', 'ingest'],
      ['bot', 'receive/tg'],
      ['deliver', '"fanout send/tg"'],
    ] as const) {
      const one = await w.program();
      await one.start('--role', role);
      expect(one.stderr).toMatch(new RegExp(`Ready.*roles=${role} holds=${holds} waitsFor=nothing`));
    }
    const ann = await w.telegram.user({ language_code: 'en' });
    await ann.send('/status ke');
    await ann.chat.waitFor({ contains: 'Kenya', timeout_ms: 10_000 });
    w.bell.ring();
    await w.untilHeard(40_000);
    expect((await w.heard()).doubled).toBe(0);
    expect(await w.refused()).toBe(0);
  }, 120_000);

  test('cut off from the database in a broadcast, and healed: replaced within ten seconds, it sends nothing of what was held back, and waits', async () => {
    const w = await world();
    const hole = await BlackHole.before(Number(new URL(w.database).port || 5432));
    onTestFinished(() => hole.close());
    const through = new URL(w.database);
    through.port = String(hole.port);
    const [a, b] = [await w.program(through.href), await w.program()];
    await a.start();
    await b.start();
    await w.ringHalf();
    hole.cut();
    await b.until(() => /Roles.*send\/tg.*waitsFor=nothing/.test(b.stderr), 10_000, 'it takes over');
    await w.untilHeard(40_000);
    await sleep(5_000);
    hole.heal();
    await sleep(3_000);
    expect(a.stderr).toMatch(/Lost a lease/);
    expect((await w.heard()).doubled).toBeLessThanOrEqual(WINDOW);
    expect(await a.stop()).toBe(0);
  }, 120_000);
});
