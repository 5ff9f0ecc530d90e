/** What the benches share: medians, one JSON line a figure, processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One figure. `floor`: what it is held to, as text; `ok`: whether it is. */
export interface Figure {
  name: string;
  value: string;
  bare?: string;
  ratio?: number;
  floor?: string;
  ok?: boolean;
  notes?: string;
}

export const say = (figure: Figure): void => void process.stdout.write(`${JSON.stringify(figure)}\n`);
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);
export const quantile = (numbers: readonly number[], q: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))]!;
/** "median [least – most]". */
export const spread = (numbers: readonly number[], digits = 0): string =>
  `${median(numbers).toFixed(digits)} [${Math.min(...numbers).toFixed(digits)} – ${Math.max(...numbers).toFixed(digits)}]`;

/** Resident memory of a process, MB. */
export const rssOf = (pid: number): number =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;

/** Processor time that a process has used, µs. */
export const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
};

/** The highest resident memory of a process while `work` runs, MB. */
export async function peakRss<T>(pid: number, work: () => Promise<T>): Promise<{ peak: number; result: T }> {
  let peak = rssOf(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, rssOf(pid));
  }, 50);
  try {
    const result = await work();
    return { peak: Math.max(peak, rssOf(pid)), result };
  } finally {
    clearInterval(timer);
  }
}

/** Runs a script of this folder and reads the JSON that it prints. */
export async function inChild<T>(script: string, args: readonly string[], input?: string): Promise<T> {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin!.end(input ?? '');
  let out = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${out.slice(-500)}`);
  return JSON.parse(out) as T;
}
