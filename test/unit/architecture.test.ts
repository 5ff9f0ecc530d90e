/** Keeps the arrows of the house: who may import whom, and that a new source or chat platform is one folder and one line. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapterKinds } from '../../src/adapters/index.ts';
import { sourceKinds } from '../../src/sources/index.ts';
import { leaveOut } from '../fakes/shared.ts';

const root = resolve(import.meta.dirname, '../..');
const posix = (path: string) => path.split(sep).join('/');

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix(join(folder, name)))
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

const sources = filesBelow('src').map((file) => ({
  file,
  code: withoutComments(readFileSync(join(root, file), 'utf8')),
}));

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1');
}

/** Arrows that are there in spite of the rule, each with its reason. None may be added without one. */
const EXCEPTIONS: { from: RegExp; to: RegExp; why: string }[] = [
  {
    from: /^src\/sources\/(probe|ooni|ioda|globalping)\//,
    to: /^src\/core\/judge\//,
    why: 'what is measured or asked next depends on the verdict so far (probes.md, section 3); judging stays in core, pure',
  },
  {
    from: /^src\/sources\/(?:rss\/shape|search\/sift)\.ts$/,
    to: /^src\/core\/correlate\/canonical\.ts$/,
    why: 'an item carries its canonical address (core/model/item.ts); how it is made is a pure function',
  },
  {
    from: /^src\/core\/commands\/asking\/vocabulary\.ts$/,
    to: /^src\/core\/extract\/text\/normalise\.ts$/,
    why: 'typed names are compared as the extractor compares them',
  },
  {
    from: /^src\/store\/keyv\.ts$/,
    to: /^src\/platform\/clock\.ts$/,
    why: "Keyv reckons by the machine's clock, so what is stored for it is compared with that one",
  },
  {
    from: /^src\/sources\/rss\/parser-host\.ts$/,
    to: /^src\/platform\/one-helper\.ts$/,
    why: 'feeds and pictures are read and made beside the main thread in one way',
  },
  {
    from: /^src\/(?:adapters\/(?:matrix|telegram)\/(?:request|client)|sources\/probe\/net\/dns)\.ts$/,
    to: /^src\/platform\/undici\.ts$/,
    why: 'a package taken in parts, with its own types: nothing of the platform is behind it',
  },
];
const excepted = ({ file, target }: Import) => EXCEPTIONS.some(({ from, to }) => from.test(file) && to.test(target));

interface Import {
  file: string;
  /** A path below `src/` for our own files, else the package's name or `node:…`. */
  target: string;
  typeOnly: boolean;
  /** Loaded when it is called for: what a register does with the rest of a folder. */
  lazy: boolean;
}

const imports: Import[] = sources.flatMap(({ file, code }) => {
  const found: Import[] = [];
  const statement =
    /\b(import|export)\s+(type\s)?[^'";]*?from\s*'([^']+)'|\bimport\s*\(\s*'([^']+)'\s*\)(\.[A-Z])?|\bimport\s+'([^']+)'/g;
  for (const [, , typeOnly, from, dynamic, named, bare] of code.matchAll(statement)) {
    const target = from ?? dynamic ?? bare ?? '';
    const own = target.startsWith('.');
    found.push({
      file,
      target: own ? posix(relative(root, resolve(root, dirname(file), target))) : target,
      typeOnly: Boolean(typeOnly || named),
      lazy: Boolean(dynamic && !named),
    });
  }
  return found;
});

const said = (list: Import[]) => list.map(({ file, target }) => `${file} → ${target}`);
const isOwn = (target: string) => target.startsWith('src/');
/** Tables of rules and classes: loaded like code, changed like data. */
const isData = (target: string) =>
  /^config\/(?:rules\/[\w-]+|cities|corrections|citation|countries|day-states|feed-countries|houses|intents|parts|picture-colours|region-words|usual)\.json$/.test(
    target,
  );
const foldersOf = (folder: string) =>
  readdirSync(join(root, folder)).filter((name) => statSync(join(root, folder, name)).isDirectory());

describe('registers', () => {
  test('every folder of adapters/ has its line, and only folders have', () => {
    expect(adapterKinds.map((kind) => kind.platform).sort()).toEqual(foldersOf('src/adapters').sort());
  });

  test('every folder of sources/ has its line, and only folders have', () => {
    expect(sourceKinds.map((kind) => kind.kind).sort()).toEqual(foldersOf('src/sources').sort());
  });

  test('the register loads a config.ts alone: nothing of a platform until it is configured', () => {
    const eager = imports.filter(({ file }) => /^src\/(adapters|sources)\/index\.ts$/.test(file));
    expect(said(eager.filter(({ target }) => !/\/(config|kind)\.ts$/.test(target)))).toEqual([]);
    const configs = imports.filter(
      ({ file, typeOnly }) => /^src\/(adapters|sources)\/[^/]+\/config\.ts$/.test(file) && !typeOnly,
    );
    const heavy = configs.filter(({ file, target }) => {
      const light = target === 'valibot' || target.startsWith('src/core/') || dirname(target) === dirname(file);
      return !light && !/^src\/\w+\/(kind|fields)\.ts$/.test(target);
    });
    expect(said(heavy)).toEqual([]);
  });

  test("undici's index, which loads 13 MB that nothing here uses: types alone are taken from it", () => {
    expect(said(imports.filter(({ target, typeOnly }) => target === 'undici' && !typeOnly))).toEqual([]);
  });

  for (const name of [...adapterKinds.map((kind) => kind.platform), ...sourceKinds.map((kind) => kind.kind)]) {
    test(`"${name}" is named in its folder, its register and at most two other files`, () => {
      // A command of the same name (`tocsin probe`) is its own door.
      const home = new RegExp(`^src/((adapters|sources)/(${name}/|index\\.ts$)|cli/(\\w+/)?${name}[\\w-]*\\.ts$)`);
      // In quotes: the service Telegram, the memory figure rss and the global console are other things.
      const quoted = new RegExp(`'${name}'|"${name}"|\`${name}\`|(adapters|sources)/${name}/|['"\`]${name}:`);
      // A source names the services that it measures, and one of them is called as a platform is.
      const isMeasured = (file: string): boolean =>
        adapterKinds.some((kind) => kind.platform === name) && file.startsWith('src/sources/');
      // Telegram delivers by polling or by what it calls a webhook.
      const isMode = (file: string): boolean => name === 'webhook' && file.startsWith('src/adapters/telegram/');
      // Engines that search are a category of services, and the public pages have a search of their own.
      const isWord = (file: string): boolean =>
        name === 'search' && (file.startsWith('src/core/extract/') || file.startsWith('src/web/site/'));
      const others = sources
        .filter(
          ({ file, code }) =>
            !home.test(file) && !isMeasured(file) && !isMode(file) && !isWord(file) && quoted.test(code),
        )
        .map(({ file }) => file);
      expect(others.length, others.join(', ')).toBeLessThanOrEqual(2);
    });
  }
});

/** Pure algorithms: nothing with a network, a disk, a clock or a platform behind it. */
const PURE_PACKAGES = ['entities'];

describe('imports', () => {
  test('go in no circle, types included: a file can be read without those that are made of it', () => {
    expect(circles(imports.filter(({ lazy }) => !lazy))).toEqual([]);
  });

  test('a circle of two, and a longer one through a third file: each is found', () => {
    const arrows = ['a b', 'b a', 'c d', 'd e', 'e c', 'e a', 'f f'].map((pair) => {
      const [file, target] = pair.split(' ').map((name) => `src/${name}.ts`);
      return { file: file!, target: target!, typeOnly: true, lazy: false };
    });
    expect(circles(arrows)).toEqual(['src/a.ts src/b.ts', 'src/c.ts src/d.ts src/e.ts', 'src/f.ts']);
  });
});

/** The files that can reach themselves, those of one circle together. */
function circles(arrows: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { file, target } of arrows) if (isOwn(target)) next.set(file, [...(next.get(file) ?? []), target]);
  const reach = new Map([...next.keys()].map((file) => [file, reachedFrom(file, next)]));
  const inCircle = [...reach.keys()].filter((file) => reach.get(file)!.has(file));
  const together = inCircle.map((file) =>
    inCircle
      .filter((other) => reach.get(file)!.has(other) && reach.get(other)!.has(file))
      .sort()
      .join(' '),
  );
  return [...new Set(together)].sort();
}

function reachedFrom(file: string, next: ReadonlyMap<string, string[]>): Set<string> {
  const reached = new Set<string>();
  const waiting = [...(next.get(file) ?? [])];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (reached.has(one)) continue;
    reached.add(one);
    waiting.push(...(next.get(one) ?? []));
  }
  return reached;
}

test('texts in other languages than English stand in config/languages/, and words that are typed, too; words that are read in the rooms that know them', () => {
  const READS = /^src\/(core\/(extract|correlate)\/|sources\/rss\/|config\/)/;
  const found = sources.filter(
    ({ file, code }) => !READS.test(file) && /[\p{L}&&[^\p{ASCII}\p{Script=Latin}\p{Script=Greek}]]{3}/v.test(code),
  );
  expect(found.map(({ file }) => file)).toEqual([]);
});

describe('core', () => {
  // The names of phrases are the keys of the English texts: the compiler alone reads them, so they stand in no other file.
  const isNames = ({ file, target, typeOnly }: Import) =>
    file === 'src/core/ports/translate.ts' && target === 'config/languages/en/texts.json' && typeOnly;
  const core = imports.filter((one) => one.file.startsWith('src/core/') && !isNames(one));

  test('imports nothing of ours from outside core/', () => {
    expect(said(core.filter(({ target }) => isOwn(target) && !target.startsWith('src/core/')))).toEqual([]);
  });

  test('imports at most three pure packages, each in one file, and nothing of Node but hashing', () => {
    const packages = core.filter(({ target }) => !isOwn(target) && !isData(target));
    const strangers = packages.filter(({ target }) => !PURE_PACKAGES.includes(target) && target !== 'node:crypto');
    expect(said(strangers)).toEqual([]);
    const vendors = packages.filter(({ target }) => !target.startsWith('node:'));
    expect(vendors.length, said(vendors).join(', ')).toBeLessThanOrEqual(3);
    expect(new Set(vendors.map(({ target }) => target)).size).toBe(vendors.length);
  });

  test('is handed time, chance and network', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|(?<![.\w])Date\(\)|\bMath\.random\b|\bperformance\b|(?<![.\w])fetch\(|\bglobalThis\b|(?<![.\w])set(Timeout|Interval|Immediate)\b|\bprocess\.|(?<![.\w])console\.|randomUUID|randomBytes|\bcrypto\./;
    const found = sources.filter(({ file, code }) => file.startsWith('src/core/') && impure.test(code));
    expect(found.map(({ file, code }) => `${file}: ${impure.exec(code)?.[0]}`)).toEqual([]);
  });

  test('steps do not import each other: pipeline.ts joins them', () => {
    const STEPS = ['poll', 'read', 'extract', 'judge', 'correlate', 'route', 'outbox', 'regular', 'commands'];
    const stepOf = (path: string) =>
      STEPS.find((step) => path === `src/core/${step}.ts` || path.startsWith(`src/core/${step}/`));
    const crossing = core.filter(({ file, target, typeOnly }) => {
      const [from, to] = [stepOf(file), stepOf(target)];
      return from !== undefined && to !== undefined && from !== to && !typeOnly;
    });
    expect(said(crossing.filter((one) => !excepted(one)))).toEqual([]);
  });

  test('the core is put together in one place, for the running bot and for replay', () => {
    const parts = /\b(createPipeline|createBroadcaster|createCompose|createSender)\(/;
    const makers = sources.filter(({ file, code }) => !file.startsWith('src/core/') && parts.test(code));
    expect(makers.map(({ file }) => file)).toEqual(['src/app/compose.ts']);
  });

  test('model and ports are shapes: they import only each other', () => {
    const shapes = core.filter(({ file }) => /^src\/core\/(model|ports)\//.test(file));
    expect(said(shapes.filter(({ target }) => !/^src\/core\/(model|ports|errors)/.test(target)))).toEqual([]);
  });
});

describe('rim', () => {
  test('sources, adapters and stores import core/{model,ports,answers,errors,recent,wakeable} and their own folder, never each other', () => {
    const rim = imports.filter(({ file, target }) => /^src\/(sources|adapters|store)\/./.test(file) && isOwn(target));
    const wrong = rim.filter(({ file, target }) => {
      if (/^src\/core\/(model|ports)\/|^src\/core\/(answers|errors|recent|wakeable)\.ts$/.test(target)) return false;
      // What another Tocsin's feed is worth.
      if (target === 'src/core/federation/hear.ts') return false;
      // The few texts of their own that people read.
      if (/^src\/i18n\/(packs|direction)\.ts$/.test(target)) return false;
      const [, room, folder] = /^src\/(sources|adapters|store)\/([^/]+)/.exec(file)!;
      if (folder!.endsWith('.ts')) return !target.startsWith(`src/${room}/`);
      return (
        !target.startsWith(room === 'store' ? 'src/store/' : `src/${room}/${folder}/`) &&
        target !== `src/${room}/kind.ts` &&
        target !== `src/${room}/markup.ts` &&
        target !== `src/${room}/fields.ts`
      );
    });
    expect(said(wrong.filter((one) => !excepted(one)))).toEqual([]);
  });

  test('every exception is still needed', () => {
    const unused = EXCEPTIONS.filter(
      ({ from, to }) => !imports.some(({ file, target }) => from.test(file) && to.test(target)),
    );
    expect(unused.map(({ why }) => why)).toEqual([]);
  });

  test('Date.now, performance.now, new Date(), Math.random and fetch stay in platform/, called or handed on', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|globalThis\.fetch|(?<![.\w])fetch\(/;
    const found = sources.filter(({ file, code }) => !/^src\/(platform|cli)\//.test(file) && impure.test(code));
    expect(found.map(({ file }) => file)).toEqual([]);
  });

  test('grammy, matrix-bot-sdk, kysely and pg each stay in one room', () => {
    const ROOMS: Record<string, RegExp> = {
      grammy: /^src\/adapters\/telegram\//,
      'matrix-bot-sdk': /^src\/adapters\/matrix\//,
      kysely: /^src\/store\//,
      pg: /^src\/store\//,
      keyv: /^src\/store\//,
      'node-cron': /^src\/platform\//,
      'rss-parser': /^src\/sources\/rss\//,
      feedsmith: /^src\/sources\/rss\//,
      '@resvg/resvg-js': /^src\/pictures\//,
      i18next: /^src\/i18n\/packs\.ts$/,
    };
    const astray = imports.filter(({ file, target }) => {
      const vendor = Object.keys(ROOMS).find((name) => target === name || target.startsWith(`${name}/`));
      return vendor !== undefined && !ROOMS[vendor]!.test(file);
    });
    expect(said(astray)).toEqual([]);
  });
});

describe('what is committed', () => {
  test('the lock file names no registry host', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string }>;
    };
    const hosts = Object.entries(lock.packages).filter(
      ([, { resolved }]) => resolved && !resolved.startsWith('file:') && !resolved.startsWith('vendor/'),
    );
    expect(hosts.map(([name]) => name)).toEqual([]);
  });

  test('no file holds a path of the machine it was written on', (context) => {
    const listed = committedFiles();
    if (!listed) return leaveOut(context, 'needs git and a clone');
    const top = root.split(sep)[1] ?? '';
    const homes = ['home/\\w+', 'Users/\\w+', ...(STANDARD_FOLDERS.includes(top) ? [] : [top])];
    const path = new RegExp(`(?<![\\w.~-])/(${homes.join('|')})/`);
    const found = listed.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const match = path.exec(text);
      return match ? [`${file}: ${text.slice(match.index, match.index + 40).split('\n')[0]}`] : [];
    });
    expect(found).toEqual([]);
  });
});

const STANDARD_FOLDERS =
  'app bin boot builds data dev etc home lib lib64 media mnt opt private proc root run sbin srv sys tmp usr var Users Volumes'.split(
    ' ',
  );

function committedFiles(): string[] | null {
  const git = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  if (git.status !== 0) return null;
  const text = git.stdout.split('\0').filter((file) => file && !/\.(png|ttf|woff2?|ico|gz|db)$/.test(file));
  return text.filter((file) => statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
}
