/** What tests need and a stranger's machine may lack: files beside the repo, a PostgreSQL, a Synapse. Left-out tests are counted and named. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, type TestContext, test } from 'vitest';

const ROOT = process.env.TOCSIN_SHARED || resolve(import.meta.dirname, '../../../shared');

/** The path of a file or folder of `../shared` (or of `TOCSIN_SHARED`), or null where it is not there. */
export function shared(path: string): string | null {
  const full = join(ROOT, path);
  return existsSync(full) ? full : null;
}

/** Set by `.ci/run`: a test that is left out is a failure there. */
export const requireAll = (): boolean => process.env.TOCSIN_REQUIRE_ALL === '1';

/**
 * Leaves the running test out and says why: the same words for the same reason, for they are counted together ("needs ../shared/data").
 * Under TOCSIN_REQUIRE_ALL=1 the test fails instead.
 */
export function leaveOut(context: TestContext, why: string): never {
  if (requireAll()) throw new Error(`left out although TOCSIN_REQUIRE_ALL=1: ${why}`);
  return context.skip(why);
}

/** `describe` where what it needs is there; else one test in its place that is left out, so that `body` never runs without it. */
export function describeIf(available: unknown, why: string, name: string, body: () => void): void {
  if (available) describe(name, body);
  else test(name, (context) => leaveOut(context, why));
}

/** `test` where what it needs is there; else it is left out. */
export function testIf(available: unknown, why: string, name: string, body: () => unknown): void {
  test(name, (context) => (available ? (body() as Promise<void>) : leaveOut(context, why)));
}
