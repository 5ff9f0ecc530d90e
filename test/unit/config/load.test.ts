import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapterKinds } from '../../../src/adapters/index.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { type AccountConfig, fileSchema } from '../../../src/config/schema.ts';
import { PACKAGE_ROOT } from '../../../src/config/secrets.ts';
import { codeOf } from '../../../src/core/errors.ts';
import { sourceKinds } from '../../../src/sources/index.ts';

const good = join(import.meta.dirname, '../../fixtures/config/good');
const TOKEN = '1234567:AAfixtureAAfixtureAAfixtureAAfixture';

let empty: string;
beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'tocsin-config-'));
});
afterAll(() => rmSync(empty, { recursive: true, force: true }));

const load = (file: string | null, env: Record<string, string> = {}, cwd = good) => loadConfig({ file, env, cwd });
const field = (account: AccountConfig | undefined, key: string) =>
  (account as Record<string, unknown> | undefined)?.[key];

/** Every key of an object schema, at any depth. */
function keysOf(schema: unknown): string[] {
  const { entries, wrapped, pipe, item } = (schema ?? {}) as Record<string, unknown>;
  const inner = [wrapped, item, ...(Array.isArray(pipe) ? pipe.filter((part) => part !== schema) : [])];
  const own = Object.entries((entries as Record<string, unknown> | undefined) ?? {});
  return [...own.flatMap(([key, value]) => [key, ...keysOf(value)]), ...inner.filter(Boolean).flatMap(keysOf)];
}

describe('defaults', () => {
  test('no file, no environment: console, bundled feeds and services, data/tocsin.db', async () => {
    const config = await load(null, {}, empty);
    expect(config.file).toBeNull();
    expect(config.accounts.map((a) => a.platform)).toEqual(['console']);
    expect(config.sources.length).toBeGreaterThanOrEqual(25);
    expect(config.catalogue.services.length).toBeGreaterThan(50);
    expect(config.database).toBe(join(empty, 'data/tocsin.db'));
    expect(config.policy).toEqual({
      groupWait: 60_000,
      level: 'corroborated',
      quietAfter: 45 * 86_400_000,
      firstPollWindow: 6 * 3_600_000,
      widenWithin: 7 * 86_400_000,
      advice: { on: true, except: [] },
    });
    expect(config.network).toEqual({ allowPrivateAddresses: false, proxy: null, perHost: 2 });
    expect([config.web, config.vantage, config.agents, config.operators]).toEqual([null, null, [], []]);
  });

  test('an empty file: the same as no file', async () => {
    const [a, b] = [await load('empty.yaml', {}, good), await load(null, {}, empty)];
    expect({ ...a, file: null, files: [], database: '' }).toEqual({ ...b, files: [], database: '' });
  });

  test('config/tocsin.yaml where the process starts: taken without being named', async () => {
    const cwd = join(empty, 'with-config');
    mkdirSync(join(cwd, 'config'), { recursive: true });
    writeFileSync(join(cwd, 'config/tocsin.yaml'), 'sources: []\ndatabase: here.db\n');
    const config = await load(null, {}, cwd);
    expect([config.file, config.database, config.sources]).toEqual([
      join(cwd, 'config/tocsin.yaml'),
      join(cwd, 'here.db'),
      [],
    ]);
  });

  test('sources named: these alone; include named: these alone', async () => {
    expect((await load('same.json')).sources).toEqual([]);
    const config = await load('block-of-the-manual.yaml', {
      FIXTURE_TOKEN: TOKEN,
      FIXTURE_MATRIX_TOKEN: 'syt_fixture',
    });
    expect(config.sources.map((s) => s.id)).toEqual(['themoscowtimes', 'meduza', 'example']);
  });
});

describe('environment', () => {
  test('tokens alone: their accounts, and no console', async () => {
    const env = {
      TELEGRAM_TOKEN: TOKEN,
      MATRIX_HOMESERVER: 'https://matrix.example.org',
      MATRIX_ACCESS_TOKEN: 'syt_fixture',
    };
    const config = await load(null, env, empty);
    expect(config.accounts.map((a) => a.platform)).toEqual(['telegram', 'matrix']);
    expect(config.redactions).toEqual(expect.arrayContaining([TOKEN, 'syt_fixture']));
  });

  test('accounts in the file: the environment adds none', async () => {
    const config = await load('same.json', { TELEGRAM_TOKEN: TOKEN });
    expect(config.accounts.map((a) => a.id)).toEqual(['mx']);
  });

  test('half an account: reported as such', async () => {
    await expect(load(null, { MATRIX_HOMESERVER: 'https://matrix.example.org' }, empty)).rejects.toThrow(
      /^environment: matrix.accessToken: is missing/,
    );
  });

  test('TOCSIN_DATABASE stands before the file, TOCSIN_CONFIG behind --config', async () => {
    const env = { TOCSIN_DATABASE: 'other.db', TOCSIN_CONFIG: 'same.json' };
    expect((await load(null, env)).file).toBe(join(good, 'same.json'));
    expect((await load('empty.yaml', env)).file).toBe(join(good, 'empty.yaml'));
    expect((await load('same.json', env)).database).toBe(join(good, 'other.db'));
  });

  test('TOCSIN_LOG: the level, or a fault that lists them', async () => {
    expect((await load('empty.yaml', { TOCSIN_LOG: 'WARN' })).logLevel).toBe('warn');
    await expect(load('empty.yaml', { TOCSIN_LOG: 'loud' })).rejects.toThrow(
      'environment: TOCSIN_LOG: is no log level; known here: debug, error, info, warn',
    );
  });
});

describe('values', () => {
  test('every key of the manual', async () => {
    const config = await load('block-of-the-manual.yaml', {
      FIXTURE_TOKEN: TOKEN,
      FIXTURE_MATRIX_TOKEN: 'syt_fixture',
    });
    expect(config.accounts.map((a) => a.id)).toEqual(['tg', 'mx', 'console']);
    expect(field(config.accounts[0], 'token')).toBe(TOKEN);
    expect(config.web).toEqual({
      host: '127.0.0.1',
      port: 8080,
      private: null,
      publicUrl: null,
      pages: false,
      measure: false,
      trustProxy: [],
    });
    expect(config.operators).toEqual(['telegram:12345', 'matrix:@ann:example.org']);
    expect(config.vantage?.data).toMatchObject({
      id: 'lab',
      country: 'XX',
      asn: 'AS64500',
      ca: join(good, 'parts/ca.pem'),
    });
    expect(config.catalogue.services.map((s) => s.id)).toEqual(['chatter', 'our-vpn']);
    expect(config.catalogue.services[0]?.aliases).toEqual(['chat-er', 'the green one']);
  });

  test('JSON; secrets from a file and out of a database address are never to be printed', async () => {
    const config = await load('same.json');
    expect(field(config.accounts[0], 'accessToken')).toBe('fixture-token-from-a-file');
    expect(config.redactions).toEqual(expect.arrayContaining(['fixture-token-from-a-file', 's3cret-in-url']));
    expect(config.database).toMatch(/^postgres:/);
    expect(config.policy).toMatchObject({ groupWait: 0, level: 'early' });
    expect(config.network).toEqual({ allowPrivateAddresses: true, proxy: 'socks5://127.0.0.1:9050', perHost: 4 });
  });

  test('the explained example, copied unedited: the same as no configuration at all', async () => {
    const file = join(empty, 'copied.yaml');
    copyFileSync(join(PACKAGE_ROOT, 'config/tocsin.example.yaml'), file);
    const { file: _, files: __, ...copied } = await load(file, {}, empty);
    const { file: ___, files: ____, ...defaults } = await load(null, {}, empty);
    expect(copied).toEqual(defaults);
    expect([copied.operators, copied.agents, copied.web, copied.vantage]).toEqual([[], [], null, null]);
    expect(copied.accounts).toEqual([{ id: 'console', platform: 'console' }]);
  });

  test('the explained example: nothing in it is a stranger’s, also where somebody takes every # away', () => {
    const text = readFileSync(join(PACKAGE_ROOT, 'config/tocsin.example.yaml'), 'utf8');
    const on = everythingOn(text);
    // Numbers of Telegram, tokens, addresses outside the names kept for examples.
    expect(on.match(/telegram:\d+|\b\d{6,}:[\w-]{20,}|syt_\w+/g)).toBeNull();
    const hosts = [...on.matchAll(/(?:https?:\/\/|:\/\/[^\s"]*@|[@*][\w]*:)([a-z0-9.-]+)/g)].map((match) => match[1]!);
    const ours = /(^|\.)example\.(org|com)$|^127\.0\.0\.1$|^localhost$|^api\.telegram\.org$|^your\.homeserver$|^host$/;
    expect(hosts.filter((host) => !ours.test(host))).toEqual([]);
  });

  test('the explained example: accepted with everything switched on that is commented out', async () => {
    const text = readFileSync(join(PACKAGE_ROOT, 'config/tocsin.example.yaml'), 'utf8');
    const file = join(empty, 'all-on.yaml');
    const on = everythingOn(text);
    expect(on).not.toBe(text);
    writeFileSync(file, on);
    const env = {
      TELEGRAM_TOKEN: TOKEN,
      MATRIX_ACCESS_TOKEN: 'syt_fixture',
      TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-twenty-letters',
      HOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      MODEL_KEY: 'sk-a-key-of-a-model',
      AGENT_TALLINN: 'an-agent-token-of-thirty-letters',
      NEWSROOM_TOKEN: 'a-token-of-the-newsroom',
    };
    const config = await load(file, env, empty);
    expect(config.web).toEqual({
      host: '127.0.0.1',
      port: 8080,
      private: { host: '127.0.0.1', port: 8081 },
      publicUrl: 'https://tocsin.example.org',
      pages: true,
      measure: false,
      trustProxy: ['127.0.0.1'],
    });
    expect(config.accounts.map((account) => account.id)).toEqual(['tg', 'mx', 'hook', 'console']);
    expect(config.phrases).toEqual({ en: { block: ['taken off the net'] } });
    const token = 'an-agent-token-of-thirty-letters';
    expect(config.agents).toEqual([{ id: 'tallinn', token, country: 'EE', asn: 'AS64500' }]);
    expect(config.redactions).toContain(token);
    expect(config.model).toEqual({
      url: 'http://127.0.0.1:11434/v1',
      name: 'qwen3',
      key: 'sk-a-key-of-a-model',
      maxTokens: 600,
      timeoutMs: 5_000,
      perHour: 200,
    });
    expect(config.redactions).toContain('sk-a-key-of-a-model');
  });

  test('the explained example names every key that there is', () => {
    const text = readFileSync(join(PACKAGE_ROOT, 'config/tocsin.example.yaml'), 'utf8');
    const schemas: unknown[] = [fileSchema, ...adapterKinds.map((kind) => kind.schema)];
    schemas.push(...sourceKinds.filter((kind) => kind.kind === 'rss').map((kind) => kind.schema));
    schemas.push(...sourceKinds.flatMap((kind) => kind.agents?.schema ?? []));
    const missing = schemas.flatMap(keysOf).filter((key) => !new RegExp(`\\b${key}\\b`).test(text));
    expect(missing).toEqual([]);
  });

  test('agents: the network may be a number; nowhere in particular is XX', async () => {
    const file = join(empty, 'agents.yaml');
    writeFileSync(
      file,
      'web: { listen: 127.0.0.1:0 }\nagents: [{ id: lab, token: env:T, country: XX, asn: 64500 }]\nsources: []\n',
    );
    const config = await load(file, { T: 'a-token-of-twenty-letters' }, empty);
    expect(config.agents).toEqual([{ id: 'lab', token: 'a-token-of-twenty-letters', country: 'XX', asn: 'AS64500' }]);
  });

  test.each(['services.yaml', 'baseline.yaml'])(
    'bundled %s: JSON apart from comments, so that each start reads it fast',
    (name) => {
      const text = readFileSync(join(PACKAGE_ROOT, 'config', name), 'utf8');
      expect(() => JSON.parse(text.replace(/^\s*#.*$/gm, ''))).not.toThrow();
    },
  );

  test('bundled files may be named from anywhere', async () => {
    const file = join(empty, 'bundled.yaml');
    writeFileSync(file, 'include: ["bundled:feeds.yaml"]\n');
    expect((await load(file, {}, empty)).sources.length).toBeGreaterThanOrEqual(25);
  });
});

/** Of two `database` lines the first counts; files that are not there are left out. */
function everythingOn(text: string): string {
  const blocks = text.split('\n\n').map((block) => {
    const lines = block.split('\n');
    const first = lines.findIndex((line) => /^# [a-z][a-zA-Z]*:( |$)/.test(line));
    return lines.map((line, i) => (first >= 0 && i >= first ? line.replace(/^# ?/, '') : line)).join('\n');
  });
  // Inside a block, a commented-out line is one key (or list item) with its value; prose has no such form.
  return blocks
    .join('\n\n')
    .replace(/^( +)# ((?:- \{|[a-zA-Z]+:)(?: .*)?| {2,}\w+: ?.*)$/gm, '$1$2')
    .replace(/^(services|vantage|database: (?!data)).*\n/gm, '');
}

describe('hostile files', () => {
  test('any text: a config or one config_invalid, never anything else', async () => {
    const file = join(empty, 'fuzz.yaml');
    const keys = [
      'accounts',
      'sources',
      'include',
      'policy',
      'network',
      'web',
      'agents',
      'operators',
      'extract',
      'database',
      '__proto__',
      'constructor',
    ];
    const yamlish = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()).map((d) => JSON.stringify(d)),
    );
    await fc.assert(
      fc.asyncProperty(yamlish, async (text) => {
        writeFileSync(file, text);
        try {
          await load(file, {}, empty);
        } catch (error) {
          expect(codeOf(error)).toBe('config_invalid');
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a file of megabytes and a deep one: refused at once', async () => {
    const file = join(empty, 'large.yaml');
    writeFileSync(file, `operators: [${'x, '.repeat(800_000)}]`);
    await expect(load(file, {}, empty)).rejects.toThrow(/more than 2000000/);
    writeFileSync(file, '['.repeat(5_000));
    await expect(load(file, {}, empty)).rejects.toThrow(/^large.yaml/);
    writeFileSync(join(empty, 'deep.json'), `${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    await expect(load('deep.json', {}, empty)).rejects.toThrow('deep.json: is nested deeper than 32 levels');
  });
});
