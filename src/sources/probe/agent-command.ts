import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import COMMANDS from '../../../config/commands-of-kinds.json' with { type: 'json' };
import { logFailure, TocsinError } from '../../core/errors.ts';
import { sayIn, words } from '../../i18n/packs.ts';
import type { CommandDeps } from '../kind.ts';
import { type Centre, carry, makeFolder, openSpool } from './agent-spool.ts';
import { type ProbeConfig, probeSchema, vantageSchema } from './config.ts';
import { createSource } from './index.ts';

export const help = COMMANDS.agent;

/** Runs until it is interrupted; resolves with 0 then. */
export async function run(args: string[], deps: CommandDeps): Promise<number> {
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
  const token = await secret(values.token, deps.env);
  if (!values.vantage)
    throw new TocsinError(
      'usage',
      'agent needs --vantage FILE: what this machine may ask, and where its references are (docs/vantage.md)',
    );
  const every = values.every === undefined ? null : Number(values.every);
  if (every !== null && !(every >= 5 && every <= 86_400))
    throw new TocsinError('usage', '--every must be a number of seconds from 5 to 86400');
  const vantage = await deps.readChecked(values.vantage, vantageSchema);
  const folder = resolve(values.spool ?? join('data', 'agent'));
  await makeFolder(folder);
  await askConsent(folder, values.consent === true, deps);
  const ca = values.ca ? await readFile(values.ca, 'utf8') : null;
  const config = v.parse(probeSchema, {
    id: vantage.id,
    kind: 'probe',
    vantage,
    folder: dirname(resolve(values.vantage)),
    targets: positionals,
    ...(every === null ? {} : { intervalMinutes: every / 60 }),
  });
  const tick = every === null ? 60_000 : Math.min(60_000, every * 400);
  await work(config, { url, token, ca }, { folder, tick }, deps);
  return 0;
}

/** Measures what is due every `tick` ms, and carries it to the centre. */
async function work(
  config: ProbeConfig,
  centre: Centre,
  { folder, tick }: { folder: string; tick: number },
  deps: CommandDeps,
): Promise<void> {
  const { clock, ids, interrupted: signal } = deps;
  const log = deps.logFor([centre.token]);
  const source = createSource(config, { clock, ids, log });
  const spool = await openSpool(join(folder, 'spool'), ids);
  let paused = false;
  const onStop = (wish: boolean): void => {
    if (wish !== paused) log.warn(wish ? 'The centre stops this agent' : 'The centre lets this agent go on');
    paused = wish;
  };
  const courier = carry({ spool, centre, clock, ids, log, onStop }, signal);
  log.info('Agent is at work', { vantage: config.vantage.id, waiting: spool.size() });
  for (let firstPoll = true; !signal.aborted; firstPoll = false) {
    const began = clock.monotonic();
    if (!paused && !existsSync(join(folder, 'STOP'))) {
      try {
        const { measurements } = await source.poll({ now: clock.now(), firstPoll, signal });
        if (measurements.length > 0) await spool.add(measurements);
      } catch (error) {
        logFailure(log, 'Unable to measure', error);
      }
    }
    await clock.sleep(Math.max(500, tick - (clock.monotonic() - began)), signal).catch(() => undefined);
  }
  await courier;
  source.close();
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

async function secret(text: string | undefined, env: CommandDeps['env']): Promise<string> {
  const name = text?.slice(text.indexOf(':') + 1) ?? '';
  let found: string | undefined;
  if (text?.startsWith('env:')) found = env[name];
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

/** Shown before the first packet, in the language of the machine where we have it. `lang`: as in LANG ("ru_RU.UTF-8"). */
export const consentText = (lang: string): string => sayIn(lang.slice(0, 2).toLowerCase(), 'agent.consent');

/** Once for each spool: asked at a terminal, given by `--consent` elsewhere. */
async function askConsent(folder: string, given: boolean, deps: CommandDeps): Promise<void> {
  const { env } = deps;
  const file = join(folder, 'consent.json');
  if (existsSync(file)) return;
  deps.err(`${consentText(env.LC_ALL ?? env.LANG ?? '')}\n\n`);
  if (!given) {
    const answer = await deps.ask('Do all of them know and agree? Type "yes": ');
    if (answer === null)
      throw new TocsinError(
        'usage',
        'read the text above; if the owners of machine and line agree, start again with --consent',
      );
    if (!words.all('consent').includes(answer.trim().toLowerCase())) throw new TocsinError('usage', 'nothing was sent');
  }
  await writeFile(file, JSON.stringify({ agreedAt: new Date(deps.clock.now()).toISOString() }), { mode: 0o600 });
}
