/** A third Matrix client: Element's own engine (matrix-js-sdk) in a real Chromium, a page for each device, `element/page.js`. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.ts';
import { MatrixUser, type Shown } from './matrix-user.ts';
import type { Synapse } from './synapse.ts';

const ENGINE = process.env.TOCSIN_ELEMENT || resolve(import.meta.dirname, '../../.element');
const PAGE = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';
const FILES: Record<string, [folder: string | null, type: string]> = {
  '/': [null, 'text/html'],
  '/page.js': [join(import.meta.dirname, 'element'), 'text/javascript'],
  '/sdk.js': [ENGINE, 'text/javascript'],
  '/pkg/matrix_sdk_crypto_wasm_bg.wasm': [ENGINE, 'application/wasm'],
};

export const NEEDS_ELEMENT = 'needs matrix-js-sdk (.ci/element-install) and a Chromium';
export const hasElement = (): boolean => existsSync(join(ENGINE, 'sdk.js')) && chromiumPath !== undefined;

/** A message as it stands on the screen. */
export interface OnScreen extends Shown {
  encrypted: boolean;
  undecryptable: boolean;
  /** Its text is that of the newest edit. */
  edited: boolean;
  /** Why the engine would warn of it; null = it does not. 1: nobody here has verified its sender, which Element shows no shield for. */
  shield: number | null;
}

export type Ending = 'confirm' | 'mismatch' | 'cancel' | 'wait';
type Emoji = [sign: string, name: string][];

export class Element {
  readonly #browser: Browser;
  readonly #files: Server;
  readonly #hs: Synapse;
  /** Errors of the pages. */
  readonly trouble: string[] = [];

  private constructor(hs: Synapse, browser: Browser, files: Server) {
    this.#hs = hs;
    this.#browser = browser;
    this.#files = files;
  }

  static async start(hs: Synapse): Promise<Element> {
    const files = createServer((request, response) => {
      const [folder, type] = FILES[request.url!] ?? [];
      response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/html' });
      response.end(folder ? readFileSync(join(folder, request.url!)) : PAGE);
    }).listen(0, '127.0.0.1');
    await once(files, 'listening');
    return new Element(hs, await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] }), files);
  }

  /** Logs in on a device of its own. An account without an identity gets one; with `recoveryKey` it takes the one that is there. */
  async person(user: string, recoveryKey?: string): Promise<ElementPerson> {
    const page = await (await this.#browser.newContext()).newPage();
    page.on('pageerror', (error) => void this.trouble.push(error.message));
    await page.goto(`http://127.0.0.1:${(this.#files.address() as AddressInfo).port}/`);
    await page.waitForFunction('globalThis.element');
    const { baseUrl } = this.#hs;
    const login = { baseUrl, user, password: `password-of-${user}`, recoveryKey };
    return new ElementPerson(page, baseUrl, await call<Session>(page, 'login', login));
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#files.close();
  }
}

type Session = Record<'userId' | 'deviceId' | 'accessToken', string>;

const call = <T>(page: Page, what: string, ...args: unknown[]): Promise<T> =>
  page.evaluate<T>(`element[${JSON.stringify(what)}](...${JSON.stringify(args)})`);

/** What it sends is encrypted, what it reads is on its screen; rooms and membership go the plain way. */
export class ElementPerson extends MatrixUser {
  readonly device: string;
  readonly #page: Page;

  constructor(page: Page, baseUrl: string, { userId, deviceId, accessToken }: Session) {
    super(baseUrl, userId, accessToken);
    this.device = deviceId;
    this.#page = page;
  }

  #ask = <T>(what: string, ...args: unknown[]): Promise<T> => call<T>(this.#page, what, ...args);

  override send = (roomId: string, body: string): Promise<string> => this.#ask('send', roomId, body);
  override messages = (roomId: string): Promise<OnScreen[]> => this.#ask('messages', roomId);
  override async waitForMessage(roomId: string, test: (one: OnScreen) => boolean, ms = 30_000): Promise<OnScreen> {
    return (await super.waitForMessage(roomId, test as (one: Shown) => boolean, ms)) as OnScreen;
  }

  makeRecovery = (): Promise<string> => this.#ask('makeRecovery');
  /** Has the private keys of its account's identity, which signed this device. */
  ready = (): Promise<boolean> => this.#ask('ready');
  standing = (user: string, device: string): Promise<{ signed: boolean; trusted: boolean }> =>
    this.#ask('standing', user, device);
  /** Asks somebody in their chat; without a chat, takes up what they ask. Null: it ended before any emoji. */
  verify = (user: string, roomId?: string): Promise<Emoji | null> => this.#ask('verify', user, roomId);
  /** How it ended here: "done", or the code of the cancellation. */
  end = (what: Ending): Promise<string> => this.#ask('end', what);
  askAndLeave = (user: string, roomId: string): Promise<void> => this.#ask('askAndLeave', user, roomId);
}
