/** Whom a larger incident silences: those who were told of it, and only as long as it speaks. */
import { afterEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from './harness.ts';
import { Town } from './town.ts';

let town: Town;
afterEach(() => town.store.close());

const off = 'send ⚫ Russia: internet off';
const blocked = 'send 🔴 Russia: WhatsApp blocked';

async function twoSay(says: string, voices = ['a', 'b']): Promise<void> {
  for (const voice of voices) await town.say(voice, says);
}

/** A national shutdown of which `all` was told, and `app`, which follows one app alone, was not. */
async function shutDown(): Promise<void> {
  town = await Town.create();
  await town.chat('all', ['RU']);
  await town.chat('app', ['RU whatsapp']);
  await twoSay('shutdown RU internet');
  await town.pass(2 * MINUTE);
  expect([town.heard('all'), town.heard('app')]).toEqual([[off], []]);
}

describe('who was told of the shutdown, and who was not', () => {
  test('an app is blocked meanwhile: told at once to those who never heard of the shutdown, and to nobody else', async () => {
    await shutDown();
    await twoSay('block RU whatsapp');
    await town.pass(2 * MINUTE);
    expect([town.heard('all'), town.heard('app')]).toEqual([[], [blocked]]);
  });

  test('both in the same minute: each chat hears of one of them', async () => {
    town = await Town.create();
    await town.chat('all', ['RU']);
    await town.chat('app', ['RU whatsapp']);
    await twoSay('shutdown RU internet; block RU whatsapp');
    await town.pass(2 * MINUTE);
    expect([town.heard('all'), town.heard('app')]).toEqual([[off], [blocked]]);
  });

  test('the app’s block is measured at once, while the shutdown waits for its group: the shutdown is told first', async () => {
    town = await Town.create();
    await town.chat('all', ['RU']);
    await twoSay('shutdown RU internet');
    for (const network of ['AS1', 'AS2']) await town.measure(network, 'block RU whatsapp', 'round-rule');
    await town.pass(2 * MINUTE);
    expect(town.heard('all')).toEqual([off]);
  });

  test('who subscribed during the shutdown was told by the answer; who did before, for one app, was not', async () => {
    await shutDown();
    await town.chat('late', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(2 * MINUTE);
    expect(town.heard('late')).toEqual([]);
  });

  test('it has a message of the shutdown’s alert, for another incident in it, and does not follow the network: it hears', async () => {
    town = await Town.create();
    await town.chat('apps', ['RU telegram', 'RU whatsapp']);
    await twoSay('block RU telegram; shutdown RU internet');
    await town.pass(2 * MINUTE);
    town.heard('apps');
    await twoSay('block RU whatsapp');
    await town.pass(2 * MINUTE);
    expect(town.heard('apps')).toEqual([blocked]);
  });

  test('the app’s block gets worse, and then ends: who hears of the app hears it, who hears of the shutdown does not', async () => {
    town = await Town.create();
    await town.chat('all', ['RU']);
    await town.chat('app', ['RU whatsapp']);
    await twoSay('shutdown RU internet');
    await town.pass(2 * MINUTE);
    await twoSay('throttle RU whatsapp');
    await town.pass(HOUR);
    await twoSay('block RU whatsapp', ['c', 'd', 'e']);
    await town.pass(HOUR);
    await twoSay('unblock RU whatsapp');
    await town.pass(HOUR);
    expect(town.heard('all')).toEqual([off]);
    expect(town.heard('app').filter((one) => !one.startsWith('edit'))).toHaveLength(3);
  });
});

describe('when the shutdown does not speak any more', () => {
  const many = Array.from({ length: 60 }, (_, i) => `app${i}`);

  test.each<[string, () => Promise<void>]>([
    ['it is lifted', async () => twoSay('unblock RU internet')],
    ['it is withdrawn', async () => town.retract()],
    ['it fades: nothing is heard of it for a week', async () => town.pass(8 * DAY)],
  ])('%s: those who were silenced are told the app', async (_, end) => {
    await shutDown();
    await twoSay('block RU whatsapp');
    await town.pass(HOUR);
    town.heard('all');
    town.heard('app');
    await end();
    await town.pass(HOUR);
    expect(town.heard('all').filter((one) => one.startsWith('send'))).toEqual([blocked]);
    expect(town.heard('app')).toEqual([]);
  });

  test('it eases at the level of a chat: that one is told, who wants it measured waits', async () => {
    town = await Town.create();
    await town.chat('sure', ['RU'], 'confirmed');
    await town.chat('all', ['RU']);
    for (const network of ['AS1', 'AS2']) await town.measure(network, 'shutdown RU internet', 'round-rule');
    await town.pass(2 * MINUTE);
    for (const network of ['AS1', 'AS2']) await town.measure(network, 'block RU whatsapp', 'round-rule');
    await town.pass(HOUR);
    const sends = (name: string): string[] => town.heard(name).filter((one) => one.startsWith('send'));
    expect([sends('sure'), sends('all')]).toEqual([[off], [off]]);
    await twoSay('unblock RU internet');
    await town.pass(HOUR);
    expect(sends('all')).toEqual([blocked]);
  });

  test('it goes on to be reported: it speaks for a week after its last report', async () => {
    await shutDown();
    await twoSay('block RU whatsapp');
    await town.pass(5 * DAY);
    await town.say('c', 'shutdown RU internet');
    await town.pass(5 * DAY);
    expect(town.heard('all').filter((one) => one.startsWith('send'))).toEqual([]);
    await town.pass(3 * DAY);
    expect(town.heard('all').filter((one) => one.startsWith('send'))).toEqual([blocked]);
  });

  test('sixty apps were silenced: all are told, in one message', async () => {
    await shutDown();
    for (const app of many) {
      await town.say(
        'a',
        `block RU ${app}`,
        'The regulator ordered providers this morning to close the messenger for good',
      );
      await town.say('b', `block RU ${app}`, 'Users in many towns cannot open an app any longer since breakfast time');
    }
    await town.pass(HOUR);
    expect(town.heard('all')).toEqual([]);
    await twoSay('unblock RU internet');
    await town.pass(HOUR);
    expect(town.heard('all').filter((one) => one.startsWith('send'))).toHaveLength(1);
    const last = (await town.incidents()).at(-1)!;
    const alerts = (await town.store.alerts.byIncident(last.id)).filter(({ level }) => level === 'corroborated');
    expect(alerts.at(-1)!.incidents).toHaveLength(60);
  });

  test('the app is over by then: nobody hears of it', async () => {
    await shutDown();
    await twoSay('block RU whatsapp');
    await town.pass(HOUR);
    await twoSay('unblock RU whatsapp');
    await town.pass(HOUR);
    await twoSay('unblock RU internet');
    await town.pass(8 * DAY);
    expect(town.heard('all').filter((one) => one.includes('WhatsApp'))).toEqual([]);
  });
});
