#!/usr/bin/env node
/** The command `tocsin`, for whatever Node there is: hands its arguments to main.ts under the Node that Tocsin brings along. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './launch.mjs';

run([join(dirname(fileURLToPath(import.meta.url)), 'main.ts'), ...process.argv.slice(2)]);
