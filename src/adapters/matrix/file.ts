import type { TextFile } from '../../core/model/message.ts';
import type { SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { UploadedText } from './content.ts';
import { verdictOf } from './outcome.ts';
import type { MatrixPort } from './port.ts';

const UPLOAD_TIMEOUT_MS = 30_000;

/** The file as the server keeps it, or what becomes of its message. Never throws. Files of answers are asked for once, so none is remembered. */
export async function uploadFile(
  { name, type, text }: TextFile,
  port: MatrixPort,
  signal: AbortSignal,
): Promise<UploadedText | { outcome: SendOutcome }> {
  const bytes = Buffer.from(text);
  try {
    const address = await port.upload({ bytes, contentType: type, name }, { signal, timeoutMs: UPLOAD_TIMEOUT_MS });
    return { address, name, type, size: bytes.length };
  } catch (error) {
    const verdict = verdictOf(error, signal);
    if (verdict.kind !== 'refused') return { outcome: verdict };
    return { outcome: { kind: 'rejected', reason: 'client', detail: 'the server takes no file' } };
  }
}
