/** `npm run docs:configuration`: writes docs/configuration.md. */
import { writeFileSync } from 'node:fs';
import { configurationPage, PAGE } from './configuration.ts';

writeFileSync(PAGE, configurationPage());
