/** The identity of the bot's account, and our device signed by it. Apps that demand verified devices hear nobody else. */
import { TocsinError } from '../../../core/errors.ts';
import { json } from '../sync-answer.ts';
import type { Calls } from './calls.ts';
import { type Confirmation, confirmed } from './confirm.ts';
import type { Link } from './link.ts';
import type { MachineRequest } from './requests.ts';
import {
  makeStorage,
  openStorage,
  type Random,
  readSecret,
  storageKeyId,
  useStorage,
  writeSecret,
} from './secret-storage.ts';

export interface Standing {
  /** `ours`: its keys are here; `elsewhere`: it was made in another app, and its keys are not here. */
  identity: 'none' | 'ours' | 'elsewhere';
  /** Our device is signed by the identity of its owner: others see it as verified. */
  signed: boolean;
  /** Ed25519 of the device, base64. */
  fingerprint: string;
}

/** Of the three keys, in the order of the machine's words. */
const SECRETS = ['m.cross_signing.master', 'm.cross_signing.self_signing', 'm.cross_signing.user_signing'] as const;
const SIGNING_KEYS = '/_matrix/client/v3/keys/device_signing/upload';

/** Asks the homeserver how our account and device stand. */
export async function standing(link: Link): Promise<Standing> {
  const { sdk, run, identity } = link;
  await link.flush();
  const user = () => new sdk.UserId(identity.userId);
  const query = await run('queryKeysForUsers', (machine) => machine.queryKeysForUsers([user()]));
  await link.carry(query as MachineRequest);
  const found = await run('getIdentity', (machine) => machine.getIdentity(user()));
  const { hasMaster, hasSelfSigning } = await run('crossSigningStatus', (machine) => machine.crossSigningStatus());
  const device = await ownDevice(link);
  return {
    identity: found === undefined ? 'none' : hasMaster && hasSelfSigning ? 'ours' : 'elsewhere',
    signed: device?.isCrossSignedByOwner() ?? false,
    fingerprint: await run('identityKeys', (machine) => machine.identityKeys.ed25519.toBase64()),
  };
}

const ownDevice = ({ sdk, run, identity }: Link) =>
  run('getDevice', (machine) =>
    machine.getDevice(new sdk.UserId(identity.userId), new sdk.DeviceId(identity.deviceId)),
  );

/** Makes the account its identity, or uploads anew one that never arrived. `reset`: a new one in the place of what is there. */
export async function makeIdentity(link: Link, calls: Calls, who: Confirmation, reset: boolean): Promise<void> {
  const { run } = link;
  // A refusal must not cost us the keys that are still those of the account.
  const before = reset ? await exportKeys(link) : undefined;
  const requests = await run('bootstrapCrossSigning', (machine) => machine.bootstrapCrossSigning(reset));
  const { uploadKeysRequest, uploadSigningKeysRequest, uploadSignaturesRequest } = requests;
  try {
    if (uploadKeysRequest) await link.carry(uploadKeysRequest as MachineRequest);
    await confirmed(calls, SIGNING_KEYS, json(JSON.parse(uploadSigningKeysRequest.body)), who);
  } catch (error) {
    if (before) {
      // Keys are taken only where they fit what the server shows.
      await standing(link);
      await importKeys(link, before);
    }
    throw error;
  }
  await link.carry(uploadSignaturesRequest as MachineRequest);
}

interface PrivateKeys {
  master: string;
  selfSigning: string;
  userSigning: string | null;
}

async function exportKeys({ run }: Link): Promise<PrivateKeys | undefined> {
  const keys = await run('exportCrossSigningKeys', (machine) => machine.exportCrossSigningKeys());
  const { masterKey, self_signing_key: selfSigning, userSigningKey } = keys ?? {};
  return masterKey && selfSigning ? { master: masterKey, selfSigning, userSigning: userSigningKey ?? null } : undefined;
}

const importKeys = ({ run }: Link, { master, selfSigning, userSigning }: PrivateKeys) =>
  run('importCrossSigningKeys', (machine) => machine.importCrossSigningKeys(master, selfSigning, userSigning));

/** Signs our device with the keys that are here. */
export async function signDevice(link: Link): Promise<void> {
  const device = await ownDevice(link);
  if (!device) throw new TocsinError('server', 'the homeserver does not show our own device: try again');
  await link.carry(await device.verify());
}

/** Takes the identity that was made elsewhere, by its recovery key. Throws where the key or what it opens does not fit. */
export async function takeIdentity(link: Link, calls: Calls, recoveryKey: string): Promise<void> {
  const data = calls.dataOf(link.identity.userId);
  const key = await openStorage(data, recoveryKey);
  const [master, selfSigning, userSigning] = await Promise.all(SECRETS.map((name) => readSecret(data, key, name)));
  if (!master || !selfSigning)
    throw new TocsinError(
      'client',
      'this recovery key opens the storage, but the keys of the identity are not in it: set up the recovery in Element anew, or use --reset',
    );
  await importKeys(link, { master, selfSigning, userSigning: userSigning ?? null }).catch(() => undefined);
  const after = await standing(link);
  if (after.identity !== 'ours')
    throw new TocsinError(
      'client',
      'the keys in the storage are those of a former identity: set up the recovery in Element anew, or use --reset',
    );
}

/**
 * Puts the keys of our identity where a recovery key opens them, in any app. `hand` gets that key, which is kept nowhere, before any app asks for it;
 * where it throws nothing has changed for them. False: the keys are not here.
 */
export async function makeRecovery(
  link: Link,
  calls: Calls,
  random: Random,
  hand: (recoveryKey: string) => void,
): Promise<boolean> {
  const keys = await exportKeys(link);
  if (!keys?.userSigning) return false;
  const values = [keys.master, keys.selfSigning, keys.userSigning];
  const data = calls.dataOf(link.identity.userId);
  const { key, recoveryKey } = await makeStorage(data, random);
  for (const [i, name] of SECRETS.entries()) await writeSecret(data, key, { name, value: values[i]! }, random);
  hand(recoveryKey);
  await useStorage(data, key);
  return true;
}

/** Whether the keys of the identity lie where some recovery key opens them. */
export async function hasRecovery(link: Link, calls: Calls): Promise<boolean> {
  const data = calls.dataOf(link.identity.userId);
  const id = await storageKeyId(data);
  return id !== null && Object.hasOwn(json(json(await data.get(SECRETS[0])).encrypted), id);
}
