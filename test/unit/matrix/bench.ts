/** An adapter on a fake homeserver, both made anew for each test of a file that calls `homeserverPerTest()`. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createAdapter } from '../../../src/adapters/matrix/adapter.ts';
import type { MatrixAccount } from '../../../src/adapters/matrix/config.ts';
import type { ChatAdapter, Incoming } from '../../../src/core/ports/chat-adapter.ts';
import { type Recorder, recorder, type TestDeps, testDeps } from '../../contract/adapter-deps.ts';
import { FakeHomeserver } from '../../fakes/matrix-homeserver.ts';

export const ANN = '@ann:fake.test';
export let fake: FakeHomeserver;
const running: ChatAdapter[] = [];
let perTest = false;

/** Said by each file for itself: what a shared module did when imported, it would do for the first file of a worker only. */
export function homeserverPerTest(): void {
  beforeAll(() => {
    perTest = true;
  });
  afterAll(() => {
    perTest = false;
  });
  beforeEach(async () => {
    fake = await FakeHomeserver.start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((adapter) => adapter.stop()));
    await fake.stop();
  });
}

export async function start(
  more: Partial<MatrixAccount> = {},
  deps: TestDeps = testDeps(),
  heard: Recorder = recorder(),
): Promise<{ adapter: ChatAdapter; heard: Recorder; deps: TestDeps }> {
  if (!perTest) throw new Error('This file has no homeserver: it says homeserverPerTest() first');
  const account: MatrixAccount = {
    id: 'mx',
    platform: 'matrix',
    homeserver: fake.baseUrl,
    accessToken: fake.token,
    ...more,
  };
  const adapter = createAdapter(account, deps);
  running.push(adapter);
  await adapter.start(heard);
  return { adapter, heard, deps };
}

/** Every sleep lasts a hundredth, at most 300 ms. */
export function hasty(deps: TestDeps = testDeps()): TestDeps {
  const { clock } = deps;
  return Object.assign(deps, {
    clock: { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(Math.min(ms / 100, 200), signal) },
  });
}

/** Waits are short, but what bounds a call of a library is as long as it is. */
export function hastyButPatient(deps: TestDeps = testDeps()): TestDeps {
  const { clock } = deps;
  const sleep = (ms: number, signal?: AbortSignal) => clock.sleep(ms >= 30_000 ? ms : Math.min(ms / 100, 200), signal);
  return Object.assign(deps, { clock: { ...clock, sleep } });
}

export const at = (chat: string) => ({ accountId: 'mx', chat, thread: null });
export const kind =
  (name: Incoming['kind'], chat: string) =>
  (event: Incoming): boolean =>
    event.kind === name && event.address.chat === chat;
/** To see that nothing comes. */
export const pause = (ms = 200): Promise<void> => new Promise((r) => setTimeout(r, Math.min(ms, 200)));

/** Looks again until it holds; what it last was is told when it never does. */
export async function until(holds: () => boolean, ms = 15_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not come true within ${ms} ms: ${holds}`);
    await pause(20);
  }
}

/** The bot has worked on all that is there by now. */
export async function synced(ms?: number): Promise<void> {
  const position = Number(fake.position);
  await until(() => fake.readTo >= position, ms);
}
