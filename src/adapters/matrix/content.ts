import type { MessageDocument, Picture } from '../../core/model/message.ts';
import type { Outgoing } from '../../core/ports/chat-adapter.ts';
import { OFFERS, offersOf } from './offers.ts';
import { render } from './render.ts';
import { clip } from './text.ts';

/** A picture that the server keeps. */
export interface Uploaded extends Picture {
  /** `mxc:…` */
  address: string;
  /** In an encrypted room. */
  sealed?: SealedFile;
  /** Bytes. */
  size: number;
}

/** Where an encrypted file lies, and what decrypts it (`EncryptedFile` of the specification). */
export interface SealedFile extends Record<string, unknown> {
  url: string;
}

/** A text file that the server keeps. */
export interface UploadedText {
  /** `mxc:…` */
  address: string;
  /** In an encrypted room. */
  sealed?: SealedFile;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
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
