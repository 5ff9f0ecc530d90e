import type { Incoming } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Directness } from './direct.ts';
import type { Invites } from './invites.ts';
import type { Memory } from './memory.ts';
import type { Names } from './mention.ts';
import type { MatrixPort } from './port.ts';
import type { PowerLevels } from './power.ts';
import type { Reactions } from './reactions.ts';
import type { RoomQueues } from './room-queues.ts';
import type { Rooms } from './rooms.ts';
import type { Senders } from './senders.ts';

/** What reading a batch of the sync needs of the other parts of the adapter. */
export interface IncomingParts {
  accountId: string;
  port: Pick<MatrixPort, 'messages'>;
  names: Names;
  memory: Memory;
  queues: RoomQueues;
  rooms: Rooms;
  invites: Pick<Invites, 'take' | 'withdrawn'>;
  direct: Directness;
  power: PowerLevels;
  senders: Senders;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** When this process began to listen, ms since the epoch. */
  startedAt: number;
  reactions: Reactions;
  /** As `AdapterDeps.located`. */
  located?: ((latitude: number, longitude: number) => string) | undefined;
  emit(event: Incoming): Promise<void>;
}
