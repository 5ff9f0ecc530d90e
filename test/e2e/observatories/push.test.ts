/** The door that others post to, as its issue states it: each answer, what is remembered over kills, what rings, in two languages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, HOUR, PUSH_TOKEN, report, type World, world } from './world.ts';

let w: World;
const SECOND = 'a-token-of-the-monitor';
const STATE = 'a-token-of-the-regulator';

beforeAll(async () => {
  w = await world(
    {
      sources: [
        { id: 'newsroom', kind: 'push', token: 'env:PUSH_TOKEN', as: 'outlet', name: 'The Newsroom' },
        { id: 'monitor', kind: 'push', token: SECOND, as: 'monitor', name: 'NetWatch' },
        { id: 'regulator', kind: 'push', token: STATE, as: 'authority', name: 'The Regulator' },
        { id: 'fields', kind: 'push', token: 'a-token-for-fields-only' },
        { id: 'crowd', kind: 'push', token: 'a-token-for-a-crowd' },
      ],
    },
    { follow: 'ru' },
  );
}, 90_000);
afterAll(() => w?.close());

/** 20 posts a minute: what is refused for its pace is asked again. */
async function told(body: unknown, token = 'a-token-for-fields-only') {
  for (;;) {
    const answer = await w.post(body, { token });
    if (answer.status !== 429) return { status: answer.status, body: await answer.text() };
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    await new Promise((wake) => setTimeout(wake, seconds * 1_000));
  }
}

describe('what is refused', () => {
  const without = (key: string) => Object.fromEntries(Object.entries(report('x')).filter(([one]) => one !== key));
  const cases: [string, unknown, string][] = [
    ...['id', 'country', 'service', 'action', 'at', 'url', 'title'].map((key): [string, unknown, string] => [
      `no ${key}`,
      without(key),
      key,
    ]),
    ['a country that there is not', report('x', { country: 'XX' }), 'country'],
    ['a service that is not known', report('x', { service: 'no-such-service' }), 'service'],
    ['an action that there is not', report('x', { action: 'explode' }), 'action'],
    ['a method that there is not', report('x', { method: 'magic' }), 'method'],
    ['a time without its zone', report('x', { at: '2026-02-11T09:00:00' }), 'at'],
    ['tomorrow', report('x', { at: new Date(Date.now() + 26 * HOUR).toISOString() }), 'at'],
    ['an address that is none', report('x', { url: 'javascript:alert(1)' }), 'url'],
    ['a title of blanks', report('x', { title: '  \u202e ' }), 'title'],
    ['an id that is a number', report('x', { id: 7 }), 'id'],
    ['a field that there is not', report('x', { confirmed: true }), 'confirmed'],
    ['one of three', [report('ok1'), report('ok2', { country: 'R' }), report('ok3')], 'country'],
  ];
  for (const [name, body, field] of cases)
    test(`${name}: 400, and the field by its name`, async () => {
      const answer = await told(body);
      expect([answer.status, JSON.parse(answer.body).field]).toEqual([400, field]);
      expect(answer.body).toContain(field);
    }, 60_000);

  test.each([
    ['no JSON', '{"id":'],
    ['nothing', ''],
    ['an empty list', '[]'],
    ['a text', '"whatsapp"'],
    ['null', 'null'],
  ])('%s: 400', async (_name, body) => expect((await told(body)).status).toBe(400), 60_000);

  test('what stood beside something wrong was not taken', async () => {
    expect((await told([report('ok1'), report('ok3')])).body).toContain('"new":2');
  }, 60_000);

  test('101 reports: refused whole; 100: taken', async () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => report(`many-${i}`));
    expect([400, 413]).toContain((await told(many(101))).status);
    expect(await told(many(100))).toEqual({ status: 202, body: '{"new":100,"known":0}\n' });
    expect(await told(many(100))).toEqual({ status: 200, body: '{"new":0,"known":100}\n' });
  }, 60_000);

  test('too long: 413', async () => {
    expect((await told(JSON.stringify(report('x', { summary: 'x'.repeat(600_000) })))).status).toBe(413);
  }, 60_000);

  test.each([
    ['none', ''],
    ['another', 'Bearer another-token-altogether'],
    ['of another form', `Basic ${PUSH_TOKEN}`],
    ['a part of it', `Bearer ${PUSH_TOKEN.slice(0, -1)}`],
  ])('a token that is %s: 401', async (_name, authorization) => {
    const answer = await w.post(report('x'), { headers: { authorization } });
    expect(answer.status).toBe(401);
  });

  test('20 posts at once: taken; more: 429 with the time to wait; others are not held up', async () => {
    const all = await Promise.all(
      Array.from({ length: 25 }, (_, i) => w.post(report(`crowd-${i}`), { token: 'a-token-for-a-crowd' })),
    );
    const statuses = all.map(({ status }) => status);
    expect(statuses.filter((one) => one === 202)).toHaveLength(20);
    expect(statuses.filter((one) => one === 429)).toHaveLength(5);
    for (const one of all.filter(({ status }) => status === 429))
      expect(Number(one.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await w.post(report('beside'), { token: PUSH_TOKEN })).status).toBe(202);
  });
});

test('so far: outlets of one voice each have corroborated each other, in both languages', async () => {
  const english = await w.ann.chat.waitFor({ contains: 'RU-whatsapp-', timeout_ms: 20_000 });
  expect(english.text).toMatch(/^🔴 Russia: WhatsApp blocked/);
  // Where one of the three was read a moment later the alert is edited.
  expect(english.text).toMatch(/Corroborated: [23] outlets/);
  const russian = await w.olga.chat.waitFor({ contains: 'RU-whatsapp-', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^🔴 Россия: доступ к WhatsApp заблокирован/);
}, 60_000);

test('one outlet: nobody; killed: still known; a monitor beside it: corroborated', async () => {
  const signal = { service: 'signal', method: 'sni' };
  expect((await told(report('s1', signal), PUSH_TOKEN)).status).toBe(202);
  await w.program.kill();
  await w.program.start();
  expect(await told(report('s1', signal), PUSH_TOKEN)).toEqual({ status: 200, body: '{"new":0,"known":1}\n' });
  expect((await w.heard()).join()).not.toMatch(/RU-signal-/);
  expect((await told(report('m1', signal), SECOND)).status).toBe(202);
  const alert = await w.ann.chat.waitFor({ contains: 'RU-signal-', timeout_ms: 20_000 });
  expect(alert.text).toMatch(/Corroborated: 2 outlets/);
  expect(alert.text).toMatch(/The Newsroom/);
  expect(alert.text).toMatch(/NetWatch/);
}, 60_000);

test('an authority: alone it corroborates; a part comes back by one outlet: no sound; by the authority: lifted', async () => {
  const viber = { service: 'viber' };
  expect((await told(report('a1', viber), STATE)).status).toBe(202);
  const alert = await w.ann.chat.waitFor({ contains: 'RU-viber-', timeout_ms: 20_000 });
  const before = (await w.heard()).length;
  const over = { ...viber, action: 'unblock', at: new Date().toISOString() };
  expect((await told(report('l1', over), PUSH_TOKEN)).status).toBe(202);
  await eventually(
    () => w.heard(),
    (texts) => texts.some((one) => /RU-viber-/.test(one) && one !== alert.text),
    20_000,
  );
  expect(await w.heard()).toHaveLength(before);
  expect((await told(report('l2', over), STATE)).status).toBe(202);
  const heard = await eventually(
    () => w.heard(),
    (texts) => texts.length > before,
    20_000,
  );
  expect(heard.at(-1)).toMatch(/^🟢 Russia: Viber works again/);
  const russian = await eventually(
    () => w.heard(w.olga),
    (texts) => (texts.at(-1) ?? '').startsWith('🟢'),
    20_000,
  );
  expect(russian.at(-1)).toMatch(/^🟢 Россия: доступ к Viber восстановлен/);
}, 90_000);

test('no token is ever shown', async () => {
  const all = w.program.stderr + w.program.stdout + (await w.heard()).join();
  for (const token of [PUSH_TOKEN, SECOND, STATE]) expect(all).not.toContain(token);
});
