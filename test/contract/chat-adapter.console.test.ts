import { PassThrough } from 'node:stream';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createAdapter } from '../../src/adapters/console/adapter.ts';
import { consoleKind } from '../../src/adapters/console/config.ts';
import { langOf } from '../../src/i18n/packs.ts';
import { recorder, testDeps } from './adapter-deps.ts';
import { type AdapterBench, chatAdapterContract, isCommand, never, sendOf } from './chat-adapter.suite.ts';

const account = v.parse(consoleKind.schema, { platform: 'console' });
const address = { accountId: 'console', chat: 'console', thread: null };

function pipes(env: Record<string, string> = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk) => {
    shown += chunk;
  });
  return { io: { input, output, env }, shown: () => shown };
}

async function open(): Promise<AdapterBench> {
  const { io, shown } = pipes();
  const adapter = createAdapter(account, testDeps(), io);
  return {
    adapter,
    chat: async () => ({ address, kind: 'private' }),
    write: async (_, command) => void io.input.write(`/${command}\n`),
    async see(_, text) {
      await new Promise((resolve) => setImmediate(resolve));
      const block = shown()
        .split('\n\n')
        .findLast((part) => part.includes(text));
      if (block === undefined) throw new Error(`not shown: ${text}`);
      return { text: block, edited: block.startsWith('[Update]') };
    },
    close: () => adapter.stop(),
  };
}

chatAdapterContract('console', open);

test('stdin: with and without slash, empty lines and endless ones left out, the last one without a line break taken', async () => {
  const { io } = pipes();
  const heard = recorder();
  const adapter = createAdapter(account, testDeps(), io);
  await adapter.start(heard);
  io.input.write('/ping\n\n  status ru  \r\n');
  io.input.write(`${'x'.repeat(100_000)}\n/подписка ру\n`);
  io.input.end('help');
  await heard.waitFor(isCommand('help'));
  expect(heard.events.map((e) => (e.kind === 'command' ? e.text : e.kind))).toEqual([
    'joined',
    'ping',
    'status ru',
    'подписка ру',
    'help',
  ]);
  await adapter.stop();
});

test('the end of stdin: messages still come', async () => {
  const { io, shown } = pipes();
  const adapter = createAdapter(account, testDeps(), io);
  await adapter.start(recorder());
  io.input.end();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await adapter.send(sendOf(address, 'still here'), never)).toMatchObject({ kind: 'delivered' });
  expect(shown()).toBe('still here\n\n');
  await adapter.stop();
});

test('stdout: links, aligned tables, typed forms of buttons; nothing that steers a terminal', async () => {
  const { io, shown } = pipes();
  const adapter = createAdapter(account, testDeps(), io);
  const message = sendOf(address, '', {
    blocks: [
      {
        type: 'paragraph',
        inline: ['\u001b[31mred\u001b[0m \u202eevil ', { link: 'https://news.example/a', text: 'News' }],
      },
      {
        type: 'table',
        head: null,
        rows: [
          ['WhatsApp', 'blocked'],
          ['MAX', 'open'],
        ],
      },
    ],
    buttons: [
      [
        { label: 'Mute', press: { command: 'mute RU-x for 8h' } },
        { label: 'More', press: { url: 'https://x.example/' } },
      ],
    ],
  });
  await adapter.send(message, never);
  expect(shown()).toBe(
    '[31mred[0m evil News (https://news.example/a)\nWhatsApp  blocked\nMAX       open\n  > mute RU-x for 8h  (Mute)\n  > https://x.example/  (More)\n\n',
  );
});

test('a closed stdout: rejected, no crash, and health tells', async () => {
  const { io } = pipes();
  const adapter = createAdapter(account, testDeps(), io);
  await adapter.start(recorder());
  io.output.destroy(new Error('EPIPE'));
  expect(await adapter.send(sendOf(address, 'x'), never)).toMatchObject({ kind: 'rejected' });
  expect(adapter.health().ok).toBe(false);
  await adapter.stop();
});

test('language: of the config, else of the environment', async () => {
  expect(langOf({ LANG: 'ru_RU.UTF-8' })).toBe('ru');
  expect(langOf({ LANG: 'ru_RU.UTF-8', LC_ALL: 'de_DE' })).toBe('de');
  expect(langOf({ LANG: 'C.UTF-8' })).toBeNull();
  expect(langOf({ LANG: 'POSIX' })).toBeNull();
  expect(langOf({})).toBeNull();
});
