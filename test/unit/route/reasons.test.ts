/** What a chat gets of a broadcast, and why it gets nothing: each reason by its name. */
import { describe, expect, test } from 'vitest';
import { contentFor, follows } from '../../../src/core/audience.ts';
import { type ChatFacts, deliveriesFor } from '../../contract/store/deliveries-for.ts';
import { broadcast, incident, matcher, NOW } from '../../contract/store/samples.ts';

const ID = incident().id;
const plan = (over: object = {}) => ({
  level: 'corroborated' as const,
  matchers: [matcher()],
  othersToo: true,
  ...over,
});
const pair = (country: string, service: string, before = true) => ({ country, service, before: () => before });
const silence = (over: object = {}) => ({
  chatId: 1,
  country: null,
  service: null,
  incidentId: null,
  until: NOW + 1,
  ...over,
});
const chat = (over: Partial<ChatFacts> = {}): ChatFacts => ({
  active: true,
  level: 'corroborated',
  subscriptions: [pair('RU', '*')],
  silences: [],
  holds: false,
  notifiedOf: new Set(),
  toldOf: () => false,
  once: () => false,
  queued: new Set(),
  ...over,
});
const loud = broadcast({ kind: 'update', loud: true });
const quiet = broadcast({ kind: 'update', loud: false });

describe('a chat without the alert', () => {
  test.each<[string, Partial<ChatFacts>, object, string]>([
    ['follows it', {}, {}, 'first-message'],
    ['is gone', { active: false }, {}, 'chat-gone'],
    [
      'knows of what speaks for it',
      { notifiedOf: new Set(['off']) },
      { matchers: [matcher({ spokenFor: { incidentId: 'off', country: 'RU', service: 'internet' } })] },
      'spoken-for',
    ],
    [
      'has a message of what speaks for it, and does not follow that',
      { subscriptions: [pair('RU', 'whatsapp')], notifiedOf: new Set(['off']) },
      { matchers: [matcher({ spokenFor: { incidentId: 'off', country: 'RU', service: 'internet' } })] },
      'first-message',
    ],
    ['wants it surer', { level: 'confirmed' }, {}, 'other-level'],
    ['follows something else', { subscriptions: [pair('IR', '*')] }, {}, 'not-followed'],
    ['follows nothing', { subscriptions: [] }, {}, 'not-followed'],
    [
      'follows it since after it was added',
      { subscriptions: [pair('RU', '*', false)] },
      { matchers: [matcher({ onlyEarlier: true })] },
      'followed-later',
    ],
    [
      'follows it lately, and something wider for long',
      { subscriptions: [pair('RU', 'whatsapp', false), pair('*', '*')] },
      { matchers: [matcher({ onlyEarlier: true })] },
      'first-message',
    ],
    ['muted everything', { silences: [silence()] }, {}, 'silenced'],
    ['muted another country', { silences: [silence({ country: 'IR' })] }, {}, 'first-message'],
    ['muted just this incident', { silences: [silence({ incidentId: ID })] }, {}, 'silenced'],
    ['has it by another alert', { notifiedOf: new Set([ID]) }, {}, 'notified-already'],
    ['is not meant by a quiet change', {}, { othersToo: false }, 'not-notified-before'],
  ])('%s: %s', (_name, facts, over, why) => {
    const got = deliveriesFor(loud, plan(over), chat(facts));
    expect([got.why, got.ops]).toEqual([why, why === 'first-message' ? ['send'] : []]);
  });
});

describe('a chat that has the alert', () => {
  const holds = { holds: true };
  test.each<[string, Partial<ChatFacts>, typeof loud, string, string[]]>([
    ['a loud change', holds, loud, 'loud-change', ['edit', 'reply']],
    ['a quiet one', holds, quiet, 'quiet-change', ['edit']],
    ['the first message again', holds, broadcast(), 'notified-already', []],
    [
      'its first message still waits',
      { ...holds, queued: new Set(['send'] as const) },
      loud,
      'queued-message-shows-it',
      [],
    ],
    [
      'an edit still waits, and it is loud',
      { ...holds, queued: new Set(['edit'] as const) },
      loud,
      'queued-edit-shows-it',
      ['reply'],
    ],
    [
      'an edit still waits, and it is quiet',
      { ...holds, queued: new Set(['edit'] as const) },
      quiet,
      'queued-message-shows-it',
      [],
    ],
    ['it never followed this one', { ...holds, subscriptions: [] }, loud, 'not-followed', []],
    ['it stopped following', { ...holds, subscriptions: [], once: () => true }, loud, 'kept-true', ['edit']],
    ['it is muted', { ...holds, silences: [silence({ service: 'whatsapp' })] }, loud, 'kept-true', ['edit']],
    [
      'its level was changed since: it hears of what it has',
      { ...holds, level: 'confirmed' },
      loud,
      'loud-change',
      ['edit', 'reply'],
    ],
  ])('%s: %s', (_name, facts, of, why, ops) => {
    const got = deliveriesFor(of, plan(), chat(facts));
    expect([got.why, got.ops]).toEqual([why, ops]);
  });
});

describe('of two incidents', () => {
  const signal = matcher({ incidentId: 'RU-signal-1', service: 'signal' });
  const two = plan({ matchers: [matcher(), signal] });
  test('one of them muted, the other followed: sent', () => {
    expect(deliveriesFor(loud, two, chat({ silences: [silence({ service: 'whatsapp' })] })).why).toBe('first-message');
  });
  test('one of them known by another alert: the other is sent; both: nothing', () => {
    expect(deliveriesFor(loud, two, chat({ notifiedOf: new Set([ID]) })).why).toBe('first-message');
    expect(deliveriesFor(loud, two, chat({ notifiedOf: new Set([ID, 'RU-signal-1']) })).why).toBe('notified-already');
  });
});

describe('what a delivery shows when its turn comes', () => {
  const whatsapp = incident();
  const signal = incident({ id: 'RU-signal-1', service: 'signal' });
  const all = [whatsapp, signal];
  const wishes = (over: object = {}) => ({ subscriptions: [{ country: 'RU', service: '*' }], silences: [], ...over });
  const widened = { reason: 'widened' as const, incidentIds: ['RU-signal-1'] };

  test.each<[string, Parameters<typeof contentFor>[0], Parameters<typeof contentFor>[1], object, string | string[]]>([
    ['all that is followed', 'send', null, {}, [ID, 'RU-signal-1']],
    ['not what is muted', 'send', null, { silences: [silence({ service: 'signal' })] }, [ID]],
    ['an edit: what the message shows, muted or not', 'edit', null, { silences: [silence()] }, [ID, 'RU-signal-1']],
    [
      'an edit: what it followed when it was told',
      'edit',
      null,
      { subscriptions: [], once: new Set(['RU-signal-1']) },
      ['RU-signal-1'],
    ],
    [
      'no message: what it followed once is not told',
      'send',
      null,
      { subscriptions: [], once: new Set(['RU-signal-1']) },
      'not-followed',
    ],
    ['nothing is followed any more', 'send', null, { subscriptions: [] }, 'not-followed'],
    ['everything is muted by now', 'send', null, { silences: [silence()] }, 'silenced'],
    ['a reply about what is followed: the whole alert', 'reply', widened, {}, [ID, 'RU-signal-1']],
    ['a reply about what is muted', 'reply', widened, { silences: [silence({ service: 'signal' })] }, 'silenced'],
    [
      'a reply about what is not followed',
      'reply',
      widened,
      { subscriptions: [{ country: 'RU', service: 'whatsapp' }] },
      'not-followed',
    ],
    [
      'an addition where nothing else is followed: it got a message of its own',
      'reply',
      widened,
      { subscriptions: [{ country: 'RU', service: 'signal' }] },
      'notified-already',
    ],
  ])('%s', (_name, op, reply, over, expected) => {
    const { show, skip } = contentFor(op, reply, wishes(over), all);
    expect(show?.map((one) => one.id) ?? skip).toEqual(expected);
  });

  test('what was withdrawn meanwhile: never in a first message, and taken back where it was said', () => {
    const withdrawn = { ...whatsapp, state: 'withdrawn' as const };
    expect(contentFor('send', null, wishes(), [withdrawn])).toEqual({ show: null, skip: 'withdrawn' });
    expect(contentFor('send', null, wishes(), [withdrawn, signal]).show).toEqual([signal]);
    expect(contentFor('edit', null, wishes(), [withdrawn, signal]).show).toEqual([withdrawn, signal]);
  });
});

test.each<[string, string, string | null, string | null, boolean]>([
  ['*', '*', null, null, true],
  ['*', '*', 'RU', 'signal', true],
  ['RU', '*', 'RU', null, true],
  ['RU', '*', null, 'signal', false],
  ['*', 'signal', null, 'signal', true],
  ['*', 'signal', 'RU', null, false],
  ['RU', 'signal', 'RU', 'signal', true],
  ['RU', 'signal', 'RU', 'whatsapp', false],
  ['RU', 'signal', 'IR', 'signal', false],
])('%s %s follows (%s, %s): %s', (country, service, about, what, expected) => {
  expect(follows({ country, service }, { country: about, service: what })).toBe(expected);
});
