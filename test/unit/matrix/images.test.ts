/** Pictures on a Matrix homeserver: kept there once, under an address that is checked, and what each refusal means. */
import { describe, expect, test } from 'vitest';
import { attach, contentOf } from '../../../src/adapters/matrix/deliver.ts';
import { TocsinError } from '../../../src/core/errors.ts';
import type { Picture } from '../../../src/core/model/message.ts';
import type { Outgoing } from '../../../src/core/ports/chat-adapter.ts';
import { testDeps } from '../../contract/adapter-deps.ts';
import { fakePictures, pictureOf } from '../../fakes/fake-pictures.ts';

const never = new AbortController().signal;
const failed = (
  code: 'client' | 'server' | 'timeout' | 'auth' | 'rate_limited',
  status: number,
  errcode: string | null,
  retryAfterMs: number | null = null,
) => new TocsinError(code, 'Matrix upload', { status, errcode, retryAfterMs });

function world(upload: () => Promise<string> = async () => 'mxc://example.org/abc') {
  const uploads: { name: string; type: string; bytes: number }[] = [];
  const put: Parameters<typeof attach>[1] = async ({ name, contentType, bytes }) => {
    uploads.push({ name, type: contentType, bytes: bytes.length });
    return { address: await upload() };
  };
  const { cache, cached } = testDeps();
  const sent = (picture: Picture) => ({ op: 'send', document: { picture } }) as Outgoing;
  return {
    keep: (picture: Picture) => attach(sent(picture), put, { cache, pictures: fakePictures() }, never),
    uploads,
    cached,
  };
}

describe('kept by the server', () => {
  test('once for the same drawing, with its size', async () => {
    const { keep, uploads } = world();
    const first = await keep(pictureOf('<svg/>'));
    const second = await keep(pictureOf('<svg/>', { alt: 'in other words' }));
    expect(uploads).toEqual([{ name: 'timeline.png', type: 'image/png', bytes: expect.any(Number) }]);
    expect(first).toMatchObject({ address: 'mxc://example.org/abc', size: uploads[0]!.bytes, width: 144 });
    expect(second).toMatchObject({ address: 'mxc://example.org/abc', alt: 'in other words' });
  });

  test('what is remembered in another shape is uploaded anew', async () => {
    const { keep, uploads, cached } = world();
    await keep(pictureOf('<svg/>'));
    for (const key of cached.keys()) cached.set(key, { address: 7 });
    await keep(pictureOf('<svg/>'));
    expect(uploads).toHaveLength(2);
  });
});

describe('refused', () => {
  const cases: [name: string, error: TocsinError, outcome: object][] = [
    ['larger than it takes', failed('client', 413, 'M_TOO_LARGE'), { kind: 'rejected' }],
    ['larger than a proxy takes', failed('server', 413, null), { kind: 'rejected' }],
    ['it keeps no files', failed('client', 404, 'M_UNRECOGNIZED'), { kind: 'rejected' }],
    [
      'not from us: no word about the room',
      failed('client', 403, 'M_FORBIDDEN'),
      { kind: 'rejected', detail: 'the server takes no picture' },
    ],
    [
      'too many',
      failed('rate_limited', 429, 'M_LIMIT_EXCEEDED', 3_000),
      { kind: 'retry', scope: 'chat', afterMs: 3_000 },
    ],
    ['a bad gateway: texts need not wait', failed('server', 502, null), { kind: 'retry', scope: 'chat' }],
    ['no answer', failed('timeout', 0, null), { kind: 'retry', reason: 'timeout' }],
    ['the token', failed('auth', 401, 'M_UNKNOWN_TOKEN'), { kind: 'retry', scope: 'account', reason: 'auth' }],
  ];
  test.each(cases)('%s', async (_, error, outcome) => {
    const { keep, cached } = world(() => Promise.reject(error));
    expect(await keep(pictureOf('<svg/>'))).toMatchObject({ outcome });
    expect(cached.size).toBe(0);
  });

  test('a picture that cannot be made: nothing is uploaded', async () => {
    const { keep, uploads } = world();
    expect(await keep(pictureOf('impossible'))).toMatchObject({
      outcome: { kind: 'rejected', detail: 'no picture' },
    });
    expect(uploads).toEqual([]);
  });
});

describe('the event', () => {
  const uploaded = {
    ...pictureOf('<svg/>', { alt: `Timeline. ${'x'.repeat(2_000)}` }),
    address: 'mxc://example.org/abc',
    size: 123,
  };
  const message = (over: object = {}): Outgoing =>
    ({
      op: 'send',
      address: { accountId: 'mx', chat: '!r:x', thread: null },
      key: 'k',
      replyTo: null,
      document: { blocks: [{ type: 'paragraph', inline: ['caption'] }], buttons: [], lang: 'en', tone: 'notice' },
      ...over,
    }) as Outgoing;

  test('an image whose body is its description, bounded, and nobody is mentioned', () => {
    const content = contentOf(message(), '!', uploaded);
    expect(content).toMatchObject({
      msgtype: 'm.image',
      url: 'mxc://example.org/abc',
      info: { mimetype: 'image/png', w: 144, h: 60, size: 123 },
      'm.mentions': {},
    });
    expect(String(content.body).length).toBeLessThanOrEqual(1_000);
    expect(content).not.toHaveProperty('filename');
    expect(content).not.toHaveProperty('formatted_body');
  });

  test('in a thread, and as an edit', () => {
    const thread = contentOf(message({ address: { accountId: 'mx', chat: '!r:x', thread: '$root' } }), '!', uploaded);
    expect(thread['m.relates_to']).toMatchObject({ rel_type: 'm.thread', event_id: '$root' });
    const edit = contentOf(message({ op: 'edit', messageRef: '$old' }), '!', uploaded);
    expect(edit).toMatchObject({
      // For clients that know no edits: an image that is nowhere is taken for broken.
      msgtype: 'm.image',
      url: 'mxc://example.org/abc',
      'm.new_content': { msgtype: 'm.image', url: 'mxc://example.org/abc' },
      'm.relates_to': { rel_type: 'm.replace', event_id: '$old' },
    });
  });
});
