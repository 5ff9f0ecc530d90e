/** What must hold of every message that leaves, whatever it was made of. Throws a sentence when it does not. */
import { contentOf } from '../../src/adapters/matrix/deliver.ts';
import { MAX_ENTITIES, MAX_TEXT, keyboard, render } from '../../src/adapters/telegram/render.ts';
import type { MessageDocument } from '../../src/core/model/message.ts';
import type { Outgoing } from '../../src/core/ports/chat-adapter.ts';

export function hold(met: boolean, what: string, shown: unknown = ''): void {
  if (!met) throw new Error(`${what}${shown === '' ? '' : `: ${JSON.stringify(shown).slice(0, 400)}`}`);
}

/** Overrides and embeddings reorder what stands around them; nor is a right-to-left isolate ever ours. */
const REORDERS = /[\u202a-\u202e\u2067]/;
/** In a label nothing of the kind has a place. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** Elements that we write ourselves. */
const OURS = new Set('p i b ul li br pre code a'.split(' '));
const ENTITY_TYPES = new Set(['bold', 'italic', 'code', 'pre', 'text_link']);

export function holdsEverywhere(document: MessageDocument): void {
  onTelegram(document);
  onMatrix(document);
}

export function onTelegram(document: MessageDocument): void {
  const { text, entities } = render(document);
  hold(text.length > 0 && text.length <= MAX_TEXT, 'Telegram: text of a wrong length', text.length);
  hold(text.isWellFormed(), 'Telegram: half a character', text);
  hold(!REORDERS.test(text), 'Telegram: a direction override', text);
  hold(!CONTROLS.test(text), 'Telegram: a control character', text);
  hold(entities.length <= MAX_ENTITIES, 'Telegram: too many entities', entities.length);
  let plain = text;
  for (const entity of entities) {
    const { type, offset, length } = entity;
    hold(ENTITY_TYPES.has(type), 'Telegram: an entity that is not ours', type);
    hold(offset >= 0 && length > 0 && offset + length <= text.length, 'Telegram: an entity beside the text', entity);
    if (entity.type === 'text_link')
      hold(/^https?:\/\//.test(entity.url), 'Telegram: a link of another kind', entity.url);
    if (type === 'code' || type === 'pre')
      plain = plain.slice(0, offset) + ' '.repeat(length) + plain.slice(offset + length);
  }
  hold(!/(?<![\w.+-])@[a-z]/i.test(plain), 'Telegram: a mention', plain);
  const { rows, keep } = keyboard(document.buttons);
  hold(Buffer.byteLength(JSON.stringify({ inline_keyboard: rows })) <= 10_240, 'Telegram: a keyboard past 10 KB');
  hold(rows.flat().length <= 100, 'Telegram: more than 100 buttons');
  for (const button of rows.flat()) {
    hold(button.text.length > 0 && !DIRECTIONS.test(button.text), 'Telegram: a label that is none', button.text);
    if ('callback_data' in button) {
      const bytes = Buffer.byteLength(button.callback_data);
      hold(bytes > 0 && bytes <= 64, 'Telegram: callback data past 64 bytes', button.callback_data);
      hold(
        button.callback_data.startsWith('c:') || keep.has(button.callback_data),
        'Telegram: a button that is not kept',
      );
    } else if ('url' in button) hold(/^https?:\/\//.test(button.url), 'Telegram: a button to elsewhere', button.url);
  }
}

const address = { accountId: 'mx', chat: '!room:example.org', thread: null };

export function onMatrix(document: MessageDocument): void {
  const send: Outgoing = { op: 'send', address, document, key: 'k', replyTo: null };
  const edit: Outgoing = { op: 'edit', address, document, key: 'k', messageRef: '$e' };
  const content = contentOf(send, '!tocsin ') as { body: string; formatted_body: string; 'm.mentions': object };
  for (const each of [content, contentOf(edit, '!tocsin ')])
    hold(Buffer.byteLength(JSON.stringify(each)) <= 32_768, 'Matrix: an event past 32 KB');
  hold(JSON.stringify(content['m.mentions']) === '{}', 'Matrix: a mention', content['m.mentions']);
  for (const text of [content.body, content.formatted_body]) {
    hold(text.isWellFormed(), 'Matrix: half a character');
    hold(!REORDERS.test(text), 'Matrix: a direction override', text);
    hold(!CONTROLS.test(text), 'Matrix: a control character', text);
    hold(!/@room\b/i.test(text), 'Matrix: everybody is pinged', text);
  }
  onlyOurTags(content.formatted_body);
}

/** Every tag is one of ours, closed in order; no attribute but a link's. */
function onlyOurTags(html: string): void {
  const open: string[] = [];
  for (const [tag, slash, name, attributes] of html.matchAll(/<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g)) {
    hold(OURS.has(name!), 'Matrix: a tag that is not ours', tag);
    if (name === 'br') continue;
    if (slash) hold(open.pop() === name, 'Matrix: tags out of order', tag);
    else {
      open.push(name!);
      const fits = name === 'a' ? /^ href="(https?|mailto):[^"<>]*"$/.test(attributes!) : attributes === '';
      hold(fits, 'Matrix: an attribute that is not ours', tag);
      if (name === 'a') hold(!/^ href="https?:\/\/(www\.)?matrix\.to\//i.test(attributes!), 'Matrix: a pill', tag);
    }
  }
  hold(open.length === 0, 'Matrix: a tag left open', open);
  hold(!/<(?!\/?[a-z])/.test(html), 'Matrix: a bare "<"', html);
}
