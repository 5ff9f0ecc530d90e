/** What operators copy from docs/deploy: it names what is there, and fits what the program does. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/config/load.ts';

const read = (name: string): string => readFileSync(new URL(`../../../docs/deploy/${name}`, import.meta.url), 'utf8');

describe('the unit of systemd', () => {
  const lines = read('tocsin.service').split('\n');
  const all = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));

  test('what it starts: a file of the repository, by the Node that npm ci brings', () => {
    const [command] = all('ExecStart');
    expect(command).toMatch(/^\/opt\/tocsin\/node_modules\/\.bin\/node src\/tocsin\.mjs start --config /);
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

  test('one container by default, two and PostgreSQL with a profile; each knows its volumes', () => {
    const byDefault = Object.entries<{ profiles?: string[] }>(services).filter(([, one]) => !one.profiles);
    expect(byDefault.map(([name]) => name)).toEqual(['tocsin']);
    expect(Object.keys(services)).toEqual(['tocsin', 'first', 'second', 'postgres']);
    const named = Object.values<{ volumes: string[] }>(services).flatMap((one) =>
      one.volumes.map((volume) => volume.split(':')[0]!),
    );
    for (const name of named.filter((one) => !one.startsWith('.'))) expect(volumes).toHaveProperty(name);
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
    expect(services.tocsin.volumes[0]).toBe('data:/app/data');
  });
});

describe('two machines', () => {
  test('the settings say that a commit waits for the standby, and the page says what then stands still', () => {
    expect(read('postgresql.conf')).toMatch(/^synchronous_commit = on$/m);
    expect(read('postgresql.conf')).toMatch(/^synchronous_standby_names = 'ANY 1 \(\*\)'$/m);
    expect(read('two-machines.md')).toContain('commits wait');
  });

  test('the two addresses of the example are those that may connect', () => {
    const [, hosts] = /TOCSIN_DATABASE=postgres:\/\/tocsin:change-me@([\d.,]+)\//.exec(read('two-machines.md'))!;
    for (const host of hosts!.split(','))
      expect(read('pg_hba.conf')).toMatch(new RegExp(`^host +tocsin +tocsin +${host}/32`, 'm'));
  });
});
