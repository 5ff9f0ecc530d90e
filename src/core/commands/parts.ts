/**
 * Lines together as long as they fit into `most` characters, at least one part. A line that is longer by itself is cut in several pieces: nothing
 * of it is left out.
 */
export function partsOf(lines: readonly string[], most: number): string[] {
  const parts: string[] = [];
  for (const line of lines)
    for (let from = 0; from === 0 || from < line.length; from += most) {
      const piece = line.slice(from, from + most);
      const last = parts.at(-1);
      if (last === undefined || from > 0 || last.length + 1 + piece.length > most) parts.push(piece);
      else parts[parts.length - 1] = `${last}\n${piece}`;
    }
  return parts.length > 0 ? parts : [''];
}
