'use strict';
// Stands in for matrix-bot-sdk's native encryption module: see ../README.md.
const absent = (name) =>
  class {
    constructor() {
      throw new Error(`Matrix end-to-end encryption is not built in (${name})`);
    }
  };
for (const name of ['UserId', 'DeviceId', 'RoomId', 'DeviceLists', 'EncryptionSettings', 'EncryptedAttachment', 'EncryptionAlgorithm', 'HistoryVisibility', 'RequestType', 'KeysUploadRequest', 'KeysQueryRequest', 'KeysClaimRequest', 'ToDeviceRequest', 'SignatureUploadRequest']) exports[name] = absent(name);
exports.OlmMachine = {
  initialize: async () => {
    throw new Error('Matrix end-to-end encryption is not built in');
  },
};
exports.Attachment = {};
exports.StoreType = { Sled: 0, Sqlite: 0 };
