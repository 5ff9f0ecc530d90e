/** What the operator's side reads: config files, recordings, answers of resolvers, lines of the log. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readRecordings } from '../../src/cli/replay.ts';
import { loadConfig } from '../../src/config/load.ts';
import { TocsinError } from '../../src/core/errors.ts';
import { createLog, createSecrets } from '../../src/platform/log.ts';
import { nextRun } from '../../src/platform/schedule.ts';
import { question, readAnswer } from '../../src/sources/probe/net/dns.ts';
import { hold } from './invariants.ts';
import { type Target, target } from './target.ts';
import { hostileText, jsonWith } from './words.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-fuzz-'));
mkdirSync(join(folder, 'config'));
const example = readFileSync(join(import.meta.dirname, '../../config/tocsin.example.yaml'), 'utf8');
const CONFIG_KEYS =
  'database accounts sources include services policy network vantage web operators extract id platform token apiRoot rate homeserver accessToken inviteFrom kind url cron publisher lang groupWait level proxy perHost listen publicUrl name aliases phrases __proto__ constructor'.split(
    ' ',
  );
const values = fc.oneof(
  fc.constantFrom<unknown>(
    'telegram',
    'matrix',
    'console',
    'rss',
    'env:NOPE',
    'env:SECRET',
    'file:secret',
    'file:/dev/zero',
    'file:.',
    'config.yaml',
    '10s',
    '-1d',
    '* * * * *',
    '*/0 * * * *',
    'https://a.example/feed',
    '127.0.0.1:99999',
    'socks5://u:hunter2hunter2@p:1',
    'postgres://u:hunter2hunter2@h/db',
  ),
  hostileText(80),
);
const files = fc.oneof(
  jsonWith(CONFIG_KEYS, values).map((value) => JSON.stringify(value)),
  fc
    .array(
      fc.tuple(
        fc.nat(),
        fc.nat(200),
        fc.oneof(
          hostileText(40),
          fc.constantFrom('&a ', '*a', '<<: *a', '? ', '- ', ': ', '!!js/function ', '%YAML 9', '\t', '"', '{', '['),
        ),
      ),
      { maxLength: 5 },
    )
    .map((edits) =>
      edits.reduce((so, [at, length, piece]) => {
        const from = at % (so.length + 1);
        return so.slice(0, from) + piece + so.slice(from + length);
      }, example),
    ),
  fc
    .nat(8)
    .map(
      (depth) =>
        `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: depth }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i}]`).join('\n')}`,
    ),
  hostileText(2_000),
);
const SECRET = 'correct-horse-battery-staple';

const configs = target({
  name: 'config files',
  limitMs: 500,
  before: true,
  input: files,
  async run(text) {
    const file = join(folder, text.startsWith('{') ? 'config.json' : 'config.yaml');
    writeFileSync(file, text.toWellFormed());
    writeFileSync(join(folder, 'secret'), SECRET);
    try {
      await loadConfig({ file, env: { SECRET }, cwd: folder });
    } catch (error) {
      hold(
        error instanceof TocsinError && error.code === 'config_invalid',
        'no clear error',
        String((error as Error)?.stack ?? error),
      );
      const { message } = error as Error;
      hold(message.length < 40_000, 'too many words', message.length);
      hold(!message.includes(SECRET), 'a secret is told', message);
      hold(
        !/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/.test(message),
        'a message turns the terminal around',
        message,
      );
    }
  },
  stop: async () => rmSync(folder, { recursive: true, force: true }),
});

const recordings = target({
  name: 'lines for replay',
  input: fc.array(
    fc.oneof(
      jsonWith(
        [
          'id',
          'publishedAt',
          'title',
          'summary',
          'body',
          'url',
          'source',
          'derived_from',
          'authority',
          'lang',
          'verdict',
          'at',
          'probeCc',
          'probeAsn',
          'vantageId',
        ],
        fc.oneof(fc.constantFrom('2026-02-06T10:00+03:00', 'yesterday'), hostileText(60)),
      ).map((value) => JSON.stringify(value)),
      hostileText(400),
    ),
    { maxLength: 5 },
  ),
  async run(lines) {
    const file = join(folder, 'items.jsonl');
    writeFileSync(file, lines.join('\n'));
    try {
      for (const one of await readRecordings([file])) {
        if (!('item' in one)) {
          hold(Number.isFinite(one.at) && one.round.length > 0, 'a round without time', one.at);
          continue;
        }
        const { id, item } = one;
        hold(id.length > 0 && id.length <= 200 && item.title.length <= 2_000, 'an item out of bounds', id);
        hold(Number.isFinite(item.publishedAt), 'no time', item.publishedAt);
      }
    } catch (error) {
      hold(error instanceof TocsinError && error.code === 'usage', 'no clear error', String(error));
      hold((error as Error).message.length < 1_000, 'too many words');
    }
  },
});

const logLines = target({
  name: 'lines of the log',
  limitMs: 20,
  input: fc.tuple(hostileText(3_000), hostileText(600), fc.nat(40)),
  run([text, value, cut]) {
    const token = '7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFake';
    let line = '';
    const write = (made: string): void => {
      line += made;
    };
    const log = createLog({
      clock: { now: () => 0, monotonic: () => 0, sleep: async () => undefined },
      secrets: createSecrets([SECRET, token]),
      write,
    });
    log.warn('A fixed sentence', {
      a: `${text}${SECRET}${value}`,
      b: `${text.slice(cut)}https://api.telegram.org/bot${token}/getMe`,
      c: encodeURIComponent(SECRET),
    });
    hold(line.endsWith('\n') && line.indexOf('\n') === line.length - 1, 'not one line', line);
    hold(line.length < 4_200, 'a long line', line.length);
    // Nor half of one, where a long value was cut.
    hold(!line.includes(SECRET.slice(0, 10)) && !line.includes(token.slice(11, 25)), 'a secret is told', line);
    hold(
      !/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/.test(line),
      'a line turns the terminal around',
      line,
    );
  },
});

const dns = target({
  name: 'answers of resolvers',
  limitMs: 50,
  input: fc.tuple(
    fc.uint8Array({ maxLength: 600 }),
    fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 12 }),
    fc.boolean(),
  ),
  run([noise, edits, shaped]) {
    const bytes = shaped ? new Uint8Array([...question('whatsapp.com', 'A', 7), ...noise]) : Uint8Array.from(noise);
    if (shaped) bytes[2]! |= 0x80;
    for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
    const read = readAnswer(bytes, 'whatsapp.com', 'A', 7);
    hold(read === null || read.addresses.length <= 100, 'too many addresses');
  },
});

const crons = target({
  name: 'schedules',
  input: fc.oneof(
    hostileText(60),
    fc
      .array(fc.constantFrom('*', '*/5', '0', '59', '60', '1-5', '1,2', '31', '2', 'L', 'MON', '*/0', '99999999999'), {
        minLength: 4,
        maxLength: 7,
      })
      .map((parts) => parts.join(' ')),
  ),
  run(cron) {
    try {
      const at = nextRun(cron, 1_700_000_000_000);
      hold(at > 1_700_000_000_000, 'not after', at);
    } catch (error) {
      hold(error instanceof Error && error.message.length < 500, 'no clear error', String(error));
    }
  },
});

export const operatorTargets: Target[] = [configs, recordings, logLines, dns, crons];
