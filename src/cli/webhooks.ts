import COMMANDS from '../../config/commands.json' with { type: 'json' };
import type { Config } from '../config/schema.ts';
import { TocsinError } from '../core/errors.ts';
import { ENDED, RESUME, readEnded } from '../core/model/chat.ts';
import { iso } from '../core/model/facts.ts';
import type { Store } from '../core/ports/store.ts';
import { paintFor } from '../platform/log.ts';
import { lastBeat, looking } from './open-database.ts';
import { optionsOf } from './runtime.ts';

/** How long a running bot takes to see it, s. */
const WITHIN = 10;

/** 0 it ran; 2 there is no such webhook. */
export async function run(args: string[]): Promise<number> {
  const { values, words } = optionsOf(args, ['config'], ['json'], 'words');
  const [what, id, ...more] = words;
  if (what === undefined) return await list(values.config, values.json === true);
  if (what === 'resume' && id !== undefined && more.length === 0 && !values.json)
    return await resume(id, values.config);
  throw new TocsinError('usage', `Usage: ${COMMANDS.webhooks.usage}`);
}

const hooksOf = ({ accounts }: Pick<Config, 'accounts'>) =>
  accounts.flatMap((account) => (account.platform === 'webhook' ? [account as typeof account & HookAccount] : []));
interface HookAccount {
  preset: string;
  url: string;
}

async function hookOf({ id, preset, url }: HookAccount & { id: string }, store: Pick<Store, 'state'>) {
  const own = store.state(`account/${id}`);
  const failing = (await own.get('failing')) as { since?: unknown } | null | undefined;
  return {
    id,
    preset,
    /** Never the address, which may hold a secret. */
    host: new URL(url).host,
    ended: readEnded(await own.get(ENDED)),
    /** Since when nothing else has come of it than failures, ms since the epoch; null = it works, or was not asked yet. */
    failingSince: typeof failing?.since === 'number' ? failing.since : null,
    resumeAsked: (await own.get(RESUME)) != null,
  };
}

async function list(file: string | undefined, json: boolean): Promise<number> {
  return looking(file, async ({ config, store }) => {
    const paint = paintFor(process.stdout, process.env);
    const hooks = await Promise.all(hooksOf(config).map((one) => hookOf(one, store)));
    for (const { id, preset, host, ended, failingSince, resumeAsked } of hooks) {
      const line = { id, preset, host, ended: ended?.detail ?? null, endedAt: iso(ended?.at ?? null) };
      const how = ended
        ? paint('bad', `ended ${iso(ended.at)}: ${ended.detail}${resumeAsked ? '; is to go on' : ''}`)
        : failingSince !== null
          ? paint('doubtful', `fails since ${iso(failingSince)}`)
          : paint('good', 'well');
      const text = json
        ? JSON.stringify({ ...line, failingSince: iso(failingSince), resumeAsked })
        : `${id.padEnd(16)} ${preset} at ${host}: ${how}`;
      process.stdout.write(`${text}\n`);
    }
    if (hooks.length === 0 && !json) process.stdout.write('The configuration names no webhook (docs/webhooks.md).\n');
  });
}

/** Leaves a word for the running bot; one that does not run begins every webhook anew when it starts. */
async function resume(id: string, file: string | undefined): Promise<number> {
  const look = async ({ config, store, clock }: Parameters<Parameters<typeof looking>[1]>[0]): Promise<void> => {
    const hooks = hooksOf(config);
    const account = hooks.find((one) => one.id === id);
    if (!account) {
      const known =
        hooks.length === 0 ? 'the configuration names none' : `there are: ${hooks.map((one) => one.id).join(', ')}`;
      throw new TocsinError('usage', `No webhook is called "${id.slice(0, 40)}"; ${known}`);
    }
    const { ended } = await hookOf(account, store);
    const { running } = await lastBeat(store, clock);
    if (ended && running) await store.state(`account/${id}`).set(RESUME, { at: clock.now() });
    const said = !ended
      ? `${id} has not ended: there is nothing to do. "tocsin test-alert --account ${id}" tries it.`
      : running
        ? `${id} goes on within ${WITHIN} s, and is told of what changes from then on; the log says so. "tocsin webhooks" shows it.`
        : `${id} goes on when Tocsin starts, which does not run now.`;
    process.stdout.write(`${said}\n`);
  };
  return looking(file, look, { beside: true });
}
