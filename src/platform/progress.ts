import type { BeginProgress, Clock } from '../core/ports/runtime.ts';

interface ProgressTarget {
  write(text: string): void;
  /** Can lines be drawn anew there? */
  terminal: boolean;
  /** Its width in characters, asked at each drawing; absent or 0 = nobody knows. */
  columns?(): number | undefined;
  clock: Pick<Clock, 'monotonic'>;
}

/** What is over sooner needs no bar, ms. */
const QUIET_FOR = 500;
const DRAW_EVERY = 200;
const LINE_EVERY = 10_000;
const BAR = 20;
const WIDTH = 80;
const CLEAR = '\r\u001b[K';

/**
 * A bar at a terminal, a line each ten seconds elsewhere, and nothing of either for what is done at once. It is drawn when it is told
 * something, and by a timer, so that work which hangs is seen to hang.
 */
export const progressOn =
  (target: ProgressTarget): BeginProgress =>
  (what, unit) => {
    const { clock, terminal, write } = target;
    const began = clock.monotonic();
    const every = terminal ? DRAW_EVERY : LINE_EVERY;
    let nextAt = began + (terminal ? QUIET_FOR : LINE_EVERY);
    let [done, all]: [number, number | null] = [0, null];
    let shown = false;
    let over = false;

    const draw = (): void => {
      const now = clock.monotonic();
      if (over || now < nextAt) return;
      nextAt = now + every;
      const state = { what, unit, done, all, ms: now - began };
      if (terminal) write(`${CLEAR}${barOf(state, (target.columns?.() || WIDTH) - 1)}`);
      else write(`${lineOf(state)}\n`);
      shown = terminal;
    };
    const hide = (): void => {
      if (shown) write(CLEAR);
      shown = false;
    };
    const timer = setInterval(draw, every).unref();
    const end = (): void => {
      clearInterval(timer);
      hide();
      over = true;
    };
    return {
      tell(now, of = null) {
        [done, all] = [now, of];
        draw();
      },
      hide,
      end,
      [Symbol.dispose]: end,
    };
  };

/** On the standard error of this process. A dumb terminal draws nothing anew. */
export const progressOnStderr = (clock: ProgressTarget['clock']): BeginProgress =>
  progressOn({
    write: (text) => void process.stderr.write(text),
    terminal: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    columns: () => process.stderr.columns,
    clock,
  });

type State = { what: string; unit: string; done: number; all: number | null; ms: number };

const number = new Intl.NumberFormat('en');

/** `replaying: 4,500 of 10,000 items (45 %), 12 s, 14 s left` */
function lineOf({ what, unit, done, all, ms }: State): string {
  const known = all !== null && all > 0;
  const share = known ? Math.min(1, done / all) : 0;
  const parts = [`${number.format(done)}${all === null ? '' : ` of ${number.format(all)}`} ${unit}`];
  if (known) parts[0] += ` (${Math.floor(share * 100)} %)`;
  parts.push(lasting(ms));
  // A guess from the very first ones is none.
  if (known && share >= 0.02 && share < 1) parts.push(`${lasting((ms / share) * (1 - share))} left`);
  return `${what}: ${parts.join(', ')}`;
}

/** The same with a bar before it where one fits, cut to the width: a line that wraps could not be drawn anew. */
function barOf(state: State, width: number): string {
  const line = lineOf(state);
  if (state.all === null || state.all <= 0 || line.length + BAR + 3 > width) return line.slice(0, Math.max(0, width));
  const full = Math.round(Math.min(1, state.done / state.all) * BAR);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${line}`;
}

function lasting(ms: number): string {
  const s = Math.round(ms / 1_000);
  if (s < 100) return `${s} s`;
  return s < 6_000 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3_600)} h`;
}
