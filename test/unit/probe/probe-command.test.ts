/** `tocsin probe`: what it takes, what it prints for people and for scripts, and its rounds. What a round measures is `round.test.ts`. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandDeps } from '../../../src/sources/kind.ts';
import { run } from '../../../src/sources/probe/probe-command.ts';
import type { RoundOptions, RoundResult } from '../../../src/sources/probe/round.ts';
import { vantageCheck, verdict } from '../judge/facts.ts';
import { commandWorld, folderOf, OFFLINE_VANTAGE } from './command-world.ts';
import { hastyVantage } from './hasty-vantage.ts';

hastyVantage();

type Word = ReturnType<typeof verdict> | null;
/** What each round comes to, in order; the last one stays. By target, or the vantage point's own trouble. */
type Script = (Record<string, Word> | { offline: RoundResult['offline'] })[];

const world = vi.hoisted(() => ({
  script: [] as Script,
  asked: [] as { ids: string[]; options: RoundOptions }[],
}));
let at = 0;

vi.mock('../../../src/sources/probe/round.ts', async (original) => ({
  ...(await original<object>()),
  async runRound(_session: unknown, targets: { id: string }[], options: RoundOptions): Promise<RoundResult> {
    const now = world.script[Math.min(world.asked.length, world.script.length - 1)] ?? {};
    world.asked.push({ ids: targets.map(({ id }) => id), options });
    at += 200_000;
    const offline = 'offline' in now ? (now.offline as RoundResult['offline']) : null;
    options.onProgress?.(1, targets.length);
    return {
      at,
      offline,
      vantageCheck: vantageCheck({ reasons: offline ? ['nothing answers'] : [] }),
      vantageObservations: {} as RoundResult['vantageObservations'],
      results: targets.map((target) => ({
        target: target as RoundResult['results'][number]['target'],
        verdict: offline ? null : ((now as Record<string, Word>)[target.id] ?? null),
        component: target.id === 'whatsapp' ? 'chat' : null,
        observations: [],
      })),
    };
  },
}));

beforeEach(() => {
  world.script = [{}];
  world.asked.length = 0;
  at = Date.UTC(2026, 10, 25, 12);
});

const cut = verdict('sni_blocked', 'rst');
const fine = verdict('ok');
const started = async (args: string[], script: Script = [{}], over: Partial<CommandDeps> = {}) => {
  world.script = script;
  const made = commandWorld(over);
  const vantage = folderOf().write('vantage.yaml', OFFLINE_VANTAGE);
  const code = await run([...args, '--vantage', vantage], made.deps);
  return { ...made, code, lines: made.out.join('').split('\n').slice(0, -1) };
};

describe('what to measure', () => {
  test.each<[string, string[], string[]]>([
    ['nothing named: all of the file', [], ['site', 'other']],
    ['by id and by host name', ['site', 'OTHER.invalid'], ['site', 'OTHER.invalid']],
    ['the reference, too', ['reference'], ['reference']],
    ['a service of the catalogue', ['WhatsApp'], ['WhatsApp']],
    ['any host name', ['www.example.org'], ['www.example.org']],
  ])('%s', async (_name, args, ids) => {
    await started(args);
    expect(world.asked.map((round) => round.ids)).toEqual([ids]);
  });

  test.each<[string, string[], string, string | RegExp]>([
    ['a name that is none', ['no such'], 'usage', /^unknown target "no such": name an id or host of the vantage file/],
    ['a long one is cut', ['x'.repeat(500)], 'usage', /^unknown target "x{60}": /],
    ['an address', ['https://example.org/'], 'usage', /^unknown target "https:\/\/example\.org\/"/],
    ['rounds: none', ['--rounds', '0'], 'usage', '--rounds must be a number from 1 to 100000, not "0"'],
    ['rounds: words', ['--rounds', 'many'], 'usage', '--rounds must be a number from 1 to 100000, not "many"'],
    ['rounds: hexadecimal', ['--rounds', '0x10'], 'usage', '--rounds must be a number from 1 to 100000, not "0x10"'],
    ['rounds: too many', ['--rounds', '100001'], 'usage', /^--rounds must be a number from 1 to 100000/],
    ['an interval longer than a day', ['--interval', '86401'], 'usage', /^--interval must be a number from 0 to 86400/],
    ['an interval that is long to read', ['--interval', '9'.repeat(300)], 'usage', /, not "9{20}"$/],
  ])('refused: %s', async (_name, args, code, message) => {
    await expect(started(args)).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(world.asked).toEqual([]);
  });

  test('a vantage file without targets, and none named: says where they can stand', async () => {
    const { deps } = commandWorld();
    const file = folderOf().write('bare.yaml', OFFLINE_VANTAGE.replace(/targets:[\s\S]*/, ''));
    await expect(run(['--vantage', file], deps)).rejects.toThrow(
      /the vantage file has no targets: name some, .* or add "targets"/,
    );
  });

  test('no vantage file at all: measured from here as it is, which is said first, on the side of people', async () => {
    const { deps, out, err } = commandWorld();
    expect(await run(['example.org', '--json'], deps)).toBe(0);
    expect(err[0]).toMatch(/^Measuring from here as it is/);
    expect(out).toEqual([]);
    await expect(run(['no such'], deps)).rejects.toThrow('name a host name, or a service of the catalogue');
  });

  test('its own certificates cannot be read: the path and what to do', async () => {
    const { deps } = commandWorld();
    const file = folderOf().write('vantage.yaml', `${OFFLINE_VANTAGE}ca: roots.pem\n`);
    await expect(run(['site', '--vantage', file], deps)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(
        /"ca" cannot be read: \/.*\/roots\.pem \(ENOENT\); correct the path, or leave it out/,
      ),
    });
  });
});

describe('how thoroughly', () => {
  const many = Array.from({ length: 11 }, (_, i) => `host-${i}.example.org`);
  const bigFile = (n: number): string =>
    `${OFFLINE_VANTAGE.replace(/targets:[\s\S]*/, '')}targets: [${Array.from({ length: n }, (_, i) => `{ id: t${i}, name: t${i}.invalid }`).join(', ')}]\n`;

  test.each<[string, string[], number, { full: boolean; patient: boolean }]>([
    ['named ones: the full method', many, 2, { full: true, patient: true }],
    ['a short list of the file: full', [], 10, { full: true, patient: true }],
    ['a long list of the file: quick', [], 11, { full: false, patient: true }],
    ['one target: nobody to wait for', ['site.invalid'], 2, { full: true, patient: false }],
    [
      'several rounds: the next one is another chance',
      [...many, '--rounds', '2', '--interval', '0'],
      2,
      { full: true, patient: false },
    ],
  ])('%s', async (_name, args, n, expected) => {
    const { deps } = commandWorld();
    await run([...args, '--vantage', folderOf().write('v.yaml', bigFile(n))], deps);
    expect(world.asked[0]!.options).toMatchObject(expected);
  });
});

describe('for people', () => {
  test('a table with reasons, in the order asked; what was left unjudged has no line', async () => {
    const { lines, code } = await started(
      ['site', 'other', 'whatsapp'],
      [{ site: fine, whatsapp: { ...cut, also: ['ip_blocked:timeout'], notes: ['ipv6_blocked'] } }],
    );
    expect(code).toBe(0);
    expect(lines).toEqual([
      'TARGET    VERDICT          WHY',
      'site      ok               works',
      'whatsapp  sni_blocked:rst  connections are reset when they name it; another name at the same address passes (high confidence)',
      '                           component: chat · also ip_blocked:timeout · ipv6_blocked',
    ]);
  });

  test('the line is down: that, and nothing about targets', async () => {
    expect((await started(['site'], [{ offline: 'link' }])).lines).toEqual([
      'This machine is offline: no reference site answers. Nothing is said about the targets.',
    ]);
  });

  test('three rounds of the same block: an alert with the third, and a blank line between tables', async () => {
    const { lines } = await started(['site', '--rounds', '4', '--interval', '120'], [{ site: cut }]);
    expect(lines.filter((line) => line.startsWith('ALERT'))).toEqual([
      'ALERT new: site sni_blocked:rst (2026-11-25T12:10:00.000Z)',
    ]);
    expect(lines.filter((line) => line === '')).toHaveLength(3);
  });

  test('one round tells no alert, however blocked', async () => {
    expect((await started(['site'], [{ site: cut }])).out.join('')).not.toContain('ALERT');
  });

  test('how far a round is: told for each, and ended with it', async () => {
    const { told } = await started(['site', '--rounds', '2', '--interval', '0'], [{}]);
    expect(told).toEqual(['round 1/2: 1 of 1 targets', 'end', 'round 2/2: 1 of 1 targets', 'end']);
    expect((await started(['site'], [{}])).told).toEqual(['probing: 1 of 1 targets', 'end']);
  });

  test('colours: of the verdict alone, and the word stays', async () => {
    const { lines } = await started(['site', 'other'], [{ site: fine, other: cut }], {
      paint: (tone, text) => `<${tone}>${text}</>`,
    });
    expect(lines[1]).toBe('site    <good>ok             </>  works');
    expect(lines[2]).toMatch(/^other {3}<bad>sni_blocked:rst<\/> {2}connections are reset/);
  });
});

describe('for scripts', () => {
  test('a line a verdict with every field, its component among the notes; nothing else on the stream', async () => {
    const { lines } = await started(
      ['whatsapp', 'site', '--json'],
      [{ whatsapp: { ...cut, notes: ['ipv6_blocked'], families: { ipv4: 'sni_blocked:rst' } }, site: null }],
    );
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        target: 'whatsapp',
        verdict: 'sni_blocked',
        detail: 'rst',
        also: [],
        notes: ['ipv6_blocked', 'component:chat'],
        families: { ipv4: 'sni_blocked:rst' },
        confidence: 'high',
      },
    ]);
  });

  test('the line is down: once, with a target of null and the reasons', async () => {
    const { lines } = await started(['site', 'other', '--json'], [{ offline: 'captive_portal' }]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        target: null,
        verdict: 'vantage_offline',
        detail: 'captive_portal',
        also: [],
        notes: ['nothing answers'],
        families: {},
        confidence: 'high',
      },
    ]);
  });

  test('blocked and lifted over rounds: alerts are lines of their own', async () => {
    const script: Script = [cut, cut, cut, cut, fine, fine, fine, fine].map((site) => ({ site }));
    const { lines } = await started(['site', '--json', '--rounds', '8', '--interval', '120'], script);
    const alerts = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'alert');
    expect(alerts).toEqual([
      { type: 'alert', kind: 'new', at: expect.stringMatching(/^2026-/), target: 'site', verdict: 'sni_blocked:rst' },
      {
        type: 'alert',
        kind: 'lifted',
        at: expect.stringMatching(/^2026-/),
        target: 'site',
        verdict: 'sni_blocked:rst',
      },
    ]);
  });
});

describe('rounds', () => {
  test('begin at the interval from each other, whatever a round takes; after the last nobody waits', async () => {
    const slept: number[] = [];
    const { deps } = commandWorld();
    let now = 0;
    const clock = {
      ...deps.clock,
      monotonic: () => (now += 1_000),
      sleep: async (ms: number) => void slept.push(ms),
    };
    const file = folderOf().write('v.yaml', OFFLINE_VANTAGE);
    await run(['site', '--rounds', '3', '--interval', '60', '--vantage', file], { ...deps, clock });
    expect([world.asked.length, slept.length]).toEqual([3, 2]);
    for (const ms of slept) {
      expect(ms).toBeLessThan(60_000);
      expect(ms).toBeGreaterThan(50_000);
    }
  });

  test('interrupted: what the cut round would have said is not printed, and it ends well', async () => {
    const made = commandWorld();
    const clock = { ...made.deps.clock, sleep: async () => made.interrupt() };
    const file = folderOf().write('v.yaml', OFFLINE_VANTAGE);
    world.script = [{ site: fine }];
    expect(await run(['site', '--rounds', '5', '--vantage', file], { ...made.deps, clock })).toBe(0);
    expect([world.asked.length, made.out.join('').match(/^site /gm)?.length]).toEqual([1, 1]);
    made.out.length = 0;
    expect(await run(['site', '--vantage', file], made.deps)).toBe(0);
    expect(made.out).toEqual([]);
  });
});
