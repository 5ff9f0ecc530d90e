/** A running program asks a stand-in for Globalping when an incident turns: block, a part back, all back an hour later, on a clock that is set ahead; in two languages. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAILED, FINE_DNS, FINE_HTTP, type Finds, globalping } from '../../unit/globalping/server.ts';
import { counted, eventually, HOUR, MINUTE, report, rudeness, type World, world } from './world.ts';

/** Of six probes in Russia so many fail. */
let failing = 0;
const finds: Finds = ({ type, country, i }) =>
  type === 'dns' ? FINE_DNS : country === 'RU' && i < failing ? FAILED : FINE_HTTP;
const probes = globalping(finds);
let server: Awaited<ReturnType<typeof counted>>;
let w: World;
const looks = async () => probes.told.posts.filter(({ type }) => type === 'http').length;
const aLook = async (ms = 60_000) => {
  const before = await looks();
  await eventually(looks, (n) => n > before, ms);
  // Its answers, and the names: until nothing more is asked.
  await eventually(
    async () => performance.now() - server.requests.at(-1)!.began,
    (silent) => silent > 8_000,
    60_000,
  );
};

beforeAll(async () => {
  server = await counted(probes.listener);
  w = await world({
    sources: [
      { id: 'globalping', kind: 'globalping', url: server.url, token: 'env:GLOBALPING_TOKEN', countries: ['RU'] },
      { id: 'newsroom', kind: 'push', token: 'env:PUSH_TOKEN', as: 'outlet', name: 'The Newsroom' },
    ],
  });
}, 90_000);
afterAll(async () => {
  await w?.close();
  await server?.close();
});

test('nothing has turned: nothing is asked, and the token that is not set is named', async () => {
  await new Promise((wake) => setTimeout(wake, 12_000));
  expect(server.requests).toEqual([]);
  expect(w.program.stderr).toContain('GLOBALPING_TOKEN');
}, 30_000);

test('an outlet and the probes: confirmed, in both languages, with networks and a link', async () => {
  failing = 6;
  expect((await w.post(report('n1'))).status).toBe(202);
  const alert = await w.ann.chat.waitFor({ contains: 'RU-whatsapp-', timeout_ms: 90_000 });
  expect(alert.text).toMatch(/^🔴 Russia: WhatsApp blocked/);
  expect(alert.text).toMatch(/Confirmed: 1 outlet, Globalping \(6 measurements, 6 networks\)/);
  expect(JSON.stringify(alert)).toContain('globalping.io/?measurement=');
  const russian = await w.olga.chat.waitFor({ contains: 'RU-whatsapp-', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^🔴 Россия: доступ к WhatsApp заблокирован/);
  expect(russian.text).toMatch(/Globalping \(6 измерений, 6 сетей\)/);
}, 200_000);

test('three hours later half of the probes reach it: nothing new is said', async () => {
  failing = 3;
  w.ahead(3 * HOUR + 10 * MINUTE);
  await aLook();
  expect((await w.heard()).filter((one) => one.includes('RU-whatsapp-'))).toHaveLength(1);
}, 200_000);

test('all reach it: not lifted at once; an hour later: lifted, with a reply in both languages', async () => {
  failing = 0;
  w.ahead(7 * HOUR);
  await aLook();
  expect((await w.heard()).filter((one) => one.startsWith('🟢'))).toEqual([]);
  await w.program.kill();
  await w.program.start();
  w.ahead(8 * HOUR + 10 * MINUTE);
  const heard = await eventually(
    () => w.heard(),
    (texts) => texts.some((one) => one.startsWith('🟢')),
    90_000,
  );
  expect(heard.at(-1)).toMatch(/^🟢 Russia: WhatsApp works again/);
  await eventually(
    () => w.heard(w.olga),
    (texts) => texts.some((one) => one.startsWith('🟢 Россия: доступ к WhatsApp восстановлен')),
    20_000,
  );
}, 240_000);

test('all the while: two seconds apart, forty tests an hour at most, and Telegram was content', async () => {
  expect(probes.told.tests).toBeLessThanOrEqual(4 * 13);
  expect(rudeness(server.requests)).toEqual([]);
  expect(await w.telegram.violations()).toEqual([]);
});
