/**
 * `.ci/prove-release`: each artefact of `dist/` on a Debian 13 that has nothing but what the pages ask for, as the pages say, from nothing to its greeting and
 * to the first alert of a feed. Telegram and the feed are stand-ins on loopback; npm's registry is the real one and a package more. As root, with
 * mmdebstrap and podman. Not proven: systemd (the unit's own line is run, as its user), another processor.
 *
 *     --only NAME         npm, deb, image, or checkout: the repository, as docs/deploy has it
 *     --transcript FILE   writes what was typed and said
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { editConfig } from '../../src/config/edit.ts';
import { orNull } from '../../src/core/errors.ts';
import { FakeTelegram } from '../../test/fakes/fake-telegram/client.ts';
import { FeedServer } from '../../test/fakes/feed-server.ts';
import { DIST, FILES, ROOT } from './make.ts';

/** From the first line that is typed to the first alert, s. */
const LIMIT = 60;
const NEWS = {
  title: 'Kenya blocks Telegram',
  summary: 'The communications authority ordered all operators to cut off access to the messenger on Monday evening.',
};

/** What apt tells of each package. */
const NOISE =
  /^(?:Selecting|Preconf|Preparing|Unpacking|Setting up|Processing|\(Reading|Updating cert|Running hooks|done|Adding '|update-alt|\d+ added)/;

/** How one artefact is installed and run. */
interface Way {
  /** What is installed, where that is one file; its largest size, MB, of what `size` tells. */
  artefact?: { file: string; largest: number; size(): number };
  /** What whoever follows the page has before; not timed. */
  before(): Promise<void>;
  /** What is typed, up to a configuration. */
  lines: string[];
  start: string;
  /** Beside the running bot. */
  status: string;
  /** Somebody sits there: Ctrl-C ends it. npx itself ends by the signal, whatever the bot's code is. */
  byHand?: boolean;
  /** What setup names as the way to start it. */
  starts: string;
  /** The configuration as this machine sees it. */
  config: string;
  /** A shell's line there, as a program of this machine. */
  argv(line: string): string[];
  after?(): void;
}

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

let passed = 0;
let failed = 0;
function check(what: string, holds: boolean, seen = ''): void {
  if (holds) passed++;
  else failed++;
  say(`  ${holds ? 'ok  ' : 'FAIL'}  ${what}${seen && `: ${seen}`}`);
}

/** A bare Debian 13 with these packages more. */
function bareRoot(at: string, packages: string[] = []): void {
  const more = packages.length > 0 ? [`--include=${packages.join(',')}`] : [];
  run('mmdebstrap', '--quiet', '--variant=minbase', ...more, 'trixie', at);
  for (const file of ['/etc/resolv.conf', '/etc/hosts']) copyFileSync(file, join(at, file));
  // Nobody is there to say yes.
  writeFileSync(join(at, 'etc/apt/apt.conf.d/90proof'), 'APT::Get::Assume-Yes "true"; quiet "2";\n');
}

/** Lines of a shell in that root: mounts of its own, which end with it; nothing of this machine's environment. */
const within =
  (root: string, user: string, home: string) =>
  (line: string): string[] => {
    const mounts = `mount --rbind /dev ${root}/dev && mount -t proc proc ${root}/proc`;
    const env = `env -i HOME=${home} LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    const enter = `exec chroot --userspec=${user}:${user} ${root} ${env} sh -c "$1"`;
    return ['unshare', '--mount', 'sh', '-c', `${mounts} && ${enter}`, 'sh', `cd ${home} && ${line}`];
  };

/** The registry as it will be: hands out the package that lies here, passes everything else on. */
async function registry(): Promise<{ url: string; close(): void }> {
  const upstream = run('npm', 'config', 'get', 'registry').trim().replace(/\/$/, '');
  const tarball = readFileSync(join(DIST, FILES.npm));
  const manifest = JSON.parse(run('tar', '-xOzf', join(DIST, FILES.npm), 'package/package.json'));
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = createServer(async (request, response) => {
    const url = `http://${request.headers.host}`;
    const dist = { integrity, tarball: `${url}/tocsin/-/${FILES.npm}` };
    const versions = { [manifest.version]: { ...manifest, dist } };
    if (request.url === '/tocsin')
      response.end(JSON.stringify({ name: 'tocsin', 'dist-tags': { latest: manifest.version }, versions }));
    else if (request.url === `/tocsin/-/${FILES.npm}`) response.end(tarball);
    else {
      const answer = await fetch(`${upstream}${request.url}`, { headers: { accept: request.headers.accept ?? '*/*' } });
      const body = Buffer.from(await answer.arrayBuffer());
      const isJson = answer.headers.get('content-type')?.includes('json');
      response.statusCode = answer.status;
      response.end(isJson ? body.toString().replaceAll(upstream, url) : body);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** What of the package is neither Node, which comes beside it, nor the weights that read news. */
function withoutWeights(file: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-size-'));
  try {
    run('tar', '-xzf', file, '-C', folder);
    run('tar', '-czf', join(folder, 'rest.tgz'), '--exclude=package/config/encoder/*.bin', '-C', folder, 'package');
    return statSync(join(folder, 'rest.tgz')).size;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function npm(top: string, setup: string, registryUrl: string): Way {
  const root = join(top, 'npm');
  const file = join(DIST, FILES.npm);
  return {
    artefact: { file, largest: 15, size: () => withoutWeights(file) },
    async before() {
      // The manual's own line.
      bareRoot(root, ['nodejs', 'npm', 'libatomic1']);
      run('chroot', root, 'useradd', '--create-home', 'ann');
      writeFileSync(join(root, 'home/ann/.npmrc'), `registry=${registryUrl}\n`);
    },
    lines: [`npx --yes tocsin ${setup}`],
    start: 'exec npx tocsin start',
    status: 'npx tocsin status',
    byHand: true,
    starts: 'npx tocsin start',
    config: join(root, 'home/ann/config/tocsin.yaml'),
    argv: within(root, 'ann', '/home/ann'),
  };
}

/** What systemd would start, as whom, with what in its environment. */
function asSystemd(unit: string): string {
  const text = readFileSync(unit, 'utf8');
  const all = (key: string) => [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value!);
  const env = all('Environment').map((one) => one.replace('%C', '/var/cache/tocsin'));
  const user = `setpriv --reuid=${all('User')[0]} --regid=${all('Group')[0]} --clear-groups --no-new-privs`;
  return `cd ${all('WorkingDirectory')[0]} && exec ${user} env ${env.join(' ')} ${all('ExecStart')[0]}`;
}

function deb(top: string, setup: string): Way {
  const root = join(top, 'deb');
  const file = join(DIST, FILES.deb);
  return {
    artefact: { file, largest: 100, size: () => statSync(file).size },
    async before() {
      bareRoot(root);
      copyFileSync(file, join(root, 'root', FILES.deb));
    },
    lines: ['apt-get update', `apt-get install ./${FILES.deb}`, `tocsin ${setup}`],
    get start() {
      return asSystemd(join(root, 'usr/lib/systemd/system/tocsin.service'));
    },
    status: 'tocsin status',
    starts: 'systemctl enable --now tocsin',
    config: join(root, 'etc/tocsin/tocsin.yaml'),
    argv: within(root, 'root', '/root'),
  };
}

/** As docs/deploy/compose.yaml has it, but in the network of this machine, where the stand-ins are. */
function image(top: string, setup: string): Way {
  const file = join(DIST, FILES.image);
  const folder = join(top, 'image');
  const settings = ['STORAGE_CONF=storage.conf', 'CONF_OVERRIDE=containers.conf'];
  const files = settings.map((one) => `CONTAINERS_${one.replace('=', `=${folder}/`)}`);
  const env = [...files, 'PODMAN_IGNORE_CGROUPSV1_WARNING=1'];
  const podman = (...args: string[]): string => run('env', ...env, 'podman', ...args).trim();
  const rights = '--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges';
  const place = '-e TOCSIN_CONFIG=/app/own/tocsin.yaml -v ./config:/app/own -v data:/app/data';
  const container = `podman run --rm -i --network host ${rights} ${place}`;
  return {
    artefact: {
      file,
      largest: 400,
      size: () => Number(podman('image', 'inspect', '--format', '{{.Size}}', 'tocsin')),
    },
    async before() {
      mkdirSync(folder);
      const store = { graphroot: `${folder}/graph`, runroot: `${folder}/run`, driver: 'overlay' };
      const lines = Object.entries(store).map(([key, value]) => `${key} = "${value}"\n`);
      writeFileSync(join(folder, 'storage.conf'), `[storage]\n${lines.join('')}`);
      // crun wants one version of cgroups.
      writeFileSync(join(folder, 'containers.conf'), '[engine]\nruntime = "runc"\n');
      copyFileSync(file, join(folder, FILES.image));
    },
    lines: [
      `podman load -q -i ${FILES.image}`,
      `podman tag $(podman images -q) tocsin`,
      'install -d -m 700 -o 10001 -g 10001 config',
      `${container} tocsin ${setup}`,
    ],
    start: `exec ${container} --name tocsin tocsin`,
    status: 'podman exec tocsin tocsin status',
    starts: 'docker compose --profile one up -d',
    config: join(folder, 'config/tocsin.yaml'),
    argv: (line) => ['env', '-C', folder, ...env, 'sh', '-c', line],
    after: () => void podman('rm', '--all', '--force', '--time', '0'),
  };
}

/** The block of docs/deploy, line by line. */
function checkout(top: string, setup: string, registryUrl: string): Way {
  const root = join(top, 'checkout');
  const page = readFileSync(join(ROOT, 'docs/deploy/README.md'), 'utf8');
  const block = /^Or from the repository[^]*?```sh\n([^]*?)```\n[^]*?```sh\n([^]*?)```/m.exec(page)!;
  const typed = block[1]!.trim().split('\n');
  const here = within(root, 'root', '/root');
  return {
    async before() {
      bareRoot(root);
      run('git', 'clone', '--quiet', '--bare', '--depth=1', `file://${ROOT}`, join(root, 'root/tocsin.git'));
      writeFileSync(join(root, 'root/.npmrc'), `registry=${registryUrl}\n`);
    },
    lines: [
      'apt-get update',
      ...typed
        .filter((line) => !line.startsWith('systemctl '))
        .map((line) => line.replace('https://example.org', 'file:///root').replace(/ setup /, ` ${setup} `)),
    ],
    get start() {
      return asSystemd(join(root, 'etc/systemd/system/tocsin.service'));
    },
    status: block[2]!.trim().split('\n').at(-1)!,
    starts: 'systemctl enable --now tocsin',
    config: join(root, 'etc/tocsin/tocsin.yaml'),
    // One shell, which went there.
    argv: (line) => here(`{ ! [ -d /opt/tocsin ] || cd /opt/tocsin; } && ${line}`),
  };
}

/** What it has said so far, on both channels as it came. */
function heard(child: ChildProcess): () => string {
  let all = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (more: string) => (all += more));
  return () => all;
}

/** Somebody at that terminal. */
class Terminal {
  readonly lines: string[] = [];
  readonly #way: Way;
  readonly #input: string;

  constructor(way: Way, input: string) {
    this.#way = way;
    this.#input = input;
  }

  spawn(line: string): ChildProcess {
    const [command, ...args] = this.#way.argv(line);
    const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    child.stdin!.on('error', () => {});
    return child;
  }

  /** Types it, with the token at hand; what was said, and 0 where it went well. */
  async type(line: string): Promise<{ code: number | null; said: string }> {
    const child = this.spawn(line);
    child.stdin!.end(this.#input);
    const said = heard(child);
    await once(child, 'close');
    this.note(line, said());
    return { code: child.exitCode, said: said() };
  }

  note(line: string, said: string): void {
    const all = said
      .replace(/\u001b\[[0-9;?]*[A-Za-z]|\r/g, '')
      .split('\n')
      .filter((one) => one.trim() !== '' && !NOISE.test(one));
    const shown = all.length > 12 ? [...all.slice(0, 5), '[…]', ...all.slice(-6)] : all;
    this.lines.push(`$ ${line}`, ...shown.map((one) => (one.length > 150 ? `${one.slice(0, 149)}…` : one)), '');
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** From nothing to the first alert; what was typed and said. */
async function prove(name: string, way: Way, telegram: FakeTelegram, feeds: FeedServer): Promise<string[]> {
  say(`\n${name}`);
  await way.before();
  const terminal = new Terminal(way, `${telegram.token}\n`);
  const ann = await telegram.user({ first_name: 'Ann', language_code: 'en' });
  const feed = `${name}-herald`;
  feeds.add(feed, { title: 'Rain for the weekend', summary: 'Clouds come in from the lake.' });
  const began = performance.now();
  let said = '';
  for (const line of way.lines) {
    const one = await terminal.type(line);
    said += one.said;
    if (one.code !== 0) {
      check(line, false, one.said.slice(-2_000));
      return terminal.lines;
    }
  }
  check('installed and set up', true, seconds(performance.now() - began));
  const start = new RegExp(`^Start it[^:]*: ${RegExp.escape(way.starts)}$`, 'm');
  check('setup tells how it is started there', start.test(said), way.starts);
  const source = {
    id: feed,
    kind: 'rss',
    url: `${feeds.url}/${feed}`,
    cron: '*/2 * * * * *',
    publisher: feed,
    lang: 'en',
  };
  const own = {
    sources: [source],
    network: { allowPrivateAddresses: true },
    policy: { level: 'early', groupWait: '0s' },
  };
  const edits = Object.entries(own).map(([key, value]) => ({ do: 'set', path: [key], value }) as const);
  writeFileSync(way.config, editConfig(readFileSync(way.config, 'utf8'), edits));
  await ann.send('/start');
  const started = performance.now();
  const bot = terminal.spawn(way.start);
  const log = heard(bot);
  try {
    const ended = once(bot, 'exit').then(() => {
      throw new Error(`it ended:\n${log().slice(-2_000)}`);
    });
    const within = <T>(work: Promise<T>): Promise<T> => Promise.race([work, ended]);
    const hello = await within(ann.chat.waitFor({ contains: 'I am Tocsin', timeout_ms: LIMIT * 1_000 }));
    check('greets', true, `${seconds(performance.now() - started)} after its start`);
    await ann.send('/subscribe ke');
    await within(ann.chat.waitFor({ after_message_id: hello.message_id, contains: 'Kenya', timeout_ms: 20_000 }));
    feeds.add(feed, NEWS);
    const alert = await within(ann.chat.waitFor({ regex: 'KE-telegram-', timeout_ms: LIMIT * 1_000 }));
    const all = performance.now() - began;
    const bound = way.artefact ? ` in less than ${LIMIT} s` : '';
    check(`from nothing to the first alert of a feed${bound}`, !bound || all < LIMIT * 1_000, seconds(all));
    check('an alert that names what and where', /Kenya.*Telegram/.test(alert.text) && alert.text.includes(feed));
    terminal.note(way.start, log());
    terminal.note('# in the chat', `${hello.text}\n${alert.text}`);
    const status = await terminal.type(way.status);
    check('`status` beside it', status.code === 0 && status.said.startsWith('Running; '), status.said.split('\n')[0]);
    const users = run('ps', '-eo', 'user:20,args')
      .split('\n')
      .filter((one) => /tocsin\/src\/|\/app\/src\//.test(one));
    check('no process of it is of root', users.length > 0 && !users.some((one) => one.startsWith('root ')));
    const ending = performance.now();
    ended.catch(() => {});
    if (way.byHand) process.kill(-bot.pid!, 'SIGINT');
    else bot.kill('SIGTERM');
    if (bot.exitCode === null && bot.signalCode === null)
      await once(bot, 'close', { signal: AbortSignal.timeout(15_000) });
    const how = `${way.byHand ? 'Ctrl-C' : 'SIGTERM'} ends it in order`;
    const stopped = / INFO +Stopped/.test(log()) && (way.byHand || bot.exitCode === 0);
    check(how, stopped, `code ${bot.exitCode} after ${seconds(performance.now() - ending)}`);
  } catch (error) {
    check(String(error), false, log().slice(-2_000));
  } finally {
    // Whoever outlived it.
    orNull(() => process.kill(-bot.pid!, 'SIGKILL'));
  }
  if (way.artefact) {
    const { file, largest, size } = way.artefact;
    const bytes = size();
    const seen = `${megabytes(bytes)}; the file ${megabytes(statSync(file).size)}`;
    check(`at most ${largest} MB`, bytes < largest * 1e6, seen);
  }
  return terminal.lines;
}

const { values } = parseArgs({ options: { only: { type: 'string' }, transcript: { type: 'string' } } });
const top = mkdtempSync('/var/tmp/tocsin-proof-');
const telegram = await FakeTelegram.start({ limits: 'official' });
const feeds = await FeedServer.start();
const store = await registry();
const options = '--countries ke --languages en --sources none --yes --no-test-alert';
const setup = `setup --telegram-token-file - --telegram-api-root ${telegram.apiRoot} ${options}`;
const page: string[] = [];
try {
  const ways = {
    npm: npm(top, setup, store.url),
    deb: deb(top, setup),
    image: image(top, setup),
    checkout: checkout(top, setup, store.url),
  };
  for (const [name, way] of Object.entries(ways)) {
    if (values.only !== undefined && values.only !== name) continue;
    try {
      page.push(`## ${name}`, '', '```', ...(await prove(name, way, telegram, feeds)), '```', '');
    } finally {
      way.after?.();
    }
  }
} finally {
  store.close();
  await Promise.all([telegram.stop(), feeds.stop()]);
  rmSync(top, { recursive: true, force: true });
}
if (values.transcript !== undefined) writeFileSync(values.transcript, `${page.join('\n')}\n`);
say(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
