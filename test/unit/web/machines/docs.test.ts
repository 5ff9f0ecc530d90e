/** What docs/api.md shows is so. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rssSchema } from '../../../../src/sources/rss/config.ts';
import { openTestSite, type TestSite } from '../site/support.ts';
import { put } from './world.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../docs/api.md'), 'utf8');
const blocks = (kind: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${kind}\\n([^]*?)\`\`\``, 'g'))].map(([, block]) => block!);

let site: TestSite;
beforeEach(async () => {
  site = await openTestSite();
  await put(site, { method: 'dns' });
});
afterEach(() => site.close());

const asked = blocks('sh').flatMap((block) =>
  [...block.matchAll(/^curl (?:-N )?"https:\/\/tocsin\.example\.org(\/.*)"$/gm)].map(([, path]) => path!),
);

test('every command of it is one that this test runs', () => {
  expect(asked).toHaveLength(blocks('sh').join('').trim().split('\n').length);
});

test.each(asked)('curl %s: answered', async (path) => {
  const stop = new AbortController();
  const answer = await fetch(site.url + path, { signal: stop.signal });
  expect(answer.status).toBe(200);
  stop.abort();
});

test('the incident and the problem that it shows have the fields of real ones', async () => {
  const [incident, problem] = blocks('json').map((block) => JSON.parse(block) as Record<string, unknown>);
  const real = JSON.parse((await site.get('/api/v1/incidents/RU-whatsapp-3f9k')).text) as object;
  expect(Object.keys(incident!)).toEqual(Object.keys(real));
  expect(JSON.parse((await site.get('/api/v1/incidents?country=Russia')).text)).toEqual(problem);
});

test('the source that it shows is one, and each parameter of its table is taken', async () => {
  for (const block of blocks('yaml'))
    for (const source of (parse(block) as { sources: unknown[] }).sources)
      expect(v.safeParse(rssSchema, source).success).toBe(true);
  const names = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
  expect(names).toEqual(['open', 'country', 'service', 'since', 'limit', 'cursor']);
  for (const name of names) expect((await site.get(`/api/v1/incidents?${name}=`)).status).toBe(200);
});
