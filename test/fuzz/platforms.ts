/** What the platforms hand us: updates, rooms, pressed buttons, answers to what we sent. */
import fc from 'fast-check';
import { commandIn, threadOf } from '../../src/adapters/matrix/commands.ts';
import { contentOf } from '../../src/adapters/matrix/deliver.ts';
import { powerOf } from '../../src/adapters/matrix/people.ts';
import { readSync } from '../../src/adapters/matrix/untrusted.ts';
import * as telegram from '../../src/adapters/telegram/events.ts';
import { Context } from '../../src/adapters/telegram/grammy.ts';
import { callbackData, readCallback } from '../../src/adapters/telegram/render.ts';
import { classify, requestOf } from '../../src/adapters/telegram/send.ts';
import { typed } from './chats.ts';
import { hold, holdsEverywhere } from './invariants.ts';
import { type Target, target } from './target.ts';
import { hostileText, jsonWith } from './words.ts';

const me = { id: 7, username: 'tocsin_bot' };
const UPDATE_KEYS =
  'update_id message channel_post callback_query my_chat_member chat from id type text entities sender_chat message_id message_thread_id is_topic_message is_bot language_code first_name title data old_chat_member new_chat_member status migrate_to_chat_id migrate_from_chat_id reply_to_message'.split(
    ' ',
  );
const known = fc.oneof(
  fc.constantFrom<unknown>(
    'private',
    'group',
    'supergroup',
    'channel',
    'member',
    'kicked',
    'left',
    -100123,
    5,
    7,
    true,
  ),
  typed,
);

const updates = target({
  name: 'updates of Telegram',
  input: fc.oneof(
    jsonWith(UPDATE_KEYS, known),
    fc
      .tuple(typed, fc.constantFrom('private', 'supergroup', 'channel'), hostileText(300), hostileText(20))
      .map(([text, type, name, code]) => ({
        update_id: 1,
        message: {
          message_id: 5,
          chat: { id: -100, type, title: name },
          from: { id: 9, is_bot: false, first_name: name, language_code: code },
          text: text.startsWith('/') ? text : `/${text}`,
        },
      })),
    hostileText(100).map((data) => ({
      update_id: 2,
      callback_query: {
        id: data,
        from: { id: 9, is_bot: false, first_name: data },
        message: { message_id: 1, chat: { id: 3, type: 'private' } },
        data,
      },
    })),
  ),
  run(update) {
    if (update === null || typeof update !== 'object') return;
    const kept = telegram.trimmed(update as never);
    if (kept === null) return;
    const context = new Context(kept, {} as never, me as never);
    const event = telegram.eventOf(context);
    hold((event === null) === (telegram.claimOf(context) === null), 'no claim', event);
    if (event === null || event.type === 'moved') return;
    if (event.type === 'inline') {
      hold(event.text.length <= 256 && /^\d{1,16}$/.test(event.from.id), 'no question', event);
      return;
    }
    hold(/^-?\d{1,16}$/.test(event.chat), 'no chat', event.chat);
    if ('text' in event)
      hold(
        event.text.length > 0 && event.text.length <= 1_000 && !/[\n\u202a-\u202e\u0000]/.test(event.text),
        'no command',
        event.text,
      );
    if (event.from)
      hold(event.from.name.length <= 64 && (event.from.lang ?? 'en').length === 2, 'no person', event.from);
    if (event.type === 'button') hold(event.data.length <= 100 && event.queryId.length <= 100, 'no button', event);
  },
});

const links = target({
  name: 'deep links and callback data',
  limitMs: 20,
  input: fc.tuple(hostileText(1_500), fc.constantFrom('private' as const, 'group' as const, 'channel' as const)),
  run([text, kind]) {
    for (const raw of [`/start ${text}`, `/start@tocsin_bot ${text}`, `@tocsin_bot ${text}`, text]) {
      const command = telegram.commandIn(raw, kind, me);
      hold(command === null || (command.length <= 1_000 && command === command.trim()), 'no command', command);
    }
    const read = readCallback(text);
    if (read && 'kept' in read) hold(/^k:[\w-]{22}$/.test(read.kept), 'a name that is none', read.kept);
    if (text !== '') hold(Buffer.byteLength(callbackData(text).data) <= 64, 'past 64 bytes');
    const message = (over: object) =>
      ({
        op: 'edit',
        address: { accountId: 'tg', chat: text, thread: text },
        document: { blocks: [], buttons: [], lang: 'en', tone: 'notice' },
        key: 'k',
        messageRef: text,
        ...over,
      }) as never;
    // An id that is none never gets into a request.
    for (const made of [
      requestOf(message({}), { send: '}', edit: '}' } as never),
      requestOf(message({ op: 'send', replyTo: text }), { send: '}', edit: '}' } as never),
    ])
      if (made !== null) JSON.parse(made.body);
  },
});

const apiAnswers = target({
  name: 'answers of Telegram',
  limitMs: 20,
  input: fc.tuple(
    jsonWith(
      ['ok', 'error_code', 'description', 'parameters', 'retry_after', 'migrate_to_chat_id', 'result', 'message_id'],
      fc.constantFrom<unknown>(true, false, 400, 403, 429, 500, 1e308, -5, 'Forbidden: bot was blocked by the user'),
    ),
    fc.constantFrom(200, 400, 403, 429, 502),
    fc.nat(5),
  ),
  run([body, status, failures]) {
    // As `client.ts` lets it through; anything else is a failure of the server.
    const { ok, error_code: code } = (body ?? {}) as { ok?: unknown; error_code?: unknown };
    if (ok !== true && !(ok === false && typeof code === 'number')) return;
    const message = {
      op: 'send',
      address: { accountId: 'tg', chat: '5', thread: null },
      document: { blocks: [], buttons: [], lang: 'en', tone: 'alert' },
      key: 'k',
      replyTo: null,
    } as never;
    const outcome = classify({ kind: 'answer', status, body: body as never }, message, failures);
    if (outcome.kind === 'retry')
      hold(outcome.afterMs === null || (outcome.afterMs >= 0 && outcome.afterMs <= 86_400_000), 'no time', outcome);
    if ('detail' in outcome) hold(outcome.detail.length <= 400, 'a long detail', outcome.detail.length);
    if (outcome.kind === 'delivered') hold(outcome.messageRef.length <= 100, 'no message', outcome.messageRef);
  },
});

const SYNC_KEYS =
  'next_batch rooms invite join leave invite_state timeline events state type sender event_id content state_key membership msgtype body formatted_body m.mentions user_ids m.relates_to rel_type m.in_reply_to unsigned age origin_server_ts summary m.joined_member_count !r:example.org displayname users users_default'.split(
    ' ',
  );
const matrixWords = fc.oneof(
  fc.constantFrom<unknown>(
    'm.room.message',
    'm.room.member',
    'm.room.tombstone',
    'm.text',
    'invite',
    'join',
    '@ann:example.org',
    '@bot:example.org',
    '$event',
    '!r:example.org',
    1e308,
    -1,
  ),
  typed,
);

const sync = target({
  name: 'answers of Matrix',
  input: jsonWith(SYNC_KEYS, matrixWords),
  run(value) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
    const names = { userId: '@bot:example.org', displayName: 'Tocsin' };
    const batch = readSync({ next_batch: 's', ...(value as object) }, names.userId);
    for (const room of batch?.joined ?? []) {
      for (const event of room.events) {
        threadOf(event);
        for (const direct of [true, false]) {
          const command = commandIn(event, names, direct);
          hold(
            command === null || (command.length > 0 && command.length <= 1_000 && command.isWellFormed()),
            'no command',
            command,
          );
        }
        hold(Number.isFinite(powerOf(event.sender, event.content, event.content)), 'no power level');
      }
    }
  },
});

const bodies = target({
  name: 'messages of Matrix rooms',
  limitMs: 20,
  input: fc.tuple(typed, hostileText(3_000), hostileText(60), fc.boolean()),
  run([text, html, name, reply]) {
    const event = {
      type: 'm.room.message',
      eventId: '$e',
      sender: '@eve:example.org',
      stateKey: null,
      content: {
        msgtype: 'm.text',
        body: `> ${html}\n\n${name}: ${text}`,
        formatted_body: `<a href="https://matrix.to/#/@bot:example.org">${html}</a>`,
        'm.mentions': { user_ids: ['@bot:example.org'] },
        ...(reply ? { 'm.relates_to': { 'm.in_reply_to': { event_id: '$x' } } } : {}),
      },
      at: 1,
      ageMs: 1,
      past: false,
    };
    const command = commandIn(event, { userId: '@bot:example.org', displayName: name }, true);
    hold(command === null || command.length <= 1_000, 'no command', command);
    const document = {
      blocks: [
        { type: 'pre' as const, text: html },
        { type: 'paragraph' as const, inline: [text, { link: html, text: name }] },
      ],
      buttons: [[{ label: name, press: { command: text } }]],
      lang: 'fa',
      tone: 'notice' as const,
    };
    holdsEverywhere(document);
    contentOf(
      { op: 'send', address: { accountId: 'm', chat: '!r:e', thread: '$t' }, document, key: 'k', replyTo: '$r' },
      '!tocsin ',
    );
  },
});

export const platformTargets: Target[] = [updates, links, apiAnswers, sync, bodies];
