/** What the running bot does where its device matters to others: a word at the start, a word to whoever asks to verify it. */
import { expect, test } from 'vitest';
import { sayIn } from '../../../../src/i18n/packs.ts';
import { testDeps } from '../../../contract/adapter-deps.ts';
import { recordingLog } from '../../../fakes/fake-log.ts';
import { ANN, fake, hastyButPatient, homeserverPerTest, start, until } from '../bench.ts';
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
