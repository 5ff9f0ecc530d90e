import { createHash } from 'node:crypto';
import type { Picture } from '../../core/model/message.ts';
import type { SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Pictures } from '../../core/ports/pictures.ts';
import type { Forgettable } from '../../core/ports/state.ts';
import type { Uploaded } from './content.ts';
import { factsOf } from './failure.ts';
import { verdictOf } from './outcome.ts';
import type { MatrixPort } from './port.ts';

export interface Images {
  /** The picture as the server keeps it, uploaded at most once; or what becomes of its message. Never throws. */
  upload(picture: Picture, port: MatrixPort, signal: AbortSignal): Promise<Uploaded | { outcome: SendOutcome }>;
}

const UPLOAD_TIMEOUT_MS = 30_000;
/** Servers may clear out their media after weeks. */
const KNOWN_MS = 7 * 86_400_000;

/**
 * Where the server takes no files, or not from us, that is no word about the room. Where it takes them later, texts to others need not wait: other limits and
 * other parts of a server stand behind files.
 */
export function mediaOutcome(error: unknown, signal: AbortSignal): SendOutcome {
  const verdict = verdictOf(error, signal);
  const { errcode } = factsOf(error);
  if (verdict.kind === 'refused' || errcode === 'M_UNRECOGNIZED') return without('the server takes no picture').outcome;
  return verdict.kind === 'retry' && verdict.reason !== 'auth' ? { ...verdict, scope: 'chat' } : verdict;
}

const without = (detail: string): { outcome: SendOutcome } => ({
  outcome: { kind: 'rejected', reason: 'client', detail },
});

export function createImages(cache: Forgettable, pictures: Pictures | undefined): Images {
  return {
    async upload(picture, port, signal) {
      const key = `image/${createHash('sha256').update(picture.svg).digest('base64url')}`;
      const known = (await cache.get(key)) as { address?: unknown; size?: unknown } | undefined;
      if (typeof known?.address === 'string' && typeof known.size === 'number')
        return { ...picture, address: known.address, size: known.size };
      const bytes = (await pictures?.png(picture, signal)) ?? null;
      if (bytes === null) return without('no picture');
      try {
        const file = { bytes, contentType: 'image/png', name: 'timeline.png' };
        const address = await port.upload(file, { signal, timeoutMs: UPLOAD_TIMEOUT_MS });
        const kept = { address, size: bytes.length };
        await cache.set(key, kept, KNOWN_MS);
        return { ...picture, ...kept };
      } catch (error) {
        return { outcome: mediaOutcome(error, signal) };
      }
    },
  };
}
