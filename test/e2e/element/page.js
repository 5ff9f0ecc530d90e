/** One device of Element's engine (matrix-js-sdk) in a browser, for `element.ts`: what it calls is on `element`. `sdk.js` is made by `.ci/element-install`. */
import * as sdk from './sdk.js';

const METHOD = 'm.sas.v1';
let client;
let crypto;
/** Opens the storage of one's own secrets; null = its owner does not have it here. */
let storageKey = null;
/** Asked by others, not taken up yet. */
const asked = [];
/** What is under way: the request, what it shows, and how it ends. */
let under = null;

async function until(holds, ms = 30_000) {
  for (const end = Date.now() + ms; ; await new Promise((r) => setTimeout(r, 20))) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${holds}`);
  }
}

/** A device that has just begun also hears of what others of its account have ended long since. */
const isMeant =
  (userId) =>
  ({ phase, otherUserId }) =>
    phase === sdk.VerificationPhase.Requested && otherUserId === userId;

async function listen(userId, password) {
  crypto = client.getCrypto();
  client.on(sdk.CryptoEvent.VerificationRequestReceived, (request) => void asked.push(request));
  await client.startClient({ initialSyncLimit: 50, lazyLoadMembers: true });
  await until(() => client.isInitialSyncComplete());
  const identifier = { type: 'm.id.user', user: userId };
  await crypto.userHasCrossSigningKeys(userId, true);
  // An account that has an identity gives it to who has the recovery key; another makes it.
  await crypto.bootstrapCrossSigning({
    authUploadDeviceSigningKeys: (send) => send({ type: 'm.login.password', identifier, password }),
  });
}

globalThis.element = {
  async login({ baseUrl, user, password, recoveryKey }) {
    const identifier = { type: 'm.id.user', user };
    const login = { type: 'm.login.password', identifier, password, initial_device_display_name: 'Element' };
    const {
      user_id: userId,
      device_id: deviceId,
      access_token: accessToken,
    } = await sdk.createClient({ baseUrl }).loginRequest(login);
    if (recoveryKey) storageKey = sdk.decodeRecoveryKey(recoveryKey);
    client = sdk.createClient({
      baseUrl,
      userId,
      deviceId,
      accessToken,
      verificationMethods: [METHOD],
      cryptoCallbacks: {
        getSecretStorageKey: async ({ keys }) => storageKey && [Object.keys(keys)[0], storageKey],
        cacheSecretStorageKey: (_id, _info, key) => (storageKey = key),
      },
    });
    await client.initRustCrypto();
    await listen(userId, password);
    return { userId, deviceId, accessToken };
  },
  /** A recovery key, whose storage has the keys of the identity. */
  async makeRecovery() {
    const made = await crypto.createRecoveryKeyFromPassphrase();
    await crypto.bootstrapSecretStorage({ createSecretStorageKey: async () => made, setupNewSecretStorage: true });
    return made.encodedPrivateKey;
  },
  ready: () => crypto.isCrossSigningReady(),
  /** How a device of somebody stands here. */
  async standing(userId, deviceId) {
    await crypto.getUserDeviceInfo([userId], true);
    const device = await crypto.getDeviceVerificationStatus(userId, deviceId);
    const user = await crypto.getUserVerificationStatus(userId);
    return { signed: device?.signedByOwner, trusted: user.isVerified() };
  },
  async send(roomId, body) {
    await until(() => client.getRoom(roomId)?.hasEncryptionStateEvent());
    return (await client.sendMessage(roomId, { msgtype: 'm.text', body })).event_id;
  },
  /** As they stand on the screen: an edited one with its new text. */
  async messages(roomId) {
    const shown = [];
    for (const event of client.getRoom(roomId)?.getLiveTimeline().getEvents() ?? []) {
      await event.getDecryptionPromise();
      if (!['m.room.message', 'm.room.encrypted'].includes(event.getType())) continue;
      const shield = event.isEncrypted() ? await crypto.getEncryptionInfoForEvent(event) : null;
      shown.push({
        eventId: event.getId(),
        sender: event.getSender(),
        type: event.getType(),
        at: event.getTs(),
        content: event.getContent(),
        body: String(event.getContent().body ?? ''),
        encrypted: event.isEncrypted(),
        undecryptable: event.isDecryptionFailure(),
        edited: Boolean(event.replacingEvent()),
        shield: shield?.shieldReason ?? null,
      });
    }
    return shown;
  },
  /** Asks somebody in the chat of the two, or takes up what they asked; resolves when emoji are shown, or when it ended before. */
  async verify(userId, roomId) {
    const request = roomId
      ? await crypto.requestVerificationDM(userId, roomId)
      : await until(() => asked.findLast(isMeant(userId)));
    const flow = { request, emoji: null, says: null, failed: false };
    under = flow;
    if (!roomId) await request.accept();
    const isOver = () => [sdk.VerificationPhase.Cancelled, sdk.VerificationPhase.Done].includes(request.phase);
    await until(() => isOver() || request.phase >= sdk.VerificationPhase.Ready, 60_000);
    // Whoever asked begins.
    const verifier =
      roomId && !isOver() ? await request.startVerification(METHOD) : await until(() => isOver() || request.verifier);
    if (isOver()) return null;
    verifier.on(sdk.VerifierEvent.ShowSas, (says) => (flow.says = says));
    flow.says = verifier.getShowSasCallbacks();
    verifier.verify().catch(() => (flow.failed = true));
    await until(() => flow.says || flow.failed || isOver());
    return flow.says?.sas.emoji ?? null;
  },
  /** `what`: "confirm", "mismatch", "cancel", or "wait" for what the others say. How it ended. */
  async end(what) {
    const { request, says } = under;
    if (what === 'cancel') await request.cancel();
    else if (what !== 'wait') await says[what]();
    await until(() => [sdk.VerificationPhase.Cancelled, sdk.VerificationPhase.Done].includes(request.phase));
    return request.phase === sdk.VerificationPhase.Done ? 'done' : request.cancellationCode;
  },
  /** Asks, and ends it before anybody has answered. */
  async askAndLeave(userId, roomId) {
    const request = await crypto.requestVerificationDM(userId, roomId);
    under = { request };
  },
};
