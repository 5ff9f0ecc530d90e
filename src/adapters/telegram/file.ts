import type { TextFile } from '../../core/model/message.ts';
import type { Outgoing } from '../../core/ports/chat-adapter.ts';
import type { Answer, ApiClient } from './client.ts';
import { inParts } from './form.ts';
import { photoFields } from './payload.ts';

const DEADLINE_MS = 30_000;
const PART = 'file';

/** One attempt to send a file with its caption; the message's place is one of Telegram's (`requestOf`). Never throws. */
export async function sendFile(
  client: ApiClient,
  message: Outgoing,
  { name, type, text }: TextFile,
  signal: AbortSignal,
): Promise<Answer> {
  const fields = { ...photoFields(message), document: `attach://${PART}` };
  const { body, contentType } = inParts(fields, { part: PART, name, type, bytes: Buffer.from(text) });
  return await client.call('sendDocument', body, { deadlineMs: DEADLINE_MS, signal, contentType });
}
