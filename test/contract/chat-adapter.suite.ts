import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ChatAddress, ChatKind } from '../../src/core/model/chat.ts';
import type { MessageDocument } from '../../src/core/model/message.ts';
import type { ChatAdapter, Incoming, IncomingCommand, Outgoing } from '../../src/core/ports/chat-adapter.ts';
import { pictureOf } from '../fakes/fake-pictures.ts';
import { type Recorder, recorder } from './adapter-deps.ts';

/** What a reader of the chat sees. */
export interface Seen {
  /** Plain text, without markup. */
  text: string;
  edited: boolean;
  /** Reference of the message answered, or null; undefined where the platform cannot tell. */
  replyTo?: string | null;
}

/** One platform under test: the real adapter, and the other side of the line. */
export interface AdapterBench {
  adapter: ChatAdapter;
  /** A chat that the bot may write to. Called once a test. */
  chat(): Promise<{ address: ChatAddress; kind: ChatKind }>;
  /** A person writes a command there, in the platform's own form (prefix included by the bench); where nobody can, left out. */
  write?(address: ChatAddress, command: string): Promise<void>;
  /** Resolves with the message that holds `text`, once it is (or was) there. */
  see(address: ChatAddress, text: string): Promise<Seen>;
  /** What the pictures shown there say of themselves, oldest first; where there are none, left out. */
  pictures?(address: ChatAddress): Promise<string[]>;
  /** Text files given there: their names, oldest first; where there are none, left out. */
  files?(address: ChatAddress): Promise<string[]>;
  /** How many pictures the platform was given to keep. */
  uploads?(): Promise<number>;
  /** Presses the button of this label; where there are none, left out. */
  press?(address: ChatAddress, label: string): Promise<void>;
  /** Makes the chat unreachable for good; where that cannot happen, left out. */
  end?(address: ChatAddress): Promise<void>;
  /** Makes the next send fail: the platform is busy (asks to wait a second), or breaks the connection. */
  fail?(how: 'busy' | 'broken'): Promise<void>;
  /** What the platform counted against the bot; must stay empty. */
  complaints?(): Promise<string[]>;
  close(): Promise<void>;
}

export const documentOf = (text: string, more: Partial<MessageDocument> = {}): MessageDocument => ({
  blocks: [{ type: 'paragraph', inline: [text] }],
  buttons: [],
  lang: 'en',
  tone: 'alert',
  ...more,
});

let keys = 0;
export const sendOf = (
  address: ChatAddress,
  text: string,
  more: Partial<MessageDocument> = {},
  replyTo: string | null = null,
): Outgoing => ({
  op: 'send',
  address,
  document: documentOf(text, more),
  key: `tocsin.test.${++keys}`,
  replyTo,
});
export const editOf = (
  address: ChatAddress,
  messageRef: string,
  text: string,
  more: Partial<MessageDocument> = {},
): Outgoing => ({
  op: 'edit',
  address,
  document: documentOf(text, more),
  key: `tocsin.test.${++keys}`,
  messageRef,
});
export const never = new AbortController().signal;
export const isCommand =
  (text: string) =>
  (event: Incoming): event is IncomingCommand =>
    event.kind === 'command' && event.text === text;

/** What every adapter promises, whatever its platform. `open` is called once; each test takes a chat of its own. */
export function chatAdapterContract(name: string, open: () => Promise<AdapterBench>): void {
  describe(`chat adapter: ${name}`, () => {
    let bench: AdapterBench;
    let heard: Recorder;
    beforeAll(async () => {
      bench = await open();
      heard = recorder();
      await bench.adapter.start(heard);
    });
    afterEach(async () => expect((await bench.complaints?.()) ?? []).toEqual([]));
    afterAll(() => bench.close());

    const delivered = async (message: Outgoing): Promise<string> => {
      const outcome = await bench.adapter.send(message, never);
      expect(outcome).toMatchObject({ kind: 'delivered', messageRef: expect.stringMatching(/./) });
      return outcome.kind === 'delivered' ? outcome.messageRef : '';
    };

    test('send: the text is there, and the outcome names the message', async () => {
      const { address } = await bench.chat();
      await delivered(sendOf(address, 'WhatsApp is blocked in Russia'));
      expect(await bench.see(address, 'WhatsApp is blocked in Russia')).toMatchObject({ edited: false });
    });

    test('markup in a text of strangers: shown as it is', async () => {
      const { address } = await bench.chat();
      const hostile = '<b>not</b> *bold* _x_ [l](https://e.example) &lt; `c` <a href="https://e.example">a</a>';
      await delivered(sendOf(address, hostile));
      expect((await bench.see(address, '<b>not</b>')).text).toContain(hostile);
    });

    test('a document of all kinds of blocks: every text is there', async () => {
      const { address } = await bench.chat();
      await delivered({
        ...sendOf(address, ''),
        document: {
          blocks: [
            {
              type: 'paragraph',
              inline: [{ bold: ['Blocked'] }, ' since ', { italic: ['Monday'] }, { code: 'RU-x-1' }],
            },
            { type: 'list', items: [['first'], [{ link: 'https://news.example/a', text: 'second' }]] },
            {
              type: 'table',
              head: ['Service', 'State'],
              rows: [
                ['Signal', 'open'],
                ['MAX', 'blocked'],
              ],
            },
            { type: 'pre', text: '{"a": 1}' },
            { type: 'note', inline: ['small print'] },
          ],
          buttons: [],
          lang: 'en',
          tone: 'notice',
        },
      });
      const { text } = await bench.see(address, 'Blocked');
      for (const part of [
        'Blocked since Monday',
        'RU-x-1',
        'first',
        'second',
        'Signal',
        'open',
        'MAX',
        '{"a": 1}',
        'small print',
      ])
        expect(text).toContain(part);
    });

    test('edit: the message changes; the same edit again is delivered too', async () => {
      const { address } = await bench.chat();
      const ref = await delivered(sendOf(address, 'throttled'));
      expect(await delivered(editOf(address, ref, 'now blocked'))).toBe(ref);
      expect(await bench.see(address, 'now blocked')).toMatchObject({ edited: true });
      expect(await delivered(editOf(address, ref, 'now blocked'))).toBe(ref);
    });

    test('reply: points at the message', async () => {
      const { address } = await bench.chat();
      const ref = await delivered(sendOf(address, 'it began'));
      await delivered(sendOf(address, 'it is over', {}, ref));
      const seen = await bench.see(address, 'it is over');
      if (seen.replyTo !== undefined) expect(seen.replyTo).toBe(ref);
    });

    test('an empty document and a huge one: no exception, and no refusal', async () => {
      const { address } = await bench.chat();
      await delivered(sendOf(address, ''));
      await delivered(sendOf(address, 'слово '.repeat(20_000)));
    });

    test('an address of nowhere: an outcome, no exception', async () => {
      const { address } = await bench.chat();
      const outcome = await bench.adapter.send(sendOf({ ...address, chat: 'no such chat', thread: null }, 'x'), never);
      expect(['gone', 'rejected', 'delivered']).toContain(outcome.kind);
    });

    test('aborted before it begins: retry, canceled', async () => {
      const { address } = await bench.chat();
      const outcome = await bench.adapter.send(sendOf(address, 'never'), AbortSignal.abort());
      expect(outcome).toMatchObject({ kind: 'retry', reason: 'canceled' });
    });

    test('a command: reaches the handler without prefix, with its chat and its sender', async () => {
      if (!bench.write) return;
      const { address, kind } = await bench.chat();
      await bench.write(address, 'subscribe ru whatsapp');
      const event = await heard.waitFor(
        (e) => isCommand('subscribe ru whatsapp')(e) && e.address.chat === address.chat,
      );
      expect(event).toMatchObject({ kind: 'command', address, chatKind: kind, button: null });
      if (event.kind !== 'command') return;
      expect(event.sender.id).toMatch(new RegExp(`^${bench.adapter.platform}:.`));
      expect(typeof (await event.sender.isAdmin())).toBe('boolean');
    });

    test('commands of one chat: come in order', async () => {
      if (!bench.write) return;
      const { address } = await bench.chat();
      const commands = Array.from({ length: 10 }, (_, i) => `status a${i}`);
      for (const command of commands) await bench.write(address, command);
      await heard.waitFor(isCommand('status a9'));
      const texts = heard.events.flatMap((e) =>
        e.kind === 'command' && e.address.chat === address.chat && e.text.startsWith('status a') ? [e.text] : [],
      );
      expect(texts).toEqual(commands);
    });

    test('a very long command: comes in no more than 1,000 characters, or not at all', async () => {
      if (!bench.write) return;
      const { address } = await bench.chat();
      await bench.write(address, `help ${'x'.repeat(3000)}`);
      await bench.write(address, 'help end');
      await heard.waitFor((e) => isCommand('help end')(e) && e.address.chat === address.chat);
      for (const e of heard.events) if (e.kind === 'command') expect(e.text.length).toBeLessThanOrEqual(1000);
    });

    test('buttons: pressing one is its command, from that message', async () => {
      if (!bench.press) return;
      const { address } = await bench.chat();
      const long = `mute ${'RU-whatsapp-3f9k '.repeat(8)}for 8h`.trim();
      const ref = await delivered(
        sendOf(address, 'press one', {
          buttons: [
            [{ label: 'Short', press: { command: 'status ru' } }],
            [{ label: 'Long', press: { command: long } }],
          ],
        }),
      );
      await bench.press(address, 'Short');
      expect(await heard.waitFor((e) => isCommand('status ru')(e) && e.button !== null)).toMatchObject({
        button: { messageRef: ref },
      });
      await bench.press(address, 'Long');
      await heard.waitFor((e) => isCommand(long)(e) && e.button !== null);
    });

    test('a picture: is there with what it says; where there are no pictures, its text is', async () => {
      const { address } = await bench.chat();
      await delivered(sendOf(address, 'Russia: 30 Oct – 28 Nov', { picture: pictureOf('<svg/>first') }));
      expect(bench.pictures !== undefined).toBe(bench.adapter.talk.attachments);
      if (!bench.pictures) await bench.see(address, 'Russia: 30 Oct – 28 Nov');
      else expect(await bench.pictures(address)).toEqual([expect.stringContaining('Russia')]);
    });

    test('a text file: is there by its name; where there are no files, its text is; an edit of it is a text', async () => {
      const { address } = await bench.chat();
      const file = {
        name: 'tocsin-RU-x-1.json',
        type: 'application/json',
        text: '{"a":"ы\u0000"}\r\n--tocsin',
      } as const;
      await delivered(sendOf(address, 'Evidence RU-x-1', { file }));
      expect(bench.files !== undefined).toBe(bench.adapter.talk.attachments);
      if (!bench.files) await bench.see(address, 'Evidence RU-x-1');
      else expect(await bench.files(address)).toEqual([file.name]);
    });

    test('a text file while the platform is busy: retry, and then it is there once', async () => {
      if (!bench.fail || !bench.files) return;
      const { address } = await bench.chat();
      const message = sendOf(address, 'x', { file: { name: 'card.txt', type: 'text/plain', text: 'text' } });
      await bench.fail('busy');
      expect((await bench.adapter.send(message, never)).kind).toBe('retry');
      await delivered(message);
      expect(await bench.files(address)).toEqual(['card.txt']);
    });

    test('the same picture in two chats: uploaded once; another one: once more', async () => {
      if (!bench.pictures || !bench.uploads) return;
      const [one, other] = [await bench.chat(), await bench.chat()];
      const before = await bench.uploads();
      for (const { address } of [one, other, one])
        await delivered(sendOf(address, 'Russia', { picture: pictureOf('<svg/>same') }));
      expect((await bench.uploads()) - before).toBe(1);
      await delivered(sendOf(one.address, 'Russia', { picture: pictureOf('<svg/>another') }));
      expect((await bench.uploads()) - before).toBe(2);
      expect(await bench.pictures(one.address)).toHaveLength(3);
      expect(await bench.pictures(other.address)).toHaveLength(1);
    });

    test('a picture that cannot be made: rejected, and nothing is there; a text after it is', async () => {
      if (!bench.pictures) return;
      const { address } = await bench.chat();
      const outcome = await bench.adapter.send(sendOf(address, 'x', { picture: pictureOf('impossible') }), never);
      expect(outcome).toMatchObject({ kind: 'rejected', detail: 'no picture' });
      expect(await bench.pictures(address)).toEqual([]);
      await delivered(sendOf(address, 'and yet'));
    });

    test('an edit of a picture: another one is there in its place', async () => {
      if (!bench.pictures) return;
      const { address } = await bench.chat();
      const ref = await delivered(sendOf(address, 'Russia', { picture: pictureOf('<svg/>old') }));
      const alt = 'Timeline: Belarus.';
      expect(await delivered(editOf(address, ref, 'Belarus', { picture: pictureOf('<svg/>new', { alt }) }))).toBe(ref);
      expect(await bench.pictures(address)).toEqual([expect.stringContaining('Belarus')]);
    });

    test('a picture while the platform is busy: retry', async () => {
      if (!bench.fail || !bench.pictures) return;
      const { address } = await bench.chat();
      const message = sendOf(address, 'Russia', { picture: pictureOf('<svg/>busy') });
      await bench.fail('busy');
      expect(await bench.adapter.send(message, never)).toMatchObject({ kind: 'retry', reason: 'rate_limited' });
      await delivered(message);
      expect(await bench.pictures(address)).toHaveLength(1);
    });

    test('the platform is busy: retry, with the time to wait', async () => {
      if (!bench.fail) return;
      const { address } = await bench.chat();
      await bench.fail('busy');
      const outcome = await bench.adapter.send(sendOf(address, 'later'), never);
      expect(outcome).toMatchObject({ kind: 'retry', reason: 'rate_limited' });
      if (outcome.kind === 'retry') expect(outcome.afterMs).toBeGreaterThan(0);
    });

    test('the connection breaks: retry; then it works', async () => {
      if (!bench.fail) return;
      const { address } = await bench.chat();
      await bench.fail('broken');
      expect(await bench.adapter.send(sendOf(address, 'again'), never)).toMatchObject({ kind: 'retry' });
      await delivered(sendOf(address, 'again'));
    });

    test('the chat is gone: gone, and still gone', async () => {
      if (!bench.end) return;
      const { address } = await bench.chat();
      await bench.end(address);
      expect(await bench.adapter.send(sendOf(address, 'anybody?'), never)).toMatchObject({ kind: 'gone' });
      expect(await bench.adapter.send(sendOf(address, 'hello?'), never)).toMatchObject({ kind: 'gone' });
    });

    test('health: ok, and tells of the last contact', async () => {
      const { address } = await bench.chat();
      await delivered(sendOf(address, 'fine'));
      expect(bench.adapter.health()).toMatchObject({ ok: true, problem: null });
    });

    test('stop: within seconds, waits for a handler, and may be called twice', async () => {
      const begun = performance.now();
      await bench.adapter.stop();
      await bench.adapter.stop();
      expect(performance.now() - begun).toBeLessThan(4000);
    });
  });
}
