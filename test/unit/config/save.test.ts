import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configText, saveConfig } from '../../../src/config/edit.ts';
import { scratchFolder } from '../../fakes/scratch.ts';

const folder = () => scratchFolder('save-');

test('a new file: made with its folder, readable for all', async () => {
  const file = join(folder(), 'config', 'tocsin.yaml');
  expect(await configText(file)).toBe('');
  await saveConfig(file, '', 'a: 1\n');
  expect(readFileSync(file, 'utf8')).toBe('a: 1\n');
  expect(statSync(file).mode & 0o777).toBe(0o644);
});

test('a file that is there: replaced in one step, its mode kept, nothing left beside it', async () => {
  const place = folder();
  const file = join(place, 'tocsin.yaml');
  writeFileSync(file, 'a: 1\n');
  chmodSync(file, 0o640);
  await saveConfig(file, 'a: 1\n', 'a: 2\n');
  expect(readFileSync(file, 'utf8')).toBe('a: 2\n');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(place)).toEqual(['tocsin.yaml']);
});

test('a link: what it leads to is written, and the link stays one', async () => {
  const place = folder();
  writeFileSync(join(place, 'real.yaml'), 'a: 1\n');
  symlinkSync('real.yaml', join(place, 'link.yaml'));
  await saveConfig(join(place, 'link.yaml'), 'a: 1\n', 'a: 2\n');
  expect(readFileSync(join(place, 'real.yaml'), 'utf8')).toBe('a: 2\n');
  expect(lstatSync(join(place, 'link.yaml')).isSymbolicLink()).toBe(true);
});

test('changed by another meanwhile: told, and nothing written', async () => {
  const file = join(folder(), 'tocsin.yaml');
  writeFileSync(file, 'theirs: 1\n');
  await expect(saveConfig(file, 'a: 1\n', 'a: 2\n')).rejects.toThrow('has just been changed by somebody else');
  expect(readFileSync(file, 'utf8')).toBe('theirs: 1\n');
});

test('a place that cannot be written: told with its name', async () => {
  const place = folder();
  writeFileSync(join(place, 'file'), '');
  const below = join(place, 'file', 'tocsin.yaml');
  await expect(saveConfig(below, '', 'a: 1\n')).rejects.toMatchObject({ code: 'usage' });
});

test.skipIf(process.platform !== 'linux')('where no folder can be made: told at once', async () => {
  await expect(saveConfig('/proc/no-such/tocsin.yaml', '', 'a: 1\n')).rejects.toThrow('cannot be written (ENOENT)');
});
