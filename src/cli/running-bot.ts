import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findFile } from '../config/load.ts';
import type { Env } from '../config/secrets.ts';
import { orNull } from '../core/errors.ts';

/** What a bot was started with: where it lives may stand in its environment alone, as under systemd. */
interface Started {
  env: Env;
  cwd: string;
}

/**
 * The bot that runs on this machine with this configuration (a path; null = the built-in defaults, begun in `cwd`), as the system has it on record;
 * null = none is to be seen. Only one of this user, or in the file's own group: whoever else calls himself so is not believed.
 */
export function runningBot(file: string | null, cwd: string): Started | null {
  const group = file === null ? null : orNull(() => statSync(file).gid);
  for (const pid of orNull(() => readdirSync('/proc')) ?? []) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const bot = orNull(() => startedAs(`/proc/${pid}`, group));
    if (bot && bot.file === file && (file !== null || bot.cwd === cwd)) return bot;
  }
  return null;
}

/** Null where it is no bot; throws where it is gone, or somebody else's. */
function startedAs(at: string, group: number | null): (Started & { file: string | null }) | null {
  const words = readFileSync(`${at}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const program = words.findIndex((word) => /(?:^|\/)src\/(?:tocsin\.mjs|main\.ts|run\.ts)$/.test(word));
  if (program < 0 || words[program + 1] !== 'start') return null;
  const { uid, gid } = statSync(at);
  if (uid !== process.getuid?.() && gid !== group) return null;
  const env = Object.fromEntries(
    readFileSync(`${at}/environ`, 'utf8')
      .split('\0')
      .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  const cwd = readlinkSync(`${at}/cwd`);
  const args = words.slice(program + 2);
  const { config } = parseArgs({ args, options: { config: { type: 'string' } }, strict: false }).values;
  const file = findFile({ file: typeof config === 'string' ? config : null, env, cwd });
  return { env, cwd, file: file === null ? null : resolve(file) };
}
