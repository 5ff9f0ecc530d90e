import { statSync } from 'node:fs';

export type FileFault = 'deleted' | 'replaced';

interface Identity {
  dev: bigint;
  ino: bigint;
}

/**
 * Notices that a database's file (or the journal, which holds what was written last) went from its place while it is open: the system
 * goes on writing into a file that nobody can reach any more. Ask as often as you like; null = all is well.
 */
export function watchFile(file: string): () => FileFault | null {
  const opened = identityOf(file);
  let journal = identityOf(`${file}-wal`);
  return () => {
    const now = identityOf(file);
    if (now === null) return 'deleted';
    if (!same(opened, now)) return 'replaced';
    const journalNow = identityOf(`${file}-wal`);
    if (journal !== null && !same(journal, journalNow)) return journalNow === null ? 'deleted' : 'replaced';
    // Made with the first write, and there as long as the database is open.
    journal = journalNow;
    return null;
  };
}

function identityOf(path: string): Identity | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    return stat ? { dev: stat.dev, ino: stat.ino } : null;
  } catch {
    // A folder above it is gone, or may not be entered any more.
    return null;
  }
}

const same = (a: Identity | null, b: Identity | null): boolean => a?.dev === b?.dev && a?.ino === b?.ino;
