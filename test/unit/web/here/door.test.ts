/** What is sent to `/here`, by the real listener: what is refused is told with its remedy, and counts nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTeller, MAX_BYTES } from '../../../../src/web/site/here/tell.ts';
import { openTestSite, type TestSite } from '../site/support.ts';
import { bodyOf, type Plan, planIn, reportOf } from './work.ts';

const here = { abroad: [], home: {}, framedBy: [], services: { whatsapp: ['w.example'], signal: ['s.example'] } };
let site: TestSite;
let plan: Plan;
beforeAll(async () => {
  site = await openTestSite({ here });
  plan = planIn((await site.get('/here?country=ru&lang=en')).text);
});
afterAll(() => site.close());

async function post(body: string, type = 'application/json') {
  const answer = await fetch(`${site.url}/here`, { method: 'POST', headers: { 'content-type': type }, body });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}
const people = async () =>
  (await site.store.readers.counts({ since: 0, limit: 100 })).map(({ service, people: n }) => [service, n]);

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'of the type %s, as another site’s form sends it: 415, with the type that it takes',
  async (type) => {
    const { status, text } = await post(bodyOf(reportOf(plan, 'voice00001'), 1), type);
    expect([status, JSON.parse(text)]).toMatchObject([415, { detail: 'Send it as application/json.' }]);
  },
);

test('another site asks whether its visitors may send: 405', async () => {
  const asks = { origin: 'https://other.example', 'access-control-request-method': 'POST' };
  expect((await fetch(`${site.url}/here`, { method: 'OPTIONS', headers: asks })).status).toBe(405);
});

test('too large: 413, with how much it takes', async () => {
  const { status, text } = await post('x'.repeat(MAX_BYTES + 1));
  expect([status, text]).toEqual([413, `This takes ${MAX_BYTES} bytes at most: send less.\n`]);
});

test.each([
  ['no JSON', '{"report":', null],
  ['a report without its work', JSON.stringify({ report: '{}', work: 1 }), 'work'],
])('%s: 400, with what to send, as other faults of this site are told', async (_, body, parameter) => {
  const { status, type, text } = await post(body);
  expect([status, type]).toEqual([400, 'application/problem+json']);
  expect(JSON.parse(text)).toMatchObject({ status: 400, ...(parameter && { parameter }) });
});

test('a bot with all addresses of one line (a /64), or with a forged chain of proxies: one address, which is told to come later', async () => {
  const forged = (n: number) => `198.51.100.${n}, 2001:db8:7:7:${n.toString(16)}::1`;
  const statuses = [];
  for (let n = 1; n <= 40; n++) {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': forged(n) };
    statuses.push((await fetch(`${site.url}/here`, { method: 'POST', headers, body: '{}' })).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 400), ...Array.from({ length: 20 }, () => 429)]);
});

test('after all these nothing is counted; what the page writes is, once, whoever sends it again', async () => {
  expect(await people()).toEqual([]);
  const body = bodyOf(reportOf(plan, 'voice00002'));
  expect((await post(body, 'application/json; charset=utf-8')).text).toBe('taken');
  expect((await post(body)).text).toBe('known');
  // So it is at another process of this bot, or after a restart.
  const other = createTeller(site.deps.readerReports!, site.clock, { ...site.deps, hosts: here });
  expect((await other('192.0.2.1', new TextEncoder().encode(body))).body).toBe('known');
  expect(await people()).toEqual([
    ['signal', 1],
    ['whatsapp', 1],
  ]);
});
