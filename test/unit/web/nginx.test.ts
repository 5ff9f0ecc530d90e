/** The rules for nginx that stand in docs/pages.md, played by a real nginx: health and metrics stay inside, however a path is spelt. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import { openWeb, type Web } from '../../../src/web/index.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { scratchFolder } from '../../fakes/scratch.ts';
import { describeIf } from '../../fakes/shared.ts';
import { FORMS, PRIVATE } from './odd-targets.ts';

const NGINX = ['/usr/sbin/nginx', 'nginx'].find((one) => spawnSync(one, ['-v']).status === 0);
const [root, below] = [...readFileSync('docs/pages.md', 'utf8').matchAll(/```nginx\n([\s\S]*?)```/gu)].map(
  ([, rules]) => rules!,
);
const PAGE = 'a page';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The answer to a target as it stands, byte for byte. */
async function ask(port: number, target: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk)).on('error', () => undefined);
  socket.write(`GET ${target} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n`, 'latin1');
  await once(socket, 'close');
  return answer;
}

const SETUPS = [
  { name: 'at the root', rules: root!, path: '', slashes: 'on' },
  { name: 'at the root, slashes kept', rules: root!, path: '', slashes: 'off' },
  { name: 'below a path', rules: below!, path: '/tocsin', slashes: 'on' },
  { name: 'below a path, slashes kept', rules: below!, path: '/tocsin', slashes: 'off' },
];
/** Letters of a name written as escapes, and what may stand before, between and behind. */
const MORE = ['/%6detrics', '/metric%73', '/%4detrics', '/metrics%3f', '/metrics%23', '/metrics%0a', '/metrics?/../x'];
const targets = [...FORMS.flatMap((form) => PRIVATE.map((name) => form.replaceAll('NAME', name))), ...MORE];

describeIf(NGINX, 'needs nginx', 'nginx in front', () =>
  describe.each(SETUPS)('$name', ({ rules, path, slashes }) => {
    let web: Web;
    let port = 0;
    let nginx: ReturnType<typeof spawn>;
    beforeAll(async () => {
      const here = { host: '127.0.0.1', port: 0 };
      web = await openWeb(here, { clock: systemClock, log: quietLog });
      web.mount('/*', { concurrency: 1_000, handle: async () => ({ status: 200, body: PAGE }) });
      const folder = scratchFolder('nginx-');
      port = await freePort();
      mkdirSync(join(folder, 'logs'), { recursive: true });
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (one) => `${one}_temp_path ${folder}/${one};`,
      );
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/logs/error.log;
events {}
http { access_log off; merge_slashes ${slashes}; ${temporary.join(' ')}
server { listen 127.0.0.1:${port};
${rules.replaceAll('127.0.0.1:8080', `127.0.0.1:${web.address.port}`)} } }`,
      );
      nginx = spawn(NGINX!, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
      for (let n = 0; n < 400; n++) {
        if ((await ask(port, '/').catch(() => '')) !== '') return;
        await systemClock.sleep(25);
      }
      throw new Error('nginx does not answer');
    });
    afterAll(async () => {
      nginx?.kill('SIGTERM');
      await web?.close();
    });

    test('a page is reached, and the plain paths are not', async () => {
      expect(await ask(port, `${path}/`)).toContain(PAGE);
      for (const name of PRIVATE) expect(await ask(port, `${path}/${name}`), name).toContain(' 404 ');
    });

    test('hundreds of spellings: a page or a refusal, never health or metrics', async () => {
      const inside = [...new Set(targets)].flatMap((target) => [target, `${path}${target}`, `${path}/${target}`]);
      for (const target of new Set(inside)) {
        const answer = await ask(port, target);
        const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
        expect(answer.startsWith('HTTP/1.1 200') ? body : PAGE, target).toContain(PAGE);
        expect(answer, target).not.toMatch(/process_|"alive"|"ready"/u);
      }
    });
  }),
);
