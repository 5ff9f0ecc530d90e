/**
 * Two agents in two labs, each on a network of its own behind its own censor, and one bot that neither can reach but by its door: one agent that sees
 * the block corroborates it, the second confirms it, and an agent whose line is clean says nothing of the kind.
 */
import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../fakes/free-port.ts';
import { describeIf } from '../fakes/shared.ts';
import { certify, Lab, labProblem, MAIN, NODE } from './lab/lab.ts';
import { Program } from './program.ts';

const problem = await labProblem();
/** An address of each lab's internet. */
const OUTSIDE = '192.0.2.80';
const TOKENS = { one: 'a-token-of-the-agent-one', two: 'a-token-of-the-agent-two' };

/** Hands on what comes to the socket in the file system to the bot; both are closed by ending the server. */
async function relay(path: string, port: number): Promise<Server> {
  const server = createServer((visitor) => {
    const bot = connect(port, '127.0.0.1');
    visitor.pipe(bot).pipe(visitor);
    for (const end of [visitor, bot]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        visitor.destroy();
        bot.destroy();
      });
    }
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  return server;
}

/** A lab with a door to the bot and an agent that measures every five seconds. */
class Place {
  readonly lab: Lab;
  readonly #running: ChildProcess[] = [];
  readonly #server: Server;
  said = '';

  private constructor(lab: Lab, server: Server) {
    this.lab = lab;
    this.#server = server;
  }

  static async open(name: 'one' | 'two', port: number): Promise<Place> {
    const lab = await Lab.up(name[0]!);
    const socket = join(lab.folder, 'centre.sock');
    const place = new Place(lab, await relay(socket, port));
    const vantage = JSON.parse(await readFile(lab.vantage, 'utf8')) as object;
    await writeFile(lab.vantage, JSON.stringify({ ...vantage, id: `laptop-${name}` }));
    const { key, cert } = await certify(lab, OUTSIDE);
    const door = join(import.meta.dirname, 'lab/tls-door.ts');
    place.#keep(lab.start('internet', [NODE, door, OUTSIDE, '8443', cert, key, socket]));
    const reach = ['--centre', `https://${OUTSIDE}:8443/agents`, '--token', 'env:AGENT_TOKEN', '--ca', cert];
    const keeps = ['--vantage', lab.vantage, '--spool', join(lab.folder, 'agent'), '--consent', '--every', '5'];
    const command = [NODE, MAIN, 'agent', 'freepress', ...reach, ...keeps];
    place.#keep(lab.start('client', command, { AGENT_TOKEN: TOKENS[name] }));
    return place;
  }

  #keep(child: ChildProcess): void {
    this.#running.push(child);
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.said = (this.said + text).slice(-4_000);
      });
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    this.#server.close();
    await this.lab.down();
  }
}

describeIf(problem === null, `lab: ${problem}`, 'two agents', () => {
  test(
    'an honest agent corroborates what it sees, a second one on another network confirms it',
    {
      timeout: 300_000,
    },
    async () => {
      const port = await freePort();
      const program = await Program.create({
        database: 'tocsin.db',
        accounts: [{ id: 'console', platform: 'console' }],
        sources: [],
        services: 'services.json',
        web: { listen: `127.0.0.1:${port}` },
        agents: [
          { id: 'one', token: TOKENS.one, country: 'RU', asn: 'AS64501' },
          { id: 'two', token: TOKENS.two, country: 'RU', asn: 'AS64502' },
        ],
        policy: { groupWait: '0s' },
      });
      const freePress = { id: 'freepress', name: 'FreePress', category: 'news', aliases: [] };
      await writeFile(join(program.folder, 'services.json'), JSON.stringify({ services: [freePress] }));
      const places: Place[] = [];
      /** How many measurements of an agent have arrived, by the verdict. */
      const until = async (words: RegExp, ms: number, what: string): Promise<void> => {
        await program
          .until(() => words.test(program.stdout), ms, what)
          .catch((error: Error) => {
            throw new Error(
              `${error.message}\nagents: ${places.map(({ said }) => said.slice(-1_500)).join('\n---\n')}`,
            );
          });
      };
      try {
        await program.start();
        program.type('subscribe ru freepress');
        await until(/I watch here/, 10_000, 'subscribed');
        const opened = await Promise.allSettled([Place.open('one', port), Place.open('two', port)]);
        places.push(...opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
        for (const one of opened) if (one.status === 'rejected') throw one.reason;
        const [one, two] = places as [Place, Place];
        // Both lines are clean: both are heard of, and nothing rings.
        for (const id of ['one', 'two']) {
          for (const end = performance.now() + 60_000; !new RegExp(`Agent ${id} .*measures`).test(program.stdout);) {
            if (performance.now() > end) throw new Error(`agent ${id} is not heard of\n${one.said}\n${two.said}`);
            program.type('ping');
            await wait(1_000);
          }
        }
        await wait(12_000);
        expect(program.stdout).not.toMatch(/FreePress.* blocked|measured on/);

        await one.lab.scenario('sni_rst', 'freepress');
        await until(/Corroborated: measured on one network/, 90_000, 'one network corroborates');
        expect(program.stdout).toMatch(/Russia.*FreePress.*blocked/);
        // The other agent goes on to see it open: it does not make two networks of one.
        await wait(12_000);
        expect(program.stdout).not.toContain('Confirmed');

        await two.lab.scenario('sni_rst', 'freepress');
        await until(/Confirmed: measured from 2 networks/, 90_000, 'two networks confirm');
        expect(await program.stop()).toBe(0);
      } finally {
        await Promise.allSettled(places.map((place) => place.close()));
        await program.remove();
      }
    },
  );
});
