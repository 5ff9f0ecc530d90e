/** Addresses of PostgreSQL as libpq reads them. */
import { parse } from 'pg-connection-string';
import { describe, expect, test } from 'vitest';
import { keepPassword, withoutPassword } from '../../../src/config/secrets.ts';
import { readPostgresAddress } from '../../../src/core/model/connection-address.ts';

/** What `pg` makes of each: user@host:port/database. */
const hostsOf = (text: string): string[] | string => {
  const address = readPostgresAddress(text);
  if (typeof address === 'string') return address;
  return address.each.map((one) => {
    const { user, host, port, database } = parse(one);
    return `${user ?? ''}@${host ?? ''}:${port ?? ''}/${database ?? ''}`;
  });
};

const SOUND: [text: string, hosts: string[]][] = [
  ['postgres://u@h/db', ['u@h:/db']],
  ['postgres://u@a:5433,b:5434/db?target_session_attrs=read-write', ['u@a:5433/db', 'u@b:5434/db']],
  ['postgresql://a,b/db', ['@a:/db', '@b:/db']],
  ['postgres://u:p%40ss@a,b:6000/db', ['u@a:/db', 'u@b:6000/db']],
  ['postgres://u@[::1]:5433,[fe80::2],c/db', ['u@::1:5433/db', 'u@fe80::2:/db', 'u@c:/db']],
  ['postgres://u@/db?host=a,b&port=1,2', ['u@a:1/db', 'u@b:2/db']],
  ['postgres:///db?host=a,b&port=7&user=u', ['u@a:7/db', 'u@b:7/db']],
  ['postgres://u@ignored:1/db?host=/run/pg,b', ['u@/run/pg:/db', 'u@b:/db']],
  ['postgres://u@%2Frun%2Fpg,b/my%20db', ['u@/run/pg:/my db', 'u@b:/my db']],
  ['postgres://u@h/db?connect_timeout=3', ['u@h:/db']],
];

const FAULTY: [text: string, says: RegExp][] = [
  ['mysql://h/db', /no PostgreSQL address/],
  ['postgres://a:1:2,b/db', /form that is not understood/],
  ['postgres://[::1,b/db', /form that is not understood/],
  ['postgres://a:0,b/db', /a port that is none/],
  ['postgres://a:65536/db', /a port that is none/],
  ['postgres://a,b/db?port=1,2,3', /another number of ports/],
  [
    'postgres://a,b/db?target_session_attrs=write',
    /none of any, read-write, read-only, primary, standby, prefer-standby/,
  ],
  ['postgres://a,b/db?connect_timeout=soon', /connect_timeout that is no number/],
  [`postgres://${'a,'.repeat(16)}a/db`, /more than 16 hosts/],
];

describe('an address of PostgreSQL', () => {
  test.each(SOUND)('%s: its hosts in order', (text, hosts) => {
    expect(hostsOf(text)).toEqual(hosts);
  });

  test.each(FAULTY)('%s: says what is wrong', (text, says) => {
    expect(hostsOf(text)).toMatch(says);
  });

  test('what is wrong: told without the password', () => {
    expect(hostsOf('postgres://u:hush@a:0,b/db')).not.toContain('hush');
  });

  test('what libpq alone knows does not reach pg, what pg knows does', () => {
    const address = readPostgresAddress(
      'postgres://u:p@a,b/db?target_session_attrs=primary&connect_timeout=4&application_name=x%20y&options=-csearch_path%3Dz',
    );
    expect(address).toMatchObject({ attrs: 'primary', connectTimeout: 4_000, password: 'p' });
    const { host, ...config } = parse((address as { each: string[] }).each[1]!);
    expect([host, config.application_name, config.options]).toEqual(['b', 'x y', '-csearch_path=z']);
    expect(Object.keys(config)).not.toContain('target_session_attrs');
  });

  test('password of several hosts: redacted, and hidden where the address is shown', () => {
    const redactions = new Set<string>();
    keepPassword('postgres://u:p%40ss@a:1,b:2/db', redactions);
    keepPassword('postgres://u@a,b/db?password=second', redactions);
    expect([...redactions]).toEqual(['p%40ss', 'p@ss', 'second']);
    expect(withoutPassword('postgres://u:p%40ss@a:1,b:2/db?x=1')).toBe('postgres://u:***@a:1,b:2/db?x=1');
    expect(withoutPassword('postgres://u@a,b/db?password=second&x=1')).toBe('postgres://u@a,b/db?password=***&x=1');
  });
});
