/** Who pressed Start, before any bot runs. */
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/adapters/telegram/client.ts';
import { awaitStart, starter } from '../../../src/adapters/telegram/setup.ts';
import type { Asker } from '../../../src/core/ports/setup.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const PAYLOAD = 'ru_setup-abc';
const start = (text = `/start ${PAYLOAD}`, chat: object = { id: 7, type: 'private' }, from: object = { id: 7 }) => ({
  update_id: 1,
  message: { text, chat, from },
});

const CASES: [name: string, update: unknown, who: string | null][] = [
  ['Start with our payload, in a private chat', start(), '7'],
  ['another code', start('/start ru_setup-abd'), null],
  ['Start without one', start('/start'), null],
  ['our payload in a group', start(undefined, { id: -7, type: 'group' }), null],
  ['somebody else than the chat is with', start(undefined, undefined, { id: 8 }), null],
  ['a number that is none', start(undefined, { id: 1.5, type: 'private' }, { id: 1.5 }), null],
  ['nonsense', { message: 5 }, null],
  ['nothing', null, null],
];
test.each(CASES)('starter, %s', (_name, update, who) => expect(starter(update, PAYLOAD)).toBe(who));

describe('awaitStart', () => {
  const answer = (result: unknown[]): Answer => ({ kind: 'answer', status: 200, body: { ok: true, result } });
  const refused = (code: number, description: string): Answer => ({
    kind: 'answer',
    status: code,
    body: { ok: false, error_code: code, description },
  });

  /** `answers`: to one poll after the other, given the payload of the link; the last one goes on for ever. */
  async function run(follow: string[], ...answers: ((payload: string) => Answer)[]) {
    const clock = new FakeClock();
    const said: string[] = [];
    const asked: object[] = [];
    let payload = '';
    const asker = {
      say: (text: string) => void said.push(text),
      link(url: string) {
        payload = /start=(\S+)$/.exec(url)![1]!;
        said.push(url);
      },
    } as unknown as Asker;
    const client = {
      async call(_method: string, body: string | Buffer) {
        asked.push(JSON.parse(String(body)));
        return answers[Math.min(asked.length, answers.length) - 1]!(payload);
      },
    };
    const deps = { clock, ids: createIds(systemClock), signal: new AbortController().signal, follow };
    const done = awaitStart({ client, name: 'our_bot', asker, deps });
    for (let i = 0; i < 30; i++) await clock.pass(30_000);
    return { who: await done, said: said.join('\n'), asked, payload };
  }

  test('others write, then ours: it is seen, and nothing is confirmed, so that the bot gets all of them', async () => {
    const { who, asked, said } = await run(
      ['RU', 'IR'],
      () => answer([]),
      () => answer([start('/start')]),
      (payload) => answer([start('hello'), start(`/start ${payload}`)]),
    );
    expect(who).toBe('7');
    expect(said).toMatch(/https:\/\/t\.me\/our_bot\?start=ru_ir_setup-[0-9a-z]{12}/);
    expect(asked.every((one) => !('offset' in one))).toBe(true);
  });

  test('sixty countries: the link stays within what Telegram takes', async () => {
    const { payload } = await run(
      Array.from({ length: 60 }, () => 'RU'),
      (text) => answer([start(`/start ${text}`)]),
    );
    expect(payload.length).toBeLessThanOrEqual(64);
    expect(payload).toMatch(/^[\w-]+$/);
  });

  test('a running bot, a webhook, a hundred who wait: it is said, and nobody is met', async () => {
    const busy = await run([], () => refused(409, 'Conflict: terminated by other getUpdates request'));
    expect([busy.who, busy.said]).toEqual([null, expect.stringContaining('is receiving with this token')]);
    const hook = await run([], () => refused(409, "Conflict: can't use getUpdates method while webhook is active"));
    expect([hook.who, hook.said]).toEqual([null, expect.stringContaining('webhook')]);
    const crowd = await run([], () => answer(Array.from({ length: 100 }, () => start('/start'))));
    expect([crowd.who, crowd.said]).toEqual([null, expect.stringContaining('hundred')]);
  });

  test('a line that fails and comes back: it goes on; nobody in ten minutes: it ends', async () => {
    const line: Answer = { kind: 'failure', reason: 'server', reached: false, detail: 'ECONNREFUSED' };
    expect(
      (
        await run(
          [],
          () => line,
          (payload) => answer([start(`/start ${payload}`)]),
        )
      ).who,
    ).toBe('7');
    const nobody = await run([], () => answer([]));
    expect([nobody.who, nobody.said]).toEqual([null, expect.stringContaining('Nobody has pressed Start')]);
  });
});
