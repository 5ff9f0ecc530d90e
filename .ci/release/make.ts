/**
 * `npm run release -- --dry-run`: all that a release is made of, in `dist/`. What this machine cannot make is left out, and said. Without `--dry-run`:
 * only of a clean checkout of the tag, and complete; publishing is left to whoever may (docs/versions.md).
 *
 *     --base FILE   the root below the image, as `debianRoot` makes it, instead of a new one
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeTree } from './tree.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const DIST = join(ROOT, 'dist');
const PARTS = [
  'src',
  'config',
  'docs',
  'vendor',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'LICENSE',
  'README.md',
];
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64';
const NODE = `node_modules/node-linux-${process.arch}/bin/node`;

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** How the artefacts are called. */
export const FILES = {
  npm: `tocsin-${version}.tgz`,
  deb: `tocsin_${version}_${ARCHITECTURE}.deb`,
  image: `tocsin-${version}-${ARCHITECTURE}.oci.tar`,
  bill: `tocsin-${version}.cdx.json`,
  notes: `tocsin-${version}.md`,
};

const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 });
const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A bare Debian 13 without manuals and translations, as the base images of registries are. Its packages' times and nothing of this machine are in it. */
export function debianRoot(file: string): void {
  const without = ['man', 'locale', 'doc', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const kept = '--dpkgopt=path-include=/usr/share/doc/*/copyright';
  run(ROOT, 'mmdebstrap', '--quiet', '--variant=minbase', ...without, kept, 'trixie', file);
}

function tree(): string {
  const at = join(DIST, 'app');
  for (const file of run(ROOT, 'git', 'ls-files', '-z', ...PARTS, 'CHANGELOG.md')
    .split('\0')
    .filter(Boolean)) {
    mkdirSync(dirname(join(at, file)), { recursive: true });
    cpSync(join(ROOT, file), join(at, file));
  }
  run(at, 'npm', 'ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  makeTree(at);
  return at;
}

/** The unit of docs/deploy, with the paths of the package. */
function unit(): string {
  const text = readFileSync(join(ROOT, 'docs/deploy/tocsin.service'), 'utf8');
  return text
    .replace(/^(#.*\n)+\n/, '')
    .replace(/^# Any Node .*\n/m, '')
    .replaceAll('/usr/bin/node', `/usr/lib/tocsin/${NODE}`)
    .replaceAll('/opt/tocsin', '/usr/lib/tocsin')
    .replace(
      '\n[Service]',
      '# Until `tocsin setup` has written it there is nothing to run.\nConditionPathExists=/etc/tocsin/tocsin.yaml\n$&',
    );
}

function deb(app: string): void {
  const at = mkdtempSync(join(tmpdir(), 'tocsin-deb-'));
  const put = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
    chmodSync(join(at, path), mode);
  };
  chmodSync(at, 0o755);
  cpSync(app, join(at, 'usr/lib/tocsin'), { recursive: true });
  put('usr/lib/systemd/system/tocsin.service', unit());
  put('usr/share/doc/tocsin/copyright', readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  const own = join(import.meta.dirname, 'deb');
  put('usr/bin/tocsin', readFileSync(join(own, 'tocsin'), 'utf8').replace('NODE', NODE), 0o755);
  for (const name of ['postinst', 'prerm', 'postrm'])
    put(`DEBIAN/${name}`, readFileSync(join(own, name), 'utf8'), 0o755);
  const kilobytes = run(at, 'du', '-sk', '.').split('\t')[0];
  const control = readFileSync(join(own, 'control'), 'utf8');
  put('DEBIAN/control', `${control}Version: ${version}\nArchitecture: ${ARCHITECTURE}\nInstalled-Size: ${kilobytes}\n`);
  run(at, 'dpkg-deb', '--root-owner-group', '-Zzstd', '-z6', '--build', '.', join(DIST, FILES.deb));
  rmSync(at, { recursive: true });
}

/** As the Dockerfile says, its first stage replaced by the tree that is here already: it would make the same one. */
function image(base: string): void {
  const store = mkdtempSync('/var/tmp/tocsin-image-');
  const at = ['--root', `${store}/storage`, '--runroot', `${store}/run`, '--storage-driver', 'vfs'];
  const buildah = (...args: string[]): string => run(ROOT, 'buildah', ...at, ...args).trim();
  const limits = ['nofile', 'nproc'].map((name) => `--ulimit=${name}=${limitOf(name)}`);
  try {
    const empty = buildah('from', 'scratch');
    buildah('add', '-q', empty, base, '/');
    buildah('commit', '-q', '--rm', empty, 'localhost/debian:trixie');
    const digest = buildah('inspect', '--type=image', '--format', '{{.FromImageDigest}}', 'localhost/debian:trixie');
    const how = ['--isolation=chroot', '--network=host', '--pull=never', '--layers=false', ...limits];
    const from = ['--build-arg=BASE=localhost/debian:trixie', `--build-context=build=${join(DIST, 'stage')}`];
    buildah(
      'bud',
      '-q',
      ...how,
      ...from,
      `--label=org.opencontainers.image.base.digest=${digest}`,
      '--tag=tocsin',
      ROOT,
    );
    buildah('push', '-q', 'localhost/tocsin', `oci-archive:${join(DIST, FILES.image)}:tocsin:${version}`);
  } finally {
    rmSync(store, { recursive: true });
  }
}

/** It would ask for more than this machine may have to give. */
function limitOf(name: string): string {
  const of = name === 'nofile' ? 'n' : 'u';
  return ['-S', '-H']
    .map((kind) => run(ROOT, 'bash', '-c', `ulimit ${kind} -${of}`).trim().replace('unlimited', '1048576'))
    .join(':');
}

function notes(): string {
  const log = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const section = log.split(/^## /m).find((one) => one.startsWith(`${version}\n`) || one.startsWith(`${version} `));
  if (!section) throw new Error(`CHANGELOG.md has no section "## ${version}"`);
  return `# Tocsin ${section}`;
}

function release(dry: boolean, base: string | undefined): number {
  if (
    !dry &&
    (run(ROOT, 'git', 'status', '--porcelain') ||
      !run(ROOT, 'git', 'tag', '--points-at', 'HEAD').split('\n').includes(`v${version}`))
  ) {
    say(
      `A release is made of a clean checkout of the tag v${version}; npm run release -- --dry-run makes one of what is here.`,
    );
    return 1;
  }
  process.env.SOURCE_DATE_EPOCH ??= run(ROOT, 'git', 'log', '-1', '--format=%ct').trim();
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST);
  const app = tree();
  run(app, 'npm', 'pack', '--pack-destination', DIST);
  writeFileSync(join(DIST, FILES.bill), run(app, 'npm', 'sbom', '--sbom-format', 'cyclonedx'));
  writeFileSync(join(DIST, FILES.notes), notes());
  const left: string[] = [];
  if (process.platform === 'linux' && has('dpkg-deb')) deb(app);
  else left.push(`${FILES.deb}: needs Linux and dpkg-deb`);
  if (process.getuid?.() === 0 && has('buildah') && (base || has('mmdebstrap'))) {
    mkdirSync(join(DIST, 'stage'));
    renameSync(app, join(DIST, 'stage/app'));
    const root = base ?? join(DIST, 'base.tar');
    if (!base) debianRoot(root);
    image(root);
    if (!base) rmSync(root);
    rmSync(join(DIST, 'stage'), { recursive: true });
  } else left.push(`${FILES.image}: needs root, buildah and mmdebstrap`);
  rmSync(app, { recursive: true, force: true });
  const made = readdirSync(DIST).sort();
  const sum = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(DIST, name)))
      .digest('hex');
  writeFileSync(join(DIST, 'SHA256SUMS'), made.map((name) => `${sum(name)}  ${name}\n`).join(''));
  for (const name of made) say(`${(statSync(join(DIST, name)).size / 1e6).toFixed(1).padStart(7)} MB  dist/${name}`);
  for (const why of left) say(`left out: ${why}`);
  return dry || left.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  const at = args.indexOf('--base');
  process.exitCode = release(args.includes('--dry-run'), at < 0 ? undefined : args[at + 1]);
}
