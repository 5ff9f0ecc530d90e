/** Every command and every piece of configuration on the pages: it runs, or here stands why not; a fault names page and line. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { main } from '../../../src/cli/index.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { pagesOf } from '../../docs/pages.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { scratchFolder } from '../../fakes/scratch.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const { blocks, commands, inline } = pagesOf(ROOT);
const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;

/** Fits whatever a key asks of a secret. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** As BotFather gives it. */
const TOKEN = '1234567:AAEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

/** The one that the pages speak of. */
const HOOK = `accounts: [{ id: hook, platform: webhook, url: "https://example.org/tocsin", secret: ${SECRET}, follow: [all] }]\n`;

/** Configuration of other programs. */
const OF_OTHERS: [first: RegExp, whose: string][] = [
  [/^scrape_configs:/, "Prometheus's: docs/metrics/ is checked by the test of its rules"],
];

/** What no test runs, each with its reason. What it names of ours must be there all the same. */
const NOT_RUN: [command: RegExp, why: string][] = [
  [/^(?:[A-Z_]+=\S+ )*npm (?:ci|test|start|run \S+)\b/, 'CI does it; that the script is there is tested below'],
  [/^cd \/opt\/tocsin && (?:npm ci|npx tocsin)/, 'at the place of an installation'],
  [/^(?:cat docs\/deploy\/\S+ >>|echo manual >|read|export) /, 'asks for, or holds, what only the reader has'],
  [/^docker /, 'needs an engine; .ci/prove-dockerfile builds the image, .ci/prove-release runs it by podman'],
  [/^curl /, 'asks a server of yours; the doors have tests of their own'],
  [
    /^(?:apt-get|useradd|usermod|git clone|install|systemctl|journalctl|runuser|rm|mount|chown|chmod|ufw|nft|sudo|openssl|ssh|scp|psql|pg_\w+) /,
    'changes a machine; .ci/prove-release types the block of docs/deploy on a bare one',
  ],
  [/^(?:TOKEN=… )?npx tocsin agent /, 'needs a centre; test/e2e/ has agents'],
  [/^TOCSIN_DATABASE=postgres:\/\//, 'needs a PostgreSQL of that name; test/contract/store/ moves to one'],
  [/^jq /, 'needs jq and a card; test/unit/evidence.test.ts types it'],
  [
    /^(?:npx )?tocsin (?:start|probe|setup|test-alert|check\b(?!.*--offline)|demo --)/,
    'reaches for the network, asks questions, or stays; tests of their own (test/e2e/setup.test.ts types those of docs/start.md)',
  ],
];

const whyNot = (command: string): string | null => NOT_RUN.find(([pattern]) => pattern.test(command))?.[1] ?? null;

afterEach(() => void vi.restoreAllMocks());

describe('configuration', () => {
  const yaml = blocks.filter(({ kind }) => kind === 'yaml' || kind === 'yml');
  const own = yaml.filter(({ text }) => !OF_OTHERS.some(([first]) => first.test(text)));

  test.each(own.map(({ at, text }) => [at, text]))('%s: fits the schema', async (at, text) => {
    const folder = scratchFolder('snippet-');
    writeFileSync(join(folder, 'tocsin.yaml'), text);
    const named = [...text.matchAll(/env:(\w+)/g)].map(([, name]) => [
      name!,
      name === 'TELEGRAM_TOKEN' ? TOKEN : SECRET,
    ]);
    for (const [, file] of text.matchAll(/file:([\w./-]+)/g))
      if (!file!.startsWith('/')) writeFileSync(join(folder, file!), SECRET);
    const config = loadConfig({ file: join(folder, 'tocsin.yaml'), env: Object.fromEntries(named), cwd: folder });
    await expect(config, at).resolves.toBeDefined();
  });

  test('what is of other programs is YAML', () => {
    for (const { text } of yaml.filter((one) => !own.includes(one))) expect(parse(text)).toBeTypeOf('object');
  });

  test.each(blocks.filter(({ kind }) => kind === 'json').map(({ at, text }) => [at, text]))(
    '%s: is JSON',
    (_at, text) => {
      expect(JSON.parse(text)).toBeTypeOf('object');
    },
  );
});

describe('commands', () => {
  test.each(commands.map(({ at, text }) => [at, text]))(
    '%s: %s',
    async (at, text) => {
      const script = /\bnpm run (?:-s )?([\w:-]+)/.exec(text)?.[1];
      if (script !== undefined) expect(Object.keys(scripts), at).toContain(script);
      const OURS = /(?:^|&& |\| )(?:[A-Z_]+=\S+ )*(?:npx )?tocsin (?=[a-z])([^|;&]*)/;
      const ours = OURS.exec(text.replace(/\s#\s.*$/, ''))?.[1]
        ?.trim()
        .split(/\s+/);
      const { out, err } = capturedOutput();
      if (ours !== undefined && !/^docker |git clone/.test(text)) {
        expect(await main([ours[0]!, '--help']), `${at}: ${ours[0]}`).toBe(0);
        const help = out.splice(0).join('');
        // What is typed with the options that the help knows is at least no wrong usage.
        for (const flag of ours.filter((one) => one.startsWith('--')))
          expect(help, `${at}: ${flag}`).toContain(flag.split('=')[0]);
      }
      if (whyNot(text) !== null) return;
      expect(ours, `${at}: this test neither runs it nor knows why not (NOT_RUN)`).toBeDefined();
      const args = ours!.map((one) => (one.startsWith('docs/') ? join(ROOT, one) : one));
      vi.spyOn(process, 'cwd').mockReturnValue(scratchFolder('snippet-'));
      // What `tocsin start` would have made.
      await (await openStore(join(process.cwd(), 'data/tocsin.db'), deps)).close();
      if (args[0] === 'webhooks') {
        mkdirSync(join(process.cwd(), 'config'));
        writeFileSync(join(process.cwd(), 'config/tocsin.yaml'), HOOK);
      }
      // What the line before it would have made.
      if (args[0] === 'verify') await main(['backup', join(process.cwd(), args[1]!)]);
      const typed = /^echo '([^']*)' \|/.exec(text)?.[1];
      const file = typed === undefined ? null : join(process.cwd(), 'typed.jsonl');
      if (file !== null) writeFileSync(file, `${typed}\n`);
      const code = await main(
        args.map((one) =>
          one === '-' && file !== null ? file : /^\w+\.jsonl$/.test(one) ? join(process.cwd(), one) : one,
        ),
      );
      expect({ at, code, err: code === 0 ? '' : err.join('') }).toEqual({ at, code: 0, err: '' });
    },
    60_000,
  );

  test('each reason not to run something is still of use', () => {
    const idle = NOT_RUN.filter(([pattern]) => !commands.some(({ text }) => pattern.test(text)));
    expect(idle).toEqual([]);
  });

  test('commands that are named in the text: there are such', async () => {
    const { out } = capturedOutput();
    await main(['help']);
    const known = [...out.join('').matchAll(/^ {2}([\w-]+) +\S/gm)].map(([, name]) => name!);
    const lost = inline.filter(({ text }) => !known.includes(text));
    expect(lost).toEqual([]);
  });
});

test('every page is in the book: docs/README.md leads to it', () => {
  const book = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(pages.filter((name) => !book.includes(`](${name})`))).toEqual([]);
});
