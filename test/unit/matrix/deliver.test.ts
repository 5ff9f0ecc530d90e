/** One attempt to send to a room, and what came of it. */
import { describe, expect, test } from 'vitest';
import { deliver } from '../../../src/adapters/matrix/deliver.ts';
import type { Session } from '../../../src/adapters/matrix/session.ts';
import { TocsinError } from '../../../src/core/errors.ts';
import type { Outgoing, SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import { testDeps } from '../../contract/adapter-deps.ts';

const never = new AbortController().signal;
const ROOM = '!room:example.org';
const failed = (code: 'client' | 'server' | 'timeout', status: number, errcode: string | null) =>
  new TocsinError(code, `Matrix send: ${status}`, { status, errcode, retryAfterMs: null });

function session(over: {
  send?: () => Promise<string>;
  encrypted?: boolean | Error;
  refusal?: () => Promise<SendOutcome>;
}) {
  const sent: { type: string; txnId: string; content: Record<string, unknown> }[] = [];
  const spoken: string[] = [];
  const open = async () =>
    ({
      port: {
        async sendEvent(_room: string, type: string, txnId: string, content: Record<string, unknown>) {
          sent.push({ type, txnId, content });
          return (await over.send?.()) ?? '$sent';
        },
      },
      guard: {
        wasSeen: () => false,
        isEncrypted: async () => {
          if (over.encrypted instanceof Error) throw over.encrypted;
          return over.encrypted ?? false;
        },
      },
      spoke: (room: string) => void spoken.push(room),
      refusal: over.refusal ?? (async () => ({ kind: 'rejected', reason: 'client', detail: 'no' })),
    }) as unknown as Session;
  return { delivering: { open, cache: testDeps().cache }, sent, spoken };
}
const message = (over: object = {}): Outgoing =>
  ({
    op: 'send',
    address: { accountId: 'mx', chat: ROOM, thread: null },
    document: { blocks: [{ type: 'paragraph', inline: ['x'] }], buttons: [], lang: 'en', tone: 'alert' },
    key: 'tocsin.b1.5.send',
    replyTo: null,
    ...over,
  }) as Outgoing;

describe('delivered', () => {
  test('a message: under its key as transaction id, with the id of its event; the room knows that we spoke', async () => {
    const { delivering, sent, spoken } = session({});
    expect(await deliver(message(), never, delivering)).toEqual({ kind: 'delivered', messageRef: '$sent' });
    expect([sent[0]!.type, sent[0]!.txnId, spoken]).toEqual(['m.room.message', 'tocsin.b1.5.send', [ROOM]]);
  });

  test('an edit: still known by the event that was edited', async () => {
    const { delivering, sent } = session({});
    expect(await deliver(message({ op: 'edit', messageRef: '$first' }), never, delivering)).toEqual({
      kind: 'delivered',
      messageRef: '$first',
    });
    expect(sent[0]!.content['m.relates_to']).toEqual({ rel_type: 'm.replace', event_id: '$first' });
  });
});

describe('not even tried', () => {
  test.each<[string, object, string]>([
    ['a chat of another platform', { address: { accountId: 'mx', chat: '-1001', thread: null } }, 'gone'],
    ['an edit of what is no event', { op: 'edit', messageRef: '7' }, 'rejected'],
  ])('%s: %s', async (_name, over, kind) => {
    const { delivering, sent } = session({});
    expect([(await deliver(message(over), never, delivering)).kind, sent]).toEqual([kind, []]);
  });

  test('an encrypted room: gone, with the reason; where that cannot be known nothing is sent, and it is tried again', async () => {
    const encrypted = session({ encrypted: true });
    expect(await deliver(message(), never, encrypted.delivering)).toMatchObject({
      kind: 'gone',
      detail: expect.stringContaining('encrypted'),
    });
    const unknown = session({ encrypted: failed('timeout', 0, null) });
    expect(await deliver(message(), never, unknown.delivering)).toMatchObject({ kind: 'retry', reason: 'timeout' });
    expect([encrypted.sent, unknown.sent]).toEqual([[], []]);
  });
});

describe('a room that refuses', () => {
  const refuses = () => Promise.reject(failed('client', 403, 'M_FORBIDDEN'));

  test('it is found out what that means', async () => {
    const moved: SendOutcome = { kind: 'moved', to: { accountId: 'mx', chat: '!new', thread: null } };
    expect(await deliver(message(), never, session({ send: refuses, refusal: async () => moved }).delivering)).toEqual(
      moved,
    );
  });

  test.each<[string, unknown, Partial<SendOutcome>]>([
    ['and the server is down meanwhile', failed('server', 502, null), { kind: 'retry', scope: 'account' }],
    ['and refuses to tell', failed('client', 403, 'M_FORBIDDEN'), { kind: 'retry', scope: 'chat', reason: 'server' }],
  ])('%s: tried again, and nobody is ended by it', async (_name, error, expected) => {
    const { delivering } = session({ send: refuses, refusal: () => Promise.reject(error) });
    expect(await deliver(message(), never, delivering)).toMatchObject(expected);
  });
});

test('stopped meanwhile: tried again by the next process', async () => {
  const { delivering } = session({ send: () => Promise.reject(new Error('aborted')) });
  expect(await deliver(message(), AbortSignal.abort(), delivering)).toMatchObject({
    kind: 'retry',
    reason: 'canceled',
  });
});

test('the session itself cannot be opened: a failure of the account, no exception', async () => {
  const open = () => Promise.reject(new TocsinError('auth', 'x', { status: 401, errcode: 'M_UNKNOWN_TOKEN' }));
  const delivering = { ...session({}).delivering, open };
  expect(await deliver(message(), never, delivering)).toMatchObject({
    kind: 'retry',
    scope: 'account',
    reason: 'auth',
  });
});
