/** What operators copy from docs/deploy: it names what is there, and fits what the program does. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/config/load.ts';
import { scratchFolder } from '../../fakes/scratch.ts';

const read = (name: string): string => readFileSync(new URL(`../../../docs/deploy/${name}`, import.meta.url), 'utf8');

describe('the unit of systemd', () => {
  const lines = read('tocsin.service').split('\n');
  const all = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));

  test('what it starts: a file of the repository, by the Node that npm ci brings', () => {
    const [command] = all('ExecStart');
    // Not `node_modules/.bin/node`, which npm before 11 does not link; the page installs Debian's.
    expect(command).toMatch(/^\/usr\/bin\/node src\/tocsin\.mjs start --config /);
    expect(read('README.md')).toMatch(/^apt-get install .*\bnodejs\b/m);
    expect(existsSync(new URL('../../../src/tocsin.mjs', import.meta.url))).toBe(true);
  });

  test('a stop: it has longer than the program takes, and a wrong configuration is not started again and again', () => {
    const stopWithin = Number(
      /STOP_WITHIN = ([\d_]+)/.exec(readFileSync('src/cli/start.ts', 'utf8'))![1]!.replace('_', ''),
    );
    expect(Number(all('TimeoutStopSec')[0]) * 1_000).toBeGreaterThan(stopWithin);
    expect(all('RestartPreventExitStatus')).toEqual(['2']);
  });

  test('what it names as the database goes before the configuration, and lies where it may write', async () => {
    const [database] = all('Environment')
      .map((line) => /^TOCSIN_DATABASE=(.*)$/.exec(line)?.[1])
      .filter((one) => one !== undefined);
    const { database: used } = await loadConfig({ file: null, env: { TOCSIN_DATABASE: database }, cwd: '/nowhere' });
    expect(used).toBe(database);
    expect(database).toMatch(new RegExp(`^/var/lib/${all('StateDirectory')[0]}/`));
  });

  test('configuration and data: of the user that it runs as, who also writes them', () => {
    const [user] = all('User');
    for (const folder of ['/etc/tocsin', '/var/lib/tocsin'])
      expect(read('README.md')).toMatch(new RegExp(`^install -d -m 7[05]0 -o ${user} -g ${user} ${folder}$`, 'm'));
    expect(read('README.md')).toMatch(
      new RegExp(`^runuser -u ${user} -- .* setup --config /etc/tocsin/tocsin.yaml$`, 'm'),
    );
  });

  test('systemd reads it without a word', ({ skip }) => {
    const unit = join(scratchFolder('unit-'), 'tocsin.service');
    // What it starts and who runs it are of the machine that it is for.
    writeFileSync(
      unit,
      read('tocsin.service')
        .replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`)
        .replace(/^(User|Group)=.*/gm, ''),
    );
    const { error, stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    if (error) skip('needs systemd-analyze');
    expect(stderr.split('\n').filter((line) => line.includes('tocsin.service'))).toEqual([]);
    expect(status).toBe(0);
  });

  test('what protects it does not break it: V8 must be able to write code, and sockets of both families are open', () => {
    expect(lines.some((line) => line.startsWith('MemoryDenyWriteExecute=yes'))).toBe(false);
    expect(all('RestrictAddressFamilies')[0]!.split(' ')).toEqual(
      expect.arrayContaining(['AF_INET', 'AF_INET6', 'AF_UNIX']),
    );
    expect(all('ProtectSystem')).toEqual(['strict']);
  });
});

describe('the compose file', () => {
  const { services, volumes } = parse(read('compose.yaml'), { merge: true });

  const tokens = (profile: string): string[] =>
    Object.entries<{ profiles?: string[]; image: string }>(services)
      .filter(([, one]) => one.image === 'tocsin' && (!one.profiles || one.profiles.includes(profile)))
      .map(([name]) => name);

  test('one bot with the profile "one", two on one PostgreSQL with "two", and none that both start', () => {
    expect(tokens('one')).toEqual(['tocsin']);
    expect(tokens('two')).toEqual(['first', 'second']);
    for (const name of tokens('two')) {
      expect(services[name].environment.TOCSIN_DATABASE).toContain('@postgres/');
      expect(services[name].depends_on).toHaveProperty('postgres');
    }
    const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: name } = services.postgres.environment;
    expect(services.first.environment.TOCSIN_DATABASE).toBe(`postgres://${user}:${password}@postgres/${name}`);
  });

  test('each knows its volumes, its configuration with the secrets beside it, and a port of its own', () => {
    const all = Object.values<{ volumes: string[] }>(services).flatMap((one) => one.volumes);
    const named = all.map((volume) => volume.split(':')[0]!).filter((one) => !one.startsWith('.'));
    for (const name of named) expect(volumes).toHaveProperty(name);
    for (const profile of ['one', 'two']) {
      const ports = tokens(profile).flatMap((name) => services[name].ports as string[]);
      expect(new Set(ports).size).toBe(ports.length);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:8080$/);
      for (const name of tokens(profile)) {
        expect(services[name].volumes).toContain('./config:/app/own');
        expect(services[name].environment.TOCSIN_CONFIG).toBe('/app/own/tocsin.yaml');
      }
    }
    const [, user] = /useradd .*--uid (\d+)/.exec(readFileSync('Dockerfile', 'utf8'))!;
    expect(read('README.md')).toContain(`install -d -m 700 -o ${user} -g ${user} config`);
  });

  test('it runs as the image does: nothing to write to but its volume, no capabilities, time to stop', () => {
    for (const name of ['tocsin', 'first', 'second']) {
      expect(services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        stop_grace_period: '10s',
        image: 'tocsin',
      });
      expect(services[name].security_opt).toContain('no-new-privileges:true');
    }
    const dockerfile = readFileSync('Dockerfile', 'utf8');
    expect(dockerfile).toContain('VOLUME /app/data');
    expect(services.tocsin.volumes).toContain('data:/app/data');
  });
});

describe('two machines', () => {
  test('the settings say that a commit waits for the standby, and the page says what then stands still', () => {
    expect(read('postgresql.conf')).toMatch(/^synchronous_commit = on$/m);
    expect(read('postgresql.conf')).toMatch(/^synchronous_standby_names = 'ANY 1 \(\*\)'$/m);
    expect(read('two-machines.md')).toContain('commits wait');
  });

  test('who comes back does not start by itself, and the copy does not keep what the other was told', () => {
    expect(read('two-machines.md')).toMatch(/^echo manual > \/etc\/postgresql\/17\/main\/start\.conf$/m);
    expect(read('two-machines.md')).toContain('ALTER SYSTEM RESET synchronous_standby_names');
  });

  test('the two addresses of the example are those that may connect', () => {
    const [, hosts] = /TOCSIN_DATABASE=postgres:\/\/tocsin:change-me@([\d.,]+)\//.exec(read('two-machines.md'))!;
    for (const host of hosts!.split(','))
      expect(read('pg_hba.conf')).toMatch(new RegExp(`^host +tocsin +tocsin +${host}/32`, 'm'));
  });
});
