/** Machines elsewhere post what they measured to a running program: counted once, shown, stopped, and never taken from strangers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../fakes/free-port.ts';
import { Program } from './program.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TOKEN = 'agent-token-of-tallinn-31c7';
const OTHER = 'agent-token-of-riga-88d1';
const WRONG = 'agent-token-of-nobody-55aa';
let port: number;
let program: Program;

const measurement = (id: string, at: number, over: object = {}) => ({
  id,
  sourceId: 'probe',
  kind: 'probe',
  at,
  probeCc: 'US',
  probeAsn: 'AS1',
  vantageId: 'laptop',
  target: 'whatsapp',
  component: null,
  verdict: 'ok',
  detail: null,
  notes: [],
  raw: null,
  ...over,
});
const post = async (body: object | string, token: string | null = TOKEN) => {
  const answer = await fetch(`http://127.0.0.1:${port}/agents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, answer: JSON.parse((await answer.text()) || 'null') as unknown };
};
const batch = (seq: number, measurements: object[], epoch = 'abcdefgh') => ({
  v: 1,
  epoch,
  seq,
  dropped: 0,
  measurements,
});
const rows = (sql: string): unknown[] => {
  const db = new DatabaseSync(join(program.folder, 'tocsin.db'), { readOnly: true });
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    db.close();
  }
};
/** One command, and what was printed until an answer had the given words. */
const ask = async (command: string, words: RegExp): Promise<string> => {
  const from = program.stdout.length;
  program.type(command);
  await program.until(() => words.test(program.stdout.slice(from)), 10_000, `${command}: ${words.source}`);
  return program.stdout.slice(from);
};

beforeAll(async () => {
  port = await freePort();
  program = await Program.create(
    {
      database: 'tocsin.db',
      accounts: [{ id: 'console', platform: 'console' }],
      sources: [],
      web: { listen: `127.0.0.1:${port}` },
      agents: [
        { id: 'tallinn', token: 'env:AGENT_TALLINN', country: 'RU', asn: 'AS64501' },
        { id: 'riga', token: 'env:AGENT_RIGA', country: 'RU', asn: 64502 },
      ],
      policy: { groupWait: '0s' },
    },
    { TOCSIN_LOG: 'debug', AGENT_TALLINN: TOKEN, AGENT_RIGA: OTHER },
  );
  await program.start();
});
afterAll(() => program?.remove());

test('a repeated batch counts once, under the name and network that the config gives', async () => {
  const at = Date.now() - 60_000;
  const first = batch(1, [measurement('m1', at), measurement('m2', at, { target: 'telegram' })]);
  expect(await post(first)).toEqual({ status: 200, answer: { acked: 1, stop: false } });
  expect(await post(first)).toEqual({ status: 200, answer: { acked: 1, stop: false } });
  // A spool that was lost and begins anew sends the same measurements under new numbers.
  expect((await post(batch(1, first.measurements, 'ijklmnop'))).status).toBe(200);
  expect(rows('select id, vantage_id from measurements order by id')).toEqual([
    { id: 'tallinn-m1', vantage_id: 'tallinn' },
    { id: 'tallinn-m2', vantage_id: 'tallinn' },
  ]);
});

test('status and sources show it: country and network, no address', async () => {
  const status = await ask('ping', /riga.*\n?/);
  expect(status).toContain('Agent tallinn (Russia, AS64501) measures; heard of in the last 60 minutes');
  expect(status).toContain('Agent riga (Russia, AS64502) has not been heard of yet');
  expect(await ask('sources', /To stop an agent/)).not.toContain('127.0.0.1');
});

test.each([
  ['no token', null, '{}', 401],
  ['a wrong token', WRONG, '{}', 401],
  ['a wrong token with a body of ten megabytes', WRONG, 'x'.repeat(10_000_000), 401],
  ['a body that is no batch', TOKEN, '{"v":9}', 400],
  ['a body of five megabytes', TOKEN, `"${'x'.repeat(5_000_000)}"`, 413],
])('%s: refused', async (_name, token, body, status) => {
  // Who is cut off in the middle of a large body may read nothing any more.
  const got = await post(body, token)
    .then((one) => one.status)
    .catch(() => status);
  expect(got).toBe(status);
  expect((await post(batch(0, []))).status).toBe(200);
});

test('two networks see a block: the alert says so', async () => {
  await ask('subscribe ru', /I watch here/);
  // Rounds count by when they arrive: three that are made a few seconds apart, not three that say so.
  for (let round = 0; round < 4; round++) {
    for (const [name, token] of [
      ['t', TOKEN],
      ['r', OTHER],
    ] as const) {
      const what = { target: 'signal', verdict: 'sni_blocked', detail: 'reset' };
      const one = measurement(`${name}-block-${round}`, Date.now(), what);
      expect((await post(batch(100 + round, [one]), token)).status).toBe(200);
    }
    await setTimeout(2_100);
  }
  await program.until(() => /Signal blocked/.test(program.stdout), 20_000, 'an alert');
  await program.until(() => /measured from 2 networks/.test(program.stdout), 20_000, 'the second network');
});

test('back-dated rounds, an invented target, a foreign vantage: no alert, and the answer names what was refused', async () => {
  const from = program.stdout.length;
  const back = [30, 20, 10, 0].map((minutes) =>
    measurement(`back-${minutes}`, Date.now() - minutes * 60_000, { target: 'telegram', verdict: 'ip_blocked' }),
  );
  const invented = measurement('invented', Date.now(), { target: 'invented.example', verdict: 'ip_blocked' });
  const foreign = measurement('foreign', Date.now(), { vantageId: 'phone', target: 'telegram', verdict: 'ip_blocked' });
  const { status, answer } = await post(batch(200, [...back, invented, foreign]));
  expect(status).toBe(200);
  expect(answer).toEqual({
    acked: 200,
    stop: false,
    refused: [
      'invented: target "invented.example" is not known here',
      'foreign: vantage "phone" is none of this token\'s',
    ],
    refusedInAll: 2,
  });
  expect(await ask('sources', /2 measurements refused/)).toContain('tallinn');
  expect(program.stdout.slice(from)).not.toContain('Telegram');
  expect(program.stderr).toContain('An agent measures what nobody knows here');
});

test('an operator at the terminal stops an agent: it hears of it with its next post, and over a restart', async () => {
  await ask('sources stop tallinn', /stops measuring/);
  expect(await post(batch(0, []))).toEqual({ status: 200, answer: { acked: 0, stop: true } });
  expect((await post(batch(0, []), OTHER)).answer).toEqual({ acked: 0, stop: false });
  await program.kill();
  await program.start();
  expect((await post(batch(0, []))).answer).toEqual({ acked: 0, stop: true });
  await ask('sources start tallinn', /measures again/);
  expect((await post(batch(0, []))).answer).toEqual({ acked: 0, stop: false });
});

test('the agent of the command line finds its way: a sign of life arrives', async () => {
  await writeFile(
    join(program.folder, 'vantage.yaml'),
    'id: laptop\nresolvers: { system: 127.0.0.1, control: [] }\ntargets: [{ id: here, name: here.example }]\n',
  );
  // A folder with a file STOP: it measures nothing, so no packet leaves the machine.
  await writeFile(join(program.folder, 'STOP'), '');
  const agent = spawn(
    process.execPath,
    [
      join(ROOT, 'src/main.ts'),
      'agent',
      '--centre',
      `http://127.0.0.1:${port}/agents`,
      '--token',
      'env:AGENT_RIGA',
      '--vantage',
      'vantage.yaml',
      '--spool',
      '.',
      '--consent',
    ],
    {
      cwd: program.folder,
      env: { PATH: process.env.PATH ?? '', HOME: program.folder, AGENT_RIGA: OTHER },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  agent.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    await ask('sources stop riga', /stops measuring/);
    await program.until(() => /The centre stops this agent/.test(said), 20_000, `the agent hears of it: ${said}`);
  } finally {
    agent.kill('SIGTERM');
    await once(agent, 'exit');
  }
  expect(said).not.toContain(OTHER);
}, 60_000);

test('no token stands in the log, in the database or on a page', async () => {
  const page = await (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
  expect(await program.stop()).toBe(0);
  const kept = JSON.stringify(rows('select * from measurements'));
  for (const secret of [TOKEN, OTHER, WRONG]) {
    expect(program.stderr + program.stdout + page + kept).not.toContain(secret);
  }
});
