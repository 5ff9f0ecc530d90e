import type { Block } from '../../core/model/message.ts';
import { type Form, firstPage, onePost, type Telling, type Urgency, urgencyOf } from './form.ts';
import { clean, cut, MARKDOWN_MARKUP, PLAIN, textOf } from './text.ts';

/** Discord: a description has 4,096 characters, the texts of an embed 6,000 together. */
const DISCORD_TEXT = 4_000;
const DISCORD_TITLE = 250;
/** Mattermost: a post has 16,383 characters. */
const MATTERMOST_TEXT = 16_000;
/** ntfy: a message has 4,096 bytes, or it becomes a file. */
const NTFY_BYTES = 4_000;
const NTFY_TITLE = 200;

const COLOURS: Record<Urgency, number> = {
  worst: 0x1b1f24,
  worse: 0xc62828,
  other: 0xef6c00,
  over: 0x2e7d32,
  withdrawn: 0x9e9e9e,
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
    ...(title === '' ? {} : { title: cut(MARKDOWN_MARKUP.text(title), DISCORD_TITLE) }),
    description: textOf({ blocks: rest }, MARKDOWN_MARKUP, DISCORD_TEXT),
    color: COLOURS[urgencyOf(telling.changes)],
    ...(page === null ? {} : { url: page }),
  };
  return onePost(telling, url, { embeds: [embed], allowed_mentions: { parse: [] } });
};

export const mattermost: Form = (telling, url) => {
  const text = textOf(telling.document, MARKDOWN_MARKUP, MATTERMOST_TEXT);
  const page = firstPage(telling);
  const link = page === null ? '' : `\n<${page}>`;
  return onePost(telling, url, { text: text + link });
};

const PRIORITIES: Record<Urgency, number> = { worst: 5, worse: 4, other: 3, over: 3, withdrawn: 2 };
const TAGS: Record<Urgency, string[]> = {
  worst: ['rotating_light'],
  worse: ['warning'],
  other: [],
  over: ['white_check_mark'],
  withdrawn: ['wastebasket'],
};

/** Published as JSON, at the server's root; the topic is the end of the address. */
export const ntfy: Form = (telling, url) => {
  const { title, rest } = titleAndRest(telling);
  const at = new URL(url);
  const parts = at.pathname.split('/').filter((part) => part !== '');
  const topic = parts.pop();
  at.pathname = `/${parts.join('/')}`;
  at.search = '';
  const urgency = urgencyOf(telling.changes);
  const page = firstPage(telling);
  return onePost(telling, at.href, {
    topic,
    ...(title === '' ? {} : { title: cut(title, NTFY_TITLE) }),
    message: cutBytes(textOf({ blocks: rest }, PLAIN, NTFY_BYTES), NTFY_BYTES),
    priority: telling.document.tone === 'notice' ? Math.min(2, PRIORITIES[urgency]) : PRIORITIES[urgency],
    ...(TAGS[urgency].length > 0 ? { tags: TAGS[urgency] } : {}),
    ...(page === null ? {} : { click: page }),
  });
};

function cutBytes(text: string, max: number): string {
  let shown = clean(text);
  while (Buffer.byteLength(shown) > max)
    shown = cut(shown, Math.floor((shown.length * max) / Buffer.byteLength(shown)) - 1);
  return shown;
}
