import { type Socket, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { mountAgents } from '../../../src/app/intakes.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createAgentIntake } from '../../../src/sources/probe/agent-intake.ts';
import { type WebServer, openServer } from '../../../src/web/server.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';

let server: WebServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

const agent = (id: string, asn: string) => ({ id, token: `a-token-of-the-agent-${id}`, country: 'RU', asn });

test('an agent that holds sixty posts open, a byte at a time: another one is answered at once', async () => {
  server = await openServer({ host: '127.0.0.1', port: 0 }, log);
  const kept = new Map<string, unknown>();
  const intake = await createAgentIntake({
    agents: [agent('slow', 'AS1'), agent('other', 'AS2')],
    clock: systemClock,
    log,
    state: {
      get: async (key) => kept.get(key),
      set: async (key, value) => void kept.set(key, value),
      delete: async (key) => void kept.delete(key),
    },
    deliver: async () => undefined,
  });
  mountAgents(server.mount, intake, new AbortController().signal);
  const answers: string[] = [];
  for (let i = 0; i < 60; i++) {
    const socket = connect(server.address.port, '127.0.0.1', () =>
      socket.write(
        'POST /agents HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a-token-of-the-agent-slow\r\ncontent-length: 1000\r\n\r\n{',
      ),
    );
    socket.on('data', (text) => void answers.push(text.toString().slice(9, 12)));
    socket.on('error', () => undefined);
    sockets.push(socket);
  }
  // All but its own four places are refused at once.
  while (answers.length < 56) await systemClock.sleep(10);
  expect(new Set(answers)).toEqual(new Set(['503']));
  const answer = await fetch(`http://127.0.0.1:${server.address.port}/agents`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token-of-the-agent-other' },
    body: JSON.stringify({ v: 1, epoch: 'abcdefgh', seq: 0, dropped: 0, measurements: [] }),
    signal: AbortSignal.timeout(5_000),
  });
  expect([answer.status, await answer.json()]).toEqual([200, { acked: 0, stop: false }]);
});
