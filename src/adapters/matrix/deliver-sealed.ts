import type { Outgoing, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Pictures } from '../../core/ports/pictures.ts';
import { contentOf, type SealedFile, transactionId, type Uploaded, type UploadedText } from './content.ts';
import type { Encryption } from './crypto/encryption.ts';
import { mediaOutcome } from './image.ts';

interface Sealing {
  encryption: Encryption;
  pictures: Pictures | undefined;
  prefix: string;
  limits: { signal: AbortSignal; timeoutMs: number };
}

/** Sends into an encrypted room: what was encrypted for this delivery before goes out as it was. Throws what the homeserver or the machine threw. */
export async function deliverSealed(message: Outgoing, sealing: Sealing): Promise<{ eventId: string } | SendOutcome> {
  const { encryption, prefix, limits } = sealing;
  const room = message.address.chat;
  const txnId = await transactionId(message.key);
  const attached = (await encryption.wasSealed(room, txnId)) ? null : await attach(message, sealing);
  if (attached && 'outcome' in attached) return attached.outcome;
  const content = contentOf(message, prefix, attached);
  const eventId = await encryption.sendEvent(room, 'm.room.message', txnId, content, limits);
  encryption.delivered(txnId);
  return { eventId };
}

type Attached = Uploaded | UploadedText | { outcome: SendOutcome } | null;

/** Its picture or file, encrypted for this message alone: none is kept for another, since whoever has its key could read it there. */
async function attach(
  { document, op }: Outgoing,
  { encryption, pictures, limits: { signal } }: Sealing,
): Promise<Attached> {
  const { picture, file } = document;
  const upload = async (bytes: Uint8Array, contentType: string, name: string): Promise<{ sealed: SealedFile }> => ({
    sealed: (await encryption.upload({ bytes, contentType, name }, { signal, timeoutMs: 30_000 })) as SealedFile,
  });
  try {
    if (file && op === 'send') {
      const bytes = Buffer.from(file.text);
      const { sealed } = await upload(bytes, file.type, file.name);
      return { address: sealed.url, sealed, name: file.name, type: file.type, size: bytes.length };
    }
    if (!picture) return null;
    const bytes = (await pictures?.png(picture, signal)) ?? null;
    if (bytes === null) return { outcome: { kind: 'rejected', reason: 'client', detail: 'no picture' } };
    const { sealed } = await upload(bytes, 'image/png', 'timeline.png');
    return { ...picture, address: sealed.url, sealed, size: bytes.length };
  } catch (error) {
    return { outcome: mediaOutcome(error, signal) };
  }
}
