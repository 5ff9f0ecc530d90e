import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { scratchFolder } from '../../fakes/scratch.ts';
import { storeSuite } from './store.suite.ts';

describe('store in memory', () => storeSuite(async () => ({ database: ':memory:', drop: async () => {} })));

describe('store in a file', () =>
  storeSuite(async () => {
    const dir = scratchFolder('tocsin-store-');
    return { database: join(dir, 'tocsin.db'), drop: async () => rmSync(dir, { recursive: true }) };
  }));
