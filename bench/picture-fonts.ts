/**
 * Makes `config/fonts/`, what pictures are written with: DejaVu Sans for most scripts, and of Noto Sans SC the signs that Chinese labels need. Whole they
 * would be 12 MB, and every picture would take a third longer; woff and woff2, as which fonts are found on npm, draw no text at all.
 *
 *     npm run build:fonts      fetches three packages with npm into a temporary folder and writes the files
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DEJAVU = 'dejavu-fonts-ttf@2.37.3';
const NOTO = '@fontsource/noto-sans-sc@5.3.0';
const SUBSETTER = 'subset-font@2.9.0';
const ROOT = resolve(import.meta.dirname, '..');
const FONTS = join(ROOT, 'config/fonts');

/** Of DejaVu Sans: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Georgian, with their forms; punctuation, money, arrows. */
const RANGES: [number, number][] = [
  [0x20, 0x5f4],
  [0x600, 0x6ff],
  [0x750, 0x77f],
  [0x10a0, 0x10ff],
  [0x1e00, 0x1fff],
  [0x2000, 0x206f],
  [0x20a0, 0x20bf],
  [0x2100, 0x214f],
  [0x2190, 0x21ff],
  [0xfb13, 0xfdff],
  [0xfe70, 0xfeff],
];
/** Beside the signs of our own names and texts so many of the most frequent ones, for what operators call their services. */
const FREQUENT = 3_000;

const rangesText = (ranges: readonly [number, number][]): string =>
  ranges
    .map(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join(''))
    .join('');

const chineseOf = (text: string): string[] =>
  [...text].filter((sign) => /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(sign));

/** Names of countries and dates by Unicode CLDR, and whatever Chinese stands in our own texts and lists. */
function ourChinese(): string {
  const names = new Intl.DisplayNames(['zh'], { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const countries = letters.flatMap((a) => letters.map((b) => names.of(a + b) ?? ''));
  const files = ['config/languages/zh/texts.json', 'config/languages/zh/language.json', 'config/services.yaml'];
  const read = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  return chineseOf(
    ['年月日时分秒周星期一二三四五六七八九十上下午、。，：；（）「」…', ...countries, ...read].join(''),
  ).join('');
}

/** Google's slices of the font are numbered by how often their signs stand in Chinese pages: the last are the most frequent. */
function frequentChinese(folder: string): string {
  const slices = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const order = Object.keys(slices)
    .flatMap((key) => /^\[(\d+)\]$/.exec(key)?.[1] ?? [])
    .sort((a, b) => Number(b) - Number(a));
  const signs: string[] = [];
  for (const number of order) {
    if (signs.length >= FREQUENT) break;
    for (const range of slices[`[${number}]`]!.split(',')) {
      const [from, to] = range
        .replace('U+', '')
        .split('-')
        .map((hex) => Number.parseInt(hex, 16));
      signs.push(...chineseOf(rangesText([[from!, to ?? from!]])));
    }
  }
  return signs.join('');
}

function run(command: string, args: string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
}

type Subset = (font: Buffer, text: string, options: { targetFormat: 'sfnt'; noHinting: true }) => Promise<Buffer>;

const folder = mkdtempSync(join(tmpdir(), 'tocsin-fonts-'));
try {
  writeFileSync(join(folder, 'package.json'), '{}');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', DEJAVU, NOTO, SUBSETTER], folder);
  const modules = join(folder, 'node_modules');
  const { default: subset } = (await import(createRequire(join(folder, 'x.js')).resolve('subset-font'))) as {
    default: Subset;
  };
  mkdirSync(FONTS, { recursive: true });
  const write = async (from: string, to: string, text: string): Promise<void> => {
    const made = await subset(readFileSync(join(modules, from)), text, { targetFormat: 'sfnt', noHinting: true });
    writeFileSync(join(FONTS, to), made);
    console.log(`config/fonts/${to}: ${new Set(text).size} signs asked for, ${made.length} bytes`);
  };
  await write('dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'sans.ttf', rangesText(RANGES));
  await write('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf', 'sans-bold.ttf', rangesText(RANGES));
  const noto = join(modules, '@fontsource/noto-sans-sc');
  const chinese = ourChinese() + frequentChinese(noto);
  await write('@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff', 'sans-sc.ttf', chinese);
  writeFileSync(join(FONTS, 'sans.LICENSE'), readFileSync(join(modules, 'dejavu-fonts-ttf/LICENSE')));
  writeFileSync(join(FONTS, 'sans-sc.LICENSE'), readFileSync(join(noto, 'LICENSE')));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
