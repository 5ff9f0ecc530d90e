import { contentFor } from './audience.ts';
import { type Broadcast, newAlert, REGULAR, type Regular } from './model/alert.ts';
import { ANY, type Chat } from './model/chat.ts';
import { heardAt, type Incident, isInForce, type Level, liftReaches, reaches } from './model/incident.ts';
import type { Via } from './model/link.ts';
import type { MessageDocument } from './model/message.ts';
import type { Report } from './model/report.ts';
import type { Claim, DueChat } from './ports/outbox.ts';
import type { Clock, Tools } from './ports/runtime.ts';
import type { Store, Tables } from './ports/store.ts';
import { createRecent, onceFor } from './recent.ts';
import type { DateAhead } from './render/regular.ts';
import { isCut, type World } from './state/fold.ts';
import { createClockWatch, keepAtIt } from './wakeable.ts';
import { nextAt, quietUntil } from './wall-clock.ts';

/** Reminders come at noon, the report of a quiet week on Monday at ten. */
const REMIND_AT = 12 * 60;
const REPORT_AT = 10 * 60;

/** What comes now, each at most once however long the bot was away; and when the chat is to be looked at again, null = never. */
type WakePlan = { now: Regular[]; next: number | null };

/** What comes again and again: of each `days`-th day at `time`. */
function rhythmsOf({ digest, reminders, allQuiet }: Chat['settings']) {
  const rhythms: { what: Regular; time: number; days: number }[] = [];
  if (digest) rhythms.push({ what: 'digest', time: digest.at, days: digest.every === 'week' ? 7 : 1 });
  if (reminders > 0) rhythms.push({ what: 'reminder', time: REMIND_AT, days: reminders });
  if (allQuiet) rhythms.push({ what: 'report', time: REPORT_AT, days: 7 });
  return rhythms;
}

/**
 * What is due for a chat. Pure. `wakeAt` is the moment that was reckoned for the first thing to come, or that of a change of settings:
 * whatever fell due since comes now. A row that follows nothing is looked at once a day, since it may follow something by then.
 */
export function planWake({ chat, wakeAt, held, follows }: DueChat, now: number): WakePlan {
  const { settings, timeZone } = chat;
  const due: Regular[] = [];
  const times: number[] = [];
  if (held) {
    const quiet = quietUntil(settings.quiet, timeZone, now);
    if (quiet === null) due.push('summary');
    else times.push(quiet);
  }
  const rhythms = rhythmsOf(settings);
  // Only a row that follows something has anything to hear of.
  for (const { what, time, days } of follows ? rhythms : []) {
    if (nextAt(time, days, timeZone, wakeAt - 1) <= now) due.push(what);
    times.push(nextAt(time, days, timeZone, now));
  }
  if (!follows && rhythms.length > 0) times.push(now + 24 * 3_600_000);
  return { now: due, next: times.length === 0 ? null : Math.min(...times) };
}

interface WakerDeps extends Tools {
  store: Store;
  /** Deliveries were written: the accounts' senders may look. */
  onFilled(): void;
}

/** Chats a transaction. */
const CHUNK = 500;
/** Looks at least this often: settings change, and clocks jump. */
const LOOK_EVERY = 5_000;

/** Puts what comes at its time (summaries, digests, reminders, reports) into the outbox, and reckons when the next comes. */
export function createWaker({ store, clock, ids, log, onFilled }: WakerDeps) {
  const setBack = createClockWatch(clock);

  /** Does what is due; resolves with the time of the next (ms), or null. */
  async function run(signal: AbortSignal): Promise<number | null> {
    if (setBack() > 0) await store.chats.rewind(clock.now());
    for (;;) {
      const now = clock.now();
      const due = signal.aborted ? [] : await store.chats.due(now, CHUNK);
      if (due.length === 0) return await store.chats.nextDueAt();
      const planned = due.map((one) => ({ one, plan: planWake(one, now) }));
      const written = await store.transaction(async (tables) => {
        let count = 0;
        for (const kind of REGULAR) {
          const chatIds = planned.filter(({ plan }) => plan.now.includes(kind)).map(({ one }) => one.chat.id);
          count += chatIds.length;
          if (chatIds.length > 0) await enqueue(tables, kind, chatIds, now);
        }
        const wakes = planned.map(({ one, plan }) => ({ id: one.chat.id, from: one.wakeAt, at: later(plan, now) }));
        await tables.chats.setDue(wakes);
        return count;
      });
      if (written > 0) onFilled();
    }
  }

  /** All of one moment share a broadcast, about an alert that carries nothing. */
  async function enqueue(tables: Tables, kind: Regular, chatIds: number[], now: number): Promise<void> {
    const alert = newAlert(ids.next(), null, 'corroborated', now);
    const broadcast: Broadcast = {
      id: ids.next(),
      alertId: alert.id,
      kind,
      loud: false,
      reason: 'opened',
      incidentIds: [],
      priority: 'digest',
      createdAt: now,
      dueAt: now,
      phase: 'others',
      cursor: 0,
      state: 'done',
    };
    await tables.alerts.insert(alert);
    await tables.broadcasts.insert(broadcast);
    await tables.outbox.put(broadcast.id, chatIds, now);
  }

  return {
    run,
    /** Runs until aborted. */
    loop(signal: AbortSignal): Promise<void> {
      const look = async () => {
        const next = await run(signal);
        return next === null ? LOOK_EVERY : Math.max(0, Math.min(LOOK_EVERY, next - clock.now()));
      };
      const begins = 'Unable to look after what comes at its time; will go on trying';
      const ends = 'What comes at its time comes again';
      return keepAtIt(look, LOOK_EVERY, { clock, log, begins, ends }, signal);
    },
  };
}

/** Never the moment that is being worked on: each look gets on. */
const later = ({ next }: WakePlan, now: number): number | null => (next === null ? null : Math.max(next, now + 1));

/** Days to come that somebody has told of: a hearing, a law in force. Only where a headline names the day and the month by themselves; nothing is inferred. Pure. */

const DAY = 86_400_000;
/** A day without its year is the next of that name, so soon after it was written. */
const SOON = 200 * DAY;
/** Farther ahead nobody plans by it. */
const FAR = 400 * DAY;
const MAX_TEXT = 400;
const MAX_DATES = 5;
/** The days ahead that reports of these incidents name, the next first; of one day and incident the newest report tells. */
export function datesAhead(
  told: readonly { incident: Pick<Incident, 'id'>; reports: readonly Report[] }[],
  now: number,
): DateAhead[] {
  const found = new Map<string, DateAhead & { told: number }>();
  for (const { incident, reports } of told) {
    for (const { title, lang, at, kind, publisherName } of reports) {
      if (kind === 'measurement') continue;
      const day = dayIn(title, lang, at);
      if (day === null || day < now || day > now + FAR) continue;
      const key = `${incident.id} ${day}`;
      if ((found.get(key)?.told ?? Number.NEGATIVE_INFINITY) < at)
        found.set(key, { at: day, what: title, who: publisherName, told: at });
    }
  }
  const next = [...found.values()].sort((a, b) => a.at - b.at || (a.what < b.what ? -1 : 1)).slice(0, MAX_DATES);
  return next.map(({ at, what, who }) => ({ at, what, who }));
}

/** The first day with its month that a text names, as it was written at `writtenAt`; null = none. */
export function dayIn(text: string, lang: string | null, writtenAt: number): number | null {
  const shown = text.slice(0, MAX_TEXT).toLowerCase().normalize('NFKC');
  const chinese = /(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})日/u.exec(shown);
  if (chinese) return dayOf(chinese[1], Number(chinese[2]), chinese[3]!, writtenAt);
  const numbers = /(?<![\d.])(\d{1,2})\.(\d{1,2})\.(20\d\d)(?!\d)/u.exec(shown);
  if (numbers) return dayOf(numbers[3], Number(numbers[2]), numbers[1]!, writtenAt);
  const months = monthsOf(lang !== null && /^[a-z]{2}$/u.test(lang) ? lang : 'en');
  const names = [...months.keys()].sort((a, b) => b.length - a.length).join('|');
  const year = String.raw`(?:,?\s+(?:de\s+|del\s+)?(20\d\d)(?!\d))?`;
  const before = new RegExp(
    String.raw`(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|-го)?\s+(?:of\s+|de\s+)?(${names})(?!\p{L})${year}`,
    'u',
  );
  const after = new RegExp(String.raw`(?<!\p{L})(${names})\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])${year}`, 'u');
  const first = before.exec(shown);
  if (first) return dayOf(first[3], months.get(first[2]!)!, first[1]!, writtenAt);
  const second = after.exec(shown);
  // "It may 10 times …"
  if (!second || (second[1] === 'may' && !text.includes(`May ${second[2]}`))) return null;
  return dayOf(second[3], months.get(second[1]!)!, second[2]!, writtenAt);
}

function dayOf(year: string | undefined, month: number, day: string, writtenAt: number): number | null {
  const written = new Date(writtenAt);
  const at = (of: number): number => Date.UTC(of, month - 1, Number(day), 12);
  const isDay = (of: number): boolean => new Date(at(of)).getUTCDate() === Number(day) && month >= 1 && month <= 12;
  if (year !== undefined) return isDay(Number(year)) ? at(Number(year)) : null;
  const own = written.getUTCFullYear();
  // "On 27 November", written on the 28th, is yesterday.
  const next = [own, own + 1].find((of) => isDay(of) && at(of) >= writtenAt - DAY / 2);
  return next !== undefined && at(next) <= writtenAt + SOON ? at(next) : null;
}

/** As a calendar and as a sentence has them ("март", "марта"); English everywhere, since headlines are quoted. */
const monthsOf = onceFor((lang: string): Map<string, number> => {
  const months = new Map<string, number>();
  for (const locale of new Set(['en', lang])) {
    for (let month = 1; month <= 12; month++) {
      const at = Date.UTC(2026, month - 1, 15, 12);
      const options = { month: 'long', timeZone: 'UTC', calendar: 'gregory' } as const;
      const alone = new Intl.DateTimeFormat(locale, options).format(at);
      const parts = new Intl.DateTimeFormat(locale, { ...options, day: 'numeric' }).formatToParts(at);
      for (const name of [alone, parts.find(({ type }) => type === 'month')?.value])
        if (name && /^\p{L}+$/u.test(name)) months.set(name.toLowerCase(), month);
    }
  }
  return months;
}, 20);

/** As `core/outbox` takes it. */
type Composed = { document: MessageDocument } | { skip: string };

/** For whom, and by whose clock. */
export interface RegularFor {
  accountId: string;
  lang: string;
  timeZone: string;
  now: number;
  /** Another chat asked for it: why it comes here. */
  via: Via | null;
}

interface RegularDeps {
  store: Pick<Store, 'subscriptions' | 'silences' | 'links' | 'chats' | 'reports'>;
  world: Pick<World, 'of'>;
  clock: Clock;
  renderDigest(digest: ReturnType<typeof digestOf> & { every: 'day' | 'week' }, to: RegularFor): MessageDocument;
  renderReminder(lasting: readonly Incident[], to: RegularFor): MessageDocument;
  /** `followed`: what of this chat's is open; `dates`: days ahead that its reports name. */
  renderReport(followed: readonly Incident[], dates: readonly DateAhead[], to: RegularFor): Promise<MessageDocument>;
}

/** What is looked up is good for so long, ms: many chats have their digest at the same minute. */
const GOOD_FOR = 60_000;
/** Reminded of is what has lasted for so long, ms. */
const LASTS = DAY;
/** Each is a question to the store, once a week and chat. */
const MAX_DATED = 20;
const MAX_REPORTS = 30;

/** What changed and what stands among these, for chats of this level; `present`: ids of what holds now. Pure. */
export function digestOf(incidents: readonly Incident[], level: Level, since: number, present: ReadonlySet<string>) {
  const facts: Record<'fresh' | 'over' | 'standing', Incident[]> = { fresh: [], over: [], standing: [] };
  for (const one of incidents.toSorted((a, b) => b.openedAt - a.openedAt)) {
    if (one.state === 'withdrawn' || !reaches(one.confidence, level)) continue;
    const isOver = liftReaches(one, level) && !one.open;
    // Of what stood already only a change on top is new.
    const beganAt = heardAt(one, level);
    if (isOver && (one.closedAt ?? one.lastReportAt) >= since) facts.over.push(one);
    else if (!isOver && present.has(one.id)) (beganAt >= since ? facts.fresh : facts.standing).push(one);
  }
  return facts;
}

/** Of which a chat is reminded: what holds, and has for a day. Pure. */
export const lastingOf = (incidents: readonly Incident[], level: Level, now: number, present: ReadonlySet<string>) =>
  incidents
    .filter(
      (one) => present.has(one.id) && isInForce(one) && reaches(one.confidence, level) && !liftReaches(one, level),
    )
    .filter((one) => now - one.openedAt >= LASTS)
    .toSorted((a, b) => b.openedAt - a.openedAt);

/** Digests, reminders and reports, from what is known when they are sent. */
export function createRegular(deps: RegularDeps): (claims: readonly Claim[]) => Promise<Map<number, Composed>> {
  const { store, clock, world } = deps;
  const recent = createRecent<{ incidents: Incident[]; present: ReadonlySet<string> }>(GOOD_FOR, 1);

  async function lately() {
    const { states, incidents } = await world.of({ matchers: [{ country: ANY, service: ANY }] }, clock.now());
    const present = new Set<string>();
    for (const { access, incident, threat } of states) {
      if (incident && isCut({ access })) present.add(incident.id);
      if (threat) present.add(threat.id);
    }
    return { incidents, present };
  }

  return async (claims) => {
    const composed = new Map<number, Composed>();
    if (claims.length === 0) return composed;
    const spares = claims.filter((claim) => claim.via !== null).map((claim) => claim.chatId);
    const mains = await store.links.mains([...new Set(spares)]);
    // What came by a pair is the other chat's, with its threads, whatever this one follows.
    const rowsOf = ({ via, chatId }: Claim): number[] => (via === null ? [chatId] : (mains.get(chatId) ?? []));
    const chatIds = [...new Set(claims.flatMap(rowsOf))];
    const subscriptions = await store.subscriptions.listMany(chatIds);
    const silences = await store.silences.listMany(chatIds, clock.now());
    const { incidents, present } = await recent('', clock.monotonic(), lately);
    for (const claim of claims) {
      const rows = rowsOf(claim);
      const wishes = {
        subscriptions: rows.flatMap((id) => subscriptions.get(id) ?? []),
        silences: rows.flatMap((id) => silences.get(id) ?? []),
      };
      const asked = claim.via === null ? claim.chat : rows[0] === undefined ? null : await store.chats.get(rows[0]);
      // Those that the chat follows and did not silence, by the rule of alerts.
      const followed = contentFor('send', null, wishes, incidents).show ?? [];
      composed.set(claim.id, asked ? await oneOf(claim, asked, { followed, present }, deps) : { skip: 'no-chat' });
    }
    return composed;
  };
}

async function oneOf(
  claim: Claim,
  { level, settings }: Pick<Chat, 'level' | 'settings'>,
  { followed, present }: { followed: readonly Incident[]; present: ReadonlySet<string> },
  deps: RegularDeps,
): Promise<Composed> {
  const { lang, timeZone } = claim.chat;
  const now = deps.clock.now();
  const to: RegularFor = { accountId: claim.accountId, lang, timeZone, now, via: claim.via };
  if (claim.kind === 'digest') {
    const every = settings.digest?.every ?? 'day';
    const facts = digestOf(followed, level, now - (every === 'week' ? 7 : 1) * DAY, present);
    return { document: deps.renderDigest({ every, ...facts }, to) };
  }
  if (claim.kind === 'reminder') {
    const lasting = lastingOf(followed, level, now, present);
    return lasting.length === 0 ? { skip: 'nothing-lasts' } : { document: deps.renderReminder(lasting, to) };
  }
  const { fresh, over, standing } = digestOf(followed, level, now - 7 * DAY, present);
  if (fresh.length + over.length > 0) return { skip: 'no-quiet-week' };
  const told = [];
  for (const incident of standing.slice(0, MAX_DATED))
    told.push({ incident, reports: await deps.store.reports.byIncident(incident.id, MAX_REPORTS) });
  return { document: await deps.renderReport(standing, datesAhead(told, now), to) };
}
