/** A real Synapse for tests: one process and one folder each, on loopback, gone at the end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../fakes/free-port.ts';
import { MatrixUser } from './matrix-user.ts';

const VENV = process.env.TOCSIN_SYNAPSE_VENV || resolve(import.meta.dirname, '../../.synapse-venv');
const PYTHON = join(VENV, 'bin/python');
const SECRET = 'only-for-tests';

/** Why the tests against a real Synapse are left out where they are. */
export const NEEDS_SYNAPSE = 'needs a Synapse (.ci/synapse-install)';
export const hasSynapse = (): boolean => existsSync(PYTHON);

export interface Synapse {
  baseUrl: string;
  serverName: string;
  register(name: string, options?: { admin?: boolean }): Promise<MatrixUser>;
  /** Lifts the limits for this one person, as an admin does. */
  free(user: MatrixUser): Promise<void>;
  /** The newest events of a room as the server keeps them, newest first: no client between. */
  kept(roomId: string): Promise<{ type: string; sender: string; content: Record<string, unknown> }[]>;
  /** Ends the process, as a crash does, without removing anything. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `limits`: true = Synapse's own default for messages (0.2 a second, burst of 10), as real bots meet it, everything else is unlimited;
 * `'all'` = Synapse's defaults for everything (joins: 0.1 a second, burst of 10); people who act in bulk are `freed`.
 */
export async function startSynapse(options: { limits?: boolean | 'all' } = {}): Promise<Synapse> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-synapse-'));
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const serverName = 'localhost';
  const generated = spawnSync(
    PYTHON,
    [
      '-m',
      'synapse.app.homeserver',
      '--generate-config',
      '--server-name',
      serverName,
      '--config-path',
      'hs.yaml',
      '--data-directory',
      folder,
      '--report-stats',
      'no',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  if (generated.status !== 0)
    throw new Error(`Synapse cannot write its configuration: ${generated.stderr.slice(-2000)}`);
  writeFileSync(join(folder, 'test.yaml'), configuration(port, baseUrl, options.limits ?? false));
  writeFileSync(
    join(folder, 'log.yaml'),
    'version: 1\nhandlers: {file: {class: logging.FileHandler, filename: hs.log}}\nroot: {level: WARNING, handlers: [file]}\n',
  );
  let child: ChildProcess | null = null;
  const killAtExit = (): void => void child?.kill('SIGKILL');
  process.once('exit', killAtExit);

  async function start(): Promise<void> {
    const started = spawn(PYTHON, ['-m', 'synapse.app.homeserver', '-c', 'hs.yaml', '-c', 'test.yaml'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    let errors = '';
    started.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000);
    });
    for (let tries = 0; ; tries++) {
      if (started.exitCode !== null || tries > 600) throw new Error(`Synapse did not start: ${errors} ${logTail()}`);
      const ok = await fetch(`${baseUrl}/health`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ok) return;
      await new Promise((r) => setTimeout(r, 100));
    }
  }

  const logTail = (): string => {
    const path = join(folder, 'hs.log');
    return existsSync(path) ? readFileSync(path, 'utf8').slice(-2000) : '';
  };

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((r) => running.once('exit', r));
    running.kill(signal);
    await gone;
  }

  await start();
  let admin: Promise<MatrixUser> | null = null;
  const asAdmin = (): Promise<MatrixUser> => (admin ??= register(baseUrl, 'the-admin', true));
  return {
    baseUrl,
    serverName,
    register: (name, { admin = false } = {}) => register(baseUrl, name, admin),
    async kept(roomId) {
      const path = `/_synapse/admin/v1/rooms/${encodeURIComponent(roomId)}/messages?dir=b&limit=1000&from=`;
      return (await (await asAdmin()).call('GET', path)).chunk as Awaited<ReturnType<Synapse['kept']>>;
    },
    async free(user) {
      const path = `/_synapse/admin/v1/users/${user.userId}/override_ratelimit`;
      await (await asAdmin()).call('POST', path, { messages_per_second: 0, burst_count: 0 });
    },
    kill: () => end('SIGKILL'),
    restart: start,
    async stop() {
      await end('SIGKILL');
      process.off('exit', killAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function register(baseUrl: string, name: string, admin: boolean): Promise<MatrixUser> {
  const url = `${baseUrl}/_synapse/admin/v1/register`;
  const { nonce } = (await (await fetch(url)).json()) as { nonce: string };
  const password = `password-of-${name}`;
  const mac = createHmac('sha1', SECRET)
    .update([nonce, name, password, admin ? 'admin' : 'notadmin'].join('\0'))
    .digest('hex');
  const answer = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ nonce, username: name, password, admin, mac }),
  });
  const body = (await answer.json()) as { user_id: string; access_token: string };
  if (!answer.ok) throw new Error(`Synapse does not register ${name}: ${JSON.stringify(body)}`);
  return new MatrixUser(baseUrl, body.user_id, body.access_token);
}

function configuration(port: number, baseUrl: string, limits: boolean | 'all'): string {
  const none = '{per_second: 99999, burst_count: 99999}';
  return [
    `public_baseurl: ${baseUrl}/`,
    `listeners: [{port: ${port}, bind_addresses: ['127.0.0.1'], type: http, tls: false, resources: [{names: [client]}]}]`,
    'federation_domain_whitelist: []',
    'trusted_key_servers: []',
    'log_config: log.yaml',
    'pid_file: hs.pid',
    'database: {name: sqlite3, args: {database: homeserver.db}}',
    `registration_shared_secret: ${SECRET}`,
    'bcrypt_rounds: 4',
    'presence: {enabled: false}',
    'url_preview_enabled: false',
    'caches: {sync_response_cache_duration: 0}',
    ...(limits ? [] : [`rc_message: ${none}`]),
    `rc_registration: ${none}`,
    `rc_login: {address: ${none}, account: ${none}, failed_attempts: ${none}}`,
    ...(limits === 'all'
      ? []
      : [
          `rc_joins: {local: ${none}, remote: ${none}}`,
          `rc_joins_per_room: ${none}`,
          `rc_invites: {per_room: ${none}, per_user: ${none}, per_issuer: ${none}}`,
          `rc_room_creation: ${none}`,
        ]),
    '',
  ].join('\n');
}
