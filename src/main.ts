#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { COLLECTOR_FLAG, asBot, cacheOf, isFilled } from './begin.mjs';
import { newEnough, run } from './launch.mjs';

if (newEnough()) await start();
// `node src/main.ts` with the Node of the system: those from 22.18 on get as far as this line.
else run([fileURLToPath(import.meta.url), ...process.argv.slice(2)]);

async function start(): Promise<void> {
  // The long-running bot starts over in the same process with the cache named from outside, filled before: then Node need not even load
  // the TypeScript stripper (17 MB of resident memory). Every other command only gets the faster start.
  const bot = process.execve ? asBot(process.argv.slice(2), process.version, process.execArgv) : null;
  if (bot) setFlagsFromString(COLLECTOR_FLAG);
  const { directory } = enableCompileCache(cacheOf());
  if (bot) {
    if (directory && !isFilled(bot.cache)) await (await import('./app/warm.ts')).fillCache(bot.cache);
    try {
      process.execve!(process.execPath, [process.execPath, ...bot.args], bot.env);
    } catch {
      // Not here: go on as we are.
    }
  }
  const { run: runHere } = await import('./run.ts');
  await runHere();
}
