/** Faults in what the file says of sources, agents, the baseline and operators: each with its place, what is wrong, and the remedy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAgents, readOperators } from '../../../src/config/accounts.ts';
import { readBaseline, serviceHosts } from '../../../src/config/catalogue.ts';
import { loadCatalogue } from '../../../src/config/lexicon.ts';
import { Problems } from '../../../src/config/problems.ts';
import type { FileConfig, SourceConfig } from '../../../src/config/schema.ts';
import type { Place } from '../../../src/config/secrets.ts';
import { checkAskedFor, checkPosts, readSources } from '../../../src/config/sources.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TOKEN = 'a-token-of-twenty-characters';

function place(env: Record<string, string> = {}) {
  const problems = new Problems();
  const redactions = new Set<string>();
  const at: Place = {
    name: 'bot.yaml',
    folder,
    env,
    cwd: folder,
    problems,
    redactions,
    files: new Set(),
    unset: [],
  };
  const said = (): string[] =>
    problems.list.map(({ file, path, wrong, remedy }) =>
      `${file}: ${path}: ${wrong}${remedy && `; ${remedy}`}`.replace('bot.yaml: ', ''),
    );
  return { at, said, redactions };
}

describe('sources', () => {
  const read = async (sources: unknown[], env: Record<string, string> = {}) => {
    const { at, said, redactions } = place(env);
    const made = await readSources({ sources } as FileConfig, at, null);
    return { made, said: said(), redactions, unset: at.unset };
  };
  const feed = { id: 'bbc', kind: 'rss', url: 'https://bbc.example/', publisher: 'bbc' };

  test.each<[string, object, string]>([
    [
      'a name with a blank',
      { ...feed, id: 'b b' },
      'sources[0].id: "b b" must be 1 to 64 letters, digits, ".", "_" or "-"',
    ],
    [
      'a feed from a disk',
      { ...feed, url: 'file:///etc/passwd' },
      'sources[0].url: "file:///etc/passwd" must be an address that begins with http:// or https://',
    ],
    [
      'a language by its name',
      { ...feed, lang: 'English' },
      'sources[0].lang: "English" must be a language code of two or three letters, such as "en"',
    ],
    [
      'a country by its name',
      { id: 'o', kind: 'ooni', countries: ['Russia'] },
      'sources[0].countries[0]: "Russia" must be a country code; write two capital letters, such as RU',
    ],
    [
      'a service by its name',
      { id: 'o', kind: 'ooni', services: ['WhatsApp'] },
      'sources[0].services[0]: "WhatsApp" must be the id of a service; write it as whatsapp',
    ],
    [
      'a country in small letters',
      { id: 'i', kind: 'ioda', countries: ['ru'] },
      'sources[0].countries[0]: "ru" must be a country code; write two capital letters, such as RU',
    ],
    [
      'a token with a blank',
      { id: 'r', kind: 'radar', token: 'two words' },
      'sources[0].token: must be a token without blanks; copy it once more, or leave the key out',
    ],
    [
      'a country that volunteers do not know',
      { id: 'g', kind: 'globalping', countries: ['RUS'] },
      'sources[0].countries[0]: "RUS" must be a country code; write two capital letters, such as RU',
    ],
    [
      'too few tests for anything',
      { id: 'g', kind: 'globalping', testsPerHour: 5 },
      'sources[0].testsPerHour: 5 must be 12 or more; raise it',
    ],
    [
      'half a test',
      { id: 'g', kind: 'globalping', testsPerHour: 12.5 },
      'sources[0].testsPerHour: 12.5 must be a whole number; leave the ',
    ],
    [
      'a short token',
      { id: 'p', kind: 'push', token: 'short' },
      'sources[0].token: must be 8 to 500 letters, digits and signs, without blanks; make one with: openssl rand -hex 24',
    ],
    [
      'a weight that there is not',
      { id: 'p', kind: 'push', token: TOKEN, as: 'authorty' },
      'sources[0].as: should be "outlet", "monitor" or "authority", not "authorty"; did you mean "authority"?',
    ],
    [
      'a register without its form',
      { id: 'r', kind: 'registry', country: 'RU', urls: ['https://r.example/'] },
      'sources[0].format: is missing; add "format: …" here, one of: z-i, domains, antifilter',
    ],
    [
      'a register of nothing',
      { id: 'r', kind: 'registry', format: 'z-i', country: 'RU', urls: [] },
      'sources[0].urls: must not be empty; list the address of the register, or those of all its parts',
    ],
    [
      'one address where a list is wanted',
      { id: 'r', kind: 'registry', format: 'z-i', country: 'RU', urls: 'https://r.example/' },
      'sources[0].urls: should be a list, not "https://r.example/"; write it as a list: ["https://r.example/"]',
    ],
    [
      'no country at all',
      { id: 'o', kind: 'ooni', countries: [] },
      'sources[0].countries: must not be empty; write something, or leave the key out',
    ],
    ['a schedule of one field', { ...feed, cron: 'hourly' }, 'sources[0].cron: "hourly" is no schedule'],
    [
      'a schedule with a minute too many',
      { ...feed, cron: '60 * * * *' },
      'sources[0].cron: "60 * * * *" is no schedule',
    ],
    [
      'a key that is mistyped',
      { ...feed, publsher: 'x' },
      'sources[0].publsher: unknown key; did you mean "publisher"?',
    ],
    [
      'text in place of a block',
      'https://bbc.example/' as unknown as object,
      'sources[0]: should be a block of keys; such as { id: example, kind: rss, url: https://…, cron: "*/5 * * * *" }',
    ],
    [
      'a kind that is mistyped',
      { ...feed, kind: 'rs' },
      'sources[0].kind: "rs" is no kind of source; did you mean "rss"?',
    ],
  ])('%s: said so, and the source is left out', async (_name, block, message) => {
    const { made, said } = await read([block]);
    expect([made, said.length, said[0]!.slice(0, message.length)]).toEqual([[], 1, message]);
  });

  test.each<[string, object, object]>([
    ['ooni', {}, { url: 'https://api.ooni.io', cron: '*/30 * * * *' }],
    ['ioda', {}, { cron: '*/10 * * * *' }],
    ['radar', {}, { outages: false, token: null }],
    ['radar', { token: null }, { token: null }],
    ['radar', { token: '' }, { token: null }],
    ['ooni', { url: 'http://127.0.0.1:8080/base//' }, { url: 'http://127.0.0.1:8080/base' }],
    ['globalping', { url: 'https://gp.example///' }, { url: 'https://gp.example', token: null, testsPerHour: 40 }],
    ['push', { token: TOKEN }, { as: 'outlet', lang: 'en' }],
    [
      'registry',
      { format: 'domains', country: 'RU', urls: [' https://r.example/a '] },
      { urls: ['https://r.example/a'], cron: '15 5 * * *' },
    ],
  ])('%s with what it must have: the rest by itself', async (kind, block, defaults) => {
    const { made, said } = await read([{ id: 'x', kind, ...block }]);
    expect(said).toEqual([]);
    expect(made[0]).toMatchObject({ id: 'x', kind, ...defaults });
  });

  test('a token by its variable: resolved, and never printed; a variable that is not there: one complaint, not two', async () => {
    const push = { id: 'p', kind: 'push', token: 'env:PUSH' };
    const good = await read([push], { PUSH: TOKEN });
    expect([good.made[0], [...good.redactions]]).toMatchObject([{ token: TOKEN }, [TOKEN]]);
    const bad = await read([push]);
    expect([bad.made, bad.said.length]).toEqual([[], 1]);
    expect(bad.said[0]).toMatch(/^sources\[0\]\.token: .*PUSH/);
  });

  test.each<[string, Record<string, string>, object, object[]]>([
    ['not set', {}, { token: null }, [{ id: 'r', variable: 'RADAR' }]],
    ['empty', { RADAR: '  ' }, { token: null }, [{ id: 'r', variable: 'RADAR' }]],
    ['set', { RADAR: TOKEN }, { token: TOKEN }, []],
  ])('a token that may be missing, its variable is %s: no fault, and known', async (_name, env, made, unset) => {
    const found = await read([{ id: 'r', kind: 'radar', token: 'env:RADAR' }], env);
    expect([found.said, found.made.length, found.made[0], found.unset]).toMatchObject([[], 1, made, unset]);
  });

  test.each(['env:', 'env:1', 'file:not-there'])('a token that may be missing, written %j: a fault', async (token) => {
    const { made, said } = await read([{ id: 'r', kind: 'radar', token }]);
    expect([made, said.length]).toEqual([[], 1]);
  });

  test('the same id twice: the second is left out; a faulty one uses up its id, too', async () => {
    const { made, said } = await read([{ ...feed, lang: 'English' }, feed, { ...feed, id: 'dw' }]);
    expect(made.map(({ id }) => id)).toEqual(['dw']);
    expect(said).toHaveLength(2);
    expect(said[1]).toBe('sources[1].id: "bbc" is the id of sources[0], too; give each source an id of its own');
  });

  test('every fault of a list: its own number', async () => {
    const list = [feed, { ...feed, id: 'a', url: 'x' }, { ...feed, id: 'b' }, { ...feed, id: 'c', url: 'y' }];
    const { made, said } = await read(list);
    expect(made.map(({ id }) => id)).toEqual(['bbc', 'b']);
    expect(said.map((one) => one.split(':')[0])).toEqual(['sources[1].url', 'sources[3].url']);
  });
});

describe('sources that post', () => {
  const push = (id: string, token: string): SourceConfig => ({ id, kind: 'push', token }) as unknown as SourceConfig;
  const rss = { id: 'bbc', kind: 'rss', token: 'same' } as unknown as SourceConfig;
  const NOWHERE = 'sources: "a" has nowhere to post to; add "web: { listen: 127.0.0.1:8080 }"';

  test.each<[string, SourceConfig[], boolean, string[]]>([
    ['none of them', [rss], false, []],
    ['one, and a listener', [push('a', 'x')], true, []],
    ['two without a listener: said once', [push('a', 'x'), push('b', 'y')], false, [NOWHERE]],
    [
      'one token for three: each after the first',
      [push('a', 'same'), push('b', 'same'), push('c', 'same')],
      true,
      ['b', 'c'].map((id) => `sources: the token of "${id}" is that of "a", too; give each source a token of its own`),
    ],
    ['the token of a feed is no token', [rss, push('a', 'same')], true, []],
  ])('%s', (_name, sources, listens, messages) => {
    const { at, said } = place();
    checkPosts(sources, listens, at);
    expect(said()).toEqual(messages);
    expect(said().join()).not.toContain('same"');
  });
});

describe('what sources are asked for', () => {
  const services = ['whatsapp', 'telegram', 'signal'].map((id) => ({ id }));
  const source = (over: object): SourceConfig => ({ id: 'o', kind: 'ooni', ...over }) as unknown as SourceConfig;
  test.each<[string, object, string[]]>([
    ['nothing named', {}, []],
    ['what there is', { countries: ['RU', 'IR'], services: ['whatsapp', 'internet'] }, []],
    [
      'a service that is mistyped',
      { services: ['watsapp', 'signal'] },
      ['sources: "watsapp" under "services" of "o" is no service of the catalogue; did you mean "whatsapp"?'],
    ],
    [
      'a service that nobody knows',
      { services: ['zzzzzzzzzz'] },
      [
        'sources: "zzzzzzzzzz" under "services" of "o" is no service of the catalogue; take an id of config/services.yaml, or add it under extract.services',
      ],
    ],
    [
      'a country that there is not',
      { countries: ['RU', 'XX'] },
      ['sources: "XX" under "countries" of "o" is no country; write the two letters of ISO 3166-1, such as RU'],
    ],
    [
      'a register of nowhere',
      { kind: 'registry', country: 'ZZ' },
      ['sources: "ZZ" under "country" of "o" is no country; write the two letters of ISO 3166-1, such as RU'],
    ],
  ])('%s', (_name, over, messages) => {
    const { at, said } = place();
    checkAskedFor([source(over)], { services } as unknown as Parameters<typeof checkAskedFor>[1], at);
    expect(said()).toEqual(messages);
  });

  test('a hundred that are wrong: ten are named', () => {
    const { at, said } = place();
    const many = Array.from({ length: 40 }, (_, i) => `zzzzzzzz${i}`);
    checkAskedFor([source({ services: many })], { services } as never, at);
    expect(said()).toHaveLength(10);
  });
});

describe('agents', () => {
  const agent = { id: 'tallinn', token: TOKEN, country: 'EE', asn: 'AS64500' };
  const read = (blocks: unknown[], context: { listens?: boolean; vantageId?: string } = {}) => {
    const { at, said } = place();
    const made = readAgents(blocks, at, { listens: true, vantageId: null, ...context });
    return { made, said: said() };
  };

  test.each<[string, object, string]>([
    ['a country that people mean', { country: 'UK' }, 'agents[0].country: "UK" is no country; did you mean "GB"?'],
    ['Greece as it calls itself', { country: 'EL' }, 'agents[0].country: "EL" is no country; did you mean "GR"?'],
    ['a union', { country: 'EU' }, 'agents[0].country: "EU" is no country; take its code of ISO 3166-1, such as RU'],
    [
      'two letters that are none',
      { country: 'QQ' },
      'agents[0].country: "QQ" is no country; take its code of ISO 3166-1, such as RU',
    ],
    [
      'a short token',
      { token: 'short' },
      'agents[0].token: must be 20 to 500 letters, digits and signs; make one with: openssl rand -hex 24',
    ],
    ['no network', { asn: 'AS0' }, 'agents[0].asn: "AS0" is no network number; write it as AS64500'],
    [
      'an id in capitals',
      { id: 'Tallinn' },
      'agents[0].id: "Tallinn" must be a short id; use lower-case letters, digits, "." and "-"',
    ],
  ])('%s: %j', (_name, over, message) => expect(read([{ ...agent, ...over }]).said).toEqual([message]));

  test.each<[unknown, string]>([
    [64500, 'AS64500'],
    ['64500', 'AS64500'],
    ['as64500', 'AS64500'],
  ])('a network as %j: %s', (asn, expected) => {
    expect(read([{ ...agent, asn }]).made[0]).toMatchObject({ asn: expected });
  });

  test('nowhere, as a vantage file has it: taken', () => expect(read([{ ...agent, country: 'XX' }]).said).toEqual([]));

  test('the id of the vantage point, or of another agent; the token of another: said of the later one', () => {
    const list = [
      agent,
      { ...agent, token: `${TOKEN}-2` },
      { ...agent, id: 'riga' },
      { ...agent, id: 'own', token: `${TOKEN}-3` },
    ];
    expect(read(list, { vantageId: 'own' }).said).toEqual([
      'agents[1].id: "tallinn" is the id of agents[0], too; give each agent an id of its own',
      'agents[3].id: "own" is the id of the vantage point, too; give each agent an id of its own',
      'agents[2].token: is that of agents[0], too; give each agent a token of its own',
    ]);
  });

  test('no listener: said once for all; none of them: nothing to listen for', () => {
    const message = 'agents: have nowhere to post to; add "web: { listen: 127.0.0.1:8080 }"';
    expect(read([agent, { ...agent, id: 'b', token: `${TOKEN}2` }], { listens: false }).said).toEqual([message]);
    expect(read([], { listens: false }).said).toEqual([]);
  });

  test.each([null, 'tallinn', ['tallinn'], 5])('%j in place of a block', (block) => {
    expect(read([block]).said).toEqual([
      'agents[0]: should be a block of keys; such as { id: example, token: env:NAME, country: RU, asn: AS64500 }',
    ]);
  });
});

describe('the baseline', () => {
  const catalogue = loadCatalogue();
  const line = {
    country: 'RU',
    service: 'whatsapp',
    action: 'block',
    since: '2022-03-04',
    reference: 'https://r.example/',
  };
  const read = async (data: unknown) => {
    const file = join(folder, 'base.yaml');
    writeFileSync(file, JSON.stringify(data));
    const { at, said } = place();
    const made = await readBaseline('base.yaml', catalogue, at);
    return { made, said: said().map((one) => one.replace('base.yaml: ', '')), files: [...at.files] };
  };

  test.each<[string, object, string]>([
    ['a union', { country: 'ZZ' }, '[0].country: "ZZ" is no country; take its code of ISO 3166-1, such as RU'],
    [
      'a day that there was not',
      { since: '2022-02-30' },
      '[0].since: "2022-02-30" is no day; write it as 2022-03-04, or 2022-03 where the day is not known',
    ],
    ['a thirteenth month', { since: '2022-13' }, '[0].since: "2022-13" is no day; write it as'],
    ['a year alone', { since: '2022' }, '[0].since: "2022" is no day; write it as'],
    ['before there was anything to block', { since: '1989-12-31' }, '[0].since: "1989-12-31" is no day; write it as'],
    ['a time of day', { since: '2022-03-04T10:00' }, '[0].since: "2022-03-04T10:00" is no day; write it as'],
    [
      'a page without a lock',
      { reference: 'http://r.example/' },
      '[0].reference: "http://r.example/" must be the address of a page that says so; it begins with https://',
    ],
    [
      'a threat is no block',
      { action: 'warn' },
      '[0].action: should be "block", "throttle", "restrict" or "shutdown", not "warn"',
    ],
    ['a way that there is not', { method: 'magic' }, '[0].method: should be "dns", "ip", '],
    [
      'a service that is mistyped',
      { service: 'whatsap' },
      '[0].service: "whatsap" is no service of the catalogue; did you mean "whatsapp"?',
    ],
    ['a key too many', { until: '2023-01-01' }, '[0].until: unknown key'],
  ])('%s', async (_name, over, message) => {
    const { made, said } = await read([{ ...line, ...over }]);
    expect([made, said.length, said[0]!.slice(0, message.length)]).toEqual([[], 1, message]);
  });

  test('a day, a month, and the network itself: each as it is written, in UTC', async () => {
    const { made, said, files } = await read([
      line,
      { ...line, service: 'internet', action: 'shutdown', since: '2024-02', method: 'bgp' },
    ]);
    expect(said).toEqual([]);
    expect(
      made.map(({ service, since, monthOnly, method }) => [service, new Date(since).toISOString(), monthOnly, method]),
    ).toEqual([
      ['whatsapp', '2022-03-04T00:00:00.000Z', false, null],
      ['internet', '2024-02-01T00:00:00.000Z', true, 'bgp'],
    ]);
    expect(files).toEqual([join(folder, 'base.yaml')]);
  });

  test('the same twice: said, and the later one counts; the rest of the file is read', async () => {
    const { made, said } = await read([line, { ...line, since: '2023-01-01' }, { ...line, country: 'IR' }]);
    expect(said).toEqual(['[1]: RU whatsapp stands here twice; keep one of the two']);
    expect(made.map(({ country }) => country)).toEqual(['RU', 'IR']);
  });

  test.each([{}, { blocks: [] }, 'x'])('%j in place of a list', async (data) => {
    expect((await read(data)).said[0]).toMatch(/should be a list; write a line "- \{ country/);
  });

  test('null: none, and no file is read; no key: the bundled ones, of services that the catalogue has', async () => {
    const { at, said } = place();
    expect([await readBaseline(null, catalogue, at), at.files.size]).toEqual([[], 0]);
    const bundled = await readBaseline(undefined, catalogue, at);
    expect(bundled.length).toBeGreaterThan(10);
    const few = { services: catalogue.services.filter(({ id }) => id === 'facebook') };
    const kept = await readBaseline(undefined, few, at);
    expect(new Set(kept.map(({ service }) => service))).toEqual(
      new Set(['facebook', 'internet']).intersection(new Set(bundled.map(({ service }) => service))),
    );
    expect(said()).toEqual([]);
  });

  test('any day of a calendar: taken as that day; any other date of that form: refused', async () => {
    const days = fc.tuple(
      fc.integer({ min: 1990, max: 2099 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    );
    await fc.assert(
      fc.asyncProperty(days, async ([year, month, day]) => {
        const two = (n: number): string => String(n).padStart(2, '0');
        const since = `${year}-${two(month)}-${two(day)}`;
        const { made } = await read([{ ...line, since }]);
        const exists = day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
        expect(made.map((one) => new Date(one.since).toISOString().slice(0, 10))).toEqual(exists ? [since] : []);
      }),
      { numRuns: 40 },
    );
  });
});

describe('operators', () => {
  const HOW = 'write it as "platform:id", such as "telegram:12345" or "matrix:@ann:example.org", in quotes';
  test.each<[unknown, string | null]>([
    ['telegram:12345', null],
    ['matrix:@ann:example.org', null],
    [12345, `operators[0]: 12345 names no person; ${HOW}`],
    ['12345', `operators[0]: "12345" names no person; ${HOW}`],
    ['telegram:', `operators[0]: "telegram:" names no person; ${HOW}`],
    ['telegram: 1', `operators[0]: "telegram: 1" names no person; ${HOW}`],
    ['Telegram:1', `operators[0]: "Telegram:1" names no person; ${HOW}`],
    ['telegrm:1', 'operators[0]: "telegrm" is no platform; did you mean "telegram"?'],
    [null, `operators[0]: null names no person; ${HOW}`],
    [{ telegram: 1 }, `operators[0]: a block of keys names no person; ${HOW}`],
  ])('%j', (operator, message) => {
    const { at, said } = place();
    readOperators([operator], at);
    expect(said()).toEqual(message === null ? [] : [message]);
  });
});

describe('hosts of services', () => {
  const services = [
    { id: 'big', name: 'Big', aliases: ['big.example', 'Big Thing'], category: 'social' },
    { id: 'small', name: 'Small', aliases: ['small.big.example', 'shared.example'], category: 'social' },
  ];
  const hosts = serviceHosts({ services }, { big: ['big.example', '=shared.example'], gone: ['gone.example'] });

  test.each<[string, { service: string; domain: string; whole: boolean } | null]>([
    ['big.example', { service: 'big', domain: 'big.example', whole: true }],
    ['www.big.example', { service: 'big', domain: 'big.example', whole: true }],
    ['cdn.big.example', { service: 'big', domain: 'big.example', whole: false }],
    // The longer name wins, whoever it belongs to.
    ['small.big.example', { service: 'small', domain: 'small.big.example', whole: true }],
    ['a.small.big.example', { service: 'small', domain: 'small.big.example', whole: false }],
    // A domain that stands for itself alone: what is below it belongs to others.
    ['shared.example', { service: 'big', domain: 'shared.example', whole: true }],
    ['m.shared.example', { service: 'big', domain: 'shared.example', whole: true }],
    ['people.shared.example', null],
    ['gone.example', null],
    ['notbig.example', null],
    ['BIG.EXAMPLE.', { service: 'big', domain: 'big.example', whole: true }],
    ['*.big.example', { service: 'big', domain: 'big.example', whole: true }],
    ['*.people.shared.example', null],
  ])('%s', (host, found) => expect(hosts.find(host)).toEqual(found));

  test('a domain is one service’s: the bundled line before an alias, and both lists say so', () => {
    expect(hosts.services).toEqual(['big', 'small']);
    expect([hosts.domainsOf('big'), hosts.domainsOf('small'), hosts.domainsOf('x')]).toEqual([
      ['big.example', 'shared.example'],
      ['small.big.example'],
      [],
    ]);
  });

  test('any subdomain of a known domain: that service, and whole only where nothing but the usual stands before it', () => {
    const label = fc
      .stringMatching(/^[a-z][a-z0-9]{0,8}$/)
      .filter((one) => !['www', 'm', 'web', 'mobile', 'small'].includes(one));
    fc.assert(
      fc.property(fc.array(label, { maxLength: 4 }), (labels) => {
        const found = hosts.find([...labels, 'big.example'].join('.'));
        expect(found).toEqual({ service: 'big', domain: 'big.example', whole: labels.length === 0 });
      }),
    );
  });
});
