/** One trouble each, in the middle of a broadcast. After it: nothing lost, no crash, no hot loop, one warning, recovery by itself. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultQuery } from '../../fakes/fake-telegram/client.ts';
import { hasSynapse, NEEDS_SYNAPSE } from '../synapse.ts';
import { type MatrixRooms, matrixRooms } from './matrix-rooms.ts';
import { Rig, type RigOptions } from './rig.ts';

export interface FaultOptions {
  chats: number;
  /** How long the trouble lasts, s. */
  seconds: number;
  rate: number;
}

export interface FaultReport {
  lost: number;
  repeats: number;
  /** Repeats that the fault itself makes unavoidable: the platform carried a send out and said that it failed. */
  excused: number;
  crashed: boolean;
  warnings: string[];
  /** Processor time while the trouble lasted, of one processor. */
  busy: number;
  /** From the end of the trouble to the last chat that had not heard, ms. */
  recoveredMs: number;
}

export interface Fault {
  name: string;
  /** Why it cannot be made here; null = it can. */
  missing(): string | null;
  /** Part of the bounded form that CI runs. */
  quick: boolean;
  run(options: FaultOptions): Promise<FaultReport>;
}

interface Trouble {
  options?: Partial<RigOptions>;
  /** Rooms that must hear of it, too. */
  rooms?: MatrixRooms;
  /** Repeats that must be forgiven, once it is over. */
  excused?(rig: Rig): Promise<number>;
  begin(rig: Rig): Promise<void> | void;
  end(rig: Rig): Promise<void> | void;
  cleanup?(): Promise<void> | void;
}

const PATIENCE = 150_000;
/** Sends of one Telegram account that are under way at a time, at most. */
const WINDOW = 16;
/** While a trouble lasts, ms. */
const NEWS_EVERY = 300_000;
const ROOMS = 10;

async function suffer(trouble: Trouble, { chats, seconds, rate }: FaultOptions): Promise<FaultReport> {
  let rig: Rig | null = null;
  try {
    rig = await Rig.create({ chats, limits: 'off', rate, ...trouble.options });
    await rig.program.start();
    const { pid } = rig.program;
    const from = rig.program.stderr.length;
    rig.bell.ring();
    while ((await rig.heard()).total < chats / 10) await sleep(50);
    await trouble.begin(rig);
    const before = cpuMs(pid);
    // News go on coming meanwhile.
    for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
      rig.bell.ring();
      await sleep(Math.min(NEWS_EVERY, end - performance.now()));
    }
    const busy = (cpuMs(pid) - before) / (seconds * 1_000);
    await trouble.end(rig);
    const ended = performance.now();
    await rig.untilHeard(PATIENCE);
    await trouble.rooms?.untilHeard(rig.bell.rung, PATIENCE);
    const recoveredMs = performance.now() - ended;
    await sleep(1_000);
    const crashed = !existsSync(`/proc/${pid}`);
    const { pairs, doubled } = await rig.heard();
    const excused = (await trouble.excused?.(rig)) ?? 0;
    const code = await rig.program.stop();
    if (!rig.database.startsWith('postgres')) rig.checkDatabase();
    const rooms = (await trouble.rooms?.accountFor(rig.bell.rung)) ?? { lost: 0, repeats: 0 };
    const lost = chats * rig.bell.rung.length - pairs + rooms.lost;
    const report = { lost, repeats: doubled + rooms.repeats, excused };
    const warnings = rig.warnings(from);
    return { ...report, crashed: crashed || code !== 0, warnings, busy, recoveredMs };
  } finally {
    await rig?.remove();
    await trouble.cleanup?.();
  }
}

const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const telegram = (name: string, quick: boolean, fault: FaultQuery, excusable: boolean, most = Infinity): Fault => ({
  name,
  quick,
  missing: () => null,
  run: (options) =>
    suffer(
      {
        begin: (rig) => rig.telegram.fault({ method: 'send.*', times: Number.isFinite(most) ? most : 0, ...fault }),
        end: (rig) => rig.telegram.clearFaults(),
        // Each call that was carried out and then failed makes one repeat unavoidable.
        excused: async (rig) => (excusable ? Number((await rig.telegram.stats()).faults) : 0),
      },
      options,
    ),
});

/** A disk of its own, 48 MB, that only root can make. */
function smallDisk(): Trouble {
  const mount = mkdtempSync(join(tmpdir(), 'tocsin-disk-'));
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', mount]);
  if (made.status !== 0) throw new Error(`mount: ${made.stderr}`);
  const ballast = join(mount, 'ballast');
  return {
    options: { database: join(mount, 'tocsin.db') },
    begin() {
      const file = openSync(ballast, 'w');
      try {
        // To the last block: a part of a write fits where the whole does not.
        for (let size = 1 << 20; size >= 512;) {
          try {
            writeSync(file, Buffer.alloc(size));
          } catch {
            size >>= 1;
          }
        }
      } finally {
        closeSync(file);
      }
    },
    end: () => rmSync(ballast),
    cleanup() {
      spawnSync('umount', [mount]);
      rmSync(mount, { recursive: true, force: true });
    },
  };
}

function lockedDatabase(): Trouble {
  let other: DatabaseSync | null = null;
  return {
    begin(rig) {
      other = new DatabaseSync(rig.database, { timeout: 10_000 });
      other.exec('begin immediate');
    },
    end() {
      other?.exec('rollback');
      other?.close();
    },
  };
}

const FAKETIME = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib']
  .map((folder) => `${folder}/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));

/** The wall clock, not the steady one, as NTP sets it: libfaketime reads by how much from a file. */
function jumpingClock(by: string): Trouble {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-time-'));
  const file = join(folder, 'offset');
  writeFileSync(file, '+0\n');
  const env = {
    LD_PRELOAD: FAKETIME!,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return {
    options: { env },
    begin: () => writeFileSync(file, `${by}\n`),
    // It stays wrong: whoever waits for it to come back waits for a day.
    end: () => {},
    cleanup: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const POSTGRES = ['17', '16', '15', '14'].map((version) => `/usr/lib/postgresql/${version}/bin`).find(existsSync);

/** A PostgreSQL of its own, stopped as an upgrade does it (`fast`), and started again. */
function restartedPostgres(): Trouble {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-pg-'));
  const data = join(folder, 'data');
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const root = process.getuid?.() === 0;
  const run = (program: string, args: string[]): void => {
    const command = [join(POSTGRES!, program), ...args];
    const done = root
      ? spawnSync('runuser', ['-u', 'postgres', '--', ...command], {
          encoding: 'utf8',
          stdio: ['ignore', 'ignore', 'pipe'],
        })
      : spawnSync(command[0]!, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  };
  const start = () =>
    run('pg_ctl', [
      '-D',
      data,
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`,
      'start',
    ]);
  mkdirSync(folder, { recursive: true });
  if (root) spawnSync('chown', ['postgres', folder]);
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C']);
  start();
  return {
    options: { database: `postgres://postgres@127.0.0.1:${port}/postgres` },
    // Its leases are gone with the server: what was in flight then is sent again, as at a kill.
    excused: async () => WINDOW,
    begin: () => run('pg_ctl', ['-D', data, '-m', 'fast', '-w', 'stop']),
    end: start,
    cleanup() {
      try {
        run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
      } catch {
        // Down already.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function downSynapse(): Promise<Trouble> {
  const rooms = await matrixRooms(ROOMS);
  return {
    options: { accounts: [rooms.account] },
    rooms,
    begin: () => rooms.kill(),
    end: () => rooms.restart(),
    cleanup: () => rooms.stop(),
  };
}

const asRoot = () =>
  process.getuid?.() === 0 && process.platform === 'linux' ? null : 'needs root, to mount a small disk';

export const FAULTS: Fault[] = [
  { name: 'disk full', quick: true, missing: asRoot, run: (options) => suffer(smallDisk(), options) },
  { name: 'database locked', quick: true, missing: () => null, run: (options) => suffer(lockedDatabase(), options) },
  ...['+1d', '-1d'].map((by): Fault => ({
    name: `clock ${by}`,
    quick: by === '-1d',
    missing: () => (FAKETIME ? null : 'needs libfaketime'),
    run: (options) => suffer(jumpingClock(by), options),
  })),
  {
    name: 'PostgreSQL restarted',
    quick: true,
    missing: () => (POSTGRES ? null : 'needs PostgreSQL installed'),
    run: (options) => suffer(restartedPostgres(), options),
  },
  {
    name: 'Synapse down',
    quick: true,
    missing: () => (hasSynapse() ? null : NEEDS_SYNAPSE),
    run: async (options) => suffer(await downSynapse(), options),
  },
  telegram('Telegram answers 502', true, { fault: '502' }, false),
  telegram('Telegram answers 502 to everything', true, { fault: '502', method: '.*' }, false),
  telegram('Telegram answers 502 as a page', false, { fault: 'html-502' }, false),
  telegram('resets before', false, { fault: 'reset', probability: 0.2 }, false),
  telegram('resets after processing', true, { fault: 'reset-after', probability: 0.1 }, true),
  telegram('502 after processing', false, { fault: '502-after', probability: 0.1 }, true),
  telegram('hangs', false, { fault: 'hang' }, false, 20),
  telegram('truncated answers', false, { fault: 'truncate', probability: 0.1 }, true),
];
