/**
 * One feed, one push token, one peer, one agent, one observatory: each alone tries to bend the state of the world. What the default level hears of
 * it is nothing false, every surface still says what was true, and the operator can see who said what.
 */
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { hear } from '../../../src/core/federation/hear.ts';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import type { Action } from '../../../src/core/model/incident.ts';
import { asMeasurement, type ObservatoryView } from '../../../src/core/model/measurement.ts';
import { pushSchema } from '../../../src/sources/push/config.ts';
import { createReportIntake } from '../../../src/sources/push/index.ts';
import { bundledCatalogue } from '../../fakes/bundled.ts';
import { DAY, HOUR, MINUTE } from '../harness.ts';
import { expectSame } from '../same.ts';
import { type Surfaces, surfacesOf } from '../surfaces.ts';
import { type AgentsTown, agentsTown } from './lab.ts';

const STOOD: BaselineEntry = {
  country: 'RU',
  service: 'instagram',
  action: 'block',
  method: null,
  since: Date.UTC(2022, 2, 14),
  monthOnly: false,
  reference: 'https://record.example/ru',
};

/** What a liar says: of whom no more than it can say in its own way. */
interface Lie {
  action: Action;
  service?: string;
  country?: string;
  region?: string;
  /** Absent: words of its own. */
  title?: string;
}

interface Liar {
  name: string;
  /** What it has no way to say. */
  cannot?: readonly ('region' | 'words' | 'service-of-others')[];
  says(at: World, lie: Lie): Promise<void>;
}

type World = AgentsTown & { answers: { status: number; body: string }[]; push: ReturnType<typeof pushDesk> };
let at: World;
let surfaces: Surfaces | null = null;

function pushDesk(town: AgentsTown) {
  const { pipeline, clock } = town.town;
  const note =
    (level: string) =>
    (message: string, facts: Record<string, unknown> = {}) =>
      void town.lines.push({ level, message, facts });
  const log = { debug() {}, info: note('info'), warn: note('warn'), error: note('error'), child: () => log };
  return createReportIntake({
    sources: [v.parse(pushSchema, { id: 'liar', kind: 'push', token: 'token-of-the-liar', name: 'The Liar' })],
    services: bundledCatalogue().services.map(({ id }) => id),
    countries: ['RU', 'IR', 'NP', 'UA'],
    gazetteer: bundledRegions(),
    clock,
    log,
    deliver: (id: string, statements: Parameters<typeof pipeline.statements>[1]) =>
      pipeline.statements(id, statements, { firstPoll: false, pushed: true }),
  });
}

async function open(): Promise<World> {
  const town = await agentsTown({}, [], [STOOD]);
  at = { ...town, answers: [], push: pushDesk(town) };
  return at;
}
afterEach(async () => {
  await surfaces?.close();
  surfaces = null;
  await at.town.store.close();
});

let count = 0;
const post = async (world: World, body: object): Promise<void> => {
  const { status, body: text } = await world.push.handle({
    authorization: 'Bearer token-of-the-liar',
    body: async () => new TextEncoder().encode(JSON.stringify(body)),
  });
  world.answers.push({ status, body: text });
  await world.town.drain();
};
const reportOf = (world: World, { action, service = 'whatsapp', country = 'RU', region, title }: Lie) => ({
  id: `r${count++}`,
  country,
  service,
  action,
  at: new Date(world.town.clock.now()).toISOString(),
  region: region ?? null,
  url: `https://liar.example/${count}`,
  title: title ?? `The liar has it that ${action} number ${count} of ${service} is so`,
});

/** Feed of an untrusted peer with one incident. */
async function relayed(world: World, lie: Lie, over: { state?: string; id?: string; incident?: string } = {}) {
  const { action, service = 'whatsapp', country = 'RU', region, title } = lie;
  const n = count++;
  const now = world.town.clock.now();
  const isOver = action === 'unblock';
  const evidence = {
    id: over.id ?? `e${n}`,
    at: new Date(now).toISOString(),
    action,
    method: null,
    region: region ?? null,
    kind: 'news',
    voice: 'somebody',
    publisher: 'somebody',
    name: 'Somebody',
    title: title ?? `Somebody writes of ${service}, for the time ${n}`,
    url: `https://somebody.example/${n}`,
    lang: 'en',
    reading: null,
    measured: null,
  };
  const told = {
    incident: over.incident ?? `${country}-${service}-${String(n).padStart(4, 'a')}`,
    seq: 1,
    change: isOver ? 'lifted' : 'opened',
    country,
    service,
    family: 'access',
    action: isOver ? 'block' : action,
    state: over.state ?? (isOver ? 'lifted' : 'active'),
    confidence: 'confirmed',
    method: null,
    now: {
      regions: region ? [region] : [],
      liftConfidence: isOver ? 'confirmed' : null,
      openedAt: new Date(now - HOUR).toISOString(),
      closedAt: isOver ? new Date(now).toISOString() : null,
      withdrawnBecause: over.state === 'withdrawn' ? 'it was wrong' : null,
      evidence: [evidence],
    },
  };
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    _tocsin: { version: 1, instance: 'abcdefgh12345678' },
    items: [{ id: String(n), title: title ?? 'A headline', url: `https://peer.example/incident/${n}`, _tocsin: told }],
  };
  const heard = hear(feed, { id: 'liar', publisher: 'liar', name: 'The Liar', trusted: false }, now)!;
  await world.town.pipeline.statements('peer-liar', heard.statements, { firstPoll: false, pushed: false });
  await world.town.pipeline.withdrawals('peer-liar', heard.withdrawals);
  await world.town.drain();
}

async function sighted(world: World, { action, service = 'whatsapp', country = 'RU', region }: Lie): Promise<void> {
  const now = world.town.clock.now();
  const isOpen = action === 'unblock';
  const view: ObservatoryView = {
    observatory: 'ooni',
    name: 'OONI',
    licence: null,
    url: 'https://explorer.ooni.org/',
    says: isOpen ? 'open' : 'cut',
    before: isOpen ? 'cut' : 'open',
    action: isOpen ? 'block' : action,
    method: null,
    since: now - 6 * HOUR,
    until: now,
    measurements: 40,
    networks: ['AS64501', 'AS64502', 'AS64503'],
    signals: [],
    region: region ?? null,
  };
  await world.town.pipeline.measurements([
    asMeasurement({ id: `o${count++}`, sourceId: 'ooni', at: now, verdict: view.says, country, service, view }),
  ]);
  await world.town.drain();
}

const VERDICTS: Partial<Record<Action, string>> = { block: 'sni_blocked:rst', unblock: 'ok', throttle: 'throttled' };

const FEED: Liar = {
  name: 'a feed',
  says: (world, { action, service = 'whatsapp', country = 'RU', region, title }) =>
    world.poll('liar', [
      {
        publisher: 'liar',
        says: `${action} ${country} ${service}${region ? ` @${region.replaceAll(' ', '_')}` : ''}`,
        ...(title ? { text: title } : {}),
      },
    ]),
};
const PUSH: Liar = { name: 'a push token', says: (world, lie) => post(world, reportOf(world, lie)) };
const PEER: Liar = { name: 'a peer', says: (world, lie) => relayed(world, lie) };
const AGENT: Liar = {
  name: 'an agent',
  cannot: ['region', 'words'],
  async says(world, { action, service = 'whatsapp' }) {
    await world.rounds('liar', Array(4).fill(VERDICTS[action] ?? 'sni_blocked:rst'), { target: service });
  },
};
const OBSERVATORY: Liar = { name: 'an observatory', cannot: ['words'], says: sighted };
const LIARS = [FEED, PUSH, PEER, AGENT, OBSERVATORY];
const WRITING = [FEED, PUSH, PEER];
const PLACING = [FEED, PUSH, PEER, OBSERVATORY];

/** First lines of what the default level got, of messages and replies alike. */
const heard = (): string[] => at.heard('corroborated');
const look = async (): Promise<Surfaces> => (surfaces ??= await surfacesOf(at.town.store, at.town.clock, [STOOD]));
const of = async (country: string, service: string) =>
  (await (await look()).states(country)).filter((one) => one.service === service && !one.covered);

/** Whatever a reader can read of Russia, in chats and on pages. */
async function everything(country = 'RU'): Promise<string> {
  const code = country.toLowerCase();
  const eyes = await look();
  const pages = [await eyes.page(`/country/${code}`), await eyes.page('/')].flat();
  return [
    await eyes.say(`status ${code}`),
    await eyes.say(`history ${code}`),
    await eyes.board(country),
    ...(await eyes.picture(`status ${code}`)),
    ...pages,
  ].join('\n');
}

describe.each(LIARS)('case 2: $name says that it works again', ({ name, says }) => {
  test('what stands for years: it stands, with its date; nobody hears, and no surface says that it is back', async () => {
    await open();
    for (let i = 0; i < 4; i++) {
      await says(at, { action: 'unblock', service: 'instagram' });
      await at.town.pass(DAY);
    }
    expect(heard()).toEqual([]);
    const [state] = await of('RU', 'instagram');
    expect(state).toMatchObject({ access: 'blocked', action: 'block', since: STOOD.since, sinceKind: 'standing' });
    expect(await everything()).not.toMatch(/🟢|works again/u);
    expect(await (await look()).badge('ru-instagram')).toContain('blocked');
    await expectSame(await look(), 'RU');
  });

  test('what two outlets reported: easing at most, no 🟢, no advice and no open badge', async () => {
    await open();
    for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
    for (let i = 0; i < 4; i++) {
      await says(at, { action: 'unblock' });
      await at.town.pass(name === 'an agent' ? HOUR : DAY);
    }
    // An observatory counts many networks by its rule: that is more than one word.
    if (name !== 'an observatory') {
      expect((await of('RU', 'whatsapp'))[0]).toMatchObject({ access: 'blocked' });
      expect(heard().filter((one) => one.includes('🟢'))).toEqual([]);
      expect(await everything()).not.toMatch(/🟢|WhatsApp works again/u);
    }
    expect(at.newest('corroborated')).not.toMatch(/May still work[^\n]*(?:WhatsApp|Instagram)/u);
    await expectSame(await look(), 'RU');
  });
});

describe.each(PLACING)('case 3: $name and the places of a shutdown', ({ name, says }) => {
  test('off in one region by two outlets, by it in the whole country: no surface says the country', async () => {
    await open();
    for (const voice of ['a', 'b']) await at.says(voice, 'shutdown RU internet @Dagestan');
    await says(at, { action: 'shutdown', service: 'internet' });
    await at.town.pass(HOUR);
    if (name === 'an observatory') return;
    const whole = (await of('RU', 'internet')).filter((one) => one.region === null);
    expect(whole.filter(({ confidence }) => confidence !== 'reported')).toEqual([]);
    expect(heard().every((line) => line.includes('Dagestan'))).toBe(true);
    expect(await (await look()).badge('ru-internet')).not.toMatch(/shut down(?! in Dagestan)/u);
    expect((await (await look()).board('RU')).split('\n').filter((line) => line.includes('⚫'))).toEqual([
      expect.stringContaining('Dagestan'),
    ]);
  });

  test('off in the whole country by two outlets, by it back in one region: off in the country', async () => {
    await open();
    for (const voice of ['a', 'b']) await at.says(voice, 'shutdown RU internet');
    await says(at, { action: 'unblock', service: 'internet', region: 'Dagestan' });
    await at.town.pass(HOUR);
    expect((await of('RU', 'internet')).find((one) => one.region === null)).toMatchObject({ access: 'shutdown' });
    expect(heard().filter((line) => line.includes('🟢'))).toEqual([]);
  });

  test('off in two regions, by it back in one: still both', async () => {
    await open();
    for (const voice of ['a', 'b'])
      await at.says(voice, 'shutdown RU internet @Dagestan; shutdown RU internet @Chechnya');
    await says(at, { action: 'unblock', service: 'internet', region: 'Chechnya' });
    await at.town.pass(HOUR);
    const regions = (await of('RU', 'internet')).filter(({ access }) => access === 'shutdown').map((one) => one.region);
    if (name !== 'an observatory') expect(regions.toSorted()).toEqual(['RU-CE', 'RU-DA']);
  });
});

describe.each([...WRITING, OBSERVATORY])('case 4: $name names what others did not', ({ name, says }) => {
  test('two outlets write of social media, it names Facebook: no name at the default level', async () => {
    await open();
    for (const voice of ['a', 'b']) await at.says(voice, 'block NP -');
    await says(at, { action: 'block', service: 'facebook', country: 'NP' });
    await at.town.pass(HOUR);
    if (name === 'an observatory') return;
    expect(heard().filter((line) => line.includes('Facebook'))).toEqual([]);
    expect((await of('NP', 'facebook')).filter(({ confidence }) => confidence !== 'reported')).toEqual([]);
  });
});

const TEMPLATE =
  'Live metrics show that the messenger is unreachable on several leading networks of the country; incident in progress, users may need help';

describe.each(WRITING)('case 5: $name and old words', ({ says }) => {
  async function liftedOnce(): Promise<void> {
    await open();
    await at.says('monitor', 'block RU whatsapp', { text: TEMPLATE });
    await at.says('a', 'block RU whatsapp');
    await at.town.pass(5 * HOUR);
    for (const voice of ['a', 'b']) await at.says(voice, 'unblock RU whatsapp');
  }

  test('it re-tells the old text each day after the lift: nobody hears', async () => {
    await liftedOnce();
    const before = heard();
    for (let i = 0; i < 10; i++) {
      await says(at, { action: 'block', title: TEMPLATE });
      await at.town.pass(DAY);
    }
    expect(heard()).toEqual(before);
    // At most one outlet's word, and shown as that.
    const [state] = await of('RU', 'whatsapp');
    if (state!.access !== 'open') expect(state!.confidence).toBe('reported');
  });

  test('it re-tells the old text the day before the monitor writes by its template of a true second block: told', async () => {
    await liftedOnce();
    await at.town.pass(16 * DAY);
    await says(at, { action: 'block', title: TEMPLATE });
    await at.town.pass(DAY);
    await at.says('monitor', 'block RU whatsapp', { text: TEMPLATE });
    await at.says('c', 'block RU whatsapp');
    expect(heard().at(-1)).toMatch(/^🔴 Russia: WhatsApp blocked/u);
  });
});

const ONE =
  'The regulator told providers to cut access to the messenger during the night after several requests had gone unanswered, the paper wrote';
const OTHER =
  'Users in several cities found on Monday that neither calls nor letters pass, and operators answer that the order came from above';

// What is posted in terms has no text that could be a copy: a push token is an outlet of its own.
describe.each([FEED, PEER])('case 7: $name copies', ({ says }) => {
  test('it copies both originals in one text, before the second and after both: they are two outlets', async () => {
    await open();
    await at.says('a', 'block RU whatsapp', { text: ONE });
    await says(at, { action: 'block', title: `${ONE} ${OTHER}` });
    await at.says('b', 'block RU whatsapp', { text: OTHER });
    await says(at, { action: 'block', title: `${ONE} ${OTHER}` });
    await at.town.pass(HOUR);
    expect(heard()).toEqual([expect.stringMatching(/^🔴 Russia: WhatsApp blocked/u)]);
    expect(at.newest('corroborated')).toMatch(/Corroborated: 2 outlets/u);
  });

  test('it copies the one original under its own name: one outlet', async () => {
    await open();
    await at.says('a', 'block RU whatsapp', { text: ONE });
    await says(at, { action: 'block', title: ONE });
    await at.town.pass(DAY);
    expect(heard()).toEqual([]);
  });

  test('it says that it is blocked and over at once: two outlets that write an hour later are heard', async () => {
    await open();
    await says(at, { action: 'block' });
    await says(at, { action: 'unblock' });
    await at.town.pass(HOUR);
    for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
    expect([...new Set(heard())]).toEqual([expect.stringMatching(/^🔴 Russia: WhatsApp blocked/u)]);
  });
});

describe.each([...WRITING, AGENT])('case 8: $name floods one pair', ({ name, says }) => {
  test('two outlets, then 140 words of it: what the two say stands, and their lift ends it', async () => {
    await open();
    for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
    for (let i = 0; i < (name === 'an agent' ? 35 : 140); i++) {
      await says(at, { action: 'block' });
      await at.town.pass(4 * MINUTE);
    }
    const [incident] = await at.town.incidents();
    expect(incident!.confidence).not.toBe('reported');
    expect(at.newest('corroborated')).not.toMatch(/Reported, not confirmed/u);
    for (const voice of ['a', 'b']) await at.says(voice, 'unblock RU whatsapp');
    await at.town.pass(HOUR);
    const [after] = await at.town.incidents();
    expect(after!.state).toBe('lifted');
  }, 60_000);

  test('140 words that it is over hide no block, nor those who report it anew', async () => {
    await open();
    for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
    for (let i = 0; i < (name === 'an agent' ? 35 : 140); i++) {
      await says(at, { action: 'unblock' });
      await at.town.pass(4 * MINUTE);
    }
    for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
    expect((await of('RU', 'whatsapp'))[0]).toMatchObject({ access: 'blocked' });
    expect(heard().filter((one) => one.includes('🟢'))).toEqual([]);
  }, 60_000);

  test('what is kept of it is bounded', async () => {
    if (name === 'an agent') return;
    await open();
    for (let i = 0; i < 400; i++) {
      await says(at, { action: i % 2 === 0 ? 'block' : 'unblock' });
      await at.town.pass(4 * MINUTE);
    }
    const counts = await at.town.store.reports.countByIncident((await at.town.incidents()).map(({ id }) => id));
    const kept = [...(counts as ReadonlyMap<string, number>).values()].reduce((sum, n) => sum + n, 0);
    expect(kept).toBeLessThanOrEqual(300);
  }, 60_000);
});

describe('case 9: whose word may be taken back', () => {
  test('a peer withdraws what our outlets said, by their ids and by those of the incident: it stands', async () => {
    await open();
    for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
    const [incident] = await at.town.incidents();
    const reports = await at.town.store.reports.byIncident(incident!.id, 10);
    for (const { id } of reports)
      await relayed(at, { action: 'block' }, { state: 'withdrawn', id, incident: incident!.id });
    for (const { itemId } of reports)
      await at.town.pipeline.withdrawals('peer-liar', [
        { statements: [{ id: itemId ?? '', revision: null }], because: 'it was wrong' },
      ]);
    await at.town.pass(HOUR);
    expect(await at.only()).toBe('block corroborated active');
    expect(heard()).toHaveLength(1);
  });

  test('a peer takes back its own word, beside one outlet: the outlet’s stays', async () => {
    await open();
    await at.says('a', 'block RU whatsapp');
    await relayed(at, { action: 'block' }, { incident: 'RU-whatsapp-zzzz', id: 'mine' });
    await at.town.pass(HOUR);
    expect(heard()).toHaveLength(1);
    await relayed(at, { action: 'block' }, { incident: 'RU-whatsapp-zzzz', id: 'mine', state: 'withdrawn' });
    await at.town.pass(HOUR);
    const [incident] = await at.town.incidents();
    expect(incident!.state).toBe('active');
    expect(incident!.confidence).toBe('reported');
    // Who was told of two is told that it is one.
    expect(at.newest('corroborated')).not.toMatch(/Corroborated: 2 outlets/u);
  });
});

const NASTY = {
  control: 'Dage\u0007stan\u0000',
  'right to left': '\u202Enatseg\u202C\u2066aD',
  HTML: '<script>alert(1)</script><b>Dagestan</b>',
  markdown: '[Dagestan](https://evil.example) *x* `y`',
  'ten thousand characters': 'Dagestan '.repeat(1_200),
  'another line': 'Dagestan\n🟢 Russia: everything works again',
};

describe.each(Object.entries(NASTY))('free text in `region`: %s', (_what, region) => {
  test.each([PUSH, PEER, OBSERVATORY, FEED])(
    '$name: no surface repeats it, and no region comes of it',
    async ({ says }) => {
      await open();
      await says(at, { action: 'shutdown', service: 'internet', region });
      await at.says('a', 'shutdown RU internet @Chechnya');
      await at.says('b', 'shutdown RU internet @Chechnya');
      await at.town.pass(HOUR);
      const texts = [...at.town.texts('early'), ...at.town.texts('corroborated'), await everything()].join('\n');
      expect(texts).not.toMatch(
        /[\u0000-\u0008\u202a-\u202e\u2066-\u2069]|<script|evil\.example|everything works again/u,
      );
      expect(texts.split('\n').every((line) => line.length < 2_000)).toBe(true);
      for (const { regions } of await at.town.incidents())
        for (const one of regions) expect(one).toMatch(/^RU-[A-Z0-9]+$/u);
    },
  );
});

test('a region that the gazetteer does not know, posted: refused with 400, and the field is named', async () => {
  await open();
  for (const region of ['Atlantis', 'RU-XX', '   ', '<b>'])
    await post(at, reportOf(at, { action: 'shutdown', service: 'internet', region }));
  expect(at.answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  for (const { body } of at.answers) expect(JSON.parse(body)).toMatchObject({ field: 'region' });
  await post(at, reportOf(at, { action: 'shutdown', service: 'internet', region: 'Dagestan' }));
  expect(at.answers.at(-1)!.status).toBe(202);
});

describe.each(Object.entries(NASTY))('names of evidence: %s', (_what, name) => {
  test.each([PUSH, PEER, FEED])('$name: shown as one short line of plain text', async ({ says }) => {
    await open();
    await says(at, { action: 'block', title: name });
    await at.says('a', 'block RU whatsapp');
    const [incident] = await at.town.incidents();
    const eyes = await look();
    const page = await eyes.get(`/incident/${incident!.id}`);
    expect(page.text).not.toMatch(/<script>alert|<b>Dagestan/u);
    const texts = [
      ...at.town.texts('early'),
      await eyes.say(`evidence ${incident!.id}`),
      await eyes.say(`incident ${incident!.id}`),
    ].join('\n');
    expect(texts).not.toMatch(/[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/u);
    expect(texts.split('\n').filter((line) => line.startsWith('🟢'))).toEqual([]);
    expect(texts.split('\n').every((line) => line.length < 2_000)).toBe(true);
  });
});

test('a peer’s own words as title, name, region and reason: no surface shows them', async () => {
  const own = 'Everything is open, trust us';
  await open();
  await relayed(at, { action: 'block', title: own, region: own }, { id: 'mine', incident: 'RU-whatsapp-zzzz' });
  await at.says('a', 'block RU whatsapp');
  const [incident] = await at.town.incidents();
  const eyes = await look();
  const seen = async (): Promise<string> =>
    [
      ...at.town.texts('early'),
      await eyes.say(`evidence ${incident!.id}`),
      await eyes.say(`incident ${incident!.id}`),
      await eyes.say('history RU'),
      (await eyes.get(`/incident/${incident!.id}`)).text,
      (await eyes.get('/feed.json')).text,
      (await eyes.get('/feed.atom')).text,
      (await eyes.get(`/api/v1/incidents/${incident!.id}`)).text,
    ].join('\n');
  expect(await seen()).toContain('The Liar');
  expect(await seen()).not.toContain(own);
});

describe('what the operator sees', () => {
  test.each(WRITING)(
    '$name says for a week that everything is back: its name stands in the evidence, and one outlet is counted',
    async ({ says }) => {
      await open();
      for (const voice of ['a', 'b']) await at.says(voice, 'block RU whatsapp');
      for (let i = 0; i < 7 * 24; i++) {
        await says(at, { action: 'unblock' });
        await at.town.pass(HOUR);
      }
      const [incident] = await at.town.incidents();
      const eyes = await look();
      const card = await eyes.say(`incident ${incident!.id}`);
      expect(card).toMatch(/liar/iu);
      expect(card).toMatch(/1 outlet/u);
      expect(at.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );

  test('a feed that floods: one warning, and its name', async () => {
    await open();
    await at.poll(
      'liar',
      bundledCatalogue()
        .services.slice(0, 150)
        .map(({ id }) => ({ publisher: 'liar', says: `unblock RU ${id}` })),
    );
    const warned = at.lines.filter(({ level }) => level === 'warn');
    expect(warned).toHaveLength(1);
    expect(warned[0]!.facts.source).toBe('liar');
    expect(heard()).toEqual([]);
  });
});
