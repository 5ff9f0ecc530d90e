/** A second Matrix client that shares no code with ours: people who encrypt, by matrix-nio (Python) in a process of its own, `nio/main.py`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { MatrixUser, type Shown } from './matrix-user.ts';
import type { Synapse } from './synapse.ts';

const VENV = process.env.TOCSIN_NIO_VENV || resolve(import.meta.dirname, '../../.nio-venv');
const PYTHON = join(VENV, 'bin/python');

/** Why tests with a second client are left out where they are. */
export const NEEDS_NIO = 'needs matrix-nio (.ci/nio-install)';
export const hasNio = (): boolean => existsSync(PYTHON);

/** An event as its reader has it after decryption. */
export interface Heard extends Shown {
  /** When it could be read, ms since the epoch. */
  heardAt: number;
  /** Came as `m.room.encrypted`. */
  encrypted: boolean;
  undecryptable: boolean;
  /** The device that encrypted it, by its key as the server lists it; null when it lists none. */
  device: string | null;
  /** Its owner's keys vouch for that device: master key → self-signing key → device. */
  crossSigned: boolean;
  /** Not shown to this reader, who accepts cross-signed devices alone. */
  dropped: boolean;
  /** Could only be read some time after it came. */
  late?: boolean;
  sessionId: string | null;
  /** Of the message in its session. */
  index: number | null;
}

export interface DeviceList {
  master: string | null;
  /** The master key signed the self-signing key. */
  chain: boolean;
  devices: { device: string; ed25519: string; curve25519: string; selfSigned: boolean; crossSigned: boolean }[];
}

/** Of one room, for whoever counts. */
export interface Tally {
  /** First versions, in order. */
  bodies: { body: string; heardAt: number }[];
  events: number;
  undecryptable: number;
  plain: number;
  dropped: number;
  late: number;
}

export interface PersonOptions {
  /** Has cross-signing keys and signs its own device with them, as a new account of Element does. */
  crossSign?: boolean;
  /** Hears and tells cross-signed devices alone. */
  strict?: boolean;
  /** Default true: syncs all the time. */
  listen?: boolean;
}

export class Nio {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #hs: Synapse;
  readonly #asked = new Map<number, { done(value: unknown): void; fail(error: Error): void; what: string }>();
  readonly #known = new Set<string>();
  #ids = 0;

  private constructor(hs: Synapse, child: ChildProcess, folder: string) {
    this.#hs = hs;
    this.#child = child;
    this.#folder = folder;
    let errors = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000);
    });
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const { id, ok, error } = JSON.parse(line) as { id: number; ok?: unknown; error?: string };
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (error === undefined) asked?.done(ok);
      else asked?.fail(new Error(`${asked.what}: ${error}`));
    });
    child.on('exit', (code) => {
      for (const { fail, what } of this.#asked.values())
        fail(new Error(`matrix-nio ended (${code}) before ${what}: ${errors}`));
      this.#asked.clear();
    });
  }

  static start(hs: Synapse): Nio {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-nio-'));
    const child = spawn(PYTHON, ['-u', join(import.meta.dirname, 'nio/main.py'), hs.baseUrl, folder], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
    });
    return new Nio(hs, child, folder);
  }

  ask<T>(what: string, line: Record<string, unknown>): Promise<T> {
    const id = ++this.#ids;
    return new Promise<T>((done, fail) => {
      this.#asked.set(id, { done: done as (value: unknown) => void, fail, what: `${what} ${String(line.as ?? '')}` });
      this.#child.stdin!.write(`${JSON.stringify({ id, do: what, ...line })}\n`);
    });
  }

  /** An account that was registered elsewhere. */
  knows(user: string): void {
    this.#known.add(user);
  }

  /** A person with an account of their own, on one device. Another call with `name/2` is that person's second device. */
  async person(name: string, options: PersonOptions = {}): Promise<NioPerson> {
    const user = name.split('/')[0]!;
    if (!this.#known.has(user)) await this.#hs.register(user);
    this.#known.add(user);
    const login = { as: name, user, password: `password-of-${user}`, ...options };
    const { userId, token, device } = await this.ask<{ userId: string; token: string; device: string }>('login', login);
    return new NioPerson(this, this.#hs.baseUrl, { name, userId, token, device });
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) {
      const gone = new Promise((r) => this.#child.once('exit', r));
      this.#child.kill('SIGKILL');
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What it sends is encrypted (or not sent), what it reads is decrypted; state and membership go the plain way. */
export class NioPerson extends MatrixUser {
  readonly name: string;
  readonly device: string;
  readonly #nio: Nio;

  constructor(nio: Nio, baseUrl: string, who: { name: string; userId: string; token: string; device: string }) {
    super(baseUrl, who.userId, who.token);
    this.#nio = nio;
    this.name = who.name;
    this.device = who.device;
  }

  #ask = <T>(what: string, line: Record<string, unknown> = {}): Promise<T> =>
    this.#nio.ask<T>(what, { as: this.name, ...line });

  override async sendEvent(roomId: string, type: string, content: object): Promise<string> {
    return (await this.sendTimed(roomId, content, type)).eventId;
  }

  /** With the moments at which it was sent and at which the server had it, ms since the epoch. */
  sendTimed(
    room: string,
    content: object,
    type = 'm.room.message',
  ): Promise<{ eventId: string; sentAt: number; answeredAt: number }> {
    return this.#ask('send', { room, content, type });
  }

  /** Into a room that is not encrypted. */
  async sendPlain(room: string, body: string): Promise<string> {
    const content = { msgtype: 'm.text', body };
    return (await this.#ask<{ eventId: string }>('send', { room, content, encrypted: false })).eventId;
  }

  /** Messages that this device has received, in order; what it cannot read, or does not accept, has no content. */
  override async messages(roomId: string): Promise<Heard[]> {
    const rows = await this.#ask<Omit<Heard, 'body'>[]>('read', { room: roomId });
    return rows.map((row) => ({ ...row, body: String(row.content.body ?? '') }));
  }

  override async waitForMessage(roomId: string, test: (message: Heard) => boolean, ms = 15_000): Promise<Heard> {
    return (await super.waitForMessage(roomId, test as (message: Shown) => boolean, ms)) as Heard;
  }

  tally = (rooms: string[], sender: string): Promise<Record<string, Tally>> => this.#ask('counts', { rooms, sender });
  /** In how many of these rooms a text is that can be read. */
  reached = (rooms: string[], text: string): Promise<number> => this.#ask('reached', { rooms, text });
  devices = (user: string): Promise<DeviceList> => this.#ask('devices', { user });
  /** Vouches for another device of one's own account. */
  sign = (device: string): Promise<void> => this.#ask('sign', { device });
  /** Message indices of sessions that more than one event used. */
  reused = (): Promise<{ reused: { sessionId: string; index: number; events: string[] }[]; messages: number }> =>
    this.#ask('reused');
  /** While on, this person gets no key of what is sent. */
  withhold = (user: string, on: boolean): Promise<void> => this.#ask('withhold', { user, on });
  /** Requests for keys that came here. */
  requests = (): Promise<Record<string, unknown>[]> => this.#ask('requests');
  /** An attachment, fetched and decrypted: sizes in bytes, first bytes as hex. */
  file = (
    room: string,
    event: string,
  ): Promise<{ stored: number; storedHead: string; size: number; head: string; sha256: string }> =>
    this.#ask('file', { room, event });
  /** Interactive verification; without a device, as the other side asks for it. `match` is what the emoji are said to be. */
  verify = (
    user: string,
    options: { device?: string; match?: boolean; seconds?: number } = {},
  ): Promise<{ emoji: [string, string][]; ended: string }> => this.#ask('verify', { user, ...options });
  deafen = (): Promise<void> => this.#ask('deafen');
  listen = (): Promise<void> => this.#ask('listen');
  sync = (): Promise<boolean> => this.#ask('sync');
  close = (): Promise<void> => this.#ask('close');
}
