/** A form in parts, for what is uploaded. */
import { createHash } from 'node:crypto';

export interface FilePart {
  /** What the fields call it: `attach://part`. */
  part: string;
  /** As the chat shows it. */
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** The border is of the file's own digest, which no field of ours holds. */
export function inParts(
  fields: Readonly<Record<string, unknown>>,
  file: FilePart,
): { body: Buffer; contentType: string } {
  const border = `tocsin-${createHash('sha256').update(file.bytes).digest('base64url')}`;
  const parts = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `--${border}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  });
  const name = file.name.replace(/[^\w.-]/g, '_');
  const head = `--${border}\r\ncontent-disposition: form-data; name="${file.part}"; filename="${name}"\r\ncontent-type: ${file.type}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join('') + head), file.bytes, Buffer.from(`\r\n--${border}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${border}` };
}
