/**
 * Two Tocsins in a row: the second reads the first's feed, with what agents measured for it, and tells the same incidents, lifted alike. Two that read each other,
 * for a quarter of an hour of their time: one outlet stays one voice. (Hours of it, and three of them: `test/unit/federation/`, on a clock of its own.)
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FeedServer } from '../fakes/feed-server.ts';
import { freePort } from '../fakes/free-port.ts';
import { Program } from './program.ts';

const AGENT = 'agent-token-of-moscow-41d2';

interface Line {
  id: string;
  country: string;
  service: string;
  action: string;
  method: string | null;
  state: string;
  confidence: string;
  items: string[];
}

let feeds: FeedServer;
const programs: Program[] = [];
let mutual: Promise<void>;
beforeAll(async () => {
  feeds = await FeedServer.start();
  mutual = readEachOther();
  // Its fault is its own test's.
  mutual.catch(() => undefined);
});
afterAll(async () => {
  await Promise.all(programs.map((one) => one.remove()));
  await feeds?.stop();
});

const outlet = (name: string, cron = '* * * * * *') => ({
  id: name,
  kind: 'rss',
  url: `${feeds.url}/${name}`,
  publisher: name,
  cron,
});
const peer = (name: string, port: number, more: object = {}) => ({
  id: name,
  kind: 'rss',
  url: `http://127.0.0.1:${port}/feed.json`,
  publisher: name,
  name: `The ${name}`,
  cron: '* * * * * *',
  ...more,
});

async function tocsin(port: number, config: object, env: Record<string, string> = {}): Promise<Program> {
  const program = await Program.create(
    {
      database: 'tocsin.db',
      baseline: null,
      accounts: [{ id: 'console', platform: 'console' }],
      network: { allowPrivateAddresses: true },
      web: { listen: `127.0.0.1:${port}`, publicUrl: `http://127.0.0.1:${port}` },
      policy: { groupWait: '1s' },
      ...config,
    },
    env,
  );
  programs.push(program);
  return program;
}

const incidents = async (port: number): Promise<Line[]> => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/incidents`);
  return ((await answer.json()) as { items: Line[] }).items;
};
/** What an incident is, wherever it is told; its id and its items are each program's own. */
const said = ({ country, service, action, method, state, confidence }: Line): string =>
  [country, service, action, method, state, confidence].join(' ');
const told = async (port: number): Promise<string[]> => (await incidents(port)).map(said).sort();
async function until(met: () => Promise<boolean>, what: string, ms = 60_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await met().catch(() => false))) {
    if (performance.now() > deadline)
      throw new Error(`Not within ${ms} ms: ${what}\n${programs.map((one) => one.tail()).join('\n')}`);
    await new Promise((wake) => setTimeout(wake, 250));
  }
}

describe('two in a row, the second trusts the first', () => {
  let ports: [number, number];
  let first: Program;
  let second: Program;
  const same = async () => {
    const [a, b] = [await told(ports[0]), await told(ports[1])];
    return a.length > 0 && JSON.stringify(a) === JSON.stringify(b);
  };

  beforeAll(async () => {
    ports = [await freePort(), await freePort()];
    feeds.add('one');
    feeds.add('two');
    const agents = [{ id: 'moscow', token: 'env:AGENT', country: 'RU', asn: 'AS64501' }];
    first = await tocsin(ports[0], { sources: [outlet('one'), outlet('two')], agents }, { AGENT });
    second = await tocsin(ports[1], { sources: [peer('first', ports[0], { trusted: true })] });
    await Promise.all([first.start(), second.start()]);
    for (const one of [first, second]) {
      one.type('subscribe ru');
      await one.until(() => /I watch here/.test(one.stdout), 15_000, 'subscribed');
    }
  }, 90_000);

  test('outlets and an agent report there: the same is told here, at the same level', async () => {
    feeds.add('one', { title: 'Russia blocks WhatsApp', summary: 'The regulator has blocked WhatsApp in Russia.' });
    feeds.add('two', {
      title: 'WhatsApp stops working across Russia after block',
      summary: 'Authorities cut access to WhatsApp in Russia today, users say.',
    });
    for (let round = 0; round < 4; round++) {
      const measurement = {
        id: `m${round}`,
        sourceId: 'probe',
        kind: 'probe',
        at: Date.now(),
        probeCc: 'RU',
        probeAsn: 'AS64501',
        vantageId: 'box',
        target: 'signal',
        component: null,
        verdict: 'sni_blocked',
        detail: 'reset',
        notes: [],
        raw: null,
      };
      const body = { v: 1, epoch: 'abcdefgh', seq: round + 1, dropped: 0, measurements: [measurement] };
      const posted = await fetch(`http://127.0.0.1:${ports[0]}/agents`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${AGENT}` },
        body: JSON.stringify(body),
      });
      expect(posted.status).toBe(200);
      await new Promise((wake) => setTimeout(wake, 2_100));
    }
    await until(async () => (await told(ports[0])).length === 2 && (await same()), 'the same two incidents');
    expect(await told(ports[1])).toEqual([
      'RU signal block sni active corroborated',
      expect.stringMatching(/^RU whatsapp block .* active corroborated$/),
    ]);
    for (const one of [first, second]) {
      await one.until(
        // One message or two, as they come.
        () => /RU-whatsapp-/.test(one.stdout) && /RU-signal-/.test(one.stdout),
        20_000,
        'both alerts',
      );
    }
  }, 120_000);

  test('over there: over here, said as loudly, and no second incident', async () => {
    const later = new Date();
    feeds.add('one', {
      title: 'Russia lifts its block of WhatsApp',
      summary: 'WhatsApp works again in Russia.',
      at: later,
    });
    feeds.add('two', {
      title: 'WhatsApp is accessible again in Russia',
      summary: 'Access to WhatsApp has been restored in Russia after the block.',
      at: later,
    });
    await until(
      async () => (await told(ports[0])).some((one) => / lifted /.test(one)) && (await same()),
      'lifted on both',
    );
    expect(await incidents(ports[1])).toHaveLength(2);
    // One process has the file to itself: nothing is told of who does what.
    const seen = await fetch(`http://127.0.0.1:${ports[1]}/sources?lang=en`);
    expect(await seen.text()).toMatch(/What the bot sees(?![\s\S]*Process 1)/);
    for (const one of [first, second])
      await one.until(() => /WhatsApp works again/.test(one.stdout), 20_000, 'the lift');
  }, 90_000);

  test('the first is killed and comes back: nothing is told twice', async () => {
    const before = second.stdout.length;
    await first.kill();
    await first.start();
    await until(same, 'the same as before');
    await new Promise((wake) => setTimeout(wake, 4_000));
    expect(second.stdout.slice(before)).not.toMatch(/WhatsApp|Signal/);
  }, 90_000);
});

test('two that read each other, neither trusting the other, a quarter of an hour: what one outlet said stays one report of one voice', async () => {
  await mutual;
}, 300_000);

const SPEED = 60;
const QUARTER_MS = 900_000 / SPEED;

/** Goes on beside the others: it waits for most of its time. */
async function readEachOther(): Promise<void> {
  const ports = [await freePort(), await freePort()] as const;
  feeds.add('dw', { title: 'Russia blocks Telegram', summary: 'Telegram has been blocked in Russia.' });
  const NODE_OPTIONS = `--import=${join(import.meta.dirname, 'faster-clock.mjs')}`;
  const left = await tocsin(ports[0], { sources: [outlet('dw'), peer('right', ports[1])] }, { NODE_OPTIONS });
  const right = await tocsin(ports[1], { sources: [peer('left', ports[0])] }, { NODE_OPTIONS });
  const both = [left, right];
  for (const one of both) one.extend({ TOCSIN_TEST_SPEED: join(one.folder, 'speed') });
  await Promise.all(both.map((one) => one.start()));
  const isSaid = async () =>
    (await Promise.all(ports.map(told))).every(
      ([one = '', more]) => more === undefined && /^RU telegram block .* active reported$/.test(one),
    );
  await until(isSaid, 'it is told on both, as reported', 100_000);
  for (const one of both) writeFileSync(join(one.folder, 'speed'), String(SPEED));
  await new Promise((wake) => setTimeout(wake, QUARTER_MS));
  for (const one of both) writeFileSync(join(one.folder, 'speed'), '1');
  await until(isSaid, 'still the same on both');
  // What a page takes to be made was sixty times as long by their clocks, and has to be paid first.
  await until(
    async () => (await Promise.all(ports.map(incidents))).every(([one]) => one!.items.length === 1),
    'one report each',
  );
  for (const one of both) expect(await one.stop()).toBe(0);
}
