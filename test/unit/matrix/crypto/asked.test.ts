/** What the running bot does where its device matters to others: a word at the start, a word to whoever asks to verify it. */
import { expect, test } from 'vitest';
import { witnessBeside } from '../../../../src/adapters/matrix/crypto/beside.ts';
import type { Party } from '../../../../src/adapters/matrix/crypto/verification.ts';
import { sayIn } from '../../../../src/i18n/packs.ts';
import { testDeps } from '../../../contract/adapter-deps.ts';
import { recordingLog } from '../../../fakes/fake-log.ts';
import { ANN, fake, hastyButPatient, homeserverPerTest, pause, start, until } from '../bench.ts';
import { Person } from './person.ts';
import { memoryRows } from './support.ts';

homeserverPerTest();

test('not cross-signed: said once in the log, with the fingerprint and the remedy, and kept for tocsin status', async () => {
  const { log, lines } = recordingLog();
  const { deps } = await start({ e2ee: true }, hastyButPatient(testDeps({ log, rows: memoryRows() })));
  const warned = () => lines.filter(({ message }) => message.includes('not signed by the identity'));
  await until(() => warned().length > 0);
  expect(warned()).toHaveLength(1);
  expect(warned()[0]!.fields).toMatchObject({
    fingerprint: expect.stringMatching(/^(\S{4} ){10}\S{3}$/),
    remedy: expect.stringContaining('tocsin matrix verify --account mx'),
  });
  expect(await deps.state.get('encryption')).toMatchObject({ signed: false });
});

test('somebody asks to verify the running bot in an encrypted room: told there how, encrypted', async () => {
  await start({ e2ee: true }, hastyButPatient(testDeps({ rows: memoryRows() })));
  const ann = await Person.on(fake, ANN);
  try {
    const room = fake.room(ANN, { encrypted: true });
    await ann.say(room, 'Ann asks to verify', { msgtype: 'm.key.verification.request', to: fake.userId, methods: [] });
    await until(() => fake.said(room).length > 0);
    const [answer] = fake.said(room);
    expect(answer!.type).toBe('m.room.encrypted');
    expect(await ann.read(room, answer!)).toMatchObject({ msgtype: 'm.notice', body: sayIn('en', 'encrypted.verify') });
  } finally {
    ann.close();
  }
});

// Element says in the clear what verification says in rooms, and encrypts the rest.
test.each([
  ['encrypted', true],
  ['in the clear', false],
])(
  'asked for in a room a moment before anybody sits at the terminal, %s: taken up there; given up, said there',
  async (_, encrypted) => {
    const { deps } = await start({ e2ee: true }, hastyButPatient(testDeps({ rows: memoryRows() })));
    const ann = await Person.on(fake, ANN);
    const over = new AbortController();
    try {
      const room = fake.room(ANN, { encrypted: true });
      const request = { msgtype: 'm.key.verification.request', from_device: ann.device, methods: ['m.sas.v1'] };
      const say = async (type: string, content: Record<string, unknown>): Promise<{ event_id: string }> => {
        if (!encrypted) return fake.event(room, ANN, type, content);
        return fake.encrypted(room, ANN, await ann.seal(room, content, type));
      };
      const { event_id: asked } = await say('m.room.message', { ...request, body: 'Ann asks', to: fake.userId });
      await until(() => fake.said(room).length > 0);
      const meant = Promise.withResolvers<Party>();
      const witness = {
        accepts(who: Party) {
          meant.resolve(who);
          return new Promise<never>(() => {});
        },
        compare: async () => false,
      };
      const outcome = witnessBeside({ ...deps, signal: over.signal }, null, witness);
      outcome.catch(() => undefined);
      expect(await meant.promise).toMatchObject({ userId: ANN });
      // Rounds of nothing, and of no word about what the homeserver holds.
      await pause(300);
      const about = { 'm.relates_to': { rel_type: 'm.reference', event_id: asked } };
      await say('m.key.verification.cancel', { ...about, code: 'm.user', reason: 'enough' });
      expect(await outcome).toMatchObject({ end: 'cancelled', code: 'm.user', byUs: false });
      expect(fake.keys.left(fake.userId, fake.device!)).toBeLessThanOrEqual(50);
    } finally {
      over.abort();
      ann.close();
    }
  },
);
