/**
 * The three rooms of proof (test/README.md) and which test file is in which: the gate (`npm test`), the long proofs by topic (`npm run prove`), and what
 * looks for new cases (`npm run fuzz`). For the configuration of vitest, for what runs it, and for tests that do more in one room than in another.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

type Room = 'gate' | 'prove' | 'smoke' | 'fuzz';
type Env = Record<string, string | undefined>;

/** In which room this runs; null where somebody runs files by hand, with vitest itself. */
export const room = (env: Env = process.env): Room | null => (env.TOCSIN_ROOM as Room | undefined) ?? null;

/** A long proof may take more runs, more rounds or all cases, where the gate takes a part that is always the same. */
export const allAskedFor = (env: Env = process.env): boolean => room(env) === 'prove';

/** The short proof of a topic that `.ci/run` plays: a part of the cases, always the same. */
export const shortProof = (env: Env = process.env): boolean => room(env) === 'smoke';

/** Random input has this seed, in each room but one: `npm run fuzz` sets another each time. */
export const seedOf = (env: Env = process.env): number => Number(env.TOCSIN_SEED ?? 20_261_207);

/** What a change of the whole program could break for everybody, end to end and over in seconds: part of the gate. */
export const WHOLE_PROGRAM = ['first-hour', 'popups'].map((name) => `test/e2e/${name}.test.ts`);

/** Not ours to run: they come with what was copied. */
export const FOREIGN = ['test/fakes/**'];

export interface Topic {
  /** What it proves, for the page of what was proven. */
  about: string;
  /** Its files, as globs. Each file that the gate has not is of exactly one topic; what the gate has may be here, too: it does more here. */
  files: string[];
  /** Files that take all of the machine, or bound durations: one after the other. */
  alone?: string[];
  /** Its short proof: files, or tests of theirs by the beginning of their whole name. */
  smoke: { file: string; tests?: string[] }[];
}

const posix = (path: string): string => path.split(sep).join('/');
const found = (globs: readonly string[]): string[] =>
  globs.length === 0 ? [] : [...new Set(globSync([...globs], { cwd: ROOT }).map(posix))].sort();
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every test file of ours, sorted. */
export const allFiles = (): string[] => found(['test/**/*.test.ts']).filter((file) => !file.startsWith('test/fakes/'));

/** The files that bound what they measure where the gate does not (`test/fakes/pace.ts`). */
function measuring(): string[] {
  return allFiles().filter((file) => text(file).includes('fakes/pace.ts'));
}

const e2e = (...names: string[]): string[] => names.map((name) => `test/e2e/${name}.test.ts`);

export const TOPICS: Record<string, Topic> = {
  lab: {
    about: 'own probes, agents and the page /here in a miniature censored internet (root, network namespaces)',
    files: e2e('lab', 'lab-agent', 'lab-agents', 'lab-bell'),
    smoke: [{ file: 'test/e2e/lab.test.ts', tests: ['lab > every row', 'lab > rows'] }],
  },
  here: {
    about: 'every line of the lab, as the page /here reads it in Chromium',
    files: e2e('lab-here', 'here'),
    smoke: [
      { file: 'test/e2e/here.test.ts', tests: ['in Chromium > the border is cut', 'in Chromium > nothing wrong'] },
    ],
  },
  matrix: {
    about: 'rooms, invitations, boards and the bell on a real Synapse',
    files: [
      ...e2e('matrix', 'matrix-bell', 'matrix-board', 'matrix-contract', 'matrix-invitations', 'matrix-people'),
      ...e2e('matrix-reactions', 'stop-matrix'),
    ],
    alone: e2e('matrix-bell'),
    smoke: [{ file: 'test/e2e/matrix.test.ts' }],
  },
  encrypted: {
    about: 'encrypted rooms on a real Synapse, with other clients, faults, restores, standby; kills at every write',
    files: [
      ...e2e('matrix-encrypted*', 'matrix-element', 'matrix-verify', 'nio'),
      ...['plaintext', 'kills', 'rollback'].map((name) => `test/unit/matrix/crypto/${name}.test.ts`),
    ],
    smoke: [{ file: 'test/e2e/matrix-encrypted.test.ts' }],
  },
  telegram: {
    about: 'the bell, a first hour, pickers, pictures and channels on the strict stand-in of Telegram',
    files: e2e('telegram', 'newcomer', 'pickers', 'another-bot', 'channel-setup', 'pictures', 'pairs', 'warnings'),
    alone: e2e('newcomer'),
    smoke: [{ file: 'test/e2e/telegram.test.ts', tests: ['the bell rings in Telegram (en)'] }],
  },
  stores: {
    about: 'SQLite and PostgreSQL: leases, several processes, two machines, failover, who gets what',
    files: [
      ...e2e('database', 'database-leases', 'two-machines', 'processes', 'processes-failover', 'beside-the-bot'),
      'test/scenario/pairs-on-postgres.long.test.ts',
      'test/contract/store/audience.test.ts',
    ],
    smoke: [
      { file: 'test/e2e/database.test.ts', tests: ['PostgreSQL > a second process'] },
      { file: 'test/e2e/two-machines.test.ts' },
    ],
  },
  kills: {
    about: 'kill -9, full disks, locked databases, wrong clocks and hanging platforms in the middle of broadcasts',
    files: e2e('torture', 'stop', 'stop-ways', 'surge-restart'),
    alone: e2e('torture'),
    smoke: [{ file: 'test/e2e/torture.test.ts', tests: ['torture > kill -9 at random moments of broadcasts'] }],
  },
  pages: {
    about: 'status page in Chromium (axe, keyboard, phone and desk), webhooks, reports of readers, secrets',
    files: e2e('pages', 'webhooks', 'reports', 'secrets'),
    smoke: [
      {
        file: 'test/e2e/pages.test.ts',
        tests: ['in Chromium > JavaScript off', 'in Chromium > from the search', 'in Chromium > by keyboard'],
      },
    ],
  },
  observatories: {
    about: 'OONI, IODA, Radar, Globalping, GDELT, registers and pushes, from the answer to the alert',
    files: [
      ...e2e('observatories/*', 'globalping', 'registry'),
      'test/scenario/observatories/false-alarms.long.test.ts',
      'test/unit/registry/large.long.test.ts',
    ],
    smoke: [{ file: 'test/e2e/observatories/radar.test.ts' }],
  },
  press: {
    about: 'feeds of a country on demand, and all 749 of them on a played internet',
    files: e2e('press', 'press-internet'),
    alone: e2e('press-internet'),
    smoke: [{ file: 'test/e2e/press.test.ts', tests: ['subscribe pakistan'] }],
  },
  crowd: {
    about: 'thousands at once, taps, hostile clients, a broadcast under the platform’s limits',
    files: e2e('load', 'surge', 'readers', 'hostile'),
    alone: e2e('load', 'surge', 'readers', 'hostile'),
    smoke: [{ file: 'test/e2e/surge-restart.test.ts', tests: ['killed in the middle of it'] }],
  },
  setup: {
    about: 'setup at a terminal, agents, federation of bots',
    files: e2e('setup', 'agents', 'federation'),
    smoke: [{ file: 'test/e2e/agents.test.ts' }],
  },
  year: {
    about: 'a year of the whole program on a clock that runs ahead',
    files: ['test/scenario/soak.long.test.ts', 'test/unit/state/views.property.test.ts'],
    smoke: [{ file: 'test/scenario/soak.long.test.ts' }],
  },
  pace: {
    about: 'what bounds durations, one file after the other on a machine that should be quiet',
    files: [],
    alone: ['test/**/*.timed.test.ts', ...measuring()],
    smoke: [{ file: 'test/unit/encoder/model.timed.test.ts' }],
  },
  clock: {
    about: 'the gate with the clock of the system 40 and 400 days ahead and 10 days back (libfaketime)',
    files: ['test/clock/*.test.ts'],
    smoke: [{ file: 'test/clock/clock.test.ts' }],
  },
};

const LONG = ['test/**/*.long.test.ts', 'test/**/*.timed.test.ts', 'test/e2e/**/*.test.ts', 'test/clock/*.test.ts'];

/** The files that the gate has not: they are proven by topic. */
export const provenFiles = (): string[] => found(LONG).filter((file) => !WHOLE_PROGRAM.includes(file));

/** The files of a topic, those that run beside each other and those that run one after the other. */
export function filesOf({ files, alone = [] }: Topic): { beside: string[]; alone: string[] } {
  const single = found(alone);
  return { beside: found(files).filter((file) => !single.includes(file)), alone: single };
}

/**
 * Files that put something else in the place of a module: others of their worker would be handed it, too, so each has a worker of its own.
 */
export const apart = (files: readonly string[]): string[] =>
  files.filter((file) => /^\s*(await )?vi\.(doMock|mock)\(|vi\.resetModules\(/m.test(text(file)));

/** The files whose property tests look for new cases with fresh seeds (`npm run fuzz`): what the gate has and fast-check drives. */
export const propertyFiles = (): string[] => {
  const proven = provenFiles();
  return allFiles().filter((file) => !proven.includes(file) && text(file).includes("from 'fast-check'"));
};
