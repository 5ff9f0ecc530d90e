import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import { plainText, terminalOf } from '../adapters/console/adapter.ts';
import { builtInExtractor } from '../app/built-in-extractor.ts';
import { composeCore } from '../app/compose.ts';
import { bundledPublishers, bundledRegions } from '../config/catalogue.ts';
import type { Config } from '../config/schema.ts';
import { orNull, TocsinError } from '../core/errors.ts';
import { type Broadcast, type DeliveryOp, partsOfKey } from '../core/model/alert.ts';
import type { Chat } from '../core/model/chat.ts';
import { iso } from '../core/model/facts.ts';
import { type Incident, LEVELS, type Level } from '../core/model/incident.ts';
import type { Item } from '../core/model/item.ts';
import { AGENT_SOURCE, JUDGED_KIND, type Measurement } from '../core/model/measurement.ts';
import type { MessageDocument } from '../core/model/message.ts';
import { createOutage } from '../core/outbox/sender.ts';
import { type ChatAdapter, PLAIN_TALK } from '../core/ports/chat-adapter.ts';
import type { Store } from '../core/ports/store.ts';
import type { Translators } from '../core/ports/translate.ts';
import { createTranslators } from '../i18n/index.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { createLog, logLevelOf } from '../platform/log.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { openStore } from '../store/open.ts';
import { incidentLine, incidentText } from './incidents.ts';
import { configOf, counted, optionsOf } from './runtime.ts';

export type RecordedItem = ReturnType<typeof itemOf>;

/** One round of one vantage point. */
export interface RecordedRound {
  at: number;
  round: Measurement[];
}

export type Recorded = RecordedItem | RecordedRound;

export const timeOfRecord = (one: Recorded): number => ('item' in one ? one.item.publishedAt : one.at);

const MAX_LINE = 200_000;
const MAX_ITEMS = 1_000_000;

const text = (value: unknown, max: number): string => (typeof value === 'string' ? value.slice(0, max) : '');

/** `2026-02-06T10:00+03:00` and what else Date reads; without a zone it is UTC, wherever the machine stands. */
function timeOf(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN;
  return Date.parse(/T[\d:.]+$/u.test(value) ? `${value}Z` : value);
}

function objectOf(line: string, place: string): Record<string, unknown> {
  const data: unknown = orNull(() => JSON.parse(line));
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new TocsinError('usage', `${place}: not a JSON object; write one item or measurement a line`);
  return data as Record<string, unknown>;
}

/** A line with a verdict: what an agent posts, and what the store keeps. */
function measurementOf(data: Record<string, unknown>, place: string): Measurement {
  const at = typeof data.at === 'number' ? data.at : timeOf(data.at);
  const wanted = ['verdict', 'probeCc', 'probeAsn', 'vantageId'] as const;
  const missing = wanted.find((key) => text(data[key], 200) === '');
  const wrong = missing ? `"${missing}" is missing` : Number.isFinite(at) ? null : '"at" is no date';
  const how = 'measurements have at (ISO 8601), probeCc, probeAsn, vantageId, target and verdict';
  if (wrong !== null) throw new TocsinError('usage', `${place}: ${wrong}; ${how}`);
  return {
    id: text(data.id, 200) || place,
    sourceId: text(data.sourceId, 64).startsWith(AGENT_SOURCE) ? text(data.sourceId, 64) : 'replay',
    kind: text(data.kind, 40) || JUDGED_KIND,
    at,
    probeCc: text(data.probeCc, 2).toUpperCase(),
    probeAsn: text(data.probeAsn, 20),
    vantageId: text(data.vantageId, 200),
    target: text(data.target, 200) || null,
    component: text(data.component, 200) || null,
    verdict: text(data.verdict, 60),
    detail: text(data.detail, 200) || null,
    notes: Array.isArray(data.notes) ? data.notes.filter((note) => typeof note === 'string') : [],
    raw: (data.raw ?? null) as Measurement['raw'],
  };
}

/** One recorded item, ready for the pipeline; `voice`: whom it repeats, else its publisher. */
function itemOf(data: Record<string, unknown>, place: string) {
  const at = timeOf(data.publishedAt);
  const id = text(data.id, 200);
  const title = text(data.title, 2_000);
  const missing = id === '' ? 'id' : title === '' ? 'title' : null;
  const wrong = missing ? `"${missing}" is missing` : Number.isNaN(at) ? '"publishedAt" is no date' : null;
  if (wrong !== null)
    throw new TocsinError('usage', `${place}: ${wrong}; items have id, publishedAt (ISO 8601) and title`);
  const source = text(data.source, 200);
  const publisher = text(data.outlet_group, 200) || source || id;
  const voice = text(data.derived_from, 200) || publisher;
  const item: Item = {
    sourceId: 'replay',
    guid: id,
    url: text(data.url, 2_000) || null,
    title,
    summary: text(data.summary, 2_000),
    ...(typeof data.body === 'string' ? { body: data.body.slice(0, 20_000) } : {}),
    lang: text(data.lang, 10) || null,
    publishedAt: at,
    dated: true,
    publisher,
    publisherName: source || publisher,
    authority: data.authority === true,
  };
  return { id, voice: item.authority ? `authority:${voice}` : voice, item };
}

/** Reads JSON lines of all files (`-` = stdin), in the order of their times; equal times keep the order of the lines. */
export async function readRecordings(files: string[]): Promise<Recorded[]> {
  const all: Recorded[] = [];
  const rounds = new Map<string, RecordedRound>();
  const take = (data: Record<string, unknown>, place: string): void => {
    if (data.verdict === undefined) {
      all.push(itemOf(data, place));
      return;
    }
    const measurement = measurementOf(data, place);
    const key = `${measurement.vantageId} ${measurement.at}`;
    const known = rounds.get(key) ?? { at: measurement.at, round: [] };
    known.round.push(measurement);
    if (known.round.length > 1) return;
    rounds.set(key, known);
    all.push(known);
  };
  for (const file of files) {
    const input = file === '-' ? process.stdin : createReadStream(file);
    let number = 0;
    try {
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        number++;
        if (line.trim() === '') continue;
        const place = `${file}, line ${number}`;
        if (line.length > MAX_LINE) throw new TocsinError('usage', `${place}: longer than ${MAX_LINE} characters`);
        if (all.length >= MAX_ITEMS)
          throw new TocsinError('usage', `${place}: more than ${MAX_ITEMS} items; replay them in parts`);
        take(objectOf(number === 1 ? line.replace(/^\uFEFF/u, '') : line, place), place);
      }
    } catch (error) {
      if (error instanceof TocsinError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a directory' : message;
      throw new TocsinError('usage', `${file}: ${why}`, {}, error);
    }
  }
  return all.sort((a, b) => timeOfRecord(a) - timeOfRecord(b));
}

/** One message that a chat would have got. */
export interface RecordedSend {
  broadcastId: string;
  /** As the platform names it. */
  chat: string;
  op: DeliveryOp;
  document: MessageDocument;
  /** Of this message, or of the one that is edited. */
  messageRef: string;
  replyTo: string | null;
}

/** A platform that takes everything at once, and writes it down; nobody can write to it. */
export function createRecordingAdapter(accountId: string) {
  const sent: RecordedSend[] = [];
  let messages = 0;
  const adapter: ChatAdapter = {
    accountId,
    platform: 'replay',
    talk: PLAIN_TALK,
    pace: { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 1 },
    start: async () => undefined,
    stop: async () => undefined,
    health: () => ({ ok: true, problem: null }),
    async send(message) {
      const { broadcastId, op } = partsOfKey(message.key);
      const messageRef = message.op === 'edit' ? message.messageRef : String(++messages);
      const replyTo = message.op === 'edit' ? null : message.replyTo;
      sent.push({ broadcastId, chat: message.address.chat, op, document: message.document, messageRef, replyTo });
      return { kind: 'delivered', messageRef };
    },
  };
  /** What was sent since the last call, in that order. */
  return { ...adapter, take: () => sent.splice(0) };
}

/** What the one subscriber of everything would have been sent: one line a message, edit and reply of one change together. */
export interface ReplayedAlert {
  kind: 'new' | 'update' | 'lifted' | 'correction';
  at: number;
  incidents: string[];
  document: MessageDocument;
}

export type ReplayDeps = Parameters<typeof composeCore>[0] & {
  clock: VirtualClock;
  level: Level;
  lang: string;
  /** The one chat, where it is not one that follows everything, in UTC, and chose nothing. */
  chat?: Partial<Pick<Chat, 'timeZone' | 'settings'>> & { follows?: { country: string; service: string }[] };
  /** What comes next waits for it. */
  onAlert(alert: ReplayedAlert): void | Promise<void>;
  /** Each message, edit and reply by itself, as it leaves. */
  onSend?: ((send: RecordedSend, at: number) => void | Promise<void>) | undefined;
  progress(done: number): void;
};

const kindOf = (broadcast: Broadcast, incidents: Incident[]): ReplayedAlert['kind'] => {
  if (broadcast.kind === 'new')
    return incidents.length > 0 && incidents.every((one) => one.state === 'lifted') ? 'lifted' : 'new';
  return broadcast.kind === 'lifted' || broadcast.kind === 'correction' ? broadcast.kind : 'update';
};

const ACCOUNT = 'replay';
/** What falls due so long after the last item is done, ms. */
const AFTERWARDS = 14 * 86_400_000;
const END = Number.MAX_SAFE_INTEGER / 2;

/** The store must be empty. */
async function makeChat({ store, clock, lang, level, chat: wishes }: ReplayDeps): Promise<void> {
  const chat = await store.chats.ensure(
    { accountId: ACCOUNT, chat: 'replay', thread: null },
    { platform: 'replay', kind: 'private', lang, now: clock.now() },
  );
  const { follows = [{ country: '*', service: '*' }], ...change } = wishes ?? {};
  await store.chats.update(chat.id, { level, ...change });
  await store.subscriptions.add(chat.id, follows, clock.now());
}

/** A reply is one line; the message that was edited beside it has the rest. */
function documentOf(pieces: readonly RecordedSend[]): MessageDocument {
  const reply = pieces.find((one) => one.op === 'reply')?.document;
  const other = pieces.find((one) => one.op !== 'reply')?.document;
  return reply && other ? { ...reply, blocks: [...reply.blocks, ...other.blocks] } : (reply ?? other)!;
}

/** Edit and reply of one broadcast are one alert. */
async function alertsOf(sent: readonly RecordedSend[], { store, clock }: ReplayDeps): Promise<ReplayedAlert[]> {
  const alerts: ReplayedAlert[] = [];
  for (const [id, pieces] of Map.groupBy(sent, (one) => one.broadcastId)) {
    const broadcast = (await store.broadcasts.get(id))!;
    const alert = (await store.alerts.get(broadcast.alertId))!;
    const incidents = broadcast.kind === 'new' ? alert.incidents.map((one) => one.incidentId) : broadcast.incidentIds;
    alerts.push({
      kind: kindOf(broadcast, await store.incidents.getMany(incidents)),
      at: clock.now(),
      incidents,
      document: documentOf(pieces),
    });
  }
  return alerts;
}

/** Runs recorded items and measurements through the real core on a virtual clock. The store must be empty. */
export async function replay(items: Recorded[], deps: ReplayDeps): Promise<void> {
  const { store, clock } = deps;
  const { signal } = new AbortController();
  await makeChat(deps);
  const { pipeline, broadcaster, waker, addAccount } = composeCore(deps);
  const adapter = createRecordingAdapter(ACCOUNT);
  const sender = addAccount({ adapter, outage: createOutage(), everyEdit: true });

  async function drain(): Promise<void> {
    await broadcaster.run(signal);
    await waker.run(signal);
    await sender.drain(signal);
    const sent = adapter.take();
    for (const send of sent) await deps.onSend?.(send, clock.now());
    for (const alert of await alertsOf(sent, deps)) await deps.onAlert(alert);
  }

  /** What a chat has regularly would go on for ever. */
  async function nextDue(): Promise<number> {
    const times = [
      await store.broadcasts.nextDueAt(),
      await store.chats.nextDueAt(),
      await store.outbox.nextDueAt(ACCOUNT),
    ];
    const next = Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
    return next > lastItem + AFTERWARDS ? Number.POSITIVE_INFINITY : next;
  }

  /** Lets time pass until `target`, doing what falls due on the way. */
  async function passUntil(target: number): Promise<void> {
    for (;;) {
      const due = await nextDue();
      if (due > target) break;
      clock.moveTo(due);
      await drain();
    }
    if (target < END) clock.moveTo(target);
  }

  const lastItem = items.length > 0 ? timeOfRecord(items.at(-1)!) : clock.now();
  for (const [i, one] of items.entries()) {
    await passUntil(timeOfRecord(one));
    if ('item' in one) await pipeline.recorded(one.item, one.id, one.voice);
    else await pipeline.measurements(one.round);
    await drain();
    deps.progress(i + 1);
  }
  await passUntil(END);
}

export type VirtualClock = ReturnType<typeof createVirtualClock>;

/** A clock that stands still until it is moved. Sleeping yields a turn and passes no time. */
export function createVirtualClock(start: number) {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: () => Promise.resolve(),
    moveTo(at: number) {
      now = Math.max(now, at);
    },
  };
}

const MAX_INCIDENTS = 1_000_000;

export async function run(args: string[]): Promise<number> {
  const { values, words: files } = optionsOf(args, ['level', 'lang', 'config'], ['json'], 'words');
  if (files.length === 0) throw new TocsinError('usage', `replay needs a file. Usage: ${COMMANDS.replay.usage}`);
  return await play(files, values);
}

/** What a replay is made of. */
export type Stage = Awaited<ReturnType<typeof stageOf>>;

async function stageOf(config: Config, written: string | undefined, first: Recorded | undefined) {
  const clock = createVirtualClock(first ? timeOfRecord(first) : 0);
  const log = createLog({ clock, level: process.env.TOCSIN_LOG ? logLevelOf(process.env.TOCSIN_LOG) : 'warn' });
  const ids = createIds(clock);
  const store = await openStore(':memory:', { clock, log, ids });
  const gazetteer = bundledRegions();
  const translators = createTranslators(config.catalogue, gazetteer);
  const lang = languageOf(written ?? 'en', translators);
  return { config, clock, log, ids, store, gazetteer, translators, lang };
}

/** Somebody reads along. */
export const isWatched = (): boolean => terminalOf(process.stdout, process.env) !== null;

/** Who looks on beside the terminal. */
export interface Audience {
  onSend?: ReplayDeps['onSend'];
  /** A line below the alert. */
  below?: ((alert: ReplayedAlert) => string) | undefined;
  end(): Promise<void>;
}

interface Show {
  /** After each message, ms. */
  pause: number;
  open(stage: Stage): Promise<Audience>;
}

export async function play(
  files: string[],
  values: { level?: string; lang?: string; config?: string; json?: boolean },
  { pause, open }: Show = { pause: 0, open: async () => ({ end: async () => {} }) },
): Promise<number> {
  const config = await configOf(values.config);
  const level = levelOf(values.level ?? config.policy.level);
  const items = await readRecordings(files);
  const stage = await stageOf(config, values.lang, items[0]);
  const { log, store } = stage;
  const audience = await open(stage);
  const extractor = builtInExtractor(config, log);
  const progress = progressOnStderr(systemClock)('replaying', 'items');
  const print = (line: string): void => {
    progress.hide();
    process.stdout.write(`${line}\n`);
  };
  let messages = 0;

  const printAlert = async (alert: ReplayedAlert): Promise<void> => {
    if (messages++ > 0 && pause > 0) await systemClock.sleep(pause);
    const text = plainText({ ...alert.document, buttons: [] });
    if (values.json)
      print(JSON.stringify({ type: 'alert', kind: alert.kind, at: iso(alert.at), incidents: alert.incidents, text }));
    else
      print(
        `── ${iso(alert.at)!.slice(0, 16).replace('T', ' ')} UTC · ${alert.kind} ──\n${text}\n${audience.below?.(alert) ?? ''}`,
      );
  };
  await replay(items, {
    ...stage,
    extractor,
    policy: config.policy,
    catalogue: config.catalogue,
    baseline: config.baseline,
    publishers: bundledPublishers(),
    level,
    onSend: audience.onSend,
    onAlert: printAlert,
    progress: (done) => progress.tell(done, items.length),
  }).finally(progress.end);
  await extractor.stop();

  const incidents = await printIncidents(store, values.json === true, print);
  if (!values.json)
    print(
      `\n${counted(items.length, 'item')}, ${counted(incidents, 'incident')}, ${counted(messages, 'message')} at level "${level}".`,
    );
  await audience.end();
  await store.close();
  return 0;
}

function levelOf(written: string): Level {
  if (!LEVELS.includes(written as Level))
    throw new TocsinError('usage', `--level is ${LEVELS.join(', ')}, not "${written}"`);
  return written as Level;
}

function languageOf(written: string, translators: Translators): string {
  if (translators.has(written)) return written;
  const known = translators.languages.map((one) => one.code).join(', ');
  throw new TocsinError('usage', `--lang is ${known}, not "${written}"`);
}

/** All of them, oldest first; says how many they are. */
async function printIncidents(store: Store, json: boolean, print: (line: string) => void): Promise<number> {
  const incidents = (await store.incidents.list({ limit: MAX_INCIDENTS })).sort((a, b) => a.openedAt - b.openedAt);
  for (const incident of incidents) {
    const line = await incidentLine(store, incident);
    print(json ? JSON.stringify(line) : incidentText(line));
  }
  return incidents.length;
}
