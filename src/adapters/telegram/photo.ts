import { createHash } from 'node:crypto';
import type { Picture } from '../../core/model/message.ts';
import type { Outgoing } from '../../core/ports/chat-adapter.ts';
import type { Pictures } from '../../core/ports/pictures.ts';
import type { Forgettable } from '../../core/ports/state.ts';
import type { Answer, ApiClient } from './client.ts';
import { inParts } from './form.ts';
import { photoFields } from './payload.ts';

export interface Photos {
  /**
   * Telegram's answer to one attempt; null = there is no picture to be had. A picture is uploaded once, from then on its number is sent. The message's
   * place is one of Telegram's (`requestOf`). Never throws.
   */
  show(message: Outgoing, picture: Picture, signal: AbortSignal): Promise<Answer | null>;
}

const DEADLINE_MS = 30_000;
/** A number holds as long as Telegram keeps the file, and nobody says how long that is. */
const KNOWN_MS = 30 * 86_400_000;
const BAD_NUMBER = /file identifier|file_id|FILE_REFERENCE|PHOTO_INVALID|remote file/i;
const PART = 'picture';

export function createPhotos(client: ApiClient, cache: Forgettable, pictures: Pictures | undefined): Photos {
  return {
    async show(message, picture, signal) {
      const fields = photoFields(message);
      const key = `photo/${createHash('sha256').update(picture.svg).digest('base64url')}`;
      const method = message.op === 'edit' ? 'editMessageMedia' : 'sendPhoto';
      const options = { deadlineMs: DEADLINE_MS, signal };
      const known = await cache.get(key);
      if (typeof known === 'string') {
        const answer = await client.call(method, JSON.stringify(withPhoto(fields, known)), options);
        if (!isBadNumber(answer)) return answer;
        await cache.delete(key);
      }
      const png = (await pictures?.png(picture, signal)) ?? null;
      if (png === null) return null;
      const { body, contentType } = inParts(withPhoto(fields, `attach://${PART}`), {
        part: PART,
        name: 'timeline.png',
        type: 'image/png',
        bytes: png,
      });
      const answer = await client.call(method, body, { ...options, contentType });
      const number = answer.kind === 'answer' && answer.body.ok ? numberOf(answer.body.result) : null;
      if (number !== null) await cache.set(key, number, KNOWN_MS);
      return answer;
    },
  };
}

/** Refused at once and without a message, so the second request is no second send. */
const isBadNumber = (answer: Answer): boolean =>
  answer.kind === 'answer' && answer.body.error_code === 400 && BAD_NUMBER.test(answer.body.description ?? '');

const withPhoto = (fields: Record<string, unknown>, photo: string): Record<string, unknown> =>
  'media' in fields ? { ...fields, media: { ...(fields.media as object), media: photo } } : { ...fields, photo };

/** The number of the largest size. */
function numberOf(result: unknown): string | null {
  const sizes = (result as { photo?: unknown } | null)?.photo;
  const largest: unknown = Array.isArray(sizes) ? sizes.at(-1) : null;
  const number = (largest as { file_id?: unknown } | null)?.file_id;
  return typeof number === 'string' && number.length <= 300 ? number : null;
}
