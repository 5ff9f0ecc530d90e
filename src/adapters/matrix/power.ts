import type { Clock } from '../../core/ports/clock.ts';
import type { CallOptions, Json, MatrixPort } from './port.ts';
import { json } from './sync-answer.ts';

/** Who may change a room's settings, by the rules of the Matrix specification (power levels, creators of room version 12). */
export const ADMIN_LEVEL = 50;

/**
 * Power of a user. `levels` null = the room has no power levels event: its creator has 100, others 0. `create` is the whole
 * `m.room.create` event, or null when unknown. Pure; hostile values count as absent.
 */
export function powerOf(userId: string, levels: Json | null, create: Json | null): number {
  const content = json(create?.content ?? create);
  const sender = create?.sender;
  if (Number(content.room_version ?? '1') >= 12) {
    const others = content.additional_creators;
    if (sender === userId || (Array.isArray(others) && others.includes(userId))) return Number.POSITIVE_INFINITY;
  }
  if (levels === null) return (sender ?? content.creator) === userId ? 100 : 0;
  const users = json(levels.users);
  return level(Object.hasOwn(users, userId) ? users[userId] : undefined) ?? level(levels.users_default) ?? 0;
}

/** Integers; old rooms may hold them as strings. */
function level(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,16}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : null;
}

export interface PowerLevels {
  /** Throws when the server cannot be asked. */
  of(roomId: string, userId: string, options?: CallOptions): Promise<number>;
  /** The room's power levels changed. */
  changed(roomId: string): void;
}

const KEEP_MS = 60_000;
const MAX_KEPT = 1_000;

export function createPowerLevels(port: Pick<MatrixPort, 'stateContent' | 'createEvent'>, clock: Clock): PowerLevels {
  const kept = new Map<string, { until: number; levels: Json | null; create: Json | null }>();
  return {
    async of(roomId, userId, options) {
      let known = kept.get(roomId);
      if (!known || known.until < clock.monotonic()) {
        const levels = await port.stateContent(roomId, 'm.room.power_levels', options);
        const create = known?.create ?? (await port.createEvent(roomId, options));
        known = { until: clock.monotonic() + KEEP_MS, levels, create };
        if (kept.size >= MAX_KEPT) kept.clear();
        kept.set(roomId, known);
      }
      return powerOf(userId, known.levels, known.create);
    },
    changed(roomId) {
      const known = kept.get(roomId);
      if (known) known.until = Number.NEGATIVE_INFINITY;
    },
  };
}
