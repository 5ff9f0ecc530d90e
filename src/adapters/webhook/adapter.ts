import { createHmac } from 'node:crypto';
import { clip } from '../../core/answers.ts';
import { logFailure } from '../../core/errors.ts';
import type { ChangeFacts } from '../../core/model/facts.ts';
import type { Block, Inline, MessageDocument } from '../../core/model/message.ts';
import {
  type AdapterDeps,
  type ChatAdapter,
  type Outgoing,
  PLAIN_TALK,
  type SendOutcome,
} from '../../core/ports/chat-adapter.ts';
import { type Markup, PLAIN, blockText, clean, tableLines } from '../markup.ts';
import { type Preset, TARGET, type WebhookAccount, signingKeys } from './config.ts';
import { type Verdict, createEnding, createPatience, verdictOf, verdictOfError } from './outcome.ts';
import {
  type Change,
  type StandingAlert,
  type Told,
  createRepeats,
  createHeard,
  createStanding,
  untold,
} from './told.ts';

/** What a target is to be told of one delivery. */
export interface Telling {
  /** The delivery's, the same for every attempt. */
  key: string;
  document: MessageDocument;
  /** The message that this one takes the place of; null = it is a new one. */
  replaces: string | null;
  /** What is new of incidents; empty: it is about none (an announcement). */
  changes: readonly Change[];
  /** When it is said, ms since the epoch. */
  now: number;
  pageOf(incidentId: string): string | null;
}

/** One request: once it is answered with 200 to 299, the target knows of `tells`. */
export interface Post {
  /** Stable over retries and restarts; only letters, digits, "_" and "-". */
  id: string;
  url: string;
  body: string;
  tells: readonly Change[];
  /** What the target has to be told again while it lasts; absent = nothing. */
  standing?: readonly StandingAlert[];
}

/** How a preset says it: as one or several posts, in order; none = this target takes no such thing. Pure. */
export type Form = (telling: Telling, url: string) => Post[];

const idOf = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, '_');

/** A single post that tells of everything. */
const onePost = ({ key, changes }: Telling, url: string, body: object): Post[] => [
  { id: idOf(key), url, body: JSON.stringify(body), tells: changes },
];

/** The newest change of each incident; in the order of the alert. */
const newest = (changes: readonly Change[]): Change[] => [
  ...new Map(changes.map((one) => [one.incident.id, one])).values(),
];

/** How it is meant, for colours and ringing: what is over; what is taken back; what is new or worse; all else. */
type Urgency = 'over' | 'withdrawn' | 'worst' | 'worse' | 'other';

const WORSE = new Set(['opened', 'escalated', 'resumed']);

function urgencyOf(changes: readonly Change[]): Urgency {
  const states = newest(changes);
  if (states.length === 0) return 'other';
  if (states.every(({ type }) => type === 'incident.withdrawn')) return 'withdrawn';
  if (states.every(isOver)) return 'over';
  const rings = changes.filter((one) => !isOver(one) && WORSE.has(one.change.kind));
  if (rings.some(({ incident }) => incident.action === 'shutdown')) return 'worst';
  return rings.length > 0 ? 'worse' : 'other';
}

/** The page of the first incident that has one; null = none. */
const firstPage = ({ changes, pageOf }: Telling): string | null =>
  newest(changes)
    .map(({ incident }) => pageOf(incident.id))
    .find((page) => page !== null) ?? null;

/** Signs by which Markdown begins something, in a line or inside one; `@` would call people. */
const MARKDOWN = /[\\`*_~|<>[\](){}#+\-.!:$]/g;
const CALLS = /@(?=[\p{L}\p{N}_])/gu;
const escaped = (plain: string): string => plain.replace(MARKDOWN, '\\$&').replace(CALLS, '@\u2060');
/** Mattermost shows backslashes in notifications, and before a colon always: only what is paired gets one; what begins a line, a name or an emoji is parted from it. */
const PAIRED = /[\\`*[\]<]|~(?=~)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
const BEGINS = /^ {0,3}(?=[#>]|[-+] |\d+[.)] )|(?<=[@#~])(?=[\p{L}\p{N}_])|(?<=:)(?=[\w+-]+:)/gmu;
const parted = (plain: string): string => plain.replace(PAIRED, '\\$&').replace(BEGINS, '$&\u2060');
/** Of code and links: what would end them is left out. */
const fence = (plain: string): string => plain.replaceAll('`', '\u02cb').replace(CALLS, '@\u2060');

const markdownBy = (text: Markup['text']): Markup => ({
  text,
  bold: (inner) => `**${inner}**`,
  italic: (inner) => `*${inner}*`,
  code: (plain) => `\`${fence(plain)}\``,
  pre: (plain) => `\`\`\`\n${fence(plain)}\n\`\`\``,
  link: (url, plain) => `[${text(plain)}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`,
  table: (rows) => text(tableLines(rows)),
});

/** The document without its buttons, in at most `max` UTF-16 units; whole blocks as long as they fit, the first one cut where it must be. */
function textOf({ blocks }: Pick<MessageDocument, 'blocks'>, markup: Markup, max: number): string {
  let text = '';
  for (const block of blocks) {
    const more = blockText(block, markup);
    if (more === '') continue;
    const longer = text === '' ? more : `${text}\n${more}`;
    // Marked-up text is not cut: half a link is none. It is said plainly instead.
    if (longer.length > max) return text === '' ? clip(blockText(block, PLAIN), max) : clip(`${text}\n…`, max);
    text = longer;
  }
  return text;
}

const MAX_TEXT = 8_000;

/** Standard Webhooks: a message for each change of each incident, so that a receiver can go by `webhook-id` and `data.change.seq`. */
export const standard: Form = (telling, url) => {
  const text = textOf(telling.document, PLAIN, MAX_TEXT);
  if (telling.changes.length === 0) return [{ id: idOf(telling.key), url, body: notice(telling, text), tells: [] }];
  return telling.changes.map((one) => ({
    id: `tocsin_${idOf(one.incident.id)}_${one.change.seq}`,
    url,
    body: JSON.stringify({ type: one.type, timestamp: one.change.at, data: dataOf(one, text, telling) }),
    tells: [one],
  }));
};

function dataOf(one: Change, text: string, { document, pageOf }: Telling) {
  const { incident, change, from, facts } = one;
  const { source } = change;
  const why = source === null ? null : `${source.publisher}: ${source.title}`;
  return {
    incident,
    change: {
      seq: change.seq,
      kind: change.kind,
      from: from === null ? null : standing(from),
      // As chats of the account's level know it, like the incident above.
      to: standing({ ...change, state: incident.state }),
      why: change.kind === 'withdrawn' ? facts.withdrawnBecause : why,
      source,
    },
    text,
    lang: document.lang,
    sources: facts.sources,
    link: pageOf(incident.id),
  };
}

const standing = ({ action, state, confidence, method }: ChangeFacts) => ({ action, state, confidence, method });

const notice = ({ document, replaces, now }: Telling, text: string): string =>
  JSON.stringify({
    type: 'notice',
    timestamp: new Date(now).toISOString(),
    data: { text, lang: document.lang, replaces: replaces === null ? null : idOf(replaces) },
  });

/** The headers by which a receiver knows who says it: one signature a key, so that a key can be changed for another. `now`: ms since the epoch. */
export function signed(id: string, body: string, keys: readonly Uint8Array[], now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** Slack takes 50 blocks a message, and 40,000 characters of text; a phone shows less. */
const SLACK_TEXT = 3_000;
const MAX_ITEMS = 60;

/** Parts of Slack's `rich_text`: text stays text in them, whatever signs it holds, so nothing in it can call, link or mark up. */
const elements = (parts: readonly Inline[], style: { [sign in 'bold' | 'italic' | 'code']?: true } = {}): object[] =>
  parts.flatMap((part): object[] => {
    const styled = Object.keys(style).length > 0 ? { style } : {};
    if (typeof part === 'string') return part === '' ? [] : [{ type: 'text', text: clean(part), ...styled }];
    if ('bold' in part) return elements(part.bold, { ...style, bold: true });
    if ('italic' in part) return elements(part.italic, { ...style, italic: true });
    if ('code' in part) return elements([part.code], { ...style, code: true });
    return [{ type: 'link', url: part.link, text: clean(part.text) || part.link, ...styled }];
  });

const section = (inline: readonly Inline[]) => ({ type: 'rich_text_section', elements: elements(inline) });

function richText(block: Block): object[] {
  switch (block.type) {
    case 'paragraph':
      return [section([...block.inline, '\n'])];
    case 'note':
      return [section([{ italic: [...block.inline, '\n'] }])];
    case 'list':
      return [{ type: 'rich_text_list', style: 'bullet', elements: block.items.slice(0, MAX_ITEMS).map(section) }];
    case 'table':
      return [section([`${textOf({ blocks: [block] }, PLAIN, SLACK_TEXT)}\n`])];
    case 'pre':
      return [{ type: 'rich_text_preformatted', elements: elements([block.text]) }];
  }
}

/** What stands instead of the blocks in a notification: there `<`, `>` and `&` alone mean something. */
const slackEscaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const slack: Form = (telling, url) => {
  const { blocks } = telling.document;
  const plain = textOf({ blocks }, PLAIN, SLACK_TEXT);
  const page = firstPage(telling);
  const whole = textOf({ blocks }, PLAIN, SLACK_TEXT + 1).length <= SLACK_TEXT && plain !== '';
  const shown: object[] = whole ? blocks.flatMap(richText) : [section([clip(plain || ' ', SLACK_TEXT)])];
  if (page !== null) shown.push(section([{ link: page, text: page }]));
  return onePost(telling, url, {
    text: slackEscaped(plain || ' '),
    blocks: [{ type: 'rich_text', elements: shown }],
    unfurl_links: false,
    unfurl_media: false,
  });
};

/** Discord: a description has 4,096 characters, the texts of an embed 6,000 together. */
const DISCORD_TEXT = 4_000;
const DISCORD_TITLE = 250;
/** Mattermost: a post has 16,383 characters. */
const MATTERMOST_TEXT = 16_000;
/** ntfy: a message has 4,096 bytes, or it becomes a file. */
const NTFY_BYTES = 4_000;
const NTFY_TITLE = 200;

/** Of an embed of Discord; priority and sign of ntfy. */
const LOOKS: Record<Urgency, { colour: number; priority: number; tags?: string[] }> = {
  worst: { colour: 0x1b1f24, priority: 5, tags: ['rotating_light'] },
  worse: { colour: 0xc62828, priority: 4, tags: ['warning'] },
  other: { colour: 0xef6c00, priority: 3 },
  over: { colour: 0x2e7d32, priority: 3, tags: ['white_check_mark'] },
  withdrawn: { colour: 0x9e9e9e, priority: 2, tags: ['wastebasket'] },
};

/** The first line stands by itself where a target shows a title; "" = there is none. */
function titleAndRest({ document }: Telling): { title: string; rest: Block[] } {
  const [first, ...rest] = document.blocks;
  if (first?.type !== 'paragraph' || rest.length === 0) return { title: '', rest: document.blocks };
  return { title: textOf({ blocks: [first] }, PLAIN, 1_000).replace(/\s+/g, ' '), rest };
}

/** An embed; nobody is called by anything in it. */
export const discord: Form = (telling, url) => {
  const { title, rest } = titleAndRest(telling);
  const page = firstPage(telling);
  const embed = {
    ...(title === '' ? {} : { title: clip(escaped(title), DISCORD_TITLE) }),
    description: textOf({ blocks: rest }, markdownBy(escaped), DISCORD_TEXT),
    color: LOOKS[urgencyOf(telling.changes)].colour,
    ...(page === null ? {} : { url: page }),
  };
  return onePost(telling, url, { embeds: [embed], allowed_mentions: { parse: [] } });
};

export const mattermost: Form = (telling, url) => {
  const text = textOf(telling.document, markdownBy(parted), MATTERMOST_TEXT);
  const page = firstPage(telling);
  const link = page === null ? '' : `\n<${page}>`;
  return onePost(telling, url, { text: text + link });
};

/** Published as JSON, at the server's root; the topic is the end of the address. */
export const ntfy: Form = (telling, url) => {
  const { title, rest } = titleAndRest(telling);
  const at = new URL(url);
  const parts = at.pathname.split('/').filter((part) => part !== '');
  const topic = parts.pop();
  at.pathname = `/${parts.join('/')}`;
  at.search = '';
  const { priority, tags } = LOOKS[urgencyOf(telling.changes)];
  const page = firstPage(telling);
  return onePost(telling, at.href, {
    topic,
    ...(title === '' ? {} : { title: clip(title, NTFY_TITLE) }),
    message: cutBytes(textOf({ blocks: rest }, PLAIN, NTFY_BYTES), NTFY_BYTES),
    priority: telling.document.tone === 'notice' ? Math.min(2, priority) : priority,
    ...(tags ? { tags } : {}),
    ...(page === null ? {} : { click: page }),
  });
};

function cutBytes(text: string, max: number): string {
  let shown = clean(text);
  while (Buffer.byteLength(shown) > max)
    shown = clip(shown, Math.floor((shown.length * max) / Buffer.byteLength(shown)) - 1);
  return shown;
}

const PATH = '/api/v2/alerts';
/**
 * As Prometheus does, we say every minute what still fires (`told.ts`): an Alertmanager keeps alerts in memory alone. An alert with an end of its own is
 * kept until then, whatever `resolve_timeout` is; so long, ms, an incident of which nothing is heard counts as open by default (docs/domain.md).
 */
const FIRES_FOR = 45 * 86_400_000;
/** Of a test alert: long enough to be sent on by a usual route. */
const TEST_FIRES_FOR = 5 * 60_000;
const ALERTMANAGER_TEXT = 4_000;

/** Alertmanager's API, version 2: an incident is an alert whose labels never change, so that each change is one of the same alert. */
export const alertmanager: Form = (telling, url) => {
  const changes = newest(telling.changes);
  const alerts = changes.map((one) => alertOf(one, telling));
  // An announcement is no alert; a test alert is one that ends soon.
  if (alerts.length === 0)
    return telling.document.tone === 'alert' ? onePost(telling, alertsAt(url), [testOf(telling)]) : [];
  const standing = changes.map((one, at) => ({ incident: one.incident.id, alert: isOver(one) ? null : alerts[at]! }));
  return onePost(telling, alertsAt(url), alerts).map((post) => ({ ...post, standing }));
};

/** Where alerts are put, of the address as it is configured. */
export function alertsAt(url: string): string {
  const base = url.replace(/\/+$/, '');
  return base.endsWith(PATH) ? base : `${base}${PATH}`;
}

const isOver = ({ type }: Change): boolean => type === 'incident.lifted' || type === 'incident.withdrawn';

const testOf = ({ document, now }: Telling) => ({
  labels: { alertname: 'TocsinTest' },
  annotations: { summary: firstLine(document), description: textOf(document, PLAIN, ALERTMANAGER_TEXT) },
  startsAt: new Date(now).toISOString(),
  endsAt: new Date(now + TEST_FIRES_FOR).toISOString(),
});

function alertOf(one: Change, { document, pageOf, now }: Telling) {
  const { incident, change } = one;
  // What stood before it was reported fires since then.
  const startsAt = (incident.sinceKind === 'standing' ? incident.since : null) ?? incident.openedAt ?? change.at;
  const ended = incident.closedAt ?? change.at;
  const page = pageOf(incident.id);
  return {
    labels: {
      alertname: 'TocsinIncident',
      incident: incident.id,
      country: incident.country ?? 'none',
      service: incident.service ?? 'none',
    },
    annotations: {
      summary: firstLine(document),
      description: textOf(document, PLAIN, ALERTMANAGER_TEXT),
      action: incident.action,
      state: incident.state,
      confidence: incident.confidence,
      ...(incident.method === null ? {} : { method: incident.method }),
    },
    startsAt,
    // An end before the beginning is refused.
    endsAt: isOver(one) ? [startsAt, ended].sort().at(-1)! : new Date(now + FIRES_FOR).toISOString(),
    ...(page === null ? {} : { generatorURL: page }),
  };
}

const firstLine = (document: Telling['document']): string =>
  textOf(document, PLAIN, ALERTMANAGER_TEXT).split('\n', 1)[0] ?? '';

export const FORMS: Record<Preset, Form> = { standard, slack, discord, mattermost, ntfy, alertmanager };

/**
 * A webhook: one place outside that is told of each change, once, in order. Nothing is received. What fails is tried again for a day, with all
 * that comes after it waiting behind; then, or at a 410, the target has ended until the next start or an operator's word, and that is said once.
 */

const TIMEOUT_MS = 15_000;
/** Messages a second; Slack documents 1, Discord 5 in 2 s, the public ntfy a burst of 60 and then one in 5 s. */
const RATES: Record<Preset, number> = { standard: 10, slack: 1, discord: 2, mattermost: 5, ntfy: 1, alertmanager: 10 };
const remedyOf = (id: string): string =>
  `nothing is sent to it any more; put the receiver right, then: tocsin webhooks resume ${id} (where its url or secret changes: restart Tocsin); it begins anew with what changes from then on`;

const CANCELED: SendOutcome = { kind: 'retry', afterMs: null, scope: 'chat', reason: 'canceled', detail: 'stopping' };

export function createAdapter(account: WebhookAccount, deps: AdapterDeps): ChatAdapter {
  const { clock, log, state } = deps;
  const { url, preset, secret } = account;
  const { host } = new URL(url);
  const patience = createPatience(deps);
  const keys = preset === 'standard' && secret !== undefined ? signingKeys(secret) : [];
  const ending = createEnding(deps, host);
  const standing = createStanding(deps);
  const heard = createHeard(state);
  let failing: string | null = null;

  async function attempt(post: Post, signal: AbortSignal): Promise<Verdict> {
    const bearer: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    const proof = preset === 'standard' ? signed(post.id, post.body, keys, clock.now()) : bearer;
    const headers = { 'content-type': 'application/json', ...proof };
    try {
      const request = { url: post.url, method: 'POST', headers, body: post.body, signal } as const;
      const answer = await deps.http({ ...request, timeoutMs: TIMEOUT_MS, maxRedirects: 0, statusOnly: true });
      return verdictOf(answer, host, clock.now());
    } catch (error) {
      return verdictOfError(error, host, signal);
    }
  }

  async function toldOf(message: Outgoing): Promise<Told> {
    const told = new Map<string, number>();
    for (const { incident } of message.document.facts?.incidents ?? []) {
      const seq = await heard.of(incident.id);
      if (seq !== null) told.set(incident.id, seq);
    }
    return told;
  }

  async function end(detail: string): Promise<SendOutcome> {
    await ending.begin(detail);
    failing = null;
    log.error('A webhook has ended', { host, detail, remedy: remedyOf(account.id) });
    await patience.over();
    return { kind: 'gone', reason: 'client', detail };
  }

  async function outcomeOf(verdict: Exclude<Verdict, { is: 'taken' }>): Promise<SendOutcome> {
    if (verdict.is === 'canceled') return CANCELED;
    if (verdict.is === 'over') return await end(verdict.detail);
    const { reason, detail } = verdict;
    const afterMs = await patience.failed(verdict.afterMs);
    if (afterMs === null) return await end(`${detail}, and nothing better for a day`);
    failing = detail;
    return { kind: 'retry', afterMs, scope: 'account', reason, detail };
  }

  /** Each post by itself, in order; what was taken is written down before the next, so that a kill repeats one at most, under the same id. */
  async function deliver(message: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
    const { document, key } = message;
    const changes = document.facts ? untold(document.facts, await toldOf(message)) : [];
    const replaces = message.op === 'edit' ? message.messageRef : null;
    const delivered: SendOutcome = { kind: 'delivered', messageRef: replaces ?? key };
    // An edit and the reply that goes with it say the same: the first that comes says it.
    if (document.facts && changes.length === 0) return delivered;
    const telling = { key, document, replaces, changes, now: clock.now(), pageOf: deps.pageOf };
    for (const post of FORMS[preset](telling, url)) {
      const verdict = await attempt(post, signal);
      if (verdict.is !== 'taken') return await outcomeOf(verdict);
      for (const one of post.standing ?? []) await standing.note(one);
      for (const { incident, change } of post.tells) await heard.note(incident.id, change.seq);
    }
    failing = null;
    await patience.over();
    return delivered;
  }

  function problemNow(): string | null {
    const ended = ending.why();
    if (ended !== null) return `has ended (${ended}); once it is put right: tocsin webhooks resume ${account.id}`;
    const since = patience.since();
    if (since === null) return repeats.problem();
    return `fails since ${new Date(since).toISOString().slice(0, 16)}Z${failing === null ? '' : `: ${failing}`}`;
  }

  const repeats = createRepeats({
    ...deps,
    host,
    standing,
    // What is tried again anyway, or has ended, is not asked more often for that.
    quiet: () => ending.why() !== null || patience.since() !== null,
    post: (alerts, signal) => attempt({ id: '', url: alertsAt(url), body: JSON.stringify(alerts), tells: [] }, signal),
  });

  return {
    accountId: account.id,
    platform: 'webhook',
    talk: PLAIN_TALK,
    onlyChat: { chat: TARGET, operator: null },
    pace: { perSecond: RATES[preset], perChatMs: 0, perGroupMinute: 0, window: 1 },
    async start() {
      await patience.restore();
      await ending.restore();
      if (preset !== 'alertmanager') return;
      await standing.restore();
      repeats.start();
    },

    async send(message, signal) {
      if (signal.aborted) return CANCELED;
      if (message.address.chat !== TARGET) return { kind: 'rejected', reason: 'client', detail: 'no such target' };
      try {
        if (!(await ending.over())) return { kind: 'gone', reason: 'client', detail: ending.why() ?? '' };
        return await repeats.between(() => deliver(message, signal));
      } catch (error) {
        logFailure(log, 'Unable to tell a webhook', error, { host });
        return { kind: 'retry', afterMs: 5_000, scope: 'account', reason: 'server', detail: 'the store fails' };
      }
    },

    health() {
      const problem = problemNow();
      return { ok: problem === null, problem };
    },

    login: {
      hasIdentity: false,
      async check() {
        try {
          await deps.resolves(url);
          return { ok: true, problem: null, detail: `${preset} at ${host}; no message was sent` };
        } catch (error) {
          return { ok: false, problem: (error as Error).message };
        }
      },
    },

    async stop() {
      ending.stop();
      await repeats.stop();
    },
  };
}
