/** A person (or a bot account) on a homeserver, as tests need one: plain calls of the client-server API. */
export interface Shown {
  eventId: string;
  sender: string;
  type: string;
  content: Record<string, unknown>;
  body: string;
  at: number;
}

type Json = Record<string, unknown>;

export class MatrixUser {
  readonly baseUrl: string;
  readonly userId: string;
  readonly token: string;
  #txn = 0;

  constructor(baseUrl: string, userId: string, token: string) {
    this.baseUrl = baseUrl;
    this.userId = userId;
    this.token = token;
  }

  /** Any call; waits out 429 (the tests' people are limited like everybody), throws on other failures. */
  async call(method: string, path: string, body?: object): Promise<Json> {
    for (;;) {
      const answer = await fetch(`${this.baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.token}` },
        ...(body && { body: JSON.stringify(body) }),
      });
      const json = (await answer.json()) as Json;
      if (answer.ok) return json;
      if (answer.status !== 429) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
      await new Promise((r) => setTimeout(r, Number(json.retry_after_ms ?? 1000)));
    }
  }

  /** `encrypted`: with `m.room.encryption`; `direct`: as a client opens a direct chat. */
  async createRoom(
    options: { invite?: string[]; direct?: boolean; encrypted?: boolean; name?: string; version?: string } = {},
  ): Promise<string> {
    const encryption = { type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } };
    const answer = await this.call('POST', '/_matrix/client/v3/createRoom', {
      preset: options.direct ? 'trusted_private_chat' : 'private_chat',
      invite: options.invite ?? [],
      is_direct: options.direct ?? false,
      ...(options.name && { name: options.name }),
      ...(options.version && { room_version: options.version }),
      initial_state: options.encrypted ? [encryption] : [],
    });
    return answer.room_id as string;
  }

  room(roomId: string, rest: string): string {
    return `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/${rest}`;
  }

  invite = (roomId: string, userId: string): Promise<Json> =>
    this.call('POST', this.room(roomId, 'invite'), { user_id: userId });
  join = (roomId: string): Promise<Json> =>
    this.call('POST', `/_matrix/client/v3/join/${encodeURIComponent(roomId)}`, {});
  leave = (roomId: string): Promise<Json> => this.call('POST', this.room(roomId, 'leave'), {});
  kick = (roomId: string, userId: string): Promise<Json> =>
    this.call('POST', this.room(roomId, 'kick'), { user_id: userId });
  state = (roomId: string, type: string, content: object, key = ''): Promise<Json> =>
    this.call('PUT', this.room(roomId, `state/${type}/${encodeURIComponent(key)}`), content);

  async send(roomId: string, body: string, more: object = {}): Promise<string> {
    return this.sendEvent(roomId, 'm.room.message', { msgtype: 'm.text', body, ...more });
  }

  async sendEvent(roomId: string, type: string, content: object): Promise<string> {
    const answer = await this.call(
      'PUT',
      this.room(roomId, `send/${type}/test-${++this.#txn}-${process.pid}`),
      content,
    );
    return answer.event_id as string;
  }

  /** Newest last; messages and edits alike. */
  async messages(roomId: string, limit = 100): Promise<Shown[]> {
    const filter = encodeURIComponent(JSON.stringify({ types: ['m.room.message'] }));
    const answer = await this.call('GET', this.room(roomId, `messages?dir=b&limit=${limit}&filter=${filter}`));
    return (answer.chunk as Json[]).reverse().map((event) => {
      const content = event.content as Json;
      return {
        eventId: event.event_id as string,
        sender: event.sender as string,
        type: event.type as string,
        content,
        body: String(content.body ?? ''),
        at: event.origin_server_ts as number,
      };
    });
  }

  async waitForMessage(roomId: string, test: (message: Shown) => boolean, ms = 45_000): Promise<Shown> {
    return waitFor(async () => (await this.messages(roomId)).find(test), ms, `a message in ${roomId}`);
  }

  async members(roomId: string): Promise<Record<string, { membership: string; reason?: string }>> {
    const answer = await this.call('GET', this.room(roomId, 'members'));
    return Object.fromEntries(
      (answer.chunk as Json[]).map((event) => [
        event.state_key as string,
        event.content as { membership: string; reason?: string },
      ]),
    );
  }

  /** Resolves when `userId` has this membership, with the reason given. */
  waitForMembership(
    roomId: string,
    userId: string,
    membership: string,
    ms = 45_000,
  ): Promise<{ membership: string; reason?: string }> {
    const find = async () => {
      const member = (await this.members(roomId))[userId];
      return member?.membership === membership ? member : undefined;
    };
    return waitFor(find, ms, `${userId} to ${membership}`);
  }
}

export async function waitFor<T>(
  look: () => Promise<T | undefined> | T | undefined,
  ms: number,
  what: string,
): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((r) => setTimeout(r, 50));
  }
}
