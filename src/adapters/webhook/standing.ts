import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';

/** An alert as it was last taken; `alert` null = it is over. */
export interface StandingAlert {
  incident: string;
  alert: { endsAt: string } | null;
}

/** Alerts that a target holds in memory alone, and must be told again and again: they are over when it is told so, or at their own end. */
export interface Standing {
  /** To be called before the first message. */
  restore(): Promise<void>;
  /** It was taken. Durable when it resolves. */
  note(one: StandingAlert): Promise<void>;
  /** Those that are open now, in the order in which they began, so many at a time; the ones whose end has come are forgotten. */
  batches(now: number): Promise<object[][]>;
}

const KEY = 'standing';
/** More are not said again; those that are known stay. */
const MOST = 2_000;
const PER_BATCH = 100;

export function createStanding({ state, clock }: Pick<AdapterDeps, 'state' | 'clock'>): Standing {
  const open = new Map<string, { endsAt: string }>();
  const keyOf = (incident: string): string => `${KEY}/${incident}`;
  const isOver = ({ endsAt }: { endsAt: string }, now: number): boolean => !(Date.parse(endsAt) > now);
  const keepList = () => state.set(KEY, [...open.keys()]);

  async function forget(incident: string): Promise<void> {
    open.delete(incident);
    await keepList();
    await state.delete(keyOf(incident));
  }

  return {
    async restore() {
      const kept = await state.get(KEY);
      open.clear();
      for (const incident of Array.isArray(kept) ? kept.slice(0, MOST) : []) {
        if (typeof incident !== 'string') continue;
        const alert = (await state.get(keyOf(incident))) as { endsAt?: unknown } | null | undefined;
        if (typeof alert?.endsAt === 'string') open.set(incident, alert as { endsAt: string });
      }
    },
    async note({ incident, alert }) {
      const known = open.has(incident);
      if (alert === null || isOver(alert, clock.now())) return known ? await forget(incident) : undefined;
      if (!known && open.size >= MOST) return;
      await state.set(keyOf(incident), alert);
      open.set(incident, alert);
      if (!known) await keepList();
    },
    async batches(now) {
      for (const [incident, alert] of open) if (isOver(alert, now)) await forget(incident);
      const all = [...open.values()];
      return Array.from({ length: Math.ceil(all.length / PER_BATCH) }, (_, n) =>
        all.slice(n * PER_BATCH, (n + 1) * PER_BATCH),
      );
    },
  };
}
