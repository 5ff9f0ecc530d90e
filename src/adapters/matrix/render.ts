import type { Block, Button, Inline, MessageDocument, Picture } from '../../core/model/message.ts';
import type { Outgoing } from '../../core/ports/chat-adapter.ts';
import { COMMAND_ISOLATE, ISOLATE, isolated, isRightToLeft } from '../../i18n/direction.ts';
import { sayIn } from '../../i18n/packs.ts';
import { OFFERS, offersOf } from './commands.ts';
import { clip, directionMark, escapeHtml, safeHref, tame } from './untrusted.ts';

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
      const typed = tame(clip(`${prefix}${press.command}`, 200));
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
  /** In an encrypted room. */
  sealed?: SealedFile;
  /** Bytes. */
  size: number;
}

export interface Uploaded extends Picture, Kept {}

export interface UploadedText extends Kept {
  name: string;
  type: string;
}

/** Where an encrypted file lies, and what decrypts it (`EncryptedFile` of the specification). */
export interface SealedFile extends Record<string, unknown> {
  url: string;
}

/** Content of the `m.room.message` event for one message, with its picture where it has one; at most about 32 KB as JSON. Pure. */
export function contentOf(
  message: Outgoing,
  prefix: string,
  uploaded: Uploaded | UploadedText | null = null,
): Record<string, unknown> {
  const shown = !uploaded ? textOf(message.document, prefix) : 'alt' in uploaded ? imageOf(uploaded) : fileOf(uploaded);
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

/** Its name is its body: a caption beside it would be shown by few clients, and the text stands right above. */
const fileOf = ({ address, sealed, name, type, size }: UploadedText) => ({
  msgtype: 'm.file',
  body: name,
  filename: name,
  ...(sealed ? { file: sealed } : { url: address }),
  info: { mimetype: type, size },
  'm.mentions': {},
});

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
 * The body is what the picture shows, in words: clients read it to whoever cannot see. With a `filename` beside it, newer ones would show it to everybody
 * as a caption, and the text stands right above.
 */
function imageOf({ address, sealed, alt, width, height, size }: Uploaded) {
  return {
    msgtype: 'm.image',
    body: clip(alt, 1_000),
    ...(sealed ? { file: sealed } : { url: address }),
    info: { mimetype: 'image/png', w: width, h: height, size },
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
export async function transactionId(key: string): Promise<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9._~-]{0,199}$/.test(key)) return key;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  return `h.${Buffer.from(digest).toString('base64url')}`;
}
