/** Two real processes on one PostgreSQL: who dies, sleeps or goes is replaced, and nobody hears anything twice that was not on the wire. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describePostgres } from '../contract/store/postgres.ts';
import { openWorld, WINDOW } from './processes-world.ts';
import { commands } from './torture/commands.ts';

describePostgres('processes', ({ fresh }) => {
  const world = async () => openWorld(await fresh());

  test('killed in a broadcast, each in turn: the other goes on within eight seconds, nobody misses anything, repeats stay within the window', async () => {
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
      expect(await w.flowsAgain()).toBeLessThan(8_000);
      await w.untilHeard(40_000);
      expect((await w.heard()).doubled).toBeLessThanOrEqual(WINDOW * kills);
      await victim.start();
    }
    expect(await w.refused()).toBeLessThanOrEqual(2);
  }, 240_000);

  test('asked to stop in a broadcast: the other goes on within two seconds, and nothing is said twice', async () => {
    const w = await world();
    const [a, b] = [await w.program(), await w.program()];
    await a.start();
    await b.start();
    await w.ringHalf();
    const stopping = a.stop();
    expect(await w.flowsAgain()).toBeLessThan(2_000);
    expect(await stopping).toBe(0);
    await w.untilHeard(40_000);
    expect((await w.heard()).doubled).toBe(0);
  }, 120_000);

  test('the ingester, the receiver and the sender asleep for thirty seconds in a broadcast: replaced; awake again they write and send nothing, wait, and take over once more', async () => {
    const w = await world();
    const [ingests, receives, sends, ...others] = await Promise.all(
      ['ingest', 'bot', 'deliver', 'ingest', 'bot', 'deliver'].map(async (role, i) => {
        const one = await w.program();
        // The first of each role takes the leases, the second waits.
        await sleep(i < 3 ? 0 : 5_000);
        await one.start('--role', role);
        return one;
      }),
    );
    const asleep = [ingests!, receives!, sends!];
    const people = await Promise.all(Array.from({ length: 10 }, () => w.telegram.user({ language_code: 'en' })));
    await w.ringHalf();
    for (const one of asleep) one.signal('SIGSTOP');
    const since = performance.now();
    await Promise.all(people.map((one, i) => one.send(i % 2 === 0 ? '/subscribe de' : '/ping')));
    w.bell.ring();
    expect(await w.flowsAgain()).toBeLessThan(10_000);
    await w.untilHeard(40_000);
    w.bell.ring();
    // To its last message, so that what is counted below stands still.
    await w.untilHeard(40_000);
    await sleep(Math.max(2_000, 30_000 - (performance.now() - since)));
    const before = await w.rows();
    for (const one of asleep) one.signal('SIGCONT');
    for (const one of asleep) await one.until(() => /Lost a lease/.test(one.stderr), 10_000, 'it notices');
    await sleep(4_000);
    expect(await w.rows()).toEqual(before);
    expect((await w.heard()).doubled).toBeLessThanOrEqual(WINDOW);
    expect(await Promise.all(people.map(async (one) => (await one.chat.botTexts()).length))).toEqual(
      people.map(() => 1),
    );
    await Promise.all(others.map((one) => one.kill()));
    w.bell.ring();
    await people[0]!.send('/subscriptions');
    await people[0]!.chat.waitFor({ contains: 'Germany', count: 2, timeout_ms: 20_000 });
    await w.untilHeard(40_000);
    expect(await w.refused()).toBeLessThanOrEqual(2);
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
});
