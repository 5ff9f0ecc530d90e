import { expect, test } from 'vitest';
import { editOf, never, sendOf } from '../../contract/chat-adapter.suite.ts';
import type { FaultKind } from '../../fakes/matrix-faults.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { ANN, at, fake, homeserverPerTest, start } from './bench.ts';

homeserverPerTest();

test.each<[FaultKind, string, object]>([
  ['429-body', '/send/', { kind: 'retry', scope: 'account', reason: 'rate_limited', afterMs: 1_234 }],
  ['429-header', '/send/', { kind: 'retry', scope: 'account', reason: 'rate_limited', afterMs: 3_000 }],
  ['502', '/send/', { kind: 'retry', scope: 'account', reason: 'server' }],
  ['500', '/send/', { kind: 'retry', scope: 'chat', reason: 'server' }],
  ['drop-before', '/send/', { kind: 'retry', reason: 'server' }],
  ['drop-after', '/send/', { kind: 'retry', reason: 'server' }],
  ['null', '/send/', { kind: 'retry', reason: 'server' }],
  ['page', '/send/', { kind: 'retry', reason: 'server' }],
  ['endless', '/send/', { kind: 'retry', reason: 'server' }],
  ['html-403', '/send/', { kind: 'retry', scope: 'account', reason: 'server' }],
  ['html-404', '/send/', { kind: 'retry', scope: 'account', reason: 'server' }],
  ['unknown-token', '/send/', { kind: 'retry', scope: 'account', reason: 'auth' }],
  // Whether the room is encrypted cannot be known: nothing goes out.
  ['429-body', 'm.room.encryption', { kind: 'retry', scope: 'account', reason: 'rate_limited' }],
  ['500', 'm.room.encryption', { kind: 'retry', reason: 'server' }],
  ['html-404', 'm.room.encryption', { kind: 'retry', reason: 'server' }],
  ['null', 'm.room.encryption', { kind: 'retry', reason: 'server' }],
])('%s on %s: the send may be tried again, and then there is one event', async (fault, match, outcome) => {
  const { adapter } = await start();
  const room = fake.room(ANN);
  fake.fault(fault, match);
  const message = sendOf(at(room), 'once');
  expect(await adapter.send(message, never)).toMatchObject(outcome);
  if (match !== '/send/') expect(fake.said(room)).toHaveLength(0);
  expect(await adapter.send(message, never)).toMatchObject({ kind: 'delivered' });
  expect(fake.said(room)).toHaveLength(1);
});

test('aborted while the server does not answer: canceled, at once', async () => {
  const { adapter } = await start();
  const room = fake.room(ANN);
  fake.fault('hang', '/send/');
  const begun = performance.now();
  expect(await adapter.send(sendOf(at(room), 'x'), AbortSignal.timeout(200))).toMatchObject({
    kind: 'retry',
    reason: 'canceled',
  });
  expectAtMost(performance.now() - begun, 1_000);
});

test('too large for the server: rejected', async () => {
  const { adapter } = await start();
  const room = fake.room(ANN);
  const huge = '\u{1f6a8}'.repeat(3_000);
  const document = {
    blocks: [{ type: 'list' as const, items: Array.from({ length: 400 }, () => [huge]) }],
    buttons: [],
    lang: 'en',
    tone: 'alert' as const,
  };
  expect(await adapter.send({ ...sendOf(at(room), ''), document }, never)).toMatchObject({ kind: 'delivered' });
  expect(JSON.stringify(fake.said(room)[0]!.content).length).toBeLessThan(32 * 1024);
  fake.fault('500', 'nothing');
  expect(await adapter.send(editOf(at(room), 'no event id', 'x'), never)).toMatchObject({ kind: 'rejected' });
});
