import { StringDecoder } from 'node:string_decoder';

/** Splits a byte stream into lines. A line longer than `max` characters is dropped: a stranger's endless line must not fill the memory. */
export function lineSplitter(max: number, onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let dropping = false;
  const take = (text: string): void => {
    const lines = text.split('\n');
    for (const [i, part] of lines.entries()) {
      const last = i === lines.length - 1;
      if (!dropping) rest += part;
      if (rest.length > max) {
        rest = '';
        dropping = true;
      }
      if (last) return;
      if (!dropping) onLine(rest);
      rest = '';
      dropping = false;
    }
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => take(`${decoder.end()}\n`),
  };
}
