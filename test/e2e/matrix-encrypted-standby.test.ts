/** A standby that lagged when it was promoted: two real PostgreSQL clusters, an account that encrypts, and somebody who reads along. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { testDeps } from '../contract/adapter-deps.ts';
import { isCommand, never, sendOf } from '../contract/chat-adapter.suite.ts';
import { quietLog } from '../fakes/fake-log.ts';
import { describeIf } from '../fakes/shared.ts';
import { allAskedFor } from '../rooms.ts';
import { ANN, at, fake, hastyButPatient, homeserverPerTest, start } from '../unit/matrix/bench.ts';
import { Person } from '../unit/matrix/crypto/person.ts';
import { indexOf } from '../unit/matrix/crypto/support.ts';
import { PostgresPair, postgresPrograms } from './postgres-pair.ts';

homeserverPerTest();

const programs = postgresPrograms();
const ROUNDS = allAskedFor() ? 20 : 1;
const LAG_MS = 30_000;
const OLD = { code: 'config_invalid', message: expect.stringMatching(/^[^\n]*old copy[^\n]*npx tocsin setup[^\n]*$/) };

let ann: Person;
beforeEach(async () => {
  ann = await Person.on(fake, ANN);
});
afterEach(() => ann.close());

type Bot = Awaited<ReturnType<typeof start>>;
let texts = 0;

async function say(bot: Bot, room: string, tries = 20): Promise<string | null> {
  const text = `message ${++texts}`;
  const message = { ...sendOf(at(room), text), key: `delivery-${texts}` };
  for (; tries > 0; tries--) if ((await bot.adapter.send(message, never)).kind === 'delivered') return text;
  return null;
}

/** Time goes on for the bot as `later` says. */
function served(store: Store, later: { ms: number }): Promise<Bot> {
  const deps = hastyButPatient(testDeps({ log: quietLog, rows: store.rows('account/mx') }));
  const { clock } = deps;
  deps.ids = createIds(systemClock);
  deps.clock = { ...clock, now: () => clock.now() + later.ms, monotonic: () => clock.monotonic() + later.ms };
  return start({ e2ee: true }, deps);
}

async function patiently(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; !(await holds()); await systemClock.sleep(50))
    if (performance.now() > end) throw new Error(`did not come true: ${holds}`);
}

async function nothingLost(roomId: string, said: readonly (string | null)[]): Promise<void> {
  const events = fake.said(roomId);
  const bodies: unknown[] = [];
  for (const event of events) bodies.push((await ann.read(roomId, event)).body);
  expect(bodies.toSorted()).toEqual(said.toSorted());
  const places = events.map(({ content }) => `${String(content.session_id)} ${indexOf(content.ciphertext)}`);
  expect(new Set(places).size).toBe(places.length);
}

describeIf(programs, 'needs the programs of PostgreSQL (initdb)', 'two clusters', () => {
  test('promoted 30 s behind: refused in one line, the bot that ran says nothing more, and with a new session everything is read', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      fake.device = `FIRST${round}`;
      const pair = await PostgresPair.up(programs!);
      const open = ({ port }: PostgresPair['primary']) =>
        openStore(`postgres://postgres@127.0.0.1:${port}/postgres`, {
          clock: systemClock,
          log: quietLog,
          ids: createIds(systemClock),
        });
      try {
        // Commits do not wait: else there is no standby that lags.
        for (const text of ["alter system set synchronous_standby_names = ''", 'select pg_reload_conf()'])
          await pair.ask(pair.primary, text);
        const before = await open(pair.primary);
        const later = { ms: 0 };
        const first = await served(before, later);
        const roomId = fake.room(ANN);
        const rotation = { algorithm: 'm.megolm.v1.aes-sha2', rotation_period_msgs: 3 };
        fake.state(roomId, ANN, 'm.room.encryption', '', rotation);
        const said: (string | null)[] = [];
        for (let n = 0; n <= round % 3; n++) said.push(await say(first, roomId));
        const { rows } = await pair.ask(pair.primary, 'select pg_current_wal_lsn() as lsn');
        await patiently(async () => {
          const seen = await pair.ask(pair.standby, `select pg_last_wal_replay_lsn() >= '${rows[0].lsn}' as is`);
          return seen.rows[0].is === true;
        });
        // The line is cut; it hears nothing more of the primary.
        for (const text of ["alter system set primary_conninfo = ''", 'select pg_reload_conf()'])
          await pair.ask(pair.standby, text);
        await patiently(async () => {
          const { rows: all } = await pair.ask(pair.primary, 'select 1 from pg_stat_replication');
          return all.length === 0;
        });
        for (let n = 0; n <= round % 4; n++) {
          later.ms += LAG_MS / 4;
          said.push(await say(first, roomId));
        }
        await pair.killPrimary();
        await pair.promote();
        const told = fake.said(roomId).length;
        expect(await say(first, roomId, 3)).toBe(null);
        const after = await open(pair.standby);
        await expect(served(after, later)).rejects.toMatchObject(OLD);
        expect(fake.said(roomId)).toHaveLength(told);
        await first.adapter.stop();
        await before.close().catch(() => undefined);
        // As the line says.
        fake.device = `SECOND${round}`;
        const second = await served(after, later);
        await ann.say(roomId, '!tocsin again');
        await second.heard.waitFor(isCommand('again'));
        said.push(await say(second, roomId), await say(second, roomId));
        await nothingLost(roomId, said);
        await second.adapter.stop();
        await after.close();
      } finally {
        await pair.down();
      }
      fake.rooms.clear();
    }
  }, 1_800_000);
});
