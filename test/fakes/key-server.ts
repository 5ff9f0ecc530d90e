/** The part of a homeserver that keys, verifications and account data go through, in memory: a port for each device. Not a Synapse: it checks nothing. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as sdk from '@matrix-org/matrix-sdk-crypto-wasm';
import type { Link } from '../../src/adapters/matrix/crypto/cross-signing.ts';
import { createPump, readPart, receive } from '../../src/adapters/matrix/crypto/machine.ts';
import { connectPort } from '../../src/adapters/matrix/port.ts';
import type { Json } from '../../src/adapters/matrix/untrusted.ts';

interface Device {
  userId: string;
  deviceId: string;
  keys: Json;
  oneTime: Record<string, unknown>;
  inbox: Json[];
}

export interface Person {
  link: Link;
  /** Any call, as this device. */
  need(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Json>;
  machine: sdk.OlmMachine;
}

type Answered = { status: number; body: Json };
const OK: Answered = { status: 200, body: {} };
const mxid = /^@[^:]+:/;

export class KeyServer {
  /** What the upload of an identity answers before it is taken; null = takes it. */
  identityGate: ((body: Json) => Answered | null) | null = null;
  /** What signatures get in place of being taken. */
  signatureFailures: Json = {};
  /** Does a sync say whose devices have changed? */
  tellsChanges = true;
  /** What passes while a sync has nothing to say. */
  idle: (timeoutMs: number) => Promise<unknown> = () => new Promise((resolve) => setImmediate(resolve));
  readonly asked: { path: string; body: Json; userId: string }[] = [];
  readonly accountData = new Map<string, Json>();
  readonly rooms = new Map<string, { members: string[]; encrypted: boolean; events: Json[] }>();
  readonly #devices: Device[] = [];
  readonly #identities = new Map<string, Json>();
  #count = 0;
  #listening: ReturnType<KeyServer['listen']> | null = null;

  /** A machine on a device of its own, in memory. */
  async person(userId: string, deviceId: string): Promise<Person> {
    await sdk.initAsync();
    const device: Device = { userId, deviceId, keys: {}, oneTime: {}, inbox: [] };
    this.#devices.push(device);
    const machine = await sdk.OlmMachine.initialize(new sdk.UserId(userId), new sdk.DeviceId(deviceId));
    this.#listening ??= this.listen();
    const port = await connectPort((await this.#listening).base, deviceId, { proxy: null, now: () => Date.now() });
    const need: Person['need'] = (method, path, body) =>
      port.ask({ method, path, body: body ? JSON.stringify(body) : null });
    const run = async <T>(_: string, call: (of: sdk.OlmMachine) => Promise<T> | T) => call(machine);
    const pump = createPump(sdk, run, {
      ask: (asked) => port.ask(asked),
      count: async () => {},
      signal: new AbortController().signal,
    });
    const link: Link = {
      sdk,
      identity: { userId, deviceId },
      signed: false,
      run,
      port,
      ...pump,
      encrypt: (roomId, type, content) => machine.encryptRoomEvent(new sdk.RoomId(roomId), type, content),
      receive: (part) => receive(sdk, run, readPart(part)),
    };
    return { link, need, machine };
  }

  /** The same over HTTP: the access token is the name of a device. `whoami` may be told to say something else. */
  async listen(whoami: Json | null = null): Promise<{ base: string; close(): void }> {
    const http = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const token = request.headers.authorization?.slice('Bearer '.length);
      const device = this.#devices.find(({ deviceId }) => deviceId === token);
      const { pathname, search } = new URL(request.url!, 'http://x');
      const { status, body } = device
        ? await this.#overHttp(device, request.method!, pathname + search, JSON.parse(text || '{}'), whoami)
        : { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } };
      response.writeHead(status).end(JSON.stringify(body));
    });
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    http.unref();
    const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    return { base, close: () => void http.close().closeAllConnections() };
  }

  /** A session that is to be used over HTTP. */
  session(userId: string, deviceId: string): void {
    this.#devices.push({ userId, deviceId, keys: {}, oneTime: {}, inbox: [] });
  }

  async #overHttp(device: Device, method: string, path: string, body: Json, whoami: Json | null): Promise<Answered> {
    if (path.endsWith('/whoami'))
      return { status: 200, body: whoami ?? { user_id: device.userId, device_id: device.deviceId } };
    const data = /\/user\/([^/]+)\/account_data\/([^/]+)$/.exec(path);
    if (data) {
      const name = `${decodeURIComponent(data[1]!)} ${decodeURIComponent(data[2]!)}`;
      if (method === 'PUT') this.accountData.set(name, body);
      const kept = this.accountData.get(name);
      return kept ? { status: 200, body: kept } : { status: 404, body: { errcode: 'M_NOT_FOUND' } };
    }
    const [clean, query] = path.replace('/_matrix/client/v3/', '').split('?') as [string, string?];
    this.asked.push({ path: `${method} ${clean}`, body, userId: device.userId });
    return await this.#answer(
      device,
      method,
      clean.split('/').map(decodeURIComponent),
      body,
      new URLSearchParams(query),
    );
  }

  async #answer(
    device: Device,
    method: string,
    [area = '', what = '', third = '', fourth = '']: string[],
    body: Json,
    query: URLSearchParams,
  ): Promise<Answered> {
    switch (`${method} ${area}/${what}`) {
      case 'POST keys/upload':
        return this.#upload(device, body);
      case 'POST keys/query':
        return this.#query(Object.keys(body.device_keys as Json));
      case 'POST keys/claim':
        return this.#claim(body.one_time_keys as Record<string, Json>);
      case 'POST keys/device_signing':
        return this.#identity(device.userId, body);
      case 'POST keys/signatures':
        return this.#sign(body as Record<string, Record<string, Json>>);
      case 'GET joined_rooms/':
        return { status: 200, body: { joined_rooms: [...this.rooms.keys()] } };
      case 'GET sync/':
        return this.#sync(device, Number(query.get('timeout')), Number(query.get('since') ?? 0));
      default:
        if (area === 'sendToDevice') return this.#toDevice(device, what, body.messages as Record<string, Json>);
        if (area === 'rooms') return this.#room(device, what, [third, fourth], body);
        return { status: 404, body: { errcode: 'M_UNRECOGNIZED' } };
    }
  }

  #upload(device: Device, { device_keys, one_time_keys }: Json): Answered {
    if (device_keys) device.keys = device_keys as Json;
    Object.assign(device.oneTime, one_time_keys);
    this.#changed(device.userId);
    const signed = Object.keys(device.oneTime).length;
    return { status: 200, body: { one_time_key_counts: { signed_curve25519: signed } } };
  }

  #query(users: string[]): Answered {
    const of = (kind: string) =>
      Object.fromEntries(users.flatMap((user) => (this.#key(user, kind) ? [[user, this.#key(user, kind)]] : [])));
    const device_keys = Object.fromEntries(
      users.map((user) => [
        user,
        Object.fromEntries(
          this.#devices
            .filter((one) => one.userId === user && one.keys.keys)
            .map(({ deviceId, keys }) => [deviceId, keys]),
        ),
      ]),
    );
    const body = {
      device_keys,
      master_keys: of('master_key'),
      self_signing_keys: of('self_signing_key'),
      user_signing_keys: of('user_signing_key'),
    };
    return { status: 200, body };
  }

  #key = (user: string, kind: string): unknown => this.#identities.get(user)?.[kind];

  #claim(wanted: Record<string, Json>): Answered {
    const one_time_keys: Record<string, Json> = {};
    for (const [user, devices] of Object.entries(wanted))
      for (const deviceId of Object.keys(devices)) {
        const device = this.#devices.find((one) => one.userId === user && one.deviceId === deviceId);
        const [id, key] = Object.entries(device?.oneTime ?? {})[0] ?? [];
        if (!device || !id) continue;
        delete device.oneTime[id];
        one_time_keys[user] = { ...one_time_keys[user], [deviceId]: { [id]: key } };
      }
    return { status: 200, body: { one_time_keys } };
  }

  #identity(userId: string, body: Json): Answered {
    const gate = this.identityGate?.(body);
    if (gate) return gate;
    this.#identities.set(userId, body);
    this.#changed(userId);
    return OK;
  }

  /** Merges signatures into the keys that they are about. */
  #sign(body: Record<string, Record<string, Json>>): Answered {
    if (Object.keys(this.signatureFailures).length > 0)
      return { status: 200, body: { failures: this.signatureFailures } };
    for (const [user, keys] of Object.entries(body)) {
      for (const [id, signed] of Object.entries(keys)) {
        const device = this.#devices.find((one) => one.userId === user && one.deviceId === id);
        const master = this.#key(user, 'master_key') as Json | undefined;
        const target = device
          ? device.keys
          : id in ((master?.keys as Json) ?? {}) || `ed25519:${id}` in ((master?.keys as Json) ?? {})
            ? master
            : undefined;
        for (const [signer, list] of Object.entries((signed.signatures ?? {}) as Record<string, Json>)) {
          const all = (target?.signatures ?? {}) as Record<string, Json>;
          if (target) target.signatures = { ...all, [signer]: { ...all[signer], ...list } };
        }
      }
      this.#changed(user);
    }
    return { status: 200, body: { failures: {} } };
  }

  #toDevice(from: Device, type: string, messages: Record<string, Json>): Answered {
    for (const [user, devices] of Object.entries(messages))
      for (const [id, content] of Object.entries(devices))
        for (const to of this.#devices.filter((one) => one.userId === user && (id === '*' || one.deviceId === id)))
          if (to !== from) to.inbox.push({ type, sender: from.userId, content });
    return OK;
  }

  #room(from: Device, roomId: string, [what = '', type = '']: string[], body: Json): Answered {
    const room = this.rooms.get(roomId);
    if (!room) return { status: 403, body: { errcode: 'M_FORBIDDEN' } };
    if (what === 'joined_members')
      return { status: 200, body: { joined: Object.fromEntries(room.members.map((one) => [one, {}])) } };
    if (what === 'members') {
      const chunk = room.members.map((one) => ({ state_key: one, content: { membership: 'join' } }));
      return { status: 200, body: { chunk } };
    }
    if (what === 'state' && room.encrypted) return OK;
    if (what === 'state') return { status: 404, body: { errcode: 'M_NOT_FOUND' } };
    const event_id = `$event${++this.#count}`;
    room.events.push({ type, event_id, sender: from.userId, content: body, origin_server_ts: Date.now() });
    return { status: 200, body: { event_id } };
  }

  #marks: string[] = [];
  #changed(userId: string): void {
    if (mxid.test(userId)) this.#marks.push(userId);
  }

  /** `since` counts events of all rooms. */
  async #sync(device: Device, timeout: number, since: number): Promise<Answered> {
    const all = () => [...this.rooms.values()].reduce((sum, room) => sum + room.events.length, 0);
    if (timeout > 0 && device.inbox.length === 0 && all() <= since) await this.idle(timeout);
    const join = Object.fromEntries(
      [...this.rooms]
        .filter(([, room]) => room.members.includes(device.userId))
        .map(([id, room]) => [
          id,
          { timeline: { events: room.events.filter((one) => Number(String(one.event_id).slice(6)) > since) } },
        ]),
    );
    const body = {
      next_batch: String(this.#count),
      to_device: { events: device.inbox.splice(0) },
      device_lists: { changed: this.tellsChanges ? [...new Set(this.#marks)] : [] },
      device_one_time_keys_count: { signed_curve25519: Object.keys(device.oneTime).length },
      device_unused_fallback_key_types: ['signed_curve25519'],
      rooms: { join },
    };
    return { status: 200, body };
  }
}
