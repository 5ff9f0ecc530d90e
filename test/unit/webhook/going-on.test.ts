/** What has ended goes on when an operator asks for it; what an Alertmanager forgets is said to it again. */
import { afterEach, describe, expect, test } from 'vitest';
import { RESUME } from '../../../src/core/model/chat.ts';
import { DAY, HOUR, HookWorld } from './world.ts';

let world: HookWorld | null = null;
const open = async (account?: Record<string, unknown>): Promise<HookWorld> => {
  world = await HookWorld.create(account);
  return world;
};
afterEach(async () => {
  await world?.close();
  world = null;
});

const ask = (hook: HookWorld) => hook.store.state('account/hook').set(RESUME, { at: hook.clock.now() });

describe('ended', () => {
  const ended = async (): Promise<HookWorld> => {
    const hook = await open();
    hook.answer = () => ({ status: 410 });
    await hook.say('block');
    expect(hook.said('error')).toEqual(['A webhook has ended']);
    hook.answer = () => ({ status: 200 });
    hook.requests.length = 0;
    return hook;
  };

  test('the log and the status name the command that lets it go on', async () => {
    const hook = await ended();
    const [line] = hook.log.lines.filter(({ level }) => level === 'error');
    expect(line!.fields!.remedy).toContain('tocsin webhooks resume hook');
    expect(hook.adapter.health().problem).toContain('tocsin webhooks resume hook');
  });

  test('asked for: within seconds it is told of what changes from then on, and of nothing that was before', async () => {
    const hook = await ended();
    await hook.say('block', { service: 'signal' });
    await ask(hook);
    await hook.pass(10_000);
    expect(hook.adapter.health()).toMatchObject({ ok: true, problem: null });
    expect(hook.requests).toHaveLength(0);
    await hook.say('block', { service: 'telegram' });
    expect(hook.bodies<{ data: { incident: { service: string } } }>().map(({ data }) => data.incident.service)).toEqual(
      ['telegram'],
    );
    expect(hook.log.lines.filter(({ message }) => message === 'A webhook goes on')).toHaveLength(1);
    // What was asked for is done, once.
    expect(await hook.store.state('account/hook').get(RESUME)).toBeUndefined();
  });

  test('it answers 410 again after that: ended again, said again', async () => {
    const hook = await ended();
    await ask(hook);
    await hook.pass(10_000);
    hook.answer = () => ({ status: 410 });
    await hook.say('block', { service: 'telegram' });
    expect(hook.said('error')).toEqual(['A webhook has ended', 'A webhook has ended']);
    await hook.pass(10 * 60_000);
    expect(hook.requests).toHaveLength(1);
  });

  test('another process takes the account over: ended there, too', async () => {
    const hook = await ended();
    const before = hook.adapter.health().problem;
    const other = await hook.successor();
    expect(other.health()).toMatchObject({ ok: false, problem: before });
    await other.stop();
  });

  test('asked for, and killed before it was done: the next start does it', async () => {
    const hook = await ended();
    await ask(hook);
    await hook.kill();
    await hook.start();
    await hook.say('block', { service: 'telegram' });
    expect(hook.requests).toHaveLength(1);
    expect(await hook.store.state('account/hook').get(RESUME)).toBeUndefined();
  });
});

describe('an Alertmanager', () => {
  interface Alert {
    labels: { incident: string };
    endsAt: string;
  }
  const manager = () => open({ preset: 'alertmanager' });
  const alerts = (hook: HookWorld): Alert[][] => hook.bodies<Alert[]>();

  test('is told each minute what fires, as it was last told, until it is over', async () => {
    const hook = await manager();
    await hook.say('block');
    await hook.say('block', { service: 'telegram' });
    const [first] = alerts(hook);
    hook.requests.length = 0;
    await hook.pass(5 * 60_000);
    expect(hook.requests).toHaveLength(5);
    expect(new Set(hook.requests.map(({ body }) => body)).size).toBe(1);
    expect(alerts(hook)[0]).toHaveLength(2);
    expect(alerts(hook)[0]![0]).toEqual(first![0]);

    await hook.say('unblock');
    hook.requests.length = 0;
    await hook.pass(2 * 60_000);
    expect(alerts(hook).map((each) => each.map(({ labels }) => labels.incident.slice(0, 11)))).toEqual([
      ['RU-telegram'],
      ['RU-telegram'],
    ]);
    await hook.say('unblock', { service: 'telegram' });
    hook.requests.length = 0;
    await hook.pass(HOUR);
    expect(hook.requests).toHaveLength(0);
  });

  test('over a restart of Tocsin: the same', async () => {
    const hook = await manager();
    await hook.say('block');
    const [first] = alerts(hook);
    await hook.kill();
    await hook.start();
    hook.requests.length = 0;
    await hook.pass(60_000);
    expect(alerts(hook)).toEqual([first]);
  });

  test('does not answer for two hours: one warning, no end; then what fires is said again', async () => {
    const hook = await manager();
    await hook.say('block');
    hook.answer = () => ({ status: 503 });
    await hook.pass(2 * HOUR);
    expect(hook.said('warn')).toEqual(['Unable to say again what is open; will go on trying']);
    expect(hook.adapter.health()).toMatchObject({ ok: false, problem: expect.stringContaining('503') });
    hook.answer = () => ({ status: 200 });
    await hook.pass(60_000);
    expect(hook.adapter.health()).toMatchObject({ ok: true, problem: null });
    expect(hook.said('error')).toEqual([]);
  });

  test('of what nobody told the end of: forgotten at the end that was said', async () => {
    const hook = await manager();
    await hook.say('block');
    hook.clock.jump(46 * DAY);
    hook.requests.length = 0;
    await hook.pass(HOUR);
    expect(alerts(hook).flat()).toEqual([]);
  });

  test('a repetition is under way when it is over: the end comes after it', async () => {
    const hook = await manager();
    await hook.say('block');
    hook.requests.length = 0;
    hook.answer = (n) => (n === 1 ? 'hangs' : { status: 200 });
    await hook.pass(60_000);
    expect(hook.requests).toHaveLength(1);
    await hook.say('unblock');
    expect(hook.requests).toHaveLength(1);
    hook.release();
    await hook.pass(1_000);
    expect(Date.parse(alerts(hook).at(-1)![0]!.endsAt)).toBeLessThanOrEqual(hook.clock.now());
  });
});

test('of the other presets nothing is said again', async () => {
  const hook = await open({ preset: 'slack' });
  await hook.say('block');
  hook.requests.length = 0;
  await hook.pass(HOUR);
  expect(hook.requests).toHaveLength(0);
});
