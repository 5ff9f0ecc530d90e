/**
 * 50 strangers of each kind beside an alert: how much later does it leave, how soon is `/ping` answered, what does it cost in memory? Each alert under attack has
 * one left in peace before it. The strangers have a process of their own, and an address each. `node bench/hostile-web.ts [incidents] [alerts] [kinds]`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { COUNTRIES } from '../src/core/commands/asking/country-names.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { openStore } from '../src/store/open.ts';
import { Rig } from '../test/e2e/torture/rig.ts';
import { quietLog } from '../test/fakes/fake-log.ts';
import type { FakeUser } from '../test/fakes/fake-telegram/client.ts';
import { freePort } from '../test/fakes/free-port.ts';
import { report } from '../test/unit/render/support.ts';
import { tell } from '../test/unit/web/site/seed.ts';
import { median, peakRss, quantile, round, rssOf, say } from './shared.ts';

const CLIENTS = 50;
/** Of one client, between two requests, ms. */
const PAUSE = 50;
const TOKEN = 'hostile-newsroom-token-4f2a';
/** None in which the bell rings. */
const LANDS = ['CN', 'BY', 'KE', 'MM', 'IQ', 'SD', 'AZ', 'TJ', 'TM', 'UZ', 'SY', 'LY', 'CU', 'NI', 'ML', 'TD'];
const SERVICES = ['whatsapp', 'telegram', 'signal', 'x', 'instagram', 'facebook', 'youtube', 'dw', 'bbc', 'facetime'];
const LANGS = ['en', 'ru', 'fa', 'ar', 'tr', 'de', 'es', 'fr', 'uk', 'zh'];

interface Place {
  url: string;
  ids: readonly string[];
}

/** What one client of a kind does again and again: `who` of them, for the `turn`-th time. */
type Client = (place: Place, who: number, turn: number) => Promise<void>;

const dispatcher = new Agent({ connections: CLIENTS, bodyTimeout: 20_000 });
const from = (who: number) => ({ 'x-forwarded-for': `10.2.0.${who}` });

async function get(place: Place, path: string, who: number, headers: Record<string, string> = {}): Promise<string> {
  const answer = await request(`${place.url}${path}`, { dispatcher, headers: { ...from(who), ...headers } });
  return await answer.body.text();
}

const post = (place: Place, path: string, who: number, body: unknown, headers: Record<string, string> = {}) =>
  request(`${place.url}${path}`, {
    dispatcher,
    method: 'POST',
    headers: { ...from(who), 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }).then(({ body: said }) => said.dump());

const portOf = ({ url }: Place): number => Number(new URL(url).port);

/** A connection of one's own, on which what is written is never the whole of HTTP. */
async function raw(place: Place, text: string, ms: number, reads: boolean): Promise<void> {
  const socket = connect(portOf(place), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect').catch(() => undefined);
  if (reads) socket.resume();
  else socket.pause();
  socket.write(text);
  await sleep(ms);
  socket.destroy();
}

const ask = (path: string, who: number, more = ''): string =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 10.2.0.${who}\r\n${more}\r\n`;
const any = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
const ODD = [
  '//x/metrics',
  '/a\\..\\metrics',
  '/%2e/metrics',
  '/metrics#',
  '/%zz',
  '*',
  `/${'a'.repeat(3_000)}`,
  '/..;/x',
];
const cursors: (string | null)[] = [];
const hoarded: Socket[] = [];

const KINDS: Record<string, Client> = {
  'nobody at all': async () => await sleep(100),
  'who comes back to /events with an old id': (place, who, turn) => {
    const old = (Date.now() - 40 * 86_400_000 - who * 1_000 - turn).toString(36).padStart(9, '0');
    return raw(place, ask('/events', who, `last-event-id: ${old}.RU-none-0000.1\r\n`), 400, true);
  },
  'who asks for much and reads nothing': (place, who, turn) => {
    const many = Array.from({ length: 20 }, (_, at) => ask(`/feed.json?lang=${any(LANGS, at + turn)}`, who)).join('');
    return raw(place, turn % 2 ? many : ask('/events', who), 1_500, false);
  },
  'scans of all pages of the interface': async (place, who) => {
    const cursor = cursors[who] ?? null;
    const more = cursor === null ? '' : `&cursor=${cursor}`;
    const said = await get(place, `/api/v1/incidents?limit=100&country=${any(LANDS, who)}${more}`, who);
    cursors[who] = (JSON.parse(said) as { next?: string | null }).next ?? null;
  },
  'states of every country and service': (place, who, turn) =>
    get(place, `/api/v1/states?country=${any(COUNTRIES, who * 7 + turn)}&service=${any(SERVICES, turn)}`, who).then(
      () => undefined,
    ),
  searches: (place, who, turn) =>
    get(place, `/search?q=${who * 7_919 + turn}+whatsapp+${any(LANDS, turn)}&lang=${any(LANGS, who)}`, who).then(
      () => undefined,
    ),
  'feeds of every kind': (place, who, turn) =>
    get(
      place,
      `/feed.${turn % 2 ? 'json' : 'atom'}?country=${any(LANDS, who + turn)}&lang=${any(LANGS, turn)}${turn % 3 ? `&service=${any(SERVICES, turn)}` : ''}`,
      who,
    ).then(() => undefined),
  'pages of every incident': (place, who, turn) =>
    get(
      place,
      turn % 4
        ? `/incident/${any(place.ids, who * 7_919 + turn * 31)}?lang=${any(LANGS, turn)}`
        : `/country/${any(LANDS, who + turn).toLowerCase()}?lang=${any(LANGS, turn)}`,
      who,
    ).then(() => undefined),
  'pictures of every incident': (place, who, turn) =>
    get(
      place,
      `/incident/${any(place.ids, who * 7_919 + turn * 31)}/${turn % 2 ? 'card' : 'picture'}.png?lang=${any(LANGS, turn)}`,
      who,
    ).then(() => undefined),
  'junk sent to /here': (place, who, turn) =>
    post(place, '/here', who, { report: `${'x'.repeat(3_000)}${turn}`, work: turn }),
  'reports of one token': (place, who, turn) => {
    const many = Array.from({ length: 100 }, (_, at) => ({
      id: `${who}-${turn}-${at}`,
      country: any(LANDS, at),
      service: any(SERVICES, at >> 4),
      action: 'block',
      at: new Date().toISOString(),
      url: `https://news.example/${who}/${turn}/${at}`,
      title: `Flood ${who} ${turn} ${at}: ${'the messenger does not open for anybody here '.repeat(5)}`.slice(0, 290),
      summary: `${'Words that fill a summary and say nothing at all of anything '.repeat(10)}`.slice(0, 590),
    }));
    return post(place, '/reports', who, many, { authorization: `Bearer ${TOKEN}` });
  },
  'who keeps connections and asks for nothing': async (place, who) => {
    for (let at = 0; at < 4; at++) {
      const socket = connect(portOf(place), '127.0.0.1').on('error', () => undefined);
      hoarded.push(socket.resume());
      socket.write(ask('/', who));
    }
    await sleep(4_000);
    for (const socket of hoarded.splice(0, 4)) socket.destroy();
  },
  'odd targets': (place, who, turn) => raw(place, ask(any(ODD, turn), who).repeat(20), 100, true),
};

if (process.send) {
  const [place, kind] = (await once(process, 'message'))[0] as [Place, string];
  process.once('disconnect', () => process.exit());
  let asked = 0;
  process.on('message', () => process.send!(asked));
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, who) => {
      await sleep((who * PAUSE) / CLIENTS);
      for (let turn = 0; ; turn++) {
        await KINDS[kind]!(place, who, turn).catch(() => undefined);
        asked++;
        await sleep(PAUSE);
      }
    }),
  );
}

const incidents = Number(process.argv[2] ?? 2_000);
const alerts = Number(process.argv[3] ?? 7);
const wanted = process.argv[4]?.split(',');
/** Of one alert, from the feed's answer to the first message, ms; each `/ping` beside it, ms; what the strangers asked for; most memory, MB. */
interface Measured {
  delay: number;
  pings: number[];
  perSecond: number;
  peak: number;
}
const PINGS = 8;
const PING_EVERY = 200;

const port = await freePort();
const rig = await Rig.create({
  chats: 20,
  limits: 'off',
  rate: 0,
  config: { web: { listen: `127.0.0.1:${port}`, pages: { measure: true }, trustProxy: ['127.0.0.1'] } },
  sources: [{ id: 'flood', kind: 'push', token: TOKEN, name: 'The flood' }],
});
try {
  const place = { url: `http://127.0.0.1:${port}`, ids: await fill() };
  const people = await Promise.all(
    Array.from({ length: PINGS }, (_, at) => rig.telegram.user({ first_name: `A${at}` })),
  );
  await rig.program.start();
  await sleep(1_500);
  await one(place, people, null);
  for (const kind of Object.keys(KINDS))
    if (!wanted || wanted.some((part) => kind.includes(part))) await suffer(place, people, kind);
} finally {
  await rig.remove();
  await dispatcher.destroy();
}

async function suffer(place: Place, people: FakeUser[], kind: string): Promise<void> {
  const [calm, under]: [Measured[], Measured[]] = [[], []];
  const before = rssOf(rig.program.pid);
  for (let at = 0; at < alerts; at++) {
    calm.push(await one(place, people, null));
    under.push(await one(place, people, kind));
  }
  const delays = (list: Measured[]) => list.map(({ delay }) => delay);
  const ping = (list: Measured[]) =>
    round(
      quantile(
        list.flatMap(({ pings }) => pings),
        0.95,
      ),
      0,
    );
  const most = (list: number[]) => round(Math.max(...list), 0);
  say({
    name: `an alert beside ${CLIENTS} of: ${kind}, ms (median of ${alerts})`,
    value: median(delays(under)).toFixed(0),
    bare: `${median(delays(calm)).toFixed(0)} (in peace)`,
    floor: 'at most 100 ms later',
    ok: median(delays(under)) - median(delays(calm)) <= 100,
    notes: `most ${most(delays(under))} against ${most(delays(calm))}; /ping p95 ${ping(under)} against ${ping(calm)}; ${round(median(under.map(({ perSecond }) => perSecond)), 0)} requests/s; RSS ${round(before, 0)} → ${most(under.map(({ peak }) => peak))} → ${round(rssOf(rig.program.pid), 0)} MB`,
  });
}

/** One alert, and people who ask meanwhile; `kind`: of the strangers beside it, null = in peace. */
async function one(place: Place, people: FakeUser[], kind: string | null): Promise<Measured> {
  const strangers = kind === null ? null : fork(fileURLToPath(import.meta.url));
  strangers?.send([place, kind]);
  // They come first, and are all there.
  await sleep(700);
  const [began, asked] = [performance.now(), await countOf(strangers)];
  const { peak, result } = await peakRss(rig.program.pid, async () => {
    const pings = Promise.all(
      people.map(async (person, at) => {
        await sleep(at * PING_EVERY);
        const { message } = await person.send('/ping');
        const said = await person.chat.waitFor({ after_message_id: message.message_id, timeout_ms: 20_000 });
        return Number(said.at) - Number(message.at);
      }),
    );
    return { delay: await alertAfter(), pings: await pings };
  });
  const perSecond = ((await countOf(strangers)) - asked) / ((performance.now() - began) / 1_000);
  if (strangers) {
    const gone = once(strangers, 'exit');
    strangers.kill();
    await gone;
    // What they left waiting is over.
    await sleep(500);
  }
  return { ...result, perSecond, peak };
}

async function countOf(strangers: ReturnType<typeof fork> | null): Promise<number> {
  if (!strangers) return 0;
  strangers.send('asked');
  return (await once(strangers, 'message'))[0] as number;
}

async function alertAfter(): Promise<number> {
  const rung = rig.bell.rung.length;
  const change = rig.bell.ring();
  const deadline = performance.now() + 60_000;
  while ((await rig.heard([change])).total === 0) {
    if (performance.now() > deadline) throw new Error(`No alert within a minute\n${rig.program.tail()}`);
    await sleep(20);
  }
  await rig.untilHeard(60_000, [change]);
  const told = await rig.telegram.transcript({ from: 'bot', regex: change, limit: 50 });
  return Math.min(...told.map(({ at }) => Number(at))) - rig.bell.servedAt(rung);
}

/** Most are over, as after some years; a tenth is open, and of each tenth much was said. */
async function fill(): Promise<string[]> {
  const store = await openStore(rig.database, { clock: systemClock, log: quietLog, ids: createIds(systemClock) });
  const now = Date.now();
  const ids: string[] = [];
  await store.transaction(async (tables) => {
    for (let at = 0; at < incidents; at++) {
      const country = any(LANDS, at);
      const service = any(SERVICES, Math.floor(at / LANDS.length));
      const isOpen = at < LANDS.length * SERVICES.length;
      const from = isOpen ? 5 + (at % 80) : 3 + at / 10;
      const over = isOpen ? {} : { to: from - 2 };
      const into = { transaction: <T>(work: (inner: typeof tables) => Promise<T>) => work(tables) };
      const id = await tell(into as never, now, (100_000 + at).toString(36), {
        country,
        service,
        from,
        ...over,
        last: 1,
      });
      ids.push(id);
      const said = at % 10 === 0 ? 100 : 0;
      for (let n = 0; n < said; n++) {
        const own = { id: `${id}-m${n}`, country, service, voice: `v${n}`, at: now - from * 86_400_000 + n * 60_000 };
        await tables.reports.insert(
          id,
          report({ ...own, itemId: `feed/${id}/${n}`, title: `Words ${n} of ${id}` }),
          [],
        );
      }
    }
  });
  await store.close();
  return ids;
}
