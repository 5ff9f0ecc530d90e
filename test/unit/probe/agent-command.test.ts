/** `tocsin agent`: what it refuses to start with, whose consent it wants, and how it measures, carries and stops. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { CommandDeps } from '../../../src/sources/kind.ts';
import { run } from '../../../src/sources/probe/agent-command.ts';
import { centre, commandWorld, folderOf, OFFLINE_VANTAGE } from './command-world.ts';
import { hastyVantage } from './hasty-vantage.ts';

hastyVantage();

const TOKEN = 'a-token-of-twenty-letters';
const env = { TOKEN, SHORT: 'nineteen-characters', LANG: 'en_GB.UTF-8' };
const until = (what: () => boolean) => vi.waitFor(() => expect(what()).toBe(true), { timeout: 10_000, interval: 2 });

/** What an agent is started with, all of it right. */
function intake(over: Partial<CommandDeps> = {}) {
  const { folder, write } = folderOf();
  const world = commandWorld({ env, ...over });
  const vantage = write('vantage.yaml', OFFLINE_VANTAGE);
  const spool = join(folder, 'spool', 'of', 'agent');
  const args = (url: string, ...more: string[]) => [
    '--centre',
    url,
    '--token',
    'env:TOKEN',
    '--vantage',
    vantage,
    '--spool',
    spool,
    '--every',
    '5',
    ...more,
  ];
  return { ...world, folder, write, vantage, spool, args };
}

describe('refused, with what to do', () => {
  const OWN = 'http://127.0.0.1:1/agents';
  test.each<[string, string[], string]>([
    ['no centre', [], 'agent needs --centre URL'],
    ['a centre that is no address', ['--centre', 'tocsin.example.org'], 'agent needs --centre URL'],
    ['a centre in the clear', ['--centre', 'http://tocsin.example.org/agents'], '--centre must begin with https://'],
    ['a name that only looks like this machine', ['--centre', 'http://localhost.example.org/'], '--centre must begin'],
    ['another protocol', ['--centre', 'ftp://127.0.0.1/'], '--centre must begin with https://'],
    ['no token', ['--centre', OWN], 'agent needs --token env:NAME or --token file:PATH'],
    ['a token on the command line', ['--centre', OWN, '--token', TOKEN], '(a token on the command line could be read'],
    ['a variable that is not set', ['--centre', OWN, '--token', 'env:NONE'], 'the token of env:NONE is missing'],
    ['a token that is too short', ['--centre', OWN, '--token', 'env:SHORT'], 'shorter than 20 characters'],
    ['a file that is not there', ['--centre', OWN, '--token', 'file:/nowhere/token'], 'file:/nowhere/token is missing'],
    ['no vantage file', ['--centre', OWN, '--token', 'env:TOKEN'], 'agent needs --vantage FILE'],
  ])('%s', async (_name, args, why) => {
    await expect(run(args, commandWorld({ env }).deps)).rejects.toMatchObject({
      message: expect.stringContaining(why),
    });
  });

  test.each(['4', '4.99', '86401', 'soon', '', 'Infinity'])('rounds every %j seconds', async (every) => {
    const { deps, args, folder } = intake();
    await expect(run(args(OWN, '--every', every), deps)).rejects.toMatchObject({
      code: 'usage',
      message: '--every must be a number of seconds from 5 to 86400',
    });
    expect(existsSync(join(folder, 'spool'))).toBe(false);
  });

  test('a vantage file with a mistake: the file, the place and the remedy, before anything is made or sent', async () => {
    const { deps, args, write, spool, err } = intake();
    const broken = write('broken.yaml', OFFLINE_VANTAGE.replace('country: KE', 'contry: KE'));
    await expect(run(args(OWN, '--vantage', broken), deps)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/broken\.yaml.*contry.*country/s),
    });
    expect([existsSync(spool), err]).toEqual([false, []]);
  });

  test('an address of a centre on this very machine may be in the clear, in each of its spellings', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      await expect(run(['--centre', `http://${host}:9/`], commandWorld().deps)).rejects.toThrow('agent needs --token');
  });
});

describe('consent', () => {
  test('nobody at the terminal and no --consent: the text is shown, and it ends', async () => {
    const { deps, args, err, asked, spool } = intake();
    await expect(run(args('http://127.0.0.1:1/'), deps)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('start again with --consent'),
    });
    expect(err.join('')).toContain('Run it only where the owners of machine and line know of it and agree');
    expect([asked.length, existsSync(join(spool, 'consent.json'))]).toEqual([1, false]);
  });

  test.each(['no', '', 'n', 'yes please', 'нет', 'yesyes'])('typed %j: nothing was sent', async (typed) => {
    const { deps, args, spool } = intake({ ask: async () => typed });
    await expect(run(args('http://127.0.0.1:1/'), deps)).rejects.toMatchObject({ message: 'nothing was sent' });
    expect(existsSync(join(spool, 'consent.json'))).toBe(false);
  });

  test.each(['yes', ' YES ', 'Да', 'بله'])('typed %j: it begins, and does not ask again', async (typed) => {
    const { url, batches } = await centre();
    const first = intake({ ask: async () => typed });
    const running = run(first.args(url), first.deps);
    await until(() => batches.length > 0);
    first.interrupt();
    expect(await running).toBe(0);
    const file = join(first.spool, 'consent.json');
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['agreedAt']);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const again = commandWorld({ env });
    again.interrupt();
    expect(await run(first.args(url), again.deps)).toBe(0);
    expect([again.asked, again.err]).toEqual([[], []]);
  });

  test.each([
    ['ru_RU.UTF-8', 'Запускайте только там'],
    ['fa_IR', 'تنها در جایی'],
    ['de_DE.UTF-8', 'Nur dort starten'],
    ['C', 'Run it only where'],
  ])('a machine that speaks %s', async (lang, text) => {
    const { deps, args, err } = intake({ env: { ...env, LANG: 'en', LC_ALL: lang } });
    await expect(run(args('http://127.0.0.1:1/'), deps)).rejects.toThrow();
    expect(err.join('')).toContain(text);
  });
});

describe('at work', () => {
  test('measurements go to the centre with its token, which no line of the log may show', async () => {
    const { url, batches, bearers } = await centre();
    const { deps, args, interrupt, secrets, log } = intake();
    const running = run(args(url, '--consent'), deps);
    await until(() => batches.some(({ measurements }) => measurements.length > 0));
    interrupt();
    expect(await running).toBe(0);
    const found = batches.flatMap(({ measurements }) => measurements);
    expect(found[0]).toMatchObject({ target: null, verdict: 'vantage_offline', vantageId: 'desk', probeCc: 'KE' });
    expect([[...bearers], secrets]).toEqual([[`Bearer ${TOKEN}`], [TOKEN]]);
    expect(log.said()).toContain('info Agent is at work');
    expect(JSON.stringify(log.lines)).not.toContain(TOKEN);
  });

  test('a token from a file, with the line end that editors add', async () => {
    const { url, bearers } = await centre();
    const { deps, args, write, interrupt } = intake();
    const file = write('token', `${TOKEN}\n`);
    const running = run(args(url, '--consent', '--token', `file:${file}`), deps);
    await until(() => bearers.size > 0);
    interrupt();
    await running;
    expect([...bearers]).toEqual([`Bearer ${TOKEN}`]);
  });

  test('a file named STOP: nothing is measured, and the centre still sees a sign of life', async () => {
    const { url, batches } = await centre();
    const { deps, args, spool, interrupt } = intake();
    const first = commandWorld({ env });
    first.interrupt();
    await run(args(url, '--consent'), first.deps);
    writeFileSync(join(spool, 'STOP'), '');
    let turns = 0;
    const clock: CommandDeps['clock'] = {
      ...deps.clock,
      sleep(ms, signal) {
        turns++;
        return deps.clock.sleep(ms, signal);
      },
    };
    const running = run(args(url, '--consent'), { ...deps, clock });
    await until(() => batches.length > 0 && turns > 20);
    interrupt();
    await running;
    expect(batches.map(({ seq, measurements }) => [seq, measurements])).toEqual([[0, []]]);
  });

  test('the centre stops it and lets it go on: each is logged once, however often it says so', async () => {
    let wish = true;
    const { url, batches } = await centre(() => ({ body: { stop: wish } }));
    const { deps, args, interrupt, log } = intake();
    let time = 0;
    // Signs of life every few answers: the steady clock runs ahead.
    const clock = { ...deps.clock, monotonic: () => (time += 60_000) };
    const running = run(args(url, '--consent'), { ...deps, clock });
    await until(() => log.said().includes('warn The centre stops this agent'));
    const then = batches.length;
    await until(() => batches.length > then + 3);
    wish = false;
    await until(() => log.said().includes('warn The centre lets this agent go on'));
    interrupt();
    await running;
    expect(log.said().filter((line) => line.startsWith('warn The centre'))).toEqual([
      'warn The centre stops this agent',
      'warn The centre lets this agent go on',
    ]);
  });

  test('a target that nobody knows: said in the log, and the agent stays reachable for its centre', async () => {
    const { url, batches } = await centre();
    const { deps, args, interrupt, log } = intake();
    const running = run(['no such thing', ...args(url, '--consent')], deps);
    await until(() => batches.length > 0 && log.said().includes('error Unable to measure'));
    interrupt();
    expect(await running).toBe(0);
    expect(batches.every(({ measurements }) => measurements.length === 0)).toBe(true);
  });

  test('a centre that cannot be reached: results wait on disk, and go out when the agent starts again', async () => {
    const refusing = await centre(() => ({ status: 503 }));
    const { deps, args, interrupt, log } = intake();
    const running = run(args(refusing.url, '--consent'), deps);
    await until(() => refusing.batches.some(({ measurements }) => measurements.length > 0));
    interrupt();
    await running;
    expect(log.said()).toContain('warn Unable to reach the centre; results wait on disk');

    const { url, batches } = await centre();
    const later = commandWorld({ env });
    const again = run(args(url), later.deps);
    await until(() => batches.length > 0);
    later.interrupt();
    await again;
    const waited = refusing.batches.find(({ measurements }) => measurements.length > 0)!;
    expect(batches[0]!.measurements[0]!.id).toBe(waited.measurements[0]!.id);
    expect(later.log.lines.find(({ message }) => message === 'Agent is at work')?.fields.waiting).toBeGreaterThan(0);
  });
});
