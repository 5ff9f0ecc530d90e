#!/usr/bin/env node
/**
 * The command `tocsin`, for whatever Node there is: hands its arguments to main.ts under the Node that Tocsin brings along; the bot, where the cache is
 * filled, straight to run.ts.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asBot, isFilled } from './begin.mjs';
import { become, findNode } from './launch.mjs';

const args = process.argv.slice(2);
const { node, version } = findNode();
const bot = asBot(args, version);
if (bot && isFilled(bot.cache)) become(node, bot.args, bot.env);
else become(node, [join(dirname(fileURLToPath(import.meta.url)), 'main.ts'), ...args]);
