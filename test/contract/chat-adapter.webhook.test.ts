/** A webhook as a chat adapter like any other, but for what nobody can write to it. */
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { createAdapter } from '../../src/adapters/webhook/adapter.ts';
import { PRESETS, type Preset, TARGET, webhookKind } from '../../src/adapters/webhook/config.ts';
import { createHttp } from '../../src/platform/http.ts';
import { serve } from '../unit/http/servers.ts';
import { testDeps } from './adapter-deps.ts';
import { type AdapterBench, chatAdapterContract } from './chat-adapter.suite.ts';

/** What a reader of the target sees of a body. */
// oxlint-disable-next-line typescript/no-explicit-any -- a body is what the platform of the preset says that it is
const READ: Record<Preset, (body: any) => { text: string; replaces?: string | null }> = {
  standard: ({ data }) => data,
  slack: ({ text }) => ({ text: text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&') }),
  discord: ({ embeds: [{ title, description }] }) => ({ text: unmarked(`${title ?? ''}\n${description}`) }),
  mattermost: ({ text }) => ({ text: unmarked(text) }),
  ntfy: ({ title, message }) => ({ text: `${title ?? ''}\n${message}` }),
  alertmanager: () => ({ text: '' }),
};
const unmarked = (text: string): string =>
  text
    .replace(/\\(?=.)|\u2060/g, '')
    .replace(/\*\*(.*?)\*\*/g, '$1')
    .replace(/(?<= )\*(Monday)\*/g, '$1')
    .replace(/`(RU-x-1)`/g, '$1');

async function open(preset: Preset): Promise<AdapterBench> {
  const seen: { text: string; replaces?: string | null }[] = [];
  let failure: 'busy' | 'broken' | null = null;
  const server = await serve((request: IncomingMessage, response) => {
    let body = '';
    const how = failure;
    failure = null;
    if (how === 'broken') return void request.socket.destroy();
    request.setEncoding('utf8').on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      if (how === 'busy') return void response.writeHead(429, { 'retry-after': '1' }).end();
      seen.push(READ[preset](JSON.parse(body)));
      response.writeHead(200).end('ok');
    });
  });
  const { http, resolves, close } = createHttp({ allowPrivateAddresses: true });
  const secret = preset === 'standard' ? { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } : {};
  const account = { platform: 'webhook', url: `${server.url}/topic`, preset, follow: ['all'], ...secret };
  const adapter = createAdapter(v.parse(webhookKind.schema, account), testDeps({ http, resolves }));
  return {
    adapter,
    chat: async () => ({ address: { accountId: 'hook', chat: TARGET, thread: null }, kind: 'channel' }),
    async see(_, text) {
      const found = seen.findLast((one) => one.text.includes(text));
      if (!found) throw new Error(`not there: ${text}; there is ${JSON.stringify(seen.slice(-2))}`);
      // Only the standard says of a message about no incident which one it replaces; elsewhere it is a new one.
      return {
        text: found.text,
        edited: preset === 'standard' ? (found.replaces ?? null) !== null : text.startsWith('now'),
      };
    },
    async fail(how) {
      failure = how;
    },
    async close() {
      await adapter.stop();
      await close();
      await server.close();
    },
  };
}

// What Alertmanager takes are incidents alone, and none is in the suite.
for (const preset of PRESETS.filter((one) => one !== 'alertmanager'))
  chatAdapterContract(`webhook, ${preset}`, () => open(preset));
