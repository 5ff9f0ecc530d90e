/** Whoever reads a comment or a page and follows it must arrive: every path and every page that they name exists. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const posix = (path: string) => path.split(sep).join('/');

const IGNORED =
  /^(node_modules|\.git|\.synapse-venv|\.nio-venv|\.element|\.cache|coverage|data|dist)(\/|$)|^test\/fakes\/(fake-telegram|lab)\//;

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix(join(folder, entry.name));
    if (IGNORED.test(path)) return [];
    return entry.isDirectory() ? filesOf(path) : entry.isFile() ? [path] : [];
  });
}

const files = filesOf('.');
/** Every tail of every path: `core/ports/store.ts` is named from within `src/` as `ports/store.ts` or `store.ts`. */
const tails = new Set(files.flatMap((file) => file.split('/').map((_, i, parts) => parts.slice(i).join('/'))));
const folderTails = new Set(
  files.flatMap((file) => {
    const parts = dirname(file).split('/');
    return parts.flatMap((_, from) => parts.slice(from).map((_last, to) => parts.slice(from, from + to + 1).join('/')));
  }),
);

const ENDINGS = 'ts|mjs|js|md|yaml|yml|csv|jsonl|tsv|json|sql|txt|py|sh';
/** A file by its ending, perhaps with folders before it; or, in backticks, a folder that ends with a slash. */
const NAMED = new RegExp(
  String.raw`(?<![\w.:/*@~-])((?:[\w.-]+\/)*[\w-][\w.-]*\.(?:${ENDINGS}))(?![\w/-])|\`((?:[\w.-]+\/)+)\``,
  'g',
);

/** Not in the repository on purpose, each with its reason. */
const ELSEWHERE: readonly RegExp[] = [
  // made at run time, or the reader's own
  /^(config\/)?(tocsin|vantage)\.yaml$|^backup\.jsonl$|^node_modules\/|^dist\/|^something\.json$/,
  // patterns of names
  /^(config\/lexicon\/)?(xx|LANG)(-part|-places)?\.yaml$|^results-DATE\.md$|^config\/languages\/CODE\/(\w+\.json)?$/,
  // test data that is read where it lies and never copied (docs/contributing.md)
  /^(\.\.\/)?(shared\/)?data\/|^(news-dev(-[23])?|clusters-dev(-2)?|must-not-merge-dev(-2)?)\.jsonl$|^service(s|_domains)\.csv$/,
  // folders that this test does not walk
  /^(fake-telegram|lab)\/$/,
];

interface Reference {
  file: string;
  named: string;
}

function commentsOf(text: string): string {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/[^\n]*/g)].map((match) => match[0]).join('\n');
}

function referencesIn(file: string, text: string): Reference[] {
  return [...text.matchAll(NAMED)].map((match) => ({ file, named: (match[1] ?? match[2])!.replace(/^\.\//, '') }));
}

function leadsSomewhere({ file, named }: Reference): boolean {
  if (ELSEWHERE.some((pattern) => pattern.test(named))) return true;
  const beside = posix(relative(root, resolve(root, dirname(file), named)));
  if (existsSync(join(root, beside)) || existsSync(join(root, named))) return true;
  return named.endsWith('/') ? folderTails.has(named.slice(0, -1)) : tails.has(named);
}

describe('references', () => {
  const code = files.filter((file) => /^(src|test|bench)\/.*\.(ts|mjs)$/.test(file) && !/\/fixtures\//.test(file));
  const pages = files.filter(
    (file) => file.endsWith('.md') && !/^(vendor|test\/fixtures|docs\/transcripts)\//.test(file),
  );
  const configs = files.filter((file) => /^config\/.*\.yaml$/.test(file));

  test('comments of the code: every file and folder that they name exists', () => {
    const lost = code
      .flatMap((file) => referencesIn(file, commentsOf(readFileSync(join(root, file), 'utf8'))))
      .filter((one) => !leadsSomewhere(one));
    expect(lost).toEqual([]);
  });

  test('pages and commented configuration: every file and folder that they name exists', () => {
    const lost = [
      ...pages.flatMap((file) => referencesIn(file, readFileSync(join(root, file), 'utf8'))),
      ...configs.flatMap((file) => {
        const comments = readFileSync(join(root, file), 'utf8').match(/^\s*#.*$/gm) ?? [];
        return referencesIn(file, comments.join('\n'));
      }),
    ].filter((one) => !leadsSomewhere(one));
    expect(lost).toEqual([]);
  });

  test('links between pages: each leads to a file, and to a heading where it names one', () => {
    const lost: string[] = [];
    for (const file of files.filter((one) => one.endsWith('.md') && !/^(vendor|test)\//.test(one))) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/i.test(target!)) continue;
        const [path, anchor] = target!.split('#');
        const found = path === '' ? join(root, file) : join(root, dirname(file), path!);
        if (!existsSync(found)) lost.push(`${file} → ${target}`);
        else if (anchor && statSync(found).isFile() && !anchorsOf(readFileSync(found, 'utf8')).has(anchor))
          lost.push(`${file} → ${target}`);
      }
    }
    expect(lost).toEqual([]);
  });

  test('a section that a comment cites ("probes.md, section 6.4"): the page has it', () => {
    const lost: string[] = [];
    for (const file of code) {
      const comments = commentsOf(readFileSync(join(root, file), 'utf8')).replace(/\n\s*\*?/g, ' ');
      for (const [, page, rest] of comments.matchAll(/([\w-]+\.md),? sections? ((?:[\d.]+(?:, | and | to )?)+)/g)) {
        const found = pageNamed(page!);
        const headings = found ? readFileSync(join(root, found), 'utf8') : '';
        for (const [number] of rest!.matchAll(/\d+(?:\.\d+)*/g))
          if (!new RegExp(`^#+ ${number.replace('.', '\\.')}[. ]`, 'm').test(headings))
            lost.push(`${file}: ${page}, section ${number}`);
      }
      for (const [, page, title] of comments.matchAll(/\(([\w-]+\.md), "([^"]+)"\)/g)) {
        const found = pageNamed(page!);
        if (!found || !readFileSync(join(root, found), 'utf8').includes(title!))
          lost.push(`${file}: ${page}, "${title}"`);
      }
    }
    expect(lost).toEqual([]);
  });
});

test('every page on decisions: a line in their list, and every line a page', () => {
  const list = readFileSync(join(root, 'docs/decisions/README.md'), 'utf8');
  const listed = [...list.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name!);
  const pages = readdirSync(join(root, 'docs/decisions')).filter((name) => name !== 'README.md');
  expect([...new Set(listed)].sort()).toEqual(pages.sort());
});

/** The reference page of that name; a page on decisions may have the same. */
function pageNamed(name: string): string | undefined {
  const found = files.filter((one) => one.startsWith('docs/') && basename(one) === name);
  return found.find((one) => !one.startsWith('docs/decisions/')) ?? found[0];
}

function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#+\s+(.+)$/gm)].map((match) => match[1]!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s-]/gu, '')
        .trim()
        .replace(/\s+/g, '-'),
    ),
  );
}
