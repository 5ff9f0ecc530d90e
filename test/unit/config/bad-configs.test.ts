/**
 * Configs named by their fault, each with its exact message beside it. After a change of words, rebuild the messages with
 * `npx vitest run test/unit/config -u` and read the diff.
 */
import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapterKinds } from '../../../src/adapters/index.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { codeOf, TocsinError } from '../../../src/core/errors.ts';
import { sourceKinds } from '../../../src/sources/index.ts';

const folder = join(import.meta.dirname, '../../fixtures/config/bad');
const configs = readdirSync(folder)
  .filter((name) => /\.(yaml|json)$/.test(name))
  .sort();

const env = { FIXTURE_TOKEN: '1234567:AAfixtureAAfixtureAAfixtureAAfixture', FIXTURE_EMPTY: '' };

const faults = new Map<string, Promise<TocsinError>>();
/** Each is read once: the bundled files are read anew with every config. */
function faultOf(file: string): Promise<TocsinError> {
  const fault = faults.get(file) ?? readFault(file);
  faults.set(file, fault);
  return fault;
}

async function readFault(file: string): Promise<TocsinError> {
  try {
    await loadConfig({ file, env, cwd: folder });
  } catch (error) {
    if (error instanceof TocsinError) return error;
    throw error;
  }
  throw new Error(`${file} was accepted`);
}

/** A new platform or kind of source is a folder and a line: it changes no fixture. */
const withoutRegisters = (message: string) => {
  const [platforms, kinds] = [adapterKinds.map((kind) => kind.platform), sourceKinds.map((kind) => kind.kind)];
  const lists = [platforms, kinds].flatMap((names) => [names.join(', '), [...names].sort().join(', ')]);
  return lists.reduce(
    (text, list) => text.replaceAll(RegExp(`(here|of): ${list}$`, 'gm'), '$1: <all of the register>'),
    message,
  );
};

describe('bad configs', () => {
  test('at least fourteen faults have a fixture', () => expect(configs.length).toBeGreaterThanOrEqual(14));

  for (const name of configs) {
    test(`${basename(name, extname(name))}: refused with its message`, async () => {
      const error = await faultOf(name);
      expect(codeOf(error)).toBe('config_invalid');
      await expect(`${withoutRegisters(error.message)}\n`).toMatchFileSnapshot(
        join(folder, `${basename(name, extname(name))}.message.txt`),
      );
    });
  }

  test('every line of every message names the file and what is wrong', async () => {
    for (const name of configs) {
      for (const line of (await faultOf(name)).message.split('\n')) expect(line).toMatch(/^(bundled:)?[\w./-]+: .+/);
    }
  });

  test('a secret is printed in no message', async () => {
    for (const name of configs) {
      const { message } = await faultOf(name);
      expect(message).not.toMatch(/AAfixture|this-is-printed-nowhere/);
    }
  });
});
