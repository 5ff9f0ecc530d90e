/**
 * One state of the world: whatever was reported, lifted, taken back or stood before, in whichever order, at every moment every view names the same
 * services with the same action, date, confidence and region; and what says "open" has a state that says so. The real correlation, the real texts.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { siteDeps } from '../../../src/app/open-site.ts';
import { boardOf, renderBoard, timelineBlocks } from '../../../src/core/board.ts';
import { stateCell } from '../../../src/core/commands/answer.ts';
import type { RouterDeps } from '../../../src/core/commands/context.ts';
import { correlate } from '../../../src/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import { type Incident, NETWORK } from '../../../src/core/model/incident.ts';
import { asMeasurement, type Measurement } from '../../../src/core/model/measurement.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { capital } from '../../../src/core/render/plain.ts';
import { wordOfDay } from '../../../src/core/render/timeline.ts';
import { type Answer, isCut, isPresent, isRecordAlone, isWhole, type State } from '../../../src/core/state/fold.ts';
import { createStanding } from '../../../src/core/state/standing.ts';
import { cellOf, createWorld } from '../../../src/core/state/world.ts';
import { columnsOf } from '../../../src/core/timeline.ts';
import { createIds } from '../../../src/platform/ids.ts';
import type { Route, WebRequest } from '../../../src/web/server.ts';
import { mountSite } from '../../../src/web/site/index.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { allAskedFor } from '../../rooms.ts';
import { textOf } from '../../scenario/surfaces.ts';
import { createBot, healthy } from '../commands/support.ts';
import { chat } from '../outbox/samples.ts';
import { asText, catalogue, translators } from '../render/support.ts';
import { MemoryTables } from './memory.ts';

const RUNS = Number(process.env.TOCSIN_HISTORIES ?? (allAskedFor() ? 4_000 : 300));
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 1, 1, 9);
const SERVICES = ['whatsapp', 'signal', NETWORK] as const;
const REGIONS = ['RU-DA', 'RU-ROS'] as const;
const VOICES = ['bbc', 'dw', 'rferl', 'rkn'] as const;

const step = fc.record({
  after: fc.constantFrom(5 * 60_000, 3 * HOUR, 20 * HOUR, 4 * DAY, 16 * DAY, 50 * DAY),
  what: fc.constantFrom(
    'report',
    'report',
    'report',
    'lift',
    'lift',
    'threat',
    'measured',
    'measured-lift',
    'withdraw',
    'seen-cut',
    'seen-open',
  ),
  service: fc.constantFrom(...SERVICES),
  region: fc.constantFrom(null, null, ...REGIONS),
  action: fc.constantFrom('block' as const, 'throttle' as const, 'restrict' as const, 'shutdown' as const),
  voice: fc.constantFrom(...VOICES),
  mobile: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

const entry = fc.record({
  service: fc.constantFrom('whatsapp', 'signal', 'telegram'),
  action: fc.constantFrom('block' as const, 'throttle' as const),
  daysAgo: fc.constantFrom(1_400, 40, 3, -20),
  monthOnly: fc.boolean(),
});

const WORDS = {
  block: 'blocks',
  throttle: 'slows down',
  restrict: 'limits calls in',
  shutdown: 'switches off',
} as const;

function reportOf(one: Step, at: number, n: number): Report {
  const { what, service, region, voice } = one;
  const isMeasured = what === 'measured' || what === 'measured-lift';
  const isLift = what === 'lift' || what === 'measured-lift';
  const action = isLift
    ? 'unblock'
    : what === 'threat'
      ? 'warn'
      : service === NETWORK
        ? 'shutdown'
        : one.action === 'shutdown'
          ? 'block'
          : one.action;
  const thing = service === NETWORK && one.mobile ? 'mobile internet' : service;
  return {
    id: `r${n}`,
    sourceId: voice,
    itemId: `i${n}`,
    at,
    country: 'RU',
    service,
    action,
    method: null,
    region,
    secondary: false,
    kind: isMeasured ? 'measurement' : voice === 'rkn' ? 'authority' : 'news',
    voice: isMeasured ? `network:AS${8_000 + (n % 3)}` : voice === 'rkn' ? 'authority:rkn' : voice,
    publisher: voice,
    // Each in its own words: a copy has no voice.
    title: `${voice} ${n} ${action === 'warn' ? 'may fine' : action === 'unblock' ? 'restores' : WORDS[action]} ${thing} ${'abcdefgh'[n % 8]!.repeat(5)}${n}`,
    url: `https://${voice}.example/${n}`,
    publisherName: voice,
    lang: 'en',
    summary: '',
    measured: isMeasured
      ? { strength: 'round-rule', networks: [`AS${8_000 + (n % 3)}`], verdict: 'sni_blocked:rst', component: null }
      : null,
  };
}

/** An observatory's word of this hour. */
const viewOf = ({ what, service }: Step, at: number, n: number): Measurement =>
  asMeasurement({
    id: `m${n}`,
    sourceId: 'ooni',
    at,
    verdict: what,
    country: 'RU',
    service,
    view: {
      observatory: 'ooni',
      name: 'OONI',
      licence: null,
      url: null,
      says: what === 'seen-cut' ? 'cut' : 'open',
      before: 'cut',
      action: service === NETWORK ? 'shutdown' : 'block',
      method: null,
      since: at - 6 * HOUR,
      until: at,
      measurements: 20,
      networks: ['AS8000'],
      signals: [],
      region: null,
    },
  });

const MARK: Record<string, string> = { open: '🟢', degraded: '🟠', blocked: '🔴', shutdown: '⚫', unknown: '❔' };
const CONFIDENCE = /(?:^| · )(reported|suspected|corroborated|confirmed)(?= ·|$)/u;
const SINCE = /(?:since|first reported) [^·()]+?(?= \(|\)| ·|$)/u;

interface Line {
  mark: string;
  since: string | null;
  confidence: string | null;
  regions: string[];
  text: string;
}

const en = translators.of('en');

function lineOf(text: string): Line {
  const said = text.replace(/^[•\s]+/u, '').replaceAll(/ <https?:[^>]*>/gu, '');
  return {
    mark: [...said][0]!,
    since: SINCE.exec(said.replace(/under threat since [^·]+/u, ''))?.[0] ?? null,
    confidence: CONFIDENCE.exec(said)?.[1] ?? null,
    regions: REGIONS.filter((one) => said.includes(en.region(one))),
    text: said,
  };
}

/** Lines that name an incident, by its id; and those of the record, by what they name. */
const linesOf = (text: string): Line[] => text.split('\n').map(lineOf);
const withId = (lines: readonly Line[], id: string): Line[] => lines.filter(({ text }) => text.includes(id));

async function check(
  tables: MemoryTables,
  bot: ReturnType<typeof createBot>,
  site: ReturnType<typeof openSite> | null,
  baseline: readonly BaselineEntry[],
  now: number,
) {
  const store = { ...tables.asStore(), measurements: tables.measurements };
  const world = createWorld({ ...store, baseline, log: quietLog });
  const asked = { matchers: [{ country: 'RU', service: '*' }] };
  const truth = await world.of(asked, now);
  const documents = (await bot.answer('status ru all'))!.documents;
  const status = linesOf(asText(documents[0]!));
  const history = linesOf(await bot.say('history ru 365'));
  const followed = [{ chatId: 1, country: 'RU', service: '*', createdAt: 0 }];
  const early = chat({ level: 'early', timeZone: 'UTC' });
  const board = await boardOf(early, followed, world, now);
  const timeline = await timelineBlocks(board, early, en, now, world);
  const boardLines = linesOf(asText(renderBoard(early, { states: board.states, timeline: [] }, en, now)));
  const columns = columnsOf(now, 'UTC', 14, 14);
  const days = await world.days(truth.states, columns, truth, now);
  const alt = documents[1]?.picture?.alt ?? '';

  const ask = (service: string) =>
    world.of({ matchers: [{ country: 'RU', service }], reach: 90 * DAY, everything: true }, now);
  if (site) await checkSite(site, ask, now);

  // No view says open where no state does.
  const green = [...status, ...history, ...boardLines].filter(({ mark }) => mark === '🟢');
  for (const { text, regions } of green) {
    const id = /RU-[a-z]+-\w{6}/u.exec(text)?.[0];
    const incident = tables.stored.find((one) => one.id === id);
    if (!id) expect(tables.measured.length, text).toBeGreaterThan(0);
    if (!id) continue;
    // It goes on elsewhere: surely back in those places, by what was said of them.
    if (incident?.state !== 'lifted' && regions.length > 0) {
      for (const region of regions) {
        expect(incident!.regions, text).not.toContain(region);
        const lifts = incident!.reports.filter((one) => one.action === 'unblock' && one.region === region);
        const voices = new Set(lifts.map(({ voice }) => voice)).size;
        expect(voices > 1 || lifts.some(({ kind }) => kind !== 'news'), text).toBe(true);
      }
      continue;
    }
    expect(incident?.state, text).toBe('lifted');
    expect(['corroborated', 'confirmed'], text).toContain(incident?.liftConfidence);
  }
  for (const [at, state] of truth.states.entries()) {
    shapeOf(state, tables.stored, baseline, now);
    // The picture's mark of now is what the text says.
    expect(days[at]!.now).toEqual(cellOf(state) ?? { state: 'none', sure: true });
    expect(days[at]!.cells).toHaveLength(columns.length);
    if (state.covered) continue;
    const { incident } = state;
    const mark = state.threat && (state.access === 'unknown' || state.access === 'open') ? '🟡' : MARK[state.access]!;
    const rows = incident
      ? withId(status, incident.id)
      : status.filter(({ text }) => text.startsWith(`${mark} ${nameOf(state)} · `));
    const isPlaced = (one: Line): boolean =>
      state.region === null ? one.regions.length === 0 : one.regions.includes(state.region as (typeof REGIONS)[number]);
    const row = rows.find((one) => one.mark === mark && isPlaced(one));
    expect(
      row,
      `status has no row ${mark} ${nameOf(state)} ${state.region} ${state.access}\n${status.map((one) => one.text).join('\n')}`,
    ).toBeDefined();
    expect(row!.confidence).toBe(state.was === null ? state.confidence : null);
    if (!isPresent(state) || mark === '🟡') continue;
    const told = incident
      ? withId(boardLines, incident.id)
      : boardLines.filter(({ text }) => text.includes(`${nameOf(state)} · `));
    const line = told.find((one) => one.mark === row!.mark && sameRegions(one, row!));
    expect(line, `board has no ${row!.text}\n${boardLines.map((one) => one.text).join('\n')}`).toBeDefined();
    expect(line!.since).toBe(row!.since);
    if (incident) expect(line!.confidence).toBe(row!.confidence);
    if (incident && state.was === null && !state.faded) {
      const past = withId(history, incident.id).find((one) => one.mark === row!.mark && sameRegions(one, row!));
      expect(past, `history has no ${row!.text}\n${history.map((one) => one.text).join('\n')}`).toBeDefined();
      expect(past!.since).toBe(row!.since);
    }
  }
  // And no more than that.
  const ids = new Set(truth.states.flatMap((one) => [one.incident?.id, one.threat?.id]));
  for (const { text } of [...status, ...boardLines]) {
    const id = /RU-[a-z]+-\w{6}/u.exec(text)?.[0];
    if (id) expect([...ids]).toContain(id);
  }
  const signs = timeline.flatMap((block) => (block.type === 'pre' ? block.text.split('\n') : []));
  for (const sign of signs) expect(sign).toMatch(/^.{14}▸. {2}/u);
  // The picture in words: of each row how it stands now, or its last days, which tell the same.
  for (const state of alt === '' ? [] : truth.states) {
    const cell = cellOf(state);
    const told = alt.split(`${nameOf(state)}: `)[1];
    if (cell && state.region === null && told !== undefined)
      expect(told.replace(/^now /u, '')).toMatch(new RegExp(`^${wordOfDay(cell.state, en)}`, 'u'));
  }
}

const sameRegions = (a: Line, b: Line): boolean => a.regions.join() === b.regions.join();

const nameOf = (state: State): string =>
  state.network === 'mobile'
    ? 'Mobile internet'
    : state.service === NETWORK
      ? en.service(NETWORK)
      : en.service(state.service!);

/** The page, the badges and the interface for programs of this moment, without a socket between. */
function openSite(tables: MemoryTables, baseline: BaselineEntry[], clock: FakeClock) {
  const web = { host: '127.0.0.1', port: 0, publicUrl: null, pages: true, measure: false, trustProxy: [] };
  const parts = {
    config: { web, catalogue, baseline, vantage: null },
    store: {
      ...tables.asStore(),
      measurements: tables.measurements,
      readers: { counts: async () => [] },
    } as unknown as Store,
    clock,
    ids: createIds(clock),
    log: quietLog,
    translators,
    pictures: { png: async () => null },
    health: async () => healthy,
    leases: () => ({ leases: [], processes: [] }),
    watched: async () => [[0, clock.now()] as const],
    instance: async () => 'testinstance0001',
    stopping: new AbortController().signal,
  };
  let route: Route | undefined;
  mountSite((_path, one) => void (route = one), siteDeps(parts));
  return async (address: string): Promise<string> => {
    const { pathname: path, searchParams: query } = new URL(address, 'http://site');
    const asked = { method: 'GET', path, query, headers: {}, client: '10.0.0.1', signal: new AbortController().signal };
    const answer = await route!.handle(asked as unknown as WebRequest);
    expect(answer.status, address).toBe(200);
    return await new Response(answer.body as string).text();
  };
}

/** What strangers and programs are shown is what chats are told. */
async function checkSite(
  get: ReturnType<typeof openSite>,
  ask: (service: string) => Promise<Answer>,
  now: number,
): Promise<void> {
  const truth = await ask('*');
  const nameOfRow = ({ region, service, network }: Pick<State, 'region' | 'service' | 'network'>) =>
    JSON.stringify([region, service, network]);
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const factsOf = (one: State) => [
    nameOfRow(one),
    one.access,
    one.action,
    iso(one.since),
    one.sinceKind,
    one.confidence,
  ];
  const { items } = JSON.parse(await get('/api/v1/states?country=RU')) as { items: ReturnType<typeof JSON.parse>[] };
  const told = items.map((one) => [nameOfRow(one), one.state, one.action, one.since, one.sinceKind, one.confidence]);
  expect(told.sort()).toEqual(truth.states.map(factsOf).sort());
  // The page has a row for each: its name, below it how it stands, then what it rests on.
  const page = textOf(await get('/country/ru'));
  for (const state of truth.states) {
    const place = state.region === null ? '' : `${en.region(state.region)}, Russia: `;
    const name = capital(place + nameOf(state));
    const said = stateCell([{ ...state, region: null }], { chat: { timeZone: 'UTC' }, words: en, now });
    const id = (state.incident ?? state.threat)?.id ?? '';
    const isRow = (line: string, at: number): boolean =>
      capital(line) === name &&
      page[at + 1]!.endsWith(said) &&
      page
        .slice(at + 1, at + 4)
        .join(' ')
        .includes(id);
    expect(page.some(isRow), `the page has no ${name} ${said} ${id}\n${page.join('\n')}`).toBe(true);
  }
  for (const service of SERVICES) {
    const badge = /<title>(.*?)<\/title>/u.exec(await get(`/badge/ru-${service}.svg`))![1]!;
    const own = (await ask(service)).states.filter((one) => one.service === service);
    const whole = own.find(isWhole);
    const isTold = /– (?:open|state unknown|unknown)$/u.exec(badge)?.[0].slice(2) ?? null;
    const isPart = REGIONS.some((one) => badge.includes(en.region(one))) || badge.includes('obile internet');
    if (isTold === null) expect(isPart || (whole !== undefined && isCut(whole)), badge).toBe(true);
    else expect([isTold === 'open', own.some(isCut)], badge).toEqual([whole?.access === 'open', false]);
  }
}

/** What must hold of a state by itself, found out in the plainest way. */
function shapeOf(state: State, stored: readonly Incident[], baseline: readonly BaselineEntry[], now: number): void {
  const of = stored.filter((one) => one.country === state.country && one.service === state.service);
  if (isWhole(state) && isCut(state) && !state.covered) {
    const isWide = of.some((one) => one.family === 'access' && one.regions.length === 0 && one.state !== 'withdrawn');
    const isRecorded = baseline.some((one) => one.service === state.service && one.since <= now);
    const isObserved = state.incident === null && state.sinceKind === 'measured';
    expect(isWide || isRecorded || isObserved, 'a part is told as the whole').toBe(true);
  }
  if (state.access === 'open') {
    if (state.incident) expect(state.incident.state).toBe('lifted');
    expect(state.confidence === 'corroborated' || state.confidence === 'confirmed').toBe(true);
  }
  if (state.covered) {
    const off = stored.find((one) => one.id === state.incident!.id)!;
    expect([off.regions, off.service, off.part ?? null]).toEqual([[], NETWORK, null]);
    expect(['corroborated', 'confirmed'], 'one word covers a country').toContain(state.confidence);
  }
  if (state.incident?.state === 'withdrawn') throw new Error('what was taken back is told');
  const stands = state.incident && state.incident.confidence === 'reported' ? state.standing : null;
  if (stands && !state.covered) expect(state.action, 'one word bends the record').toBe(stands.action);
  if (isRecordAlone(state)) expect(state.sinceKind).toBe('standing');
  if (state.standing?.since && state.sinceKind === 'standing') expect(state.since).toBe(state.standing.since);
  expect(state.since ?? 0).toBeLessThanOrEqual(now);
}

/** One bot for all histories, each on a clean record and long after the last: what it remembers of one says nothing of the next. */
function openTown() {
  const tables = new MemoryTables();
  const baseline: BaselineEntry[] = [];
  const store = { ...tables.asStore(), measurements: tables.measurements } as RouterDeps['store'];
  const clock = new FakeClock(START);
  let isDrawn = false;
  const pictures = { possible: () => isDrawn, soon() {} };
  const bot = createBot({ store, baseline, clock, pictures, unbudgeted: true, shows: true });
  let n = 0;
  const ids = { next: () => `n${n++}`, tail: () => String(n++).padStart(6, '0'), random: () => 0.5 };
  const standing = () => createStanding({ baseline, log: quietLog });
  const look = (isThorough: boolean) => {
    isDrawn = isThorough;
    // Nothing of an earlier moment is on its shelf.
    return check(tables, bot, isThorough ? openSite(tables, baseline, clock) : null, baseline, clock.now());
  };

  async function happens(one: Step, at: number): Promise<void> {
    const now = clock.now();
    if (one.what === 'seen-cut' || one.what === 'seen-open') tables.measured.push(viewOf(one, now, at));
    else if (one.what === 'withdraw') {
      const open = tables.stored.find((incident) => incident.open && incident.service === one.service);
      if (open) Object.assign(open, { state: 'withdrawn', open: false, closedAt: now, version: open.version + 1 });
    } else {
      const report = reportOf(one, now, at);
      const standsFor = await standing().among([report]);
      await correlate(tables.writing(), report, { policy: DEFAULT_POLICY, ids, standsFor });
    }
  }

  return {
    async live(steps: readonly Step[], entries: readonly Entry[]): Promise<void> {
      clock.jump(800 * DAY);
      const start = clock.now();
      Object.assign(tables, { stored: [], log: [], measured: [] });
      const recorded = [...new Map(entries.map((one) => [one.service, one])).values()];
      baseline.splice(
        0,
        baseline.length,
        ...recorded.map(({ daysAgo, ...one }) => ({
          ...one,
          country: 'RU',
          method: null,
          since: start - daysAgo * DAY,
          reference: 'https://record.example/',
        })),
      );
      for (const [at, one] of steps.entries()) {
        clock.jump(one.after);
        await happens(one, at);
        await look(at === steps.length - 1);
      }
      for (const later of [2 * DAY, 13 * DAY, 45 * DAY]) {
        clock.jump(later);
        await look(later === 2 * DAY);
      }
    },
  };
}

test(`over ${RUNS} histories: every view tells the same`, { timeout: 60_000 + RUNS * 500 }, async () => {
  const town = openTown();
  const history = fc.array(step, { minLength: 1, maxLength: 9 });
  const record = fc.array(entry, { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(history, record, (steps, entries) => town.live(steps, entries)),
    { numRuns: RUNS },
  );
});
