/** The scenarios of the censorship lab through the program itself, inside the lab's client. Root and network namespaces needed. */
import { afterAll, describe, expect, test } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { shortProof } from '../rooms.ts';
import { Lab, labProblem, labRows, ownRows, type Row, rowsOf } from './lab/lab.ts';

const problem = await labProblem();
const WIDTH = 7;

interface Seen {
  row: Row;
  said: string;
  seconds: number;
}

const matches = (said: string, word: string): boolean => said === word || said.startsWith(`${word}:`);
const fits = (row: Row, said: string): boolean =>
  matches(said, row.expected) || row.accepted.some((w) => matches(said, w));
const forbidden = (row: Row, said: string): boolean =>
  row.mustNot.includes('anything else') ? !matches(said, row.expected) : row.mustNot.some((w) => matches(said, w));

async function play(lab: Lab, row: Row): Promise<Seen> {
  const [name = '', ...options] = row.scenario.split(' ');
  await lab.scenario(name, row.service, ...options);
  const began = performance.now();
  const lines = await lab.probe(row.service);
  const line = lines.find((l) => l.target === row.service) ?? lines.find((l) => l.target === null);
  const said = line ? `${String(line.verdict)}${line.detail === null ? '' : `:${String(line.detail)}`}` : 'nothing';
  return { row, said, seconds: (performance.now() - began) / 1_000 };
}

describeIf(problem === null, `lab: ${problem}`, 'lab', () => {
  const labs: Lab[] = [];
  afterAll(async () => {
    await Promise.all(labs.map((lab) => lab.down()));
  });

  test.concurrent(
    'every row of the lab and of our own: the expected verdict, never a forbidden one',
    {
      timeout: 600_000,
    },
    async () => {
      const all = [...(await rowsOf(labRows)), ...(await rowsOf(ownRows))];
      const asked = all.filter((row) => !row.slow || process.env.TOCSIN_LAB_ALL === '1');
      const rows = shortProof() ? asked.filter((_, i) => i % 12 === 0) : asked;
      // Long ones first, so that none stands alone at the end.
      rows.sort(
        (a, b) =>
          Number(/drop|down|freeze|throttle|offline|timeout/.test(b.scenario)) -
          Number(/drop|down|freeze|throttle|offline|timeout/.test(a.scenario)),
      );
      const seen: Seen[] = [];
      let next = 0;
      await Promise.all(
        Array.from({ length: shortProof() ? 2 : WIDTH }, async (_, i) => {
          const lab = await Lab.up(String(i));
          labs.push(lab);
          while (next < rows.length) seen.push(await play(lab, rows[next++]!));
        }),
      );
      const wrong = seen.filter((s) => !fits(s.row, s.said) || forbidden(s.row, s.said));
      expect(wrong.map((s) => `${s.row.scenario} ${s.row.service}: ${s.said}, not ${s.row.expected}`)).toEqual([]);
      expect(seen.filter((s) => s.seconds > 60).map((s) => `${s.row.scenario}: ${s.seconds.toFixed(0)} s`)).toEqual([]);
      expect(seen).toHaveLength(rows.length);
      expect(rows.length).toBeGreaterThan(shortProof() ? 4 : 50);
    },
  );

  test.concurrent('blocked and lifted midway, line down, portal: one alert each', { timeout: 400_000 }, async () => {
    const [a, b] = await Promise.all([Lab.up('a'), Lab.up('b')]);
    labs.push(a, b);
    const alerts = (lines: Record<string, unknown>[]) =>
      lines.filter((l) => l.type === 'alert').map((l) => [l.kind, l.target, l.verdict]);
    const midway = async () => {
      await a.scenario('sni_rst', 'freepress', '--for', '30', '--after', '10');
      return alerts(await a.probe('freepress', '--rounds', '20', '--interval', '4'));
    };
    const outages = async () => {
      const told = [];
      for (const name of ['client_offline', 'portal', 'dns_dead']) {
        await b.scenario(name, 'freepress');
        told.push(alerts(await b.probe('freepress', '--rounds', '2', '--interval', '0')));
      }
      return told;
    };
    const [one, two] = await Promise.all([midway(), outages()]);
    expect(one).toEqual([
      ['new', 'freepress', 'sni_blocked:rst'],
      ['lifted', 'freepress', 'sni_blocked:rst'],
    ]);
    expect(two).toEqual([
      [['vantage_offline', null, 'vantage_offline:link']],
      [['vantage_offline', null, 'vantage_offline:captive_portal']],
      [['vantage_offline', null, 'vantage_offline:dns']],
    ]);
  });
});

describe('lab rows', () => {
  test('both tables can be read', async () => {
    expect((await rowsOf(labRows)).length).toBe(16);
    expect((await rowsOf(ownRows)).length).toBeGreaterThan(80);
  });
});
