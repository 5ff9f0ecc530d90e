import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { shared, testIf } from '../../fakes/shared.ts';
import { dump, filler, registerWorld, row, windows1251 } from './harness.ts';

const DAY = 86_400_000;
const THIRTEEN =
  'whatsapp.com youtube.com facebook.com instagram.com messenger.com windscribe.com torproject.org bbc.com dw.com svoboda.org themoscowtimes.com signal.org discord.com'.split(
    ' ',
  );
const said = (statements: { action: string; service: string }[]) =>
  statements.map(({ action, service }) => `${action} ${service}`).sort();

describe('a register', () => {
  test('first read: nothing is told, whatever it holds; then only what is new, once, over restarts', async () => {
    const world = await registerWorld();
    world.serve(dump(row('facebook.com') + row('meduza.io')));
    expect(await world.told()).toEqual([]);
    expect(await world.told()).toEqual([]);
    world.serve(dump(row('facebook.com') + row('meduza.io') + row('whatsapp.com')));
    const first = await world.poll();
    expect(first.statements).toMatchObject([
      {
        country: 'RU',
        service: 'whatsapp',
        action: 'block',
        method: 'legal',
        kind: 'authority',
        publisher: 'register',
      },
    ]);
    world.restart();
    const again = await world.poll();
    expect(again.statements).toEqual(first.statements);
    await again.commit?.();
    world.restart();
    expect(await world.told()).toEqual([]);
  });

  test('what it holds is known, told or not, over a restart, of its own country; what is taken off is not', async () => {
    const world = await registerWorld();
    expect(await world.held('RU')).toEqual([]);
    world.serve(dump(row('viber.com') + row('viber.com', 'https://viber.com/page') + row('meduza.io')));
    await world.told();
    world.restart();
    expect((await world.held('RU')).toSorted()).toEqual(['meduza', 'viber']);
    expect(await world.held('BY')).toEqual([]);
    world.serve(dump(row('meduza.io')));
    await world.told();
    expect(await world.held('RU')).toEqual(['meduza']);
  });

  test('thirteen names in one day: thirteen services', async () => {
    const world = await registerWorld();
    world.serve(dump(''));
    await world.told();
    world.serve(dump(THIRTEEN.map((name) => row(name)).join('')));
    const told = await world.told();
    expect(new Set(told.map(({ service }) => service)).size).toBe(13);
    expect(new Set(told.map(({ at }) => at))).toEqual(new Set([Date.UTC(2026, 10, 25, 11, 5)]));
  });

  test('a short register that says when it was made: empty at first, thirteen services, one, none; each told', async () => {
    const world = await registerWorld({ id: 'z-i', name: 'The Register' });
    expect(world.label()).toMatch(/^z-i \(127\.0\.0\.1:\d+\)$/);
    const short = (rows: string): void => world.serve(windows1251(`Updated: 2026-11-25 11:05:00 +0000\n${rows}`));
    short('');
    expect(await world.told()).toEqual([]);
    short(THIRTEEN.map((name) => row(name)).join(''));
    expect(await world.told()).toHaveLength(13);
    short(row('signal.org'));
    expect(await world.told()).toEqual([]);
    expect(said(await world.told())).toHaveLength(12);
    short('');
    expect(await world.told()).toEqual([]);
    expect(said(await world.told())).toEqual(['unblock signal']);
  });

  test('a long register that becomes short: not believed', async () => {
    const world = await registerWorld();
    world.serve(dump(row('signal.org')));
    await world.told();
    world.serve(windows1251(`Updated: 2026-11-25 12:05:00 +0000\n${row('example.org')}`));
    await expect(world.told()).rejects.toThrow('taken for incomplete');
  });

  test('what people read of it: names, decision and agency, and no key of an address', async () => {
    const world = await registerWorld({ name: 'Roskomnadzor register', publisher: 'rkn' });
    world.serve(dump(''));
    await world.told();
    world.serve(dump(row('www.whatsapp.com') + row('*.whatsapp.net') + row('whatsapp.com', 'https://whatsapp.com/')));
    const [statement] = await world.told();
    expect(statement).toMatchObject({
      title: '*.whatsapp.net, whatsapp.com, www.whatsapp.com added to the register of blocked sites',
      summary: 'Decision № 2-1234/2026 (Роскомнадзор) of 2026-11-20',
      publisherName: 'Roskomnadzor register',
      publisher: 'rkn',
    });
    expect(statement!.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/dump-0\.csv$/);
    expect(JSON.stringify([statement, world.lines])).not.toContain('hush');
  });

  test.each<[string, string, string[]]>([
    ['a page of a site', row('www.youtube.com', 'https://www.youtube.com/watch?v=1'), []],
    ['pages alone, without a name', row('', 'https://t.me/somebody | https://t.me/else'), []],
    ['an address', row('157.240.1.60'), []],
    ['an address in place of a name', row('31.13.72.53', 'http://31.13.72.53/'), []],
    ['a name that only ends alike', row('notwhatsapp.com'), []],
    ["a user's page on its own name", row('somebody.tumblr.com'), []],
    ['a site by its url alone', row('', 'http://signal.org'), ['block signal']],
    ['a site and a page of it', row('signal.org', 'https://signal.org/x | https://signal.org/'), ['block signal']],
    ['a mask', row('*.signal.org'), ['block signal']],
    ['a name in capitals with a blank behind it', row('SIGNAL.ORG '), ['block signal']],
    ['a name with a dot behind it', row('signal.org.'), ['block signal']],
    ['a part of a service', row('static.whatsapp.net'), ['restrict whatsapp']],
    ['two names in one entry', row('signal.org | discord.com'), ['block discord', 'block signal']],
    ['a quoted decision with separators', row('signal.org', '', 'court', '"on; the ""case"" of; x"'), ['block signal']],
    ["the names of the country's own promoted messenger", row('max.ru'), ['block max']],
  ])('%s', async (_name, rows, expected) => {
    const world = await registerWorld();
    world.serve(dump(''));
    await world.told();
    world.serve(dump(rows));
    expect(said(await world.told())).toEqual(expected);
  });

  test('other addresses, another url, another decision on a name that is listed: nothing', async () => {
    const world = await registerWorld();
    world.serve(dump(row('whatsapp.com')));
    await world.told();
    const other = row('whatsapp.com', 'https://whatsapp.com', 'court', '7').replace('192.0.2.1', '192.0.2.2');
    world.serve(dump(row('whatsapp.com') + other));
    expect(await world.told()).toEqual([]);
    world.serve(dump(other));
    expect(await world.told()).toEqual([]);
  });

  test('a part of a service that is listed as a whole: nothing; the whole after a part: a block', async () => {
    const world = await registerWorld();
    world.serve(dump(row('whatsapp.com') + row('cdn.discordapp.com')));
    await world.told();
    world.serve(
      dump(row('whatsapp.com') + row('static.whatsapp.net') + row('cdn.discordapp.com') + row('discord.com')),
    );
    expect(said(await world.told())).toEqual(['block discord']);
  });
});

describe('what is taken off it', () => {
  test('the last name of a service: told when the next reading says the same, also by a 304', async () => {
    const world = await registerWorld();
    world.serve(dump(row('whatsapp.com') + row('web.whatsapp.com') + row('signal.org')));
    await world.told();
    world.serve(dump(row('web.whatsapp.com') + row('signal.org')));
    expect(await world.told()).toEqual([]);
    world.serve(dump(row('signal.org')));
    expect(await world.told()).toEqual([]);
    const told = await world.told();
    expect(said(told)).toEqual(['unblock whatsapp']);
    expect(told[0]!.title).toBe('web.whatsapp.com taken off the register of blocked sites');
    expect(await world.told()).toEqual([]);
    world.serve(dump(row('whatsapp.com') + row('signal.org')));
    expect(said(await world.told())).toEqual(['block whatsapp']);
  });

  test('missing in one reading and there in the next: neither an end nor a beginning', async () => {
    const world = await registerWorld();
    const whole = dump(row('whatsapp.com') + row('signal.org'));
    world.serve(whole);
    await world.told();
    world.serve(dump(row('signal.org')));
    expect(await world.told()).toEqual([]);
    world.serve(whole);
    expect(await world.told()).toEqual([]);
    expect(await world.told()).toEqual([]);
  });

  test('half a register: an error that says so, and what was read before still counts', async () => {
    const world = await registerWorld();
    world.serve(dump(row('whatsapp.com')));
    await world.told();
    world.serve(windows1251(filler(50)));
    for (let i = 0; i < 3; i++)
      await expect(world.poll()).rejects.toMatchObject({
        code: 'feed_unreadable',
        message: expect.stringContaining('50 entries after 101'),
      });
    world.serve(dump(row('whatsapp.com')));
    expect(await world.told()).toEqual([]);
  });

  test.each([
    [3, 2, true],
    [2, 1, true],
    [20, 9, false],
    [60, 45, true],
    [60, 40, false],
    [1_000, 900, true],
    [1_000, 790, false],
  ])('%i entries, then %i: believed? %s', async (before, after, believed) => {
    const world = await registerWorld();
    world.serve(windows1251(filler(before)));
    await world.told();
    world.serve(windows1251(filler(after)));
    const ended = await world.poll().then(
      () => true,
      () => false,
    );
    expect(ended).toBe(believed);
  });

  test('half a register for three days: that is what there is, and nobody is told of what is gone', async () => {
    const world = await registerWorld();
    world.serve(dump(row('whatsapp.com')));
    await world.told();
    world.serve(windows1251(filler(50)));
    await expect(world.poll()).rejects.toThrow();
    await world.clock.pass(3 * DAY);
    expect(await world.told()).toEqual([]);
    expect(await world.told()).toEqual([]);
    world.serve(windows1251(filler(50) + row('whatsapp.com')));
    expect(said(await world.told())).toEqual(['block whatsapp']);
  });

  test('it breaks off in the middle of a line: an error', async () => {
    const world = await registerWorld();
    world.serve(dump(''));
    await world.told();
    world.serve(dump(`${row('whatsapp.com')}192.0.2.1;signal.o`));
    await expect(world.poll()).rejects.toMatchObject({ code: 'feed_unreadable' });
    world.serve(dump(row('whatsapp.com').trimEnd()));
    expect(said(await world.told())).toEqual(['block whatsapp']);
  });
});

describe('in parts', () => {
  test('entries that move between parts: nothing; only parts that changed are read again', async () => {
    const world = await registerWorld({}, 3);
    for (let i = 0; i < 3; i++) world.serve(dump(i === 0 ? row('whatsapp.com') : ''), i);
    await world.told();
    world.serve(dump(''), 0);
    world.serve(dump(row('whatsapp.com')), 2);
    world.asked.length = 0;
    expect(await world.told()).toEqual([]);
    expect(world.asked).toHaveLength(3);
    expect(await world.told()).toEqual([]);
  });

  test('a part that fails: an error, nothing is told, and the next poll goes on with it', async () => {
    const world = await registerWorld({}, 3);
    for (let i = 0; i < 3; i++) world.serve(dump(''), i);
    await world.told();
    world.serve(dump(row('signal.org')), 0);
    world.serve((_request, response) => void response.writeHead(503).end(), 2);
    await expect(world.poll()).rejects.toMatchObject({ code: 'fetch_status' });
    world.serve(dump(row('discord.com')), 2);
    world.asked.length = 0;
    expect(said(await world.told())).toEqual(['block discord', 'block signal']);
    expect(world.asked).toHaveLength(1);
  });
});

describe('what is kept', () => {
  test('entries of the catalogue, and nothing else of the register', async () => {
    const world = await registerWorld();
    world.serve(dump(row('whatsapp.com') + row('forbidden-shop.example', '', 'Роскомнадзор', 'secret-case')));
    await world.told();
    const kept = [...world.kept.values()].join();
    expect(kept).toContain('whatsapp.com');
    expect(kept).not.toMatch(/example|secret-case/);
  });

  test('another country or another list of addresses: begins anew, in silence', async () => {
    const world = await registerWorld();
    world.serve(dump(row('whatsapp.com')));
    await world.told();
    const other = await registerWorld({ country: 'BY' });
    for (const [key, value] of world.kept) other.kept.set(key, value);
    other.serve(dump(row('signal.org')));
    expect(await other.told()).toEqual([]);
  });
});

test('a line without an end: what is beyond the bound is passed over, which is said; the rest of the register counts', async () => {
  const world = await registerWorld();
  world.serve(dump(row('whatsapp.com')));
  await world.told();
  world.serve(dump(`${row('signal.org')}${row('discord.com').replace('192.0.2.1', '192.0.2.1 | '.repeat(400_000))}`));
  expect(said(await world.told())).toContain('block signal');
  expect(world.lines.filter((text) => text.includes('too long'))).toHaveLength(1);
});

describe('other forms', () => {
  const names = Array.from({ length: 60 }, (_, i) => `site-${i}.example`);
  test.each<[string, (names: string[]) => string]>([
    ['antifilter', (all) => all.join('\n')],
    ['antifilter', (all) => `# comment\r\n${all.join('\r\n')}\r\n`],
    ['domains', (all) => JSON.stringify(all)],
    [
      'domains',
      (all) =>
        JSON.stringify(
          all.map((domain) => ({ domain })),
          null,
          2,
        ),
    ],
    ['domains', (all) => JSON.stringify([{ domains: all, status: null, n: 5 }])],
  ])('%s: read, compared, and gzip is no matter', async (format, write) => {
    const world = await registerWorld({ format });
    world.serve(Buffer.from(write(names)));
    expect(await world.told()).toEqual([]);
    const body = gzipSync(write([...names, 'whatsapp.com', '*.signal.org', '192.0.2.1']));
    world.serve((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(body));
    expect(said(await world.told())).toEqual(['block signal', 'block whatsapp']);
  });

  test.each([
    ['antifilter', '<!doctype html><title>Log in</title>\n<p>whatsapp.com</p>'],
    ['antifilter', '{"a":1}'],
    ['domains', '{"error":"whatsapp.com"}'],
    ['domains', '<html>"whatsapp.com"</html>'],
    ['domains', '[]'],
    ['domains', '["a.example","b.example"'],
    ['domains', '["a.example"] "b.example"'],
  ])('%s that is none (%s): a named error', async (format, body) => {
    const world = await registerWorld({ format });
    world.serve(Buffer.from(body));
    await expect(world.poll()).rejects.toMatchObject({ code: expect.stringMatching(/^feed_/) });
  });
});

describe('real ones', () => {
  const WHY = 'needs ../shared/data';
  const folder = shared('data/zapret_info');
  const read = (name: string) => readFileSync(join(folder!, name));
  testIf(
    folder,
    WHY,
    'the mirrored register, two states of one day: only addresses changed, so nothing is told',
    async () => {
      const world = await registerWorld();
      world.serve(read('delta_before.cp1251.csv'));
      expect(await world.told()).toEqual([]);
      world.serve(read('delta_after.cp1251.csv'));
      expect(await world.told()).toEqual([]);
    },
  );

  testIf(
    folder,
    WHY,
    'a part of 2020: Proton Mail as a whole, and no site of which only pages are listed',
    async () => {
      const world = await registerWorld();
      world.serve(read('dump-08_2020-02-16_mosgorsud.cp1251.csv'));
      expect(await world.told()).toEqual([]);
      expect([...world.kept.values()].join()).toContain('www.protonmail.com');
    },
  );
});
