import { expect, test } from 'vitest';
import { type Ask, askForDevices } from '../../../../src/adapters/matrix/crypto/machine.ts';
import { TocsinError } from '../../../../src/core/errors.ts';

const signal = new AbortController().signal;
const question = (users: string[]) => ({
  method: 'POST' as const,
  path: '/_matrix/client/v3/keys/query',
  body: JSON.stringify({ timeout: 10, device_keys: Object.fromEntries(users.map((user) => [user, []])) }),
});

/** A server where people have so many devices, and which gives so many in one answer. */
function server(people: Record<string, number>, most: number) {
  const asked: string[][] = [];
  const ask: Ask = async ({ body }) => {
    const users = Object.keys((JSON.parse(body!) as { device_keys: object }).device_keys);
    asked.push(users);
    const count = users.reduce((sum, user) => sum + (people[user] ?? 0), 0);
    if (count > most)
      throw new TocsinError('server', 'too large', { status: 200 }, new TocsinError('fetch_too_large', `${most}`));
    const devicesOf = (user: string) =>
      Object.fromEntries(Array.from({ length: people[user] ?? 0 }, (_, i) => [i, {}]));
    return {
      device_keys: Object.fromEntries(users.map((user) => [user, devicesOf(user)])),
      master_keys: Object.fromEntries(users.map((user) => [user, { of: user }])),
      failures: {},
    };
  };
  return { ask, asked };
}
const counts = (answer: Record<string, unknown>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(answer.device_keys as Record<string, object>).map(([user, devices]) => [
      user,
      Object.keys(devices).length,
    ]),
  );

test('an answer like any: as it is, asked for once', async () => {
  const { ask, asked } = server({ '@a:x': 1, '@b:x': 2 }, 100);
  const answer = await askForDevices(question(['@a:x', '@b:x']), ask, signal);
  expect([counts(answer), asked.length]).toEqual([{ '@a:x': 1, '@b:x': 2 }, 1]);
});

test('somebody with more devices than an answer holds: has none, and everybody else has theirs, with their identities', async () => {
  const { ask, asked } = server({ '@a:x': 1, '@b:x': 2, '@eve:x': 10_000, '@d:x': 3 }, 100);
  const answer = await askForDevices(question(['@a:x', '@b:x', '@eve:x', '@d:x']), ask, signal);
  expect(counts(answer)).toEqual({ '@a:x': 1, '@b:x': 2, '@eve:x': 0, '@d:x': 3 });
  expect(answer.master_keys).toMatchObject({ '@a:x': { of: '@a:x' }, '@d:x': { of: '@d:x' } });
  expect(asked.length).toBeLessThan(8);
});

test('many devices that fit: 500 of them count', async () => {
  const { ask } = server({ '@eve:x': 900, '@a:x': 1 }, 1_000);
  expect(counts(await askForDevices(question(['@eve:x', '@a:x']), ask, signal))).toEqual({ '@eve:x': 500, '@a:x': 1 });
});

test('any other trouble: as it was thrown, asked once', async () => {
  let asked = 0;
  const ask: Ask = async () => {
    asked++;
    throw new TocsinError('server', 'down', { status: 0 });
  };
  await expect(askForDevices(question(['@a:x', '@b:x']), ask, signal)).rejects.toThrow('down');
  expect(asked).toBe(1);
});
