/** The dashboard and the alert rules that operators copy: they ask for metrics and labels that there are, in PromQL that Prometheus takes. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createExposition } from '../../../src/web/metrics.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { scratchFolder } from '../../fakes/scratch.ts';
import { testIf } from '../../fakes/shared.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: unknown;
  targets?: { expr: string; refId: string; datasource?: unknown }[];
}
const dashboard = JSON.parse(read('docs/metrics/grafana-dashboard.json')) as {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
};
const rules = (
  parse(read('docs/metrics/alerts.yml')) as { groups: { rules: { alert: string; expr: string }[] }[] }
).groups.flatMap((group) => group.rules);
const inDashboard = [
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ definition }) => (definition ? [definition] : [])),
];
const expressions = [...inDashboard, ...rules.map(({ expr }) => expr)];

/** Each metric that an expression names, as Prometheus has it, with the names of the labels it is selected by. */
const selectors = expressions.flatMap((expr) =>
  [...expr.matchAll(/\b((?:tocsin|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(([, name, inner = '']) => ({
    name: name!,
    labels: [...inner.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map((label) => label[1]!),
  })),
);

let exposition: ReturnType<typeof createExposition>;
let shown: Set<string>;
beforeAll(async () => {
  exposition = createExposition(new FakeClock());
  const page = await exposition.text(null);
  shown = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]!));
});
afterAll(() => exposition.stop());

test('every metric in the dashboard and the rules: /metrics has it', () => {
  expect(selectors.length).toBeGreaterThan(30);
  const base = (name: string): string => (shown.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
  expect(selectors.map(({ name }) => name).filter((name) => !shown.has(base(name)))).toEqual([]);
});

test('every metric of our own that docs/metrics.md lists: in the dashboard, or named here as left out', () => {
  const LEFT_OUT = [
    'tocsin_lease_since_timestamp_seconds',
    'tocsin_loop_delay_max_seconds',
    'tocsin_loop_delay_p999_seconds',
  ];
  const listed = [...shown].filter((name) => name.startsWith('tocsin_'));
  const drawn = new Set(selectors.map(({ name }) => name.replace(/_bucket$/, '')));
  expect(listed.filter((name) => !drawn.has(name)).sort()).toEqual(LEFT_OUT);
});

test('every label that is selected by: docs/metrics.md knows it of that metric; Prometheus adds instance and job', () => {
  const known = new Map(
    [...read('docs/metrics.md').matchAll(/^\| `(tocsin_\w+)` \| \w+ \|([^|]*)\|/gm)].map(([, name, labels]) => [
      name!,
      [...labels!.matchAll(/`(\w+)`/g)].map((label) => label[1]!),
    ]),
  );
  const wrong = selectors.flatMap(({ name, labels }) => {
    const there = ['instance', 'job', ...(known.get(name.replace(/_bucket$/, '')) ?? [])];
    return labels.filter((label) => !there.includes(label)).map((label) => `${name}{${label}}`);
  });
  expect(wrong).toEqual([]);
});

test('values of closed lists that are selected: docs/metrics.md names each', () => {
  const page = read('docs/metrics.md');
  const values = expressions.flatMap((expr) =>
    [...expr.matchAll(/(?:outcome|state)=~?"([^"]+)"/g)].flatMap((match) => match[1]!.split('|')),
  );
  expect(values).toEqual(expect.arrayContaining(['delivered', 'rejected', 'failing', 'stale', 'failed']));
  for (const value of values) expect(page).toMatch(new RegExp(`\\(([\\w, …]*\\b)?${value}\\b`));
});

test('every rule: described in docs/metrics.md', () => {
  const page = read('docs/metrics.md');
  expect(rules.filter(({ alert }) => !page.includes(`\`${alert}\``))).toEqual([]);
});

test('panels: numbered once, titled, and none covers another', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(panels.filter(({ title }) => title === '')).toEqual([]);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
});

test("the dashboard: what Grafana's import asks for, and no data source of anybody's own", () => {
  const { uid, title, schemaVersion, panels, templating, ...rest } = dashboard;
  expect([uid, title, schemaVersion >= 36, 'id' in rest, '__inputs' in rest]).toEqual([
    'tocsin',
    'Tocsin',
    true,
    false,
    false,
  ]);
  expect(templating.list.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'datasource datasource',
    'instance query',
  ]);
  const kinds = ['row', 'stat', 'timeseries', 'table', 'gauge', 'bargauge'];
  expect(panels.filter(({ type }) => !kinds.includes(type))).toEqual([]);
  const prometheus = { type: 'prometheus', uid: '${datasource}' };
  for (const { type, title: of, datasource, targets = [] } of panels) {
    if (type === 'row') continue;
    expect(targets.length, of).toBeGreaterThan(0);
    expect([datasource, ...targets.map((one) => one.datasource)], of).toEqual(
      Array.from({ length: targets.length + 1 }, () => prometheus),
    );
    expect(new Set(targets.map(({ refId }) => refId)).size, of).toBe(targets.length);
  }
});

const promtool = (...args: string[]) => spawnSync('promtool', args, { encoding: 'utf8', cwd: ROOT });
const there = spawnSync('promtool', ['--version']).status === 0;
const WHY = "needs Debian's prometheus (promtool)";

testIf(there, WHY, 'promtool: takes the rules', () => {
  const { status, stderr } = promtool('check', 'rules', '--lint=all', '--lint-fatal', 'docs/metrics/alerts.yml');
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

testIf(there, WHY, 'promtool: the rules ring for what they should, and for nothing else', () => {
  const { status, stdout, stderr } = promtool('test', 'rules', 'test/fixtures/metrics/alerts.test.yml');
  expect(`${stdout}${stderr}`).toContain('SUCCESS');
  expect(status).toBe(0);
});

testIf(there, WHY, 'promtool: takes every expression of the dashboard', () => {
  const drawn = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const filled = drawn.map((expr) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'));
  const folder = scratchFolder('tocsin-dashboard-');
  const file = join(folder, 'dashboard.yml');
  const recorded = filled.map((expr, i) => ({ record: `dashboard:panel_${i}:now`, expr }));
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
  const { status, stderr } = promtool('check', 'rules', file);
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
