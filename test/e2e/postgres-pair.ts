/** Two real PostgreSQL clusters of one test: a primary and a synchronous standby, in a scratch folder, on ports of their own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../fakes/free-port.ts';
import { scratchFolder } from '../fakes/scratch.ts';

const ROOT = '/usr/lib/postgresql';

/** The newest PostgreSQL of this machine whose programs are there; null = none. */
export function postgresPrograms(): string | null {
  try {
    const [newest] = readdirSync(ROOT).sort((a, b) => Number(b) - Number(a));
    execFileSync(join(ROOT, newest!, 'bin/initdb'), ['--version']);
    return join(ROOT, newest!, 'bin');
  } catch {
    return null;
  }
}

interface Cluster {
  data: string;
  port: number;
  server: ChildProcess | null;
}

/** PostgreSQL does not run as root: as the user that Debian made for it. */
function user(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export class PostgresPair {
  readonly #bin: string;
  readonly #folder = scratchFolder('tocsin-pair-');
  readonly #user = user();
  primary: Cluster;
  standby: Cluster;

  private constructor(bin: string, ports: [number, number]) {
    this.#bin = bin;
    this.primary = { data: join(this.#folder, 'a'), port: ports[0], server: null };
    this.standby = { data: join(this.#folder, 'b'), port: ports[1], server: null };
  }

  static async up(bin: string): Promise<PostgresPair> {
    const pair = new PostgresPair(bin, [await freePort(), await freePort()]);
    const { primary, standby } = pair;
    const folder = pair.#folder;
    chmodSync(folder, 0o755);
    if (pair.#user.uid !== undefined) chownSync(folder, pair.#user.uid, pair.#user.gid!);
    pair.#run('initdb', ['-A', 'trust', '-U', 'postgres', '--no-sync', '-D', primary.data]);
    appendFileSync(
      join(primary.data, 'postgresql.conf'),
      [
        "listen_addresses = '127.0.0.1'",
        `unix_socket_directories = '${folder}'`,
        'wal_level = replica',
        'max_connections = 60',
        'shared_buffers = 16MB',
        // Processes are killed here, never the machine.
        'fsync = off',
        '',
      ].join('\n'),
    );
    await pair.#start(primary);
    const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres'];
    pair.#run('pg_basebackup', [...from, '-D', standby.data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync']);
    await pair.#start(standby);
    // Not before the standby is a copy: alone, as the next primary, it must wait for nobody.
    await pair.ask(primary, "alter system set synchronous_standby_names = '*'");
    await pair.ask(primary, 'select pg_reload_conf()');
    await pair.#until(async () => {
      const { rows } = await pair.ask(primary, "select 1 from pg_stat_replication where sync_state = 'sync'");
      return rows.length === 1;
    });
    return pair;
  }

  /** Both hosts, in the order in which they were made, as libpq reads them. */
  get database(): string {
    const ports = [this.primary.port, this.standby.port].map((port) => `127.0.0.1:${port}`);
    return `postgres://postgres@${ports.join(',')}/postgres?target_session_attrs=read-write`;
  }

  async ask({ port }: Pick<Cluster, 'port'>, text: string): Promise<pg.QueryResult> {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  }

  /** kill -9 of the primary and of all its processes at once. */
  async killPrimary(): Promise<void> {
    await end(this.primary);
  }

  async promote(): Promise<void> {
    await this.ask(this.standby, 'select pg_promote()');
  }

  /** The killed primary as the standby of the promoted one, by the steps of docs/deploy/two-machines.md; the two change names here. */
  async backAsStandby(slot: string): Promise<void> {
    const [gone, promoted] = [this.primary, this.standby];
    await this.ask(promoted, `select pg_create_physical_replication_slot('${slot}')`);
    rmSync(gone.data, { recursive: true, force: true });
    const from = ['-h', '127.0.0.1', '-p', String(promoted.port), '-U', 'postgres'];
    const how = ['-R', '-X', 'stream', '-S', slot, '-c', 'fast', '--no-sync'];
    this.#run('pg_basebackup', [...from, '-D', gone.data, ...how], { PGPASSWORD: 'typed' });
    await this.#start(gone);
    this.primary = promoted;
    this.standby = gone;
  }

  async down(): Promise<void> {
    await Promise.all([end(this.primary), end(this.standby)]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(program: string, args: string[], env: Record<string, string> = {}): void {
    execFileSync(join(this.#bin, program), args, {
      ...this.#user,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: this.#folder,
    });
  }

  async #start(cluster: Cluster): Promise<void> {
    cluster.server = spawn(join(this.#bin, 'postgres'), ['-D', cluster.data, '-p', String(cluster.port)], {
      ...this.#user,
      stdio: 'ignore',
      cwd: this.#folder,
      // A group of its own, so that all of it can be killed in one moment.
      detached: true,
    });
    await this.#until(async () => {
      await this.ask(cluster, 'select 1');
      return true;
    });
  }

  async #until(is: () => Promise<boolean>): Promise<void> {
    for (const last = Date.now() + 60_000; ;) {
      if (await is().catch(() => false)) return;
      if (Date.now() > last) throw new Error('A cluster of the pair does not come up.');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function end(cluster: Cluster): Promise<void> {
  const { server } = cluster;
  cluster.server = null;
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  process.kill(-server.pid!, 'SIGKILL');
  await gone;
}
