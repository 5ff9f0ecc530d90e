/** The built program with receivers that are well, down, gone, hang and redirect, killed in the middle; and a real Alertmanager. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../fakes/free-port.ts';
import { leaveOut } from '../fakes/shared.ts';
import { Program } from './program.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ALERTMANAGER = 'prometheus-alertmanager';
const hasAlertmanager = spawnSync(ALERTMANAGER, ['--version']).status === 0;

interface Body {
  type: string;
  data: {
    incident: { id: string; service: string; state: string };
    change: { seq: number };
    text: string;
    link: string;
  };
}
interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

const received: Received[] = [];
const answers: Record<string, (response: ServerResponse, n: number) => void> = {
  well: (response) => void response.writeHead(204).end(),
  down: (response, n) => void response.writeHead(n < 4 ? 500 : 200).end(),
  gone: (response) => void response.writeHead(410).end(),
  elsewhere: (response) => void response.writeHead(307, { location: '/inside' }).end(),
  hangs: () => {},
};
const at = (path: string): Received[] => received.filter((one) => one.path === path);
const bodies = (path: string): Body[] => at(path).map(({ body }) => JSON.parse(body) as Body);
const idsOf = (path: string): string[] => at(path).map(({ headers }) => headers['webhook-id']!);

const server = createServer((request: IncomingMessage, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (piece) => {
    body += piece;
  });
  request.on('end', () => {
    const path = request.url!.slice(1);
    received.push({ path, headers: request.headers as Record<string, string>, body });
    (answers[path] ?? answers.well)!(response, at(path).length);
  });
});

let ports: { web: number; alertmanager: number };
let program: Program;
let alertmanager: ChildProcess | null = null;

const post = async (id: string, service: string, action: string): Promise<void> => {
  const title = `The regulator on ${service}: ${action} (${id})`;
  const report = { id, country: 'RU', service, action, title, at: new Date(Date.now() - 1_000).toISOString() };
  const url = `https://news.example/${id}`;
  const answer = await fetch(`http://127.0.0.1:${ports.web}/reports`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token-of-the-regulator' },
    body: JSON.stringify({ ...report, url }),
  });
  expect(answer.status).toBe(202);
};

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ports = { web: await freePort(), alertmanager: await freePort() };
  const hook = (id: string, over = {}) => ({
    id,
    platform: 'webhook',
    url: `${base}/${id}`,
    secret: 'env:HOOK_SECRET',
    follow: ['ru'],
    ...over,
  });
  program = await Program.create(
    {
      database: 'tocsin.db',
      baseline: null,
      network: { allowPrivateAddresses: true },
      accounts: [
        ...['well', 'down', 'gone', 'elsewhere', 'hangs'].map((id) => hook(id)),
        {
          id: 'am',
          platform: 'webhook',
          preset: 'alertmanager',
          url: `http://127.0.0.1:${ports.alertmanager}`,
          follow: ['ru'],
        },
        { id: 'console', platform: 'console' },
      ],
      operators: ['console:local'],
      web: { listen: `127.0.0.1:${ports.web}`, publicUrl: 'https://tocsin.example.org' },
      policy: { groupWait: '0s' },
      sources: [{ id: 'regulator', kind: 'push', token: 'env:REGULATOR', as: 'authority', name: 'The Regulator' }],
    },
    { HOOK_SECRET: SECRET, REGULATOR: 'a-token-of-the-regulator' },
  );
  if (hasAlertmanager) {
    const config = join(program.folder, 'alertmanager.yml');
    // What is not refreshed within a second resolves, unless it says when it ends.
    writeFileSync(config, 'global: { resolve_timeout: 1s }\nroute: { receiver: none }\nreceivers: [{ name: none }]\n');
    const listen = `--web.listen-address=127.0.0.1:${ports.alertmanager}`;
    const storage = `--storage.path=${join(program.folder, 'alertmanager')}`;
    alertmanager = spawn(ALERTMANAGER, [`--config.file=${config}`, listen, storage, '--cluster.listen-address='], {
      stdio: 'ignore',
    });
  }
  await program.start();
}, 120_000);
afterAll(async () => {
  alertmanager?.kill('SIGKILL');
  await program.remove();
  server.closeAllConnections();
  server.close();
});

test('a block: signed, with its page; who is gone has ended, said once; a redirect is not followed; who hangs holds up nobody', async () => {
  await post('r1', 'whatsapp', 'block');
  await program.until(
    () => at('well').length > 0 && at('hangs').length > 0,
    20_000,
    'a message at the receiver that is well',
  );
  const [{ headers, body }] = at('well') as [Received];
  expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
    type: 'incident.opened',
    data: {
      incident: { country: 'RU', service: 'whatsapp', action: 'block' },
      text: expect.stringContaining('WhatsApp'),
    },
  });
  const { incident, link } = bodies('well')[0]!.data;
  expect(link).toBe(`https://tocsin.example.org/incident/${incident.id}`);
  await program.until(() => /A webhook has ended/.test(program.stderr), 10_000, 'the end of the one that is gone');
  await program.until(() => at('down').length >= 4, 40_000, 'the one that was down');
  expect(new Set(idsOf('down')).size).toBe(1);
  expect(new Set(at('down').map((one) => one.body)).size).toBe(1);
  expect(at('elsewhere').length).toBeGreaterThan(0);
  expect(at('inside')).toEqual([]);
  expect(program.stderr).toMatch(/redirect/);
}, 120_000);

test('killed while a message is under way: once more at the start, under the same id; what came meanwhile follows in order', async () => {
  const { well } = answers;
  answers.well = answers.hangs!;
  const before = at('well').length;
  await post('r2', 'telegram', 'throttle');
  await program.until(() => at('well').length > before, 20_000, 'the message under way');
  await post('r3', 'telegram', 'block');
  await program.kill();
  server.closeAllConnections();
  answers.well = well!;
  await program.start();
  await post('r4', 'telegram', 'unblock');
  const told = () => bodies('well').filter(({ data }) => data.incident.service === 'telegram');
  await program.until(() => told().some(({ type }) => type === 'incident.lifted'), 40_000, 'the lift');
  const ids = idsOf('well').slice(before);
  expect(ids[0]).toBe(ids[1]);
  expect(new Set(ids).size).toBe(ids.length - 1);
  const seqs = told()
    .slice(1)
    .map(({ data }) => data.change.seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  expect(
    told()
      .map(({ type }) => type)
      .slice(1),
  ).toEqual(['incident.opened', ...Array(seqs.length - 2).fill('incident.updated'), 'incident.lifted']);
}, 120_000);

test('status: names those that fail; the bot is ready without them', async () => {
  await program.until(
    () => /hangs.*did not answer in time|did not answer in time.*hangs/.test(program.stderr),
    40_000,
    'its time is over',
  );
  program.type('status');
  await program.until(
    () => /elsewhere/.test(program.stdout) && /hangs/.test(program.stdout),
    20_000,
    'those that fail',
  );
  expect((await fetch(`http://127.0.0.1:${ports.web}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`http://127.0.0.1:${ports.web}/metrics`)).text();
  expect(metrics).toMatch(/tocsin_account_up\{account="well",platform="webhook"\} 1/);
  expect(metrics).toMatch(/tocsin_account_up\{account="hangs",platform="webhook"\} 0/);
}, 60_000);

async function command(...words: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', HOOK_SECRET: SECRET, REGULATOR: 'a-token-of-the-regulator' };
  const main = join(import.meta.dirname, '../../src/main.ts');
  const child = spawn(process.execPath, [main, ...words, '--config', program.configFile], { env, cwd: program.folder });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  await once(child, 'close');
  return out;
}

test('one that has ended: shown, and beside the running bot told to go on', async () => {
  expect(await command('webhooks')).toMatch(/gone +standard at 127\.0\.0\.1:\d+: ended .*answered 410/);
  answers.gone = answers.well!;
  const from = program.stderr.length;
  expect(await command('webhooks', 'resume', 'gone')).toContain('gone goes on within');
  await program.until(() => /A webhook goes on/.test(program.stderr.slice(from)), 20_000, 'it goes on');
  const before = at('gone').length;
  await post('r6', 'viber', 'block');
  await program.until(() => at('gone').length > before, 20_000, 'a message at it');
  expect(await command('webhooks')).toMatch(/gone +standard at 127\.0\.0\.1:\d+: well/);
  await post('r7', 'viber', 'unblock');
  const isOver = (id: string) =>
    bodies(id).some(({ type, data }) => type === 'incident.lifted' && data.incident.service === 'viber');
  await program.until(() => isOver('gone') && isOver('well'), 20_000, 'the lift at both');
}, 60_000);

test('check: each webhook is well, and nothing is sent; a test alert: sent', async () => {
  const before = at('well').length;
  const out = await command('check', '--json');
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; ok: boolean; detail: string });
  const row = rows.find(({ name }) => name === 'well (webhook)');
  expect(row).toMatchObject({ ok: true, detail: expect.stringContaining('no message was sent') });
  expect(out).not.toContain(SECRET);
  expect(at('well').length).toBe(before);
  expect(await command('test-alert', '--account', 'well')).toContain('delivered');
  expect(bodies('well').at(-1)).toMatchObject({ type: 'notice', data: { text: expect.any(String) } });
}, 60_000);

test('Alertmanager: an open incident is an alert that stays, a lifted one is none', async (context) => {
  if (!hasAlertmanager) return leaveOut(context, "needs Debian's prometheus-alertmanager");
  const alerts = async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.alertmanager}/api/v2/alerts`);
    return (await answer.json()) as {
      labels: Record<string, string>;
      annotations: Record<string, string>;
      endsAt: string;
    }[];
  };
  let found = await alerts();
  for (
    const until = performance.now() + 30_000;
    found.length !== 1 && performance.now() < until;
    found = await alerts()
  )
    await new Promise((wake) => setTimeout(wake, 200));
  // WhatsApp is blocked since long before resolve_timeout; Telegram was lifted.
  expect(found.map(({ labels }) => labels)).toEqual([
    { alertname: 'TocsinIncident', incident: bodies('well')[0]!.data.incident.id, country: 'RU', service: 'whatsapp' },
  ]);
  expect(found[0]!.annotations).toMatchObject({
    action: 'block',
    state: 'active',
    summary: expect.stringContaining('WhatsApp'),
  });
  expect(Date.parse(found[0]!.endsAt) - Date.now()).toBeGreaterThan(40 * 86_400_000);
  await post('r5', 'whatsapp', 'unblock');
  for (const until = performance.now() + 20_000; found.length > 0 && performance.now() < until; found = await alerts())
    await new Promise((wake) => setTimeout(wake, 200));
  expect(found).toEqual([]);
}, 90_000);
