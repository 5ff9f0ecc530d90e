/**
 * A small Matrix homeserver in memory, for what a real one does not do on demand: faults, odd answers, hostile state. One bot account;
 * everybody else acts through the methods below. Not a reference: the end-to-end tests against Synapse are.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { breakWith, error, type FaultKind, reply } from './matrix-faults.ts';
import { FakeKeys } from './matrix-keys.ts';

type Json = Record<string, unknown>;

export interface FakeEvent {
  event_id: string;
  type: string;
  sender: string;
  content: Json;
  origin_server_ts: number;
  state_key?: string;
  unsigned: Json;
  /** Place in the stream of the server. */
  at: number;
}

interface Fault {
  kind: FaultKind;
  /** Part of "METHOD /path" of the request. */
  match: string;
  times: number;
}

interface FakeRoom {
  events: FakeEvent[];
  state: Map<string, FakeEvent>;
}

export class FakeHomeserver {
  readonly userId = '@bot:fake.test';
  readonly token = 'syt_fake_token';
  /** Null: the token belongs to none. */
  device: string | null = 'DEVICE';
  /** "METHOD /path" of every request, without the query. */
  readonly requests: string[] = [];
  /** Files that were given to keep: type and bytes. */
  readonly uploads: { type: string; bytes: Buffer }[] = [];
  /** Events that one room may have in one sync, before "limited". */
  timelineLimit = 20;
  /** `joined_rooms` answers with an empty list. */
  hideRooms = false;
  /** Up to where the bot has worked on what came: the token of its last sync. */
  readTo = 0;
  readonly rooms = new Map<string, FakeRoom>();
  /** Whoever is on the server has keys through it; the bot's device is `device`. */
  readonly keys = new FakeKeys(() => this.#forward());
  readonly #faults: Fault[] = [];
  readonly #transactions = new Map<string, string>();
  readonly #waiting = new Set<() => void>();
  readonly #server: Server;
  #stream = 1;
  #ids = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<FakeHomeserver> {
    const fake = new FakeHomeserver();
    await new Promise<void>((done) => {
      fake.#server.listen(0, '127.0.0.1', done);
    });
    return fake;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The newest place in the stream, as a token. */
  get position(): string {
    return String(this.#stream);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** The next `times` requests that match meet this fault. */
  fault(kind: FaultKind, match: string, times = 1): void {
    this.#faults.push({ kind, match, times });
  }

  clearFaults(): void {
    this.#faults.length = 0;
  }

  /** A room with the bot in it. */
  room(
    creator = '@ann:fake.test',
    options: { invited?: boolean; direct?: boolean; encrypted?: boolean; predecessor?: string } = {},
  ): string {
    const roomId = `!room${++this.#ids}:fake.test`;
    this.rooms.set(roomId, { events: [], state: new Map() });
    const predecessor = options.predecessor && { predecessor: { room_id: options.predecessor } };
    this.state(roomId, creator, 'm.room.create', '', { room_version: '11', ...predecessor });
    this.member(roomId, creator, creator, 'join');
    this.state(roomId, creator, 'm.room.power_levels', '', { users: { [creator]: 100 } });
    if (options.encrypted) this.state(roomId, creator, 'm.room.encryption', '', { algorithm: 'm.megolm.v1.aes-sha2' });
    this.member(roomId, creator, this.userId, 'invite', { is_direct: options.direct ?? false });
    if (!options.invited) this.member(roomId, this.userId, this.userId, 'join');
    return roomId;
  }

  member(roomId: string, sender: string, user: string, membership: string, more: Json = {}): FakeEvent {
    return this.state(roomId, sender, 'm.room.member', user, { membership, ...more });
  }

  state(roomId: string, sender: string, type: string, key: string, content: Json): FakeEvent {
    return this.#add(roomId, { type, sender, content, state_key: key });
  }

  event(roomId: string, sender: string, type: string, content: Json): FakeEvent {
    return this.#add(roomId, { type, sender, content });
  }

  say(roomId: string, sender: string, body: unknown, more: Json = {}, ageMs = 0): FakeEvent {
    return this.#add(
      roomId,
      { type: 'm.room.message', sender, content: { msgtype: 'm.text', body, ...more } as Json },
      ageMs,
    );
  }

  react(roomId: string, sender: string, eventId: string, key: string, ageMs = 0): FakeEvent {
    const content = { 'm.relates_to': { rel_type: 'm.annotation', event_id: eventId, key } };
    return this.#add(roomId, { type: 'm.reaction', sender, content }, ageMs);
  }

  /** Keys of the bot's own reactions to an event, oldest first. */
  reactions(roomId: string, eventId: string): string[] {
    return (this.rooms.get(roomId)?.events ?? []).flatMap(({ sender, type, content }) => {
      const relation = content['m.relates_to'] as { event_id?: string; key?: string } | undefined;
      return sender === this.userId && type === 'm.reaction' && relation?.event_id === eventId ? [relation.key!] : [];
    });
  }

  /** What the bot has said there, oldest first. */
  said(roomId: string): FakeEvent[] {
    return (this.rooms.get(roomId)?.events ?? []).filter(
      (event) => event.sender === this.userId && ['m.room.message', 'm.room.encrypted'].includes(event.type),
    );
  }

  membership(roomId: string, user = this.userId): string | undefined {
    return this.rooms.get(roomId)?.state.get(`m.room.member ${user}`)?.content.membership as string | undefined;
  }

  #add(roomId: string, event: Pick<FakeEvent, 'type' | 'sender' | 'content' | 'state_key'>, ageMs = 0): FakeEvent {
    const room = this.rooms.get(roomId);
    if (!room) throw new Error(`no such room: ${roomId}`);
    const full = {
      ...event,
      event_id: `$event${++this.#ids}`,
      origin_server_ts: Date.now() - ageMs,
      unsigned: { age: ageMs },
      at: this.#stream + 1,
    };
    room.events.push(full);
    if (event.state_key !== undefined) room.state.set(`${event.type} ${event.state_key}`, full);
    this.#forward();
    return full;
  }

  #forward(): number {
    this.#stream++;
    for (const wake of this.#waiting) wake();
    return this.#stream;
  }

  /** What a person's own app encrypted. */
  encrypted(roomId: string, sender: string, content: Json, ageMs = 0): FakeEvent {
    return this.#add(roomId, { type: 'm.room.encrypted', sender, content }, ageMs);
  }

  #members(room: FakeRoom): FakeEvent[] {
    return [...room.state.values()].filter(
      ({ type, content }) => type === 'm.room.member' && content.membership !== 'leave',
    );
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const path = url.pathname;
    const line = `${request.method} ${path}`;
    this.requests.push(line);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isFile = path === '/_matrix/media/v3/upload';
    const body = chunks.length > 0 && !isFile ? (JSON.parse(Buffer.concat(chunks).toString() || '{}') as Json) : {};
    const fault = this.#faults.find(({ match }) => decodeURIComponent(line).includes(match));
    if (fault) {
      if (--fault.times <= 0) this.#faults.splice(this.#faults.indexOf(fault), 1);
      if (await breakWith(fault.kind, response)) return;
    }
    if (request.headers.authorization !== `Bearer ${this.token}`) return reply(response, 401, error('M_UNKNOWN_TOKEN'));
    if (isFile) {
      this.uploads.push({ type: String(request.headers['content-type']), bytes: Buffer.concat(chunks) });
      return reply(response, 200, { content_uri: `mxc://fake.test/file${this.uploads.length}` });
    }
    const [status, answer] = await this.#answer(request.method ?? 'GET', path, url.searchParams, body, response);
    if (fault?.kind === 'drop-after') return void response.destroy();
    reply(response, status, answer);
  }

  async #answer(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Json,
    response: ServerResponse,
  ): Promise<[number, unknown]> {
    const [, , , , ...parts] = path.split('/').map(decodeURIComponent);
    const [what, first, second, third, fourth] = parts;
    if (what === 'account') return [200, { user_id: this.userId, ...(this.device && { device_id: this.device }) }];
    if (what === 'joined_rooms')
      return [
        200,
        { joined_rooms: [...this.rooms.keys()].filter((id) => !this.hideRooms && this.membership(id) === 'join') },
      ];
    if (what === 'sync') return [200, await this.#sync(query, response)];
    const keys = this.keys.answer(this.userId, this.device ?? '', method, parts, body);
    if (keys) return keys;
    if (what === 'profile') return [200, { displayname: 'Tocsin' }];
    if (what === 'join' && first) return this.#join(first);
    const room = first === undefined ? undefined : this.rooms.get(first);
    if (what !== 'rooms' || !first || !room) return [404, error('M_NOT_FOUND')];
    if (second === 'leave') {
      this.member(first, this.userId, this.userId, 'leave', { reason: body.reason });
      return [200, {}];
    }
    if (this.membership(first) !== 'join') return [403, error('M_FORBIDDEN')];
    if (second === 'members') return [200, { chunk: this.#members(room) }];
    if (second === 'joined_members') return [200, { joined: this.#joined(room) }];
    if (second === 'state') {
      const event = room.state.get(`${third} ${fourth ?? ''}`);
      if (!event) return [404, error('M_NOT_FOUND')];
      return [200, query.get('format') === 'event' ? event : event.content];
    }
    if (second === 'event') return this.#event(room, third ?? '');
    if (second === 'messages') return [200, this.#messages(room, query)];
    if (second === 'send' && method === 'PUT') return this.#send(first, third ?? '', fourth ?? '', body);
    return [404, error('M_UNRECOGNIZED')];
  }

  /** With its newest edit beside it, as Synapse has it. */
  #event(room: FakeRoom, eventId: string): [number, unknown] {
    const event = room.events.find((one) => one.event_id === eventId);
    if (!event) return [404, error('M_NOT_FOUND')];
    const edit = room.events.findLast(({ content }) => {
      const relation = content['m.relates_to'] as { event_id?: string; rel_type?: string } | undefined;
      return relation?.rel_type === 'm.replace' && relation.event_id === eventId;
    });
    return [200, edit ? { ...event, unsigned: { 'm.relations': { 'm.replace': edit } } } : event];
  }

  /** Backwards from the token `from` to `to`, a page at a time; tokens are places in the stream. */
  #messages(room: FakeRoom, query: URLSearchParams): Json {
    const [from, to] = [Number(query.get('from')), Number(query.get('to') ?? '0')];
    const types = new Set(['m.room.message', 'm.room.encrypted', 'm.reaction']);
    const inside = room.events.filter((event) => types.has(event.type) && event.at < from && event.at > to);
    const chunk = inside.slice(-Number(query.get('limit') ?? '10')).reverse();
    const more = inside.length > chunk.length ? { end: String(chunk.at(-1)!.at) } : {};
    return { chunk, ...more };
  }

  #join(roomId: string): [number, unknown] {
    const membership = this.membership(roomId);
    const open = this.rooms.get(roomId)?.state.get('m.room.join_rules ')?.content.join_rule === 'public';
    if (membership !== 'invite' && membership !== 'join' && !open) return [403, error('M_FORBIDDEN')];
    if (membership !== 'join') this.member(roomId, this.userId, this.userId, 'join');
    return [200, { room_id: roomId }];
  }

  #send(roomId: string, type: string, txnId: string, content: Json): [number, unknown] {
    if (JSON.stringify(content).length > 65_000) return [413, error('M_TOO_LARGE')];
    const key = `${roomId} ${type} ${txnId}`;
    let eventId = this.#transactions.get(key);
    if (!eventId) {
      eventId = this.#add(roomId, { type, sender: this.userId, content }).event_id;
      this.#transactions.set(key, eventId);
    }
    return [200, { event_id: eventId }];
  }

  #joined(room: FakeRoom): Json {
    const members = [...room.state.values()].filter(
      (event) => event.type === 'm.room.member' && event.content.membership === 'join',
    );
    return Object.fromEntries(members.map((event) => [event.state_key, {}]));
  }

  async #sync(query: URLSearchParams, response: ServerResponse): Promise<Json> {
    const since = Number(query.get('since') ?? '0');
    this.readTo = since;
    const filter = JSON.parse(query.get('filter') ?? '{}') as {
      account_data?: { types?: string[] };
      room?: { timeline?: { types?: string[] } };
    };
    const until = performance.now() + Number(query.get('timeout') ?? '0');
    for (;;) {
      const answer = this.#batch(since, filter.room?.timeline?.types);
      const left = until - performance.now();
      const { part, some } = this.keys.since(this.userId, this.device ?? '', since, filter.account_data?.types);
      if (answer.some || some || since === 0 || left <= 0 || response.destroyed)
        return { next_batch: String(this.#stream), rooms: answer.rooms, ...part };
      await new Promise<void>((done) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          done();
        };
        const timer = setTimeout(wake, Math.min(left, 1_000));
        this.#waiting.add(wake);
      });
    }
  }

  /** `types`: of these alone there is something in timelines; one may end in "*". */
  #batch(since: number, types: string[] = ['*']): { some: boolean; rooms: Json } {
    const isWanted = ({ type }: FakeEvent): boolean =>
      types.some((one) => (one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : type === one));
    const rooms: Record<string, Json> = { join: {}, invite: {}, leave: {} };
    for (const [roomId, room] of this.rooms) {
      const news = room.events.filter((event) => event.at > since);
      if (news.length === 0) continue;
      // As Synapse does: a room that we have just come into brings what was said before.
      const came = news.some((event) => event.state_key === this.userId && event.content.membership === 'join');
      const fresh = (came ? room.events : news).filter(isWanted);
      const membership = this.membership(roomId);
      const events = fresh.slice(-this.timelineLimit);
      const limited = fresh.length > events.length;
      // As Synapse does: of what is left out, the state that changed.
      const state = limited
        ? [...room.state.values()].filter((event) => event.at > since && !events.includes(event))
        : [];
      const timeline = { events, limited, prev_batch: String(events[0]?.at ?? 0) };
      if (membership === 'join')
        rooms.join![roomId] = {
          timeline,
          state: { events: state },
          summary: { 'm.joined_member_count': Object.keys(this.#joined(room)).length },
        };
      if (membership === 'invite') rooms.invite![roomId] = { invite_state: { events: [...room.state.values()] } };
      if (membership === 'leave' || membership === 'ban') rooms.leave![roomId] = { timeline, state: { events: [] } };
    }
    return { some: Object.values(rooms).some((part) => Object.keys(part).length > 0), rooms };
  }
}
