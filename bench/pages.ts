/**
 * The status page with 10,000 incidents while an alert goes out: how long do 50 readers at once wait, and does somebody who asks 5,000 times a second,
 * beside a hundred connections that never finish their request, delay an alert? `node bench/pages.ts [incidents] [seconds] [alerts]`.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { systemClock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { openStore } from '../src/store/open.ts';
import { Rig } from '../test/e2e/torture/rig.ts';
import { quietLog } from '../test/fakes/fake-log.ts';
import { freePort } from '../test/fakes/free-port.ts';
import { tell } from '../test/unit/web/site/seed.ts';
import { median, quantile, round, say } from './shared.ts';

const incidents = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 20);
const alerts = Number(process.argv[4] ?? 12);
const READERS = 50;
/** None in which the bell rings: its incidents would join these. */
const COUNTRIES = ['CN', 'BY', 'KE', 'MM', 'IQ', 'SD', 'AZ', 'TJ', 'TM', 'UZ', 'SY', 'LY', 'CU', 'NI', 'ML', 'TD'];
/** At 27 a second an alert goes on for eleven seconds. */
const CHATS = 300;
const SERVICES = ['whatsapp', 'telegram', 'signal', 'x', 'instagram', 'facebook', 'youtube', 'dw', 'bbc', 'facetime'];
const LANGS = ['en', 'ru', 'fa', 'ar'];

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const rig = await Rig.create({
  chats: CHATS,
  limits: 'official',
  rate: 27,
  config: { web: { listen: `127.0.0.1:${port}`, pages: true, trustProxy: ['127.0.0.1'] } },
});
try {
  const ids = await fill();
  await rig.program.start();
  await sleep(1_500);
  // As many alerts as go out while they read.
  for (let at = 0; at <= seconds / 11; at++) rig.bell.ring();
  while ((await rig.heard()).total < 20) await sleep(50);
  await readAtOnce(ids);
  await rig.untilHeard(120_000);
  await attacked();
} finally {
  await rig.remove();
}

/** Most are over, as after some years; 160 are open. Those that nobody alerts of any more, for they were told long ago. */
async function fill(): Promise<string[]> {
  const store = await openStore(rig.database, { clock: systemClock, log: quietLog, ids: createIds(systemClock) });
  const now = Date.now();
  const ids: string[] = [];
  const add = async (at: number, into: Parameters<typeof tell>[0]): Promise<void> => {
    const country = COUNTRIES[at % COUNTRIES.length]!;
    const service = SERVICES[Math.floor(at / COUNTRIES.length) % SERVICES.length]!;
    const open = at < COUNTRIES.length * SERVICES.length;
    const from = open ? 5 + (at % 80) : 3 + at / 10;
    const over = open ? {} : { to: from - 2 };
    ids.push(await tell(into, now, (100_000 + at).toString(36), { country, service, from, ...over, last: 1 }));
  };
  // One commit: ten thousand would take minutes.
  await store.transaction(async (tables) => {
    for (let at = 0; at < incidents; at++) await add(at, { transaction: (work) => work(tables) });
  });
  await store.close();
  return ids;
}

/** Each reader opens a page a second: half of them the first, the rest a country, a service, or one of all the incidents. */
async function readAtOnce(ids: readonly string[]): Promise<void> {
  const dispatcher = new Agent({ connections: READERS });
  const waits: number[] = [];
  const statuses = new Map<number, number>();
  let largest = 0;
  const began = performance.now();
  const reader = async (_: unknown, who: number): Promise<void> => {
    await sleep(who * 20);
    for (let turn = 0; performance.now() - began < seconds * 1_000; turn++) {
      const pick = (who * 31 + turn * 17) % 20;
      const path =
        pick < 10
          ? '/'
          : pick < 14
            ? `/country/${COUNTRIES[(who + turn) % COUNTRIES.length]!.toLowerCase()}`
            : pick < 16
              ? `/service/${SERVICES[(who + turn) % SERVICES.length]}`
              : `/incident/${ids[(who * 7_919 + turn * 104_729) % ids.length]}`;
      const from = performance.now();
      const answer = await request(`${url}${path}?lang=${LANGS[who % LANGS.length]}`, {
        dispatcher,
        headers: { 'x-forwarded-for': `10.1.0.${who}`, 'accept-encoding': 'identity' },
      });
      const body = await answer.body.arrayBuffer();
      waits.push(performance.now() - from);
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      largest = Math.max(largest, body.byteLength);
      await sleep(Math.max(0, 1_000 - (performance.now() - from)));
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  await dispatcher.destroy();
  const p95 = quantile(waits, 0.95);
  const all200 = statuses.size === 1 && statuses.has(200);
  say({
    name: `a page of ${incidents} incidents, ${READERS} readers at once during a broadcast: p95 ms of ${waits.length}`,
    value: p95.toFixed(1),
    floor: 'p95 < 30 ms, each answered, < 60 kB',
    ok: p95 < 30 && all200 && largest < 60_000,
    notes: `median ${round(median(waits))}, p99 ${round(quantile(waits, 0.99))}, most ${round(Math.max(...waits), 0)} ms; ${JSON.stringify([...statuses])}; largest ${round(largest / 1_000)} kB`,
  });
}

/** From the feed's answer to the first message, in turns: left in peace, and attacked. */
async function attacked(): Promise<void> {
  const calm: number[] = [];
  const under: number[] = [];
  let answered = { asked: 0, refused: 0, seconds: 0 };
  for (let at = 0; at < alerts; at++) {
    const attack = at % 2 === 1 ? await beginAttack() : null;
    await sleep(500);
    (attack ? under : calm).push(await alertAfter());
    const more = attack?.end();
    if (more)
      answered = {
        asked: answered.asked + more.asked,
        refused: answered.refused + more.refused,
        seconds: answered.seconds + more.seconds,
      };
  }
  const ratio = median(under) / median(calm);
  say({
    name: `item polled → first message under ${Math.round(answered.asked / answered.seconds)} requests/s of one address and 90 unfinished ones, ms`,
    value: median(under).toFixed(0),
    bare: `${median(calm).toFixed(0)} (left in peace)`,
    ratio: round(ratio, 2),
    floor: '≤ 2 × left in peace, or < 250 ms',
    ok: ratio <= 2 || median(under) < 250,
    notes: `${round((100 * answered.refused) / Math.max(1, answered.asked), 0)} % of them refused; most ${round(Math.max(...under), 0)} against ${round(Math.max(...calm), 0)} ms`,
  });
}

async function alertAfter(): Promise<number> {
  const rung = rig.bell.rung.length;
  const change = rig.bell.ring();
  while ((await rig.heard([change])).total === 0) await sleep(10);
  const served = rig.bell.servedAt(rung);
  const [first] = (await rig.telegram.transcript({ from: 'bot', regex: change, limit: 50 }))
    .map((one) => Number(one.at))
    .sort((a, b) => a - b);
  await rig.untilHeard(60_000, [change]);
  return first! - served;
}

/** One address asks 5,000 times a second on eight connections; ninety more hand over a header, a letter a second. */
async function beginAttack() {
  const begins = performance.now();
  let [asked, refused] = [0, 0];
  const sockets: Socket[] = [];
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const one = 'GET / HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.9\r\n\r\n';
  const timers: NodeJS.Timeout[] = [];
  const flood = async (): Promise<void> => {
    let socket = await open();
    const refusals = (chunk: Buffer): void => {
      refused += chunk.toString('latin1').split('HTTP/1.1 429').length - 1;
    };
    socket.on('data', refusals);
    const timer = setInterval(() => {
      if (socket.destroyed) {
        socket = connect(port, '127.0.0.1').on('error', () => undefined);
        socket.on('data', refusals);
        sockets.push(socket);
      }
      asked += 32;
      socket.write(one.repeat(32));
    }, 51.2);
    timers.push(timer);
  };
  await Promise.all(Array.from({ length: 8 }, flood));
  for (let at = 0; at < 90; at++) {
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ');
    timers.push(setInterval(() => void (socket.destroyed || socket.write('a')), 1_000));
  }
  return {
    end() {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      return { asked, refused, seconds: (performance.now() - begins) / 1_000 };
    },
  };
}
