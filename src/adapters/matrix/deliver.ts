import { createHash } from 'node:crypto';
import { clip } from '../../core/answers.ts';
import { TocsinError, codeOf } from '../../core/errors.ts';
import type { Block, Button, Inline, MessageDocument, Picture } from '../../core/model/message.ts';
import type { Outgoing, Pictures, SendOutcome, SendReason } from '../../core/ports/chat-adapter.ts';
import type { Forgettable } from '../../core/ports/runtime.ts';
import { oneMore } from '../../core/wakeable.ts';
import { COMMAND_ISOLATE, ISOLATE, isRightToLeft, isolated } from '../../i18n/direction.ts';
import { sayIn } from '../../i18n/packs.ts';
import { typedForm } from '../markup.ts';
import { OFFERS, offersOf } from './commands.ts';
import type { Context } from './context.ts';
import type { MatrixPort, UploadedFile } from './port.ts';
import { type CallOptions, factsOf } from './request.ts';
import type { Session } from './session.ts';
import { directionMark, escapeHtml, isEventId, isRoomId, type Json, safeHref, tame } from './untrusted.ts';

/** Bytes of both forms together, as JSON; leaves room for the rest of an event (limit of the protocol: 65,536 for all of it). */
export const RENDER_BUDGET = 24 * 1024;
const MAX_PART = 3_000;
const MAX_PRE = 9_000;
const MAX_TYPED_FORMS = 12;

interface Part {
  text: string;
  html: string;
}

/** A block as parts that may be left off one by one from the end. */
interface Section {
  open: string;
  close: string;
  between: string;
  parts: Part[];
}

/**
 * A message in Matrix's two forms: plain `body` and `org.matrix.custom.html`, within the budget together. Escapes everything itself; `prefix` is how a
 * command is typed here, for the typed forms of buttons. Pure and bounded.
 */
export function render(document: MessageDocument, prefix: string, budget = RENDER_BUDGET) {
  const mark = directionMark(document.lang);
  const rtl = isRightToLeft(document.lang);
  const sections = document.blocks.map((block) => sectionOf(block, rtl));
  const forms = typedForms(document, prefix, rtl);
  const { body: text, html } = join([forms], mark);
  const reserve = forms.parts.length > 0 ? sizeOf({ text, html }) : 0;
  return join([...keepWithin(sections, budget - reserve - 200, mark, document.lang), forms], mark);
}

const section = (parts: Part[], open = '<p>', close = '</p>', between = ''): Section => ({
  open,
  close,
  between,
  parts,
});

function sectionOf(block: Block, rtl: boolean): Section {
  switch (block.type) {
    case 'paragraph':
      return section([inlines(block.inline, rtl)]);
    case 'note':
      return section([inlines(block.inline, rtl)], '<p><i>', '</i></p>');
    case 'list':
      return section(
        block.items.map((item) => listItem(item, rtl)),
        '<ul>',
        '</ul>',
      );
    case 'table':
      return section(tableRows(block.head, block.rows, rtl), '<p>', '</p>', '<br>');
    case 'pre': {
      const text = tame(clip(block.text, MAX_PRE));
      return section([{ text, html: `<pre><code>${escapeHtml(text)}</code></pre>` }], '', '');
    }
  }
}

function listItem(item: Inline[], rtl: boolean): Part {
  const { text, html } = inlines(item, rtl);
  return { text: `• ${text}`, html: `<li>${html}</li>` };
}

/** Lines, not an HTML table: several clients show the cells of a table without anything between them. */
function tableRows(head: string[] | null, rows: string[][], rtl: boolean): Part[] {
  const line = (cells: string[], bold: number): Part => {
    const shown = cells.slice(0, 20).map((cell) => ours(tame(clip(cell, 500)), rtl));
    const html = shown.map((cell, i) => (i < bold ? `<b>${escapeHtml(cell)}</b>` : escapeHtml(cell)));
    return { text: shown.join(' · '), html: html.join(' · ') };
  };
  return [...(head ? [line(head, head.length)] : []), ...rows.map((row) => line(row, 1))];
}

const ours = (text: string, rtl: boolean): string => (rtl ? isolated(text) : text);

/** What is left to write of a part; `rtl`: what is Latin in it gets an isolate. */
interface Left {
  units: number;
  rtl: boolean;
}

const inlines = (list: Inline[], rtl: boolean): Part => walk(list, { units: MAX_PART, rtl }, 0);

function walk(list: Inline[], left: Left, depth: number): Part {
  let text = '';
  let html = '';
  for (const one of list) {
    if (left.units <= 0) break;
    const part = inline(one, left, depth);
    text += part.text;
    html += part.html;
  }
  return { text, html };
}

function inline(one: Inline, left: Left, depth: number): Part {
  const take = (raw: string): string => {
    const taken = tame(clip(raw, left.units));
    left.units -= taken.length;
    return taken;
  };
  if (typeof one === 'string') {
    const text = ours(take(one), left.rtl);
    return { text, html: escapeHtml(text).replaceAll('\n', '<br>') };
  }
  if ('code' in one) {
    const text = take(one.code);
    return apart({ text, html: `<code>${escapeHtml(text)}</code>` }, COMMAND_ISOLATE, left);
  }
  if ('link' in one) {
    const text = take(one.text);
    const href = safeHref(one.link);
    if (!href) return apart({ text, html: escapeHtml(text) }, ISOLATE, left);
    left.units -= href.length;
    const shown = text === href || text === one.link ? href : `${text} (${href})`;
    return apart({ text: shown, html: `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>` }, ISOLATE, left);
  }
  const [tag, children] = 'bold' in one ? (['b', one.bold] as const) : (['i', one.italic] as const);
  if (depth >= 8) return { text: '', html: '' };
  const inner = walk(children, left, depth + 1);
  return { text: inner.text, html: `<${tag}>${inner.html}</${tag}>` };
}

/** Under an alert one command is enough, the first: where the whole story is. Whoever knows one finds the others. Links stay. */
function shownButtons({ buttons, tone }: MessageDocument): Button[] {
  const all = buttons.flat();
  if (tone !== 'alert') return all;
  const first = all.find(({ press }) => 'command' in press);
  return all.filter((one) => one === first || 'url' in one.press);
}

/** The isolate stands outside of what is followed and copied. */
const apart = ({ text, html }: Part, [begin, end]: readonly [string, string], { rtl }: Left): Part =>
  rtl ? { text: begin + text + end, html: begin + html + end } : { text, html };

/** Matrix has no buttons: which number asks for what as a reaction, and what each would do, as it is typed. */
function typedForms(document: MessageDocument, prefix: string, rtl: boolean): Section {
  const { lang, tone } = document;
  const offers = offersOf(document);
  const isAlert = tone === 'alert';
  const keys = new Map(isAlert ? [] : offers.map(({ command, key }) => [command, `${key} `]));
  const parts = shownButtons(document)
    .slice(0, MAX_TYPED_FORMS)
    .map(({ label, press }): Part => {
      if ('url' in press) return inlines([{ link: press.url, text: label.slice(0, 100) }], rtl);
      const shown = (keys.get(press.command) ?? '') + ours(tame(clip(label, 100)), rtl);
      const typed = tame(clip(`${prefix}${typedForm(press.command)}`, 200));
      const [begin, end] = rtl ? COMMAND_ISOLATE : ['', ''];
      // "How sure?" needs no colon.
      const then = /[?？؟]$/u.test(label) ? '' : ':';
      return {
        text: `${shown}${then} ${begin}${typed}${end}`,
        html: `${escapeHtml(shown)}${then} ${begin}<code>${escapeHtml(typed)}</code>${end}`,
      };
    });
  if (offers.length > 0) {
    const named = offers.map(({ key, label }) => `${key} ${ours(tame(clip(label, 100)), rtl)}`).join(' · ');
    const hint = isAlert ? `${sayIn(lang, 'react.with')} ${named}` : sayIn(lang, 'react.orType');
    parts.unshift({ text: hint, html: escapeHtml(hint) });
  }
  return section(parts, '<p>', '</p>', '<br>');
}

/** Leaves off whole parts from the end, and says so. */
function keepWithin(sections: Section[], budget: number, mark: string, lang: string): Section[] {
  const kept: Section[] = [];
  const total = sections.reduce((sum, section) => sum + section.parts.length, 0);
  let size = 0;
  let count = 0;
  for (const section of sections) {
    size += section.open.length + section.close.length + 4;
    const parts: Part[] = [];
    for (const part of section.parts) {
      size += sizeOf(part) + section.between.length + 2 * Buffer.byteLength(mark) + 4;
      if (size > budget) return [...kept, { ...section, parts }, cutNote(total - count, lang)];
      parts.push(part);
      count++;
    }
    kept.push({ ...section, parts });
  }
  return kept;
}

function cutNote(lines: number, lang: string): Section {
  const text = sayIn(lang, 'message.cut', { lines: String(lines) });
  return section([{ text, html: text }], '<p><i>', '</i></p>');
}

function join(sections: Section[], mark: string) {
  const shown = sections.filter((section) => section.parts.length > 0);
  return {
    body: shown.map(({ parts }) => parts.map((part) => mark + part.text).join('\n')).join('\n\n'),
    html: shown
      .map(
        ({ open, close, between, parts }) => open + parts.map(({ html }) => marked(html, mark)).join(between) + close,
      )
      .join(''),
  };
}

/** Inside the item, so that the mark belongs to its line. */
const marked = (html: string, mark: string): string =>
  html.startsWith('<pre>') ? html : html.replace(/^(<li>)?/, (item) => item + mark);

const sizeOf = ({ text, html }: Part): number =>
  Buffer.byteLength(JSON.stringify(text)) + Buffer.byteLength(JSON.stringify(html));

/** What the server keeps for a message. */
interface Kept {
  /** `mxc:…` */
  address: string;
  /** In an encrypted room: where it lies, and what decrypts it (`EncryptedFile` of the specification). */
  sealed?: Json;
  /** Bytes. */
  size: number;
}

interface Uploaded extends Picture, Kept {}

interface UploadedText extends Kept {
  name: string;
  type: string;
}

/** Content of the `m.room.message` event for one message, with its picture where it has one; at most about 32 KB as JSON. Pure. */
export function contentOf(
  message: Outgoing,
  prefix: string,
  uploaded: Uploaded | UploadedText | null = null,
): Record<string, unknown> {
  const shown = uploaded ? mediaOf(uploaded) : textOf(message.document, prefix);
  if (message.op === 'edit') {
    return {
      // Shown only by clients that know no edits.
      msgtype: shown.msgtype,
      body: `* ${clip(shown.body, 1_500)}`,
      // Without it a picture is no picture, and a client may take all of it for broken.
      ...('file' in shown ? { file: shown.file } : 'url' in shown ? { url: shown.url } : {}),
      'm.mentions': {},
      'm.new_content': shown,
      'm.relates_to': { rel_type: 'm.replace', event_id: message.messageRef },
    };
  }
  const relation = relationOf(message.address.thread, message.replyTo);
  return relation ? { ...shown, 'm.relates_to': relation } : shown;
}

function textOf(document: MessageDocument, prefix: string) {
  const { body, html } = render(document, prefix);
  const offers = offersOf(document);
  return {
    // m.notice never notifies anybody; an alert is m.text, so that phones ring.
    msgtype: document.tone === 'alert' ? 'm.text' : 'm.notice',
    body,
    format: 'org.matrix.custom.html',
    formatted_body: html,
    // Always there: without it, old push rules look for names in the text.
    'm.mentions': {},
    ...(offers.length > 0 ? { [OFFERS]: offers.map(({ command }) => command) } : {}),
  };
}

/**
 * The body of a picture is what it shows, in words: clients read it to whoever cannot see. With a `filename` beside it, newer ones would show it to everybody
 * as a caption, and the text stands right above. A file's name is its body, for the same reason.
 */
function mediaOf(kept: Uploaded | UploadedText) {
  const { address, sealed, size } = kept;
  return {
    ...('alt' in kept
      ? { msgtype: 'm.image', body: clip(kept.alt, 1_000) }
      : { msgtype: 'm.file', body: kept.name, filename: kept.name }),
    ...(sealed ? { file: sealed } : { url: address }),
    info:
      'alt' in kept ? { mimetype: 'image/png', w: kept.width, h: kept.height, size } : { mimetype: kept.type, size },
    'm.mentions': {},
  };
}

function relationOf(thread: string | null, replyTo: string | null): Record<string, unknown> | null {
  const reply = replyTo === null ? null : { 'm.in_reply_to': { event_id: replyTo } };
  if (thread === null) return reply;
  // Clients without threads show the fallback as a reply; with a real reply it is not a fallback.
  return {
    rel_type: 'm.thread',
    event_id: thread,
    is_falling_back: reply === null,
    'm.in_reply_to': { event_id: replyTo ?? thread },
  };
}

/** A transaction id of the delivery's key: as it is when short and plain, else a digest of it. Stable over restarts. */
export const transactionId = (key: string): string =>
  /^[A-Za-z0-9][A-Za-z0-9._~-]{0,199}$/.test(key) ? key : `h.${createHash('sha256').update(key).digest('base64url')}`;

/** Waits where the server names none, ms. */
const AUTH_WAIT_MS = 60_000;
const LIMIT_WAIT_MS = 5_000;
const SERVER_WAIT_MS = 2_000;

/** To be tried again. `afterMs` null: when the outbox thinks fit. */
export const again = (
  reason: SendReason,
  detail: string,
  afterMs: number | null = null,
  scope: 'account' | 'chat' = 'chat',
): SendOutcome => ({ kind: 'retry', afterMs, scope, reason, detail });
const rejected = (detail: string): SendOutcome => ({ kind: 'rejected', reason: 'client', detail });
const gone = (detail: string): SendOutcome => ({ kind: 'gone', reason: 'client', detail });

/** A room's refusal (403 or 404 by a Matrix server) says too little: `rooms.ts` finds out what it means. */
type Verdict = SendOutcome | { kind: 'refused' };

/** What a failed send means. Only a Matrix error code may end anything: a proxy's own 403 or 404 page is an outage. Pure. */
export function verdictOf(error: unknown, signal: AbortSignal): Verdict {
  const detail = error instanceof TocsinError ? error.message : `unexpected: ${String(error).slice(0, 200)}`;
  const { status, errcode, retryAfterMs } = factsOf(error);
  if (signal.aborted) return again('canceled', 'stopped');
  const retry = (reason: SendReason, scope: 'account' | 'chat', afterMs: number | null): SendOutcome =>
    again(reason, detail, retryAfterMs ?? afterMs, scope);
  const code = codeOf(error);
  switch (code) {
    case 'auth':
      return retry('auth', 'account', AUTH_WAIT_MS);
    case 'rate_limited':
      return retry('rate_limited', 'account', LIMIT_WAIT_MS);
    case 'timeout':
    case 'canceled':
      return retry(code, 'chat', null);
    case 'client':
      if (errcode === 'M_UNRECOGNIZED') return retry('server', 'account', SERVER_WAIT_MS);
      return status === 403 || status === 404 ? { kind: 'refused' } : rejected(detail);
    case 'server':
      // A body that no server takes is ours to blame even when a proxy says so.
      if (status === 413) return rejected(detail);
      if (error instanceof TocsinError && error.facts.scope === 'chat') return retry('server', 'chat', SERVER_WAIT_MS);
      return retry('server', status === 0 || status >= 502 || errcode === null ? 'account' : 'chat', SERVER_WAIT_MS);
    default:
      return retry('server', 'chat', null);
  }
}

const UPLOAD_TIMEOUT_MS = 30_000;
/** Servers may clear out their media after weeks. */
const KNOWN_MS = 7 * 86_400_000;

/**
 * Where the server takes no files, or not from us, that is no word about the room. Where it takes them later, texts to others need not wait: other limits and
 * other parts of a server stand behind files.
 */
function uploadOutcome(error: unknown, what: 'picture' | 'file', signal: AbortSignal): SendOutcome {
  const verdict = verdictOf(error, signal);
  const { errcode } = factsOf(error);
  if (verdict.kind === 'refused' || errcode === 'M_UNRECOGNIZED') return rejected(`the server takes no ${what}`);
  return verdict.kind === 'retry' && verdict.reason !== 'auth' ? { ...verdict, scope: 'chat' } : verdict;
}

/** What goes out with a message, or what becomes of the message without it. */
type Attached = Uploaded | UploadedText | null | { outcome: SendOutcome };

/** Puts bytes on the server: where they lie there. */
type Put = (file: UploadedFile, limits: CallOptions) => Promise<Omit<Kept, 'size'>>;

/**
 * The message's picture or file as the server keeps it. `cache`: a picture is uploaded at most once; null: encrypted for this message alone, and none is kept for
 * another, since whoever has its key could read it there. Files of answers are asked for once, so none is remembered. Never throws.
 */
export async function attach(
  { document: { picture, file }, op }: Outgoing,
  put: Put,
  { cache, pictures }: { cache: Forgettable | null; pictures?: Pictures | undefined },
  signal: AbortSignal,
): Promise<Attached> {
  const upload = async (bytes: Uint8Array, contentType: string, name: string): Promise<Kept> => ({
    ...(await put({ bytes, contentType, name }, { signal, timeoutMs: UPLOAD_TIMEOUT_MS })),
    size: bytes.length,
  });
  try {
    if (file && op === 'send') {
      const { name, type } = file;
      return { ...(await upload(Buffer.from(file.text), type, name)), name, type };
    }
    if (!picture) return null;
    const key = `image/${createHash('sha256').update(picture.svg).digest('base64url')}`;
    const known = (await cache?.get(key)) as { address?: unknown; size?: unknown } | undefined;
    if (typeof known?.address === 'string' && typeof known.size === 'number')
      return { ...picture, address: known.address, size: known.size };
    const bytes = (await pictures?.png(picture, signal)) ?? null;
    if (bytes === null) return { outcome: rejected('no picture') };
    const kept = await upload(bytes, 'image/png', 'timeline.png');
    await cache?.set(key, kept, KNOWN_MS);
    return { ...picture, ...kept };
  } catch (error) {
    return { outcome: uploadOutcome(error, picture ? 'picture' : 'file', signal) };
  }
}

export const COMMAND_PREFIX = '!tocsin ';
const SEND_TIMEOUT_MS = 30_000;

interface Delivering {
  open(): Promise<Session>;
  cache: Forgettable;
  pictures?: Pictures | undefined;
  /** Are encrypted rooms served by this account, but not from here? */
  keysElsewhere?(): Promise<boolean>;
}

async function attempt(
  message: Outgoing,
  signal: AbortSignal,
  { open, cache, pictures, keysElsewhere }: Delivering,
): Promise<SendOutcome> {
  const room = message.address.chat;
  if (!isRoomId(room)) return gone('not the id of a Matrix room');
  if (message.op === 'edit' && !isEventId(message.messageRef)) return rejected('not the id of a Matrix event');
  const { port, guard, cipher, spoke } = await open();
  const limits = { signal, timeoutMs: SEND_TIMEOUT_MS };
  const txnId = transactionId(message.key);
  const isEncrypted = await guard.isEncrypted(room, limits);
  // Whoever sends in passing has no keys of the account that serves encrypted rooms; that is no word about the room.
  if (isEncrypted && !cipher)
    return (await keysElsewhere?.())
      ? rejected('an encrypted room: only the bot that runs with e2ee has its keys')
      : gone(`encrypted room: ${sayIn('en', 'english.leave.encrypted')}`);
  const encryption = isEncrypted && cipher ? await cipher.open(limits) : null;
  const put: Put = (file, within) =>
    encryption?.upload(file, within) ?? port.upload(file, within).then((address) => ({ address }));
  // What was encrypted for this delivery before goes out as it was.
  const wasSealed = (await encryption?.wasSealed(room, txnId)) ?? false;
  const attached = wasSealed
    ? null
    : await attach(message, put, { cache: encryption ? null : cache, pictures }, signal);
  if (attached && 'outcome' in attached) return attached.outcome;
  // It may have become encrypted while a file went up.
  if (!encryption && (attached ? await guard.isEncrypted(room, limits) : guard.wasSeen(room)))
    return again('client', 'the room has become encrypted just now', 0);
  const content = contentOf(message, COMMAND_PREFIX, attached);
  const eventId = await (encryption ?? port).sendEvent(room, 'm.room.message', txnId, content, limits);
  spoke(room);
  // An edit is always of the first version.
  return { kind: 'delivered', messageRef: message.op === 'edit' ? message.messageRef : eventId };
}

/** One attempt to send, and what came of it. Never throws. */
export async function deliver(message: Outgoing, signal: AbortSignal, delivering: Delivering): Promise<SendOutcome> {
  try {
    return await attempt(message, signal, delivering);
  } catch (error) {
    const verdict = verdictOf(error, signal);
    if (verdict.kind !== 'refused') return verdict;
    try {
      const { refusal } = await delivering.open();
      return await refusal(message.address.chat, (error as Error).message, signal);
    } catch (unknown) {
      const second = verdictOf(unknown, signal);
      return second.kind === 'retry' ? second : again('server', 'the room refuses, and it is not known why');
    }
  }
}

const PINS = 'm.room.pinned_events';
/** What others pinned stays; a room of more pins than this drops its oldest. */
const MAX_PINS = 100;

/** Adds one of our messages to what the room has pinned. False: we may not, or the server cannot be asked. Never throws. */
export async function pinEvent(
  port: Pick<MatrixPort, 'stateContent' | 'setState'>,
  roomId: string,
  eventId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const content = await port.stateContent(roomId, PINS, { signal });
    const pinned = Array.isArray(content?.pinned) ? content.pinned.filter(isEventId) : [];
    if (pinned.includes(eventId)) return true;
    await port.setState(roomId, PINS, { ...content, pinned: [...pinned, eventId].slice(-MAX_PINS) }, { signal });
    return true;
  } catch {
    return false;
  }
}

/** Messages that wait for theirs, at most: in a broadcast all but the first go without. */
const MAX_WAITING = 20;
/**
 * A budget of reactions: so many at once, and one more each so many ms. A homeserver counts them like messages, and holds up the next alert if there are
 * too many: Synapse as it comes allows ten, and one more each five seconds, so one full row of numbers is ours. Whose operator says how much may be sent (`rate`) has more.
 */
const BURST = { careful: 6, allowed: 15 };
const REFILL_MS = { careful: 10_000, allowed: 1_000 };
const APART_MS = 150;
/** Nothing was sent for so long, ms. */
const QUIET_MS = 300;
/** A homeserver that finds us too fast is not asked again for so long, ms. */
const OFF_MS = 6 * 3_600_000;

interface PreplaceParts extends Pick<Context, 'clock' | 'log' | 'signal'> {
  port(): Promise<Pick<MatrixPort, 'sendEvent'>>;
  /** The operator said how fast this account may be. */
  allowed: boolean;
}

export function createPreplace(parts: PreplaceParts) {
  const { clock, log, signal, allowed } = parts;
  const pace = allowed ? 'allowed' : 'careful';
  const waiting: { roomId: string; eventId: string; keys: readonly string[] }[] = [];
  let underWay = 0;
  let lastSent = Number.NEGATIVE_INFINITY;
  let offUntil = Number.NEGATIVE_INFINITY;
  let budget = BURST[pace];
  let countedAt = clock.monotonic();

  const isBusy = (): boolean => underWay > 0 || clock.monotonic() - lastSent < QUIET_MS;

  function stop(): void {
    waiting.length = 0;
    offUntil = clock.monotonic() + OFF_MS;
  }

  const run = oneMore(async () => {
    try {
      const { sendEvent } = await parts.port();
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const now = clock.monotonic();
        budget = Math.min(BURST[pace], budget + (now - countedAt) / REFILL_MS[pace]);
        countedAt = now;
        // All or none: half a row of numbers would say that the others cannot be had.
        if (budget < next.keys.length) continue;
        budget -= next.keys.length;
        for (const key of next.keys) {
          while (isBusy()) await clock.sleep(QUIET_MS, signal);
          const content = { 'm.relates_to': { rel_type: 'm.annotation', event_id: next.eventId, key } };
          const txnId = `react.${next.eventId.slice(1).replace(/[^A-Za-z0-9]/g, '')}.${key.charAt(0)}`.slice(0, 200);
          await sendEvent(next.roomId, 'm.reaction', txnId, content, { signal, timeoutMs: 10_000 });
          await clock.sleep(APART_MS, signal);
        }
      }
    } catch (error) {
      waiting.length = 0;
      if (signal.aborted) return;
      if (codeOf(error) === 'rate_limited') stop();
      log.info('Unable to react to a message of ours on Matrix', { code: codeOf(error) });
    }
  });

  return {
    /** A message went out that offers these. Never waits, never throws. */
    offer(roomId: string, eventId: string, keys: readonly string[]) {
      if (keys.length === 0 || signal.aborted || clock.monotonic() < offUntil || waiting.length >= MAX_WAITING) return;
      waiting.push({ roomId, eventId, keys });
      void run();
    },
    /** A message is on its way, or was refused for coming too fast: those come first. */
    sending(): () => void {
      underWay++;
      return () => {
        underWay--;
        lastSent = clock.monotonic();
      };
    },
    tooFast: stop,
  };
}
