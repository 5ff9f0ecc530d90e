/** Encrypted rooms of an adapter, on a fake homeserver, with people whose apps encrypt. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Incoming, Outgoing } from '../../../../src/core/ports/chat-adapter.ts';
import { type TestDeps, testDeps } from '../../../contract/adapter-deps.ts';
import { editOf, isCommand, never, sendOf } from '../../../contract/chat-adapter.suite.ts';
import { type LogLine, recordingLog } from '../../../fakes/fake-log.ts';
import { ANN, at, fake, hastyButPatient, homeserverPerTest, start, synced, until } from '../bench.ts';
import { Person } from './person.ts';
import { type MemoryRows, memoryRows } from './support.ts';

homeserverPerTest();

type Served = TestDeps & { rows: MemoryRows; seen: LogLine[] };
const people: Person[] = [];
let ann: Person;

const depsOver = (rows: MemoryRows = memoryRows()): Served => {
  const { log, lines } = recordingLog();
  return Object.assign(hastyButPatient(testDeps({ log, rows })), { rows, seen: lines });
};
const served = (deps: Served = depsOver()) => start({ e2ee: true }, deps);

async function person(userId: string, device = 'PHONE'): Promise<Person> {
  const made = await Person.on(fake, userId, device);
  people.push(made);
  return made;
}

const encryptedRoom = (): string => fake.room(ANN, { encrypted: true });
const keyed = (message: Outgoing, key: string): Outgoing => ({ ...message, key });
const isAny = ({ kind }: Incoming): boolean => kind === 'command';
const plainTexts = (): string[] =>
  [...fake.rooms.values()].flatMap(({ events }) =>
    events.flatMap(({ type, sender, content }) =>
      type === 'm.room.message' && sender === fake.userId ? [String(content.body)] : [],
    ),
  );

beforeEach(async () => {
  ann = await person(ANN);
});
afterEach(() => {
  for (const one of people.splice(0)) one.close();
});

describe('a talk in an encrypted room', () => {
  test('a command is heard, its answer is encrypted and answers it, an edit is of the first version', async () => {
    const { adapter, heard } = await served();
    const room = encryptedRoom();
    const asked = await ann.say(room, '!tocsin status ru');
    const command = await heard.waitFor(isCommand('status ru'));
    expect(command).toMatchObject({ messageRef: asked.event_id, sender: { id: `matrix:${ANN}` } });
    const sent = await adapter.send(sendOf(at(room), 'WhatsApp is blocked', {}, asked.event_id), never);
    if (sent.kind !== 'delivered') throw new Error(JSON.stringify(sent));
    await adapter.send(editOf(at(room), sent.messageRef, 'WhatsApp works again'), never);
    const [answer, edit] = fake.said(room);
    expect(answer).toMatchObject({ type: 'm.room.encrypted', event_id: sent.messageRef });
    // What belongs together is for the server to see, what it says is not.
    expect(answer!.content['m.relates_to']).toEqual({ 'm.in_reply_to': { event_id: asked.event_id } });
    expect(edit!.content['m.relates_to']).toMatchObject({ rel_type: 'm.replace', event_id: sent.messageRef });
    expect(JSON.stringify([answer!.content, edit!.content])).not.toMatch(/WhatsApp|m\.new_content|mentions/);
    expect(await ann.read(room, answer!)).toMatchObject({ body: 'WhatsApp is blocked' });
    expect(await ann.read(room, edit!)).toMatchObject({ 'm.new_content': { body: 'WhatsApp works again' } });
    expect(plainTexts()).toEqual([]);
  });

  test('pictures and files: encrypted too, with what decrypts them in the message alone', async () => {
    const { adapter } = await served();
    const room = encryptedRoom();
    const file = { name: 'history.txt', type: 'text/plain' as const, text: 'a,b\n1,2\n' };
    const outcome = await adapter.send(sendOf(at(room), 'History', { file }), never);
    expect(outcome.kind).toBe('delivered');
    expect(fake.uploads).toMatchObject([{ type: 'application/octet-stream' }]);
    expect(fake.uploads[0]!.bytes.toString()).not.toContain('a,b');
    const content = await ann.read(room, fake.said(room)[0]!);
    expect(content).toMatchObject({ msgtype: 'm.file', file: { v: 'v2', url: 'mxc://fake.test/file1' } });
    expect(content).not.toHaveProperty('url');
  });

  test('a reaction with a number: what the message offers is read in it, and after an edit what that one does', async () => {
    const { adapter, heard } = await served();
    const room = encryptedRoom();
    const offering = (label: string, command: string) => ({ buttons: [[{ label, press: { command } }]] });
    const sent = await adapter.send(sendOf(at(room), 'Pick', offering('Status', 'status RU')), never);
    if (sent.kind !== 'delivered') throw new Error(JSON.stringify(sent));
    fake.react(room, ANN, sent.messageRef, '1\ufe0f\u20e3');
    await heard.waitFor(isCommand('status RU'));
    await adapter.send(editOf(at(room), sent.messageRef, 'Pick', offering('Status', 'status IR')), never);
    const ben = '@ben:fake.test';
    fake.member(room, ben, ben, 'join');
    fake.react(room, ben, sent.messageRef, '1\ufe0f\u20e3');
    await heard.waitFor(isCommand('status IR'));
    // The message that the server keeps says nothing of what it offers.
    expect(JSON.stringify(fake.said(room).filter(({ type }) => type !== 'm.reaction'))).not.toContain('status');
  });

  test('the same key again, also after a restart: the same bytes, one event', async () => {
    const deps = depsOver();
    const { adapter } = await served(deps);
    const room = encryptedRoom();
    const message = keyed(sendOf(at(room), 'Once'), 'delivery-1');
    const first = await adapter.send(message, never);
    expect(await adapter.send(message, never)).toEqual(first);
    await adapter.stop();
    const again = await start({ e2ee: true }, depsOver(deps.rows.copy()));
    expect(await again.adapter.send(message, never)).toEqual(first);
    expect(fake.said(room)).toHaveLength(1);
    expect(await again.adapter.send(sendOf(at(room), 'Twice'), never)).toMatchObject({ kind: 'delivered' });
    const [, second] = fake.said(room);
    expect(await ann.read(room, second!)).toMatchObject({ body: 'Twice' });
    // The room's key goes on: nobody was given another.
    expect(second!.content.session_id).toBe(fake.said(room)[0]!.content.session_id);
  });

  test('what a gap left out: read like everything else', async () => {
    const deps = depsOver();
    const { adapter } = await served(deps);
    const room = encryptedRoom();
    await ann.say(room, '!tocsin first');
    await synced();
    await adapter.stop();
    fake.timelineLimit = 2;
    await ann.say(room, '!tocsin second');
    for (let i = 0; i < 5; i++) await ann.say(room, `talk ${i}`);
    const { heard } = await served(deps);
    await until(() => JSON.stringify(heard.events).includes('second'));
  });
});

describe('who reads along', () => {
  test('somebody joins later: reads what comes then, and nothing of before; whoever left reads no more', async () => {
    const { adapter } = await served();
    const room = encryptedRoom();
    await adapter.send(sendOf(at(room), 'before'), never);
    const ben = await person('@ben:fake.test');
    fake.member(room, ben.userId, ben.userId, 'join');
    await synced();
    await adapter.send(sendOf(at(room), 'with ben'), never);
    fake.member(room, ben.userId, ben.userId, 'leave');
    await synced();
    await adapter.send(sendOf(at(room), 'without ben'), never);
    const said = fake.said(room);
    const read = async (who: Person) => {
      const contents = [];
      for (const event of said) contents.push((await who.read(room, event)).body ?? null);
      return contents;
    };
    expect(await read(ann)).toEqual(['before', 'with ben', 'without ben']);
    expect(await read(ben)).toEqual([null, 'with ben', null]);
  });

  test('several devices, one without keys, somebody without any: whoever has keys reads it', async () => {
    const { adapter } = await served();
    const room = encryptedRoom();
    const tablet = await person(ANN, 'TABLET');
    fake.member(room, '@carl:fake.test', '@carl:fake.test', 'join');
    await adapter.send(sendOf(at(room), 'to all'), never);
    for (const one of [ann, tablet])
      expect(await one.read(room, fake.said(room)[0]!)).toMatchObject({ body: 'to all' });
  });

  test('somebody of a name that is none to the library: the others are told', async () => {
    const { adapter } = await served();
    const room = encryptedRoom();
    fake.member(room, ANN, '@carl:no_host', 'invite');
    expect(await adapter.send(sendOf(at(room), 'to all'), never)).toMatchObject({ kind: 'delivered' });
    expect(await ann.read(room, fake.said(room)[0]!)).toMatchObject({ body: 'to all' });
  });

  test('the room asks for a new key each two messages: it has one', async () => {
    const { adapter } = await served();
    const room = fake.room(ANN);
    fake.state(room, ANN, 'm.room.encryption', '', {
      algorithm: 'm.megolm.v1.aes-sha2',
      rotation_period_msgs: 2,
    });
    for (const text of ['1', '2', '3', '4', '5']) await adapter.send(sendOf(at(room), text), never);
    const sessions = fake.said(room).map(({ content }) => content.session_id);
    expect([new Set(sessions).size, sessions[0] === sessions[1], sessions[1] === sessions[2]]).toEqual([
      3,
      true,
      false,
    ]);
    for (const [i, event] of fake.said(room).entries())
      expect(await ann.read(room, event)).toMatchObject({ body: String(i + 1) });
  });

  test('an algorithm that we do not have: nothing is sent, in whatever form', async () => {
    const { adapter } = await served();
    const room = fake.room(ANN);
    fake.state(room, ANN, 'm.room.encryption', '', { algorithm: 'm.megolm.v9' });
    expect((await adapter.send(sendOf(at(room), 'x'), never)).kind).toBe('rejected');
    expect(fake.said(room)).toEqual([]);
  });
});

test.each(['keys/query', 'keys/claim', 'sendToDevice'])(
  'the server has something against %s: the message is tried again, and then read',
  async (path) => {
    const { adapter } = await served();
    const room = encryptedRoom();
    await synced();
    fake.fault('400', path, 5);
    const message = sendOf(at(room), 'x');
    const first = await adapter.send(message, never);
    fake.clearFaults();
    // It may have been shared ahead before.
    if (first.kind !== 'delivered') expect(first).toMatchObject({ kind: 'retry' });
    await adapter.send(message, never);
    expect(await ann.read(room, fake.said(room)[0]!)).toMatchObject({ body: 'x' });
  },
);

test('the server cannot say how a room stands: the others are told; where it is so with several, it is its own trouble', async () => {
  const { adapter } = await served();
  const rooms = [1, 2, 3, 4].map(() => fake.room(ANN));
  await synced();
  const send = (room: string) => adapter.send(sendOf(at(room), 'x'), never);
  for (const room of rooms) expect(await send(room)).toMatchObject({ kind: 'delivered' });
  fake.fault('502', `${rooms[0]}/state/m.room.encryption`, 2);
  for (const _ of [1, 2]) expect(await send(rooms[0]!)).toMatchObject({ kind: 'retry', scope: 'chat' });
  expect(await send(rooms[1]!)).toMatchObject({ kind: 'delivered' });
  fake.fault('502', 'state/m.room.encryption', 3);
  for (const scope of ['chat', 'chat', 'account'])
    expect(await send(rooms.shift()!)).toMatchObject({ kind: 'retry', scope });
  expect(await send(rooms[0]!)).toMatchObject({ kind: 'delivered' });
});

describe('what was said before is sent once more', () => {
  test('by another in the room: not carried out', async () => {
    const { heard } = await served();
    const room = encryptedRoom();
    const ben = await person('@ben:fake.test');
    fake.member(room, ben.userId, ben.userId, 'join');
    const { content } = await ann.say(room, '!tocsin status ir');
    await heard.waitFor(isCommand('status ir'));
    fake.encrypted(room, ben.userId, content);
    await ann.say(room, '!tocsin status ru');
    await heard.waitFor(isCommand('status ru'));
    expect(heard.events.filter(isAny)).toHaveLength(2);
  });

  test('by the same, as the server has it: one command', async () => {
    const deps = depsOver();
    const { adapter, heard } = await served(deps);
    const room = encryptedRoom();
    const { content } = await ann.say(room, '!tocsin status ir');
    await heard.waitFor(isCommand('status ir'));
    fake.encrypted(room, ANN, content);
    await synced();
    await adapter.stop();
    const again = await served(deps);
    fake.encrypted(room, ANN, content);
    // The same signed text in other letters.
    fake.encrypted(room, ANN, { ...content, ciphertext: `${String(content.ciphertext)}=` });
    await ann.say(room, '!tocsin status ru');
    await again.heard.waitFor(isCommand('status ru'));
    expect([...heard.events, ...again.heard.events].filter(isAny)).toHaveLength(2);
  });
});

describe('a message without its key', () => {
  test('the key comes later: then it is carried out, once', async () => {
    const { heard } = await served();
    const room = encryptedRoom();
    fake.keys.hold(fake.userId);
    await ann.say(room, '!tocsin status ir');
    await synced();
    expect(heard.events.filter(isAny)).toEqual([]);
    fake.keys.release(fake.userId);
    await heard.waitFor(isCommand('status ir'));
    expect(heard.events.filter(isAny)).toHaveLength(1);
  });

  test('we are out of the room by then: not carried out, and nothing waits there', async () => {
    const deps = depsOver();
    const { heard } = await served(deps);
    const room = encryptedRoom();
    fake.keys.hold(fake.userId);
    await ann.say(room, '!tocsin status ir');
    await synced();
    expect(await deps.rows.of('unread')).toHaveLength(1);
    fake.member(room, ANN, fake.userId, 'leave');
    await until(() => heard.events.some(({ kind }) => kind === 'left'));
    fake.keys.release(fake.userId);
    await synced();
    expect([await deps.rows.of('unread'), heard.events.filter(isAny)]).toEqual([[], []]);
  });

  test('a restart in between: it is still carried out', async () => {
    const deps = depsOver();
    const { adapter } = await served(deps);
    const room = encryptedRoom();
    fake.keys.hold(fake.userId);
    await ann.say(room, '!tocsin status ir');
    await synced();
    await adapter.stop();
    fake.keys.release(fake.userId);
    const { heard } = await served(deps);
    await until(() => JSON.stringify(heard.events).includes('status ir'));
  });

  test('the key never comes: said once in the room, encrypted, and nothing is answered', async () => {
    const deps = depsOver();
    let later = 0;
    const { clock } = deps;
    deps.clock = { ...clock, now: () => clock.now() + later };
    const { heard } = await served(deps);
    const room = encryptedRoom();
    fake.keys.hold(fake.userId);
    const unread = await ann.say(room, '!tocsin one');
    await ann.say(room, '!tocsin two');
    await synced();
    expect(fake.said(room)).toEqual([]);
    later = 31_000;
    for (let i = 0; i < 3; i++) {
      fake.say(room, '@ben:fake.test', 'talk');
      await synced();
    }
    await until(() => fake.said(room).length > 0);
    expect(await ann.read(room, fake.said(room)[0]!)).toMatchObject({
      msgtype: 'm.notice',
      body: expect.stringContaining(`cannot read what ${ANN}`),
    });
    expect(unread.content.session_id).toBeTypeOf('string');
    expect([fake.said(room).length, heard.events.filter(isAny), plainTexts()]).toEqual([1, [], []]);
  });
});

test('somebody who cannot be read is called "room": named without a ping of everybody', async () => {
  const deps = depsOver();
  let later = 0;
  const { clock } = deps;
  deps.clock = { ...clock, now: () => clock.now() + later };
  await served(deps);
  const room = encryptedRoom();
  const { content } = await ann.say(room, 'talk');
  await synced();
  fake.encrypted(room, '@room:evil.test', content);
  await synced();
  later = 31_000;
  fake.say(room, ANN, 'talk');
  await until(() => fake.said(room).length > 0);
  const { body } = await ann.read(room, fake.said(room)[0]!);
  expect(body).toContain('@\u200broom:evil.test');
});

test('without e2ee: left with a word why, and nothing is sent', async () => {
  const { adapter } = await start();
  const room = encryptedRoom();
  expect(await adapter.send(sendOf(at(room), 'x'), never)).toMatchObject({ kind: 'gone' });
  expect(fake.said(room)).toEqual([]);
});

test('e2ee is turned off again: said at the start, and no room counts as gone by it', async () => {
  const deps = depsOver();
  const { adapter } = await served(deps);
  const room = encryptedRoom();
  await adapter.send(sendOf(at(room), 'x'), never);
  await adapter.stop();
  const again = await start({}, deps);
  expect(await again.adapter.send(sendOf(at(room), 'y'), never)).toMatchObject({ kind: 'rejected' });
  expect(deps.seen.filter(({ message }) => message.includes('served encrypted rooms before'))).toHaveLength(1);
  expect(plainTexts()).toEqual([]);
});

test('the keys of this device are in another database: refused at the start, with what to do', async () => {
  await (await served()).adapter.stop();
  await expect(served(depsOver())).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('log in anew'),
  });
});

test('an old copy of the database: refused at the start, and the copy is left as it is', async () => {
  const deps = depsOver();
  const { adapter } = await served(deps);
  const old = deps.rows.copy();
  await adapter.stop();
  await (await served(depsOver(deps.rows.copy()))).adapter.stop();
  await expect(served(depsOver(old))).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('old copy'),
  });
});

test('a token without a device: refused at the start, with what to do', async () => {
  fake.device = null;
  await expect(served()).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('device') });
});

test('what breaks in the library: told once, the account is to be begun anew, and nothing is sent meanwhile', async () => {
  let begunAnew = 0;
  const deps = Object.assign(depsOver(), { broken: () => void begunAnew++ });
  const { adapter } = await served(deps);
  const room = encryptedRoom();
  deps.rows.fail(new Error('disk full'));
  expect((await adapter.send(sendOf(at(room), 'x'), never)).kind).toBe('retry');
  deps.rows.fail(null);
  await until(() => begunAnew > 0);
  expect((await adapter.send(sendOf(at(room), 'x'), never)).kind).toBe('retry');
  expect(begunAnew).toBe(1);
  expect(fake.said(room)).toEqual([]);
  expect(deps.seen.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('a request about our keys that the server refuses for ever: said once, and people are told all the same', async () => {
  const deps = depsOver();
  const { adapter, heard } = await served(deps);
  fake.fault('400', 'keys/upload', 1_000);
  const room = encryptedRoom();
  // Each person who talks to us for the first time takes one of our keys: the machine wants to put others in their place.
  await ann.say(room, '!tocsin status ru');
  await heard.waitFor(isCommand('status ru'));
  const refused = () => deps.seen.filter(({ message }) => message.startsWith('Unable to exchange encryption keys'));
  await until(() => refused().length > 0);
  expect((await adapter.send(sendOf(at(room), 'WhatsApp is blocked'), never)).kind).toBe('delivered');
  expect(await ann.read(room, fake.said(room)[0]!)).toMatchObject({ body: 'WhatsApp is blocked' });
  expect(refused()).toHaveLength(1);
});
