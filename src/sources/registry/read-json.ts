import { NO_DETAILS, type OnRow, type RowParser } from './row.ts';

const MAX_NAME = 500;

/** A JSON array of names, or of objects with `domain` or `domains`: every text in it that looks like a name is one. Scanned, never held. */
export function readJson(onRow: OnRow): RowParser {
  const decoder = new TextDecoder();
  let depth = 0;
  let began = false;
  let ended = false;
  let broken = false;
  let inText = false;
  let escaped = false;
  let text: string[] = [];
  let length = 0;
  /** A text of which the next sign tells whether it is a value, or the name of one. */
  let pending: string | null = null;
  let rows = 0;
  let odd = 0;

  const count = (name: string): void => {
    if (/^(?:\*\.)?[^\s/:"\\]+\.[^\s/:"\\]+$/.test(name)) {
      rows++;
      onRow(name, () => NO_DETAILS);
    } else odd++;
  };
  const finish = (): void => {
    pending = length > MAX_NAME ? '' : text.join('').trim();
    text = [];
    length = 0;
  };
  const letter = (char: string): void => {
    if (escaped) {
      escaped = false;
      // No name holds an escape: what does is none.
      length = MAX_NAME + 1;
    } else if (char === '\\') escaped = true;
    else if (char === '"') {
      inText = false;
      finish();
    } else if (++length <= MAX_NAME) text.push(char);
  };
  const structure = (char: string): void => {
    if (/\s/.test(char)) return;
    if (pending !== null && char !== ':') count(pending);
    pending = null;
    if (!began) {
      began = true;
      if (char !== '[') broken = true;
    } else if (ended) broken = true;
    if (char === '"') inText = true;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') {
      depth--;
      if (depth === 0) ended = true;
    }
  };

  return {
    rows: () => rows,
    push(chunk) {
      for (const char of decoder.decode(chunk, { stream: true })) {
        if (broken) return;
        if (inText) letter(char);
        else structure(char);
      }
    },
    end() {
      if (broken) return { rows: 0, odd: 1, updatedAt: null, cut: false };
      return { rows, odd, updatedAt: null, cut: !ended };
    },
  };
}
