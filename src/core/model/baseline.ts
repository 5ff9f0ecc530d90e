import type { Action, Method } from './action.ts';

/** A block that has stood for long, by the public record (`config/baseline.yaml`). It never alerts; fresh evidence counts instead of it. */
export interface BaselineEntry {
  country: string;
  service: string;
  action: Extract<Action, 'block' | 'throttle' | 'restrict' | 'shutdown'>;
  method: Method | null;
  /** ms since the epoch, UTC. */
  since: number;
  /** The day is not known, only the month. */
  monthOnly: boolean;
  /** Where it can be read: an https address. */
  reference: string;
}
