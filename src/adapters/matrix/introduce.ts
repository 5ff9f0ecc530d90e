/** The first exchange with a homeserver: who we are, and what may be wrong with the account or its address. */
import { codeOf } from '../../core/errors.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { Log } from '../../core/ports/log.ts';
import type { MatrixAccount } from './config.ts';
import { factsOf } from './failure.ts';
import type { Memory } from './memory.ts';
import type { Names } from './mention.ts';
import type { CallOptions, MatrixPort } from './port.ts';
import { isRoomId, json, serverOf } from './sync-answer.ts';

interface Parts {
  account: Pick<MatrixAccount, 'inviteFrom' | 'e2ee'>;
  names: Names;
  port: MatrixPort;
  memory: Memory;
  log: Log;
  identity: AdapterDeps['identity'];
}

/** Fills `names` in. Throws when the server refuses or cannot be reached. */
export async function introduce(
  { account, names, port, memory, log, identity }: Parts,
  options: CallOptions,
): Promise<void> {
  const { userId } = await port.whoami(options);
  const owner = memory.owner();
  await identity?.confirm({ id: userId, name: userId }, owner === null ? null : { id: owner, name: owner });
  await memory.belongsTo(userId);
  names.userId = userId;
  const invitesFrom = account.inviteFrom?.join(' ') ?? `*:${serverOf(userId)}`;
  const link = `https://matrix.to/#/${userId}`;
  log.info('Connected to Matrix', { user: userId, link, invitesFrom: invitesFrom.slice(0, 200) });
  await Promise.all([
    port.displayName(userId, options).then((name) => {
      names.displayName = name;
    }),
    account.e2ee ? undefined : warnOfKeys(userId, port, log, options),
    learnDirect(userId, port, memory, options),
  ]).catch(() => {});
}

/** Apps open encrypted direct chats with an account that has keys, and there this bot must stay silent. */
async function warnOfKeys(userId: string, port: MatrixPort, log: Log, options: CallOptions): Promise<void> {
  if (!(await port.hasEncryptionKeys(userId, options))) return;
  log.warn(
    'This Matrix account has encryption keys: apps will open encrypted chats with it, which the bot cannot use',
    { user: userId, remedy: 'set e2ee: true for the account, or log in as docs/matrix.md tells' },
  );
}

/** Direct chats that the account itself has noted, for the case that our own notes were lost. */
async function learnDirect(userId: string, port: MatrixPort, memory: Memory, options: CallOptions): Promise<void> {
  const chats = json(await port.accountData(userId, 'm.direct', options));
  const listed = Object.values(chats).flatMap((list) => (Array.isArray(list) ? list : []));
  const rooms = listed.slice(0, 5_000).filter(isRoomId);
  const strange = rooms.some((roomId) => !memory.room(roomId)?.in);
  // A room that we opened ourselves, before anything of it was noted here (`tocsin setup`).
  const joined = new Set(strange ? await port.joinedRooms(options) : []);
  const ours = rooms.filter((roomId) => memory.room(roomId)?.in || joined.has(roomId));
  await Promise.all(ours.map((roomId) => memory.setRoom(roomId, { direct: true })));
}

/** Logs that it does not work yet, and what may be wrong with the address, when that can be found out. Never throws. */
export async function sayUnreachable(
  error: unknown,
  parts: { account: Pick<MatrixAccount, 'homeserver'>; port: MatrixPort; log: Log; signal: AbortSignal },
): Promise<void> {
  const { account, port, log, signal } = parts;
  const { status, errcode } = factsOf(error);
  const message = String((error as Error).message).slice(0, 200);
  log.warn('Matrix cannot be reached yet: trying on', { code: codeOf(error), error: message });
  if (status === 0 || errcode !== null) return;
  const other = await port.wellKnown({ signal });
  if (other)
    log.warn('This address is not that of a homeserver: its own word is to use another', {
      homeserver: account.homeserver,
      use: other,
    });
}
