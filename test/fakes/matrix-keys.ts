/** The part of a homeserver that people's keys go through: devices, one-time keys, messages to devices. In memory, without checking anything. */
type Json = Record<string, unknown>;

interface Device {
  keys: Json;
  oneTime: Map<string, unknown>;
  fallback: [string, unknown][];
  fallbackUsed: boolean;
  inbox: { at: number; event: Json }[];
}

export class FakeKeys {
  readonly #devices = new Map<string, Map<string, Device>>();
  readonly #changed = new Map<string, number>();
  readonly #sent = new Set<string>();
  readonly #accountData = new Map<string, { content: Json; at: number }>();
  readonly #next: () => number;
  readonly #held = new Map<string, [device: string, event: Json][]>();
  /** Each request as "POST keys/query". */
  readonly asked: string[] = [];
  /** Of what was sent to devices, the kind and how many it went to. */
  readonly toDevices: { type: string; count: number }[] = [];

  /** `next`: the next place in the stream of the server; whoever waits for news is woken by it. */
  constructor(next: () => number) {
    this.#next = next;
  }

  #device(user: string, device: string): Device {
    const devices = this.#devices.get(user) ?? new Map<string, Device>();
    this.#devices.set(user, devices);
    const found = devices.get(device) ?? { keys: {}, oneTime: new Map(), fallback: [], fallbackUsed: false, inbox: [] };
    devices.set(device, found);
    return found;
  }

  /** Devices with keys, by user. */
  known(user: string): string[] {
    return [...(this.#devices.get(user) ?? [])].flatMap(([id, { keys }]) => (Object.keys(keys).length > 0 ? [id] : []));
  }

  /** One-time keys of a device that nobody has claimed. */
  left(user: string, device: string): number {
    return this.#device(user, device).oneTime.size;
  }

  remove(user: string, device: string): void {
    this.#devices.get(user)?.delete(device);
    this.#changed.set(user, this.#next());
  }

  /** What is sent to this user's devices is kept back until it is released. */
  hold(user: string): void {
    this.#held.set(user, this.#held.get(user) ?? []);
  }

  release(user: string): void {
    const held = this.#held.get(user) ?? [];
    this.#held.delete(user);
    for (const [device, event] of held) this.#device(user, device).inbox.push({ at: this.#next(), event });
  }

  /** `path` after "/_matrix/client/v3/", decoded. Null: none of these. */
  answer(user: string, device: string, method: string, path: string[], body: Json): [number, unknown] | null {
    const [what, which, txn] = path;
    this.asked.push(`${method} ${what}/${which ?? ''}`);
    if (what === 'sendToDevice') return [200, this.#send(user, device, which ?? '', txn ?? '', body)];
    if (what === 'user') return this.#account(method, path.join('/'), body);
    if (what !== 'keys') return null;
    if (which === 'upload') return [200, this.#upload(user, device, body)];
    if (which === 'query') return [200, this.#query(body)];
    if (which === 'claim') return [200, this.#claim(body)];
    return [200, {}];
  }

  /** What a sync of this device brings beyond `since`. */
  since(user: string, device: string, since: number, dataTypes: readonly string[] = []): { part: Json; some: boolean } {
    const own = this.#device(user, device);
    // What was before the token has arrived.
    own.inbox = own.inbox.filter(({ at }) => at > since);
    const changed = [...this.#changed].flatMap(([id, at]) => (at > since ? [id] : []));
    const data = dataTypes.flatMap((type) => {
      const kept = this.#accountData.get(`user/${user}/account_data/${type}`);
      return kept && kept.at > since ? [{ type, content: kept.content }] : [];
    });
    const part = {
      account_data: { events: data },
      to_device: { events: own.inbox.map(({ event }) => event) },
      device_lists: { changed: since === 0 ? [] : changed, left: [] },
      device_one_time_keys_count: { signed_curve25519: own.oneTime.size },
      device_unused_fallback_key_types: own.fallback.length > 0 && !own.fallbackUsed ? ['signed_curve25519'] : [],
    };
    return { part, some: own.inbox.length + data.length > 0 || (since > 0 && changed.length > 0) };
  }

  #account(method: string, name: string, body: Json): [number, unknown] {
    if (method === 'PUT') this.#accountData.set(name, { content: body, at: this.#next() });
    const kept = this.#accountData.get(name);
    return kept ? [200, method === 'PUT' ? {} : kept.content] : [404, { errcode: 'M_NOT_FOUND', error: 'none' }];
  }

  #upload(user: string, device: string, body: Json): Json {
    const own = this.#device(user, device);
    if (body.device_keys) {
      own.keys = body.device_keys as Json;
      this.#changed.set(user, this.#next());
    }
    for (const [id, key] of Object.entries((body.one_time_keys ?? {}) as Json)) own.oneTime.set(id, key);
    const fallback = Object.entries((body.fallback_keys ?? {}) as Json);
    if (fallback.length > 0) Object.assign(own, { fallback, fallbackUsed: false });
    return { one_time_key_counts: { signed_curve25519: own.oneTime.size } };
  }

  #query(body: Json): Json {
    const asked = Object.keys((body.device_keys ?? {}) as Json);
    const keys = asked.map((user) => [
      user,
      Object.fromEntries(this.known(user).map((id) => [id, this.#device(user, id).keys])),
    ]);
    return { device_keys: Object.fromEntries(keys), failures: {} };
  }

  #claim(body: Json): Json {
    const answer: Record<string, Record<string, Json>> = {};
    for (const [user, devices] of Object.entries((body.one_time_keys ?? {}) as Record<string, Json>))
      for (const id of Object.keys(devices)) {
        const device = this.#device(user, id);
        const [first] = device.oneTime;
        const key = first ?? device.fallback[0];
        if (first) device.oneTime.delete(first[0]);
        else device.fallbackUsed = true;
        if (key) answer[user] = { ...answer[user], [id]: { [key[0]]: key[1] } };
      }
    return { one_time_keys: answer, failures: {} };
  }

  #send(sender: string, device: string, type: string, txn: string, body: Json): Json {
    const name = `${sender} ${device} ${type} ${txn}`;
    if (this.#sent.has(name)) return {};
    this.#sent.add(name);
    const messages = Object.entries((body.messages ?? {}) as Record<string, Record<string, Json>>);
    const list = messages.flatMap(([user, devices]) =>
      Object.entries(devices).flatMap(([id, content]) =>
        (id === '*' ? this.known(user) : [id]).map((one) => ({ user, one, content })),
      ),
    );
    this.toDevices.push({ type, count: list.length });
    for (const { user, one, content } of list) {
      const event = { type, sender, content };
      const held = this.#held.get(user);
      if (held) held.push([one, event]);
      else this.#device(user, one).inbox.push({ at: this.#next(), event });
    }
    return {};
  }
}
