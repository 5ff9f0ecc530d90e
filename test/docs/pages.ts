/** What stands on the pages for people: fenced blocks, commands, and commands of ours that a sentence names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Piece {
  /** `docs/push.md:8`. */
  at: string;
  text: string;
}

const SHELLS = new Set(['sh', 'bash', 'console', 'shell']);
/** A line that begins like this is a command, also where it is only indented. */
const COMMAND = /^(?:[A-Z_]+=\S+ )*(?:npx tocsin|tocsin|npm|docker|curl|echo '|jq|cd |node )/;

export function pagesOf(root: string): { blocks: (Piece & { kind: string })[]; commands: Piece[]; inline: Piece[] } {
  const inDocs = (readdirSync(join(root, 'docs'), { recursive: true }) as string[])
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md') && !/^docs\/(?:decisions|transcripts)\//.test(name));
  const blocks: (Piece & { kind: string })[] = [];
  const commands: Piece[] = [];
  const inline: Piece[] = [];
  for (const page of ['README.md', ...inDocs.sort()]) {
    const lines = readFileSync(join(root, page), 'utf8').split('\n');
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const at = `${page}:${i + 1}`;
      const fence = /^\s*```(\w*)/.exec(line);
      if (fence) {
        const end = lines.findIndex((one, j) => j > i && /^\s*```/.test(one));
        const inside = lines.slice(i + 1, end < 0 ? lines.length : end);
        const kind = fence[1]!;
        blocks.push({ at, kind, text: inside.join('\n') });
        if (SHELLS.has(kind)) commands.push(...commandsIn(inside, page, i + 2));
        i = end < 0 ? lines.length : end;
        continue;
      }
      const indented = /^ {4,}(\S.*)$/.exec(line)?.[1];
      if (indented !== undefined && COMMAND.test(indented)) commands.push({ at, text: indented.trim() });
      for (const [, name] of line.matchAll(/`(?:npx )?tocsin ([a-z][\w-]*)/g)) inline.push({ at, text: name! });
    }
  }
  return { blocks, commands, inline };
}

/** Lines that go on (a backslash, an open quote, a here-document) are one command. */
function commandsIn(lines: readonly string[], page: string, first: number): Piece[] {
  const found: Piece[] = [];
  let until: ((line: string) => boolean) | null = null;
  for (const [i, line] of lines.entries()) {
    const text = line.trim();
    if (until) {
      if (until(text)) until = null;
      continue;
    }
    if (text === '' || text.startsWith('#')) continue;
    found.push({ at: `${page}:${first + i}`, text });
    const here = /<<'?(\w+)'?/.exec(text)?.[1];
    if (here !== undefined) until = (next) => next === here;
    else if (text.endsWith('\\')) until = (next) => !next.endsWith('\\');
    else if ((text.match(/'/g) ?? []).length % 2 === 1) until = (next) => next.includes("'");
  }
  return found;
}
