/** Runs in a process of its own: takes `EncoderJob`s one at a time and answers each; the host ends it when it takes too long. */
import { setPriority } from 'node:os';
import CARD from '../../config/encoder/card.json' with { type: 'json' };
import type { EncoderAnswer, EncoderGreeting, EncoderJob } from './host.ts';
import { createModel } from './model.ts';

// On a busy machine those who answer people go first.
try {
  setPriority(5);
} catch {
  // A sandbox that forbids it: then it is not so.
}
// Ctrl-C in a terminal reaches us as well; the host says when it is over, and goes away when it has to.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const say = (word: EncoderGreeting | EncoderAnswer): void => void process.send?.(word);

try {
  const model = createModel(new URL('../../config/encoder/encoder.bin', import.meta.url), CARD.sha256);
  process.on('message', ({ id, asked }: EncoderJob) => {
    try {
      say({ id, encoded: model(asked) });
    } catch (error) {
      say({ id, error: String(error).slice(0, 200) });
    }
  });
  say({ ready: true });
} catch (error) {
  say({
    ready: false,
    reason: `config/encoder/encoder.bin: ${String((error as Error)?.message ?? error).slice(0, 300)}`,
  });
}
