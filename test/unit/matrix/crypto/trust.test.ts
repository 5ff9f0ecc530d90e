/** `trust: signed`: devices that their owner's identity has not signed get no keys and are not heard; else all are. */
import { expect, test } from 'vitest';
import { makeIdentity, standing } from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { createSharing } from '../../../../src/adapters/matrix/crypto/encryption.ts';
import { createCryptoRooms } from '../../../../src/adapters/matrix/crypto/kept.ts';
import { decrypt } from '../../../../src/adapters/matrix/crypto/machine.ts';
import { KeyServer, type Person } from '../../../fakes/key-server.ts';

const BOT = '@bot:x';
const ANN = '@ann:x';
const ROOM = '!room:x';

const roomsOf = () =>
  createCryptoRooms({
    roomMembers: async () => [
      [BOT, 'join'],
      [ANN, 'join'],
    ],
    stateContent: async (_, type) => (type === 'm.room.encryption' ? { algorithm: 'm.megolm.v1.aes-sha2' } : null),
  });

const identified = async (one: Person, user: string): Promise<void> => {
  await standing(one.link);
  await makeIdentity(one.link, { userId: user, password: async () => null, approve: null }, false);
};

const says = async ({ link }: Person, signed: boolean, text: string, sender: string) => {
  const sharing = createSharing({ ...link, signed }, roomsOf());
  const content = JSON.parse(await sharing.encrypt(ROOM, 'm.room.message', { msgtype: 'm.text', body: text }, {}));
  return {
    type: 'm.room.encrypted',
    event_id: `$${text}`,
    sender,
    room_id: ROOM,
    origin_server_ts: Date.now(),
    content,
  };
};

test.each([true, false])('signed alone: %s', async (signed) => {
  const server = new KeyServer();
  const bot = await server.person(BOT, 'BOTDEV');
  const phone = await server.person(ANN, 'PHONE');
  const other = await server.person(ANN, 'OTHER');
  await identified(bot, BOT);
  await identified(phone, ANN);
  await standing(other.link);
  const hears = async ({ link }: Person, event: Awaited<ReturnType<typeof says>>, demanding: boolean) => {
    // Takes in what came for it.
    await link.receive(await link.port.sync({ since: null, timeoutMs: 0, filter: '' }, {}));
    await link.flush();
    return await decrypt(link.sdk, link.run, ROOM, event, demanding);
  };
  const told = await says(bot, signed, 'told', BOT);
  expect(await hears(phone, told, false)).toMatchObject({ ok: true });
  expect(await hears(other, told, false)).toMatchObject({ ok: !signed });
  expect(await hears(bot, await says(phone, false, 'heard', ANN), signed)).toMatchObject({ ok: true });
  const unsigned = await hears(bot, await says(other, false, 'unsigned', ANN), signed);
  expect(unsigned).toMatchObject(signed ? { ok: false, untrusted: true } : { ok: true });
});
