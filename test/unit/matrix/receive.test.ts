import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandIn, placeIn, threadOf } from '../../../src/adapters/matrix/commands.ts';
import { mayInvite } from '../../../src/adapters/matrix/invites.ts';
import { powerOf } from '../../../src/adapters/matrix/people.ts';
import { filterFor, type RoomEvent, readSync } from '../../../src/adapters/matrix/untrusted.ts';
import { anyCharacter } from '../../fakes/any-text.ts';

const BOT = '@tocsin:example.org';
const names = { userId: BOT, displayName: 'Tocsin Bot' };
const said = (body: unknown, more: object = {}, over: Partial<RoomEvent> = {}): RoomEvent => ({
  type: 'm.room.message',
  eventId: '$e',
  sender: '@ann:example.org',
  stateKey: null,
  content: { msgtype: 'm.text', body, ...more },
  at: 1,
  ageMs: 1,
  past: false,
  ...over,
});
const mention = { 'm.mentions': { user_ids: [BOT] } };
const pill = (name: string) => ({ ...mention, formatted_body: `<a href="https://matrix.to/#/${BOT}">${name}</a>: x` });

describe('a place that somebody shares', () => {
  const at = (geo: unknown, more: object = {}, over: Partial<RoomEvent> = {}): RoomEvent =>
    said('Location', { msgtype: 'm.location', geo_uri: geo, ...more }, over);
  test.each<[string, RoomEvent, [number, number] | null]>([
    ['as the specification has it', at('geo:55.7512,37.6184'), [55.7512, 37.6184]],
    ['with height and uncertainty', at('geo:-33.9,18.4,12;u=35'), [-33.9, 18.4]],
    ['whole degrees', at('GEO:10,-20'), [10, -20]],
    ['of our own', at('geo:1,2', {}, { sender: BOT }), null],
    ['an edit', at('geo:1,2', { 'm.relates_to': { rel_type: 'm.replace', event_id: '$x' } }), null],
    ['a text', said('geo:1,2', { geo_uri: 'geo:1,2' }), null],
    ['no address', at(undefined), null],
    ['words', at('geo:here,there'), null],
    ['more behind it', at('geo:1,2x'), null],
    ['endless', at(`geo:1.${'1'.repeat(500)},2`), null],
    ['a state event in disguise', at('geo:1,2', {}, { stateKey: '' }), null],
  ])('%s', (_, event, place) => expect(placeIn(event, names)).toEqual(place));
});

describe('commands in rooms', () => {
  test.each<[string, RoomEvent, string | null]>([
    ['prefix', said('!tocsin status ru'), 'status ru'],
    ['prefix alone', said('!tocsin'), 'start'],
    ['prefix in capitals, much space', said('  !Tocsin   status \n ru '), 'status ru'],
    ['prefix with a colon', said('!tocsin: status'), 'status'],
    ['another word that begins so', said('!tocsinator x'), null],
    ['prefix later in the text', said('try !tocsin status'), null],
    ['user id', said(`${BOT}: status ru`), 'status ru'],
    ['user id alone', said(BOT), 'start'],
    ['mention by display name', said('Tocsin Bot: status', mention), 'status'],
    ['mention by display name, no colon', said('Tocsin Bot status', mention), 'status'],
    ['mention under another name', said('Bell: status', pill('Bell')), 'status'],
    [
      'pill of somebody else',
      said('Bell: status', { ...mention, formatted_body: '<a href="https://matrix.to/#/@eve:x">Bell</a>' }),
      null,
    ],
    ['name with colon, no mention', said('tocsin: status'), 'status'],
    ['name without colon, no mention: talk about the bot', said('Tocsin Bot is nice'), null],
    ['mentioned in the middle', said('ask Tocsin Bot about it', mention), null],
    ['plain talk', said('status ru'), null],
    ['notice of another bot', said('!tocsin status', { msgtype: 'm.notice' }), null],
    [
      'an edit',
      said('* !tocsin x', {
        'm.relates_to': { rel_type: 'm.replace', event_id: '$x' },
        'm.new_content': { body: '!tocsin x' },
      }),
      null,
    ],
    ['our own', said('!tocsin status', {}, { sender: BOT }), null],
    ['redacted', said(undefined, { msgtype: undefined }), null],
    ['body that is no text', said({ a: 1 }), null],
    ['state event in disguise', said('!tocsin x', {}, { stateKey: '' }), null],
    [
      'quoted by an older client',
      said('> <@eve:x> !tocsin forget\n> more\n\n!tocsin status', {
        'm.relates_to': { 'm.in_reply_to': { event_id: '$x' } },
      }),
      'status',
    ],
    [
      'only quoted',
      said('> <@eve:x> hi\n> !tocsin forget', { 'm.relates_to': { 'm.in_reply_to': { event_id: '$x' } } }),
      null,
    ],
    ['very long', said(`!tocsin ${'x'.repeat(5_000)}`), 'x'.repeat(1_000)],
  ])('%s', (_name, event, command) => {
    expect(commandIn(event, names, false)).toBe(command);
  });

  test.each<[string, string | null]>([
    ['status ru', 'status ru'],
    ['/status ru', 'status ru'],
    ['!status', 'status'],
    ['!tocsin status', 'status'],
    ['', null],
  ])('in a direct chat: %j', (body, command) => {
    expect(commandIn(said(body), names, true)).toBe(command);
  });

  test('no name known yet: the prefix still works, nothing throws', () => {
    expect(commandIn(said('!tocsin x'), { userId: BOT, displayName: null }, false)).toBe('x');
  });

  test('thread', () => {
    expect(threadOf(said('x', { 'm.relates_to': { rel_type: 'm.thread', event_id: '$root' } }))).toBe('$root');
    expect(threadOf(said('x', { 'm.relates_to': { rel_type: 'm.thread', event_id: 5 } }))).toBeNull();
  });

  test('anything at all: a bounded, well-formed string or null, quickly', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.anything()),
        fc.oneof(fc.anything(), fc.string({ unit: anyCharacter, maxLength: 3_000 })),
        fc.boolean(),
        (more, body, direct) => {
          const text = commandIn(said(body, { ...more, body }), names, direct);
          if (text !== null) expect(text.length <= 1_000 && text.isWellFormed() && text.trim() === text).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('power', () => {
  const create = (version: string, more: object = {}) => ({
    sender: '@ann:x',
    content: { room_version: version, ...more },
  });
  test.each<[string, string, Record<string, unknown> | null, Record<string, unknown> | null, number]>([
    ['named', '@bob:x', { users: { '@bob:x': 50 } }, null, 50],
    ['default of users', '@bob:x', { users_default: 50 }, null, 50],
    ['nothing said', '@bob:x', {}, null, 0],
    ['old rooms write strings', '@bob:x', { users: { '@bob:x': ' 50 ' } }, null, 50],
    ['nonsense counts as absent', '@bob:x', { users: { '@bob:x': 'lots' }, users_default: [] }, null, 0],
    ['users that is no object', '@bob:x', { users: 'all' }, null, 0],
    ['a name from the prototype', '__proto__', { users: {} }, null, 0],
    ['no event: the creator has 100', '@ann:x', null, create('10'), 100],
    ['no event: others none', '@bob:x', null, create('10'), 0],
    ['no event, content alone (older servers)', '@ann:x', null, { creator: '@ann:x' }, 100],
    [
      'version 12: the creator, whatever the event says',
      '@ann:x',
      { users: {} },
      create('12'),
      Number.POSITIVE_INFINITY,
    ],
    [
      'version 12: further creators',
      '@bob:x',
      { users: {} },
      create('12', { additional_creators: ['@bob:x'] }),
      Number.POSITIVE_INFINITY,
    ],
    ['version 11: the creator is not special', '@ann:x', { users: {} }, create('11'), 0],
    ['a version with a name', '@ann:x', { users: {} }, create('org.example.v1'), 0],
  ])('%s', (_name, user, levels, event, power) => {
    expect(powerOf(user, levels, event)).toBe(power);
  });
});

test.each<[string, string[] | undefined, boolean]>([
  ['@ann:example.org', ['@ann:example.org'], true],
  ['@bob:example.org', ['@ann:example.org'], false],
  ['@bob:example.org', ['*:example.org'], true],
  ['@bob:example.org:8448', ['*:example.org'], false],
  ['@bob:evil.example.org', ['*:example.org'], false],
  ['@bob:example.org.evil', ['*:example.org'], false],
  ['@bob:x', ['*'], true],
  ['@bob:example.org', undefined, true],
  ['@bob:x', undefined, false],
  ['@bob:example.org', [], false],
])('invitation by %s with inviteFrom %j: %s', (inviter, inviteFrom, allowed) => {
  expect(mayInvite(inviter, inviteFrom, BOT)).toBe(allowed);
});

describe('sync answers', () => {
  test('anything at all: null or a batch, never an exception', () => {
    const events = fc.array(fc.anything(), { maxLength: 3 });
    const room = fc.record({
      timeline: fc.record({ events, limited: fc.anything() }),
      state: fc.oneof(fc.anything(), fc.record({ events })),
      invite_state: fc.record({ events }),
    });
    const rooms = fc.dictionary(fc.constantFrom('!a:x', '!b', 'nonsense', '__proto__'), fc.oneof(room, fc.anything()));
    const answers = fc.record({
      next_batch: fc.oneof(fc.constant('s1'), fc.anything()),
      rooms: fc.oneof(fc.record({ join: rooms, invite: rooms, leave: rooms }), fc.anything()),
    });
    fc.assert(
      fc.property(answers, (answer) => {
        const batch = readSync(answer, BOT);
        if (batch) for (const { roomId } of batch.joined) expect(roomId).toMatch(/^!/);
      }),
    );
  });

  test('invitations: who, direct, encrypted as far as it shows; without our own member event none', () => {
    const ours = {
      type: 'm.room.member',
      state_key: BOT,
      sender: '@ann:x',
      content: { membership: 'invite', is_direct: true },
    };
    const invite = {
      '!a': { invite_state: { events: [ours] } },
      '!b': {
        invite_state: {
          events: [
            { type: 'm.room.encryption', state_key: '', content: {} },
            { ...ours, content: { membership: 'invite' } },
          ],
        },
      },
      '!c': { invite_state: { events: [{ ...ours, state_key: '@eve:x' }] } },
    };
    expect(readSync({ next_batch: 's', rooms: { invite } }, BOT)?.invites).toEqual([
      { roomId: '!a', inviter: '@ann:x', direct: true, encrypted: false, space: false },
      { roomId: '!b', inviter: '@ann:x', direct: false, encrypted: true, space: false },
    ]);
  });

  test('the filter is the same each time', () => {
    expect(filterFor(20, true)).toBe(filterFor(20, true));
    expect(filterFor(20, false)).not.toContain('encrypted');
    expect(filterFor(20, true)).toContain('"m.room.encrypted"');
  });
});
