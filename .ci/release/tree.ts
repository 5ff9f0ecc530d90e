/**
 * Turns a copy of the repository, after `npm ci --omit=dev`, into what is released: JavaScript in place of TypeScript, which Node refuses to strip below
 * `node_modules`; every package a real folder; nothing that only developers read. The npm package, the .deb and the image are this one tree.
 *
 *     node src/launch.mjs .ci/release/tree.ts FOLDER
 */
import {
  cpSync,
  existsSync,
  globSync,
  lstatSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

/** What the running program never reads: types, maps of sources, the headers and manuals of Node. */
const UNREAD = [
  'node_modules/**/*.{d.ts,d.mts,d.cts,map}',
  'node_modules/node-*/{include,share,CHANGELOG.md}',
  'vendor',
];

/** As Node strips them itself, blanks in the place of types: a stack trace names the line of the source. */
function withoutTypes(file: string): void {
  const text = readFileSync(file, 'utf8');
  const code = file.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  // Imports, and the files that workers, processes and the launcher start with.
  writeFileSync(
    file,
    code.replace(/(['"])([\w./-]+)\.ts\1/g, (_, quote, name) => `${quote}${name}.js${quote}`),
  );
  if (file.endsWith('.ts')) renameSync(file, file.replace(/\.ts$/, '.js'));
}

/** Links into `vendor/` become folders: npm packs no links. What the stand-ins share goes into each. */
function withoutLink(folder: string, root: string): void {
  const from = realpathSync(folder);
  rmSync(folder);
  cpSync(from, folder, { recursive: true });
  const index = join(folder, 'index.cjs');
  const code = existsSync(index) ? readFileSync(index, 'utf8') : '';
  if (!code.includes("'../absent.cjs'")) return;
  writeFileSync(index, code.replace("'../absent.cjs'", "'./absent.cjs'"));
  cpSync(join(root, 'vendor/absent/absent.cjs'), join(folder, 'absent.cjs'));
}

/**
 * Bundled is what was tested, and with it what a bundled package asks for: the stand-ins, which are no workspaces any more but folders. Not bundled is what
 * there is one of for each system: Node, and the painter of pictures.
 */
function manifest(root: string): void {
  const file = join(root, 'package.json');
  const {
    private: _,
    devDependencies: _dev,
    scripts: _scripts,
    workspaces: _workspaces,
    ...kept
  } = JSON.parse(readFileSync(file, 'utf8'));
  const bundleDependencies = Object.keys(kept.dependencies).filter((name) => !name.startsWith('@resvg/'));
  writeFileSync(file, `${JSON.stringify({ ...kept, bundleDependencies }, null, 2)}\n`);
}

/** They run on the Node that comes along: no word about the one that npm runs on. */
function withoutEngines(file: string): void {
  const { engines: _, ...kept } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(kept, null, 2));
}

export function makeTree(root: string): void {
  for (const file of globSync('src/**/*.{ts,mjs}', { cwd: root })) withoutTypes(join(root, file));
  for (const name of globSync('node_modules/{*,@*/*}', { cwd: root })) {
    if (lstatSync(join(root, name)).isSymbolicLink()) withoutLink(join(root, name), root);
  }
  manifest(root);
  for (const name of globSync('node_modules/**/package.json', { cwd: root })) withoutEngines(join(root, name));
  for (const name of globSync(UNREAD, { cwd: root })) rmSync(join(root, name), { recursive: true, force: true });
}

if (import.meta.main) makeTree(process.argv[2]!);
