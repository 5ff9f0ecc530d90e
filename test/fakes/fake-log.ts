import type { Log, LogFields } from '../../src/core/ports/runtime.ts';

/** A log that nobody reads. */
export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quietLog };

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: LogFields;
}

/** A log that remembers; `said` gives its lines as "level sentence". Fields of a child stand on its lines, as in the real one. */
export function recordingLog() {
  const lines: LogLine[] = [];
  const make = (own: LogFields): Log => {
    const at =
      (level: LogLine['level']) =>
      (message: string, fields: LogFields = {}): void =>
        void lines.push({ level, message, fields: { ...own, ...fields } });
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make({ ...own, ...fields }),
    };
  };
  const said = (): string[] => lines.map(({ level, message }) => `${level} ${message}`);
  return { log: make({}), lines, said };
}
