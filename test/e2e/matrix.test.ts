import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createAdapter } from '../../src/adapters/matrix/adapter.ts';
import type { MatrixAccount } from '../../src/adapters/matrix/config.ts';
import type { ChatAdapter, Incoming, SendOutcome } from '../../src/core/ports/chat-adapter.ts';
import { type Recorder, recorder, type TestDeps, testDeps } from '../contract/adapter-deps.ts';
import { editOf, isCommand, never, sendOf } from '../contract/chat-adapter.suite.ts';
import { describeIf } from '../fakes/shared.ts';
import { MatrixUser, waitFor } from './matrix-user.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

// Several Synapses may share two cores.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** A slow server is not a failure. */
const patient = (heard: Recorder): Recorder => ({ ...heard, waitFor: (test, ms = 20_000) => heard.waitFor(test, ms) });

interface Running {
  adapter: ChatAdapter;
  heard: Recorder;
  deps: TestDeps;
}

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'Matrix against a real Synapse', () => {
  let hs: Synapse;
  let ann: MatrixUser;
  let eve: MatrixUser;
  let bot: MatrixUser;
  let people = 0;
  const running: ChatAdapter[] = [];

  beforeAll(async () => {
    hs = await startSynapse();
    ann = await hs.register('ann');
    eve = await hs.register('eve');
  });
  afterAll(() => hs?.stop());
  afterEach(async () => {
    await Promise.all(running.splice(0).map((adapter) => adapter.stop()));
  });

  /** A bot account of its own for each test. */
  async function newBot(more: Partial<MatrixAccount> = {}, deps = testDeps()): Promise<Running> {
    bot = await hs.register(`bot${++people}`);
    return startBot(more, deps);
  }

  async function startBot(more: Partial<MatrixAccount> = {}, deps = testDeps()): Promise<Running> {
    const account: MatrixAccount = {
      id: 'mx',
      platform: 'matrix',
      homeserver: hs.baseUrl,
      accessToken: bot.token,
      inviteFrom: ['@ann:localhost'],
      ...more,
    };
    const adapter = createAdapter(account, deps);
    const heard = patient(recorder());
    running.push(adapter);
    await adapter.start(heard);
    return { adapter, heard, deps };
  }

  async function roomWithBot(options: Parameters<MatrixUser['createRoom']>[0] = {}): Promise<string> {
    const room = await ann.createRoom({ ...options, invite: [bot.userId] });
    await ann.waitForMembership(room, bot.userId, 'join');
    return room;
  }

  const at = (chat: string, thread: string | null = null) => ({ accountId: 'mx', chat, thread });
  const kind =
    (name: Incoming['kind'], chat: string) =>
    (event: Incoming): boolean =>
      event.kind === name && event.address.chat === chat;
  const refOf = (outcome: SendOutcome): string => {
    expect(outcome.kind).toBe('delivered');
    return outcome.kind === 'delivered' ? outcome.messageRef : '';
  };

  test('invitation by someone on the list: accepted, and handed on', async () => {
    const { heard } = await newBot();
    const room = await roomWithBot();
    expect(await heard.waitFor(kind('joined', room))).toMatchObject({
      chatKind: 'group',
      sender: { id: 'matrix:@ann:localhost' },
    });
  });

  test('invitation by a stranger: declined with a reason, and not handed on', async () => {
    const { heard } = await newBot();
    const room = await eve.createRoom({ invite: [bot.userId] });
    const { reason } = await eve.waitForMembership(room, bot.userId, 'leave');
    expect(reason).toContain('not allowed');
    expect(heard.events).toEqual([]);
  });

  test('no list: anybody of the own homeserver may invite', async () => {
    const { heard } = await newBot({ inviteFrom: undefined });
    const room = await eve.createRoom({ invite: [bot.userId] });
    await heard.waitFor(kind('joined', room));
  });

  test('an invitation from before the start: answered at the start', async () => {
    bot = await hs.register(`bot${++people}`);
    const room = await ann.createRoom({ invite: [bot.userId] });
    const { heard } = await startBot();
    await heard.waitFor(kind('joined', room));
  });

  test('command in a room: heard in the room, answered as m.notice and reply; alert is m.text', async () => {
    const { adapter, heard } = await newBot();
    const room = await roomWithBot();
    const asked = await ann.send(room, '!tocsin status ru');
    const event = await heard.waitFor(isCommand('status ru'));
    expect(event).toMatchObject({ address: at(room), chatKind: 'group', messageRef: asked, button: null });
    refOf(await adapter.send(sendOf(at(room), 'all open', { tone: 'notice' }, asked), never));
    refOf(await adapter.send(sendOf(at(room), 'blocked <now> @room', { tone: 'alert' }), never));
    const answer = await ann.waitForMessage(room, (m) => m.body === 'all open');
    expect(answer.content).toMatchObject({
      msgtype: 'm.notice',
      'm.mentions': {},
      'm.relates_to': { 'm.in_reply_to': { event_id: asked } },
    });
    const alert = await ann.waitForMessage(room, (m) => m.body.startsWith('blocked'));
    expect(alert.content).toMatchObject({ msgtype: 'm.text', 'm.mentions': {}, format: 'org.matrix.custom.html' });
    expect(alert.content.formatted_body).toContain('blocked &lt;now&gt;');
    expect(alert.body).not.toContain('@room');
  });

  test('by mention, by name, and in a direct chat in plain words', async () => {
    const { heard } = await newBot();
    const room = await roomWithBot();
    await ann.send(room, `${bot.userId}: status de`, { 'm.mentions': { user_ids: [bot.userId] } });
    await heard.waitFor(isCommand('status de'));
    await ann.send(room, `bot${people}: status fr`);
    await heard.waitFor(isCommand('status fr'));
    await ann.send(room, 'status it');
    await ann.send(room, '!tocsin status es', { msgtype: 'm.notice' });
    await ann.send(room, '!tocsin');
    await heard.waitFor(isCommand('start'));
    const direct = await roomWithBot({ direct: true });
    expect(await heard.waitFor(kind('joined', direct))).toMatchObject({ chatKind: 'private' });
    await ann.send(direct, 'subscribe ru');
    const event = await heard.waitFor(isCommand('subscribe ru'));
    expect(event).toMatchObject({ address: at(direct), chatKind: 'private' });
    expect(event.kind === 'command' && (await event.sender.isAdmin())).toBe(true);
    expect(heard.events.some((e) => isCommand('status it')(e) || isCommand('status es')(e))).toBe(false);
  });

  test('power levels: who made the room is an admin, a guest of it is none until made one', async () => {
    const { heard } = await newBot();
    for (const version of ['11', '12']) {
      const room = await roomWithBot({ version });
      await ann.invite(room, eve.userId);
      await eve.join(room);
      await ann.send(room, `!tocsin settings ${version}`);
      await eve.send(room, `!tocsin mute ${version}`);
      const byAnn = await heard.waitFor(isCommand(`settings ${version}`));
      const byEve = await heard.waitFor(isCommand(`mute ${version}`));
      expect(byAnn.kind === 'command' && (await byAnn.sender.isAdmin())).toBe(true);
      expect(byEve.kind === 'command' && (await byEve.sender.isAdmin())).toBe(false);
      const levels = (await ann.call('GET', ann.room(room, 'state/m.room.power_levels/'))) as {
        users: Record<string, number>;
      };
      await ann.state(room, 'm.room.power_levels', { ...levels, users: { ...levels.users, [eve.userId]: 50 } });
      await eve.send(room, `!tocsin mute again ${version}`);
      const later = await heard.waitFor(isCommand(`mute again ${version}`));
      expect(later.kind === 'command' && (await later.sender.isAdmin())).toBe(true);
    }
  });

  test('edit: of the first version, however often; reply and thread: as Matrix has them', async () => {
    const { adapter, heard } = await newBot();
    const room = await roomWithBot();
    const ref = refOf(await adapter.send(sendOf(at(room), 'throttled'), never));
    expect(refOf(await adapter.send(editOf(at(room), ref, 'blocked'), never))).toBe(ref);
    expect(refOf(await adapter.send(editOf(at(room), ref, 'lifted'), never))).toBe(ref);
    const edit = await ann.waitForMessage(room, (m) => m.body === '* lifted');
    expect(edit.content).toMatchObject({
      'm.relates_to': { rel_type: 'm.replace', event_id: ref },
      'm.new_content': { body: 'lifted', 'm.mentions': {} },
    });
    const root = await ann.send(room, 'a thread begins');
    const asked = await ann.send(room, '!tocsin status ua', {
      'm.relates_to': { rel_type: 'm.thread', event_id: root },
    });
    const event = await heard.waitFor(isCommand('status ua'));
    expect(event.address).toEqual(at(room, root));
    refOf(await adapter.send(sendOf(event.address, 'in the thread', { tone: 'notice' }, asked), never));
    const answer = await ann.waitForMessage(room, (m) => m.body === 'in the thread');
    expect(answer.content['m.relates_to']).toEqual({
      rel_type: 'm.thread',
      event_id: root,
      is_falling_back: false,
      'm.in_reply_to': { event_id: asked },
    });
  });

  test('the same key again, also after a restart: one event', async () => {
    const { adapter } = await newBot();
    const room = await roomWithBot();
    const message = sendOf(at(room), 'only once');
    const first = refOf(await adapter.send(message, never));
    expect(refOf(await adapter.send(message, never))).toBe(first);
    await adapter.stop();
    const again = await startBot();
    expect(refOf(await again.adapter.send(message, never))).toBe(first);
    expect((await ann.messages(room)).filter((m) => m.body === 'only once')).toHaveLength(1);
  });

  test('many sends to one room at a time: arrive in the order of the calls', async () => {
    const { adapter } = await newBot();
    const room = await roomWithBot();
    const texts = Array.from({ length: 12 }, (_, i) => `number ${i}`);
    await Promise.all(texts.map((text) => adapter.send(sendOf(at(room), text), never)));
    expect((await ann.messages(room)).map((m) => m.body)).toEqual(texts);
  });

  test('huge documents: accepted, cut with a note, edits too', async () => {
    const { adapter } = await newBot();
    const room = await roomWithBot();
    const items = Array.from({ length: 3_000 }, (_, i) => [`сервис <${i}> "${'я'.repeat(40)}"`]);
    const document = { blocks: [{ type: 'list' as const, items }], buttons: [], lang: 'ru', tone: 'alert' as const };
    const ref = refOf(await adapter.send({ ...sendOf(at(room), ''), document }, never));
    const shown = await ann.waitForMessage(room, (m) => m.eventId === ref);
    expect(shown.body).toMatch(/не поместилось в сообщение: ещё \d+\]$/);
    refOf(await adapter.send({ ...editOf(at(room), ref, ''), document }, never));
  });

  test('invitation to an encrypted room: declined with the reason', async () => {
    const { heard } = await newBot();
    const room = await ann.createRoom({ invite: [bot.userId], encrypted: true });
    const { reason } = await ann.waitForMembership(room, bot.userId, 'leave');
    expect(reason).toContain('encrypted');
    expect(heard.events).toEqual([]);
  });

  test('a room becomes encrypted: left with the reason, handed on, and no plain text ever goes there', async () => {
    const { adapter, heard } = await newBot();
    const room = await roomWithBot();
    refOf(await adapter.send(sendOf(at(room), 'before'), never));
    await ann.state(room, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' });
    await heard.waitFor(kind('left', room));
    expect((await ann.waitForMembership(room, bot.userId, 'leave')).reason).toContain('encrypted');
    expect(await adapter.send(sendOf(at(room), 'after'), never)).toMatchObject({ kind: 'gone' });
    expect((await ann.messages(room)).map((m) => m.body)).toEqual(['before']);
  });

  test('a room became encrypted while we were down: nothing is sent there after the start', async () => {
    const first = await newBot();
    const room = await roomWithBot();
    refOf(await first.adapter.send(sendOf(at(room), 'before'), never));
    await first.adapter.stop();
    await ann.state(room, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' });
    // At once, before any sync.
    const { adapter } = await startBot({}, testDeps());
    expect(await adapter.send(sendOf(at(room), 'after'), never)).toMatchObject({
      kind: 'gone',
      detail: expect.stringContaining('encrypted'),
    });
    expect((await ann.messages(room)).map((m) => m.body)).toEqual(['before']);
  });

  test('upgrade of a room that anybody may join: followed; sends to the old one name the new', async () => {
    const { adapter, heard } = await newBot();
    const room = await roomWithBot({ version: '11' });
    await ann.state(room, 'm.room.join_rules', { join_rule: 'public' });
    const { replacement_room: next } = (await ann.call('POST', ann.room(room, 'upgrade'), { new_version: '12' })) as {
      replacement_room: string;
    };
    const event = await heard.waitFor(kind('moved', room));
    expect(event).toMatchObject({ to: at(next) });
    expect(await adapter.send(sendOf(at(room), 'where?'), never)).toEqual({ kind: 'moved', to: at(next) });
    refOf(await adapter.send(sendOf(at(next), 'here'), never));
    expect(heard.events.filter((e) => e.kind === 'joined' && e.address.chat === next)).toEqual([]);
  });

  test('upgrade of a private room: followed once the bot is invited there', async () => {
    const { heard } = await newBot();
    const room = await roomWithBot({ version: '11' });
    const { replacement_room: next } = (await ann.call('POST', ann.room(room, 'upgrade'), { new_version: '12' })) as {
      replacement_room: string;
    };
    await ann.invite(next, bot.userId);
    expect(await heard.waitFor(kind('moved', room), 15_000)).toMatchObject({ to: at(next) });
  });

  test('a tombstone that points at a room which knows nothing of it: not followed, and that room is left', async () => {
    const { heard } = await newBot();
    const room = await roomWithBot();
    const trap = await eve.createRoom();
    await eve.state(trap, 'm.room.join_rules', { join_rule: 'public' });
    await ann.state(room, 'm.room.tombstone', { body: 'come here', replacement_room: trap });
    await eve.waitForMembership(trap, bot.userId, 'leave');
    expect(heard.events.filter((e) => e.kind === 'moved')).toEqual([]);
  });

  test('kicked: handed on as left, and sends there find the chat gone', async () => {
    const { adapter, heard } = await newBot();
    const room = await roomWithBot();
    await heard.waitFor(kind('joined', room));
    await ann.kick(room, bot.userId);
    expect(await heard.waitFor(kind('left', room))).toMatchObject({ sender: { id: 'matrix:@ann:localhost' } });
    expect(await adapter.send(sendOf(at(room), 'hello?'), never)).toMatchObject({ kind: 'gone' });
  });

  test('kicked while down: handed on as left at the start', async () => {
    const first = await newBot();
    const room = await roomWithBot();
    await first.heard.waitFor(kind('joined', room));
    await first.adapter.stop();
    await ann.kick(room, bot.userId);
    const { heard } = await startBot({}, first.deps);
    await heard.waitFor(kind('left', room));
  });

  test('not allowed to speak: rejected, and not taken for gone', async () => {
    const { adapter } = await newBot();
    const room = await roomWithBot({ version: '11' });
    await ann.state(room, 'm.room.power_levels', { users: { [ann.userId]: 100 }, events_default: 50 });
    expect(await adapter.send(sendOf(at(room), 'may I?'), never)).toMatchObject({ kind: 'rejected', reason: 'client' });
  });

  test('everybody else leaves: the bot leaves too', async () => {
    const { heard } = await newBot();
    const room = await roomWithBot({ direct: true });
    await ann.leave(room);
    await heard.waitFor(kind('left', room));
  });

  test('restart: old commands are not handled again, what came meanwhile is, once', async () => {
    const first = await newBot();
    const room = await roomWithBot();
    await ann.send(room, '!tocsin status one');
    await first.heard.waitFor(isCommand('status one'));
    await first.adapter.stop();
    await ann.send(room, '!tocsin status two');
    const second = await startBot({}, first.deps);
    await second.heard.waitFor(isCommand('status two'));
    await second.adapter.stop();
    const third = await startBot({}, first.deps);
    await ann.send(room, '!tocsin status three');
    await third.heard.waitFor(isCommand('status three'));
    const texts = [first, second, third].map(({ heard }) =>
      heard.events.flatMap((e) => (e.kind === 'command' ? [e.text] : [])),
    );
    expect(texts).toEqual([['status one'], ['status two'], ['status three']]);
  });

  test('start without memory: what stands in the rooms is history', async () => {
    const first = await newBot();
    const room = await roomWithBot();
    await first.adapter.stop();
    await ann.send(room, '!tocsin unsubscribe all');
    const { heard } = await startBot();
    await ann.send(room, '!tocsin status now');
    await heard.waitFor(isCommand('status now'));
    expect(heard.events.map((e) => e.kind)).toEqual(['command']);
  });

  test('log in by password as docs/matrix.md tells: the token works, and such an account has no keys to be warned of', async () => {
    const name = `documented${++people}`;
    await hs.register(name);
    const answer = await fetch(`${hs.baseUrl}/_matrix/client/v3/login`, {
      method: 'POST',
      body: JSON.stringify({
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: name },
        password: `password-of-${name}`,
        device_id: 'TOCSIN',
        initial_device_display_name: 'Tocsin',
      }),
    });
    const login = (await answer.json()) as { access_token: string; user_id: string };
    bot = new MatrixUser(hs.baseUrl, login.user_id, login.access_token);
    const { heard, deps } = await startBot();
    const room = await roomWithBot();
    await ann.send(room, '!tocsin status');
    await heard.waitFor(isCommand('status'));
    expect(deps.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  test('an account with encryption keys: warned, since apps will open encrypted chats with it', async () => {
    bot = await hs.register(`bot${++people}`);
    const { device_id: deviceId } = await bot.call('GET', '/_matrix/client/v3/account/whoami');
    await bot.call('POST', '/_matrix/client/v3/keys/upload', {
      device_keys: {
        user_id: bot.userId,
        device_id: deviceId,
        algorithms: ['m.megolm.v1.aes-sha2'],
        keys: { [`ed25519:${deviceId}`]: 'x', [`curve25519:${deviceId}`]: 'y' },
        signatures: { [bot.userId]: { [`ed25519:${deviceId}`]: 'z' } },
      },
    });
    const { deps } = await startBot();
    await waitFor(() => deps.lines.find((line) => line.includes('has encryption keys')), 5_000, 'the warning');
  });

  test('the token is signed out while we run: sends wait, health says so; a start with it is refused with the remedy', async () => {
    const { adapter } = await newBot();
    const room = await roomWithBot();
    await bot.call('POST', '/_matrix/client/v3/logout', {});
    expect(await adapter.send(sendOf(at(room), 'x'), never)).toMatchObject({
      kind: 'retry',
      scope: 'account',
      reason: 'auth',
    });
    expect(adapter.health()).toMatchObject({ ok: false, problem: expect.stringContaining('access token') });
    await expect(startBot()).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('docs/matrix.md'),
    });
  });

  test('the homeserver is killed and comes back: sends ask to retry, then everything works again', async () => {
    const { adapter, heard } = await newBot();
    const room = await roomWithBot();
    await hs.kill();
    const message = sendOf(at(room), 'through the storm');
    expect(await adapter.send(message, never)).toMatchObject({ kind: 'retry', scope: 'account', reason: 'server' });
    await waitFor(() => (adapter.health().ok ? undefined : true), 5_000, 'health to say so');
    await hs.restart();
    await ann.send(room, '!tocsin status back');
    await heard.waitFor(isCommand('status back'), 30_000);
    refOf(await adapter.send(message, never));
    expect(adapter.health()).toMatchObject({ ok: true });
    expect((await ann.messages(room)).filter((m) => m.body === 'through the storm')).toHaveLength(1);
  }, 60_000);
});

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'Matrix against a real Synapse with its rate limits', () => {
  test('more than the burst: retry with the time to wait; waiting it out, everything arrives once and in order', async () => {
    const hs = await startSynapse({ limits: true });
    const bot = await hs.register('bot');
    const ann = await hs.register('ann');
    const account: MatrixAccount = { id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token };
    const adapter = createAdapter(account, testDeps());
    try {
      await adapter.start(recorder());
      const room = await ann.createRoom({ invite: [bot.userId] });
      await ann.waitForMembership(room, bot.userId, 'join');
      let refusals = 0;
      const texts = Array.from({ length: 13 }, (_, i) => `alert ${i}`);
      for (const text of texts) {
        const message = sendOf({ accountId: 'mx', chat: room, thread: null }, text);
        for (;;) {
          const outcome = await adapter.send(message, never);
          if (outcome.kind === 'delivered') break;
          expect(outcome).toMatchObject({ kind: 'retry', scope: 'account', reason: 'rate_limited' });
          if (outcome.kind !== 'retry') return;
          expect(outcome.afterMs).toBeGreaterThan(0);
          expect(outcome.afterMs).toBeLessThan(20_000);
          refusals++;
          await new Promise((r) => setTimeout(r, outcome.afterMs ?? 0));
        }
      }
      expect(refusals).toBeGreaterThan(0);
      expect(refusals).toBeLessThanOrEqual(4);
      expect((await ann.messages(room)).map((m) => m.body)).toEqual(texts);
    } finally {
      await adapter.stop();
      await hs.stop();
    }
  }, 90_000);

  test('an admin lifts the limit as docs/matrix.md tells: no refusals any more', async () => {
    const hs = await startSynapse({ limits: true });
    const [bot, ann, admin] = [
      await hs.register('bot'),
      await hs.register('ann'),
      await hs.register('root', { admin: true }),
    ];
    const adapter = createAdapter(
      { id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken: bot.token },
      testDeps(),
    );
    try {
      await adapter.start(recorder());
      const room = await ann.createRoom({ invite: [bot.userId] });
      await ann.waitForMembership(room, bot.userId, 'join');
      await admin.call('POST', `/_synapse/admin/v1/users/${bot.userId}/override_ratelimit`, {
        messages_per_second: 0,
        burst_count: 0,
      });
      for (let i = 0; i < 30; i++)
        expect(
          await adapter.send(sendOf({ accountId: 'mx', chat: room, thread: null }, `alert ${i}`), never),
        ).toMatchObject({ kind: 'delivered' });
    } finally {
      await adapter.stop();
      await hs.stop();
    }
  });
});
