import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { TocsinError } from '../core/errors.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { createLog, createSecrets, logLevelOf } from '../platform/log.ts';
import { consentText } from '../sources/probe/agent/consent.ts';
import { carry } from '../sources/probe/agent/post.ts';
import { openSpool } from '../sources/probe/agent/spool.ts';
import { probeSchema } from '../sources/probe/config.ts';
import { createSource } from '../sources/probe/index.ts';
import { readVantageFile } from './probe-vantage.ts';

export const help = {
  usage:
    'tocsin agent [TARGET…] --centre URL --token env:NAME|file:PATH --vantage FILE [--spool DIR] [--consent] [--ca FILE] [--every SECONDS]',
  summary: 'probe from this machine for a centre elsewhere; results wait on disk while it cannot be reached',
  example:
    'TOKEN=… tocsin agent whatsapp telegram --centre https://tocsin.example.org/agents --token env:TOKEN --vantage vantage.yaml',
};

/** Runs until SIGTERM or SIGINT; resolves with 0 then. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      centre: { type: 'string' },
      token: { type: 'string' },
      vantage: { type: 'string' },
      spool: { type: 'string' },
      consent: { type: 'boolean' },
      ca: { type: 'string' },
      every: { type: 'string' },
    },
  });
  const url = centreUrl(values.centre);
  const token = await secret(values.token);
  if (!values.vantage)
    throw new TocsinError(
      'usage',
      'agent needs --vantage FILE: what this machine may ask, and where its references are',
    );
  const every = values.every === undefined ? null : Number(values.every);
  if (every !== null && !(every >= 5 && every <= 86_400))
    throw new TocsinError('usage', '--every must be a number of seconds from 5 to 86400');
  const vantage = await readVantageFile(values.vantage);
  const folder = resolve(values.spool ?? join('data', 'agent'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await askConsent(folder, values.consent === true);

  const ids = createIds(systemClock);
  const log = createLog({
    clock: systemClock,
    level: logLevelOf(process.env.TOCSIN_LOG),
    secrets: createSecrets([token]),
  });
  const source = createSource(
    v.parse(probeSchema, {
      id: vantage.id,
      kind: 'probe',
      vantage,
      folder: dirname(resolve(values.vantage)),
      targets: positionals,
      ...(every === null ? {} : { intervalMinutes: every / 60 }),
    }),
    { clock: systemClock, ids, log },
  );
  const spool = await openSpool(join(folder, 'spool'), ids);
  const ca = values.ca ? await readFile(values.ca, 'utf8') : null;
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(name)));
  const { signal } = stop;
  let paused = false;
  const courier = carry(
    {
      spool,
      centre: { url, token, ca },
      clock: systemClock,
      ids,
      log,
      onStop(wish) {
        if (wish !== paused) log.warn(wish ? 'The centre stops this agent' : 'The centre lets this agent go on');
        paused = wish;
      },
    },
    signal,
  );
  log.info('Agent is at work', { vantage: vantage.id, waiting: spool.size() });
  const tick = every === null ? 60_000 : Math.min(60_000, every * 400);
  for (let first = true; !signal.aborted; first = false) {
    const began = systemClock.monotonic();
    if (!paused && !existsSync(join(folder, 'STOP'))) {
      try {
        const result = await source.poll({
          now: systemClock.now(),
          firstPoll: first,
          signal,
        });
        if (result.measurements.length > 0) await spool.add(result.measurements);
      } catch (error) {
        log.error('Unable to measure', { error: error instanceof Error ? error.message : String(error) });
      }
    }
    await systemClock.sleep(Math.max(500, tick - (systemClock.monotonic() - began)), signal).catch(() => undefined);
  }
  await courier;
  source.close();
  return 0;
}

function centreUrl(text: string | undefined): URL {
  const url = URL.parse(text ?? '');
  if (!url)
    throw new TocsinError(
      'usage',
      'agent needs --centre URL: where the centre takes results, such as https://tocsin.example.org/agents',
    );
  const own = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && own)) {
    throw new TocsinError(
      'usage',
      '--centre must begin with https://: anything else would show the token and the results to whoever watches the line',
    );
  }
  return url;
}

async function secret(text: string | undefined): Promise<string> {
  const [how, name = ''] = [text?.slice(0, 4), text?.slice(text.indexOf(':') + 1)];
  let found: string | undefined;
  if (how === 'env:') found = process.env[name];
  else if (text?.startsWith('file:')) found = (await readFile(name, 'utf8').catch(() => '')).trim();
  else
    throw new TocsinError(
      'usage',
      'agent needs --token env:NAME or --token file:PATH (a token on the command line could be read by others)',
    );
  if (!found || found.length < 20)
    throw new TocsinError(
      'config_invalid',
      `the token of ${text} is missing or shorter than 20 characters; the centre's operator gives it out`,
    );
  return found;
}

/** Once for each spool: asked at a terminal, given by `--consent` elsewhere. */
async function askConsent(folder: string, given: boolean): Promise<void> {
  const file = join(folder, 'consent.json');
  if (existsSync(file)) return;
  process.stderr.write(`${consentText(process.env.LC_ALL ?? process.env.LANG ?? 'en')}\n\n`);
  if (!given) {
    if (!process.stdin.isTTY)
      throw new TocsinError(
        'usage',
        'read the text above; if the owners of machine and line agree, start again with --consent',
      );
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question('Do all of them know and agree? Type "yes": ');
    terminal.close();
    if (!/^(yes|да|بله)$/i.test(answer.trim())) throw new TocsinError('usage', 'nothing was sent');
  }
  await writeFile(file, JSON.stringify({ agreedAt: new Date(systemClock.now()).toISOString() }), { mode: 0o600 });
}
