import { NO_DETAILS, type OnRow, type RowParser } from './row.ts';

const MAX_LINE = 1_000;
const NEWLINE = 10;
const HOST = /^(?:\*\.)?[^\s/:;,<>"'{}[\]()=]+\.[^\s/:;,<>"'{}[\]()=]+$/;

/** One name a line; empty lines and those that begin with "#" are none. */
export function readLines(onRow: OnRow): RowParser {
  const decoder = new TextDecoder();
  let rest: Uint8Array[] = [];
  let restLength = 0;
  let rows = 0;
  let odd = 0;

  const take = (bytes: Uint8Array): void => {
    const line = decoder.decode(bytes).trim();
    if (line === '' || line.startsWith('#')) return;
    if (!HOST.test(line)) odd++;
    else {
      rows++;
      onRow(line, () => NO_DETAILS);
    }
  };
  const keep = (bytes: Uint8Array): void => {
    if (restLength <= MAX_LINE && bytes.length > 0) rest.push(bytes.slice(0, MAX_LINE + 1));
    restLength += bytes.length;
  };
  const finish = (): void => {
    if (restLength > MAX_LINE) odd++;
    else if (restLength > 0) take(Buffer.concat(rest));
    rest = [];
    restLength = 0;
  };

  return {
    rows: () => rows,
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE, from); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        if (restLength === 0 && at - from <= MAX_LINE) take(chunk.subarray(from, at));
        else {
          keep(chunk.subarray(from, at));
          finish();
        }
        from = at + 1;
      }
      keep(chunk.subarray(from));
    },
    end() {
      finish();
      return { rows, odd, updatedAt: null, cut: false };
    },
  };
}
