import { onTestFinished, vi } from 'vitest';

/** What is printed from now on until the test ends, by stream; nothing of it reaches the terminal. */
export function capturedOutput(): { out: string[]; err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  onTestFinished(() => {
    stdout.mockRestore();
    stderr.mockRestore();
  });
  return { out, err };
}
