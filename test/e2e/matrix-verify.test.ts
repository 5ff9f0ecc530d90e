/** `tocsin matrix verify` against a real Synapse and a second client that shares no code with ours (matrix-nio). */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signOf } from '../../src/adapters/matrix/verify-command.ts';
import { describeIf } from '../fakes/shared.ts';
import { hasNio, NEEDS_NIO, Nio, type NioPerson } from './nio.ts';
import { Program } from './program.ts';
import { hasSynapse, type Synapse, startSynapse } from './synapse.ts';
import { CTRL_C, ENTER, hasPython, Terminal } from './terminal.ts';

const BOT = '@tocsin:localhost';
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const SIGNS = Array.from({ length: 64 }, (_, i) => signOf(i, 'de'));

describeIf(hasNio() && hasSynapse() && hasPython(), NEEDS_NIO, 'tocsin matrix verify', () => {
  let hs: Synapse;
  let nio: Nio;
  let ann: NioPerson;
  let folder: string;
  let terminal: Terminal | null = null;

  beforeAll(async () => {
    [hs, folder] = await Promise.all([startSynapse(), mkdtemp(join(tmpdir(), 'tocsin-verify-'))]);
    nio = Nio.start(hs);
    ann = await nio.person('ann', { crossSign: true, strict: true });
    // The account got its identity in another app.
    await nio.person('tocsin', { crossSign: true });
    writeFileSync(join(folder, 'password'), 'password-of-tocsin');
  }, 90_000);
  afterAll(async () => {
    terminal?.kill();
    await nio?.stop();
    await hs?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A session of its own, and a configuration with it and a database of its own. */
  async function place(name: string): Promise<{ config: string; device: string; account: object }> {
    const answer = await fetch(`${hs.baseUrl}/_matrix/client/v3/login`, {
      method: 'POST',
      body: JSON.stringify({
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: 'tocsin' },
        password: 'password-of-tocsin',
      }),
    });
    const { access_token: accessToken, device_id: device } = (await answer.json()) as Record<string, string>;
    const account = { id: 'mx', platform: 'matrix', homeserver: hs.baseUrl, accessToken, e2ee: true };
    mkdirSync(join(folder, name), { recursive: true });
    const config = join(folder, name, 'tocsin.json');
    writeFileSync(
      config,
      JSON.stringify({ database: join(folder, name, 'tocsin.db'), sources: [], accounts: [account] }),
    );
    return { config, device: device!, account };
  }

  /** Nobody sits there. */
  async function script(args: string[]): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, said };
  }

  const seenOf = async (device: string) => {
    const { devices, chain, master } = await ann.devices(BOT);
    return { ...devices.find((one) => one.device === device), chain, master };
  };

  test('made elsewhere: refused with the remedies; reset by password: another client sees it signed; on another machine taken by the recovery key', async () => {
    const { config, device } = await place('first');
    const verify = ['matrix', 'verify', '--config', config];
    const refused = await script(verify);
    expect(refused).toMatchObject({ code: 2, said: expect.stringContaining('--recovery-key-file') });
    expect(await seenOf(device)).toMatchObject({ crossSigned: false, selfSigned: true });

    const noPassword = await script([...verify, '--reset']);
    expect(noPassword).toMatchObject({ code: 1, said: expect.stringContaining('--password-file') });
    const reset = await script([
      ...verify,
      '--reset',
      '--password-file',
      'password',
      '--save-recovery-key',
      'recovery',
    ]);
    expect(reset).toMatchObject({ code: 0 });
    const first = await seenOf(device);
    expect(first).toMatchObject({ crossSigned: true, chain: true });
    const recoveryKey = readFileSync(join(folder, 'recovery'), 'utf8').trim();
    expect(recoveryKey).toMatch(/^Es\w\w( \w{4}){11}$/);
    expect(statSync(join(folder, 'recovery')).mode & 0o777).toBe(0o600);
    expect(reset.said).not.toContain(recoveryKey);
    expect((await script(['status', '--config', config])).said).toMatch(
      /mx: encrypted rooms on; device .*, cross-signed\./,
    );

    const other = await place('second');
    const taken = await script(['matrix', 'verify', '--config', other.config, '--recovery-key-file', 'recovery']);
    expect(taken).toMatchObject({ code: 0 });
    expect(await seenOf(other.device)).toMatchObject({ crossSigned: true, chain: true, master: first.master });
  });

  test('emoji with somebody who uses another client: the same on both sides; others, or Ctrl-C, end it on both; not while the bot runs', async () => {
    const { config, device, account } = await place('third');
    const screen = { columns: 100, rows: 40 };
    const args = ['matrix', 'verify', '--config', config, '--recovery-key-file', 'recovery', '--with', 'anybody'];
    for (const match of [true, false]) {
      const at = new Terminal(args, { cwd: folder, env: { LANG: 'de_DE.UTF-8' }, screen });
      terminal = at;
      await at.until(/Waiting ten minutes/);
      const theirs = ann.verify(BOT, { device, match, seconds: 40 });
      await at.until(/@ann:localhost.*asks to verify the bot/);
      at.press(`y${ENTER}`);
      await at.until(/Compare with what.*Are these seven there/);
      if (match) at.press(`y${ENTER}`);
      const { emoji, ended } = await theirs;
      expect(ended).toBe(match ? 'done' : 'cancel');
      await at.until(match ? /Verified: @ann:localhost/ : /Not verified: @ann:localhost.*not the same/);
      expect(await at.ended()).toBe(match ? 0 : 1);
      const names = emoji.map(([sign]) => SIGNS.find((one) => one.emoji.startsWith(sign.replace('\ufe0f', '')))!.name);
      const shown = at.shown.replace(/\s+/g, ' ');
      expect(names.reduce((from, name) => (from < 0 ? from : shown.indexOf(` ${name} `, from)), 0)).toBeGreaterThan(0);
    }
    // Ended while the question stands: who asked is told.
    const left = new Terminal(args, { cwd: folder, env: {}, screen });
    terminal = left;
    await left.until(/Waiting ten minutes/);
    const theirs = ann.verify(BOT, { device, seconds: 40 }).catch((error: Error) => error.message);
    await left.until(/asks to verify the bot/);
    left.press(CTRL_C);
    expect(await theirs).toContain('cancelled: m.user');
    expect(await left.ended()).toBe(1);
    const program = await Program.create({
      database: join(folder, 'third', 'tocsin.db'),
      sources: [],
      accounts: [account],
    });
    try {
      await program.start();
      const meanwhile = await script(args.slice(0, 4));
      expect(meanwhile).toMatchObject({ code: 1, said: expect.stringContaining('Stop it, run this again') });
      expect(program.stderr).not.toContain('not signed by the identity');
      // Beside it, at a terminal: by emoji, again and again.
      for (const match of [true, false, true]) {
        const at = new Terminal(args, { cwd: folder, env: { LANG: 'de_DE.UTF-8' }, screen });
        terminal = at;
        await at.until(/The bot runs, and goes on[\s\S]*Waiting ten minutes/);
        const theirs = ann.verify(BOT, { device, match, seconds: 90 });
        await at.until(/@ann:localhost.*asks to verify the bot/);
        at.press(`y${ENTER}`);
        // Who says at once that they differ ends it before the terminal, which looks twice a second, shows any.
        if (match) {
          await at.until(/Compare with what.*Are these seven there/);
          at.press(`y${ENTER}`);
        }
        const { emoji, ended } = await theirs;
        expect(ended).toBe(match ? 'done' : 'cancel');
        await at.until(match ? /Verified: @ann:localhost/ : /Not verified: @ann:localhost.*not the same/);
        expect(await at.ended()).toBe(match ? 0 : 1);
        const shown = at.shown.replace(/\s+/g, ' ');
        for (const [sign] of match ? emoji : [])
          expect(shown).toContain(SIGNS.find((one) => one.emoji.startsWith(sign.replace('\ufe0f', '')))!.name);
      }
      // Others see what it has.
      const [checked, status] = [
        await script(['check', '--config', config]),
        await script(['status', '--config', config]),
      ];
      const line = new RegExp(`encrypted rooms on; device ${device}, fingerprint (.*), cross-signed`);
      expect(line.exec(checked.said)?.[1]).toBe(line.exec(status.said)?.[1]);
      expect(checked.said).toMatch(line);
    } finally {
      await program.stop();
      await program.remove();
    }
  }, 240_000);
});
